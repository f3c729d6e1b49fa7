"""Every kind of file that can be dropped, good and bad: one clear outcome each."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.defs.news.article import Article, Rejected
from orchestration.defs.news.folder import read_folder
from orchestration.defs.news.sources.inbox import readers

Read = Callable[[str, bytes], Article]
NOON = datetime(2025, 1, 27, 12, tzinfo=UTC)
PAGE = """<!doctype html><html lang="nl-BE"><head><title>Kop | De Krant</title>
<link rel="canonical" href="https://www.krant.be/2025/01/27/kop?utm_source=x">
<meta property="og:site_name" content="De Krant">
<meta property="article:published_time" content="2025-01-27T13:00:00+01:00">
</head><body><nav>Menu</nav><article><h1>Kop</h1><p>Nvidia daalde
17&nbsp;procent.</p><script>alert(1)</script><aside>Lees ook</aside><p>Apple won.</p></article>
<footer>Colofon</footer></body></html>"""
MAIL = b"""Message-ID: <1@krant.be>\r
Subject: =?utf-8?q?Nvidia_=E2=80=93_gi=E1=BA=A3m?=\r
From: "De Krant" <nieuws@krant.be>\r
Date: Mon, 27 Jan 2025 13:00:00 +0100\r
Content-Type: text/plain; charset=windows-1252\r
Content-Transfer-Encoding: 8bit\r
\r
Verlies van 17 procent \x96 meer dan verwacht.\r
"""


@pytest.fixture
def items(tmp_path: Path) -> Callable[[str, bytes], list[Article | Rejected]]:
    def read(name: str, data: bytes) -> list[Article | Rejected]:
        (tmp_path / name).write_bytes(data)
        return list(read_folder(tmp_path, readers()))

    return read


@pytest.fixture
def one(items: Callable[[str, bytes], list[Article | Rejected]]) -> Read:
    def read(name: str, data: bytes) -> Article:
        (item,) = items(name, data)
        assert isinstance(item, Article), item
        return item

    return read


def test_a_plain_text_needs_no_front_matter(one: Read) -> None:
    article = one("note.txt", "Nvidia zakt\n\nNvidia sloot 17 procent lager.\n".encode("utf-16"))
    assert (article.title, article.body) == ("Nvidia zakt", "Nvidia sloot 17 procent lager.")
    assert (article.publisher, article.language, article.published_at) == ("unknown", None, None)
    assert article.derived_fields == ("article_id", "publisher", "title")
    assert article.article_id.startswith("inbox-")


def test_a_heading_of_markdown_is_the_title_and_a_link_in_it_is_text(one: Read) -> None:
    article = one("note.md", b"# Nvidia [falls](javascript:alert(1)) <script>x</script>\nText.")
    assert article.title == "Nvidia [falls](javascript:alert(1)) <script>x</script>"


def test_a_long_first_line_is_cut_for_the_title_and_kept_in_the_text(one: Read) -> None:
    article = one("note.txt", b"word " * 1000)
    assert len(article.title) <= 500
    assert article.title.endswith("…")
    assert len(article.body) == 4999


def test_a_page_is_reduced_to_its_article_and_what_it_says_of_itself(one: Read) -> None:
    article = one("page.html", PAGE.encode())
    assert article.body == "Nvidia daalde 17 procent.\nApple won."
    assert (article.title, article.publisher, article.language) == ("Kop", "De Krant", "nl")
    assert (article.published_at, article.published_at_source) == (NOON, "meta")
    assert article.url == "https://www.krant.be/2025/01/27/kop?utm_source=x"
    assert "published_at" in article.derived_fields


def test_json_ld_goes_before_tags(one: Read) -> None:
    linked = {
        "@graph": [
            {"@type": "WebSite", "name": "Other"},
            {
                "@type": ["NewsArticle"],
                "headline": "Linked <b>title</b>",
                "datePublished": "2025-01-26",
                "publisher": {"name": "Linked paper"},
            },
        ]
    }
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script></head>'
    article = one("page.html", PAGE.replace("</head>", script).encode())
    assert (article.title, article.publisher) == ("Linked <b>title</b>", "Linked paper")
    assert article.published_at == datetime(2025, 1, 26, tzinfo=UTC)
    assert (article.published_at_source, article.is_day_only) == ("json_ld", True)


def test_a_canonical_address_on_another_site_does_not_count(one: Read) -> None:
    own = '<meta property="og:url" content="https://m.other.be/kop"></head>'
    assert one("page.html", PAGE.replace("</head>", own).encode()).url == "https://m.other.be/kop"


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-1", "utf-8", "windows-1258"])
def test_a_page_is_read_in_the_encoding_that_it_declares(one: Read, encoding: str) -> None:
    page = f'<meta charset="{encoding}"><p>Caf\u00e9 kop</p><p>D\u00e9ficit</p>'
    assert one("page.htm", page.encode(encoding)).body == "Déficit"


def test_a_byte_order_mark_goes_before_the_declaration(one: Read) -> None:
    page = '<meta charset="windows-1252"><p>Kop</p><p>giảm</p>'
    assert one("page.html", page.encode("utf-16")).body == "giảm"


def test_a_mail_gives_subject_sender_date_and_text_in_its_charset(one: Read) -> None:
    article = one("mail.eml", MAIL)
    assert article.title == "Nvidia \u2013 giảm"
    assert article.body == "Verlies van 17 procent \u2013 meer dan verwacht."
    assert article.publisher == "De Krant"
    assert (article.published_at, article.published_at_source) == (NOON, "header")


def test_a_mail_of_html_parts_is_reduced_to_text(one: Read) -> None:
    mail = (
        b'Subject: News\nContent-Type: multipart/mixed; boundary="x"\n\n'
        b"--x\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        b"PHA+TnZpZGlhIGZlbGw8L3A+PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\n"
        b'--x\nContent-Type: text/plain; name="a.txt"\nContent-Disposition: attachment; '
        b'filename="a.txt"\n\nattached\n--x--\n'
    )
    assert one("mail.eml", mail).body == "Nvidia fell"


def test_json_in_the_words_of_the_project_and_of_schema_org(
    items: Callable[[str, bytes], list[Article | Rejected]],
) -> None:
    good = {"title": "T", "body": "B", "publisher": "P", "language": "en", "article_id": "a-1"}
    schema = {
        "headline": "H",
        "articleBody": "A",
        "publisher": {"name": "Q"},
        "datePublished": "2025-01-27T12:00:00Z",
        "url": "https://example.org/1",
    }
    found = items("list.json", json.dumps([good, {"title": 3}, "x", schema]).encode())
    first, second, third, fourth = found
    assert isinstance(first, Article)
    assert isinstance(fourth, Article)
    assert (first.article_id, first.derived_fields) == ("a-1", ())
    assert (fourth.title, fourth.publisher, fourth.published_at) == ("H", "Q", NOON)
    assert second == Rejected("list.json, article 2", "title is not a text")
    assert isinstance(third, Rejected)
    assert "an object with the keys" in third.reason


BAD: dict[str, tuple[str, bytes, str]] = {
    "empty text": ("a.txt", b"", "it holds no text"),
    "blank text": ("a.md", b" \n\n", "it holds no text"),
    "empty page": ("a.html", b"", "it holds no text"),
    "page of scripts": ("a.html", b"<script>x</script>", "it holds no text"),
    "empty mail": ("a.eml", b"", "no mail: it has no headers"),
    "mail of nothing": ("a.eml", b"From: a@b.c\n\n", "it holds no text"),
    "empty json": ("a.json", b"", "no JSON"),
    "ten megabytes of one line": ("a.txt", b"x" * 10_000_000, "larger than 1,000,000 bytes"),
    "ten megabytes of page": ("a.html", b"x" * 10_000_000, "larger than 8,000,000 bytes"),
    "ten megabytes of mail": ("a.eml", b"x" * 10_000_000, "larger than 8,000,000 bytes"),
    "ten megabytes of json": ("a.json", b"1" * 10_000_000, "larger than 8,000,000 bytes"),
    "page with much text": ("a.html", b"<p>x" + b"word " * 300_000, "more than 1,000,000 char"),
    "not the declared one": ("a.html", b"<meta charset=utf-8><p>caf\xe9", "not UTF-8 (byte 0xe9)"),
    "not the implied one": ("a.html", b"<p>caf\xe9", "not UTF-8 (byte 0xe9)"),
    "no encoding": ("a.html", b"<meta charset=klingon><p>x", "unknown encoding 'klingon'"),
    "a bomb for an encoding": ("a.html", b"<meta charset=zlib><p>x", "no encoding of text"),
    "half a UTF-16": ("a.txt", b"\xff\xfea", "not UTF-16"),
    "mail in no encoding": ("a.eml", MAIL.replace(b"windows-1252", b"nonsense"), "unknown enc"),
    "nested page": ("a.html", b"<div>" * 100_000, "nested deeper than 256"),
    "page of attributes": (
        "a.html",
        b"<p " + b" ".join(b"a%d" % n for n in range(100_000)) + b">x",
        "more than 500 attributes",
    ),
    "nested json": ("a.json", b"[" * 200_000, "no JSON"),
    "json that is cut": ("a.json", b'{"title": "x"', "no JSON"),
    "json of no article": ("a.json", b"3", "an object with the keys"),
    "json without text": ("a.json", b"{}", "it holds no text"),
    "json with a wrong time": (
        "a.json",
        b'{"title": "x", "published_at": "noon"}',
        "is not a time",
    ),
    "json with a wrong language": ("a.json", b'{"title": "x", "language": "Dutch"}', "two letters"),
    "json with a script address": ("a.json", b'{"title": "x", "url": "javascript:1"}', "http"),
    "json with a path for an id": (
        "a.json",
        b'{"title": "x", "article_id": "../x"}',
        "of the form",
    ),
    "binary": ("a.txt", b"GIF89a\x00\x01", "binary"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_one_rejection_and_loses_no_other(
    case: str, items: Callable[[str, bytes], list[Article | Rejected]], tmp_path: Path
) -> None:
    name, data, reason = BAD[case]
    (tmp_path / "good.txt").write_text("Good news\nof the day")
    bad, good = items(name, data)
    assert isinstance(bad, Rejected)
    assert bad.name == name
    assert reason in bad.reason
    assert isinstance(good, Article)


def test_signs_that_turn_the_direction_of_reading_are_taken_out(one: Read) -> None:
    page = "<title>Nvidia \u202e%71\u202c fell \u200f17\u200e%</title><p>x\u2066y</p>"
    article = one("page.html", page.encode())
    assert (article.title, article.body) == ("Nvidia %71 fell 17%", "xy")


def test_a_mail_with_parts_nested_without_end_is_one_rejection(
    items: Callable[[str, bytes], list[Article | Rejected]],
) -> None:
    head = b"Subject: x\n"
    for depth in range(2000):
        head += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth)
    (bad,) = items("a.eml", head)
    assert isinstance(bad, Rejected)
