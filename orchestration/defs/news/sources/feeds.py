"""RSS and Atom feeds: the enabled rows of `data/reference/news_feeds.csv`.

Belongs here: which feeds are asked when, and what is remembered of them. Does not belong here:
HTTP (`fetch`) and what a feed holds (`feed_entries`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from orchestration.defs.news.article import Article, Rejected
from orchestration.defs.news.feed_entries import Feed, entries
from orchestration.defs.news.feed_state import FeedState, load, packed, save
from orchestration.defs.news.reference import newest_rows
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.defs.news.fetch import Answer

# For one address, with these headers; raises `FetchFailedError`.
Fetch = Callable[[str, dict[str, str]], "Answer"]
# Between two requests to one host, and before a failed one is repeated.
_PAUSE_SECONDS = 2.0


def articles(settings: Settings) -> Iterable[Article | Rejected]:
    """Yield what the enabled feeds hold; nothing and no request when none is enabled."""
    feeds = [
        Feed(row["feed_id"], row["url"], row["publisher"], row["language"])
        for row in newest_rows(settings, "news_feeds")
        if row["enabled"] == "yes"
    ]
    if not feeds:
        return ()
    # a run without feeds does without an HTTP library
    from orchestration.defs.news.fetch import Limits, fetch

    def ask(url: str, headers: dict[str, str]) -> Answer:
        return fetch(url, headers, Limits())

    return read_feeds(feeds, settings.feed_state_dir, ask)


def read_feeds(
    feeds: Iterable[Feed],
    state_dir: Path,
    fetch: Fetch,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> Iterator[Article | Rejected]:
    """Yield what feeds hold; one that fails is a rejection and loses no other.

    Args:
        feeds: which to ask.
        state_dir: where what is remembered of each is kept.
        fetch: how to ask.
        sleep: how to wait.
        clock: seconds since 1970.
    """
    hosts: dict[str, float] = {}

    def politely(url: str, headers: dict[str, str]) -> Answer:
        host = urlsplit(url).hostname or ""
        if (wait := hosts.get(host, 0.0) - clock()) > 0:
            sleep(wait)
        hosts[host] = clock() + _PAUSE_SECONDS
        return fetch(url, headers)

    for feed in feeds:
        path = state_dir / f"{feed.feed_id}.json"
        state = load(path, feed.url)
        if state.ask_after > clock():
            wait = state.ask_after - clock()
            yield Rejected(feed.feed_id, f"not asked: it wants to be left alone for {wait:.0f} s")
            continue
        yield from _read(feed, path, state, politely, clock)


def _read(
    feed: Feed, path: Path, state: FeedState, fetch: Fetch, clock: Callable[[], float]
) -> Iterator[Article | Rejected]:
    from orchestration.defs.news.fetch import FetchFailedError

    for may_try_again in (True, False):
        try:
            answer = fetch(feed.url, state.conditions)
            break
        except FetchFailedError as error:
            if error.retry_after_seconds:
                save(path, replace(state, ask_after=clock() + error.retry_after_seconds))
            elif error.may_pass and may_try_again:
                continue
            yield Rejected(feed.feed_id, str(error))
            return
    if answer.status == 200:
        state = FeedState(
            url=feed.url,
            final_url=answer.url,
            content_type=answer.headers.get("Content-Type", ""),
            etag=answer.headers.get("ETag", ""),
            last_modified=answer.headers.get("Last-Modified", ""),
            body=packed(answer.body),
        )
        found = list(entries(feed, answer.body, state.content_type, state.final_url))
        # an error page must not take the place of the last feed
        if any(isinstance(item, Article) for item in found):
            save(path, state)
        yield from found
    else:
        yield from entries(feed, state.answer, state.content_type, state.final_url)
