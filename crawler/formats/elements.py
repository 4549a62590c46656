"""The few elements of HTML that an archived text may hold, shown as what they are.

Markdown-it shows all HTML or none. This adds a rule that knows the tags of `crawler.dialect` and no
other, and only in pairs: a tag without its partner is text, so that no style runs on behind its
paragraph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.dialect import TAG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_ELEMENT = "html_inline"  # what markdown-it's renderer gives out as it stands


def add_elements(markdown: MarkdownIt) -> MarkdownIt:
    """Teach a parser our elements; returns the same parser."""
    markdown.inline.ruler.before("html_inline", "dialect", _read_tag)
    return markdown


def _read_tag(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- markdown-it's protocol
    match = TAG.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        state.push(_ELEMENT, "", 0).content = match[0]
    state.pos = match.end()
    return True


def pair_elements(tokens: Sequence[Token]) -> None:
    """Make text of each tag that has no partner in its line of tokens.

    An element may not reach out of a link or of emphasis in which it began, nor into one.
    """
    open_tags: list[list[Token]] = [[]]
    for token in tokens:
        if token.nesting > 0:
            open_tags.append([])
        elif token.nesting < 0 and len(open_tags) > 1:
            _make_text(open_tags.pop())
        elif token.type == _ELEMENT and token.content != "<br>":
            _meet(token, open_tags[-1])
    for left in open_tags:
        _make_text(left)


def _meet(token: Token, open_tags: list[Token]) -> None:
    """Open an element, or close the innermost one."""
    if not token.content.startswith("</"):
        open_tags.append(token)
    elif open_tags and open_tags[-1].content[1:] == token.content[2:]:
        open_tags.pop()
    else:
        _make_text([token])


def _make_text(tokens: Sequence[Token]) -> None:
    for token in tokens:
        token.type = "text"
