"""The properties of a page of Notion's, which its HTML has as a table in its head."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.characters import on_one_line
from crawler.clean.exports.fields import Sheet
from crawler.clean.exports.moments import Moment
from crawler.clean.exports.producers import PRODUCERS
from crawler.clean.exports.says import what_it_says

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from crawler.clean.exports.records import Link

_AS_MARKDOWN = next(row for row in PRODUCERS if row.id == "notion")
_ROWS = "article.page > header > table.properties tr.property-row"


def with_properties(link: Link, tree: LexborHTMLParser | None) -> Link:
    """What HTML says of its article, and what its properties add, as they do in Markdown."""
    sheet = Sheet(text="")
    for row in tree.css(_ROWS) if tree else ():
        key, value = row.css_first("th"), row.css_first("td")
        if key is not None and value is not None:
            sheet.add(key.text(), _words_of(value))
    says = what_it_says(sheet, _AS_MARKDOWN)
    moment = Moment(link.date, link.published_at) if link.date else says.moment
    return replace(
        link,
        account=link.account or says.account,
        author=link.author or says.author,
        date=moment.date,
        published_at=moment.at,
    )


def _words_of(value: LexborNode) -> str:
    """The words of a property; of several each stands in an element of its own."""
    several = value.css(".selected-value") or [value]
    return ", ".join(on_one_line(one.text()).removeprefix("@") for one in several)
