from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crawler.clean.markdown.addresses import (
    link_target,
    picture_address,
    safe_address,
    to_https,
)

RENDERER = MarkdownIt("commonmark")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "java\u200bscript:alert(1)",
        " javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "blob:https://example.org/1",
        "intent://a",
        "",
        "relative/path",
        "/elsewhere",
        "#anchor",
        "https://example.org/" + "a" * 100_000,
    ],
)
def test_what_runs_a_script_or_leads_into_ones_own_computer_is_no_address(address: str) -> None:
    assert safe_address(address) == ""


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("tel:10086", "tel:10086"),
        ("//example.org/a", "https://example.org/a"),
        ("/s/abc", "https://mp.weixin.qq.com/s/abc"),
        ("/mp/appmsgalbum?a=1", "https://mp.weixin.qq.com/mp/appmsgalbum?a=1"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://exa\nmple.org/", "https://example.org/"),
    ],
)
def test_what_opens_a_page_a_mail_or_a_call_is_one(address: str, safe: str) -> None:
    assert safe_address(address) == safe


@given(st.text(alphabet="javscriptdt:/ \t\n\x00\u200bhtps.#?", max_size=40))
def test_no_spelling_whatever_makes_a_scheme_of_another_kind(address: str) -> None:
    scheme = safe_address(address).partition(":")[0].lower()
    assert scheme in {"", "http", "https", "mailto", "tel"}


@pytest.mark.parametrize("address", ["data:image/png;base64,AA", "mailto:a@b.c", "a.png"])
def test_only_the_web_holds_pictures(address: str) -> None:
    assert picture_address(address) == ""


@pytest.mark.parametrize(
    "address", ["http://mmbiz.qpic.cn/a", "//mmbiz.qpic.cn/a", "HTTP://mmbiz.qpic.cn/a"]
)
def test_pictures_are_asked_for_by_https(address: str) -> None:
    assert picture_address(address) == "https://mmbiz.qpic.cn/a"
    assert to_https(address) == "https://mmbiz.qpic.cn/a"


@given(st.text(alphabet='ab()<>[]\\"^`{|}&;amp %*_', max_size=30))
def test_a_target_never_breaks_out_of_its_brackets(rest: str) -> None:
    rendered = RENDERER.renderInline(f"[x]({link_target('https://example.org/' + rest)})")
    assert rendered.startswith('<a href="https://example.org/')
    assert rendered.endswith(">x</a>")
