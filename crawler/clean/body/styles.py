"""What an inline style says that matters to Markdown.

How a box is set, how its text looks, pictures behind it, and what hides it.

A style is read once and remembered, for one article repeats few.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from crawler.clean.body.hiding import is_zero, rule_that_hides

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What one style attribute says; None or empty where it says nothing."""

    bold: bool | None = None
    italic: bool | None = None
    struck: bool = False
    raised: str = ""  # "sup" or "sub"
    hidden: str = ""  # the id of the rule that says so
    unseen: bool | None = None  # `visibility`
    pictures: tuple[str, ...] = ()  # addresses of the pictures behind the element
    backed: bool = False  # the text stands out by itself, or on a colour or picture of its own
    white: bool | None = None  # white text
    transparent: bool | None = None  # text of no colour
    tiny: bool | None = None  # text of size zero
    monospaced: bool = False
    keeps_spaces: bool = False  # `white-space`: spaces and line feeds
    keeps_lines: bool | None = None  # `white-space`: line feeds
    is_dot: bool = False  # one pixel large, or none
    small: bool = False  # too low or narrow to show a picture worth keeping
    display: str = ""
    floats: bool = False
    is_row: bool = False  # what stands in the box stands side by side
    is_stack: bool = False  # what stands in it stands one below the other, or in a grid
    is_lifted: bool = False  # out of the lines around: `position: absolute`
    overlaps: bool = False  # drawn over what stands before it
    size: float = 0.0  # pixels; of what is relative, parts of what is around, below zero
    colour: str = ""
    centred: bool | None = None
    align: str = ""
    boxed: bool = False  # a border on any side, or a colour behind
    barred: bool = False  # a thick line along the left side
    padded: bool = False

    @property
    def is_block(self) -> bool:
        """Whether the style makes lines of their own of what stands in the element."""
        return self.display in _BLOCK

    @property
    def is_inline(self) -> bool:
        """Whether the style makes a piece of a line of the element."""
        return self.display.startswith(("inline", "-webkit-inline"))


PLAIN = Looks()
_OF_NO_ACCOUNT = (PLAIN, Looks(small=True), Looks(padded=True))

# on the web, or where an archive keeps it
_URL = re.compile(
    r"url\(\s*+[\"']?+\s*+((?:https?:)?//[^\"')\s]+|images/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{2,5})"
)
_LENGTH = re.compile(r"([0-9]{1,6}(?:\.[0-9]{0,6})?)px\Z")
_SIZE = re.compile(r"([0-9]{0,4}(?:\.[0-9]{1,6})?)(px|pt|rem|em|%)\Z")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "rem": 16.0, "em": -1.0, "%": -0.01}
_MONOSPACE = re.compile(
    r"menlo|monaco|consolas|courier|monospace|source code|fira code|jetbrains", re.IGNORECASE
)
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"})
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\Z")
_NAMED = {"white": "rgb(255,255,255)", "black": "rgb(0,0,0)", "red": "rgb(255,0,0)"}
_NO_COLOUR = re.compile(
    r"transparent\Z|#(?:.{3}0|.{6}00)\Z"
    r"|(?:rgb|hsl)a?\((?:[^(),/]{1,9},[^(),/]{1,9},[^(),/]{1,9},|[^(),/]{1,20}/)0?(?:\.0+)?%?\)\Z"
)
_OWN_COLOUR = frozenset({"", "currentcolor", "inherit", "initial", "unset"})
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
_NO_BORDER = re.compile(r"(?:none|hidden|initial|unset|0(?:px)?)\b|\A\Z")
_NO_OUTLINE = re.compile(
    r"(?:none|initial|unset|inherit|0(?:\.0*+)?(?:px|pt|em|rem)?)(?![\w.])|\A\Z"
)
_BAR = re.compile(r"(?:[2-9]|[1-9][0-9])(?:\.[0-9]+)?px\b")
_BORDERS = ("border", "border-top", "border-bottom", "border-left", "border-right")
_LINES = {
    "pre": True,
    "pre-wrap": True,
    "break-spaces": True,
    "pre-line": True,
    "normal": False,
    "nowrap": False,
}
_BLOCK = frozenset(
    {"block", "flex", "-webkit-flex", "grid", "table", "list-item", "flow-root", "-webkit-box"}
)
_ROWS = frozenset({"flex", "inline-flex", "-webkit-flex", "-webkit-box", "box"})
_MAX_STYLE = 4_000  # characters
# pixels; the decorative strips of real bodies are 20 high, dividers and icons up to some 50
_SMALL = 60
_DOT = frozenset({"0", "1px", "0px"})


@lru_cache(maxsize=8192)
def looks_of(style: str) -> Looks:
    """What a style attribute's text says."""
    declared = _declarations(style)
    background = _background(declared)
    borders = [declared.get(side, "") for side in _BORDERS]
    white_space = declared.get("white-space", "") or _collapsing(declared)
    backed = background not in ("", *_NOTHING_BEHIND)
    pictures = _pictures(style) if "url(" in background else ()
    looks = Looks(
        bold=_bold(declared.get("font-weight", "") or _weight_of(declared.get("font", ""))),
        italic=_italic(declared.get("font-style", "")),
        struck="line-through"
        in declared.get("text-decoration", "") + declared.get("text-decoration-line", ""),
        raised={"super": "sup", "sub": "sub"}.get(declared.get("vertical-align", ""), ""),
        hidden=rule_that_hides(declared),
        unseen=_unseen(declared.get("visibility", "")),
        pictures=pictures,
        backed=backed or _stands_out(declared),
        white=_white(_fill(declared)),
        transparent=_transparent(_fill(declared)),
        tiny=_tiny(declared.get("font-size", "") or _size_of(declared.get("font", ""))),
        monospaced=_MONOSPACE.search(declared.get("font-family", "")) is not None,
        keeps_spaces=white_space in ("pre", "pre-wrap", "break-spaces"),
        keeps_lines=_LINES.get(white_space),
        small=_small(declared),
        is_dot=all(declared.get(side, "") in _DOT for side in ("width", "height")),
        display=_display(declared),
        floats=declared.get("float", "") in ("left", "right"),
        is_row=_is_row(declared),
        is_stack=_is_stack(declared),
        is_lifted=_is_lifted(declared),
        overlaps=_overlaps(declared),
        size=_size(declared.get("font-size", "")),
        colour=_colour(declared.get("color", "")),
        centred=_centred(declared.get("text-align", "")),
        align=declared.get("text-align", ""),
        boxed=backed or not all(_NO_BORDER.match(border) for border in borders),
        barred=_BAR.match(declared.get("border-left", "")) is not None,
        padded=any(name.startswith("padding") and not is_zero(declared[name]) for name in declared),
    )
    return PLAIN if looks in _OF_NO_ACCOUNT else looks


def _collapsing(declared: Mapping[str, str]) -> str:
    """The longhand of `white-space`, as that."""
    said = declared.get("white-space-collapse", "")
    return {"preserve": "pre-wrap", "preserve-breaks": "pre-line"}.get(said, said)


def _declarations(style: str) -> dict[str, str]:
    """Property -> value, in small letters: the last one, and before all others an `!important` one.

    A `;` within url(...) makes a part that says nothing.
    """
    declared: dict[str, str] = {}
    important: set[str] = set()
    for part in style[:_MAX_STYLE].lower().split(";"):
        name, _, value = part.partition(":")
        name, (value, mark, _) = name.strip(), value.partition("!")
        if mark:
            important.add(name)
        if mark or name not in important:
            declared[name] = value.strip()
    return declared


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


def _size_of(font: str) -> str:
    """The size in a `font` shorthand, where it gives one."""
    return next((word for word in font.replace("/", " ").split() if _SIZE.match(word)), "")


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


def _pictures(style: str) -> tuple[str, ...]:
    found = (address.replace("&amp;", "&") for address in _URL.findall(style[:_MAX_STYLE]))
    return tuple(dict.fromkeys(found))


def _stands_out(declared: Mapping[str, str]) -> bool:
    """Whether text is seen on any ground.

    It has an outline, a shadow, a pattern as its fill, a shadow within its box as a ground, or is
    blended with what lies behind it.
    """
    strokes = ("-webkit-text-stroke", "-webkit-text-stroke-width", "text-stroke")
    outline = next(filter(None, (declared.get(name, "") for name in strokes)), "")
    shadow = declared.get("text-shadow", "none")
    clipped = declared.get("background-clip", "") or declared.get("-webkit-background-clip", "")
    blended = declared.get("mix-blend-mode", "normal") != "normal"
    changed = "invert(" in declared.get("filter", "") or "inset" in declared.get("box-shadow", "")
    shown = not _NO_OUTLINE.match(outline) or shadow not in ("", "none") or clipped == "text"
    return shown or blended or changed


def _is_lifted(declared: Mapping[str, str]) -> bool:
    return declared.get("position", "") in ("absolute", "fixed")


def _overlaps(declared: Mapping[str, str]) -> bool:
    """Whether a box is drawn up over what stands before it, as editors set words over a band."""
    above = declared.get("margin-top", "") or declared.get("margin", "")
    moved = declared.get("position", "") == "relative" and declared.get("top", "").startswith("-")
    lifted = _is_lifted(declared)
    return lifted or moved or above.startswith("-") or "translate" in declared.get("transform", "")


def _unseen(visibility: str) -> bool | None:
    return {"hidden": True, "collapse": True, "visible": False}.get(visibility)


def _fill(declared: Mapping[str, str]) -> str:
    """The colour that letters are filled with."""
    fill = declared.get("-webkit-text-fill-color", "")
    return declared.get("color", "") if fill in _OWN_COLOUR else fill


def _white(color: str) -> bool | None:
    return color.replace(" ", "") in _WHITE if color and color != "inherit" else None


def _transparent(color: str) -> bool | None:
    if not color or color == "inherit":
        return None
    return _NO_COLOUR.match(color.replace(" ", "")) is not None


def _colour(color: str) -> str:
    """A colour, written in one way: editors write `#333`, `#333333` and `rgb(51, 51, 51)`."""
    dense = "" if color in ("inherit", "initial", "unset") else color.replace(" ", "")
    if match := _HEX.match(dense):
        digits = match[1] if len(match[1]) > 3 else "".join(2 * digit for digit in match[1])
        return "rgb({},{},{})".format(*bytes.fromhex(digits))
    return _NAMED.get(dense, dense)


def _tiny(size: str) -> bool | None:
    return is_zero(size) if size and size != "inherit" else None


def _size(size: str) -> float:
    """Pixels; where a size is relative, minus the part of what is around that it is."""
    match = _SIZE.match(size)
    return float(match[1] or 0) * _PIXELS[match[2]] if match else 0.0


def _centred(align: str) -> bool | None:
    return align in ("center", "-webkit-center") if align and align != "inherit" else None


def _small(declared: Mapping[str, str]) -> bool:
    sizes = [
        _LENGTH.match(declared.get(side, ""))
        for side in ("width", "height", "max-width", "max-height")
    ]
    return any(float(size[1]) < _SMALL for size in sizes if size)


def _display(declared: Mapping[str, str]) -> str:
    display = declared.get("display", "")
    return "" if display in ("inherit", "initial", "unset", "contents", "none") else display


def _is_stack(declared: Mapping[str, str]) -> bool:
    display = declared.get("display", "")
    if display in ("grid", "inline-grid"):
        return True
    flex = display in ("flex", "inline-flex", "-webkit-flex")
    return flex and not _is_row(declared)


def _is_row(declared: Mapping[str, str]) -> bool:
    direction = declared.get("flex-direction", "") + declared.get("flex-flow", "")
    vertical = declared.get("-webkit-box-orient", "") == "vertical"
    return declared.get("display", "") in _ROWS and "column" not in direction and not vertical
