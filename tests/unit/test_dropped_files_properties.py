"""Whatever people drop, and in whatever order: each row is used or its file is named with a reason.

Hypothesis makes up the files; what has to come of them is worked out again in plain Python.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.defs.news.collect import land_articles
from orchestration.defs.news.sources import inbox
from orchestration.defs.prices.providers.drop import provider
from orchestration.landing import batches, land
from tests.price_world import (
    REFERENCE_TIME,
    World,
    land_reference,
    land_vendor_symbols,
    settings_in,
    utc,
)

VENDOR = [("symbol", "symbol"), ("date", "date"), ("close", "close")]
HEADER = "symbol,date,close\n"
KNOWN, STRANGER = ("MSFT", "NVDA"), "STRANGER"
DAYS = [date(2025, 1, day) for day in (22, 23, 24, 27)]
BAD = ["NVDA,2025-01-22,1x", "NVDA,22.01.2025,1", ",2025-01-22,1", "NVDA,2025-02-30,1", "NVDA"]

Bar = tuple[str, date, int]


@dataclass(frozen=True)
class Dropped:
    """A file of bars; a bad line, when there is one, stands after the row of its place."""

    bars: tuple[Bar, ...]
    bad: tuple[int, str] | None

    @property
    def text(self) -> str:
        lines = [f"{symbol},{day},{close}" for symbol, day, close in self.bars]
        if self.bad is not None:
            lines.insert(*self.bad)
        return HEADER + "".join(f"{line}\n" for line in lines)

    @property
    def is_usable(self) -> bool:
        """No line is bad, no bar contradicts another, and some symbol is known."""
        places = {bar[:2] for bar in self.bars}
        agrees = len(set(self.bars)) == len(places)
        return self.bad is None and agrees and any(bar[0] in KNOWN for bar in self.bars)


BARS = st.tuples(st.sampled_from((*KNOWN, STRANGER)), st.sampled_from(DAYS), st.integers(100, 103))
FILES = st.lists(
    st.builds(
        Dropped,
        st.lists(BARS, max_size=5).map(tuple),
        st.none() | st.tuples(st.integers(0, 5), st.sampled_from(BAD)),
    ),
    min_size=1,
    max_size=4,
).map(lambda files: {f"{place}.csv": file for place, file in enumerate(files)})


def _expected(files: Mapping[str, Dropped]) -> dict[tuple[str, date], float]:
    """Of two usable files with the same bar the last by name counts."""
    return {
        (symbol, day): float(close)
        for _, file in sorted(files.items())
        if file.is_usable
        for symbol, day, close in file.bars
        if symbol in KNOWN
    }


def _world(folder: Path) -> World:
    settings = settings_in(folder, AFTERSHOCK_PRICE_PROVIDER="drop")
    land_reference(settings, dict.fromkeys(KNOWN, "XNYS"))
    rows = [{"vendor": "v", "column": c, "meaning": m, "format": None} for c, m in VENDOR]
    columns = pa.Table.from_pylist(rows)
    land(
        settings.landing_dir / "vendor_columns",
        columns.set_column(3, "format", pa.nulls(len(rows), pa.string())),
        provider="reference",
        fetched_at=REFERENCE_TIME,
    )
    land_vendor_symbols(settings.landing_dir, REFERENCE_TIME, v={"THEIR NVDA": "NVDA"})
    return World(settings, provider(settings))  # type: ignore[arg-type]


def _arrive(files: Mapping[str, Dropped], names: Sequence[str], together: int) -> None:
    """Let files arrive, the first few of them at once; a run follows each arrival."""
    with tempfile.TemporaryDirectory() as folder:
        world = _world(Path(folder))
        place = world.settings.drop_dir / "v"
        place.mkdir(parents=True)
        for number, name in enumerate(names, 1):
            (place / name).write_text(files[name].text)
            if number < together:
                continue
            found = provider(world.settings)
            world.provider = found  # type: ignore[assignment]
            world.run(utc(1, 28, number))
            arrived = {each: files[each] for each in names[:number]}
            refused = {line.split(": ")[0]: line for line in found.rejections()}
            assert set(refused) == {f"v/{n}" for n, file in arrived.items() if not file.is_usable}
            assert all(len(line.split(": ", 1)[1]) > 10 for line in refused.values())
            newest = {(symbol, day): close for _, symbol, day, close in world.landed()}
            assert newest == _expected(arrived)


@settings(max_examples=25, deadline=None)
@given(files=FILES, data=st.data())
def test_dropped_bars_are_used_or_refused_with_a_reason_in_any_order(
    files: dict[str, Dropped], data: st.DataObject
) -> None:
    names = data.draw(st.permutations(sorted(files)))
    _arrive(files, names, together=data.draw(st.integers(1, len(names))))


@dataclass(frozen=True)
class Note:
    """A file for the inbox; what is no article has a stamp that is none."""

    article: str
    body: str
    is_article: bool
    is_hidden: bool

    @property
    def text(self) -> str:
        stamp = "2025-01-27T12:00:00Z" if self.is_article else "last week"
        return (
            f"---\narticle_id: {self.article}\npublisher: P\nlanguage: en\n"
            f"published_at: {stamp}\ntitle: T\n---\n{self.body}\n"
        )


NOTES = st.lists(
    st.builds(
        Note,
        st.sampled_from("ab"),
        st.sampled_from(["One.", "Two."]),
        st.sampled_from([True, True, False]),
        st.sampled_from([False, False, True]),
    ),
    min_size=1,
    max_size=5,
).map(lambda notes: {f"{'.' * n.is_hidden}{place}.md": n for place, n in enumerate(notes)})


@settings(max_examples=40, deadline=None)
@given(notes=NOTES, data=st.data())
def test_notes_in_the_inbox_are_articles_or_refused_with_a_reason_in_any_order(
    notes: dict[str, Note], data: st.DataObject
) -> None:
    names = data.draw(st.permutations(sorted(notes)))
    with tempfile.TemporaryDirectory() as folder:
        of_the_inbox = settings_in(Path(folder))
        of_the_inbox.inbox_dir.mkdir()
        for number, name in enumerate(names, 1):
            (of_the_inbox.inbox_dir / name).write_text(notes[name].text)
            found = land_articles(
                of_the_inbox, {"inbox": inbox.articles}, utc(1, 28, number), lambda line: None
            )
            seen = [notes[n] for n in sorted(names[:number]) if not n.startswith(".")]
            good = [note for note in seen if note.is_article]
            first: dict[str, str] = {}
            for note in good:
                first.setdefault(note.article, note.body)
            others = [note for note in good if note.body != first[note.article]]
            assert len(found.new_articles) + found.known == len(first)
            assert len(found.rejected) == len(seen) - len(good) + len(others)
            assert all(item.name and len(item.reason) > 10 for item in found.rejected)
            rows = [
                row
                for batch in batches(of_the_inbox.landing_dir / "articles")
                for row in pq.read_table(batch).to_pylist()
            ]
            assert {row["article_id"]: row["body"].strip() for row in rows} == first
