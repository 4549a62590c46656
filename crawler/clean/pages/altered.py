"""Pages that are not as WeChat served them: the reader's own browser shows them in another way.

A view for reading has no page any more from which anything could be told, and a translation would
stand in the archive as the article's own words. So neither is taken. Only what browsers and
extensions leave in a page is looked for, and last whether the title that the page shows is still
the one that its data say, in words and in characters, traditional or simplified: on 223 pages that
have both, the two are equal to the letter. Of saved pages only the script of the two is compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from crawler.clean.pages.metadata import Place, read_field, text_of
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


# As their makers' pages and code tell it; no such page of WeChat's was at hand. Tools that save
# pages leave quotes out where a value has no blank in it.
ALTERATIONS = (
    Alteration(
        id="translated-google",
        says=TRANSLATED,
        evidence="Chrome's own translation, a class of <html>",
        pattern=re.compile(rb"""<html\b[^<>]*?[\s"'=]translated-(?:ltr|rtl)[\s"'>]"""),
        matches=('<html lang="en" class="translated-ltr">', "<html class=translated-rtl lang=ar>"),
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
            rb"""<[a-z][^<>]*?\b(?:imt-state=["']?(?:dual|translation)|immersive-translate-target-)"""
        ),
        matches=(
            '<html imt-state="dual">',
            "<html imt-state=dual lang=zh>",
            '<font class="immersive-translate-target-wrapper">',
        ),
        spares=(
            '<html imt-state="original">',
            "<html imt-state=original>",
            "<p>immersive-translate-target-wrapper</p>",
        ),
    ),
    Alteration(
        id="translated-kiss",
        says=TRANSLATED,
        evidence="the extension KISS Translator, of old by an element, today by classes",
        pattern=re.compile(
            rb"""<(?:kiss-translator[\s>]|[a-z][^<>]*?[\s"'=]kiss-translator-(?:wrapper|inner)[\s"'>])"""
        ),
        matches=(
            "<kiss-translator>",
            '<span class="kiss-translator-wrapper notranslate">',
            "<span class=kiss-translator-inner>",
        ),
        spares=('<div id="kiss-translator-fab">', "<p>kiss-translator-wrapper</p>"),
    ),
    Alteration(
        id="translated-read-frog",
        says=TRANSLATED,
        evidence="the extension Read Frog",
        pattern=re.compile(rb"""<[a-z][^<>]*?[\s"'=]read-frog-translated-"""),
        matches=(
            '<span class="notranslate read-frog-translated-content-wrapper">',
            "<span class=read-frog-translated-content-wrapper>",
        ),
        spares=('<div class="read-frog-x">', "<p>read-frog-translated-content</p>"),
    ),
    Alteration(
        id="translated-fluent-read",
        says=TRANSLATED,
        evidence="the extension FluentRead",
        pattern=re.compile(rb"""<[a-z][^<>]*?[\s"'=]fluent-read-bilingual-content[\s"'>]"""),
        matches=(
            '<span class="fluent-read-bilingual-content">',
            "<span class=fluent-read-bilingual-content>",
        ),
        spares=('<p class="fluent-read-loading">', "<p>fluent-read-bilingual-content</p>"),
    ),
    Alteration(
        id="translated-caiyun",
        says=TRANSLATED,
        evidence="LingoCloud (彩云小译)",
        pattern=re.compile(rb"""<[a-z][^<>]*?[\s"'=]cyxy-trs-target[\s"'>]"""),
        matches=(
            '<font class="cyxy-trs-target">',
            '<p class="cyxy-trs-source cyxy-trs-target">',
            "<font class=cyxy-trs-target>",
        ),
        spares=('<p class="cyxy-no-trs">', "<p>cyxy-trs-target</p>"),
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
_OF_TRANSLATION = (
    *(b"translated-", b"_mst", b"imt-state", b"immersive-translate", b"kiss-translator"),
    *(b"fluent-read-bilingual", b"cyxy-trs-target"),
)
_BLANK = re.compile(r"\W+")
_FEWEST = 4  # characters of a title, below which half of them say nothing
_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3041-\u30fa\uac00-\ud7a3]")
_EAST = (_HAN, re.compile(r"[\u3041-\u30fa]"), re.compile(r"[\uac00-\ud7a3]"))
_SAID = Place(keys=("title",), meta=("og:title",))
_SHOWN = "#activity-name, #js_text_title"
_OF_THE_EAST = re.compile(rf"{_HAN.pattern}|{_KANA_OR_HANGUL.pattern}")


def altered(content: bytes, *, charset: str = "") -> str:
    """How a page differs from what WeChat served, for people; "" where nothing says that it does.

    Never raises. Takes time in proportion to the page.
    """
    parts = split_page(content, charset)
    found = (row.says for row in ALTERATIONS if row.pattern.search(parts.markup))
    return next(found, "") or _other_title(parts)


def is_translated(parts: PageParts, tree: LexborHTMLParser) -> bool:
    """Whether a page shows its article in another language.

    Translators leave signs in it, around the article as well; within, an author may have pasted a
    translation. Some exchange the words and leave none, but the title that nobody sees stays.
    """
    if _is_in_other_language(*_titles(parts, tree)):
        return True
    if not any(sign in parts.markup for sign in _OF_TRANSLATION):
        return False
    around = _CONTAINER.split(parts.markup, maxsplit=1)[0]
    return any(row.says == TRANSLATED and row.pattern.search(around) for row in ALTERATIONS)


def is_converted(parts: PageParts, tree: LexborHTMLParser) -> bool:
    """Whether a page shows its article in other characters than its own, by its title."""
    return _is_in_other_characters(*_titles(parts, tree))


def _other_title(parts: PageParts) -> str:
    """Whether the title in the page is in other words than that in its data."""
    if parts.refusal:
        return ""
    said, shown = _titles(parts, LexborHTMLParser(parts.markup))
    if len(said) < _FEWEST or not shown:
        return ""
    if _is_in_other_characters(said, shown):
        return CONVERTED
    if _is_in_other_language(said, shown) or _is_translated_too(said, shown):
        return TRANSLATED
    signs = set(shown)
    kept = sum(sign in signs for sign in said)
    return TRANSLATED if kept * 2 < len(said) else ""


def _titles(parts: PageParts, tree: LexborHTMLParser) -> tuple[str, str]:
    """The title that a page's data say, or its head, and the one that it shows; by letters."""
    said = read_field(_SAID, parts.data, tree)
    return _BLANK.sub("", said), _BLANK.sub("", text_of(tree, _SHOWN))


def _is_in_other_characters(said: str, shown: str) -> bool:
    return said != shown and fold_script(said) == fold_script(shown)


def _is_in_other_language(said: str, shown: str) -> bool:
    """Whether a title is shown in another script than its own: Chinese, Japanese, Korean or none.

    Names and figures stay as they are in a translation: of its letters half may be the same.
    """
    if len(said) < _FEWEST or not shown or said in shown or shown in said:
        return False
    return any((script.search(said) is None) != (script.search(shown) is None) for script in _EAST)


def _is_translated_too(said: str, shown: str) -> bool:
    """Whether a title in another language stands beside the page's own, as most translators write.

    A badge or a button that something else puts there is shorter.
    """
    before, own, behind = shown.partition(said)
    added = before + behind
    if not own or len(added) < _FEWEST:
        return False
    is_chinese = _HAN.search(said) is not None
    others = _KANA_OR_HANGUL if is_chinese else _OF_THE_EAST
    if others.search(added) and not others.search(said):
        return True
    return is_chinese and not _HAN.search(added) and len(added) >= len(said)
