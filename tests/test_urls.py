from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.errors import InputError
from crawler.urls import PageType, identity_of, is_wechat, parse_any, parse_url
from tests.conftest import SEEDS, needs_shared

LONG = "https://mp.weixin.qq.com/s?__biz=MzA5MzE5MDAzOA==&mid=2664212556&idx=5&sn=7f8ae8c82ddd649975b1b2c4bc160148"
SIGNED = LONG + "&chksm=8b59aab5&scene=58&subscene=0#rd"
SHORT = "https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg"


def test_a_long_link_names_the_article() -> None:
    url = parse_url(SIGNED)
    assert url.article_id == "MzA5MzE5MDAzOA==:2664212556:5"
    assert url.signed
    assert url.given == SIGNED


def test_a_request_keeps_the_signature_and_drops_the_fragment() -> None:
    assert parse_url(SIGNED.replace("https", "http")).request == SIGNED.removesuffix("#rd")


def test_a_long_link_without_chksm_is_unsigned() -> None:
    assert not parse_url(LONG).signed


def test_a_short_link_is_signed_and_known_by_its_token() -> None:
    url = parse_url(SHORT + "?from=x")
    assert url.signed
    assert url.article_id == "s:tttFlt0EKNkxZhH5n2JbFg"
    assert url.canonical == SHORT


@pytest.mark.parametrize(
    "form",
    [
        SIGNED,
        LONG,
        LONG.replace("https", "http"),
        LONG.replace("&", "&amp;"),
        LONG.replace("&", "\\x26"),
        LONG.replace("&", "\\x26amp;"),
        LONG.replace("https://", ""),
        "//" + LONG.removeprefix("https://"),
        LONG.replace("__biz=MzA5MzE5MDAzOA==", "__biz=MzA5MzE5MDAzOA"),
        LONG.replace("==", "%3D%3D"),
        f"  {LONG}\n",
        LONG.replace("mp.weixin", "MP.Weixin"),
    ],
)
def test_every_spelling_of_a_link_has_one_canonical_form(form: str) -> None:
    assert parse_url(form).canonical == LONG


def test_credentials_are_neither_kept_nor_sent() -> None:
    url = parse_url(SIGNED.replace("&scene", "&key=s3cret&uin=1&pass_ticket=s3cret&scene"))
    assert "s3cret" not in f"{url.given}{url.request}{url.canonical}"
    assert "uin=" not in f"{url.given}{url.request}"
    assert url.given == SIGNED


def test_a_verification_url_names_the_page_that_was_wanted() -> None:
    gate = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x&target_url="
    assert parse_url(gate + SHORT.replace(":", "%3A").replace("/", "%2F")).canonical == SHORT


@pytest.mark.parametrize(
    ("path", "page_type"),
    [
        ("mp/appmsgalbum?__biz=MzA5MzE5MDAzOA==&album_id=1", PageType.ALBUM),
        ("mp/aboutbiz?__biz=MzA5MzE5MDAzOA==", PageType.ACCOUNT),
        ("mp/profile_ext?action=home&__biz=MzA5MzE5MDAzOA==", PageType.ACCOUNT),
        ("cgi-bin/home", PageType.OTHER),
        ("s?__biz=MzA5MzE5MDAzOA==&mid=1&idx=1", PageType.ARTICLE),
    ],
)
def test_an_address_says_what_it_leads_to(path: str, page_type: PageType) -> None:
    assert parse_url(f"https://mp.weixin.qq.com/{path}").page_type is page_type


def test_a_link_from_a_search_engine_is_temporary() -> None:
    url = parse_url("https://mp.weixin.qq.com/s?src=11&timestamp=1&ver=1&signature=abc")
    assert url.temporary
    assert url.identity is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "https://example.com/s/tttFlt0EKNkxZhH5n2JbFg",
        "https://mp.weixin.qq.com.example.com/s/tttFlt0EKNkxZhH5n2JbFg",
        "https://mp.weixin.qq.com@example.com/s/x",
        "https://user@mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg",
        "https://mp.weixin.qq.com:8443/s/tttFlt0EKNkxZhH5n2JbFg",
        "https://mp.weixin.qq.com./s/tttFlt0EKNkxZhH5n2JbFg",
        "ftp://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg",
        "http://[::1",
        "https://mp.weixin.qq.com/s/" + "a" * 9000,
    ],
)
def test_what_is_not_wechats_is_refused_by_name(text: str) -> None:
    assert not is_wechat(text)
    with pytest.raises(InputError, match=r"mp\.weixin\.qq\.com/s"):
        parse_url(text)


@pytest.mark.parametrize(
    ("biz", "mid", "idx"),
    [("", "1", "1"), ("MzA5", "x", "1"), ("MzA5", "1", ""), ("a b'", "1", "1")],
)
def test_half_an_identity_is_none(biz: str, mid: str, idx: str) -> None:
    assert identity_of(biz, mid, idx) is None


def test_a_link_that_no_other_place_could_read_once_it_is_encoded_is_refused() -> None:
    with pytest.raises(InputError, match="is 9048 characters long"):
        parse_url(f"https://mp.weixin.qq.com/s?src=11&signature=1&x={'渡' * 1000}")


@pytest.mark.parametrize("pages", [5, 200])
def test_captchas_within_one_another_are_not_followed_without_end(pages: int) -> None:
    captcha = "mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?target_url="
    assert parse_url(captcha * 3 + SHORT).canonical == SHORT
    with pytest.raises(InputError, match="from one captcha to the next"):
        parse_url(captcha.replace("_appmsgcaptcha", "") * pages + SHORT)


@given(st.text())
@example("mp.weixin.qq.com/s?__biz=\x00&mid=\ud800")
@example("https://mp.weixin.qq.com:99999999/s")
@example("__biz=MzA5MzE5MDAzOA==&mid=1&idx=1&sn=%00%1B%E2%80%AE")
@example("__biz=MzA5MzE5MDAzOA==&mid=1&idx=1&sn=ab%26chksm%3Dab")
def test_no_text_breaks_the_parser(text: str) -> None:
    for candidate in (
        text,
        f"https://mp.weixin.qq.com/{text}",
        f"https://mp.weixin.qq.com/s?{text}",
    ):
        try:
            url = parse_url(candidate)
        except InputError:
            continue
        assert parse_url(url.canonical).canonical == url.canonical
        assert parse_url(url.request).article_id == url.article_id


@given(
    biz=st.from_regex(r"[A-Za-z0-9]{2,16}={0,2}", fullmatch=True),
    mid=st.from_regex(r"[0-9]{1,12}", fullmatch=True),
    idx=st.from_regex(r"[0-9]{1,2}", fullmatch=True),
    rest=st.sampled_from(
        [
            "",
            f"&sn={'a' * 32}",
            f"&sn={'a' * 32}&chksm=ab12",
            "&chksm=ab&scene=27",
            "&scene=1#rd",
            "#rd",
        ]
    ),
)
@example(
    biz="MzA5MzE5MDAzOA==", mid="2664212556", idx="5", rest="&chksm=8b59&scene=58&subscene=0#rd"
)
def test_the_short_way_and_the_long_way_read_a_common_link_alike(
    biz: str, mid: str, idx: str, rest: str
) -> None:
    link = f"https://mp.weixin.qq.com/s?__biz={biz}&mid={mid}&idx={idx}{rest}"
    assert parse_url(link) == parse_any(link)


@needs_shared
def test_every_link_of_the_real_seeds_reads_alike_by_either_way() -> None:
    links = [
        line.removeprefix("url: ")
        for path in SEEDS.rglob("*.md")
        for line in path.read_text(encoding="utf-8").splitlines()[:20]
        if line.startswith("url: https://mp.weixin.qq.com")
    ]
    assert len(links) > 1800
    for link in links:
        assert parse_url(link) == parse_any(link)
