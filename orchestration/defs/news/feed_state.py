"""What is remembered of a feed from one run to the next.

Belongs here: the validators of the last good answer, the answer itself, and when the server
wants to be asked again. Does not belong here: asking (`sources.feeds`).

The answer is kept with its validators because a run may die between asking and landing: the next
one is told that nothing has changed, reads the kept answer again, and loses nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import zlib
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class FeedState:
    """The last good answer of a feed.

    Attributes:
        url: what was asked for; a state of another address is of no use.
        final_url: where the redirects led.
        content_type: header of the answer.
        etag: header of the answer; empty when there was none.
        last_modified: header of the answer; empty when there was none.
        ask_after: seconds since 1970 before which the server wants no request; 0 for none.
        body: the answer, base64 of its zlib form; empty when there never was one.
    """

    url: str
    final_url: str = ""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    ask_after: float = 0.0
    body: str = ""

    @property
    def answer(self) -> bytes:
        """The body as it was served."""
        return zlib.decompress(base64.b64decode(self.body)) if self.body else b""

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for news since that answer."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value and self.body}


def packed(body: bytes) -> str:
    """Return an answer as a state keeps it."""
    return base64.b64encode(zlib.compress(body)).decode("ascii")


def load(path: Path, url: str) -> FeedState:
    """Return what is remembered of an address; an empty state when that is nothing usable."""
    try:
        content = json.loads(path.read_bytes())
        state = FeedState(**content)
        kinds = {field.name: type(field.default) for field in fields(FeedState)} | {"url": str}
        is_whole = all(isinstance(getattr(state, name), kind) for name, kind in kinds.items())
        _ = state.answer
    except FileNotFoundError:
        return FeedState(url)
    except (ValueError, TypeError, zlib.error, binascii.Error):
        # a damaged file costs one whole answer
        return FeedState(url)
    return state if is_whole and state.url == url else FeedState(url)


def save(path: Path, state: FeedState) -> None:
    """Write a state so that a reader finds the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("w", encoding="utf-8") as handle:
        json.dump(asdict(state), handle)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
