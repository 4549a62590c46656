"""What each list item begins with."""

from __future__ import annotations

from crawler.clean.body.tree import Element


def name_bullets(items: Element, start: str) -> None:
    """Give each item of a list its bullet or number.

    Two lists of one sort without anything between would be one list in Markdown, so the second
    takes the other mark.
    """
    before = items.previous_sibling
    other = (
        isinstance(before, Element)
        and before.name == items.name
        and before.attrs["mark"] in ("-", ".")
    )
    ordered = items.name == "ol"
    items.attrs["mark"] = (")" if other else ".") if ordered else ("*" if other else "-")
    first = int(start) if start.isdecimal() and len(start) < 9 else 1
    for number, item in enumerate(items.elements, first):
        item.attrs["bullet"] = f"{number}{items.attrs['mark']}" if ordered else items.attrs["mark"]
