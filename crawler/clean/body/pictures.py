"""Which picture an element shows.

WeChat loads lazily, so `data-src` holds the address and `src` a placeholder.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crawler.clean.body.mirrors import mirrored_picture
from crawler.clean.body.styles import looks_of
from crawler.clean.markdown import picture_address

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOURCES = ("data-src", "data-original", "data-croporisrc", "data-backsrc", "src", "data-emoji_url")
_BLANK = re.compile(
    r"pic_blank[0-9a-f]{0,8}\.gif|/spacer\.gif|/blank\.gif|(?:^|/)(?:1x1|transparent)\.(?:gif|png)",
    re.IGNORECASE,
)
# in English, too: [ThumbsDown], [Sun Glasses]; of some the sign itself stands there
_EMOJI = re.compile(r"(?:\[[^\[\]\n]{1,24}\]|[^\w\s\x00-\x7f]{1,8})\Z")
# a sprite of WeChat's, behind a blank picture, which a tool may have put into the page as its bytes
_SPRITES = frozenset({"we-emoji", "icon_emotion_single"})
_NO_ALT = frozenset({"图片", "image", "img", "picture"})  # what WeChat's editor fills in by itself
_WIDE = 300  # pixels
_TRACKER = frozenset({"0", "1", "0px", "1px"})


class Picture(NamedTuple):
    """A picture's address and what is said of it; or, without an address, why it is not one."""

    address: str
    alt: str = ""
    instead: str = ""  # the text that a sprite stands for
    rule: str = ""  # the id of the rule that took it
    large: bool = False  # it has its line for itself


def read_picture(attributes: Mapping[str, str | None]) -> Picture:
    """The picture of an <img>, a sticker or an <embed>."""
    alt = (attributes.get("alt") or "").strip()
    given = [value for value in (attributes.get(name) for name in _SOURCES) if value]
    given += (attributes.get("srcset") or "").split(None, 1)[:1]
    if any(_BLANK.search(value) for value in given[:1]) or _is_sprite(attributes, alt):
        emoji = alt if _EMOJI.match(alt) else ""
        rule = "" if emoji else "picture-spacer"
        return Picture("", instead=emoji, rule=rule)
    if _is_tracker(attributes):
        return Picture("", rule="picture-tracker")
    address = next((found for found in map(_address_of, given) if found), "")
    if not address:
        return Picture("", rule="picture-without-address")
    said = "" if alt.lower() in _NO_ALT else " ".join(alt.split())
    return Picture(address, said, large=_is_large(attributes))


def _address_of(given: str) -> str:
    return picture_address(given) or mirrored_picture(given)


def _is_sprite(attributes: Mapping[str, str | None], alt: str) -> bool:
    is_one = not _SPRITES.isdisjoint((attributes.get("class") or "").split())
    return is_one and not attributes.get("data-src") and _EMOJI.match(alt) is not None


def _is_large(attributes: Mapping[str, str | None]) -> bool:
    """Whether a picture is as wide as its text, and not a sign in a line of it."""
    looks = looks_of(attributes.get("style") or "")
    width = attributes.get("data-w") or ""
    return not looks.small and (looks.is_block or (width.isdecimal() and int(width[:9]) >= _WIDE))


def _is_tracker(attributes: Mapping[str, str | None]) -> bool:
    """Whether a picture is shown one pixel large; its `data-w` alone may be wrong, as 0 or 1 is."""
    if looks_of(attributes.get("style") or "").is_dot:
        return True
    sides = (attributes.get(name) or "" for name in ("width", "height"))
    return all(side in _TRACKER for side in sides)
