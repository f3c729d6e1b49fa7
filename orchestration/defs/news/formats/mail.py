"""Mails, such as newsletters, as files of RFC 5322."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from orchestration.defs.news.article import MAXIMUM_WRAPPED_BYTES, Article, ArticleError
from orchestration.defs.news.derive import article_from
from orchestration.defs.news.markup import article_text, parse_html
from orchestration.defs.news.text import decode, one_line, tidy

SUFFIXES = (".eml",)


def articles(data: bytes, name: str) -> Iterator[Article]:
    """Yield the mail's article: Subject, From, Date, and its plain text, else its HTML."""
    if len(data) > MAXIMUM_WRAPPED_BYTES:
        raise ArticleError(f"larger than {MAXIMUM_WRAPPED_BYTES:,} bytes")
    try:
        # the older policy: the newer one raises on headers that are merely malformed
        mail = message_from_bytes(data, policy=policy.compat32)
        parts = [part for part in mail.walk() if not part.is_multipart()]
    except RecursionError as error:
        raise ArticleError("a mail with parts nested too deep") from error
    if not mail.keys():
        raise ArticleError("no mail: it has no headers")
    sender, address = parseaddr(_header(mail, "From"))
    language = _header(mail, "Content-Language")[:2].lower()
    yield article_from(
        _header(mail, "Message-ID") or name,
        title=one_line(_header(mail, "Subject")),
        body=_body(parts),
        publisher=one_line(sender) or address.rpartition("@")[2],
        language=language if language.isascii() and language.isalpha() else None,
        stamp=_stamp(_header(mail, "Date")),
    )


def _header(mail: Message, name: str) -> str:
    value = str(mail.get(name) or "")
    try:
        return str(make_header(decode_header(value))).strip()
    except (LookupError, ValueError, MessageError):
        # an encoded word that is none: shown as it stands
        return value.strip()


def _stamp(value: str) -> tuple[datetime, str, bool] | None:
    try:
        sent = parsedate_to_datetime(value)
        # `-0000` says that the zone is unknown; the time is UTC all the same
        sent = sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return sent, "header", False


def _body(parts: list[Message]) -> str:
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() != kind or part.get_filename():
                continue
            payload = part.get_payload(decode=True)
            text = decode(payload if isinstance(payload, bytes) else b"", _charset(part))
            if kind == "text/html":
                page = parse_html(text)
                text = "" if page is None else article_text(page)
            if text.strip():
                return tidy(text)
    return ""


def _charset(part: Message) -> str | None:
    charset = part.get_content_charset()
    return str(charset) if charset else None
