"""Where a page is in a drawing or a formula, whose tags HTML reads in another way.

In <svg> and <math> `<style/>` and `<script/>` are empty elements (tools that draw write them),
where outside of them all that follows would be their text.
"""

from __future__ import annotations

import re
from collections import Counter

from crawler.clean.markup.tokens import OWN, RAW, closes_itself, markup_before, named

_ROOTS = frozenset({b"svg", b"math"})
# In these, HTML is read again. [the standard: HTML and MathML text integration points]
_DOORS = {
    b"svg": frozenset({b"foreignobject", b"desc", b"title"}),
    b"math": frozenset({b"mi", b"mo", b"mn", b"ms", b"mtext", b"annotation-xml"}),
}
_ALL_DOORS = _DOORS[b"svg"] | _DOORS[b"math"]
# Whose start tag ends a drawing that was left open. [the standard: rules of foreign content]
_BREAK_OUT = frozenset(
    b"b big blockquote body br center code dd div dl dt em embed font h1 h2 h3 h4 h5 h6 head hr i"
    b" img li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u"
    b" ul var".split(b" ")
)
# Whose end tag ends one, since its element is open around it.
_AROUND = _BREAK_OUT | frozenset(
    b"article aside figcaption figure footer form header html main nav section tbody td th tr"
    b" tfoot thead".split(b" ")
)
_FONT = re.compile(rb"(?i)[\s/\"'](?:color|face|size)[\s=/>]")
_HTML_IN_MATH = re.compile(rb"""(?i)encoding\s*+=\s*+["']?(?:text/html|application/xhtml\+xml)\b""")

_IN_TEXT = named(RAW | _ROOTS | {OWN})
_OUTSIDE = markup_before(_IN_TEXT)
_IN_HTML = markup_before(_IN_TEXT + rb"|/" + named(_ROOTS | _ALL_DOORS))
_IN_DRAWING = markup_before(
    named(RAW | _ROOTS | _ALL_DOORS | _BREAK_OUT)
    + rb"|/"
    + named(_ROOTS | _ALL_DOORS | _AROUND)
    + rb"|!\[CDATA\["
)


class Foreign:
    """Which drawings and formulas are open, and which places for HTML in them."""

    def __init__(self) -> None:
        # name, and whose rules hold in it: b"svg", b"math", or b"" for those of HTML
        self._open: list[tuple[bytes, bytes]] = []
        self._counts: Counter[bytes] = Counter()
        self.is_unsure = False
        """Whether a drawing was left by an end tag that ends it only if its element is open."""

    @property
    def _rules(self) -> bytes:
        return self._open[-1][1] if self._open else b""

    @property
    def is_html(self) -> bool:
        """Whether tags are HTML's."""
        return not self._rules

    @property
    def markup(self) -> re.Pattern[bytes]:
        """What is passed in one go: all up to the next tag that says something here."""
        if not self._open:
            return _OUTSIDE
        return _IN_HTML if self.is_html else _IN_DRAWING

    def pass_tag(self, tag: re.Match[bytes]) -> None:
        """A tag that says where a drawing, or a place in one, begins or ends."""
        name = tag["name"].lower()
        if tag["end"]:
            self._close(name)
        elif name in _ROOTS:
            if not closes_itself(tag):
                self._enter(name, self._rules or name)
        elif name in _DOORS.get(self._rules, ()):
            if not closes_itself(tag) and _holds_html(name, tag["attributes"]):
                self._enter(name, b"")
        elif name == b"font" and not _FONT.search(tag["attributes"] + b">"):
            if not (self.is_html or closes_itself(tag)):  # an element of the drawing's
                self._enter(name, self._rules)
        elif name in _BREAK_OUT:
            self._leave()

    def _close(self, name: bytes) -> None:
        if self._counts[name]:
            while self._pop() != name:
                pass
        elif name in _AROUND:
            self.is_unsure |= not self.is_html and name not in (b"p", b"br")  # which always do
            self._leave()

    def _leave(self) -> None:
        """Out of drawings to the next HTML around them."""
        while not self.is_html:
            self._pop()

    def _enter(self, name: bytes, rules: bytes) -> None:
        self._open.append((name, rules))
        self._counts[name] += 1

    def _pop(self) -> bytes:
        name, _ = self._open.pop()
        self._counts[name] -= 1
        return name


def _holds_html(name: bytes, attributes: bytes) -> bool:
    return name != b"annotation-xml" or _HTML_IN_MATH.search(attributes) is not None
