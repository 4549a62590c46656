"""Addresses that a mirror (wget -k, wget2, HTTrack) wrote as paths to its files, by those paths."""

from __future__ import annotations

import re
from urllib.parse import unquote

_ABOVE = r"(?:\.{1,2}/)*+"
# `s?__biz=...` as a file's name, and the name of a short link
_LONG = re.compile(
    _ABOVE + r"(?:mp\.weixin\.qq\.com/)?(s\?__biz=[^\s#]{10,2000}?)(?:\.html)?(#\S*)?"
)
_NAME = r"(?=[a-z0-9_-]*+[A-Z])(?=[A-Z0-9_-]*+[a-z])(?!(?:19|20)\d\d-)[\w-]{22}"
_SHORT = re.compile(
    _ABOVE + rf"(?:(?:mp\.weixin\.qq\.com/)?s/({_NAME})(?:\.html)?|({_NAME})\.html)(?:#\S*)?",
    re.ASCII,
)
# behind the picture's size HTTrack writes four digits of its own, and an ending
_PICTURE = re.compile(
    _ABOVE + r"(mm(?:biz|ecoa)\.qpic\.cn/[a-z_]{3,20}/[\w-]{20,300}/)(640|0)(?:[0-9a-f]{4})?"
    r"(?:\.(?:jpe?g|png|gif|webp))?(\?[^\s]{0,500})?"
)


def mirrored_link(path: str) -> str:
    """The article that a path leads to; "" for any other."""
    path = unquote(path)
    long, short = _LONG.fullmatch(path), _SHORT.fullmatch(path)
    if long:
        return f"https://mp.weixin.qq.com/{long[1]}{long[2] or ''}"
    return f"https://mp.weixin.qq.com/s/{short[1] or short[2]}" if short else ""


def mirrored_picture(path: str) -> str:
    """The picture of WeChat's that a path names; "" for any other."""
    found = _PICTURE.fullmatch(unquote(path))
    return f"https://{found[1]}{found[2]}{found[3] or ''}" if found else ""
