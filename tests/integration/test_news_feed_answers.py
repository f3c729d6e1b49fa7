"""What a server of feeds may answer: one outcome each, and no other article is lost."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.defs.news.article import Article, Rejected
from orchestration.defs.news.feed_entries import Feed, entries
from tests.feed_server import FeedServer, Reply, gzipped
from tests.feed_world import ATOM, HTML, World, item, rss

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><rss version="2.0"><channel><item><title>&j;</title></item></channel></rss>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<rss version="2.0"><channel><item><title>&x;</title></item></channel></rss>'
)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


@pytest.fixture
def world(server: FeedServer, tmp_path: Path) -> World:
    return World(server, tmp_path / "state")


@dataclass(frozen=True)
class Case:
    name: str
    script: list[Reply]
    reason: str
    asked: int = 1
    articles: int = 0


def to(location: str) -> list[Reply]:
    return [Reply(status=302, headers={"Location": location})]


def encoded(encoding: str, body: bytes) -> list[Reply]:
    return [Reply(body, headers={"Content-Encoding": encoding})]


XHTML = b'<?xml version="1.0"?><!DOCTYPE html><html><head/><body/></html>'
LATIN = rss(item(title="Caf\u00e9")).replace(b"\xc3\xa9", b"\xe9")
CASES = [
    Case("gone", [Reply(status=404)], "answers 404"),
    Case("forbidden", [Reply(status=403)], "answers 403"),
    Case("down", [Reply(status=503)], "answers 503", asked=2),
    Case("slow", [Reply(rss(item()), delay_seconds=0.6)], "no whole answer in time", asked=2),
    Case("drip", [Reply(rss(item()), drip_seconds=0.05)], "no whole answer in time", asked=2),
    Case("cut", [Reply(rss(item()), missing_bytes=99)], "a broken answer", asked=2),
    Case("empty", [Reply(b"")], "an empty answer"),
    Case("blank", [Reply(b" \n ")], "an empty answer"),
    Case("html", [Reply(HTML)], "a page of HTML where the feed should be"),
    Case("xhtml", [Reply(XHTML)], "a page of HTML where the feed should be"),
    Case("json", [Reply(b'{"items": []}')], "no feed: it begins"),
    Case("bomb", [Reply(BOMB)], "declares the entity 'a', as XML bombs do"),
    Case("outside", [Reply(OUTSIDE)], "declares the entity 'x', as XML bombs do"),
    Case("nested", [Reply(b"<rss>" + b"<a>" * 5000)], "elements nested deeper than 100"),
    Case("elements", [Reply(b"<rss>" + b"<a/>" * 1_000_001)], "more than 1,000,000 elements"),
    Case("large", [Reply(b"<rss>" + b" " * 16_000_000)], "larger than 16,000,000 bytes"),
    Case("large and broken", [Reply(b"<rss>&" + b" " * 2_000_000)], "no well-formed XML"),
    Case("zip bomb", [gzipped(b"<rss>" + b" " * 100_000_000)], "larger than 16,000,000 bytes"),
    Case("half gzip", encoded("gzip", gzip.compress(rss(item()))[:-20]), "cut short", asked=2),
    Case("no gzip", encoded("gzip", rss(item())), "a broken answer", asked=2),
    Case("brotli", encoded("br", b"x"), "which was not asked for"),
    Case("circle", to("/circle"), "more than 5 redirects", asked=6),
    Case("to private", to("http://10.0.0.1/"), "10.0.0.1, which is not public"),
    Case(
        "to metadata", to("http://169.254.169.254/latest"), "169.254.169.254, which is not public"
    ),
    Case("to mapped", to("http://[::ffff:10.0.0.1]/"), "which is not public"),
    Case("to number", to("http://2130706434/"), "127.0.0.2, which is not public"),
    Case("to file", to("file:///etc/passwd"), "no web address"),
    Case("to script", to("javascript:alert(1)"), "cannot be asked for"),
    Case("wrong charset", [Reply(LATIN)], "in a wrong encoding", articles=1),
    Case(
        "one bad entry",
        [Reply(rss(item(1), item(2, text="&lt;div&gt;" * 300)))],
        "nested deeper than 256",
        articles=1,
    ),
    Case(
        "nameless entry",
        [Reply(rss(item(1), item(2, title="", text="")))],
        "neither a title nor a text",
        articles=1,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_answer_is_one_rejection_and_loses_no_other(world: World, case: Case) -> None:
    path = f"/{case.name.replace(' ', '')}"
    world.server.scripts = {
        path: case.script,
        "/before": [Reply(rss(item()))],
        "/after": [Reply(ATOM)],
    }
    begun = time.process_time()
    articles, (rejected,) = world.read("/before", path, "/after")
    assert case.reason in rejected.reason
    assert rejected.name.startswith(f"feed-{path[1:]}")
    assert len(articles) == 2 + case.articles
    assert [asked for asked, _ in world.server.requests].count(path) == case.asked
    assert time.process_time() - begun < 5


def test_a_slow_server_holds_up_no_run_for_longer_than_the_limit(world: World) -> None:
    world.server.scripts["/rss"] = [Reply(rss(item()), drip_seconds=0.05)]
    begun = time.monotonic()
    world.read("/rss")
    assert time.monotonic() - begun < 2 * world.limits.total_seconds + 1


def test_of_fifty_thousand_entries_the_newest_are_read_and_it_is_said() -> None:
    days = [
        f"{1 + number % 28:02} Jan {2020 + number // 10_000} 12:00:00 GMT"
        for number in range(50_000)
    ]
    body = rss(*(item(number, date=day) for number, day in enumerate(days)))
    begun = time.process_time()
    feed = Feed("big", "https://paper.example/rss", "P", "en")
    found = list(entries(feed, body, "text/xml", "https://paper.example/rss"))
    assert time.process_time() - begun < 60
    note, *articles = found
    assert note == Rejected("big", "50,000 entries, of which the 1,000 newest were read")
    assert len(articles) == 1000
    stamps = [each.published_at for each in articles if isinstance(each, Article)]
    assert min(filter(None, stamps)) >= datetime(2024, 1, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_a_long_feed_is_cut_to_its_newest_entries_whatever_their_order(encoding: str) -> None:
    undated, late = "in the evening", "Tue, 28 Jan 2025 20:00:00 GMT"
    items = [item(1, date=undated), item(2), item(3, date=late), item(4, title="\u20ac"), item(5)]
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    body = rss(*items, "<item/>", head=head).decode().encode(encoding)
    feed = Feed("long", "https://paper.example/rss", "P", "en")
    note, *articles = entries(feed, body, "", "https://paper.example/rss", most=3)
    assert note == Rejected("long", "6 entries, of which the 3 newest were read")
    assert [each.url for each in articles if isinstance(each, Article)] == [
        f"https://paper.example/{number}" for number in (3, 2, 4)
    ]
