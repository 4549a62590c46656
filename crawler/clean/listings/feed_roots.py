"""Whether a file is a feed, by the element that holds all of it."""

from __future__ import annotations

import re

_MODULES = b"/rss/1.0/modules/"  # of which Zotero names one, in a library that is no feed


def is_feed(content: bytes) -> bool:
    """Whether these bytes begin as a feed does."""
    start = _PROLOG.match(content).end()  # type: ignore[union-attr]  # it may be empty
    head = content[start : start + 2000].lower().replace(_MODULES, b"")
    if head.startswith(b"{"):
        return b"jsonfeed.org/version" in head
    is_rdf = b"<rdf:rdf" in head and any(mark in head for mark in _RSS_IN_RDF)
    return head.startswith(b"<") and (is_rdf or _ROOT.search(head) is not None)


_ROOT = re.compile(rb"<(?:rss|(?:[a-z]\w{0,20}:)?feed)(?=[\s>])")
# comments and definitions before the root may be long: greetings, and words about licences
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:\s++|<\?[^<>]*+>|<!--(?:[^-]|-(?!->))*+-->"
    rb"|<!doctype\s(?:[^<>\[]|\[(?:<!--(?:[^-]|-(?!->))*+-->|<(?!!--)|[^\]\"'<]"
    rb"|\"[^\"]*+\"|'[^']*+')*+\])*+>)*+",
    re.IGNORECASE,
)
_RSS_IN_RDF = (
    b"purl.org/rss/",
    b"netscape.com/rdf/simple/",
)  # else it is anything, such as a library of Zotero's
