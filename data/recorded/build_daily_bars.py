"""Make `daily_bars.parquet` from the compiled CSV file of daily bars.

    python data/recorded/build_daily_bars.py ../shared/market/daily_bars.csv

Belongs here: the types, the order and the currency of the recorded bars. Does not belong
here: any repair. Stale bars stay in, because the provider really serves them.
The same CSV file and the same pyarrow give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

CSV_TYPES = {
    "symbol": pa.string(),
    "date": pa.date32(),
    "open": pa.float64(),
    "high": pa.float64(),
    "low": pa.float64(),
    "close": pa.float64(),
    "volume": pa.int64(),
    "dividends": pa.float64(),
    "stock_splits": pa.float64(),
}
RENAMED = {"date": "session_date", "dividends": "dividend", "stock_splits": "split_ratio"}

# The CSV file has no currency. Every other recorded listing is quoted in US dollars.
EURO_LISTINGS = ["ENR.DE", "^GDAXI"]


def recorded_bars(csv_path: Path) -> pa.Table:
    """Return the recorded bars: one row per symbol and session, in that order.

    Raises:
        pyarrow.ArrowInvalid: a cell has the wrong type; the message names row and column.
        ValueError: a symbol and session appear twice.
    """
    bars = pcsv.read_csv(
        csv_path,
        convert_options=pcsv.ConvertOptions(
            column_types=CSV_TYPES, include_columns=list(CSV_TYPES), strings_can_be_null=False
        ),
    ).rename_columns([RENAMED.get(name, name) for name in CSV_TYPES])
    bars = bars.sort_by([("symbol", "ascending"), ("session_date", "ascending")])
    keys = bars.group_by(["symbol", "session_date"]).aggregate([])
    if keys.num_rows != bars.num_rows:
        raise ValueError(f"{csv_path}: {bars.num_rows - keys.num_rows} sessions appear twice")
    is_euro = pc.is_in(bars["symbol"], value_set=pa.array(EURO_LISTINGS))
    return bars.append_column("currency", pc.if_else(is_euro, "EUR", "USD")).combine_chunks()


def build(csv_path: Path, target: Path) -> int:
    """Write the Parquet file and return its number of rows."""
    bars = recorded_bars(csv_path)
    pq.write_table(
        bars, target, compression="zstd", use_dictionary=["symbol", "currency"], version="2.6"
    )
    return int(bars.num_rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} DAILY_BARS_CSV")
    output = Path(__file__).with_name("daily_bars.parquet")
    count = build(Path(sys.argv[1]), output)
    sys.stdout.write(f"{output}: {count} rows\n")
