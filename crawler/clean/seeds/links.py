"""Links and pictures of a seed, so that each leads somewhere.

Lost, scripted, cut and spread targets mended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter

_EMPTY_PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\([ ]*\)")
_EMPTY_LINK = re.compile(r"(?<!!)\[[ ]*\]\([^()\s]{0,2000}\)")
_SCRIPT = re.compile(r"\]\([ ]*(?:javascript|vbscript|data|file):", re.IGNORECASE)
_SCRIPT_LINK = re.compile(
    r"(?<!!)\[((?:!\[[^\]\n]{0,200}\]\([^)\n]{0,2000}\)|[^\[\]\n]){0,500})\]"
    r"\([ ]*(?:javascript|vbscript|data|file):(?:[^()\n]|\([^()\n]{0,200}\)){0,2000}\)",
    re.IGNORECASE,
)
_PICTURE_HOST = re.compile(r"\]\(http://(?=(?:mmbiz\.qpic|mmbiz\.qlogo|wx\.qlogo)\.cn/)")

# What a seed ends in that was cut inside a link or picture: 879 of 2,428 cut ones.
_CUT = re.compile(
    r"(?:(?P<linked>\[(?P<picture>!\[[^\]\n]*\]\([^)\n]*\))\]\([^)\n]*)"
    r"|\[?!(?:\[[^\]\n]*(?:\]\([^)\n]*)?)?"
    r"|\[(?P<words>[^\[\]\n]+)\]\([^)\n]*)\.\.\.\Z"
)
_SPREAD = re.compile(
    r"\[(?<![!\\]\[)(?P<words>(?:!\[[^\]\n]{0,200}\]\([^()\s]{0,2000}\)|[^\[\]]){1,2000}?)"
    r"\]\((?P<target>https?://[^()\s]{1,2000})\)"
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_BLOCK_MARK = re.compile(r"(?:#{1,6}[ ]+|[-+*][ ]+|[0-9]{1,9}[.)][ ]+|>[ ]*)?")


def mend_targets(block: str, counts: Counter[str]) -> str:
    """The block without what leads nowhere, its pictures asked for over https."""
    if "](" not in block:
        return block
    if "]()" in block or "]( " in block:
        block = count_out(_EMPTY_PICTURE, "", block, "line:empty-picture", counts)
    if "[]" in block or "[ ]" in block:
        block = count_out(_EMPTY_LINK, "", block, "line:empty-link", counts)
    if _SCRIPT.search(block):
        block = count_out(_SCRIPT_LINK, r"\1", block, "line:script-link", counts)
    return _PICTURE_HOST.sub("](https://", block)


def uncut(text: str) -> str:
    """A text that was cut inside a link or a picture, less the half of it.

    Its words, and `...`, stay.
    """
    match = _CUT.search(text, text.rfind("\n") + 1)
    return (
        f"{text[: match.start()]}{match['picture'] or match['words'] or ''}..." if match else text
    )


def gather_links(text: str) -> str:
    """A text in which no link is spread over blocks.

    Each block of it, which no renderer would join, is a link.
    """
    return _SPREAD.sub(_each_linked, text) if "\n" in text and "](" in text else text


def _each_linked(match: re.Match[str]) -> str:
    if not _BLANK_LINE.search(match["words"]):
        return match[0]
    blocks = (block.strip() for block in _BLANK_LINE.split(match["words"]))
    return "\n\n".join(_linked(block, match["target"]) for block in blocks if block)


def _linked(block: str, target: str) -> str:
    mark = _BLOCK_MARK.match(block)
    end = mark.end() if mark else 0
    return f"{block[:end]}[{block[end:]}]({target})"


def count_out(
    pattern: re.Pattern[str], by: str, text: str, rule_id: str, counts: Counter[str]
) -> str:
    """The text with a pattern replaced, and how often counted under a rule."""
    text, taken = pattern.subn(by, text)
    if taken:
        counts[rule_id] += taken
    return text
