from __future__ import annotations

import pytest

from crawler.clean.body.context import Context
from crawler.clean.body.styles import looks_of


@pytest.mark.parametrize(
    ("styles", "size"),
    [
        (["font-size:20px"], 20),
        (["font-size:15pt"], 20),
        (["font-size:20px", "font-size:2em"], 40),
        (["font-size:150%"], 24),
        ([""], 0),
        (["font-size:1rem"], 16),
    ],
)
def test_sizes_are_pixels_whatever_they_are_said_in(styles: list[str], size: float) -> None:
    context = Context()
    for style in styles:
        context = context.under(looks_of(style))
    assert context.size == pytest.approx(size)


@pytest.mark.parametrize(
    ("style", "rule"),
    [
        ("color:#fff", "hidden-white"),
        ("color:transparent", "hidden-transparent"),
        ("color:rgba(0,0,0,0)", "hidden-transparent"),
        ("color:#fff;text-shadow:1px 1px red", ""),
        ("color:#fff;-webkit-text-stroke:1px red", ""),
        ("color:transparent;background-clip:text", ""),
        ("font-size:0", "hidden-tiny"),
        ("visibility:hidden", "hidden-visibility"),
        ("color:#ffff", ""),
    ],
)
def test_words_that_nobody_sees_are_known_by_their_rule(style: str, rule: str) -> None:
    assert Context().under(looks_of(style)).hides_words == rule


def test_what_is_hidden_may_be_shown_again_inside() -> None:
    hidden = Context().under(looks_of("visibility:hidden"))
    assert hidden.under(looks_of("visibility:visible")).hides_words == ""
