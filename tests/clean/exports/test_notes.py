from __future__ import annotations

import pytest

from crawler.article import State
from crawler.clean.exports import Adopted, Document, Form, read_export
from crawler.clean.exports.fields import read_sheet
from crawler.clean.exports.notes import (
    sign_of_note,
    title_of_article,
    unless_note,
)
from tests.lookalikes import link


def test_a_digest_is_known_by_its_type_and_an_article_is_none() -> None:
    assert sign_of_note(read_sheet("---\ntype: digest\n---\n甲")) == "note:type"
    assert sign_of_note(read_sheet("---\ntype: wechat-article\n---\n甲")) == ""


def test_a_heading_of_digests_counts_only_near_the_top() -> None:
    assert sign_of_note(read_sheet("# 题\n\n## TL;DR\n\n甲")) == "note:heading"
    assert sign_of_note(read_sheet("段落。\n\n" * 40 + "## TL;DR\n")) == ""
    picture = "![](https://mmbiz.qpic.cn/a/0)\n\n"
    assert sign_of_note(read_sheet(f"{picture}## TL;DR\n\n甲")) == "note:heading"
    assert sign_of_note(read_sheet(f"{picture}## TL;DR\n\n甲\n\n{picture}")) == ""


def test_a_note_is_titled_by_the_article() -> None:
    assert title_of_article("渡口（速读摘要）") == "渡口"
    assert title_of_article("渡口（上）") == "渡口（上）"


PARTS = "## 📝 摘要\n\n船六点开。\n\n## 💭 我的思考\n\n一般。\n"


def _read(text: str, producer: str = "jackwener", images: int = 0) -> Adopted:
    return unless_note(
        Adopted(
            producer=producer,
            form=Form.BODY,
            url="https://mp.weixin.qq.com/s/Fresh00000000000000001",
            title="渡口夜话（摘要）",
            text=text,
            image_count=images,
        )
    )


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (PARTS, "note:parted"),
        (f"# 渡口夜话\n\n{PARTS}", "note:parted"),
        ("## 一、核心观点\n\n甲。\n\n## 二、论据\n\n乙。", "note:parted"),
        ("## AI 总结\n\n船六点开。", "note:headed"),
        ("> \\[!summary\\]\n> 船六点开。", "note:called-out"),
        ("**一句话总结**：船六点开。", "note:called-out"),
        ("## 摘要\n\n船六点开。", ""),  # an author may begin so
        ("## 重點整理\n\n- 船六點開。\n\n## 讀後感\n\n一般。", "note:parted"),
        ("**摘要**：船六点开。\n\n**启发：** 一般。", "note:parted"),
        ("Summary:\n\n- 船六点开。\n\nKey ideas：\n\n- 一般。", "note:parted"),
        ("**摘要**：船六点开。\n\n**船长**：人都在岸上。", ""),
        ("## 摘要\n\n船。\n\n## 摘要\n\n船。", ""),
        (f"甲。\n\n乙。\n\n丙。\n\n{PARTS}", ""),  # what a reader wrote behind the text
        (f"{PARTS}\n## 正文\n\n甲。", ""),
        (f"{PARTS}\n---\n\n{'船六点开。' * 40}", ""),
        (f"{PARTS}\n---\n\n## 💡 启发\n\n{'船六点开。' * 40}", "note:parted"),
        (f"{PARTS}{'船六点开。' * 200}", ""),
        (f"{PARTS}\n![](https://mmbiz.qpic.cn/a/0)", ""),
    ],
)
def test_a_short_text_that_begins_as_notes_do_is_one_whoever_wrote_it(text: str, sign: str) -> None:
    read = _read(text)
    assert read.form is (Form.NOTE if sign else Form.BODY)
    assert f"({sign})" in (read.left_out or "()")


def test_a_note_by_hand_or_in_a_feed_is_not_told_of_and_gives_its_link() -> None:
    for producer in ("unknown", "feed"):
        read = _read(PARTS, producer)
        assert (read.left_out, read.text, read.links[0].title) == ("", "", "渡口夜话")
    assert _read(PARTS, images=1).form is Form.BODY


def test_a_short_text_of_nobodys_that_is_items_below_headings_is_told_of() -> None:
    items = "## 船期\n\n- 六点开。\n- 八点回。\n\n**船票**：\n\n- 三元。\n"
    read = _read(items, "unknown")
    assert (read.form, read.left_out.startswith("may be a note")) == (Form.BODY, True)
    for text, producer in (
        (items, "jackwener"),
        (f"{items}\n甲。\n\n乙。\n\n丙。\n\n丁。", "unknown"),
    ):
        assert _read(text, producer).left_out == ""


@pytest.mark.parametrize(
    ("above", "heading"),
    [("## AI 总结", "## 原文 / 逐字稿"), ("## AI摘要", "## 正文"), ("---\n\n## 摘要", "## 正文")],
)
def test_of_a_summary_with_the_text_below_the_text_is_taken(above: str, heading: str) -> None:
    words = "潮水的高度每天不同，船期也是。" * 20
    head = f"# 渡口\n\n> 原文: {link(4)}\n\n"
    text = f"{head}{above}\n\n这篇讲潮水。\n\n{heading}\n\n{words}\n"
    adopted = read_export(Document(name="x.md", content=text.encode()))
    assert (adopted.form, adopted.state) == (Form.BODY, State.OK)
    assert adopted.text.strip() == words


def test_an_abstract_of_an_article_with_pictures_and_one_without_a_text_below_stay() -> None:
    words = "潮水的高度每天不同，船期也是。" * 60
    picture = "![](https://mmbiz.qpic.cn/a/640)\n\n![](https://mmbiz.qpic.cn/b/640)"
    head = f"# 渡口\n\n> 原文: {link(4)}\n\n## 摘要\n\n这篇讲潮水。\n\n"
    text = f"{head}## 正文\n\n{picture}\n\n{words}\n"
    assert "这篇讲潮水" in read_export(Document(name="x.md", content=text.encode())).text
    text = f"{head}## 一\n\n{words}\n"
    assert read_export(Document(name="x.md", content=text.encode())).form is Form.NOTE


@pytest.mark.parametrize(
    "below",
    [
        "## 内容\n\n" + "这篇讲潮水的高度，也讲船期。" * 20,
        "## 原文\n\n[{0}]({0})\n\n## 要点\n\n" + "这篇讲潮水的高度，也讲船期。" * 20,
        "## 原文\n\n" + "> 潮水的高度每天不同，船期也是。\n" * 20 + "\n这两句好。",
        "## 原文\n\n" + "- 潮水的高度每天不同，船期也是。\n" * 20,
        "## 原文\n\n" + "潮水的高度每天不同。" * 30 + "\n\n**我的思考**：\n\n船期也是，我想。",
        "## 原文\n\n" + "潮水的高度每天不同。" * 30 + "\n\n我的思考\n---\n\n船期也是，我想。",
        "## 原文\n\n" + "潮水的高度每天不同。" * 30 + "\n\n---\n\n我的思考：船期也是，我想。",
        "## 文章内容\n\n本文讲了三件事。\n\n## 我的思考\n\n" + "船期也是，我想。" * 40,
    ],
)
def test_what_stands_below_an_abstract_in_a_note_is_no_text_of_the_article(below: str) -> None:
    head = f"# 渡口\n\n> 原文: {link(4)}\n\n## 摘要\n\n这篇讲潮水。\n\n"
    text = head + below.format(link(4))
    assert read_export(Document(name="x.md", content=text.encode())).form is Form.NOTE


def test_what_calls_itself_a_digest_is_one_though_a_text_stands_below() -> None:
    words = "潮水的高度每天不同，船期也是。" * 20
    text = (
        f"---\ntype: digest\nsource: {link(4)}\n---\n## AI 摘要\n\n讲潮水。\n\n## 原文\n\n{words}\n"
    )
    assert read_export(Document(name="x.md", content=text.encode())).form is Form.NOTE
