"""Archived Markdown as XHTML that other programs take: well-formed, with nothing in it that runs.

Links lead to the web, to a mailbox or to a telephone. A picture is what the caller has of it;
where that is nothing, its words stand in its place.
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
_ADDRESS = re.compile(
    r"https?://[a-z0-9._-]+(?::[0-9]+)?(?:[/?#][!-~]*)?\Z", re.IGNORECASE | re.ASCII
)
_REACHES = re.compile(r"(?:mailto|tel):[!-~]+\Z", re.IGNORECASE | re.ASCII)
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
    given = str(token.attrs.pop("href", ""))
    address = _quoted(given) if _REACHES.match(given) else web_address(given)
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
    quoted = _quoted(address)
    try:
        host = urlsplit(quoted).hostname or ""
    except ValueError:
        return ""
    return quoted if host.strip("._-") and _ADDRESS.match(quoted) else ""


def _quoted(address: str) -> str:
    """An address with its scheme in small letters, and no sign in it that some reader refuses."""
    scheme, colon, rest = address.partition(":")
    before, mark, behind = rest.partition("#")
    quoted = scheme.lower() + colon + before + mark + behind.replace("#", "%23")
    return _UNWISE.sub(lambda sign: f"%{ord(sign[0]):02X}", quoted)
