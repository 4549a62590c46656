"""No word of a Markdown that a parser would leave out is left out.

Every parser of Markdown hides what it takes for no text: a line `[2]: https://...`, by which an
article tells what it cites, is the definition of a link, and `g[i](j)` is one that leads to `j`;
cells beyond a table's head, words on the line of a fence, and what lies deeper than it goes into
are passed over. A page's text is written so that none of it is met, a seed's as an older tool wrote
it. Nor is a number: a parser counts a list on from its first item, where the text has each item's;
and the brackets of `100[2]`, which such a line makes a link, part its numbers.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import blockquote, list_block, reference, table
from markdown_it.rules_block.table import escapedSplit, getLine
from markdown_it.rules_inline import link
from markdown_it.token import Token

from crawler.dialect import leads, names_file
from crawler.fields import legible
from crawler.formats.elements import add_elements
from crawler.formats.formulas import keep_formulas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

    Rule = Callable[[StateBlock, int, int, bool], bool]

_MOST_SIGNS = 60_000  # the longest articles have some thousands; a parser takes 4 KB for one
_SIGN = re.compile(r"[\n|*_~$`<&\\\[]|[-+>.)][ \t]")
_LEVELS = 2  # that a list adds: itself, and its item
_LANGUAGE = re.compile(r"[!-~]*")  # one word, such as python, c++ or {.bash}
_ALL = ["paragraph", "reference", "blockquote", "list"]
_LONGEST_LABEL = 999  # characters [CommonMark]


def markdown_parser() -> MarkdownIt:
    """A parser of our Markdown, with the few elements that it has, which hides no word."""
    options = {"html": False, "xhtmlOut": True, "maxNesting": 60}
    markdown = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    return add_elements(keep_formulas(_keep_words(markdown)))


def is_in_pieces(markdown: str) -> bool:
    """Whether a text has more lines, cells and signs than a parser has memory for.

    It is to be shown as it stands.
    """
    signs = islice(_SIGN.finditer(markdown), _MOST_SIGNS)
    return sum(1 for _ in signs) == _MOST_SIGNS


def _keep_words(markdown: MarkdownIt) -> MarkdownIt:
    """Teach a parser to show what it would hide; returns the same parser."""
    rules = markdown.block.ruler
    rules.at("reference", _show_reference)
    rules.at("table", _table, {"alt": _ALL[:2]})
    rules.at("blockquote", _bounded(blockquote), {"alt": _ALL})
    rules.at("list", _bounded(list_block), {"alt": _ALL[:3]})
    markdown.inline.ruler.at("link", _link)
    markdown.core.ruler.push("fences", _show_infos)
    markdown.core.ruler.push("targets", _show_targets)
    markdown.core.ruler.push("brackets", _show_brackets)
    markdown.core.ruler.push("numbers", _show_numbers)
    markdown.core.ruler.push("harmless", _tame_references)
    return markdown


def _show_reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read the definition of a link, if it leads anywhere, and show it as a paragraph."""
    count = len(state.env.get("references", ()))
    if not reference(state, start, end, silent):
        return False
    known = state.env["references"]
    if len(known) > count and not leads(known[label := next(reversed(known))]["href"]):
        del known[label]
    lines = state.getLines(start, state.line, state.blkIndent, keepLastLF=False)
    state.push("paragraph_open", "p", 1).map = [start, state.line]
    token = state.push("inline", "", 0)
    token.map, token.content, token.children = [start, state.line], lines.strip(), []
    state.push("paragraph_close", "p", -1)
    return True


def _link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Read a link, of `[2][3]` that of `[2]`, and note whose brackets are an author's."""
    count, most = len(state.tokens), state.posMax
    end = _end_of_label(state)
    if end and state.src[end : end + 1] == "[" and state.src[end : end + 2] != "[]":
        state.posMax = end
    is_link = link(state, silent)
    state.posMax = most
    if is_link and not silent and state.pos == end:
        opening = next(token for token in state.tokens[count:] if token.type == "link_open")
        opening.meta["brackets"] = True
    return is_link


def _end_of_label(state: StateInline) -> int:
    """Where brackets end whose words are a number, or defined by a line of the text, or 0."""
    known = state.env.get("references")
    if not known or state.src[state.pos] != "[":
        return 0
    end = state.md.helpers.parseLinkLabel(state, state.pos, disableNested=True)
    if not 0 < end <= state.pos + _LONGEST_LABEL:
        return 0
    label = state.src[state.pos + 1 : end]
    return end + 1 if label.isdecimal() or normalizeReference(label) in known else 0


def _bounded(rule: Rule) -> Rule:
    """A rule for what holds other blocks, less those that lie too deep: they are lines of text."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
        if state.level + _LEVELS >= state.md.options.maxNesting:
            return False
        return rule(state, start, end, silent)

    return bounded


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a table, with the cells of its rows for which its head has none."""
    first = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    state.tokens[first:] = list(_with_all_cells(state, state.tokens[first:]))
    return True


def _with_all_cells(state: StateBlock, tokens: Sequence[Token]) -> Iterator[Token]:
    line = count = 0
    for token in tokens:
        if token.type == "tr_open":
            line, count = (token.map or [0])[0], 0
        elif token.type == "td_open":
            count += 1
        elif token.type == "tr_close" and count:
            for cell in _cells(getLine(state, line))[count:]:
                yield from _cell(cell, token.level + 1)
        yield token


def _cells(line: str) -> list[str]:
    """The cells of a row, as the parser counts them."""
    cells = escapedSplit(line.strip())
    if cells and not cells[0]:
        cells = cells[1:]
    if cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _cell(text: str, level: int) -> Iterator[Token]:
    yield Token("td_open", "td", 1, level=level, block=True)
    yield Token("inline", "", 0, level=level + 1, content=text.strip(), children=[], block=True)
    yield Token("td_close", "td", -1, level=level, block=True)


def _show_infos(state: StateCore) -> None:
    """Let the words behind a fence be a line of its code, where they name no language."""
    for token in state.tokens:
        if token.type == "fence" and not _LANGUAGE.fullmatch(token.info.strip()):
            token.content, token.info = f"{token.info.strip()}\n{token.content}", ""


def _tame_references(state: StateCore) -> None:
    """Take out what shows nothing, or steers, where it was written as `&#x202E;` or `%E2%80%AE`."""
    for token in state.tokens:
        if token.type == "fence":
            token.content = legible(token.content)  # the line behind its signs may hold some
        elif "&" in token.content or "%" in token.content:
            _tame(token.children or ())


def _tame(tokens: Iterable[Token]) -> None:
    for token in tokens:
        token.content = legible(token.content)
        if "title" in token.attrs:
            token.attrs["title"] = legible(str(token.attrs["title"]))
        _tame(token.children or ())


def _show_numbers(state: StateCore) -> None:
    """Let the items of a list that does not count on by one keep the numbers that they have."""
    opened: list[list[Token]] = []
    for token in state.tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            opened.append([])
        elif token.type == "list_item_open":
            opened[-1].append(token)
        elif token.type == "ordered_list_close":
            _number(opened.pop())
        elif token.type == "bullet_list_close":
            opened.pop()


def _number(items: Sequence[Token]) -> None:
    numbers = [int(item.info) for item in items]
    if set(numbers) == {1}:
        return  # whoever begins each item with `1.` leaves it to the parser to count
    for before, number, item in zip(numbers, numbers[1:], items[1:], strict=False):
        if number != before + 1:
            item.attrs["value"] = number


def _show_targets(state: StateCore) -> None:
    """Let brackets that lead nowhere, as those before words in parentheses, be what they are."""
    for token in state.tokens:
        opened: list[Token] = []
        for child in token.children or ():
            if child.type == "link_open":
                opened.append(child)
            elif child.type == "link_close":
                _show_target(opened.pop(), child)
            elif child.type == "image":
                _show_picture(child)


def _show_brackets(state: StateCore) -> None:
    for token in state.tokens:
        if any("brackets" in child.meta for child in token.children or ()):
            token.children = list(_with_brackets(token.children or ()))


def _with_brackets(children: Iterable[Token]) -> Iterator[Token]:
    ends: list[bool] = []
    for child in children:
        if child.type == "link_close" and ends.pop():
            yield Token("text", "", 0, content="]", level=child.level + 1)
        yield child
        if child.type == "link_open":
            ends.append("brackets" in child.meta)
            if ends[-1]:
                yield Token("text", "", 0, content="[", level=child.level + 1)


def _show_target(opening: Token, closing: Token) -> None:
    if leads(str(opening.attrs.get("href", ""))):
        return
    around = ("<", ">") if opening.markup == "autolink" else ("[", f"]({_inside(opening, 'href')})")
    for token, text in zip((opening, closing), around, strict=True):
        _make_text(token, text)


def _show_picture(picture: Token) -> None:
    """Show a picture that names no file as the words that it is."""
    if not names_file(str(picture.attrs.get("src", ""))):
        _make_text(picture, f"![{picture.content}]({_inside(picture, 'src')})")


def _inside(token: Token, name: str) -> str:
    """What stood between the parentheses."""
    target, title = unquote(str(token.attrs.get(name, ""))), token.attrs.get("title", "")
    return f'{target} "{title}"' if title else target


def _make_text(token: Token, text: str) -> None:
    token.type, token.tag, token.nesting, token.attrs, token.content = "text", "", 0, {}, text
