"""A TimeMap in link-format (RFC 7089 section 5, RFC 6690) -> captures."""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import NamedTuple

from crawler.clean.captures.capture import MAX_LINES, Capture, Listed, original_of

_LINK = re.compile(
    rb"<(?P<target>[^<>\s]{1,8192})>"
    rb'(?P<parameters>(?:\s{0,9};\s{0,9}[\w*-]{1,40}\s{0,9}=\s{0,9}(?:"[^"<]{0,999}"|[^",;\s<]{0,999})){0,20})',
)
_PARAMETER = re.compile(r'(?<![\w*-])([\w*-]++)\s*=\s*(?:"([^"]*)"|([^",;\s]*))', re.ASCII)
_NO_TIMEMAP = "was answered with no TimeMap"
_CUT = "was cut short: its last link is broken"


def read_timemap(content: bytes) -> Listed:
    """What a TimeMap names.

    Its mementos, and the addresses of other TimeMaps, before it and behind it. A memento whose
    address is none of replay, or that says no moment, is a flaw.
    """
    links = _links(content)
    if len(links) > MAX_LINES:
        return Listed(problem=f"lists more than {MAX_LINES:,} captures")
    if not links:
        return Listed(problem=_NO_TIMEMAP) if content.strip() else Listed()
    if _is_cut(content):
        return Listed(problem=_CUT)
    captures: list[Capture] = []
    flaws: list[str] = []
    maps: list[str] = []
    for number, (target, rel, moment, form) in enumerate(links, start=1):
        kinds = rel.split()
        if "timemap" in kinds and "self" not in kinds:
            maps += [target] if form in _FORMS else []
        elif "memento" in kinds:
            capture = _memento(target, moment)
            if capture:
                captures.append(capture)
            else:
                flaws.append(f"link {number} is no memento that can be replayed")
    return Listed(captures=tuple(captures), maps=tuple(maps), flaws=tuple(flaws), lines=len(links))


def _is_cut(content: bytes) -> bool:
    """Whether a TimeMap ends within a link, and so may have had more of them."""
    start = content.rfind(b"<")
    return content.find(b">", start) < 0 or content.count(b'"', start) % 2 == 1


class _Named(NamedTuple):
    """A link that says what it is: no other of its parameters is kept, and there may be many."""

    target: str
    rel: str
    moment: str
    form: str  # of what stands there


_FORMS = frozenset({"", "application/link-format"})  # others say the same once more


def _links(content: bytes) -> list[_Named]:
    """Every link that says what it is."""
    found = (_named(link) for link in _LINK.finditer(content))
    return list(islice((link for link in found if link), MAX_LINES + 1))


def _named(link: re.Match[bytes]) -> _Named | None:
    parameters = _PARAMETER.finditer(link["parameters"].decode("utf-8", "replace"))
    told = {match[1].lower(): match[2] or match[3] or "" for match in parameters}
    if "rel" not in told:
        return None
    target = link["target"].decode("utf-8", "replace")
    return _Named(target, told["rel"], told.get("datetime", ""), told.get("type", ""))


def _memento(target: str, moment: str) -> Capture | None:
    """The capture behind a URI-M; the moment of its `datetime` counts where it tells one."""
    capture = original_of(target)
    try:
        said = parsedate_to_datetime(moment).strftime("%Y%m%d%H%M%S")
    except (ValueError, TypeError, OverflowError):  # a day of none, or of the year 10**20
        return capture
    return replace(capture, at=said) if capture and capture.at[:8] == said[:8] else capture
