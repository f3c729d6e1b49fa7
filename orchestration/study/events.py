"""The events of a study: which instrument, which day, which group, which benchmark.

Belongs here: the events file and what must hold between it and the series. Does not belong here:
which session is day 0 (dbt).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.study import fields
from orchestration.study.fields import Field
from orchestration.study.keys import check_known, check_once, key_of
from orchestration.study.reading import header, read
from orchestration.study.records import refused, wrong

if TYPE_CHECKING:
    import pyarrow as pa

EVERYONE = "all"
_REQUIRED: Mapping[str, Field] = {"symbol": fields.SYMBOL, "date": fields.DAY}
_OPTIONAL: Mapping[str, Field] = {
    "group": fields.GROUP,
    "event_id": fields.EVENT_ID,
    "benchmark": fields.SYMBOL,
}


@dataclass(frozen=True)
class Events:
    """Events that fit their series.

    Attributes:
        rows: event_id, symbol, date and group, one row for each event and instrument.
        benchmark_of: the benchmark of each instrument that has an event.
    """

    rows: pa.Table
    benchmark_of: Mapping[str, str]


def read_events(path: Path, priced: Sequence[str], benchmarks: Sequence[str]) -> Events:
    """Return the events of `symbol,date[,group][,event_id][,benchmark]`.

    Args:
        path: the file.
        priced: the symbols that have prices.
        benchmarks: the symbols that the benchmark file has.

    Raises:
        ReferenceDataError: the first thing that is wrong.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    names = header(path)
    known = {**_REQUIRED, **_OPTIONAL}
    expected = f"{','.join(_REQUIRED)}[,{'][,'.join(_OPTIONAL)}]"
    if missing := [name for name in _REQUIRED if name not in names]:
        raise wrong(path, 1, missing[0], "no such column", f"the columns {expected}")
    if unknown := [name for name in names if name not in known]:
        raise wrong(path, 1, unknown[0], "an unknown column", f"the columns {expected} only")
    table = read(path, {name: known[name] for name in names})
    check_known(path, table, "symbol", priced, "a symbol that has a price in the prices file")
    if "event_id" in names:
        ids = table["event_id"].combine_chunks()
        check_once(
            path,
            (ids.indices.to_numpy().astype("int64") << 32)
            + table["symbol"].combine_chunks().indices.to_numpy(),
            "symbol",
            "each symbol once in an event",
        )
        _one_day(path, table)
    else:
        check_once(path, key_of(table["symbol"], table["date"]), "date", "each event once")
        numbers = pa.array(range(1, table.num_rows + 1), pa.int64()).cast(pa.string())
        ids = pc.binary_join_element_wise("row", numbers, "-")
    benchmark_of = _benchmarks(path, table, benchmarks)
    groups = (
        pc.fill_null(table["group"].cast(pa.string()), EVERYONE)
        if "group" in names
        else pa.repeat(pa.scalar(EVERYONE), table.num_rows)
    )
    return Events(
        pa.table(
            {
                "event_id": ids.cast(pa.string()),
                "symbol": table["symbol"].cast(pa.string()),
                "date": table["date"],
                "group": groups,
            }
        ),
        benchmark_of,
    )


def _one_day(path: Path, table: pa.Table) -> None:
    """Refuse an event_id that stands on two days."""
    import numpy as np

    codes = table["event_id"].combine_chunks().indices.to_numpy()
    days = table["date"].to_numpy()
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    other = days != days[first][inverse]
    if other.any():
        row = int(np.argmax(other))
        expected = f"the day of that event_id before, {days[first][inverse][row]}"
        raise refused(path, row, "date", expected)


def _benchmarks(path: Path, table: pa.Table, benchmarks: Sequence[str]) -> dict[str, str]:
    import numpy as np

    symbols = table["symbol"].combine_chunks()
    if "benchmark" not in table.column_names:
        if len(benchmarks) > 1:
            found, expected = "no such column", f"one of {', '.join(benchmarks[:5])} for each event"
            raise wrong(path, 1, "benchmark", found, expected)
        return dict.fromkeys(symbols.dictionary.to_pylist(), benchmarks[0])
    check_known(path, table, "benchmark", benchmarks, "a symbol of the benchmark file")
    chosen = table["benchmark"].combine_chunks()
    _, first, inverse = np.unique(
        symbols.indices.to_numpy(), return_index=True, return_inverse=True
    )
    codes = chosen.indices.to_numpy()
    other = codes != codes[first][inverse]
    if other.any():
        expected = "one benchmark for all events of a symbol"
        raise refused(path, int(np.argmax(other)), "benchmark", expected)
    return dict(zip(symbols.take(first).to_pylist(), chosen.take(first).to_pylist(), strict=True))
