"""A language is one file: what is wrong in it is said once and clearly, and no code knows it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.defs.claims.claim import Claim
from orchestration.defs.claims.extract import Reader
from orchestration.defs.claims.language import LanguageError, languages, load_language
from orchestration.defs.claims.subjects import Aliases

# Words of no language at all: the verb stands last, the figure has a comma.
MADE_UP = """
language = "qx"
name = "Made up"

[numbers]
decimal = ","
group = ["."]
magnitudes = {"bolo" = 1e9}

[units]
percent = ["%", "sento"]

[currencies]
usd = ["dolu"]

[qualifiers.before]
just_under = ["kas"]

[directions.down]
verbs = ["fallit"]

[directions.up]
verbs = ["gren"]

[structure]
and = ["ek"]

[as_of]
close = ["fin"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qx.toml").write_text(MADE_UP, encoding="utf-8")
    return tmp_path


def read(folder: Path, text: str) -> list[Claim]:
    rows = [
        {"alias": name, "language": None, "subject": name, "symbol": symbol, "kind": "company"}
        for name, symbol in (("Nvidia", "NVDA"), ("Apple", "AAPL"))
    ]
    reader = Reader(load_language(languages(folder)["qx"]), Aliases(rows, "qx"))
    return reader.claims("", text, datetime(2025, 1, 28, tzinfo=UTC))


def test_a_new_language_is_a_file_in_the_folder(folder: Path) -> None:
    claims = read(folder, "Nvidia kas 16,5 sento fin fallit ek Apple 3 % gren.")
    found = [(c.symbol, c.direction, c.stated_value, c.qualifier, c.as_of) for c in claims]
    assert found == [
        ("NVDA", "down", "16.5", "just_under", "close"),
        ("AAPL", "up", "3", "exact", "close"),
    ]


def test_every_language_of_the_project_is_good() -> None:
    loaded = [load_language(path) for path in languages().values()]
    assert {language.code for language in loaded} >= {"en", "nl", "vi"}


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


FAULTS: dict[str, tuple[Callable[[str], str], str]] = {
    "no TOML": (replaced("[units]", "[units"), "qx.toml: the file: expected TOML in UTF-8"),
    "other name": (
        replaced('language = "qx"', 'language = "qy"'),
        "language: expected two letters, the name of the file (qx)",
    ),
    "missing": (replaced('decimal = ","', ""), "numbers.decimal: expected a value"),
    "decimal": (replaced('decimal = ","', 'decimal = ";"'), 'numbers.decimal: expected "." or ","'),
    "same marks": (
        replaced('group = ["."]', 'group = [","]'),
        "numbers.group: expected marks other",
    ),
    "group": (
        replaced('group = ["."]', 'group = ["_"]'),
        "numbers.group: expected a list of marks",
    ),
    "unknown key": (
        replaced("close =", "clothes ="),
        "as_of.clothes: expected a key of the format",
    ),
    "unknown section": (replaced("[as_of]", "[when]"), "when: expected a key of the format"),
    "no list": (replaced('["fallit"]', '"fallit"'), "directions.down.verbs: expected a list"),
    "capital": (replaced('"fallit"', '"Fallit"'), "in lower case"),
    "lone star": (replaced('"fallit"', '"fallit *"'), "a star only at the start or the end"),
    "inner star": (replaced('"fallit"', '"fal*lit"'), "a star only at the start or the end"),
    "empty": (replaced('"fallit"', '" "'), "phrases of 1 to 10 words"),
    "scale": (replaced("1e9", "1e8"), "numbers.magnitudes.bolo: expected 1e3, 1e6, 1e9 or 1e12"),
    "flag": (
        replaced('name = "Made up"', 'name = "Made up"\ncapitalised_nouns = "yes"'),
        "capitalised_nouns: expected true or false",
    ),
    "number": (
        replaced("magnitudes =", 'words = {"dek" = "ten"}\nmagnitudes ='),
        "numbers.words.dek: expected a number in quotes",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_gives_one_error_with_file_key_and_expectation(folder: Path, fault: str) -> None:
    change, expected = FAULTS[fault]
    path = folder / "qx.toml"
    path.write_text(change(MADE_UP), encoding="utf-8")
    with pytest.raises(LanguageError) as caught:
        load_language(path)
    assert str(caught.value).startswith("qx.toml: ")
    assert expected in str(caught.value)
