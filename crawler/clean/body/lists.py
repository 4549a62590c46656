"""Lists: items that a page marks by hand, and what each item begins with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.clean.body.marks import list_mark, start_of, without_start
from crawler.clean.body.tree import Element

if TYPE_CHECKING:
    from crawler.clean.body.paragraphs import Leaf
    from crawler.clean.body.tree import Attributes


# how a list says what its items begin with -> how each is written here; any other is a number
_SIGNS = {
    **dict.fromkeys(("none", "disc", "circle", "square"), "none"),
    **dict.fromkeys(("a", "lower-alpha", "lower-latin"), "a"),
    **dict.fromkeys(("A", "upper-alpha", "upper-latin"), "A"),
    **dict.fromkeys(("i", "lower-roman"), "i"),
    **dict.fromkeys(("I", "upper-roman"), "I"),
    **dict.fromkeys(("cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal"), "一"),
}
_STYLE = re.compile(r"(?<![\w-])list-style(?:-type)?\s*+:([^;]*+)", re.IGNORECASE)
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_HAN = "〇一二三四五六七八九"


def signs_of_list(attributes: Attributes) -> str:
    """What the items of a numbered list begin with: a, A, i, I, 一, or none; "" for a number.

    WeChat's own editor gives lists such styles; whoever reads 答案选 B looks for a B.
    """
    written = _STYLE.findall(attributes.get("style") or "")
    words = written[-1].lower().split() if written else [attributes.get("type") or ""]
    return next((_SIGNS[word] for word in words if word in _SIGNS), "")


def _sign(number: int, signs: str) -> str:
    """A number as a list's signs have it; as it is where they have none for it."""
    if signs == "一":
        return f"{_in_han(number)}、" if 0 < number < 100 else f"{number}."
    if not 0 < number < 4000:
        return f"{number}."
    sign = _in_letters(number) if signs in ("a", "A") else _in_roman(number)
    return f"{sign.upper() if signs.isupper() else sign}."


def _in_letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _in_roman(number: int) -> str:
    letters = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        letters += sign * count
    return letters


def _in_han(number: int) -> str:
    tens, ones = divmod(number, 10)
    before = f"{_HAN[tens] if tens > 1 else ''}十" if tens else ""
    return before + (_HAN[ones] if ones else "")


def without_own_mark(line: list[Leaf], item: Element) -> list[Leaf]:
    """The first line of an item, less the mark that its editor also wrote into it."""
    kind, number, length = list_mark(start_of(line))
    items = item.around
    if kind != items.name or (kind == "ol" and number != _place(items, item)):
        return line
    items.attrs["marked"] = "yes"
    return without_start(line, length)


def _place(items: Element, item: Element) -> int:
    """The number of a list's last item; below zero where it is not known before the list is whole.

    So it is where the list counts back, and behind an item that has a number of its own.
    """
    own = _given(item.attrs.get("value"), -1)
    if own >= 0 or "valued" in items.attrs or "reversed" in items.attrs:
        return own
    return _given(items.attrs["start"], 1) + len(items.contents) - 1


def marked_item(before: object, line: list[Leaf]) -> tuple[Element, Element, list[Leaf]] | None:
    """A line that begins with a mark, as (its list, its item, the rest of it).

    It goes on in the list `before` where that was made so, and counts on.
    """
    kind, number, length = list_mark(start_of(line))
    if not kind:
        return None
    value = str(number) if kind == "ol" else ""
    item = Element("li", value=value)
    goes_on = (
        isinstance(before, Element)
        and before.attrs.get("made") == kind
        and (kind == "ul" or number == _given(before.elements[-1].attrs["value"], 0) + 1)
    )
    items = (
        before if goes_on and isinstance(before, Element) else Element(kind, start="", made=kind)
    )
    items.add(item)
    return items, item, without_start(line, length)


def name_bullets(items: Element) -> None:
    """Give each item of a list its bullet or number.

    Two lists of one sort without anything between would be one list in Markdown, so the second
    takes the other mark.
    """
    if items.attrs.get("signs") == "none" and "marked" not in items.attrs:
        items.name = "ul"
    before = items.previous_sibling
    other = (
        isinstance(before, Element)
        and before.name == items.name
        and before.attrs.get("mark") in ("-", ".")
    )
    ordered, signs = items.name == "ol", items.attrs.get("signs")
    items.attrs["mark"] = (")" if other else ".") if ordered else ("*" if other else "-")
    for number, item in zip(_numbers(items), items.elements, strict=True):
        item.attrs["bullet"] = f"{number}{items.attrs['mark']}" if ordered else items.attrs["mark"]
        if isinstance(signs, str) and signs != "none":
            item.attrs["sign"] = _sign(number, signs)


def _numbers(items: Element) -> list[int]:
    """The number of each item: on from the one before, back in a reversed list, or its own."""
    step = -1 if "reversed" in items.attrs else 1
    first = len(items.elements) if step < 0 else 1
    number = _given(items.attrs.get("start"), first)
    numbers = []
    for item in items.elements:
        number = _given(item.attrs.get("value"), number)
        numbers.append(number)
        number = max(0, number + step)
    return numbers


def _given(value: object, otherwise: int) -> int:
    return (
        int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 9 else otherwise
    )
