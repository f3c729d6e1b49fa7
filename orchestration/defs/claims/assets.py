"""The landed claims, and the note of which article was read by which extractor.

Belongs here: how reading shows in Dagster. Does not belong here: reading (`extract`) and landing
(`landed`).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from orchestration.defs.claims.columns import Row
from orchestration.defs.claims.landed import (
    CLAIMS,
    EXTRACTIONS,
    TABLES,
    MissingInputError,
    land_claims,
)
from orchestration.defs.claims.language import LanguageError
from orchestration.settings import load_settings

_SHOWN = ("article_id", "subject", "measure", "direction", "stated_value", "unit", "rule")
_SHOWN_ROWS = 200
_DEPS = [dg.AssetKey(["landing", name]) for name in ("articles", *TABLES)]
_CLAIMS, _EXTRACTIONS = (dg.AssetKey(["landing", name]) for name in (CLAIMS, EXTRACTIONS))


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            key,
            description=description,
            group_name="claims",
            owners=["team:market-data"],
            kinds={"python", "parquet"},
            deps=_DEPS,
        )
        for key, description in (
            (
                _CLAIMS,
                "What articles say of companies and indexes: subject, measure, direction, value, "
                "as-of, and where it stands in the text.",
            ),
            (
                _EXTRACTIONS,
                "Which article version was read by which extractor, and how many claims it has.",
            ),
        )
    ]
)
def claims(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    """Read the article versions that this extractor has not read yet, and land their claims."""
    try:
        reading = land_claims(load_settings(), datetime.now(UTC), context.log.warning)
    except (LanguageError, MissingInputError) as error:
        raise dg.Failure(f"claims cannot be read: {error}", allow_retries=False) from error
    unread = sorted(note["article_id"] for note in reading.notes if note["outcome"] != "read")
    context.log.info(
        f"claims: {len(reading.claims)} in {len(reading.notes)} new articles, "
        f"{reading.known} articles known"
    )
    for article_id in unread:
        context.log.warning(f"claims: no language file fits {article_id}")
    yield dg.MaterializeResult(
        asset_key=_CLAIMS,
        metadata={
            "new": len(reading.claims),
            "by_measure": _counts(reading.claims, "measure"),
            "by_language": _counts(reading.claims, "language"),
            "by_rule": _counts(reading.claims, "rule"),
            "new_claims": _table(reading.claims[:_SHOWN_ROWS], _SHOWN),
        },
    )
    yield dg.MaterializeResult(
        asset_key=_EXTRACTIONS,
        metadata={
            "extractor_version": reading.version,
            "new": len(reading.notes),
            "known": reading.known,
            "without_language_file": len(unread),
            "new_extractions": _table(
                reading.notes[:_SHOWN_ROWS], ("article_id", "language", "claims", "outcome")
            ),
        },
    )


def _counts(rows: list[Row], column: str) -> dg.TableMetadataValue:
    counted = Counter(str(row[column]) for row in rows)
    return _table(
        [{column: name, "claims": count} for name, count in sorted(counted.items())],
        (column, "claims"),
    )


def _table(rows: list[Row], columns: tuple[str, ...]) -> dg.TableMetadataValue:
    """Return rows as a table: text from outside stands in cells, which render no markup."""
    return dg.MetadataValue.table(
        records=[
            dg.TableRecord({name: "" if row[name] is None else row[name] for name in columns})
            for row in rows
        ],
        schema=dg.TableSchema([dg.TableColumn(name) for name in columns]),
    )
