"""Links and pictures of a seed, so that each leads somewhere.

Lost, scripted, cut and spread targets are mended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.clean.seeds.damage import EMPTY_LINK, EMPTY_PICTURE, SCRIPT_LINK
from crawler.clean.seeds.spans import replaced_outside_code

if TYPE_CHECKING:
    from collections import Counter

    from crawler.clean.seeds.spans import Found

_SCRIPT = re.compile(r"\]\([ ]*(?:javascript|vbscript|data|file):", re.IGNORECASE)
_PICTURE_HOST = re.compile(r"\]\(http://(?=(?:(?:mmbiz|mmecoa)\.qpic|(?:mmbiz|wx)\.qlogo)\.cn/)")

# What a seed ends in, before its dots, that was cut in a link or picture: 879 of 2,428 cut ones.
_CUT = re.compile(
    r"(?:(?P<linked>\[(?P<picture>!\[[^\]\n]*+\]\([^)\n]*+\))\]\([^)\n]*+)"
    r"|\[?!(?:\[[^\]\n]*+(?:\]\([^)\n]*+)?)?"
    r"|\[(?P<words>(?:[^\[\]\n]++|\[[^\[\]\n]*+\])++)\]\([^)\n]*+)\Z"
)
_LONGEST = 4000  # characters from a link's bracket to where its seed was cut
_SPREAD_WORDS = (
    r"\[(?<![!\\]\[)(?P<words>(?:!\[[^\]\n]{0,200}\]\([^()\s]{0,2000}\)|[^\[\]]){1,2000}?)"
)
_CUT_SPREAD = re.compile(_SPREAD_WORDS + r"\]\([^()\n]*\.\.\.\Z")
_SPREAD = re.compile(
    rf"{_SPREAD_WORDS}"
    r"\]\((?P<target>https?://[^()\s]{1,2000}(?:[ ]\"[^\"\n]{0,2000}\")?)\)"
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_BLOCK_MARK = re.compile(r"(?:#{1,6}[ ]+|[-+*][ ]+|[0-9]{1,9}[.)][ ]+|>[ ]*)?")


def mend_links(block: str, counts: Counter[str]) -> str:
    """The block without what leads nowhere, and with its pictures asked for over https."""
    if "](" not in block:
        return block
    if "]()" in block or "]( " in block:
        block = EMPTY_PICTURE.apply(block, counts)
    if "[]" in block or "[ ]" in block:
        block = EMPTY_LINK.apply(block, counts)
    if _SCRIPT.search(block):
        block = SCRIPT_LINK.apply(block, counts)
    if not _PICTURE_HOST.search(block):
        return block
    return replaced_outside_code(_PICTURE_HOST, lambda _: "](https://", block)


def close_cut_link(text: str) -> str:
    """A text that was cut inside a link or a picture, with its words and `...` but no half link."""
    if not text.endswith("..."):
        return text
    far = max(0, len(text) - _LONGEST)
    match = _CUT.search(text[:-3], max(far, text.rfind("\n") + 1))
    if match:
        return f"{text[: match.start()]}{match['picture'] or match['words'] or ''}..."
    spread = _CUT_SPREAD.search(text, far)
    return f"{text[: spread.start()]}{spread['words']}..." if spread else text


def link_each_block(text: str) -> str:
    """A text in which a link that is spread over blocks is one link a block.

    No renderer joins blocks to one link.
    """
    if "\n" not in text or "](" not in text:
        return text
    return replaced_outside_code(_SPREAD, _each_linked, text)


def _each_linked(found: Found) -> str:
    if not _BLANK_LINE.search(found["words"]):
        return found[0]
    blocks = (block.strip() for block in _BLANK_LINE.split(found["words"]))
    return "\n\n".join(_linked(block, found["target"]) for block in blocks if block)


def _linked(block: str, target: str) -> str:
    mark = _BLOCK_MARK.match(block)
    end = mark.end() if mark else 0
    return f"{block[:end]}[{block[end:]}]({target})"
