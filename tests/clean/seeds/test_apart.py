from __future__ import annotations

import pytest

from crawler.clean.seeds.apart import signs_apart, signs_back
from crawler.clean.seeds.repair import repair


@pytest.mark.parametrize(
    "text",
    [
        "早晨算得 5 * 3 * 2 = 30，*斜*",
        "- 潮 * 汐 * 灯 *\n- `a * b` * 雾",
        "* * *",
        "设 $p^* = a^* + b^*$ 与 **$2**10$**，$s = a * b * c$",
        "| $a*b*c$ | 5 * 3 * 2 |\n| --- | --- |\n| 1 | $P(A\\|B)$ |",
        "> 5 * 3 * 2\n> ```\n> a * b * c\n> ```\n> $x*y*z$",
    ],
)
def test_stars_between_spaces_and_formulas_of_a_document_stay(text: str) -> None:
    assert repair(text, from_page=False).text == text


def test_what_is_put_aside_are_signs_that_no_markdown_takes_for_marks() -> None:
    apart = signs_apart("* 甲 * 乙 * $a*b$ 与 *斜* 与 $5")
    assert apart.count("*") == 3  # an item, and emphasis
    assert signs_back(apart) == "* 甲 * 乙 * $a*b$ 与 *斜* 与 $5"
