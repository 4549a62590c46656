from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body
from crawler.clean.body.headings import NO_TITLE, TITLE_LOOKS, TitleLook


def markdown(markup: str) -> str:
    return render_body(body_of_markup(markup)).text


PROSE = "潮水一天涨落两回，看潮的人要记住时辰。" * 3
TITLES = {look.id.removeprefix("title-"): look.matches[0] for look in TITLE_LOOKS}


def body(style: str, *titles: str) -> str:
    return "".join(
        f"<p style='{style}'>{title}</p><p style='font-size:16px'>{PROSE}</p>" for title in titles
    )


def headings(markup: str) -> list[str]:
    return [line for line in markdown(markup).splitlines() if line.startswith("#")]


def titles_for(look: TitleLook) -> list[str]:
    titles = ["看潮的时辰", "看潮的地方", "看潮的人"][: look.least]
    number = "一、" if look.numbered else ""
    return [f"{number}{title}" for title in titles]


@pytest.mark.parametrize("look", TITLE_LOOKS, ids=lambda look: look.id)
def test_short_lines_of_one_look_between_text_are_titles(look: TitleLook) -> None:
    titles = titles_for(look)
    for style in look.matches:
        assert headings(body(style, *titles)) == [f"## {title}" for title in titles]


@pytest.mark.parametrize("look", TITLE_LOOKS, ids=lambda look: look.id)
def test_a_look_that_a_row_spares_makes_no_title(look: TitleLook) -> None:
    for style in look.spares:
        assert headings(body(style, "看潮的时辰", "看潮的地方")) == []


@pytest.mark.parametrize(
    "markup",
    [
        body(TITLES["larger"], "看潮的时辰"),
        body(TITLES["larger"], "看潮的时辰。", "看潮的地方。"),
        body(TITLES["larger"], "来源：晚报", "编辑：阿岭"),
        body("font-size:13px;font-weight:bold;color:#888", "图一的说明", "图二的说明"),
        body("font-size:16px", "看潮的时辰", "看潮的地方"),
        body(TITLES["larger"], "长" * 60, "短" * 61),
        "<h2>时辰</h2><h2>地方</h2>" + body(TITLES["larger"], "看潮的时辰", "看潮的地方"),
        "".join(f"<p style='font-size:20px'>{line}</p>" for line in ("一行诗", "两行诗", "三行诗")),
        body(TITLES["larger"], "问：何时看潮？", "问：何处看潮？"),
        body(TITLES["larger"], "“潮来了。”", "“潮又退了！”"),
        "".join(
            f"<p><img data-src='https://mmbiz.qpic.cn/a{name}/0' data-w=900></p>"
            + body(TITLES["bold-centred"], name)
            for name in ("堤上的人", "桥边的人")
        ),
        body("font-weight:bold", "看潮的时辰", "看潮的地方"),
        body("font-weight:bold", "堤上", "桥边", "船上").replace("。", " "),
        body(TITLES["bold-coloured"], "林师傅", "记者", "林师傅", "记者", "林师傅", "记者"),
    ],
    ids=[
        "once",
        "sentences",
        "credits",
        "captions",
        "plain",
        "long",
        "has headings",
        "no text",
        "questions",
        "quotations",
        "below pictures",
        "twice bold",
        "no full stops",
        "speakers",
    ],
)
def test_what_only_looks_like_titles_stays_text(markup: str) -> None:
    assert not [line for line in headings(markup) if line[3:5] not in ("时辰", "地方")]


def test_what_looks_as_the_heading_elements_do_is_a_title_beside_them() -> None:
    look = "font-size:14px;font-weight:bold;color:#f40"
    elements = "".join(
        f"<h3 style='{look}'>{title}</h3><p style='font-size:16px'>{PROSE}</p>"
        for title in ("时辰", "地方")
    )
    assert headings(elements + body(look, "看潮的人")) == ["### 时辰", "### 地方", "### 看潮的人"]
    other = "font-size:14px;font-weight:bold;color:#04f"
    assert headings(elements + body(other, "看潮的人")) == ["### 时辰", "### 地方"]


def test_one_colour_written_in_three_ways_is_one_look() -> None:
    colours = ("#c00", "#cc0000", "rgb(204, 0, 0)")
    lines = (body(f"font-weight:bold;color:{colour}", f"看潮{colour}") for colour in colours)
    assert len(headings("".join(lines))) == 3


def test_a_heading_of_more_than_eighty_characters_is_a_paragraph() -> None:
    assert headings(f"<h2>{'潮' * 80}</h2>") == [f"## {'潮' * 80}"]
    assert headings(f"<h2>{'潮' * 81}</h2>") == []


def test_a_number_above_a_title_goes_into_it() -> None:
    parts = (
        f"<p>0{number}</p>" + body(TITLES["larger"], title)
        for number, title in ((1, "时辰"), (2, "地方"))
    )
    assert headings("".join(parts)) == ["## 01 时辰", "## 02 地方"]


@pytest.mark.parametrize(
    "beside",
    [
        "<img data-src='https://mmbiz.qpic.cn/a/0'>",
        "<code>npm</code>",
        "<i data-formula='x'></i>",
        "<a href='https://a.cn'>1</a>",
    ],
)
def test_what_stands_beside_a_number_above_a_title_stays_with_it(beside: str) -> None:
    parts = [
        f"<p>{beside} 0{number}</p>" + body(TITLES["larger"], title)
        for number, title in ((1, "时辰"), (2, "地方"))
    ]
    assert headings("".join(parts)) == ["## 时辰", "## 地方"]
    alone = markdown(f"<p>{beside} 01</p>").replace("$$", "$")
    assert markdown("".join(parts)).startswith(f"{alone}\n\n## 时辰")


def test_the_element_of_a_heading_that_is_styled_as_text_is_a_paragraph() -> None:
    plain = "font-size:14px;font-weight:normal"
    assert headings(f"<h2 style='{plain}'>图注</h2><p style='font-size:16px'>{PROSE}</p>") == []
    assert headings(f"<h2>时辰</h2><p style='font-size:16px'>{PROSE}</p>") == ["## 时辰"]
    assert headings(f"<h2 style='font-size:14px'>时辰</h2><p>{PROSE}</p>") == ["## 时辰"]


@pytest.mark.parametrize(
    "text",
    [
        "2024年5月1日",
        "END",
        "点击关注",
        "……",
        "https://a.cn",
        "文/阿岭",
        "3.2亿",
        "68%",
        "立即报名",
        "但他记得",
        "“不走的表才会坏掉。”",
        "问：何时",
        "Q1. 何时",
        "地点：青石堤上的第三座小桥旁边",
    ],
)
def test_furniture_and_credits_are_no_titles(text: str) -> None:
    assert NO_TITLE.match(text)


@pytest.mark.parametrize(
    "text",
    [
        "看潮的时辰",
        "为什么要看潮？",
        "01 时辰",
        "Part 1 时辰",
        "图书馆",
        "3个时辰",
        "“新面孔”",
        "注意力机制",
        "识别算法",
        "图像与表格",
        "实践一：看潮的时辰和看潮的地方",
        "2024 年的潮",
    ],
)
def test_titles_are_let_through(text: str) -> None:
    assert not NO_TITLE.match(text)


def test_every_look_of_a_title_tells_its_evidence() -> None:
    assert all(look.evidence and look.longest and look.least > 1 for look in TITLE_LOOKS)
