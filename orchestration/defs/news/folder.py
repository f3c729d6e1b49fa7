"""Reading a folder of article files that people can drop anything into.

Belongs here: what protects the reader from a file system entry. Does not belong here: what a
good article is (`front_matter`, `formats`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from orchestration.defs.news.article import (
    MAXIMUM_WRAPPED_BYTES,
    Article,
    ArticleError,
    Rejected,
)
from orchestration.landing import storable

# The bytes of a file and its name, to what is in it.
Reader = Callable[[bytes, str], Iterable[Article | Rejected]]


def read_folder(folder: Path, readers: Mapping[str, Reader]) -> Iterator[Article | Rejected]:
    """Yield what each entry of a folder is, by name; hidden entries are passed over.

    An entry that cannot be read is yielded as rejected and never stops the others.

    Args:
        folder: the folder.
        readers: how to read a file, by the end of its name such as `.md`.
    """
    inside = folder.resolve()
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        name = storable(path.name)
        try:
            reader = readers.get(path.suffix.lower())
            if reader is None:
                *others, last = readers
                names = f"{', '.join(others)} or {last}"
                raise ArticleError(f"the name must end in {names}")
            yield from reader(_bytes(path, inside), name)
        except ArticleError as error:
            yield Rejected(name, str(error))
        except OSError as error:
            yield Rejected(name, f"cannot be read: {error.strerror or error}")


def _bytes(path: Path, inside: Path) -> bytes:
    """Return a file's first bytes, one more than allowed at most."""
    real = Path(os.path.realpath(path, strict=True))
    if not real.is_relative_to(inside):
        raise ArticleError("a link that leads out of the folder")
    # A pipe or a device would block the reader or never end.
    if not stat.S_ISREG(real.stat().st_mode):
        raise ArticleError("not a plain file")
    with real.open("rb") as handle:
        return handle.read(MAXIMUM_WRAPPED_BYTES + 1)
