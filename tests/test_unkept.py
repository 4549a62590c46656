"""Lines that are nowhere in what was made of a text are told, and nothing else is."""

from __future__ import annotations

import pytest

from crawler.unkept import addresses_left, lines_left, told_of

LINE = "渡口的灯亮了一夜，船工说起那年的水。"
OTHER = "第二天早上没有人记得是谁点的灯。"


def test_a_line_that_is_kept_nowhere_is_left() -> None:
    assert lines_left(f"{LINE}\n{OTHER}", [LINE]) == [OTHER]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("渡口的灯亮了一夜，船工说起那年的水。", "渡口的**灯**亮了一夜\\，船工说起\n那年的水。"),
        ("<p>渡口的灯&nbsp;亮了一夜</p>", "渡口的灯 亮了一夜"),
        ('[渡口的灯亮了一夜](https://e.cn/a_(b) "甲")', "渡口的灯亮了一夜"),
        ("![渡口的灯](data:image/svg+xml,<svg width='1' height='2' fill='none' x='3' y='4'>)", ""),
        ('[渡口的灯亮了一夜]{.mark style="color: red; top: 1px; left: 2px"}', "渡口的灯亮了一夜"),
        ('<span\nstyle="color: red; font-size: 1px; margin: 1px 2px 3px">灯</span>', ""),
        ("https://mp.weixin.qq.com/s/a_b_c?d=e&f=g&h=i&j=k&l=m&n=o", ""),
        ("微信扫一扫", ""),  # few letters stand for themselves
        ("The lamp of the ferry was lit", "**The lamp** of the\nferry was lit"),
        ("灯亮了一夜又一夜。\n没有人记得那年。", "没有人记得那年。\n灯亮了一夜又一夜。"),
    ],
)  # fmt: skip
def test_markup_addresses_and_order_make_no_line_another(said: str, kept: str) -> None:
    assert lines_left(said, [kept]) == []


def test_a_line_of_other_scripts_is_left_as_well() -> None:
    assert lines_left("The lamp of the ferry was lit", [LINE]) == ["The lamp of the ferry was lit"]


def test_what_is_told_shows_letters_alone_and_no_long_word() -> None:
    line = f"灯 {'a' * 21} <b>\x1b]0;甲 {'渡口' * 3} 说"
    assert told_of([line, OTHER]) == (
        "2 lines of its file are no part of the text (灯 b 0 甲 渡口渡口渡口 说)"
    )
    assert told_of([]) == ""


def test_the_work_for_lines_that_are_nowhere_has_an_end() -> None:
    words = [f"甲乙丙丁戊己庚辛{number:05}" for number in range(2000)]
    assert 100 < len(lines_left("\n".join(words), [LINE])) < 300


def test_lines_of_short_words_alone_are_not_sought() -> None:
    """Whatever is so short stands anywhere; each cost a search of all that was kept."""
    assert lines_left("\n".join(["灯塔 渡轮 码头"] * 400 + [OTHER]), [LINE]) == [OTHER]


def test_of_a_line_of_many_words_a_few_are_sought() -> None:
    long = [" ".join(f"{name}{number}" for number in range(400)) for name in ("lamp", "boat")]
    assert lines_left("\n".join(long), [LINE]) == long


KEY = "Zz9icAsuIvf2r263zjGlkqwtxy1y9LEr7rUm"
PICTURE = f"https://mmbiz.qpic.cn/sz_mmbiz_png/{KEY}/640?wx_fmt=png"
ARTICLE = "https://mp.weixin.qq.com/s/AAAABBBBCCCCDDDDEEEE01"


@pytest.mark.parametrize(
    ("said", "kept", "told"),
    [
        (f"![灯]({PICTURE})", "灯", "1 picture of its file is no part of the text"),
        (f'<img data-src="{PICTURE}">', f"![]({PICTURE})", ""),
        (f"[1]: {PICTURE}", f"![](https://mmbiz.qpic.cn/mmbiz_png/{KEY}/0)", ""),
        (f'<img data-croporisrc="{PICTURE}">', "", ""),  # a picture before its editor cut it
        (f'<p style="background: url({PICTURE})">', "", "1 picture of its file is no part"),
        (f"[]({ARTICLE})", "", "1 link of its file is no part of the text"),
        (f"> <a\n> href='{ARTICLE}?a=b'>灯</a>", f"[灯]({ARTICLE})", ""),
        (f"[]({ARTICLE})![]({PICTURE})", "", "1 picture and 1 link of its file are no part"),
    ],
)  # fmt: skip
def test_pictures_and_articles_that_nothing_kept_names_are_told(
    said: str, kept: str, told: str
) -> None:
    assert addresses_left(said, [kept]).startswith(told)
    assert bool(addresses_left(said, [kept])) is bool(told)
