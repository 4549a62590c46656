from __future__ import annotations

import pytest

from crawler.clean.body.marks import is_mark, list_mark, without_start
from crawler.clean.body.paragraphs import Leaf


@pytest.mark.parametrize(
    "text", ["•", "01", "1.", "（3）", "①", "一、", "Part 2", "NO.1", "A.", "▶"]
)
def test_bullets_numbers_and_letters_are_marks(text: str) -> None:
    assert is_mark(text)


@pytest.mark.parametrize("text", ["", "潮", "2024", "一个", "[1]", "1.5", "Part", "a b"])
def test_words_and_years_are_none(text: str) -> None:
    assert not is_mark(text)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("• 潮", ("ul", 0, 2)),
        ("12. 潮", ("ol", 12, 4)),
        ("3、潮", ("ol", 3, 2)),
        ("1.5 倍", ("", 0, 0)),
        ("•", ("", 0, 0)),
        ("潮 • 汐", ("", 0, 0)),
    ],
)
def test_a_mark_that_begins_a_line_tells_its_list(text: str, mark: tuple[str, int, int]) -> None:
    assert list_mark(text) == mark


def test_a_mark_goes_from_however_many_leaves_it_spans() -> None:
    line = [Leaf("text", "1"), Leaf("text", ". 潮", 2), Leaf("text", "汐")]
    assert without_start(line, 3) == [Leaf("text", "潮", 2), Leaf("text", "汐")]
