"""Which addresses are the same, which are none, and which may be connected to."""

from datetime import date

import pytest

from orchestration.defs.news.addresses import canonical, date_in, same_site, web_address
from orchestration.defs.news.article import ArticleError
from orchestration.defs.news.guard import is_public

PAGE = "https://example.org/news/a"


@pytest.mark.parametrize(
    "variant",
    [
        "http://www.example.org/news/a",
        "https://EXAMPLE.org:443/news/a/",
        "https://m.example.org/news/a?utm_source=feed&utm_medium=rss&fbclid=x#top",
        "https://amp.example.org/news/a",
        "https://example.org/news/a/amp/",
        "https://example.org/news/amp/a",
        "https://example.org/news/a?amp=1",
        "https://example.org./news/%61",
    ],
)
def test_every_way_to_a_page_has_one_canonical_address(variant: str) -> None:
    assert canonical(variant) == PAGE


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/news/a?id=1",
        "https://example.org/news/A",
        "https://example.org:8443/news/a",
        "https://news.example.org/news/a",
        "https://example.org/news/champ/a",
    ],
)
def test_another_page_keeps_another_address(other: str) -> None:
    assert canonical(other) != PAGE


def test_parameters_that_say_what_is_read_stay_in_one_order() -> None:
    assert canonical("https://x.org/?b=2&utm_x=1&a=1&c=") == "https://x.org/?a=1&b=2&c="


def test_a_host_that_only_looks_like_a_variant_stays() -> None:
    assert canonical("https://mobile.de/a") == "https://mobile.de/a"
    assert same_site("https://www.x.org/a", "http://m.x.org/b")
    assert not same_site("https://x.org", "https://x.org.evil.example")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.org/2025/01/27/a", date(2025, 1, 27)),
        ("https://x.org/a-2025-01-27.html", date(2025, 1, 27)),
        ("https://x.org/a20250127", date(2025, 1, 27)),
        ("https://x.org/2025/01/27/a-20250127", date(2025, 1, 27)),
        ("https://x.org/2025/01/27/since-2020-03-16", None),
        ("https://x.org/2025/13/27/a", None),
        ("https://x.org/a-120250127", None),
        ("https://x.org/?d=2025-01-27", None),
    ],
)
def test_a_path_may_carry_one_day(url: str, expected: date | None) -> None:
    assert date_in(url) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.org/", "//x"),
        *(
            "https://",
            "https://x.org:port/",
            "https://[::1/",
            "https://x .org/",
            "https://x.org/\n",
        ),
        *(f"https://x.org/{'a' * 2000}", ""),
    ],
)
def test_what_is_no_web_address_is_refused(value: str) -> None:
    with pytest.raises(ArticleError):
        web_address(value)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses_may_be_connected_to(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1"),
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"),
        *("2001:0:102:304:0:0:80ff:fffe", "localhost", ""),
    ],
)
def test_no_other_address_may_be_connected_to(address: str) -> None:
    assert not is_public(address)
