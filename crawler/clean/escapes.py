"""Escapes, only where a character would otherwise be taken for Markdown.

Escaping every `_`, `*` and `[` is safe and ugly; the text of an archive is read and searched as it stands. So each
rule looks at what stands beside the character, and takes an escape only where some renderer would see syntax.
"""

from __future__ import annotations

import re

_IN_LINE = re.compile(
    r"""
      \\(?=[!-/:-@\[-`{-~\n]|\Z)      # a backslash, where it would escape what follows
    | \*                               # spared below where it stands free
    | (?<!\w)_+ | _+(?!\w)             # underscores at the edge of a word; within one they are text
    | `
    | ~(?=[^~\n]*~)                    # GitHub strikes between single tildes too
    | <(?=[a-zA-Z/!?])                 # an element, comment or automatic link
    | &(?=\#?[a-zA-Z0-9]{1,40};)     # an entity
    | \](?=[(\[:])                     # what would make a link of the brackets before it
    | !\Z                              # before a link
    """,
    re.VERBOSE,
)
_FREE = re.compile(r"(?:\A|(?<=\s))[*_](?=\s)")
_LINE_START = re.compile(
    r"""
      (?P<before>[ ]{0,3})
      (?: (?P<mark>\#{1,6}(?=\s|\Z) | > | [-+*](?=\s|\Z) | [-=]{2,}(?=[-=\s]*\Z) | [|:](?=[-:|\s]*\Z) | \[(?=[ xX]\]\s)
                 | -(?=[-\s]*\Z) | =(?=[=\s]*\Z) | ~~~)
        | (?P<number>[0-9]{1,9})(?P<stop>[.)])(?=\s|\Z) )
    """,
    re.VERBOSE,
)


def escape_text(text: str, *, edges: tuple[str, str] = ("", ""), in_brackets: bool = False) -> str:
    """Text within a line; `edges` are the characters that will stand before and after it.

    `in_brackets`: it stands in the words of a link whose own brackets do not pair.
    """
    if not _MAY_NEED.search(text):
        return text
    text = _IN_LINE.sub(lambda match: _escaped(match, text, edges), text)
    return _BARE_BRACKET.sub(r"\\\g<0>", text) if in_brackets else text


_MAY_NEED = re.compile(r"[\\*_`~<&\[\]!]")
_BARE_BRACKET = re.compile(r"(?<!\\)[\[\]]")


def _escaped(match: re.Match[str], text: str, edges: tuple[str, str]) -> str:
    token = match.group()
    before = text[match.start() - 1] if match.start() else edges[0]
    after = text[match.end()] if match.end() < len(text) else edges[1]
    if token[0] in "*_" and (before or " ").isspace() and (after or " ").isspace():
        return token  # it stands free, and opens nothing
    if token[0] == "!" and after != "[":
        return token  # no link follows
    if token[0] == "\\" and not after:
        return token  # nothing follows that it could escape
    return "".join("\\" + character for character in token)


def escape_line_start(line: str) -> str:
    """A line of a paragraph, so that it is not taken for a heading, a quote, a list item, a rule or a table."""
    match = _LINE_START.match(line)
    if not match:
        return line
    if match["number"]:
        end = match.end("number")
        return f"{line[:end]}\\{line[end:]}"
    end = match.end("before")
    return f"{line[:end]}\\{line[end:]}"
