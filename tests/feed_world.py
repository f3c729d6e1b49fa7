"""Feeds as text, and a reader of the local server with a clock that only waiting moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from orchestration.defs.news.article import Article, Rejected
from orchestration.defs.news.feed_entries import Feed
from orchestration.defs.news.fetch import Answer, Limits, fetch
from orchestration.defs.news.guard import is_public
from orchestration.defs.news.sources.feeds import read_feeds
from tests.feed_server import FeedServer

ITEM = (
    "<item><title>{title}</title><link>{link}</link><guid>{guid}</guid>"
    "<pubDate>{date}</pubDate><description>{text}</description></item>"
)
DATE = "Mon, 27 Jan 2025 20:00:00 GMT"
MONDAY = datetime(2025, 1, 27, 20, tzinfo=UTC)
ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.example/"><title>Paper</title>
<entry><id>tag:paper.example,2025:1</id><title type="text">5 &lt; 6</title><link href="/news/1"/>
<published>2025-01-27T21:00:00+01:00</published><updated>2025-01-28T09:00:00Z</updated>
<summary>Short.</summary><content type="html">&lt;p&gt;Nvidia &lt;b&gt;fell&lt;/b&gt; 17%.&lt;/p&gt;
&lt;script&gt;alert(1)&lt;/script&gt;</content></entry></feed>"""
HTML = b"<!doctype html><html><head><title>Oops</title></head><body><p>503</p></body></html>"


def item(number: int = 1, **changes: str) -> str:
    fields = {
        "title": f"Nvidia falls {number}",
        "link": f"https://paper.example/{number}",
        "guid": f"guid-{number}",
        "date": DATE,
        "text": f"Shares fell 17% on Monday, says report {number}.",
    }
    return ITEM.format(**fields | changes)


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    inner = "".join(items)
    return f'{head}<rss version="2.0"><channel><title>P</title>{inner}</channel></rss>'.encode()


@dataclass
class World:
    """Reads feeds of the server with a clock that only waiting moves."""

    server: FeedServer
    folder: Path
    limits: Limits = field(
        default_factory=lambda: Limits(connect_seconds=1, read_seconds=0.3, total_seconds=1.5)
    )
    now: float = 1e9
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def ask(self, url: str, headers: dict[str, str]) -> Answer:
        # the local server, and no other private address
        return fetch(
            url, headers, self.limits, allow=lambda each: each == "127.0.0.1" or is_public(each)
        )

    def read(self, *paths: str) -> tuple[list[Article], list[Rejected]]:
        rows = [
            Feed(f"feed{path.replace('/', '-')}", self.server.url + path, "P", "en")
            for path in paths
        ]
        found = list(
            read_feeds(rows, self.folder, self.ask, sleep=self.sleep, clock=lambda: self.now)
        )
        return (
            [each for each in found if isinstance(each, Article)],
            [each for each in found if isinstance(each, Rejected)],
        )
