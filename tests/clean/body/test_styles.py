from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import Rendered, render_body
from crawler.clean.body.hiding import HIDING
from crawler.clean.body.styles import looks_of
from tests.growth import assert_linear


def rendered(markup: str) -> Rendered:
    return render_body(body_of_markup(markup))


@pytest.mark.parametrize("style", ["a", "a:(", "url( ", "url(//", ";", ":", "font-size:0;", "!"])
def test_hostile_styles_are_read_in_linear_steps(style: str) -> None:
    assert_linear(lambda size: looks_of(style * size), 2_000)


@pytest.mark.parametrize(
    ("rule", "style"), [(rule.id, style) for rule in HIDING for style in rule.matches]
)
def test_every_style_that_hides_is_seen_through(rule: str, style: str) -> None:
    found = rendered(f'<p>看得见</p><p style="{style}">看不见</p>')
    assert found.text == "看得见"
    assert found.removed == {rule: 1}


@pytest.mark.parametrize("style", [style for rule in HIDING for style in rule.spares])
def test_a_style_that_only_looks_like_hiding_hides_nothing(style: str) -> None:
    assert not looks_of(style).hidden
    assert rendered(f'<p style="{style}">看得见</p>').text == "看得见"


@pytest.mark.parametrize(
    "style",
    [
        "color:rgb(0 0 0 / 0)", "color: rgb(1 2 3 / 0%)", "color:hsl(0 0% 0% / 0)",
        "color:rgba(0,0,0,.0)", "color:#12345600", "-webkit-text-fill-color:transparent",
        "color:red;-webkit-text-fill-color:rgba(0,0,0,0)",
    ],
)  # fmt: skip
def test_letters_without_a_colour_are_hidden_however_that_is_written(style: str) -> None:
    found = rendered(f'<p>看得见</p><p style="{style}">看不见</p>')
    assert (found.text, found.removed) == ("看得见", {"hidden-transparent": 1})


@pytest.mark.parametrize(
    "style",
    [
        "color:rgb(0,0,0)", "color:rgb(255,0,0)", "color:hsl(0,0%,0%)", "color:rgba(0,0,0,0.5)",
        "color:rgb(0 0 0 / 50%)", "color:transparent;-webkit-text-fill-color:red",
        "-webkit-text-fill-color:currentcolor", "color:#123450",
        "-webkit-text-fill-color:transparent;-webkit-background-clip:text;background:red",
    ],
)  # fmt: skip
def test_letters_of_a_colour_are_seen(style: str) -> None:
    assert rendered(f'<p style="{style}">看得见</p>').text == "看得见"
