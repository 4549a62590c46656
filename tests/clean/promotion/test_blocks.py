"""Blocks of Markdown, and the keys under which they are known again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.promotion.blocks import Form, join_blocks, picture_id, read_block, split_blocks

PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/{}/640?wx_fmt=png"


def _key(text: str) -> str:
    return read_block(text).key


def test_a_code_fence_is_one_block_blank_lines_and_all() -> None:
    text = "前\n\n```c\nint a;\n\nint b;\n```\n\n后"
    assert split_blocks(text) == ["前", "```c\nint a;\n\nint b;\n```", "后"]


def test_a_fence_that_never_ends_takes_the_rest() -> None:
    assert split_blocks("前\n\n~~~\na\n\nb") == ["前", "~~~\na\n\nb"]


def test_a_fence_in_a_quotation_ends_with_it() -> None:
    text = "> ```\n> a\n>\n> b\n\n中\n\n```\nc\n\nd\n```"
    assert split_blocks(text) == ["> ```\n> a\n>\n> b", "中", "```\nc\n\nd\n```"]


def test_code_between_marks_on_one_line_opens_no_fence() -> None:
    assert split_blocks("```a```\n\nb") == ["```a```", "b"]


@given(st.text(alphabet="甲a` \n~#*", max_size=80))
def test_blocks_joined_again_split_into_the_same_blocks(text: str) -> None:
    blocks = split_blocks(text)
    assert split_blocks(join_blocks(blocks)) == blocks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("**扫码关注我们**", "扫码 关注我们"),
        ("<strong>扫码</strong>关注", "扫码关注"),
        ("ＡＢＣ　学堂", "abc学堂"),
        ("往期\\_回顾", "往期_回顾"),
        (
            "[招新](https://mp.weixin.qq.com/s/one)启事",
            "[招新](https://mp.weixin.qq.com/s/two)启事",
        ),
        (
            f"![]({PICTURE.format('Ab1')})",
            "![图片](http://mmbiz.qlogo.cn/sz_mmbiz_png/Ab1/0?tp=webp)",
        ),
        ("读者群已有100人加入", "读者群已有250人加入"),
    ],
)
def test_two_prints_of_one_block_have_one_key(one: str, other: str) -> None:
    assert _key(one) == _key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("全年共发现100起", "全年共发现250起"),
        ("第一段", "第二段"),
        (f"![]({PICTURE.format('Ab1')})", f"![]({PICTURE.format('Ab2')})"),
        ("```\nx = 1\n```", "```\nx = 2\n```"),
    ],
)
def test_two_blocks_that_say_different_things_have_two_keys(one: str, other: str) -> None:
    assert _key(one) != _key(other)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("```\nx = 1\n```", Form.CODE),
        ("```\n戳这里看更多内容\n```", Form.LINE),
        ("####", Form.EMPTY),
        ("\u200d", Form.EMPTY),
        ("---", Form.RULE),
        (f"![]({PICTURE.format('a')})", Form.PICTURE),
        (f"[![]({PICTURE.format('a')})](https://mp.weixin.qq.com/s/a)", Form.LINKS),
        (f"[![]({PICTURE.format('a')})", Form.LINKS),
        ("十个要点](https://mp.weixin.qq.com/s/a)", Form.LINKS),
        ("* [甲](https://example.com/a)\n* [乙](https://example.com/b)", Form.LINKS),
        ("[1] https://example.com/a", Form.ADDRESS),
        ("**小标题**", Form.LINE),
        ("这是一句话。", Form.PROSE),
        ("长" * 60, Form.PROSE),
    ],
)
def test_a_block_is_told_by_what_it_is_made_of(text: str, form: Form) -> None:
    assert read_block(text).form is form


@pytest.mark.parametrize(
    "url",
    ["", "x", "https://example.com", "https://example.com/a.png?b#c", "data:image/png;base64,"],
)
def test_an_odd_picture_address_still_has_an_id(url: str) -> None:
    assert isinstance(picture_id(url), str)


@given(st.text(max_size=200))
def test_any_text_can_be_read_as_a_block(text: str) -> None:
    assert len(read_block(text).key) == 64


def test_a_hostile_block_is_read_in_no_time() -> None:
    for text in (
        "[" * 100_000,
        "](" * 100_000,
        "![](" * 50_000,
        "<" * 100_000,
        "`" * 100_000,
        "\\" * 100_000,
    ):
        read_block(text)
