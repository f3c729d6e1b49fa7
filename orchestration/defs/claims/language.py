"""Reading a language file: everything checked, one clear error.

Belongs here: from TOML to a checked `Language`. Does not belong here: what the keys mean
(`schema`) and how phrases are looked up (`lexicon`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.defs.claims.lexicon import Lexicon
from orchestration.defs.claims.schema import GROUP_MARKS, PHRASES, PLAIN, REQUIRED, TABLES
from orchestration.defs.claims.text import phrase_keys

LANGUAGES_DIR = Path(__file__).resolve().parent / "languages"
MAXIMUM_PHRASE_WORDS = 10
# The keys of these sections are names of their own kind: a currency, a city.
_OPEN = re.compile(r"currencies\.[a-z]{3}|venues\.[a-z_]{2,40}")


class LanguageError(ValueError):
    """A language file cannot be used. The message names the file, the key and what was expected."""

    def __init__(self, file: str, key: str, expected: str) -> None:
        super().__init__(f"{file}: {key}: expected {expected}")


@dataclass(frozen=True)
class Language:
    """One language, checked.

    Attributes:
        phrases: the phrases of each list by its dotted key, such as `directions.up.verbs`.
        tables: the numbers of each table by its dotted key: phrase -> decimal text.
        patterns: the date patterns, each as its words.
    """

    code: str
    name: str
    capitalised_nouns: bool
    decimal: str
    group: frozenset[str]
    phrases: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Mapping[str, str]]
    patterns: tuple[tuple[str, ...], ...]

    @cached_property
    def lexicon(self) -> Lexicon:
        """Every phrase of the file by its words."""
        lexicon = Lexicon()
        for key, phrases in self.phrases.items():
            if key != "structure.abbreviations":  # only the end of a sentence asks for them
                for phrase in phrases:
                    lexicon.add(phrase, key)
        for key, table in self.tables.items():
            for phrase, value in table.items():
                lexicon.add(phrase, key, value)
        return lexicon

    @cached_property
    def abbreviations(self) -> frozenset[str]:
        """The last word of each abbreviation, without its full stop."""
        listed = self.phrases["structure.abbreviations"]
        return frozenset(phrase_keys(phrase.rstrip("."))[-1] for phrase in listed)


def languages(folder: Path = LANGUAGES_DIR) -> dict[str, Path]:
    """Return the language files by language: one file each, no registry."""
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load_language(path: Path) -> Language:
    """Read and check one language file.

    Raises:
        LanguageError: the file is no TOML, or a key is missing, unknown or of the wrong kind.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LanguageError(path.name, "the file", f"TOML in UTF-8 ({error})") from error
    cells = dict(_cells(path.name, document))
    for key in REQUIRED:
        if not cells.get(key):
            raise LanguageError(path.name, key, "a value, it is required")
    if cells["language"] != path.stem or not re.fullmatch(r"[a-z]{2}", path.stem):
        raise LanguageError(
            path.name, "language", f"two letters, the name of the file ({path.stem})"
        )
    if cells["numbers.decimal"] not in (".", ","):
        raise LanguageError(path.name, "numbers.decimal", '"." or ","')
    group = cells.get("numbers.group", [])
    if not isinstance(group, list) or not all(mark in GROUP_MARKS for mark in group):
        raise LanguageError(path.name, "numbers.group", f"a list of marks among {GROUP_MARKS}")
    if cells["numbers.decimal"] in group:
        raise LanguageError(path.name, "numbers.group", "marks other than numbers.decimal")
    flag = cells.get("capitalised_nouns", False)
    if not isinstance(flag, bool):
        raise LanguageError(path.name, "capitalised_nouns", "true or false")
    phrases = {
        f"{section}.{key}": _phrases(path.name, f"{section}.{key}", cells)
        for section, keys in PHRASES.items()
        for key in keys
    }
    phrases |= {key: _phrases(path.name, key, cells) for key in cells if _OPEN.fullmatch(key)}
    patterns = _phrases(path.name, "dates.patterns", cells)
    return Language(
        code=path.stem,
        name=str(cells["name"]),
        capitalised_nouns=flag,
        decimal=cells["numbers.decimal"],
        group=frozenset(group),
        phrases=phrases,
        tables={
            f"{section}.{key}": _table(path.name, f"{section}.{key}", cells)
            for section, keys in TABLES.items()
            for key in keys
        },
        patterns=tuple(tuple(pattern.split()) for pattern in patterns),
    )


def _cells(file: str, document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield every leaf by its dotted key; an unknown key is an error, not a silence."""
    known = {
        f"{section}.{key}".lstrip(".")
        for group in (PHRASES, TABLES, PLAIN)
        for section, keys in group.items()
        for key in keys
    }
    sections = {key.rsplit(".", depth)[0] for key in known for depth in (1, 2)} | {
        "currencies",
        "venues",
    }

    def walk(node: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for name, value in node.items():
            key = f"{prefix}{name}"
            if key in known or _OPEN.fullmatch(key):
                yield key, value
            elif key in sections and isinstance(value, dict):
                yield from walk(value, f"{key}.")
            else:
                expected = "a key of the format described in orchestration/defs/claims/schema.py"
                raise LanguageError(file, key, expected)

    yield from walk(document, "")


def _phrases(file: str, key: str, cells: Mapping[str, Any]) -> tuple[str, ...]:
    value = cells.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise LanguageError(file, key, "a list of phrases in quotes")
    for phrase in value:
        _check_phrase(file, key, phrase)
    return tuple(dict.fromkeys(value))


def _table(file: str, key: str, cells: Mapping[str, Any]) -> dict[str, str]:
    value = cells.get(key, {})
    if not isinstance(value, dict):
        raise LanguageError(file, key, "a table of phrases and numbers")
    for phrase, number in value.items():
        _check_phrase(file, key, phrase)
        is_scale = key == "numbers.magnitudes"
        if is_scale and (
            not isinstance(number, float | int) or number not in (1e3, 1e6, 1e9, 1e12)
        ):
            raise LanguageError(file, f"{key}.{phrase}", "1e3, 1e6, 1e9 or 1e12")
        if not is_scale and not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", str(number)):
            raise LanguageError(file, f"{key}.{phrase}", 'a number in quotes such as "17" or "1.5"')
    return {phrase: _plain(number) for phrase, number in value.items()}


def _plain(number: object) -> str:
    return f"{number:.0f}" if isinstance(number, float) else str(number)


def _check_phrase(file: str, key: str, phrase: str) -> None:
    words = phrase_keys(phrase.replace("*", ""))
    stars_fit = all(
        "*" not in word.strip("*") and word.strip("*") and not word.startswith("**")
        for word in phrase.split()
    )
    if not 1 <= len(words) <= MAXIMUM_PHRASE_WORDS or not stars_fit or phrase != phrase.lower():
        raise LanguageError(
            file,
            key,
            f"phrases of 1 to {MAXIMUM_PHRASE_WORDS} words in lower case, a star only at the "
            f"start or the end of a word, unlike {phrase!r}",
        )
