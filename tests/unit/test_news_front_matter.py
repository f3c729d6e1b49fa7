"""An article under a front matter, and each reason for which one is not read."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from orchestration.defs.news.article import MAXIMUM_BYTES, ArticleError
from orchestration.defs.news.front_matter import parse_article

TEXT = """---
article_id: trends-1
publisher: Trends (Knack)
language: nl
published_at: 2025-01-28T01:00:00+01:00
url: https://trends.knack.be/nieuws/x/
title: Samengevat: Nvidia zakt
---

Nvidia sloot net geen 17 procent lager.

---
Apple won.
"""


def test_an_article_is_read_whole() -> None:
    article = parse_article(TEXT.encode())
    assert article.article_id == "trends-1"
    assert article.publisher == "Trends (Knack)"
    assert article.language == "nl"
    assert article.published_at == datetime(2025, 1, 28, tzinfo=UTC)
    assert article.url == "https://trends.knack.be/nieuws/x/"
    assert article.title == "Samengevat: Nvidia zakt"
    assert article.body == "Nvidia sloot net geen 17 procent lager.\n\n---\nApple won."


def test_the_address_may_be_left_out_or_empty() -> None:
    for line in ("", "url:\n"):
        text = TEXT.replace("url: https://trends.knack.be/nieuws/x/\n", line)
        assert parse_article(text.encode()).url is None


def test_markup_in_a_title_stays_as_it_is() -> None:
    text = TEXT.replace("Samengevat: Nvidia zakt", '"<img src=x onerror=alert(1)> & more"')
    assert parse_article(text.encode()).title == "<img src=x onerror=alert(1)> & more"


def test_equal_texts_have_equal_hashes_whatever_the_editor_did() -> None:
    accented = TEXT.replace("lager", "giảm")
    expected = parse_article(accented.encode()).article_hash
    decomposed = accented.replace("ả", "a\u0309")
    assert decomposed != accented
    assert len(expected) == 16
    for variant in (
        b"\xef\xbb\xbf" + accented.encode(),
        accented.replace("\n", "\r\n").encode(),
        accented.replace("giảm.", "giảm.  ").encode(),
        decomposed.encode(),
        accented.encode("utf-16"),
        accented.replace("net", "n\u200bet").encode(),
    ):
        assert parse_article(variant).article_hash == expected


@pytest.mark.parametrize(
    "change",
    [
        {"body": "Other."},
        {"title": "Other"},
        {"url": None},
        {"published_at": datetime(2025, 1, 29, tzinfo=UTC)},
        {"publisher": "Other"},
    ],
)
def test_a_change_of_any_field_is_another_version(change: dict) -> None:
    article = parse_article(TEXT.encode())
    assert replace(article, **change).article_hash != article.article_hash


FRONT = {
    "no front matter": (TEXT, "Just text.\n", "no front matter"),
    "front matter not closed": (TEXT[TEXT.index("zakt\n") :], "zakt\n", "no front matter"),
    "empty file": (TEXT, "", "no front matter"),
    "no text": (TEXT[TEXT.index("\n\n") :], "\n  \n", "no text after the front matter"),
    "no title": ("title: Samengevat: Nvidia zakt\n", "", "has no title"),
    "empty publisher": ("Trends (Knack)", "", "has no publisher"),
    "two missing": ("publisher: Trends (Knack)\nlanguage: nl\n", "", "no publisher, language"),
    "unknown key": ("url:", "link:", "keys are article_id"),
    "no colon": ("language: nl", "language nl", "front matter line 'language nl'"),
    "key twice": ("language: nl", "language: nl\nlanguage: en", "has language twice"),
    "bad id": ("trends-1", "../../etc/passwd", "article_id '../../etc/passwd' is not"),
    "bad language": ("language: nl", "language: Dutch", "language 'Dutch' is not"),
    "day only": ("2025-01-28T01:00:00+01:00", "2025-01-28", "'2025-01-28' is not a timestamp"),
    "no zone": ("01:00:00+01:00", "01:00:00", "is not a timestamp with zone"),
    "no such day": ("2025-01-28T", "2025-02-30T", "day is out of range"),
    "script address": ("https://trends", "javascript:alert(1)//", "is not an http or https"),
    "file address": ("https://trends.knack.be", "file:///etc/passwd", "is not an http or https"),
    "half an address": ("https://trends.knack.be/nieuws", "https://", "is not an http or https"),
    "broken address": ("https://trends.knack.be/", "https://[::1/", "is not an address"),
    "address with blank": ("nieuws/x", "nieuws/ x", "is not an http or https"),
    "terminal control": ("lager", "la\x1b[31mger", "binary"),
    "NUL": ("lager", "la\0ger", "binary"),
}


@pytest.mark.parametrize("case", FRONT)
def test_a_malformed_article_gives_its_reason(case: str) -> None:
    old, new, reason = FRONT[case]
    assert old in TEXT
    with pytest.raises(ArticleError) as caught:
        parse_article(TEXT.replace(old, new, 1).encode())
    assert reason in str(caught.value)


def test_bytes_that_are_no_text_give_their_reason() -> None:
    with pytest.raises(ArticleError, match=r"not UTF-8 \(byte 0xe9\)"):
        parse_article(TEXT.encode().replace(b"Apple", b"Appl\xe9"))


def test_the_size_limit_is_exact() -> None:
    filling = MAXIMUM_BYTES - len(TEXT.encode())
    assert parse_article((TEXT + "x" * filling).encode()).body.endswith("x")
    with pytest.raises(ArticleError, match="larger than 1,000,000 bytes"):
        parse_article((TEXT + "x" * (filling + 1)).encode())
