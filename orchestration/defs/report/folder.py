"""Where readers find the report, and whether it is the one of a publication.

Belongs here: the folder's name, its swap and the edition. Does not belong here: what it holds
(`site`). Like the marts, a report is built out of sight and a link is flipped to it; it has a link
of its own because a page that cannot be drawn must not hold back the data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from orchestration.defs.publishing import versions
from orchestration.defs.publishing.publication import CURRENT, Publication

REPORT = "report"
_KEPT_IN = "reports"
# The one before stays for a reader who is in the middle of it.
_KEPT = 2


def has_report(published: Path, publication: Publication) -> bool:
    """Tell whether readers see the report of this publication, as this code writes it."""
    link = published / REPORT
    return link.exists() and link.resolve().name == _name(publication)


def replace_report(
    published: Path, publication: Publication, write: Callable[[Publication, Path], int]
) -> int:
    """Write the report of a publication and flip the link to it. The caller holds the lock.

    Args:
        published: the folder that holds the link `report`.
        publication: what it shows.
        write: fills an empty folder and returns its number of pages.

    Returns:
        What `write` returned.

    Raises:
        OSError: the disk refuses. Readers keep the report that they had, whatever the error.
    """
    home = published / _KEPT_IN
    versions.sweep(home)
    folder = versions.begin(home)
    try:
        pages = write(publication, folder)
        name = _name(publication)
        # whatever has this name was never seen, or is damaged
        if (folder.parent / name).exists():
            versions.discard(folder.parent / name)
        versions.install(folder, name)
    except BaseException:
        versions.discard(folder)
        raise
    versions.link(home / CURRENT, Path(versions.VERSIONS) / name)
    versions.link(published / REPORT, Path(_KEPT_IN) / CURRENT)
    versions.retain(home, _KEPT)
    return pages


def _name(publication: Publication) -> str:
    return f"{publication.version}-{_edition()}"


def _edition() -> str:
    """Return a hash of all that turns a publication into pages, besides the publication."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted(here.rglob("*")):
        if path.suffix in {".py", ".html", ".css"}:
            digest.update(f"{path.relative_to(here)}\n".encode() + path.read_bytes())
    for library in ("jinja2", "matplotlib"):
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()[:12]
