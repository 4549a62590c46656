"""Archived Markdown as XHTML that other programs take: well-formed, with nothing in it that runs.

Links lead to the web alone. A picture is what the caller has of it; where that is nothing, its
words stand in its place.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.formats.elements import pair_elements
from crawler.formats.whole import is_in_pieces, markdown_parser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markdown_it.token import Token

    Pictures = Callable[[str], str]

_MARKDOWN = markdown_parser()
# what XML 1.0 cannot hold, however it is written
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#][!-~]*)?\Z")
_UNWISE = re.compile(r"[\[\]{}|\\^`<>\"]|%(?![0-9A-Fa-f]{2})")
_NO_WORDS = "[图片]"


def without_controls(text: str) -> str:
    """The text less the characters that no XML may hold."""
    return _NO_XML.sub("", text)


def render_xhtml(markdown: str, pictures: Pictures) -> str:
    """A text of the archive as XHTML. Never raises on any text.

    `pictures` gives the address to show in place of a picture's, "" for none.
    """
    text = without_controls(markdown)
    if is_in_pieces(text):
        return f"<pre>{escape(text)}</pre>"
    tokens = _MARKDOWN.parse(text)
    _adapt(tokens, pictures)
    rendered: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return rendered


def _adapt(tokens: list[Token], pictures: Pictures) -> None:
    for token in tokens:
        if token.type == "link_open":
            _tame_link(token)
        if token.type == "image":
            _show(token, pictures)
        elif token.children:
            pair_elements(token.children)
            _adapt(token.children, pictures)
        if token.type == "html_inline" and token.content == "<br>":
            token.content = "<br />"


def _tame_link(token: Token) -> None:
    address = web_address(str(token.attrs.pop("href", "")))
    if address:
        token.attrs["href"] = address


def _show(token: Token, pictures: Pictures) -> None:
    """Let a picture be the one that the caller has, or its words and its title."""
    address = pictures(str(token.attrs.get("src", "")))
    if address:
        token.attrs["src"] = address
        return
    words = f"{_words_of(token.children or ())} {token.attrs.get('title', '')}".strip()
    token.type, token.tag, token.children = "text", "", None
    token.content = words or _NO_WORDS


def _words_of(tokens: Iterable[Token]) -> str:
    return "".join(token.content for token in tokens if token.type in ("text", "code_inline"))


def web_address(address: str) -> str:
    """An address of the web that every reader takes for one; "" where it is none."""
    before, mark, behind = address.partition("#")
    quoted = before + mark + behind.replace("#", "%23")
    quoted = _UNWISE.sub(lambda sign: f"%{ord(sign[0]):02X}", quoted)
    try:
        host = urlsplit(quoted).hostname or ""
    except ValueError:
        return ""
    return quoted if host.strip(".-") and _ADDRESS.match(quoted) else ""
