"""Escapes, only where a character would otherwise be taken for Markdown.

Escaping every `_`, `*` and `[` is safe and ugly; the text of an archive is read and searched as it
stands. So each rule looks at what stands beside the character, and takes an escape only where some
renderer would see syntax.
"""

from __future__ import annotations

import re

_PAIRED = r"""
      \*++                             # a single one is spared below where it stands free
    | (?<!_)_++                        # spared below within a word
    | `++
"""
_OTHERS = r"""
      (?<!\\)\\+(?=[!-/:-@\[-`{-~\n]|\s*\Z)  # backslashes, where the last would escape what follows
    | ~~++ | ~(?=[^~\n]*~) | \A~ | ~\Z # GitHub strikes between single tildes too
    | <(?=[a-zA-Z/!?])                 # an element, comment or automatic link
    | &(?=\#?[a-zA-Z0-9]{1,40};)       # an entity
    | \](?=[(\[:])                     # what would make a link of the brackets before it
    | !\Z                              # before a link
"""
_IN_LINE = re.compile(f"{_PAIRED}|{_OTHERS}", re.VERBOSE)
_IN_BRACKETS = re.compile(f"{_PAIRED}|{_OTHERS}|[\\[\\]]", re.VERBOSE)
_UNPAIRED = re.compile(_OTHERS, re.VERBOSE)
_LINE_START = re.compile(
    r"""
      (?P<before>[ ]{0,3})
      (?: (?P<mark>\#{1,6}(?=\s|\Z) | > | [-+*](?=\s|\Z)
                 | [-=]{2,}+(?=[-=\s]*\Z) | [|:](?=[-:|\s]*\Z) | \[(?=[ xX]\]\s)
                 | -(?=[-:|\s]*\Z) | =(?=[=\s]*\Z) | ~~~)
        | (?P<number>[0-9]{1,9})(?P<stop>[.)])(?=\s|\Z) )
    """,
    re.VERBOSE,
)


def escape_text(
    text: str,
    *,
    edges: tuple[str, str] = ("", ""),
    in_brackets: bool = False,
    in_cell: bool = False,
) -> str:
    """Text within a line; `edges` are the characters that will stand before and after it.

    `in_brackets`: it stands in the words of a link whose own brackets do not pair. `in_cell`: other
    paragraphs stand in its line.
    """
    if not _MAY_NEED.search(text):
        return text
    syntax = _IN_BRACKETS if in_brackets else _IN_LINE
    if (
        edges == ("", "")
        and not in_brackets
        and not in_cell
        and all(text.count(sign) < 2 for sign in "*_`")
    ):
        syntax = _UNPAIRED  # what stands once in a line has nothing to pair with
    inside = range(len(text) - len(text.lstrip()) + 1, len(text.rstrip()) - 1)
    return syntax.sub(lambda match: _escaped(match, text, edges, inside), text)


_MAY_NEED = re.compile(r"[\\*_`~<&\[\]!]")


def _escaped(match: re.Match[str], text: str, edges: tuple[str, str], inside: range) -> str:
    """What matched, escaped unless its neighbours spare it.

    `inside` is the text without its first and last letter.
    """
    sign, end = match.group(), match.end()
    after = text[end] if end < len(text) else edges[1]
    before = text[match.start() - 1] if match.start() else edges[0]
    if sign[0] == "_" and before.isalnum() and after.isalnum():
        return sign  # underscores within a word open nothing
    if sign in ("*", "_") and match.start() in inside and before.isspace() and after.isspace():
        return sign  # it stands free, and opens nothing
    if sign[0] == "~" and "~" not in edges and text.find("~", end) < 0:
        return "\\~" * (len(sign) - 1) + "~"  # the last one, away from what strikes
    if sign[0] == "!" and after != "[":
        return sign  # no link follows
    if sign[0] == "\\" and not after:
        return "\\" * (2 * len(sign) - 1)  # nothing follows that the last one could escape
    return "".join("\\" + character for character in sign)


def escape_line_start(line: str) -> str:
    """A line of a paragraph, so that it is taken for nothing else.

    Else it might be a heading, a quote, a list item, a rule or a table.
    """
    match = _LINE_START.match(line)
    if not match:
        return line
    if match["number"]:
        end = match.end("number")
        return f"{line[:end]}\\{line[end:]}"
    end = match.end("before")
    return f"{line[:end]}\\{line[end:]}"
