"""Pages that are not as WeChat served them: the reader's own browser shows them in another way.

A view for reading has no page any more from which anything could be told, and a translation would
stand in the archive as the article's own words. So neither is taken. Only what browsers and
extensions leave in a page is looked for, and last whether the title that the page shows is still
the one that its data say, in words and in characters, traditional or simplified: on 31 real pages
that have both, the two are equal to the letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from crawler.clean.pages.metadata import text_of
from crawler.clean.pages.split import PageParts, split_page
from crawler.folding import fold_script

READING = "this is a view for reading, not the page itself; leave it, and capture again"
CONVERTED = "this page is shown in other characters than its own; turn that off, and capture again"
TRANSLATED = "this page is translated; show it in its own language, and capture again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """One sign in the markup of a page that a browser, or something in it, altered it."""

    id: str
    says: str
    pattern: re.Pattern[bytes]
    evidence: str
    matches: tuple[str, ...]
    spares: tuple[str, ...] = ()


# As their makers' pages and code tell it; no such page of WeChat's was at hand.
ALTERATIONS = (
    Alteration(
        id="translated-google",
        says=TRANSLATED,
        evidence="Chrome's own translation, a class of <html>",
        pattern=re.compile(rb"""<html\b[^<>]*?[\s"']translated-(?:ltr|rtl)[\s"']"""),
        matches=('<html lang="en" class="translated-ltr">',),
        spares=('<html class="ltr">', '<p class="translated-ltr">'),
    ),
    Alteration(
        id="translated-edge",
        says=TRANSLATED,
        evidence="Edge: each element carries the hash of its text",
        pattern=re.compile(rb"""<[a-z][^<>]*?\s_mst(?:texthash|hash|mutation)="""),
        matches=('<p _msttexthash="40283" _msthash="7">', '<font _mstmutation="1">'),
        spares=("<p>_msttexthash=</p>",),
    ),
    Alteration(
        id="translated-immersive",
        says=TRANSLATED,
        evidence="the extension Immersive Translate",
        pattern=re.compile(
            rb"""<[a-z][^<>]*?\b(?:imt-state=["'](?:dual|translation)|immersive-translate-target-)"""
        ),
        matches=('<html imt-state="dual">', '<font class="immersive-translate-target-wrapper">'),
        spares=('<html imt-state="original">', "<p>immersive-translate-target-wrapper</p>"),
    ),
    Alteration(
        id="reading-firefox",
        says=READING,
        evidence="what Firefox shows in a page's place",
        pattern=re.compile(rb"""<[a-z][^<>]*?\b(?:moz-reader-content|reader-header)\b"""),
        matches=('<div class="moz-reader-content">', '<div class="header reader-header">'),
        spares=("<p>moz-reader-content</p>",),
    ),
    Alteration(
        id="reading-simpread",
        says=READING,
        evidence="the elements that SimpRead lays over a page",
        pattern=re.compile(rb"""<sr-(?:rd|read|page)[a-z-]*+[\s>]"""),
        matches=("<sr-rd-content>", '<sr-read class="x">'),
        spares=("<srcset>", "<p>sr-rd-content</p>"),
    ),
)

_CONTAINER = re.compile(rb"""\sid=["']?js_content\b""")
# what one of those signs of a translation holds, for a quick look
_OF_TRANSLATION = (b"translated-", b"_mst", b"imt-state", b"immersive-translate")
_BLANK = re.compile(r"\W+")
_FEWEST = 4  # characters of a title, below which half of them say nothing


def altered(content: bytes, *, charset: str = "") -> str:
    """How a page differs from what WeChat served, for people; "" where nothing says that it does.

    Never raises. Takes time in proportion to the page.
    """
    parts = split_page(content, charset)
    found = (row.says for row in ALTERATIONS if row.pattern.search(parts.markup))
    return next(found, "") or _other_title(parts)


def is_translated(parts: PageParts) -> bool:
    """Whether a page shows its article in another language, by what translators leave in it.

    They leave it around the article as well; within, an author may have pasted a translation.
    """
    if not any(sign in parts.markup for sign in _OF_TRANSLATION):
        return False
    around = _CONTAINER.split(parts.markup, maxsplit=1)[0]
    return any(row.says == TRANSLATED and row.pattern.search(around) for row in ALTERATIONS)


def _other_title(parts: PageParts) -> str:
    """Whether the title in the page is in other words than that in its data."""
    if parts.refusal:
        return ""
    tree = LexborHTMLParser(parts.markup)
    meta = tree.css_first('meta[property="og:title"]')
    of_meta = meta.attributes.get("content") or "" if meta is not None else ""
    said = _BLANK.sub("", parts.data.text("title") or of_meta)
    shown = _BLANK.sub("", text_of(tree, "#activity-name"))
    if len(said) < _FEWEST or not shown:
        return ""
    if said != shown and fold_script(said) == fold_script(shown):
        return CONVERTED
    signs = set(shown)
    kept = sum(sign in signs for sign in said)
    return TRANSLATED if kept * 2 < len(said) else ""
