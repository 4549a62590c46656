"""Pictures that a tool put into a page, as their bytes, or beside it: for its elements and styles.

A page may be pictures for the most part, so that of these as little as can be is copied.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.article import sha256
from crawler.characters import unescaped
from crawler.clean.markdown import link_target, picture_address
from crawler.clean.markup import parse_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# as a server said it, which may not know its pictures
_TYPE = (
    rb"(?:(?:image|video|audio)/[\w.+-]{1,40}+|application/octet-stream)"
    rb"(?:;charset=[\w-]{1,20}+)?+"
)
_TAG = re.compile(rb"<[a-zA-Z][^<>]*+>")
_COPY = re.compile(
    rb"""url\(\s*+(?:&quot;|&#39;|["'])?+(?P<copy>data:image/[\w.+-]{1,40}+;base64,"""
    rb"""[A-Za-z0-9+/=]++)"""
)
_IMAGE = re.compile(rb"<img\b[^<>]*+>", re.IGNORECASE)
_SOURCE = re.compile(rb"""\ssrc=(?P<copy>"[^"]*+"|'[^']*+'|[^\s<>"']++)""", re.IGNORECASE)
_ON_THE_WEB = re.compile(rb"""\s(?:data-)?src=["']?(?:https?:)?//""", re.IGNORECASE)
_DATA = rb"data:%b;base64,[A-Za-z0-9+/=]++" % _TYPE
_IN_TAG = re.compile(rb"""(?<==["'])%b(?=["'])|(?<==)%b(?=[\s>])""" % (_DATA, _DATA))


def place_backgrounds(content: bytes, place: Callable[[str], str]) -> bytes:
    """A page whose elements have the pictures behind them under the addresses they are kept at.

    `place` gives the address of a copy, or "" where it is no picture.
    """
    pieces: list[bytes] = []
    done = 0
    for tag in _TAG.finditer(content) if _COPY.search(content) else ():
        for copy in _COPY.finditer(content, *tag.span()):
            start, end = copy.span("copy")
            address = place(str(memoryview(content)[start:end], "ascii"))
            if address:
                pieces += [content[done:start], address.encode()]
                done = end
    return b"".join([*pieces, content[done:]]) if pieces else content


def pictures_beside(content: bytes) -> Iterator[tuple[str, str]]:
    """Of every picture whose address is known the address, and where the tool put a copy of it.

    The copy is a path beside the page, a `data:` address, or one on the web by which a part of a
    saved mail is called: there it is of the same picture. A page that is refused has none.
    """
    spans: dict[str, tuple[int, int]] = {}
    mark = f"data:{sha256(content)}," if _IN_TAG.search(content) else ""  # which no page can hold

    def put_aside(copy: re.Match[bytes]) -> bytes:
        name = f"{mark}{len(spans)}"
        spans[name] = copy.span()
        return name.encode()

    tree = parse_whole(_IN_TAG.sub(put_aside, content)).tree
    for node in tree.css("img[data-src][src]") if tree else ():
        address = picture_address(node.attributes.get("data-src") or "")
        copy = node.attributes.get("src") or ""
        if copy in spans:
            start, end = spans[copy]
            copy = str(memoryview(content)[start:end], "ascii")
        if address and copy and _may_be_of(address, copy):
            yield link_target(address), copy


def _may_be_of(address: str, copy: str) -> bool:
    """Whether a copy may be of the picture at an address: on the web only its size may differ.

    What is shown until a picture is there stands elsewhere, or has another name there; the picture
    itself is asked for by its width and form (`/640?wx_fmt=png&tp=webp`).
    """
    is_of_the_web = copy.startswith(("http:", "https:", "//"))
    return not is_of_the_web or _without_size(copy) == _without_size(address)


_SIZE = re.compile(r"/[0-9]*+(?:[?#].*)?\Z", re.DOTALL)


def _without_size(address: str) -> str:
    return _SIZE.sub("", address).partition(":")[2]


def place_beside(content: bytes, place: Callable[[str], str]) -> bytes:
    """A page whose pictures have the addresses at which they are kept, where it has only copies.

    `place` gives the address of a copy (a path beside the page, or a `data:` address), or "".
    """
    pieces: list[bytes] = []
    done = 0
    for tag in _IMAGE.finditer(content):
        source = _SOURCE.search(content, *tag.span())
        if not source or _ON_THE_WEB.search(content, *tag.span()):
            continue
        address = place(unescaped(source["copy"].decode("utf-8", "replace").strip("\"'")))
        if address:
            start, end = source.span("copy")
            pieces += [content[done:start], b'"%b"' % address.encode()]
            done = end
    return b"".join([*pieces, content[done:]]) if pieces else content
