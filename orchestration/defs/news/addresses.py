"""Addresses of articles: which are usable, which are the same, and what date they carry.

Belongs here: reading an address as text. Does not belong here: asking for one (`fetch`).
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from orchestration.defs.news.article import ArticleError

_LONGEST = 2000
# Parameters that tell where a reader came from and never what is read.
_TRACKING = re.compile(
    r"utm_\w+|at_\w+|mc_[ce]id|ns_\w+|pk_\w+|fbclid|gclid|gclsrc|dclid|msclkid|yclid|twclid|"
    r"igshid|wt_?mc(_\w+)?|cmpid|cmp|icid|ncid|smid|smtyp|guccounter|guce_referrer(_sig)?|ref|"
    r"ref_src|referrer|xtor|_ga|_gl|spm|sref",
    re.IGNORECASE,
)
# before a name with a dot in it, so that mobile.de keeps its own
_VARIANT = re.compile(r"^(www|m|mobile|amp)\.(?=[^.]+\.)")
_AMP_QUERY = {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")}
# /2025/01/27/, /2025-01-27/ or -20250127, with nothing before or after that would make it a number
_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})([/-]?)(\d{2})\2(\d{2})(?!\d)")


def web_address(value: str) -> str:
    """Return an http or https address as it stands.

    Raises:
        ArticleError: it is anything else, such as `javascript:`.
    """
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError as error:
        raise ArticleError(f"url {value[:80]!r} is not an address ({error})") from error
    if not is_web or re.search(r"[\s\x00-\x1f]", value) or len(value) > _LONGEST:
        raise ArticleError(f"url {value[:80]!r} is not an http or https address")
    return value


def canonical(url: str) -> str:
    """Return the form of an address that is the same for every way to the same page.

    Tracking parameters and fragments go, parameters are sorted, the host is lower case and
    without `www.`, mobile and AMP variants are the plain page, and http is https. It is for
    comparing: a server may not answer at it.
    """
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    path = re.sub(r"/amp/?$|(?<=/)amp/(?=.)|\.amp(?=\.html$|$)", "", _path(parts)) or "/"
    kept = sorted(
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(key) and (key.lower(), value.lower()) not in _AMP_QUERY
    )
    return urlunsplit(
        ("https", f"{_site(url)}{port}", path.rstrip("/") or "/", urlencode(kept), "")
    )


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are of one host, `www.`, `m.`, `amp.` and the like aside."""
    return _site(one) == _site(other)


def date_in(url: str) -> date | None:
    """Return the day that the path of an address carries; None when it has none or several."""
    found = set()
    for year, _, month, day in _DATE.findall(urlsplit(url).path):
        try:
            found.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found.pop() if len(found) == 1 else None


def _path(parts: SplitResult) -> str:
    # %7E and ~ are one; what must be quoted stays so
    plain = unquote(parts.path, errors="surrogateescape")
    return quote(plain, safe="/~:@!$&'()*+,;=-._", errors="surrogateescape")


def _site(url: str) -> str:
    return _VARIANT.sub("", (urlsplit(url).hostname or "").rstrip("."))
