from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.addresses import (
    PICTURE_HOSTS,
    RefusedAddressError,
    is_captcha,
    is_public,
    shown,
    target_of,
)
from crawler.urls import HOST
from tests.fake_answers import ESCAPES, long_link

HOSTS = PICTURE_HOSTS | {HOST}
WORDS = (
    "http: https: // / \\ @ : # ? . [ ] mp.weixin.qq.com mmbiz.qpic.cn evil.example 127.0.0.1"
    " %2f s 443 target_url="
)
PARTS = st.sampled_from(
    [*WORDS.split(), "\t", "\n", " ", "。", "\ud800", "\x00", "\u202e", "/mp/wappoc_appmsgcaptcha"]
)


@given(
    st.lists(st.one_of(PARTS, st.text(max_size=5)), max_size=10),
    st.sampled_from(["", long_link(1)]),
)
def test_whatever_is_given_leads_to_an_allowed_host_over_https_or_nowhere(
    parts: list[str], base: str
) -> None:
    try:
        target = target_of("".join(parts), hosts=HOSTS, base=base)
    except RefusedAddressError:
        return
    url = httpx.URL(target)
    assert (url.scheme, url.port, url.userinfo) == ("https", None, b"")
    assert url.host == urlsplit(target).hostname
    assert url.host in HOSTS
    assert target.isascii()
    assert target.isprintable()


def test_an_address_is_measured_as_it_is_sent() -> None:
    far = f"https://mp.weixin.qq.com/s/{'中' * 8000}"
    with pytest.raises(RefusedAddressError, match="characters long"):
        target_of(far, hosts={"mp.weixin.qq.com"})


@pytest.mark.parametrize("escape", ESCAPES)
def test_no_known_trick_leads_anywhere(escape: str) -> None:
    with pytest.raises(RefusedAddressError):
        target_of(escape, hosts=HOSTS, base=long_link(1))


@pytest.mark.parametrize(
    ("given_", "target"),
    [
        ("http://mp.weixin.qq.com/s/abcdefgh#rd", "https://mp.weixin.qq.com/s/abcdefgh"),
        ("https://mp.weixin.qq.com:443/s/abcdefgh", "https://mp.weixin.qq.com/s/abcdefgh"),
        (
            "HTTPS://MP.WEIXIN.QQ.COM/s/abcdefgh?key=1&scene=2",
            "https://mp.weixin.qq.com/s/abcdefgh?scene=2",
        ),
        (
            "http://mmbiz.qpic.cn/mmbiz_png/a b/0?wx_fmt=png#x",
            "https://mmbiz.qpic.cn/mmbiz_png/a%20b/0?wx_fmt=png",
        ),
        ("//mmbiz.qpic.cn/图/0", "https://mmbiz.qpic.cn/%E5%9B%BE/0"),
        ("http://mmecoa.qpic.cn/mmecoa_png/a/0", "https://mmecoa.qpic.cn/mmecoa_png/a/0"),
        ("/s/abcdefgh", "https://mp.weixin.qq.com/s/abcdefgh"),
        (
            "/mp/wappoc_appmsgcaptcha?poc_token=x&target_url=https%3A%2F%2Fmp.weixin.qq.com%2Fs%2Fabcdefgh",
            "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha",
        ),
    ],
)
def test_an_allowed_address_is_asked_over_https_without_what_nobody_needs(
    given_: str, target: str
) -> None:
    assert target_of(given_, hosts=HOSTS, base="https://mp.weixin.qq.com/s/12345678") == target


def test_the_captcha_is_known_by_its_address_alone() -> None:
    assert is_captcha("https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha")
    assert not is_captcha("https://mp.weixin.qq.com/s/wappoc_appmsgcaptcha")
    assert not is_captcha("https://mmbiz.qpic.cn/mp/wappoc_appmsgcaptcha")


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "121.51.36.46", "2402:4e00::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"],
)
def test_an_address_on_the_open_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.text())
def test_what_is_shown_is_short_and_stays_on_its_line(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown(text)) <= 203


@given(st.ip_addresses())
def test_no_address_breaks_the_check(address: str) -> None:
    assert is_public(ip_address(str(address))) in (True, False)
