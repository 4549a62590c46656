"""What an inline style says that matters to Markdown.

Weight, slant, strike, pictures behind, and what hides.

A style is read once and remembered, for one article repeats few. Naive tests misfire badly on real
bodies: `-webkit-tap-highlight-color: transparent`, `height: 0px` around a heading, `text-indent:
-20px` before a bullet and `opacity: 0.6` all stand on text that everybody sees. So `display: none`
is trusted, and for the rest only pairs of declarations that cannot leave anything to see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What one style attribute says; None where it says nothing."""

    bold: bool | None = None
    italic: bool | None = None
    struck: bool = False
    raised: str = ""  # "sup" or "sub"
    hidden: str = ""  # the id of the rule that says so
    picture: str = ""  # the address of a picture behind the element
    backed: bool = False  # the element has a colour or picture of its own behind it
    white: bool | None = None  # white text
    tiny: bool | None = None  # text of size zero
    monospaced: bool = False
    keeps_spaces: bool = False
    small: bool = False  # too low or narrow to show a picture worth keeping


PLAIN = Looks()
_OF_NO_ACCOUNT = (PLAIN, Looks(small=True), Looks(keeps_spaces=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class HidingRule:
    """Declarations that leave nothing to see, with styles that they are true and untrue of."""

    id: str
    hides: Callable[[Mapping[str, str]], bool]
    matches: tuple[str, ...]
    spares: tuple[str, ...]


_URL = re.compile(r"url\(\s*+[\"']?+\s*+((?:https?:)?//[^\"')\s]+)")
_ZERO = re.compile(r"0(?:\.0+)?(?:px|em|rem|pt|%|vw|vh)?\Z")
_FAR = re.compile(r"-[0-9]{4,}(?:\.[0-9]+)?(?:px|pt)?\Z|-[0-9]{3,}(?:em|rem|vw|vh)\Z")
_LENGTH = re.compile(r"([0-9]{1,6}(?:\.[0-9]{0,6})?)px\Z")
_MONOSPACE = re.compile(
    r"menlo|monaco|consolas|courier|monospace|source code|fira code|jetbrains", re.IGNORECASE
)
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"})
_NOTHING_BEHIND = frozenset(
    {
        "none",
        "transparent",
        "initial",
        "inherit",
        "unset",
        "0 0",
        "rgba(0,0,0,0)",
        "rgba(255,255,255,0)",
    }
    | _WHITE
)
_MAX_STYLE = 4_000  # characters
# pixels; the decorative strips of real bodies are 20 high, dividers and icons up to some 50
_SMALL = 60


def _no_size(style: Mapping[str, str]) -> bool:
    cut = style.get("overflow", "").startswith(("hidden", "clip"))
    sides = ("width", "height", "max-width", "max-height")
    return (
        cut
        and any(_ZERO.match(style.get(side, "")) is not None for side in sides)
        and not _has_padding(style)
    )


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
        id="hidden-no-size",  # a box of no size that cuts what overflows it
        hides=_no_size,
        matches=(
            "width:0;overflow:hidden",
            "height: 0px; overflow: hidden",
            "max-height:0;overflow:hidden",
        ),
        spares=(
            "height: 0px; border-top: 10px solid red",  # the border trick around real headings
            "line-height: 0; overflow: hidden",
            "height: 0; overflow: visible",
            "height:0;padding-top:56%;overflow:hidden",
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


@lru_cache(maxsize=8192)
def looks_of(style: str) -> Looks:
    """What a style attribute's text says."""
    declared = _declarations(style)
    background = _background(declared)
    looks = Looks(
        bold=_bold(declared.get("font-weight", "") or _weight_of(declared.get("font", ""))),
        italic=_italic(declared.get("font-style", "")),
        struck="line-through"
        in declared.get("text-decoration", "") + declared.get("text-decoration-line", ""),
        raised={"super": "sup", "sub": "sub"}.get(declared.get("vertical-align", ""), ""),
        hidden=next((rule.id for rule in HIDING if rule.hides(declared)), ""),
        picture=_picture(style) if "url(" in background else "",
        backed=background not in ("", *_NOTHING_BEHIND),
        white=_white(declared.get("color", "")),
        tiny=_tiny(declared.get("font-size", "")),
        monospaced=_MONOSPACE.search(declared.get("font-family", "")) is not None,
        keeps_spaces=declared.get("white-space", "") in ("pre", "pre-wrap", "break-spaces"),
        small=_small(declared),
    )
    return PLAIN if looks in _OF_NO_ACCOUNT else looks


def _declarations(style: str) -> dict[str, str]:
    """Property -> value, in small letters, less `!important`.

    A `;` within url(...) makes a part that says nothing.
    """
    parts = (part.partition(":") for part in style[:_MAX_STYLE].lower().split(";"))
    return {name.strip(): value.partition("!")[0].strip() for name, _, value in parts}


def _bold(weight: str) -> bool | None:
    if not weight or weight in ("inherit", "initial", "unset"):
        return None
    if weight.isdecimal():
        return len(weight) > 2 and int(weight[:4]) >= 600
    return weight in ("bold", "bolder")


def _weight_of(font: str) -> str:
    """The weight in a `font` shorthand, where it gives one."""
    first = font.partition("px")[0].split()
    return next(
        (
            word
            for word in first
            if word in ("bold", "bolder") or (word.isdecimal() and len(word) == 3)
        ),
        "",
    )


def _italic(slant: str) -> bool | None:
    if slant.startswith(("italic", "oblique")):
        return True
    return False if slant == "normal" else None


def _background(declared: Mapping[str, str]) -> str:
    """The one thing behind the element that counts, spaces within colours dropped."""
    for name in ("background-image", "background", "background-color"):
        value = declared.get(name, "").replace(", ", ",")
        if value and value not in _NOTHING_BEHIND:
            return value
    return ""


def _picture(style: str) -> str:
    match = _URL.search(style)
    return match[1].replace("&amp;", "&") if match else ""


def _white(color: str) -> bool | None:
    return color.replace(" ", "") in _WHITE if color and color != "inherit" else None


def _tiny(size: str) -> bool | None:
    return _ZERO.match(size) is not None if size and size != "inherit" else None


def _small(declared: Mapping[str, str]) -> bool:
    sizes = [
        _LENGTH.match(declared.get(side, ""))
        for side in ("width", "height", "max-width", "max-height")
    ]
    return any(float(size[1]) < _SMALL for size in sizes if size)
