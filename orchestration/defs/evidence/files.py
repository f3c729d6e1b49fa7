"""The evidence files of a publication: a card and the claim reviews of each article with a claim.

Belongs here: names and bytes. Does not belong here: writing them (`publishing`) and what they say
(`card`, `claim_review`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from orchestration.defs.evidence.card import card
from orchestration.defs.evidence.claim_review import claim_reviews
from orchestration.defs.evidence.outside import as_json
from orchestration.defs.evidence.rows import read_evidence

if TYPE_CHECKING:
    import duckdb

EVIDENCE = "evidence"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


def evidence_files(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, bytes]]:
    """Yield path below the publication and content of each file, always in the same order.

    Args:
        connection: with the built warehouse attached as `warehouse`.

    Raises:
        duckdb.Error: a mart is missing or lacks a column.
    """
    for evidence in read_evidence(connection):
        name = file_name(evidence.article["article_id"])
        yield f"{EVIDENCE}/{name}.md", card(evidence).encode()
        reviews = claim_reviews(evidence)
        if reviews is not None:
            yield f"{EVIDENCE}/{name}.json", as_json(reviews).encode()


def file_name(article_id: str) -> str:
    """Return the article's id, or a digest of it when it is not in the form that ids have.

    An id of a landed article has that form; one that has not must neither name a place outside the
    folder nor stop the publication.
    """
    if _NAME.fullmatch(article_id):
        return article_id
    return f"article-{hashlib.sha256(article_id.encode()).hexdigest()[:16]}"
