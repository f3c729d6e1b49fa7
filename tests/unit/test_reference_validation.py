"""Each way in which a reference CSV can be wrong, and the one message it gives."""

import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from orchestration.defs.reference.light import column_of, figure_ids
from orchestration.defs.reference.tables import TABLES
from orchestration.defs.reference.validation import ReferenceDataError, read_reference
from orchestration.settings import ROOT

REFERENCE = ROOT / "data" / "reference"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real tables, to be damaged."""
    for path in REFERENCE.glob("*.csv"):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, f"{path.name} has no {old!r} to damage"
    path.write_text(text.replace(old, new, 1), "utf-8")


def message(path: Path) -> str:
    with pytest.raises(ReferenceDataError) as caught:
        read_reference(path)
    return str(caught.value)


@pytest.mark.parametrize("name", TABLES)
def test_the_real_tables_are_good(name: str) -> None:
    table = read_reference(REFERENCE / f"{name}.csv")
    # factors and vendors' symbols are the user's own: none is shipped
    assert table.num_rows > 0 or name in {"factor_returns", "vendor_symbols"}
    assert table.column_names == ["line_number", *(c.name for c in TABLES[name].columns)]
    assert table.column("line_number").to_pylist() == list(range(2, table.num_rows + 2))


def test_cells_become_typed_values() -> None:
    figures = read_reference(REFERENCE / "documented_figures.csv").to_pylist()
    euros = next(row for row in figures if row["figure_id"] == "trends-nvda-cap-eur")
    assert euros["stated_value"] == "561.7"
    assert euros["scale"] == 1e9
    assert euros["session_date"] == date(2025, 1, 27)
    assert euros["stated_value_to"] is None
    (event,) = read_reference(REFERENCE / "events.csv").to_pylist()
    assert event["announced_at"] == datetime(2025, 1, 26, 12, tzinfo=UTC)


def test_the_empty_scale_is_one_and_the_offset_becomes_utc(folder: Path) -> None:
    change(folder / "documented_figures.csv", ",17,,1,percent", ",17,,,percent")
    assert read_reference(folder / "documented_figures.csv").column("scale")[0].as_py() == 1.0
    change(folder / "events.csv", "2025-01-26T12:00:00Z", "2025-01-26T13:00:00+01:00")
    (event,) = read_reference(folder / "events.csv").to_pylist()
    assert event["announced_at"] == datetime(2025, 1, 26, 12, tzinfo=UTC)


def test_text_cells_keep_quotes_commas_and_accents(folder: Path) -> None:
    (folder / "exchanges.csv").write_text(
        'mic,calendar,name,city\n\nXSWX,XSWX,"A ""big"", one",Zürich\n', "utf-8"
    )
    (row,) = read_reference(folder / "exchanges.csv").to_pylist()
    assert row == {
        "line_number": 3,
        "mic": "XSWX",
        "calendar": "XSWX",
        "name": 'A "big", one',
        "city": "Zürich",
    }


def test_a_table_may_have_no_rows(folder: Path) -> None:
    (folder / "observations.csv").write_text("symbol,observed_at,kind,value,unit,source\n")
    table = read_reference(folder / "observations.csv")
    assert table.num_rows == 0
    assert table.schema == read_reference(REFERENCE / "observations.csv").schema


def test_the_message_of_a_timestamp_without_zone_is_whole(folder: Path) -> None:
    change(folder / "events.csv", "2025-01-26T12:00:00Z", "2025-01-26")
    assert message(folder / "events.csv") == (
        "events.csv line 2, column announced_at: '2025-01-26' — "
        "expected a timestamp with zone, such as 2025-01-26T12:00:00Z"
    )


# file, what is replaced, by what, place and part of the expectation
BROKEN = {
    "no zone": ("events", "12:00:00Z", "12:00:00", "announced_at: '", "timestamp with zone"),
    "no such moment": ("events", "-26T12", "-26T25", "announced_at: '", "hour must be in 0..23"),
    "no such day": ("price_corrections", "01-24,c", "02-30,c", "session_date: '", "a day, such"),
    "day in words": ("price_corrections", "2025-01-24,c", "24 Jan,c", "session_date: '", "a day"),
    "bad symbol": ("instruments", "AAPL,", "aapl$,", "column symbol: 'aapl$'", "1 to 20"),
    "sql symbol": ("instruments", "AAPL,", "A';DROP--,", "column symbol: ", "a symbol of"),
    "path symbol": ("instruments", "AAPL,", "../AAPL,", "column symbol: ", "a symbol of"),
    "long symbol": ("instruments", "AAPL,", f"{'A' * 21},", "column symbol: ", "1 to 20"),
    "bad mic": ("exchanges", "XNYS,", "NY,", "column mic: 'NY'", "four characters"),
    "bad currency": ("instruments", "USD", "dollar", "column currency: 'dollar'", "GBp"),
    "bad id": ("events", "deepseek-2025-01", "Deep Seek", "event_id: 'Deep Seek'", "an id of"),
    "alias language": ("subject_aliases", "Amazon,en,", "Amazon,eng,", "language: ", "two letters"),
    "alias kind": ("subject_aliases", "AAPL,company", "AAPL,firm", "kind: 'firm'", "company, in"),
    "alias listing": ("subject_aliases", "Apple,AAPL,c", "Apple,APL,c", "symbol: 'APL'", "of ins"),
    "alias twice": ("subject_aliases", "Apple Inc,,", "Apple,,", "language: 'Apple, '", "once; li"),
    "reserved group": ("event_instruments", "NVDA,chips", "NVDA,all", "group_name: 'all'", "kept"),
    "bad choice": ("instruments", ",stock,", ",share,", "kind: 'share'", "stock, index, etf"),
    "bad qualifier": (
        "documented_figures",
        "percent,exact",
        "percent,precise",
        "qualifier: 'precise'",
        "one of exact, about",
    ),
    "bad model": ("studies", "mean_adjusted", "capm", "models: ", "market_model, market_adj"),
    "model twice": ("studies", "mean_adjusted", "market_model", "models: ", "each word once"),
    "bad window": ("studies", "-1:1", "-1..1", "windows: ", "windows as first:last"),
    "half a session": ("studies", ",250,", ",250.5,", "estimation_sessions: '250.5'", "whole"),
    "too few sessions": ("studies", ",250,", ",1,", "estimation_sessions: '1'", "from 2 to"),
    "no price": ("price_corrections", "60.36,E", ",E", "column value: ''", "a value"),
    "decimal comma": ("price_corrections", "60.36,E", '"60,36",E', "value: '60,36'", "a point"),
    "negative price": ("price_corrections", "60.36,E", "-60.36,E", "value: '-60.36'", "above 0"),
    "zero price": ("price_corrections", "60.36,E", "0,E", "column value: '0'", "above 0"),
    "infinite price": ("price_corrections", "60.36,E", "inf,E", "value: 'inf'", "a number"),
    "overflow": ("price_corrections", "60.36,E", "1e999,E", "value: '1e999'", "a finite number"),
    "not a number": ("price_corrections", "60.36,E", "nan,E", "value: 'nan'", "a number"),
    "signed figure": ("documented_figures", "down,17,", "down,-17,", "stated_value: '-17'", "as"),
    "blank at end": ("exchanges", "New York\n", "New York \n", "city: 'New York '", "blanks"),
    "control sign": ("exchanges", "Xetra", "Xe\x1btra", r"name: 'Xe\x1btra'", "control"),
    "line in cell": ("exchanges", "Xetra", '"Xe\ntra"', r"name: 'Xe\ntra'", "one line of text"),
    "unknown mic": ("instruments", "XETR", "XFRA", "column mic: 'XFRA'", "a mic of exchanges.csv"),
    "unknown benchmark": (
        "instruments",
        "EUR,^GDAXI",
        "EUR,^MDAXI",
        "benchmark_symbol: '^MDAXI'",
        "a symbol of instruments.csv",
    ),
    "own benchmark": ("instruments", "S&P 500,index,XNYS,USD,", "S&P 500,index,XNYS,USD,^GSPC",
                      "benchmark_symbol: '^GSPC'", "another instrument"),
    "unknown study": ("events", "default,", "longer,", "studies: 'longer'", "study_id of studies"),
    "unknown event": ("event_instruments", "deepseek-2025-01,N", "other,N", "event_id: 'other'",
                      "event_id of events.csv"),
    "unknown member": ("event_instruments", "NVDA", "NVDX", "symbol: 'NVDX'", "of instruments"),
    "unknown figure symbol": ("documented_figures", ",NVDA,", ",NVDX,", "symbol: 'NVDX'", "of ins"),
    "unknown corrected": ("price_corrections", "ENR.DE", "ENR.F", "symbol: 'ENR.F'", "of instr"),
    "unknown observed": ("observations", "EURUSD=X", "EURUSD", "symbol: 'EURUSD'", "of instrum"),
    "windows outside": ("studies", "-10:10", "-10:11", "column windows: ", "within -10:10"),
    "windows reversed": ("studies", "0:5", "5:0", "column windows: ", "unlike 5:0"),
    "event reversed": ("studies", "-10,10,", "10,-10,", "event_window_last: '-10'", "or later"),
    "estimation late": ("studies", "-11,120", "-10,120", "estimation_last: '-10'", "before event"),
    "minimum too high": ("studies", "120", "251", "minimum_observations: '251'", "at most"),
    "factors without model": ("studies", "-10:10,,", "-10:10,smb,", "factors: 'smb'", "nothing"),
    "model without factors": ("studies", "scholes_williams", "multi_factor", "factors: ''",
                              "the factors of multi_factor"),
    "too many factors": ("studies", "-10:10,,", "-10:10,a b c d e f g,", "factors: ", "at most 6"),
    "unknown test": ("studies", "-10:10,,,", "-10:10,,t_test,", "tests: 't_test'", "one of cross_"),
    "value without figure": ("documented_figures", "down,17,,1", "down,,,1", "stated_value: ''",
                             "direction_only"),
    "range without end": ("documented_figures", "up,60,65", "up,60,", "stated_value_to: ''",
                          "the upper end"),
    "range reversed": ("documented_figures", "up,60,65", "up,60,60", "stated_value_to: '60'",
                       "above stated_value (60)"),
    "month as number": ("documented_figures", "2020-03", "3", "stated_value: '3'", "a month"),
    "number as month": ("documented_figures", "down,17,", "down,2020-03,", "stated_value: '2020-0",
                        "a number of percent"),
    "no reason": ("documented_figures", '"Start-ups are not listed, so money put into them leaves'
                  ' no trace in prices."', "", "reason: ''", "why prices cannot"),
    "verdict against test": ("documented_figures", "not_testable,not_testable,", "not_testable,"
                             "confirmed,", "expected_verdict: 'confirmed'", "not_testable, since"),
    "no session": ("documented_figures", "2025-01-27,prices", ",prices", "session_date: ''",
                   "a value, since"),
    "unknown provider": ("instruments", "USD,^GSPC,", "USD,^GSPC,bloomberg", "providers: 'bloom",
                         "one of drop, recorded, yahoo"),
    "provider twice": ("instruments", "USD,^GSPC,", "USD,^GSPC,yahoo yahoo", "providers: 'yahoo ya",
                       "each word once"),
    "vendor as path": ("vendor_columns", "plain,symbol", "../plain,symbol", "vendor: '../plain'",
                       "a folder's name"),
    "symbol that is none": ("vendor_symbols", "vendor,vendor_symbol,symbol\n",
                            "vendor,vendor_symbol,symbol\nplain,NVD GY,NVD\n", "symbol: 'NVD'",
                            "instruments.csv"),
    "vendor that is none": ("vendor_symbols", "vendor,vendor_symbol,symbol\n",
                            "vendor,vendor_symbol,symbol\nplane,NV,NVDA\n", "vendor: 'plane'",
                            "a vendor of vendor_columns.csv"),
    "symbol twice": ("vendor_symbols", "vendor,vendor_symbol,symbol\n",
                     "vendor,vendor_symbol,symbol\nplain,NV,NVDA\nplain,NV,AMD\n", "NV",
                     "has it too"),
    "bad meaning": ("vendor_columns", "Close,close", "Close,price", "meaning: 'price'", "one of"),
    "no year": ("vendor_columns", "Date,date,", "Date,date,%d.%m.", "format: '%d.%m.'", "a date's"),
    "no format": ("vendor_columns", "Date,date,", "Date,date,dmy", "format: 'dmy'", "a date's"),
    "comma date": ("vendor_columns", "Date,date,", "Date,date,comma", "format: 'comma'", "a date"),
    "number date": ("vendor_columns", "Close,close,", "Close,close,%Y%m%d", "format: '%Y%m%d'",
                    "`comma`"),
    "text format": ("vendor_columns", "symbol,symbol,", "symbol,symbol,comma", "format: 'comma'",
                    "nothing, since"),
    "unknown measure": ("documented_figures", "price_change", "price_jump", "measure: 'price_jump'",
                        "one of price_change"),
}  # fmt: skip


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%Y%m%d", "%m/%d/%y", "%d %b %Y", "%Y-%j"])
def test_a_date_may_be_written_in_many_ways(folder: Path, form: str) -> None:
    change(folder / "vendor_columns.csv", "Date,date,", f"Date,date,{form}")
    rows = read_reference(folder / "vendor_columns.csv").to_pylist()
    assert form in {row["format"] for row in rows}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_cell_is_named_with_what_was_expected(folder: Path, case: str) -> None:
    table, old, new, found, expected = BROKEN[case]
    path = folder / f"{table}.csv"
    change(path, old, new)
    first = message(path).split("\n")[0]
    place, _, wanted = first.partition(" — expected ")
    assert place.startswith(f"{table}.csv line ")
    assert found in place
    assert expected in wanted


def test_duplicates_name_both_lines(folder: Path) -> None:
    path = folder / "exchanges.csv"
    path.write_text(path.read_text() + "XNYS,XNYS,Again,New York\n")
    assert message(path) == (
        "exchanges.csv line 12, column mic: 'XNYS' — expected each mic once; line 2 has it too"
    )


def test_a_key_of_several_columns_is_one_key(folder: Path) -> None:
    path = folder / "price_corrections.csv"
    path.write_text(
        "symbol,session_date,field,value,currency,citation\n"
        "ENR.DE,2025-01-24,close,60.36,EUR,a\n"
        "ENR.DE,2025-01-24,open,60.36,EUR,b\n"
        "ENR.DE,2025-01-24,close,60.38,EUR,c\n"
    )
    assert "line 4" in message(path)
    assert "'ENR.DE, 2025-01-24, close' — expected each symbol and session_date" in message(path)


def test_a_missing_neighbour_is_named(folder: Path) -> None:
    (folder / "exchanges.csv").unlink()
    assert message(folder / "instruments.csv") == (
        "instruments.csv line 2, column mic: 'XNAS' — "
        "expected a mic of exchanges.csv, which is missing"
    )


def test_a_broken_neighbour_is_named_once_and_not_once_a_row(folder: Path) -> None:
    (folder / "exchanges.csv").write_text("wrong\n")
    assert message(folder / "instruments.csv").endswith("a mic of exchanges.csv, which holds none")
    assert "\n" not in message(folder / "instruments.csv")


@pytest.mark.parametrize(
    ("header", "cause"),
    [
        ("mic,calendar,name", "a column is missing"),
        ("mic,calendar,name,city,country", "a column is unknown"),
        ("calendar,mic,name,city", "the order differs"),
        ("", "the file is empty"),
    ],
)
def test_a_wrong_header_is_shown_beside_the_right_one(
    folder: Path, header: str, cause: str
) -> None:
    path = folder / "exchanges.csv"
    path.write_text(f"{header}\nXNYS,XNYS,New York Stock Exchange,New York\n" if header else "")
    assert message(path) == (
        f"exchanges.csv line 1: header {header!r} — expected mic,calendar,name,city"
    ), cause


@pytest.mark.parametrize(("row", "count"), [("XNYS,XNYS,NYSE", 3), ("XNYS,XNYS,NYSE,NY,US", 5)])
def test_a_wrong_number_of_cells_is_counted(folder: Path, row: str, count: int) -> None:
    path = folder / "exchanges.csv"
    path.write_text(f"mic,calendar,name,city\n{row}\n")
    assert message(path) == (f"exchanges.csv line 2: {count} cells ({row!r}) — expected 4 cells")


def test_an_open_quotation_mark_is_placed_where_it_begins(folder: Path) -> None:
    path = folder / "exchanges.csv"
    path.write_text('mic,calendar,name,city\nXNYS,XNYS,N,NY\nXETR,XETR,"Xetra,F\nXTSE,XTSE,T,T\n')
    assert message(path).startswith("exchanges.csv line 3: unexpected end of data — expected cells")


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda data: b"\xef\xbb\xbf" + data, "line 1: a byte order mark — expected plain UTF-8"),
        (lambda data: data.decode().encode("utf-16"), "line 1: UTF-16 text — expected UTF-8"),
        (lambda data: data.replace(b"Xetra", b"Xe\0tra"), "line 4: a NUL byte — expected text"),
        (lambda data: data.replace(b"Xetra", b"X\xe9tra"), "line 4: byte 0xe9 — expected UTF-8"),
        (lambda data: data.replace(b"\n", b"\r\n"), "line 1: a Windows or old Macintosh line end"),
        (lambda data: data.replace(b"\n", b"\r"), "line 1: a Windows or old Macintosh line end"),
    ],
)
def test_bytes_that_are_no_plain_text_are_named(folder: Path, damage, found: str) -> None:
    path = folder / "exchanges.csv"
    path.write_bytes(damage(path.read_bytes()))
    assert message(path).startswith(f"exchanges.csv {found}")
    assert "\n" not in message(path), "one cause gives one line"


def test_all_problems_are_listed_in_the_order_of_lines(folder: Path) -> None:
    path = folder / "exchanges.csv"
    path.write_bytes(b"\xef\xbb\xbfmic,calendar,name,city\nNY,XNYS,N,\nXETR,XETR\nXE,X,T,T\n")
    lines = [line.split(":")[0] for line in message(path).split("\n")]
    assert lines == [
        "exchanges.csv line 1",
        "exchanges.csv line 2, column mic",
        "exchanges.csv line 2, column city",
        "exchanges.csv line 3",
        "exchanges.csv line 4, column mic",
    ]


def test_a_row_with_a_bad_cell_still_shows_its_dangling_reference(folder: Path) -> None:
    change(folder / "instruments.csv", "Apple,stock,XNAS", "Apple,share,XXNA")
    assert "'share'" in message(folder / "instruments.csv")
    assert "'XXNA' — expected a mic of exchanges.csv" in message(folder / "instruments.csv")


def test_no_more_than_twenty_problems_are_shown(folder: Path) -> None:
    path = folder / "exchanges.csv"
    path.write_text("mic,calendar,name,city\n" + "bad,X,N,C\n" * 23)
    lines = message(path).split("\n")
    assert len(lines) == 21
    assert lines[-1] == "exchanges.csv: and 3 more"


def test_a_long_value_is_cut(folder: Path) -> None:
    change(folder / "exchanges.csv", "XETR,", f"{'X' * 5000},")
    assert len(message(folder / "exchanges.csv")) < 200


def test_unknown_and_missing_files_are_named(folder: Path) -> None:
    assert "no reference table — expected exchanges.csv, instruments.csv" in message(
        folder / "prices.csv"
    )
    (folder / "studies.csv").unlink()
    assert "studies.csv line 1: No such file or directory" in message(folder / "studies.csv")


def test_reading_a_table_imports_no_pandas() -> None:
    code = (
        "import sys, pathlib;"
        "from orchestration.defs.reference.validation import read_reference;"
        f"read_reference(pathlib.Path({str(REFERENCE / 'documented_figures.csv')!r}));"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_figure_ids_come_in_file_order() -> None:
    ids = figure_ids(REFERENCE / "documented_figures.csv")
    assert len(ids) == 36
    assert ids[0] == "econ-nvda"
    assert ids[-1] == "trends-meta-capex"


def test_figure_ids_survive_a_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "documented_figures.csv"
    assert figure_ids(path) == []
    path.write_bytes(
        b"\xef\xbb\xbffigure_id,x\r\ngood,1\r\n\r\nBad Id,2\r\nshort\r\ngood,3\r\n\xff\xfe\0,4\r\n"
    )
    assert figure_ids(path) == ["good", "short"]
    path.write_text("other\nvalue\n")
    assert figure_ids(path) == []
    path.write_text("figure_id\nfirst\n" + "x" * 200_000 + "\n")
    assert column_of(path, "figure_id") == ["first"]
