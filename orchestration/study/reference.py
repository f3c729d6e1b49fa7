"""What the reference tables say of a study: one exchange, its instruments, its events.

Belongs here: rows of the reference tables, in the schema of `orchestration.defs.reference.tables`.
Does not belong here: series, and landing (`landed`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orchestration.defs.reference.tables import TABLES
from orchestration.study.case import Case

if TYPE_CHECKING:
    import pyarrow as pa

MIC = "STDY"
_NO_CURRENCY = "XXX"


def reference_tables(case: Case, *, is_adjusted: bool) -> dict[str, pa.Table]:
    """Return every reference table, empty where a study has nothing to say.

    Whichever of the real models runs finds its source.

    Args:
        case: the study.
        is_adjusted: whether the prices are known to be free of missed splits, so that a jump by a
            whole factor is a return like any other.
    """
    columns = _columns(case, is_adjusted)
    tables = {name: _table(name, columns.get(name, {})) for name in TABLES}
    return tables | {"studies": case.study}


def moments(days: pa.Array, seconds: int) -> pa.Array:
    """Return so many seconds after midnight UTC of each day."""
    import pyarrow as pa
    import pyarrow.compute as pc

    midnight = days.cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    return pc.add(midnight, pa.scalar(seconds * 1_000_000, pa.duration("us")))


def _table(name: str, columns: Mapping[str, Any]) -> pa.Table:
    """Return a reference table as it lands, from some of its columns; the others are null."""
    import numpy as np
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "int32": pa.int32(),
        "float64": pa.float64(),
        "date32": pa.date32(),
        "timestamp": pa.timestamp("us", "UTC"),
    }
    rows = max((len(column) for column in columns.values()), default=0)
    arrays = {"line_number": pa.array(np.arange(2, rows + 2), pa.int32())}
    for column in TABLES[name].columns:
        given = columns.get(column.name)
        wanted = types[column.arrow]
        if given is None:
            arrays[column.name] = pa.nulls(rows, wanted)
        elif isinstance(given, pa.Array | pa.ChunkedArray):
            arrays[column.name] = given.cast(wanted)
        else:
            arrays[column.name] = pa.array(given, wanted)
    return pa.table(arrays)


def _columns(case: Case, is_adjusted: bool) -> dict[str, dict[str, Any]]:
    import pyarrow.compute as pc

    rows = case.events.rows
    study_id = case.study["study_id"][0].as_py()
    benchmark_of = case.events.benchmark_of
    benchmarks = sorted(pc.unique(case.benchmark["symbol"].cast("string")).to_pylist())
    symbols = [*sorted(benchmark_of), *benchmarks]
    # a split is looked for in what kind stock is; an index has none
    kind = "index" if is_adjusted else "stock"
    # the events themselves: one row for each id
    first = rows.group_by("event_id", use_threads=False).aggregate([("date", "min")])
    columns: dict[str, dict[str, Any]] = {
        "exchanges": {
            "mic": [MIC],
            "calendar": ["study"],
            "name": ["The benchmark's dates"],
            "city": ["-"],
        },
        "instruments": {
            "symbol": symbols,
            "name": symbols,
            "issuer": symbols,
            "kind": [kind] * len(benchmark_of) + ["index"] * len(benchmarks),
            "mic": [MIC] * len(symbols),
            "currency": [_NO_CURRENCY] * len(symbols),
            "benchmark_symbol": [benchmark_of.get(symbol) for symbol in symbols],
        },
        "events": {
            "event_id": first["event_id"],
            "name": first["event_id"],
            "announced_at": moments(first["date_min"], 0),
            "studies": [study_id] * first.num_rows,
        },
        "event_instruments": {
            "event_id": rows["event_id"],
            "symbol": rows["symbol"],
            "group_name": rows["group"],
        },
    }
    if case.factors is not None:
        factors = case.factors
        columns["factor_returns"] = {
            "factor": factors["symbol"],
            "session_date": factors["date"],
            "value": factors["close"],
        }
    return columns
