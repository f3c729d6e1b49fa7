"""Bytes to text, and a text in its normal form.

Belongs here: encodings, composed Unicode, characters that must not get in. Does not belong
here: what a text means, and markup (`markup`).
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from orchestration.defs.news.article import MAXIMUM_BYTES, ArticleError

_MARKS = (
    # the mark of UTF-32 begins with the one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# By the names that Python gives them; others, such as zip or rot13, are no encodings of text.
_ENCODINGS = re.compile(
    r"utf-(8|16|32)(-[bl]e)?|cp\d+|iso8859-\d+|koi8-[rtu]|mac-\w+|tis-620|ascii|hz|"
    r"(big5|gb|euc_|shift_jis|johab|iso2022_)\w*"
)
# What browsers read where these are declared.
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
# They turn the direction of what follows, or are nothing to see: a figure could read otherwise
# to a person than to a program. The joiners of Persian and Indic scripts stay.
_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# All control characters but tab, line feed and carriage return; and halves of a character.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST_LINE = 500


def decode(data: bytes, declared: str | None = None) -> str:
    """Return bytes as text: by their byte order mark, else as declared, else as UTF-8.

    Raises:
        ArticleError: the encoding is unknown, or the bytes are not in it.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    encoding = marked or _known(declared or "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise ArticleError(f"not {name} (byte 0x{data[error.start]:02x})") from error
    except UnicodeError as error:
        raise ArticleError(f"not {encoding.upper()} ({error})") from error


def plain_text(data: bytes) -> str:
    """Return the bytes of a text file in normal form.

    Raises:
        ArticleError: too large, in another encoding, or binary.
    """
    if len(data) > MAXIMUM_BYTES:
        raise ArticleError(f"larger than {MAXIMUM_BYTES:,} bytes")
    return normal(decode(data))


def normal(text: str) -> str:
    """Return a text as composed Unicode with plain line ends and no blanks at line ends.

    Raises:
        ArticleError: it holds control characters, as binary files do.
    """
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _CONTROLS.search(text):
        raise ArticleError("binary: it holds control characters")
    text = unicodedata.normalize("NFC", text)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def tidy(text: str) -> str:
    """Return a text from markup or JSON in normal form, control characters taken out."""
    return normal(_CONTROLS.sub(" ", text))


def one_line(text: str) -> str:
    """Return a text as one line of at most 500 characters, for titles and names."""
    line = " ".join(tidy(text).split())
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1].rstrip()}…"


def _known(label: str) -> str:
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, UnicodeError, ValueError) as error:
        raise ArticleError(f"declares the unknown encoding {label[:40]!r}") from error
    if not _ENCODINGS.fullmatch(name):
        raise ArticleError(f"declares {label[:40]!r}, which is no encoding of text")
    return _AS_BROWSERS_DO.get(name, name)
