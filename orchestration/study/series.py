"""Prices, benchmarks and factors: long or wide files as one long table.

Belongs here: the two shapes and what must hold of any series. Does not belong here: how a file is
read (`reading`), and what lands (`landed`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.reference.cells import CellError, Parser
from orchestration.study import fields
from orchestration.study.fields import Field, factor_name
from orchestration.study.keys import check_once, key_of, numbers_of
from orchestration.study.reading import header, read
from orchestration.study.records import wrong

if TYPE_CHECKING:
    import pyarrow as pa

BENCHMARK = "BENCHMARK"
_LONG: Mapping[str, Field] = {
    "symbol": fields.SYMBOL,
    "date": fields.DAY,
    "close": fields.PRICE,
    "dividend": fields.DIVIDEND,
}


def read_prices(path: Path) -> pa.Table:
    """Return symbol, date, close and dividend from `symbol,date,close[,dividend]` or a wide file.

    Raises:
        ReferenceDataError: the first thing that is wrong.
    """
    names = header(path)
    if {"symbol", "close"}.intersection(names):
        return _long(path, names, ("symbol", "date", "close"))
    return _wide(path, names, fields.PRICE, fields.SYMBOL.parse)


def read_benchmark(path: Path) -> pa.Table:
    """Return the same of `date,close[,dividend]`, whose one series is called BENCHMARK, too."""
    names = header(path)
    if "close" in names and "symbol" not in names:
        return _long(path, names, ("date", "close"))
    return read_prices(path)


def read_factors(path: Path) -> pa.Table:
    """Return symbol (the factor), date and close (its return) from `date,factor,...`."""
    return _wide(path, header(path), fields.RETURN, factor_name)


def _long(path: Path, names: Sequence[str], required: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    allowed = {name: field for name, field in _LONG.items() if name in (*required, "dividend")}
    expected = f"{','.join(required)}[,dividend]"
    if missing := [name for name in required if name not in names]:
        raise wrong(path, 1, missing[0], "no such column", f"the columns {expected}")
    if unknown := [name for name in names if name not in allowed]:
        raise wrong(path, 1, unknown[0], "an unknown column", f"the columns {expected} only")
    table = read(path, {name: allowed[name] for name in names})
    rows = table.num_rows
    if "symbol" not in names:
        codes = pa.repeat(pa.scalar(0, pa.int32()), rows)
        table = table.append_column("symbol", pa.DictionaryArray.from_arrays(codes, [BENCHMARK]))
    if "dividend" not in names:
        table = table.append_column("dividend", pa.nulls(rows, pa.float64()))
    table = table.select(["symbol", "date", "close", "dividend"])
    check_once(path, key_of(table["symbol"], table["date"]), "date", "each symbol and date once")
    return table


def _wide(path: Path, names: Sequence[str], field: Field, parse: Parser) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    series = [name for name in names if name != "date"]
    if "date" not in names or not series:
        expected = "a column date and one for each series (wide), or symbol,date,close (long)"
        raise wrong(path, 1, "date", ",".join(names)[:60], expected)
    for name in series:
        try:
            parse(name)
        except CellError as error:
            raise wrong(path, 1, name, "a column that is no series", str(error)) from error
    table = read(path, {"date": fields.DAY, **dict.fromkeys(series, field)})
    check_once(path, numbers_of(table["date"]), "date", "each date once")
    values = np.stack([table[name].to_numpy() for name in series])
    column, row = np.nonzero(~np.isnan(values))
    symbols = pa.DictionaryArray.from_arrays(pa.array(column, pa.int32()), pa.array(series))
    return pa.table(
        {
            "symbol": symbols,
            "date": table["date"].combine_chunks().take(pa.array(row)),
            "close": pa.array(values[column, row]),
            "dividend": pa.nulls(len(row), pa.float64()),
        }
    )
