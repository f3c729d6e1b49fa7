"""What the evidence of an article is made of: its row of `articles` and its claims, as words.

Belongs here: reading the marts, one article after the other. Does not belong here: how a claim is
shown (`card`, `claim_review`). Nothing is computed: every number stands in `claim_verdicts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]

_MOMENT = "strftime(make_timestamp(epoch_us({column})), '%Y-%m-%dT%H:%M:%SZ')"
# The order of the text; documented figures, which have no place in it, come first.
_QUERY = f"""
select
    verdicts.* exclude (prices_fetched_at, session_date, previous_close_session_date),
    cast(verdicts.session_date as varchar) as session_date,
    cast(verdicts.previous_close_session_date as varchar) as previous_close_session_date,
    {_MOMENT.format(column="verdicts.prices_fetched_at")} as prices_fetched_at,
    articles.story_id,
    coalesce(articles.title, verdicts.article_id) as title,
    articles.language,
    articles.published_at_note,
    {_MOMENT.format(column="articles.published_at")} as published_at,
    {_MOMENT.format(column="articles.first_seen_at")} as first_seen_at,
from warehouse.marts.claim_verdicts as verdicts
left join warehouse.marts.articles as articles on verdicts.article_id = articles.article_id
order by
    verdicts.article_id,
    verdicts.claim_source,
    verdicts.figure_id,
    verdicts.article_part desc,
    verdicts.span_start,
    verdicts.claim_id
"""  # noqa: S608 - our own words
_AT_ONCE = 1_000


@dataclass(frozen=True)
class Evidence:
    """One article with the claims that were found in it.

    Attributes:
        article: `article_id`, `story_id`, `publisher`, `title`, `language`, `article_url`,
            `published_at`, `published_at_note` and `first_seen_at`; moments are ISO texts in UTC.
            Of an article that is cited and not on file only the id is known, which is its title.
        claims: rows of `claim_verdicts`, days and moments as ISO texts; at least one.
    """

    article: Row
    claims: list[Row]


def read_evidence(connection: duckdb.DuckDBPyConnection) -> Iterator[Evidence]:
    """Yield each article that has a claim, in order of its id.

    Args:
        connection: with the built warehouse attached as `warehouse`.

    Raises:
        duckdb.Error: a mart is missing or lacks a column.
    """
    for _, rows in groupby(_rows(connection), key=itemgetter("article_id")):
        claims = list(rows)
        yield Evidence(article=claims[0], claims=claims)


def _rows(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    # a cursor of its own, so that whoever iterates may use the connection in between
    with connection.cursor() as cursor:
        cursor.execute(_QUERY)
        names = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from (dict(zip(names, row, strict=True)) for row in rows)
