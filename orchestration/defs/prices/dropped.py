"""One vendor's file, CSV or Parquet, to rows that have been looked at one by one.

Belongs here: reading a file by the vendor's column map, and what makes it unusable. Does not belong
here: which files there are and which row counts when two have it (`providers/drop.py`).

A file is used whole or not at all: a number that cannot be read may be a shifted column, and then
every other number is suspect. Every value is read as text first, so that what is no number or no
day is found and named.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.prices.inputs import Vendor, VendorColumn
from orchestration.defs.publishing.contents import identifier, literal

if TYPE_CHECKING:
    import duckdb

NUMBERS = (
    "open",
    "high",
    "low",
    "close",
    "adjusted_close",
    "volume",
    "dividend",
    "split_ratio",
)
ENDS = (".csv", ".parquet")
_ISO_DAY = "%Y-%m-%d"
_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_HEADER = 100_000
_DAYS = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_POINT = r"[+-]?(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d{1,3})?|[nN]a[nN]"
_COMMA = r"[+-]?\d+(,\d+)?"
_SHOWN = 10

TABLE = """
create table dropped (
    file_number integer, row_number bigint, symbol varchar, session_date date,
    open double, high double, low double, close double, adjusted_close double, volume double,
    dividend double, split_ratio double, currency varchar, fault varchar
)
"""


class UnusableFileError(ValueError):
    """A dropped file cannot be used. The message is the reason, without the file's name."""


def load(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    path: Path,
    vendor: Vendor,
    symbols: Collection[str],
) -> None:
    """Add the rows of a file to the table `dropped`; rows of other symbols are passed over.

    Args:
        connection: with `TABLE`.
        number: of the file, to tell its rows from others'.
        path: a plain file whose name ends in one of `ENDS`.
        vendor: what its columns and the symbols in it mean.
        symbols: the instruments; without a column for it the file's name is the symbol.

    Raises:
        UnusableFileError: nothing of the file is in the table.
    """
    import duckdb

    try:
        source = _source(path)
        described = connection.execute(f"describe select * from {source}").fetchall()  # noqa: S608
        types = {name: kind for name, kind, *_ in described}
        _check_names(path, vendor.columns, types, {*symbols, *vendor.symbols})
        connection.execute(_insert(number, path, source, vendor, types))
    except duckdb.Error as error:
        words = " ".join(str(error).split())
        raise UnusableFileError(f"cannot be read: {words[:200]}") from error
    if reason := _fault(connection, number, symbols):
        connection.execute(f"delete from dropped where file_number = {number}")  # noqa: S608 - a number
        raise UnusableFileError(reason)
    others = f"file_number = {number} and symbol not in {_listed(symbols)}"
    connection.execute(f"delete from dropped where {others}")  # noqa: S608 - literals


def _source(path: Path) -> str:
    if path.suffix == ".parquet":
        return f"read_parquet({literal(path)})"
    # Nothing is left to guessing but the delimiter, which is the header's commonest: a line that
    # does not fit would otherwise make DuckDB guess another one, or skip it.
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        header = lines.readline(_LONGEST_HEADER)
    delimiter = max(_DELIMITERS, key=header.count)
    return (
        f"read_csv({literal(path)}, all_varchar = true, header = true, skip = 0, "
        f"delim = {literal(delimiter)}, quote = '\"', escape = '\"')"
    )


def _check_names(
    path: Path,
    columns: Mapping[str, VendorColumn],
    types: Mapping[str, str],
    symbols: Collection[str],
) -> None:
    absent = [column.name for column in columns.values() if column.name not in types]
    if absent:
        held = ", ".join(map(repr, list(types)[:_SHOWN]))
        raise UnusableFileError(f"has no column {', '.join(map(repr, absent))}, but {held}")
    if "symbol" not in columns and path.stem not in symbols:
        raise UnusableFileError(
            f"{path.stem!r} is no symbol of instruments.csv or vendor_symbols.csv, and "
            "vendor_columns.csv names no column for it: name the file after the symbol, such as "
            "NVDA.csv"
        )


def _insert(
    number: int,
    path: Path,
    source: str,
    vendor: Vendor,
    types: Mapping[str, str],
) -> str:
    columns = vendor.columns

    def raw(meaning: str) -> str:
        """The cell as text, null when it is empty."""
        if meaning not in columns:
            return "null::varchar"
        name = columns[meaning].name
        # Parquet may hold a day as a moment at midnight; one with a zone is no day of an exchange
        day = "::date" if meaning == "date" and types[name] in _DAYS else ""
        return f"nullif(trim({identifier(name)}{day}::varchar), '')"

    def value(meaning: str) -> str:
        form = columns[meaning].format if meaning in columns else ""
        if meaning == "date":
            pattern = _ISO_DAY if types[columns["date"].name] in _DAYS else form or _ISO_DAY
            return f"try_strptime(raw_date, {literal(pattern)})::date"
        cell = f"raw_{meaning}"
        if form == "comma":
            return (
                f"if(regexp_full_match({cell}, {literal(_COMMA)}), "
                f"try_cast(replace({cell}, ',', '.') as double), null)"
            )
        return f"if(regexp_full_match({cell}, {literal(_POINT)}), try_cast({cell} as double), null)"

    own = "raw_symbol" if "symbol" in columns else literal(path.stem)
    known = " ".join(
        f"when {literal(theirs)} then {literal(ours)}" for theirs, ours in vendor.symbols.items()
    )
    named = f"case {own} {known} else {own} end" if known else own
    texts = ", ".join(f"{raw(m)} as raw_{m}" for m in ("symbol", "date", "currency", *NUMBERS))
    values = ", ".join(f'{value(m)} as "{m}"' for m in NUMBERS)
    faults = " ".join(
        f'when raw_{m} is not null and "{m}" is null then '
        f"'row ' || row_number || ', column ' || {literal(columns[m].name)} || ': ' "
        f"|| raw_{m}[:40] || ' is no number'"
        for m in NUMBERS
        if m in columns
    )
    date_name = literal(columns["date"].name)
    return f"""
        insert into dropped by name
        with cells as (select row_number() over () as row_number, {texts} from {source}),
        parsed as (
            select *, {named} as symbol, {value("date")} as session_date, {values} from cells
        )
        select
            {number} as file_number, row_number, symbol, session_date, raw_currency as currency,
            {", ".join(f'"{m}"' for m in NUMBERS)},
            case
                when symbol is null then 'row ' || row_number || ' names no symbol'
                when session_date is null then
                    'row ' || row_number || ', column ' || {date_name} || ': '
                    || coalesce(raw_date[:40], 'nothing') || ' is no day in its format'
                {faults}
                when abs(volume) >= 9e18 then 'row ' || row_number || ': no such volume exists'
                when not regexp_full_match(currency, '[A-Z]{{3}}|GBp') then
                    'row ' || row_number || ': ' || currency[:40] || ' is no currency code'
            end as fault
        from parsed
    """  # noqa: S608 - literals and identifiers are quoted


def _fault(
    connection: duckdb.DuckDBPyConnection, number: int, symbols: Collection[str]
) -> str | None:
    """Return the first thing wrong with a file, of its rows or of all of them together."""
    rows = f"dropped where file_number = {number}"
    first = connection.execute(
        f"select fault from {rows} and fault is not null order by row_number limit 1"  # noqa: S608
    ).fetchone()
    if first:
        return str(first[0])
    twice = connection.execute(
        f"""
        select symbol || ' of ' || session_date || ' stands there with different values'
        from (select distinct * exclude (row_number) from {rows})
        group by symbol, session_date having count(*) > 1 order by symbol, session_date limit 1
        """  # noqa: S608
    ).fetchone()
    if twice:
        return str(twice[0])
    found = [
        symbol
        for (symbol,) in connection.execute(
            f"select distinct symbol from {rows} order by symbol"  # noqa: S608
        ).fetchall()
    ]
    if not found:
        return "has no rows"
    if not set(found) & set(symbols):
        shown = ", ".join(map(repr, found[:_SHOWN]))
        return f"has no symbol of instruments.csv or vendor_symbols.csv, but {shown}"
    return None


def _listed(symbols: Collection[str]) -> str:
    return f"({', '.join(literal(symbol) for symbol in symbols)})"
