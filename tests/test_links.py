"""A link ends where it ends: many spellings, each with what is sent for it, or why nothing is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler import links
from crawler.links import find_links
from crawler.urls import parse_url
from tests.growth import assert_linear

SHORT = "https://mp.weixin.qq.com/s/nFqZ0-x_7LbKcWv3RtYm1A"
SN = "5d41402abc4b2a76b9719d911017c592"
CHKSM = "be" + "0123456789abcdef" * 4 + "0123456789"
BARE = "https://mp.weixin.qq.com/s?__biz=MzA5MzE5MDAzOA==&mid=2664212556&idx=5"
LONG = f"{BARE}&sn={SN}&chksm={CHKSM}"
QUOTED = LONG.replace(":", "%3A").replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")
QUOTED = QUOTED.replace("&", "%26")
TWICE = QUOTED.replace("%", "%25")
HIDDEN = "\u00ad\u200b\u200d\u200e\u2060\u2066\ufeff\U000e0041"
ALBUM = (
    "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA5MzE5MDAzOA==&album_id=1234567890123456789"
)
CAPTCHA = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha"

UNITS = [
    "mp.weixin.qq.com/",
    "https://mp.weixin.qq.com/x?u=",
    "&amp;",
    f"{SHORT}&key=1",
    "https%3A%2F%2Fmp.weixin.qq.com%2Fs",
    "\\\\\\\\x26",
    "https:",
    "/",
    f"{SHORT}\n",
    SHORT,
    LONG,
    "https://mp.weixin.qq.com",
    f"{SHORT[:-1]}&",
    "http",
    "=https://mp.weixin.qq.com/s/x",
    "\u200b",
    "mp.weixin.qq.com/s/a\u200b",
    f"{SHORT}\u200b\u200d",
    f"{SHORT}?&*key*=s3cret0123456789abcdef",
]
"""Of which a text may hold any number; reading it costs as much as it is long."""

SENT = [
    # alone, and with what a sentence puts around it
    (SHORT, SHORT),
    (f"  {SHORT}\t", SHORT),
    (f"{SHORT}。", SHORT),
    (f"{SHORT}，很好", SHORT),
    (f"{SHORT}、{SHORT}", SHORT),
    (f"（{SHORT}）", SHORT),
    (f"({SHORT})", SHORT),
    (f"({SHORT}).", SHORT),
    (f"[{SHORT}]", SHORT),
    (f"【{SHORT}】", SHORT),
    (f"《{SHORT}》", SHORT),
    (f"「{SHORT}」", SHORT),
    (f"<{SHORT}>", SHORT),
    (f'"{SHORT}"', SHORT),
    (f"'{SHORT}'", SHORT),
    (f"“{SHORT}”", SHORT),
    (f"`{SHORT}`", SHORT),
    (f"{SHORT}.", SHORT),
    (f"{SHORT},", SHORT),
    (f"{SHORT};", SHORT),
    (f"{SHORT}:", SHORT),
    (f"{SHORT}!", SHORT),
    (f"{SHORT}?", SHORT),
    (f"{SHORT}...", SHORT),
    (f"{SHORT}……", SHORT),
    (f"{SHORT}|晚潮", SHORT),
    (f"{SHORT}\\", SHORT),
    (f"{SHORT}\u3000晚潮", SHORT),
    (f"{SHORT}\xa0晚潮", SHORT),
    (f"{SHORT}晚潮", SHORT),
    (f"晚潮{SHORT}", SHORT),
    (f"链接:{SHORT} 复制打开", SHORT),
    (f"\ufeff{SHORT}", SHORT),
    (f"{SHORT}\u200b", SHORT),
    (f"{SHORT} # 好文", SHORT),
    # Markdown and HTML
    (f"- [晚潮]({SHORT})", SHORT),
    (f'- [晚潮]({SHORT} "晚潮")', SHORT),
    (f"- [ ] {SHORT} - 备注", SHORT),
    (f"**{SHORT}**", SHORT),
    (f"**{SHORT}**后", SHORT),
    (f"~~{SHORT}~~", SHORT),
    (f"_{SHORT}_", SHORT),
    (f"__{SHORT}__", SHORT),
    (f"| 晚潮 | {SHORT} |", SHORT),
    (f"[1]: {SHORT}", SHORT),
    (SHORT.replace("_", "\\_"), SHORT),
    (f'<a href="{SHORT}">晚潮</a>', SHORT),
    (f"<a href={SHORT}>晚潮</a>", SHORT),
    (f"{{&quot;url&quot;:&quot;{SHORT}&quot;}}", SHORT),
    # data
    (f"晚潮,{SHORT},2024-01-01", SHORT),
    (f"晚潮;{SHORT};2024-01-01", SHORT),
    (f'{{"url":"{SHORT}","title":"晚潮"}}', SHORT),
    ('{"url":"' + SHORT.replace("/", "\\/") + '"}', SHORT),
    (f'"{{\\"url\\": \\"{SHORT}\\"}}"', SHORT),
    (f"{SHORT}\\n下一行", SHORT),
    (f"{SHORT}\\u4e2d", SHORT),
    # other ways to write the host
    (SHORT.replace("https", "http"), SHORT),
    (SHORT.removeprefix("https:"), SHORT),
    (SHORT.removeprefix("https://"), SHORT),
    (SHORT.replace("https://mp.weixin", "HTTPS://MP.Weixin"), SHORT),
    (f"view-source:{SHORT}", SHORT),
    (f"{SHORT}/", f"{SHORT}/"),
    (SHORT.replace("/s/", "//s/"), SHORT),
    # what a short link carries along
    (f"{SHORT}#rd", SHORT),
    (f"{SHORT}#标题", SHORT),
    (f"{SHORT}?scene=1&key=s3cret#rd", f"{SHORT}?scene=1"),
    (f"{SHORT}?key=s3cret", SHORT),
    # long links
    (LONG, LONG),
    (f"{LONG}#wechat_redirect", LONG),
    (f"{LONG}#/rd", LONG),
    (f"{LONG}&scene=27#rd", f"{LONG}&scene=27"),
    (f"{LONG} 晚潮与灯塔", LONG),
    (f"{LONG}&", LONG),
    (f"{LONG}。", LONG),
    (f"**{LONG}**", LONG),
    (LONG.replace("/s?", "/s/?"), LONG.replace("/s?", "/s/?")),
    (LONG.replace("&", "&amp;"), LONG),
    (LONG.replace("&", "&amp;amp;"), LONG),
    (LONG.replace("&", "&amp;amp;amp;"), LONG),
    (LONG.replace("&", "&#38;"), LONG),
    (LONG.replace("&", "\\x26"), LONG),
    (LONG.replace("&", "\\x26amp;"), LONG),
    (LONG.replace("&", "\\u0026").replace("=", "\\u003d"), LONG),
    (LONG.replace("&", "\\&").replace("?", "\\?").replace("=", "\\="), LONG),
    (LONG.replace("&", "^&"), LONG),
    (LONG.replace("__biz", "\\_\\_biz"), LONG),
    (LONG.replace("==", "%3D%3D"), LONG.replace("==", "%3D%3D")),
    (LONG.replace("&sn", "&key=s3cret&uin=s3cret&pass_ticket=s3cret&sn"), LONG),
    (LONG.replace("__biz", "key=s3cret&__biz"), LONG),
    (BARE, BARE),
    (
        "https://mp.weixin.qq.com/mp/appmsg/show?__biz=MzA5MzE5MDAzOA==&appmsgid=1&itemidx=1",
        "https://mp.weixin.qq.com/mp/appmsg/show?__biz=MzA5MzE5MDAzOA==&appmsgid=1&itemidx=1",
    ),
    # redirectors
    (f"https://link.zhihu.com/?target={QUOTED}", LONG),
    (f"https://link.zhihu.com/?target=https%3A//{SHORT[8:]}", SHORT),
    (f"https://www.google.com/url?q={QUOTED}&sa=D", LONG),
    # (Google's documents)
    (f"https://www.google.com/url?q={SHORT}&amp;sa=D&amp;usg=a", SHORT),
    (f"https://www.google.com/url?q={SHORT}%3Fscene%3D1&sa=D", f"{SHORT}?scene=1"),
    (f"https://www.google.com/url?q={SHORT}%23rd&sa=D", SHORT),
    (f"q={LONG.replace('=', '%3D').replace('&', '%26')}&sa=D&key=s3cret", LONG),
    (f"https://links.example/r?u={TWICE}", LONG),
    (f"https://links.example/r?u={LONG}", LONG),
    (f"https://web.archive.org/web/2024/{SHORT}", SHORT),
    (f"https://r.jina.ai/{SHORT}", SHORT),
    (f"{CAPTCHA}?poc_token=s3cret&target_url={QUOTED}", LONG),
    (f"{CAPTCHA}?target_url={LONG}", LONG),
    (f"https://mp.weixin.qq.com/cgi-bin/readtemplate?t=x&url={QUOTED}#rd", LONG),
    (QUOTED, LONG),
    # marks that show nothing: within a link, and behind one
    *((f"看 {LONG[:-20]}{mark}{LONG[-20:]} 好", LONG) for mark in HIDDEN),
    (LONG.replace("mid=26", "mid=26\u200b"), LONG),
    (LONG.replace("&", "\u200b&\u2060"), LONG),
    (f"{SHORT[:-5]}\u00ad{SHORT[-5:]}", SHORT),
    ("\u200b".join(LONG), LONG),
    (LONG.replace("weixin", "wei\u00adxin"), LONG),
    (f"https://links.example/r?u={QUOTED[:-9]}\u200b{QUOTED[-9:]}&x=1", LONG),
    (f"{SHORT}\u200bwords", SHORT),
    (f"{LONG}\u200babc", LONG),
    (f"{QUOTED}\u200bwords", LONG),
    (f"{BARE}&sn={SN}\u200bwords", f"{BARE}&sn={SN}"),
    (f"{BARE}\u200bwords", BARE),
    (f"{ALBUM}\u200b1.words", ALBUM),
    (f"{ALBUM[:-9]}\u200b{ALBUM[-9:]}", ALBUM),
    # the same as HTML and Markdown write them, and what else ends a link so
    (f"{LONG[:-20]}&#8203;{LONG[-20:]} 好", LONG),
    (f"{SHORT[:-5]}&shy;{SHORT[-5:]}&ZeroWidthSpace;", SHORT),
    (f"{LONG[:-20]}&NegativeMediumSpace;{LONG[-20:]}", LONG),
    (f"{LONG[:-20]}&hairsp;{LONG[-20:]}", f"{BARE}&sn={SN}"),
    (f"{SHORT}&#x20;后", SHORT),
    # a signature that is not whole
    (LONG[:-1], f"{BARE}&sn={SN}"),
    (f"{LONG[:-60]} 好", f"{BARE}&sn={SN}"),
    (f"{LONG}2.灯塔", f"{BARE}&sn={SN}"),
]  # fmt: skip

REFUSED = [
    ("https://mp.weixin.qq.com/", "names no article"),
    ("https://mp.weixin.qq.com/s", "names no article"),
    ("https://mp.weixin.qq.com/s/", "names no article"),
    ("https://mp.weixin.qq.com/s?scene=1", "names no article"),
    ("https://mp.weixin.qq.com/s?__biz=MzA5MzE5MDAzOA==", "names no article"),
    ("https://mp.weixin.qq.com/s/？", "names no article"),
    ("https://mp.weixin.qq.com/cgi-bin/home", "names no article"),
    ("https://mp.weixin.qq.com/mp/profile_ext?action=home", "leads to no article"),
    (f"{SHORT}A", "23 characters"),
    (SHORT[:-1], "21 characters"),
    (f"{SHORT}/more", "each has 22"),
    (f"{SHORT[:-1]}.A", "each has 22"),
    (f"{SHORT}words", "each has 22"),
    (f"{BARE}&sn={SN}&chksm={CHKSM}words", "chksm that is not hexadecimal"),
    (f"{BARE}&sn={SN}words", "sn that is not hexadecimal"),
    (f"{BARE}words", "names no article"),
    (SHORT.replace("//", "//user@"), "names a user"),
    (SHORT.replace("//", "//user:pass@"), "names a user"),
    (SHORT.replace("//", "//www."), "is not on"),
    (SHORT.replace(".com", ".com:8443"), "is not a WeChat article link"),
    (SHORT.replace(".com", ".com:443"), "is not a WeChat article link"),
    (SHORT.replace(".com", ".com."), "is not a WeChat article link"),
    (SHORT.replace(".com", ".com.example.com"), "is not a WeChat article link"),
    (SHORT.replace(".com", ".com@example.com"), "is not a WeChat article link"),
    (SHORT.replace("https", "ftp"), "is not a link of the web"),
    (f"{BARE}&x={'a' * 9000}", "characters long"),
]


@pytest.mark.parametrize(("text", "request_"), SENT, ids=range(len(SENT)))
def test_a_link_ends_where_it_ends(text: str, request_: str) -> None:
    found = find_links(text)
    assert {parse_url(one.link).request for one in found} == {request_}
    assert all(one.line == text and one.number == 1 and not one.why for one in found)
    assert "s3cret" not in "".join(one.link for one in found)


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_not_whole_is_refused_by_name_with_its_line(text: str, why: str) -> None:
    [found] = find_links(f"第一行\n{text}\n")
    assert found.link == ""
    assert why in found.why
    assert (found.number, found.line) == (2, text)


def test_a_hundred_spellings_are_tried() -> None:
    assert len(SENT) + len(REFUSED) >= 100


@pytest.mark.parametrize("between", ["", "\u200b", "\u2060\u200b"])
def test_two_links_without_a_space_between_are_two(between: str) -> None:
    assert [one.link for one in find_links(f"{SHORT}{between}{LONG}")] == [SHORT, LONG]
    bare = SHORT.removeprefix("https://")
    found = find_links(f"{BARE}{between or ' '}{bare}")
    assert [one.link for one in found] == [BARE, bare]


@pytest.mark.parametrize("link", [SHORT, LONG, "https://mp.weixin.qq.com"])
def test_a_link_is_searched_no_further_than_the_one_that_is_glued_to_it(link: str) -> None:
    # else each search of a line would go to its end, and a line of 4 MB take half an hour
    assert links._LINK.match(link * 3).end() == len(link)  # type: ignore[union-attr]
    assert len(find_links(link * 50)) in (0, 50)


@pytest.mark.parametrize(
    "dots", ["...", "…", "……", "⋯⋯", "\\.\\.\\.", "...](x)", "&hellip;", "&#8230;", "&#x2026;"]
)
@pytest.mark.parametrize(
    ("shown", "whole"),
    [
        (f"{BARE}&sn={SN}&chksm={CHKSM[:-1]}", f"{BARE}&sn={SN}"),
        (f"{BARE}&sn={SN}&chksm=", f"{BARE}&sn={SN}"),
        (f"{BARE}&sn={SN[:20]}", BARE),
        (f"{BARE}&sn={SN}", f"{BARE}&sn={SN}"),
        (LONG, LONG),
        (SHORT, SHORT),
    ],
)
def test_of_a_link_that_is_shown_as_its_beginning_nothing_that_was_cut_is_sent(
    shown: str, whole: str, dots: str
) -> None:
    assert [found.link for found in find_links(f"原文：[{shown}{dots} 。")] == [whole]


def test_a_number_that_was_cut_names_no_other_article() -> None:
    [found] = find_links("见 https://mp.weixin.qq.com/s?__biz=MzA5MzE5MDAzOA==&mid=26642...")
    assert (found.link, found.why) == ("", "names no article: it has no __biz, mid and idx")


def test_words_that_only_name_the_host_are_words() -> None:
    assert find_links("在 mp.weixin.qq.com 上；mp.weixin.qq.com。") == []


def test_what_stands_around_the_links_of_a_line_is_told() -> None:
    assert [one.rest for one in find_links(f"晚潮 {SHORT} 灯塔")] == ["晚潮  灯塔"]
    for end in ("#rd", "&scene=58#wechat_redirect"):
        assert [one.rest for one in find_links(f"{LONG}{end}\u200bAI灯塔")] == ["\u200bAI灯塔"]


@pytest.mark.parametrize("name", ["*pass_ticket*", "**key**", "<b>key</b>", "`uin`"])
def test_a_link_goes_on_behind_a_credential_that_is_emphasised(name: str) -> None:
    line = f"{BARE}&{name}=s3cret0123456789abcdef&chksm={CHKSM} 灯塔"
    [found] = find_links(line)
    assert (found.link, found.rest) == (f"{BARE}&chksm={CHKSM}", " 灯塔")
    assert found.line == line


def test_lines_are_counted_whatever_ends_them() -> None:
    found = find_links(f"{SHORT}\r\n\r\n{SHORT}\r{SHORT}\n")
    assert [one.number for one in found] == [1, 3, 4]


@given(st.text())
@example(SHORT + "\ud800")
@example("https://mp.weixin.qq.com:99999999/s")
def test_no_text_breaks_the_scanner_and_nothing_broken_is_sent(text: str) -> None:
    for candidate in (text, f"{SHORT}{text}", f"{LONG}{text}", f"mp.weixin.qq.com/{text}"):
        for found in find_links(candidate):
            assert bool(found.link) is not bool(found.why)
            assert not found.link or not parse_url(found.link).flaw


@pytest.mark.parametrize("unit", UNITS)
def test_reading_twice_as_much_takes_twice_the_steps(unit: str) -> None:
    assert_linear(lambda size: find_links(unit * size), 200)
