"""Reading a folder of article files that people can drop anything into.

Belongs here: what protects the reader from a file system entry. Does not belong here: what a
good article is (`article`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from orchestration.defs.news.article import (
    MAXIMUM_BYTES,
    Article,
    ArticleError,
    Rejected,
    parse_article,
)

SUFFIXES = (".md", ".txt")


def read_folder(folder: Path) -> Iterator[Article | Rejected]:
    """Yield what each entry of a folder is, by name; hidden entries are passed over.

    An entry that cannot be read is yielded as rejected and never stops the others.
    """
    inside = folder.resolve()
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        try:
            yield parse_article(_bytes(path, inside))
        except ArticleError as error:
            yield Rejected(_printable(path), str(error))
        except OSError as error:
            yield Rejected(_printable(path), f"cannot be read: {error.strerror or error}")


def _bytes(path: Path, inside: Path) -> bytes:
    """Return a file's first bytes, one more than allowed at most."""
    if path.suffix.lower() not in SUFFIXES:
        raise ArticleError(f"the name must end in {' or '.join(SUFFIXES)}")
    real = Path(os.path.realpath(path, strict=True))
    if not real.is_relative_to(inside):
        raise ArticleError("a link that leads out of the folder")
    # A pipe or a device would block the reader or never end.
    if not stat.S_ISREG(real.stat().st_mode):
        raise ArticleError("not a plain file")
    with real.open("rb") as handle:
        return handle.read(MAXIMUM_BYTES + 1)


def _printable(path: Path) -> str:
    """Return a file's name as text that can be stored, whatever bytes it has."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")
