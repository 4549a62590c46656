"""HIDING: inline styles that leave nothing to see.

Naive tests misfire badly on real bodies: `-webkit-tap-highlight-color: transparent`, `height: 0px`
around a heading, `text-indent: -20px` before a bullet and `opacity: 0.6` all stand on text that
everybody sees. So `display: none` is trusted, and for the rest only declarations that cannot leave
anything to see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ZERO = re.compile(r"0(?:\.0+)?(?:px|em|rem|pt|%|vw|vh)?\Z")
_LENGTH = re.compile(r"[0-9.]{1,8}(?:px|em|rem|pt|%|vw|vh)\Z")
_FADED = re.compile(r"opacity\(\s?0(?:\.0+)?%?\s?\)")
_GROWS = re.compile(r"auto\b|0*+\.?+0*+[1-9]")  # the first value of `flex`, or `flex-grow`
_FAR = re.compile(r"-[0-9]{4,}(?:\.[0-9]+)?(?:px|pt)?\Z|-[0-9]{3,}(?:em|rem|vw|vh)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class HidingRule:
    """Declarations that leave nothing to see, with styles that they are true and untrue of."""

    id: str
    hides: Callable[[Mapping[str, str]], bool]
    matches: tuple[str, ...]
    spares: tuple[str, ...]


def _no_size(style: Mapping[str, str]) -> bool:
    cut = style.get("overflow", "").startswith(("hidden", "clip"))
    sides = (side for side in ("width", "height") if _is_closed(style, side))
    return cut and any(sides) and not _has_padding(style)


def _is_closed(style: Mapping[str, str], side: str) -> bool:
    """Whether a box has no width, or no height, and no least one, which counts before both.

    No width is where a box in a row begins to grow: it takes what the others leave.
    """
    least = style.get(f"min-{side}", "")
    if _LENGTH.match(least) is not None and not _ZERO.match(least):
        return False
    said = "" if side == "width" and _takes_room(style) else style.get(side, "")
    return any(_ZERO.match(size) is not None for size in (said, style.get(f"max-{side}", "")))


def _takes_room(style: Mapping[str, str]) -> bool:
    """Whether a box in a row grows, or begins with a length of its own in place of its width."""
    flex = style.get("flex", "") or style.get("-webkit-flex", "")
    grows = style.get("flex-grow", "") or flex or style.get("-webkit-box-flex", "")
    basis = style.get("flex-basis", "") or flex.rpartition(" ")[2]
    is_length = _LENGTH.match(basis) is not None and not _ZERO.match(basis)
    return is_length or _GROWS.match(grows) is not None


def _has_padding(style: Mapping[str, str]) -> bool:
    """Space inside the box keeps it open: editors hold pictures' proportions with it."""
    return any(
        name.startswith("padding") and not _ZERO.match(value) for name, value in style.items()
    )


def _off_canvas(style: Mapping[str, str]) -> bool:
    placed = style.get("position", "") in ("absolute", "fixed")
    sides = ("left", "top", "right", "margin-left", "margin-top")
    far = placed and any(_FAR.match(style.get(side, "")) for side in sides)
    return far or _FAR.match(style.get("text-indent", "")) is not None


HIDING = (
    HidingRule(
        # seen on empty helper sections of 新媒体管家, and on players in saved pages
        id="hidden-display",
        hides=lambda style: style.get("display", "") == "none",
        matches=("display: none;", "color: red; DISPLAY:none !important"),
        spares=(
            "display: block",
            "display: inline",
            "-webkit-tap-highlight-color: transparent",
            "opacity: 0.6",
        ),
    ),
    HidingRule(
        id="hidden-opacity",  # wholly see-through; a drawing may fade it in, which is asked apart
        hides=lambda style: (
            _ZERO.match(style.get("opacity", "")) is not None
            or _FADED.search(style.get("filter", "")) is not None
        ),
        matches=("opacity: 0", "opacity:0.0;color:red", "filter: blur(1px) opacity(0%)"),
        spares=(
            "opacity: 0.6",
            "opacity: 1",
            "fill-opacity: 0",
            "stroke-opacity:0",
            "filter: opacity(0.5)",
        ),
    ),
    HidingRule(
        id="hidden-no-size",  # a box of no size that cuts what overflows it
        hides=_no_size,
        matches=(
            "width:0;overflow:hidden",
            "height: 0px; overflow: hidden",
            "max-height:0;overflow:hidden",
            "width:0;flex:0 0 auto;overflow:hidden",
            "width:0;flex:0 0 0px;overflow:hidden",
            "max-width:0;flex:1;overflow:hidden",
            "height:0;flex:1;overflow:hidden",
            "height:0;min-width:100%;overflow:hidden",
            "height:0;min-height:0px;overflow:hidden",
        ),
        spares=(
            "height: 0px; border-top: 10px solid red",  # the border trick around real headings
            "line-height: 0; overflow: hidden",
            "height: 0; overflow: visible",
            "height:0;padding-top:56%;overflow:hidden",
            "width:0;min-width:100%;overflow:hidden",  # how editors fill a line in old clients
            "height:0;min-height:40px;overflow:hidden",
            "flex: 1 1 0%; width: 0px; overflow: hidden",  # the words beside a number, in a row
            "width:0;flex-grow:0.5;overflow:hidden",
            "width:0;flex:0 0 100px;overflow:hidden",
            "width:0;flex-basis:40%;overflow:hidden",
            "width:0;-webkit-box-flex:1;overflow:hidden",
        ),
    ),
    HidingRule(
        id="hidden-off-canvas",  # thrown so far out that no screen shows it
        hides=_off_canvas,
        matches=(
            "position:absolute;left:-9999px",
            "text-indent: -9999px",
            "position: fixed; top: -1000px",
        ),
        spares=("text-indent: -20px", "margin-left: -9999px", "position: absolute; left: -20px"),
    ),
)


def rule_that_hides(style: Mapping[str, str]) -> str:
    """The id of the first rule by which some declarations hide, or the empty string."""
    return next((rule.id for rule in HIDING if rule.hides(style)), "")


def is_zero(length: str) -> bool:
    """Whether a length, or a number, is nothing."""
    return _ZERO.match(length) is not None


# What is a piece of a line, of which width, height, `overflow` and `text-indent` mean nothing.
_PIECES = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp"
    " small span strike strong sub sup time tt u var"
)
# What grows to what it holds, whatever is said of its size.
_GROWING = "table thead tbody tfoot tr td th"
_BY_SIZE = ("hidden-no-size", "hidden-off-canvas")


def hides_element(rule: str, tag: str, display: str, *, is_boxed: bool) -> bool:
    """Whether a rule that a style fulfils hides an element of this name.

    `is_boxed`: something makes a box of whatever it is, as floating or a flexible box around does.
    """
    if rule not in _BY_SIZE or is_boxed:
        return True
    if rule == "hidden-no-size" and (display.startswith("table") or _is(tag, display, _GROWING)):
        return False
    return display != "inline" and not _is(tag, display, _PIECES)


def _is(tag: str, display: str, names: str) -> bool:
    """Whether an element of these names is set as they are by themselves."""
    return not display and tag in names.split()
