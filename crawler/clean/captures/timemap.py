"""A TimeMap in link-format (RFC 7089 section 5, RFC 6690) -> captures."""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from itertools import islice

from crawler.clean.captures.capture import MAX_LINES, Capture, Listed, original_of

_LINK = re.compile(
    r"<(?P<target>[^<>\s]{1,8192})>"
    r'(?P<parameters>(?:\s{0,9};\s{0,9}[\w*-]{1,40}\s{0,9}=\s{0,9}(?:"[^"<]{0,999}"|[^",;\s<]{0,999})){0,20})',
    re.ASCII,
)
_PARAMETER = re.compile(r'(?<![\w*-])([\w*-]++)\s*=\s*(?:"([^"]*)"|([^",;\s]*))', re.ASCII)
_NO_TIMEMAP = "was answered with no TimeMap"
_CUT = "was cut short: its last link is broken"


def read_timemap(content: bytes) -> Listed:
    """What a TimeMap names.

    Its mementos, and the address of the TimeMap behind it, if it has one. A memento whose address
    is none of replay, or that says no moment, is a flaw.
    """
    text = content.decode("utf-8", "replace").strip()
    links = _links(text)
    if len(links) > MAX_LINES:
        return Listed(problem=f"lists more than {MAX_LINES:,} captures")
    if text and not links:
        return Listed(problem=_NO_TIMEMAP)
    if text and _is_cut(text):
        return Listed(problem=_CUT)
    captures: list[Capture] = []
    flaws: list[str] = []
    following = ""
    for number, (target, told) in enumerate(links, start=1):
        kinds = told["rel"].split()
        if "timemap" in kinds and "self" not in kinds:
            following = target
        elif "memento" in kinds:
            capture = _memento(target, told.get("datetime", ""))
            if capture:
                captures.append(capture)
            else:
                flaws.append(f"link {number} is no memento that can be replayed")
    return Listed(
        captures=tuple(captures), following=following, flaws=tuple(flaws), lines=len(links)
    )


def _is_cut(text: str) -> bool:
    """Whether a TimeMap ends within a link, and so may have had more of them."""
    last = text[text.rfind("<") :]
    return ">" not in last or last.count('"') % 2 == 1


def _links(text: str) -> list[tuple[str, dict[str, str]]]:
    """Every link that says what it is: its target and its parameters."""
    found = ((link["target"], _parameters(link["parameters"])) for link in _LINK.finditer(text))
    links = ((target, told) for target, told in found if "rel" in told)
    return list(islice(links, MAX_LINES + 1))


def _parameters(text: str) -> dict[str, str]:
    found = _PARAMETER.finditer(text)
    return {match[1].lower(): match[2] or match[3] or "" for match in found}


def _memento(target: str, moment: str) -> Capture | None:
    """The capture behind a URI-M; the moment of its `datetime` counts where it tells one."""
    capture = original_of(target)
    try:
        said = parsedate_to_datetime(moment).strftime("%Y%m%d%H%M%S")
    except (ValueError, TypeError, OverflowError):  # a day of none, or of the year 10**20
        return capture
    return replace(capture, at=said) if capture and capture.at[:8] == said[:8] else capture
