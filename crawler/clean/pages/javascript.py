"""Reads the JavaScript literals that pages carry.

`window.cgiDataNew = {...}` and `var ct = "..." || ""`.

They are JavaScript and not JSON (bare keys, `JsDecode('...')`, `'12' * 1`, trailing commas), and
are never evaluated. Only the keys of an object's own first level are read, because nested objects
repeat the names: the first `nick_name` of a page may be that of an advertiser. Every scan is one
pass; nothing is decoded before it is asked for.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from crawler.characters import has_halves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# A quote without a backslash before it ends its string, which is told fourteen times as fast as
# looking at every backslash on the way; only strings with an escaped quote are looked through.
_QUOTED = r"{0}[^{0}]*+(?<!\\){0}|{0}[^{0}\\]*+(?:\\.[^{0}\\]*+)*+{0}"
STRING = "(?:" + "|".join(_QUOTED.format(quote) for quote in "'\"`") + ")"
_KEY = re.compile(rf"""\s*+(?:([A-Za-z_$][\w$]*+)|({STRING}))\s*+:\s*+""", re.DOTALL)
_CALL = rf"\((?:[^'\"`{{}}\[\]()]++|{STRING})*+\)"  # as in JsDecode('...')
_TO_BRACKET = re.compile(rf"(?:[^'\"`{{}}\[\]()]++|{STRING}|{_CALL})*+", re.DOTALL)
_TO_COMMA = re.compile(rf"(?:[^'\"`{{}}\[\](),]++|{STRING}|{_CALL})*+", re.DOTALL)
_LITERAL = re.compile(rf":|{STRING}|(?<![\w$.])\d++(?:\.\d++)?+(?![\w$])", re.DOTALL)
_CHAIN = re.compile(rf"(?:[^'\"`{{}}\[\],;\n]++|{STRING})++", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(\r\n|.))", re.DOTALL
)
_MAX_KEYS = 5_000  # of one object; the largest page data have 149
_MAX_ITEMS = 1_000  # of an array; a gallery has 20 pictures at most, an article some hundreds
_OPENING = "{[("
_MAX_OPEN = 8  # strings without an end
_MAX_TIMES = 4  # that a text is read
_QUOTES = ("'", '"', "`")
_BROKEN_OFF = ("", "'", '"', "`")  # the text, or a string in it, has no end
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_CONTINUED_LINES = frozenset({"\n", "\r", "\r\n", "\u2028", "\u2029"})


@dataclass(frozen=True, slots=True, kw_only=True)
class JsObject:
    """The first level of one object literal: key -> its value as JavaScript source."""

    fields: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, key: str) -> bool:
        return key in self.fields

    def text(self, *keys: str) -> str:
        """The first of these keys' values that is not empty, as text; a number gives its digits."""
        for key in keys:
            value = literal_text(self.fields.get(key, ""))
            if value:
                return value
        return ""

    def object(self, key: str) -> JsObject:
        """The object that stands under a key; an empty one where there is none."""
        return read_object(self.fields.get(key, ""), 0)

    def objects(self, key: str) -> list[JsObject]:
        """The objects of the array that stands under a key."""
        source = self.fields.get(key, "")
        return [read_object(source, index) for index in islice(_item_starts(source), _MAX_ITEMS)]


def read_object(source: str, start: int) -> JsObject:
    """Read the first level of the object literal whose brace is the next thing after `start`.

    A literal that breaks off gives the keys whose values are whole.
    """
    brace = source.find("{", start)
    if brace < 0 or source[start:brace].strip():
        return JsObject()
    fields: dict[str, str] = {}
    index = brace + 1
    for _ in range(_MAX_KEYS):
        key = _KEY.match(source, index)
        begin = key.end() if key else index
        end = _value_end(source, begin)
        if end >= len(source):
            return JsObject(fields=fields)
        if key:
            name = key[1] or decode_string(key[2])
            fields.setdefault(name, source[begin:end].strip())
        if source[end] != ",":
            return JsObject(fields=fields)
        index = end + 1
    return JsObject(fields=fields)


def _value_end(source: str, index: int) -> int:
    """Where the comma or the closing bracket behind a value stands.

    The end of the text where none does.
    """
    while True:
        # it matches the empty text too
        index = _TO_COMMA.match(source, index).end()  # type: ignore[union-attr]
        if source[index : index + 1] in _BROKEN_OFF:
            return len(source)
        if source[index] not in _OPENING:
            return index
        index = _past_brackets(source, index)


def _past_brackets(source: str, index: int) -> int:
    """Where the bracket that opens at `at` is closed again; the end of the text where it is not."""
    depth = 0
    while source[index : index + 1] not in _BROKEN_OFF:
        depth += 1 if source[index] in _OPENING else -1
        if depth == 0:
            return index + 1
        index = _TO_BRACKET.match(source, index + 1).end()  # type: ignore[union-attr]
    return len(source)


def _item_starts(source: str) -> Iterator[int]:
    """Where the items of an array literal begin."""
    if not source.startswith("["):
        return
    index = 1
    while True:
        end = _value_end(source, index)
        if source[index:end].strip():
            yield index
        if end >= len(source) or source[end] != ",":
            return
        index = end + 1


def read_array(source: str) -> str:
    """The array literal that a text begins with; "" where nothing follows, for it may break off."""
    end = _past_brackets(source, 0)
    return source[:end] if end < len(source) else ""


def read_assigned(assigned: Iterable[re.Match[str]], source: str) -> Iterator[tuple[str, str]]:
    """The names that were found before an assignment, as group 1, and the expressions behind it.

    Each goes up to a comma, a semicolon or the line's end. Ends where they hold one another so
    often, or so many strings in them have no end, that no page of WeChat's is like that.
    """
    room, open_strings = _MAX_TIMES * len(source), 0
    for name in assigned:
        found = _CHAIN.match(source, name.end())
        end = found.end() if found else name.end()
        yield name[1], found[0].strip() if found else ""
        room -= end - name.end()
        open_strings += source[end : end + 1] in _QUOTES  # looked for through all of the text
        if room < 0 or open_strings == _MAX_OPEN:
            return


def literal_text(expression: str) -> str:
    """What an expression like `"" || "12" * 1` says: its first literal that is not empty.

    Of `xml ? getXmlValue('title.DATA') : '...'` the part behind the colon counts, which holds in
    every page that has no `xml`.
    """
    found = ""
    for part in _LITERAL.findall(expression):
        if part == ":":
            found = ""
        elif not found:
            found = decode_string(part) if part[0] in "'\"`" else _number(part, expression)
    return found


def _number(digits: str, expression: str) -> str:
    """A bare number counts only where it is the whole value: in `'12' * 1` it does not."""
    return digits if digits == expression.strip() else ""


def decode_string(literal: str) -> str:
    r"""The text of a quoted literal, its escapes undone once, from left to right.

    `\x5cn` is a backslash and an n.
    """
    text = literal[1:-1]
    if "\\" not in text:
        return text
    plain = _unescape_hex(text)
    if plain:
        return plain
    text = _ESCAPE.sub(_unescape, text)
    if has_halves(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def quote_string(text: str) -> str:
    """A literal that says the text and can stand in a page's script."""
    return json.dumps(text, ensure_ascii=False).replace("<", "\\x3c")


def _unescape_hex(text: str) -> str:
    r"""The text where all its escapes are `\xHH`, as WeChat writes them (an article has 12,000).

    Else empty.
    """
    if text.count("\\") != text.count("\\x"):
        return ""
    try:
        return text.encode("latin-1", "backslashreplace").decode("unicode_escape")
    except UnicodeDecodeError:
        return ""


def _unescape(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    letter = escape[4]
    return "" if letter in _CONTINUED_LINES else _PLAIN_ESCAPES.get(letter, letter)
