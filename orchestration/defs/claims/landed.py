"""Landing what the extractor reads: which articles it has not read yet, and in what order.

Belongs here: versions, what is known, and the two batches. Does not belong here: reading a text
(`extract`) and choosing one reading of an article (dbt).

The claims of a run land before the note that their articles were read. A run killed between the
two leaves claims without a note, and the next run reads those articles again; the same text and
extractor give the same claims, so staging keeps the newest copy of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path

from orchestration import landing
from orchestration.defs.claims.claim import Claim
from orchestration.defs.claims.columns import Row, claims_table, notes_table
from orchestration.defs.claims.extract import Reader
from orchestration.defs.claims.language import LANGUAGES_DIR, languages, load_language
from orchestration.defs.claims.subjects import Aliases, Listings
from orchestration.defs.claims.version import extractor_version
from orchestration.settings import Settings

CLAIMS, EXTRACTIONS = "extracted_claims", "claim_extractions"
TABLES = ("subject_aliases", "instruments", "exchanges")
PROVIDER = "extractor"
Key = tuple[str, str]

_ARTICLE = ["article_id", "article_hash", "language", "published_at", "title", "body"]


class MissingInputError(RuntimeError):
    """A table that the extractor needs has not landed."""


@dataclass
class Reading:
    """What one run read.

    Attributes:
        version: of the extractor.
        known: article versions that this version had read before.
        notes: one row for each article version read now.
        claims: one row for each claim found in them.
    """

    version: str
    known: int = 0
    notes: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)


def land_claims(
    settings: Settings, now: datetime, warn: Callable[[str], None], folder: Path = LANGUAGES_DIR
) -> Reading:
    """Read the article versions that this extractor has not read last, and land both batches.

    Raises:
        LanguageError: a language file cannot be used.
        MissingInputError: a reference table or the articles have not landed.
    """
    for name in (CLAIMS, EXTRACTIONS):
        for moved in landing.set_aside_damaged(
            settings.landing_dir / name, settings.quarantine_dir
        ):
            warn(f"damaged landed file set aside, its articles are read again: {moved}")
    tables = {name: _latest(settings, name) for name in TABLES}
    reading = Reading(extractor_version(folder, [batch for batch, _ in tables.values()]))
    readers = _readers(folder, {name: rows for name, (_, rows) in tables.items()})
    known = _known(settings, reading.version)
    for article in _articles(settings):
        key = (str(article["article_id"]), str(article["article_hash"]))
        if key in known:
            reading.known += 1
            continue
        known.add(key)
        reader = readers.get(str(article["language"]))
        claims = _read(reader, article) if reader else []
        stamp = dict(zip(("article_id", "article_hash"), key, strict=True)) | {
            "extractor_version": reading.version,
            "language": article["language"] if reader else None,
        }
        outcome = "read" if reader else "no_language_file"
        reading.notes.append({**stamp, "claims": len(claims), "outcome": outcome})
        reading.claims += [{**stamp, **_row(at, claim)} for at, claim in enumerate(claims)]
    for name, rows, table in (
        (CLAIMS, reading.claims, claims_table),
        (EXTRACTIONS, reading.notes, notes_table),
    ):
        place = settings.landing_dir / name
        if rows or not landing.batches(place):  # an empty first batch gives readers the columns
            landing.land(place, table(rows), provider=PROVIDER, fetched_at=now)
    return reading


def _readers(folder: Path, tables: Mapping[str, Sequence[Row]]) -> dict[str, Reader]:
    cities = {row["mic"]: row["city"] for row in tables["exchanges"]}
    listings = Listings(row | {"city": cities[row["mic"]]} for row in tables["instruments"])
    return {
        code: Reader(load_language(path), Aliases(tables["subject_aliases"], code), listings)
        for code, path in languages(folder).items()
    }


def _read(reader: Reader, article: Row) -> list[Claim]:
    return reader.claims(article["title"], article["body"], article["published_at"])


def _row(index: int, claim: Claim) -> Row:
    stated = claim.stated_date
    day = date.fromisoformat(stated) if stated else None
    return {"claim_index": index, **asdict(claim), "stated_date": day}


def _latest(settings: Settings, name: str) -> tuple[Path, list[Row]]:
    batches = landing.batches(settings.landing_dir / name)
    if not batches:
        raise MissingInputError(f"landing/{name} is empty: materialise it first")
    return batches[-1], _rows(batches[-1])


def _articles(settings: Settings) -> Iterator[Row]:
    batches = landing.batches(settings.landing_dir / "articles")
    if not batches:
        raise MissingInputError("landing/articles is empty: materialise it first")
    for batch in batches:
        yield from _rows(batch, _ARTICLE)


def _known(settings: Settings, version: str) -> set[Key]:
    """Return the article versions whose last reading is by this version and whole.

    A reading whose claims were lost with a damaged file is not whole.
    """
    last: dict[Key, Row] = {}
    for batch in landing.batches(settings.landing_dir / EXTRACTIONS):
        last |= {(row["article_id"], row["article_hash"]): row for row in _rows(batch)}
    landed: Counter[tuple[str, str, datetime]] = Counter()
    columns = ["article_id", "article_hash", "fetched_at"]
    for batch in landing.batches(settings.landing_dir / CLAIMS):
        landed.update(tuple(row[name] for name in columns) for row in _rows(batch, columns))
    return {
        key
        for key, row in last.items()
        if row["extractor_version"] == version and landed[*key, row["fetched_at"]] == row["claims"]
    }


def _rows(batch: Path, columns: list[str] | None = None) -> list[Row]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(batch) as file:
        rows: list[Row] = file.read(columns=columns).to_pylist()
    return rows
