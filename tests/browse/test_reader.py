from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("nh3", reason="the extra is not installed: pip install .[browse]")

from crawler.browse.formulas import MATHML
from crawler.browse.reader import source_link
from tests.browse.library import HOSTILE
from tests.browse.markup import render_markdown
from tests.growth import assert_linear

SAFE_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img",
    "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead",
    "tr", "ul", *MATHML,
}  # fmt: skip
SAFE_ATTRIBUTES = {
    *(name for names in MATHML.values() for name in names),
    "id",
    "tabindex",
    "href",
    "src",
    "alt",
    "title",
    "rel",
    "class",
    "start",
    "value",
    "align",
    "referrerpolicy",
    "loading",
}
PIECES = (
    "<script>", "</script>", "<img src=x onerror=y>", "[a](", "javascript:x", ")", "![", "](",
    "data:text/html,x", "<a href='javascript:x'>", "&lt;", "&#106;avascript:", "\n\n", "`",
    "```\n", "<!--", "-->", "<svg/onload=x>", "[x]: javascript:y\n\n", "[x]", "<javascript:x>",
    "<https://a.b>", "//evil.example/", "> ", "| a |\n| - |\n",
)  # fmt: skip


class _Watch(HTMLParser):
    """Fails on whatever could run or load behind the reader's back."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SAFE_TAGS
        for name, value in attrs:
            assert name in SAFE_ATTRIBUTES
            if name in {"href", "src"}:
                assert (value or "").lower().startswith(("http://", "https://"))
            if name == "src":
                assert dict(attrs)["referrerpolicy"] == "no-referrer"


def _watch(html: str) -> None:
    watch = _Watch(convert_charrefs=True)
    watch.feed(html)
    watch.close()


def test_an_article_is_rendered_as_one_reads_it() -> None:
    table = "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |"
    body = f"# 标题\n\n**粗**体与[链接](https://example.com/)\n\n{table}\n\n```sh\nls\n```\n"
    html = render_markdown(body)
    assert "<h1>" not in html
    assert "<strong>粗</strong>体与" in html
    assert '<a href="https://example.com/" rel="noopener noreferrer nofollow">链接</a>' in html
    assert "<td>2</td>" in html
    assert "ls\n</code></pre>" in html


def test_a_link_leads_to_the_web_to_a_mailbox_or_to_a_telephone() -> None:
    html = render_markdown("[一](mailto:a@b.c) [二](Tel:+86101) [三](/etc) ![四](tel:1)")
    assert re.findall('<(?:a|img)(?: (?:href|src)="[^"]*")?', html) == [
        '<a href="mailto:a@b.c"',
        '<a href="Tel:+86101"',
        "<a",
        "<img",
    ]


def test_pictures_come_over_https_and_tell_nobody_who_reads() -> None:
    html = render_markdown("![图](http://mmbiz.qpic.cn/a/640)")
    privacy = 'referrerpolicy="no-referrer" loading="lazy"'
    assert html == f'<p><img src="https://mmbiz.qpic.cn/a/640" alt="图" {privacy}></p>\n'


@pytest.mark.parametrize(
    "address",
    [
        "https://archive.example/articles?q=a",
        "https://qpic.cn.example/a",
        "https://mmbiz.qpic.cn@archive.example/a",
        "https://archive.example/.qpic.cn/a",
        "https://archive.example%5C.qpic.cn/a",
        "https://a:1@mmbiz.qpic.cn/a",
        "https://xqpic.cn/a",
    ],
)
def test_a_picture_from_elsewhere_has_no_address(address: str) -> None:
    assert render_markdown(f"![图]({address})") == '<p><img alt="图"></p>\n'


def test_a_picture_that_we_have_comes_from_us() -> None:
    html = render_markdown(
        "![图](https://mmbiz.qpic.cn/a/640)",
        local_pictures={"https://mmbiz.qpic.cn/a/640": "/picture/ab"},
    )
    assert 'src="/picture/ab"' in html


def test_hostile_markdown_shows_its_words_and_runs_nothing() -> None:
    html = render_markdown(HOSTILE)
    _watch(html)
    assert "开头的一段" in html
    assert "结尾的一段" in html


@given(body=st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_nothing_that_runs_comes_through(body: str) -> None:
    _watch(render_markdown(body))


@given(body=st.text())
def test_any_text_can_be_read(body: str) -> None:
    _watch(render_markdown(body))


@pytest.mark.parametrize("piece", ["[", "![", "*a ", "> ", "- ", "`", "<", "](", "**a", "| a "])
def test_hostile_lengths_are_rendered_in_linear_steps(piece: str) -> None:
    assert_linear(lambda size: render_markdown(piece * size), 200)


def test_a_text_beyond_all_articles_is_shown_plain() -> None:
    assert render_markdown("<b>" * 400_000).startswith("<pre>&lt;b&gt;")


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://mp.weixin.qq.com/s/abc", "https://mp.weixin.qq.com/s/abc"),
        ("http://mp.weixin.qq.com/s/abc", "http://mp.weixin.qq.com/s/abc"),
        ("javascript:alert(1)", ""),
        ("https://mp.weixin.qq.com.evil.example/s/abc", ""),
        ("//mp.weixin.qq.com/s/abc", ""),
        ("https://evil.example\\@mp.weixin.qq.com/s/abc", ""),
        ("https://evil.example@mp.weixin.qq.com/s/abc", ""),
        ("https://MP.weixin.qq.com/s/abc", "https://MP.weixin.qq.com/s/abc"),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_only_an_address_of_wechat_becomes_the_source_link(address: str, link: str) -> None:
    assert source_link(address) == link
