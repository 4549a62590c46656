"""Addresses as they may stand in Markdown: safe to follow, and spelled so that they parse."""

from __future__ import annotations

import re

from crawler.characters import INVISIBLE, JOINERS

_BLANK = re.compile(f"[ \t\n{INVISIBLE}{JOINERS}]+")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_KEPT = re.compile(r"images/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{2,5}\Z")
_SAFE = frozenset({"http", "https", "mailto", "tel"})
_WECHAT_PATHS = ("/s?", "/s/", "/mp/", "/cgi-bin/")
_ENTITY = re.compile(r"&(?=#?[a-zA-Z0-9]+;)")
_UNSAFE = re.compile(r"[ <>\"\\^`{|}]")


def safe_address(address: str) -> str:
    """The address, or the empty string where following it would not open a page, a mail or a call.

    Browsers drop line breaks and tabs inside a scheme, so they are dropped before it is judged.
    """
    if len(address) > 100_000:  # a data: picture, or an attack
        return ""
    address = _BLANK.sub("", address.strip().replace(" ", "%20"))
    if address.startswith("//"):
        return "https:" + address
    scheme = _SCHEME.match(address)
    if scheme:
        return address if scheme[1].lower() in _SAFE else ""
    return f"https://mp.weixin.qq.com{address}" if address.startswith(_WECHAT_PATHS) else ""


def to_https(address: str) -> str:
    """An address by https, which all of WeChat's hosts speak.

    30 % of pictures are given as http.
    """
    if address.startswith("//"):
        return f"https:{address}"
    return f"https://{address[7:]}" if address[:7].lower() == "http://" else address


def picture_address(address: str) -> str:
    """The address of a picture, by https, or the empty string.

    Its query stays, for the picture loads by it. A picture that an archive keeps, and that the web
    never had under an address, has its place there.
    """
    if _KEPT.match(address):
        return address
    address = safe_address(address)
    scheme, colon, rest = address.partition(":")
    return "https" + colon + rest if scheme.lower() in ("http", "https") else ""


def link_target(address: str) -> str:
    """A safe address as it stands between `](` and `)`."""
    return _between_brackets(_ENTITY.sub("&amp;", address))


def picture_target(target: str) -> str:
    """What stands between `](` and `)` of a picture, as `link_target` gives its address; or ""."""
    return _between_brackets(picture_address(target))


def _between_brackets(address: str) -> str:
    address = _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", address)
    if _balanced(address):
        return address
    return address.replace("(", "%28").replace(")", "%29")


def _balanced(address: str) -> bool:
    if "(" not in address and ")" not in address:
        return True
    depth = 0
    for character in address:
        depth += (character == "(") - (character == ")")
        if not 0 <= depth <= 3:
            return False
    return depth == 0
