"""Feeds against a local HTTP server: every kind of answer has one clear outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration import landing
from orchestration.defs.news.article import Article, Rejected
from orchestration.defs.news.collect import land_articles
from orchestration.defs.news.feed_state import load
from orchestration.defs.news.fetch import FetchFailedError, Limits, fetch
from orchestration.defs.news.sources import feeds
from orchestration.defs.reference.assets import land_reference
from orchestration.settings import ROOT, load_settings
from tests.feed_server import FeedServer, Reply, gzipped
from tests.feed_world import ATOM, DATE, HTML, MONDAY, World, item, rss


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


@pytest.fixture
def world(server: FeedServer, tmp_path: Path) -> World:
    return World(server, tmp_path / "state")


def test_an_rss_item_is_an_article(world: World) -> None:
    text = "&lt;p&gt;Shares &lt;i&gt;fell&lt;/i&gt; 17%.&lt;/p&gt;&lt;img src=x onerror=y&gt;"
    world.server.scripts["/rss"] = [Reply(rss(item(text=text)))]
    (article,), rejected = world.read("/rss")
    assert rejected == []
    assert article.article_id.startswith("feed-rss-")
    assert (article.title, article.body) == ("Nvidia falls 1", "Shares fell 17%.")
    assert (article.published_at, article.published_at_source) == (MONDAY, "feed")
    assert (article.publisher, article.language) == ("P", "en")
    assert article.url == "https://paper.example/1"


def test_an_atom_entry_is_an_article(world: World) -> None:
    world.server.scripts["/atom"] = [gzipped(ATOM)]
    (article,), rejected = world.read("/atom")
    assert rejected == []
    assert (article.title, article.body) == ("5 < 6", "Nvidia fell 17%.")
    assert (article.published_at, article.url) == (MONDAY, "https://paper.example/news/1")


def test_a_feed_that_has_not_changed_is_read_from_what_is_remembered(world: World) -> None:
    validators = {"ETag": '"1"', "Last-Modified": DATE}
    world.server.scripts["/rss"] = [Reply(rss(item()), headers=validators), Reply(status=304)]
    first, second = world.read("/rss"), world.read("/rss")
    assert first == second, "so that nothing is lost when the run dies before it lands"
    (_, asked), (_, asked_again) = world.server.requests
    assert "If-None-Match" not in asked
    assert asked_again["If-None-Match"] == '"1"'
    assert asked_again["If-Modified-Since"] == DATE


def test_a_damaged_memory_costs_one_whole_answer(world: World) -> None:
    world.server.scripts["/rss"] = [Reply(rss(item()), headers={"ETag": '"1"'})]
    world.read("/rss")
    (state,) = world.folder.iterdir()
    for damaged in (state.read_bytes()[:-9], b"{}", b'{"url": 3}', b"\xff"):
        state.write_bytes(damaged)
        assert len(world.read("/rss")[0]) == 1
        assert "If-None-Match" not in world.server.requests[-1][1]


def test_what_is_remembered_of_another_address_does_not_count(world: World) -> None:
    world.server.scripts["/rss"] = [Reply(rss(item()), headers={"ETag": '"1"'})]
    world.read("/rss")
    (state,) = world.folder.iterdir()
    assert load(state, world.server.url + "/rss").etag == '"1"'
    assert load(state, world.server.url + "/other").conditions == {}


def test_a_failure_that_passes_is_asked_again(world: World) -> None:
    world.server.scripts["/rss"] = [Reply(status=502), Reply(rss(item()))]
    assert [len(found) for found in world.read("/rss")] == [1, 0]
    assert world.waits == [2.0]


def test_a_server_that_asks_to_wait_is_left_alone_over_runs(world: World) -> None:
    good, busy = Reply(rss(item())), Reply(status=429, headers={"Retry-After": "90"})
    world.server.scripts["/rss"] = [good, busy, good]
    world.read("/rss")
    for reason in ("answers 429, which asks to wait 90 seconds", "left alone for 90 s"):
        articles, (rejected,) = world.read("/rss")
        assert articles == []
        assert reason in rejected.reason
        world.now += 0.4
    assert len(world.server.requests) == 2
    world.now += 90
    assert [len(found) for found in world.read("/rss")] == [1, 0]


def test_one_host_is_asked_slowly(world: World) -> None:
    world.server.scripts = {path: [Reply(rss(item()))] for path in ("/a", "/b", "/c")}
    world.read("/a", "/b", "/c")
    assert world.waits == [2.0, 2.0]


def test_an_error_page_does_not_replace_what_is_remembered(world: World) -> None:
    good = Reply(rss(item()), headers={"ETag": '"1"'})
    world.server.scripts["/rss"] = [good, Reply(HTML, headers={"ETag": '"2"'}), Reply(status=304)]
    assert [len(found) for found in world.read("/rss")] == [1, 0]
    assert [len(found) for found in world.read("/rss")] == [0, 1]
    assert [len(found) for found in world.read("/rss")] == [1, 0]
    assert world.server.requests[-1][1]["If-None-Match"] == '"1"'


def test_a_redirect_is_followed_and_links_are_relative_to_its_end(world: World) -> None:
    world.server.scripts = {
        "/old": [Reply(status=301, headers={"Location": "/new/rss"})],
        "/new/rss": [Reply(rss(item(link="../1")))],
    }
    (article,), _ = world.read("/old")
    assert article.url == f"{world.server.url}/1"


def test_a_private_address_is_refused_by_default(server: FeedServer) -> None:
    for url in (server.url, f"http://localhost:{server.port}"):
        with pytest.raises(FetchFailedError, match="which is not public"):
            fetch(url, {}, Limits())
    assert server.requests == []


def test_a_name_is_looked_up_once_and_every_address_of_it_must_be_allowed(
    server: FeedServer,
) -> None:
    """A name server that answers otherwise the second time leads nowhere else."""
    server.scripts["/"] = [Reply(b"x")]
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    url = f"http://paper.example:{server.port}/"
    answer = fetch(url, {}, Limits(), resolve=rebinding, allow=lambda each: each == "127.0.0.1")
    assert (answer.body, asked) == (b"x", ["paper.example"])
    assert server.requests[0][1]["Host"] == f"paper.example:{server.port}"
    with pytest.raises(FetchFailedError, match=r"10\.0\.0\.1, which is not public"):
        fetch(url, {}, Limits(), resolve=rebinding, allow=lambda each: each == "127.0.0.1")
    with pytest.raises(FetchFailedError, match=r"10\.0\.0\.1, which is not public"):
        fetch(url, {}, Limits(), resolve=lambda *_: ["93.184.216.34", "10.0.0.1"])


def test_a_name_that_nobody_has_is_named() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(FetchFailedError, match=r"paper\.example cannot be found"):
        fetch("https://paper.example/", {}, Limits(), resolve=unknown)


def test_titles_links_and_ids_from_outside_stay_data(world: World) -> None:
    world.server.scripts["/rss"] = [
        Reply(
            rss(
                item(1, link="javascript:alert(1)"),
                item(2, title="&lt;script&gt;alert(1)&lt;/script&gt;"),
                item(3, title="[Nvidia](https://evil.example) falls"),
                item(4, guid="../../etc/passwd"),
                item(5, title="\u202eNvidia\u202c falls \u200f17%"),
                item(6, date="in the evening"),
            )
        )
    ]
    articles, rejected = world.read("/rss")
    assert rejected == []
    by_text = {each.body[-2]: each for each in articles}
    assert by_text["1"].url is None
    assert by_text["2"].title == "<script>alert(1)</script>"
    assert by_text["3"].title == "[Nvidia](https://evil.example) falls"
    assert "/" not in by_text["4"].article_id
    assert by_text["5"].title == "Nvidia falls 17%"
    assert by_text["6"].published_at is None


def test_only_enabled_rows_are_asked_and_none_is_as_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings({"AFTERSHOCK_DATA_DIR": str(tmp_path / "data")})
    land_reference(settings, ["news_feeds"], datetime.now(UTC), print)
    rows = feeds.newest_rows(settings, "news_feeds")
    assert rows
    assert {row["enabled"] for row in rows} == {"no"}
    monkeypatch.setattr(feeds, "read_feeds", lambda asked, *_: list(asked))
    assert list(feeds.articles(settings)) == []
    reference = tmp_path / "reference"
    reference.mkdir()
    text = (ROOT / "data" / "reference" / "news_feeds.csv").read_text()
    line = next(line for line in text.splitlines() if line.startswith("nos-economie,"))
    (reference / "news_feeds.csv").write_text(text.replace(line, line.removesuffix("no") + "yes"))
    edited = load_settings(
        {"AFTERSHOCK_DATA_DIR": str(tmp_path / "data"), "AFTERSHOCK_REFERENCE_DIR": str(reference)}
    )
    land_reference(edited, ["news_feeds"], datetime.now(UTC), print)
    assert [each.feed_id for each in feeds.articles(edited)] == ["nos-economie"]  # type: ignore[union-attr]


def test_duplicate_ids_and_future_dates_land_with_one_outcome_each(
    world: World, tmp_path: Path
) -> None:
    settings = load_settings({"AFTERSHOCK_DATA_DIR": str(tmp_path / "data")})
    now = datetime(2025, 2, 1, tzinfo=UTC)
    world.server.scripts["/rss"] = [
        Reply(
            rss(
                item(1),
                item(1),
                item(2),
                item(3, guid="guid-2"),
                item(4, date="Sat, 01 Mar 2025 00:00:00 GMT"),
                item(5, link="https://paper.example/2025/01/15/a"),
            )
        )
    ]
    articles, rejected = world.read("/rss")
    source: Callable[[object], list[Article | Rejected]] = lambda _: [*articles, *rejected]  # noqa: E731
    found = land_articles(settings, {"feeds": source}, now, print)
    assert len(found.new_articles) == 4
    (rejection,) = found.rejected
    assert "another version of it was read from feeds before" in rejection.reason
    notes = {each.title[-1]: each.published_at_note for each in found.new_articles}
    assert notes == {
        "1": None,
        "2": None,
        "4": "stated_after_first_sight 2025-03-01T00:00:00Z",
        "5": "address_says 2025-01-15",
    }
    assert len(landing.batches(settings.landing_dir / "articles")) == 1
