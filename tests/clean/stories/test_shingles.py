from __future__ import annotations

from crawler.clean.stories import letters_of, shingles_of


def test_what_copies_differ_in_is_not_compared() -> None:
    one = "# 燈塔\n\n**夜航**的[灯塔](https://a/)，ＡＢ。\n\n![](https://b/1.png)\n"
    assert letters_of(one) == letters_of("# 灯塔\n\n夜航的灯塔 ab\n") == "灯塔夜航的灯塔ab"


def test_a_shingle_is_five_letters_and_stands_once() -> None:
    assert shingles_of("灯塔灯塔灯塔") == {hash("灯塔灯塔灯"), hash("塔灯塔灯塔")}
    assert shingles_of("灯塔") == frozenset()
