"""Pages of the report as a browser would find them, without running anything."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    """What a browser would find in a page, without running it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.numbers: list[tuple[str, str]] = []
        self.text = ""
        self._number: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.ids += [attributes["id"] or ""] if "id" in attributes else []
        self._number = attributes["value"] if tag == "data" else self._number

    def handle_endtag(self, tag: str) -> None:
        self._number = None if tag == "data" else self._number

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._number is not None:
            self.numbers.append((self._number, data))

    def values(self, tag: str, attribute: str) -> list[str]:
        return [
            found[attribute] or ""
            for name, found in self.tags
            if name == tag and attribute in found
        ]


def read_pages(site: Path) -> dict[str, Page]:
    return {
        path.relative_to(site).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }
