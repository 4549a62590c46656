from __future__ import annotations

import pytest

from crawler.clean.seeds.titles import is_text, split_heading, undamaged


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("渡轮恢复通航", "渡轮恢复通航"),
        ("渡轮\n恢复通航", "渡轮 恢复通航"),
        ("渡轮\n\n恢复：\n通航\n\nhttps://a.example", "渡轮 恢复： 通航 https://a.example"),
        ("\u200b渡轮", "渡轮"),
    ],
)
def test_a_title_ends_where_all_of_it_was_read(heading: str, title: str) -> None:
    read, rest = split_heading(f"# {heading}\n\n正文。", title)
    assert (read, rest) == (heading.strip(), "正文。")


def test_a_heading_that_says_something_else_is_one_line() -> None:
    assert split_heading("# 渡轮停航\n\n正文。", "渡轮恢复通航") == ("渡轮停航", "正文。")
    assert split_heading("# 渡轮停航\n\n正文。", "渡轮") == ("渡轮停航", "正文。")
    assert split_heading("# 渡轮停航\n正文。\n\n后文。", "渡轮") == ("渡轮停航", "正文。\n\n后文。")
    assert split_heading("# 渡轮停航", "渡轮") == ("渡轮停航", "")
    assert split_heading("正文。", "渡轮") == ("", "正文。")


@pytest.mark.parametrize(
    ("title", "shown", "was"),
    [
        ("渡轮xa0复航", "", "渡轮 复航"),
        ('渡轮\\"晨星\\"', "", '渡轮"晨星"'),
        ("u200b渡轮\\xa0", "", "渡轮"),
        ("渡\u200b轮", "", "渡轮"),
        ("AIxa0Notes", "AI Notes", "AI Notes"),  # as the page itself shows it
        ("Foxxa0 上线", "Foxxa0 上线", "Foxxa0 上线"),
        ("地址 0xa0 与 axa0b", "", "地址 0xa0 与 axa0b"),
    ],
)
def test_what_a_title_spells_as_python_does_is_undone(title: str, shown: str, was: str) -> None:
    assert undamaged(title, shown) == was


def test_a_title_that_no_editor_would_take_is_a_text() -> None:
    assert is_text("灯" * 65)
    assert is_text("第一行\n第二行")
    assert not is_text("灯" * 64)
