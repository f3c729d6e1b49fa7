"""How much of a publication the report shows: the newest pages, as far as its bytes reach.

Belongs here: the sizes and the rule. Does not belong here: what a page shows. A report that is sent
and opened on a phone stays below MOST_BYTES, whatever the warehouse holds; the lists name what has
no page, and every row stands in the marts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

# The files of one page by path, the page itself first.
Files = dict[str, bytes]

MOST_BYTES = 2_000_000
# Lists, data quality and the overview take the rest: their tables are cut at a number of rows.
EVENT_BYTES = 800_000
ARTICLE_BYTES = 650_000


class Room:
    """The bytes that are left for one kind of page."""

    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes

    def takes(self, files: Files) -> bool:
        """Tell whether the files fit, and keep their place if so."""
        size = sum(map(len, files.values()))
        if size > self._left:
            return False
        self._left -= size
        return True


def that_fit(
    identifiers: Iterable[str], room: Room, page: Callable[[str], Files]
) -> dict[str, Files]:
    """Return the pages of the first identifiers, up to the first that does not fit.

    Args:
        identifiers: the newest first.
        room: what is left.
        page: renders the page of an identifier.
    """
    fitting: dict[str, Files] = {}
    for identifier in identifiers:
        files = page(identifier)
        if not room.takes(files):
            break
        fitting[identifier] = files
    return fitting
