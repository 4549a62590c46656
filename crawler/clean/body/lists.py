"""Lists: items that a page marks by hand, and what each item begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.clean.body.marks import list_mark, start_of, without_start
from crawler.clean.body.tree import Element

if TYPE_CHECKING:
    from crawler.clean.body.paragraphs import Leaf


def without_own_mark(line: list[Leaf], item: Element) -> list[Leaf]:
    """The first line of an item, less the mark that its editor also wrote into it."""
    kind, number, length = list_mark(start_of(line))
    items = item.around
    if kind != items.name or (kind == "ol" and number != _place(items, item)):
        return line
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
    before = items.previous_sibling
    other = (
        isinstance(before, Element)
        and before.name == items.name
        and before.attrs.get("mark") in ("-", ".")
    )
    ordered = items.name == "ol"
    items.attrs["mark"] = (")" if other else ".") if ordered else ("*" if other else "-")
    for number, item in zip(_numbers(items), items.elements, strict=True):
        item.attrs["bullet"] = f"{number}{items.attrs['mark']}" if ordered else items.attrs["mark"]


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
