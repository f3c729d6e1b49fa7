"""Verdicts as schema.org ClaimReview in JSON-LD, for fact-check readers.

Belongs here: which property holds which column, and the rating of each verdict. Does not belong
here: escaping (`outside`) and any number (`claim_verdicts`). https://schema.org/ClaimReview
"""

from __future__ import annotations

from typing import Any

from orchestration.defs.evidence.outside import link_address
from orchestration.defs.evidence.rows import Evidence, Row

REVIEWER = "Aftershock"
BEST, WORST = 5, 1
# A verdict without a value says that the evidence is missing, which no point of the scale means.
RATINGS: dict[str, tuple[int | None, str]] = {
    "confirmed": (5, "Confirmed"),
    "consistent_intraday": (4, "Consistent with the session's range"),
    "confirmed_other_basis": (3, "Confirmed on another basis"),
    "refuted": (1, "Refuted"),
    "insufficient_data": (None, "Insufficient data"),
}


def claim_reviews(evidence: Evidence) -> dict[str, Any] | None:
    """Return one document with a review for each claim that prices can show; None without one.

    `datePublished` is the day of the bars that decide the verdict; where there are none it is the
    day on which the article was first seen. It is never a day before the article's own.
    """
    reviews = [_review(evidence.article, claim) for claim in evidence.claims if is_reviewed(claim)]
    return {"@context": "https://schema.org", "@graph": reviews} if reviews else None


def is_reviewed(claim: Row) -> bool:
    """Whether a claim has a review: prices could show it."""
    return claim["verdict"] in RATINGS


def _review(article: Row, claim: Row) -> dict[str, Any]:
    value, name = RATINGS[claim["verdict"]]
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": name}
    if value is not None:
        rating |= {"ratingValue": value, "bestRating": BEST, "worstRating": WORST}
    reviewer = _organization(REVIEWER)
    return _known(
        {
            "@type": "ClaimReview",
            "identifier": claim["claim_id"],
            "datePublished": _day(article, claim),
            "author": reviewer,
            "publisher": reviewer,
            "inLanguage": "en",
            "claimReviewed": _stated(claim),
            "reviewBody": claim["explanation"],
            "reviewRating": rating,
            "itemReviewed": _known(
                {
                    "@type": "Claim",
                    "author": _organization(article["publisher"]),
                    "datePublished": article["published_at"],
                    "appearance": _appearance(article),
                }
            ),
        }
    )


def _stated(claim: Row) -> str:
    subject = claim["subject"] or claim["symbol"] or "unknown"
    session = f" (session of {claim['session_date']})" if claim["session_date"] else ""
    return f"{subject}: {claim['stated_text']}{session}"


def _appearance(article: Row) -> dict[str, Any]:
    return _known(
        {
            "@type": "NewsArticle",
            "identifier": article["article_id"],
            "headline": article["title"],
            "inLanguage": article["language"],
            "datePublished": article["published_at"],
            "publisher": _organization(article["publisher"]),
            "url": link_address(article["article_url"]),
        }
    )


def _organization(name: str | None) -> dict[str, Any] | None:
    return {"@type": "Organization", "name": name} if name else None


def _known(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}


def _day(article: Row, claim: Row) -> str | None:
    moments = (claim["prices_fetched_at"] or article["first_seen_at"], article["published_at"])
    return max((moment[:10] for moment in moments if moment), default=None)
