"""What a reader sees of an article's Markdown: no picture, no link target, no mark of emphasis."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

from crawler.characters import BIDI, ZERO_WIDTH, visible
from crawler.dialect import TAG, fence_after, leads, names_file
from crawler.formulas import formulas_in

# Every class excludes the character that begins its construct, and a repetition with anything
# behind it is possessive: hostile text stays linear, and real text takes a third of the time.
_TARGET = (
    r"\((?:<(?P<wrapped>[^<>\n]*+)>|(?P<target>(?:[^()\s<]++|\([^()\s]*+\))*+))"
    r'(?:\s++"[^"\n]*+")?\)'
)
# a bracket that is escaped is a sign of its author's: `obj[method\](words)` is no link
_WORDS = r"[^\\\[\]\n]++|\\[^\n]"
_PICTURE = re.compile(rf"!\[(?<!\\!\[)(?:{_WORDS})*+\]{_TARGET}")
_LINK = re.compile(rf"\[(?<!\\\[)(?P<words>(?:{_WORDS}|\[(?:{_WORDS})*+\])*+)\]{_TARGET}")
_UNSEEN = BIDI + ZERO_WIDTH  # and no joiners: a text has those alone by which signs are one
_MARKS = re.compile(
    # a quick look first: three times as fast
    rf"(?=[\\{_UNSEEN}])(?:"
    r"\\([!-/:-@\[-`{-~])"
    rf"|[{_UNSEEN}])"
)
_STARS = re.compile(r"\*{2,}")
_KEPT = r"(?P<kept>\\[^\n]|<https?://[^<>\s]*+>)"  # in an address nothing is a mark, either
_STRONG = re.compile(rf"(?=[*\\<])(?:{_KEPT}|\*{{2,}})")
# a star beside a blank, and one that no other closes on its line, is a sign of its author's
_EMPHASIS = re.compile(
    rf"(?=[*\\<])(?:{_KEPT}"
    r"|(?<![0-9A-Za-z])\*(?![\s*])((?:[^*\n\\]++|\\[^\n])++)(?<!\s)\*(?![0-9A-Za-z]))"
)
# two tildes that no others close are a sign of its author's, too: 100~~200
_STRUCK = re.compile(
    rf"(?=[~\\<])(?:{_KEPT}|(?<!~)(?:~~(?=\w)|(?<!\w)~~(?=[^\s~]))"
    r"((?:[^~\n\\]++|\\[^\n]|~(?!~))++)(?:(?<=\w)~~|(?<!\s)~~(?!\w))(?!~))"
)
_LINE_HEAD = re.compile(
    r"^[ \t]*+(?:#{1,6}[ \t]++|>[ \t]?|[-+*][ \t]++|\|?[ \t]*+:?-{3}[-:| \t]*+$|\|)", re.MULTILINE
)
_APART = "]\u200b("  # goes with the other marks
_SIGNS = re.compile(r"[*~&\\]")  # that are marks, but where they are escaped
_REFERENCE = re.compile(
    r"(?=[&\\])(?:(\\[^\n])|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_FENCE = re.compile(r"`{3,}+|~{3,}+")
_QUOTE = re.compile(r"[ \t]*+>")
_ROW_END = re.compile(r"(?<!\\)\|$", re.MULTILINE)
_ROW = re.compile(r"^[ \t>]*+\|.*+$", re.MULTILINE)  # where a bar is escaped in code, too


# An escaped backtick opens no code, but ends it, for in code a backslash is a sign as others.
_TICKS_OR_TAGS = re.compile(rf"(?P<ticks>\\?+`++)|\\[^`]|{TAG.pattern}")


def plain_text(markdown: str) -> str:
    """The words of some Markdown, in their order and on their lines. Never raises."""
    text = _without_tags(markdown) if TAG.search(markdown) else markdown
    text = _with_code_apart(text)
    if "](" in text:
        text = _LINK.sub(_words_of_link, _PICTURE.sub(_words_of_picture, text))
    if "**" in text:  # most texts have these alone, and keep no star
        kept = "\\" in text or "<http" in text
        text = _STRONG.sub(r"\1", text) if kept else _STARS.sub("", text)
    if "*" in text:
        text = _EMPHASIS.sub(r"\1\2", text)
    if "~~" in text:
        text = _STRUCK.sub(r"\1\2", text)
    if "&" in text:
        text = _REFERENCE.sub(_sign_of_reference, text)
    # what stands between the marks, and what a mark escapes
    return "".join(filter(None, _MARKS.split(text)))


def _sign_of_reference(found: re.Match[str]) -> str:
    """What `&lt;` stands for, as a sign that is no mark."""
    kept, reference = found[1], found[0]
    is_number = reference[1] == "#"
    sign = unescape(reference) if is_number else html5.get(reference[1:], reference)
    return kept or _PUNCTUATION.sub(r"\\\g<0>", visible(sign))


def _words_of_link(link: re.Match[str]) -> str:
    return link["words"] if leads(_target_of(link)) else link[0]


def _words_of_picture(picture: re.Match[str]) -> str:
    return "" if names_file(_target_of(picture)) else picture[0]


def _target_of(link: re.Match[str]) -> str:
    return link["wrapped"] or link["target"] or ""


def one_line(markdown: str) -> str:
    """The words of some Markdown as one line.

    Without the marks of headings, lists and tables' edges either, which an escape and code spare.
    """
    text = _with_lines_of_code_apart(markdown)
    text = _with_bars_of_rows(_ROW_END.sub("", text))
    text = _LINE_HEAD.sub("", text)
    return " ".join(plain_text(text).split())


def _with_bars_of_rows(text: str) -> str:
    return _ROW.sub(lambda row: row[0].replace(r"\|", "|"), text) if r"\|" in text else text


def _with_lines_of_code_apart(markdown: str) -> str:
    """The text in whose blocks of code no sign begins or ends a line, but those of a quote."""
    if "```" not in markdown and "~~~" not in markdown:
        return markdown
    lines = []
    fence = ""
    for line in markdown.split("\n"):
        was, fence = fence, fence_after(line, fence)
        if was and fence:
            line = f"\u200b{_unquoted(line, was.count('>'))}\u200b"  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines)


def _unquoted(line: str, depth: int) -> str:
    """A line of code in so many quotes, without their marks."""
    end = 0
    while depth and (mark := _QUOTE.match(line, end)):
        end = mark.end()
        depth -= 1
    return line[end:]


def _without_tags(markdown: str) -> str:
    """The text without the elements that our Markdown holds; in code they are words as others."""
    lines = []
    fence = ""
    for line in markdown.split("\n"):
        fence = fence_after(line, fence)
        if "<" in line and not fence:
            line = _line_without_tags(line)  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines)


def _with_code_apart(text: str) -> str:
    """The text in whose code nothing is a mark: `ops[name](request)`, `2**10` are words there.

    Nor is anything in its formulas.
    """
    if not any(sign in text for sign in ("`", "~~~", "$")):
        return text
    lines = []
    fence = ""
    for line in text.split("\n"):
        was, fence = fence, fence_after(line, fence)
        if was and fence:
            lines.append(_apart(line))
            continue
        if was != fence:
            line = _FENCE.sub("", line, count=1)  # noqa: PLW2901
        if "`" in line or "$" in line:
            line = _line_apart(line)  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines)


def _apart(code: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", code).replace("](", _APART)


def _line_apart(line: str) -> str:
    parts = []
    index = 0
    line = _with_bars_of_rows(line)
    for start, end in sorted(_ends_of_code(list(_TICKS_OR_TAGS.finditer(line))).items()):
        if start >= index:
            code = line[start:end].strip("`")
            ticks = line[start:end].partition(code)[0]
            # spans side by side are read as one, in which their ticks part a word: `wo``rd`
            code = code.replace("`", "") if len(ticks) == 1 else code
            parts += [_formulas_apart(line[index:start]), _apart(code)]
            index = end
    return "".join([*parts, _formulas_apart(line[index:])])


def _formulas_apart(words: str) -> str:
    parts = []
    index = 0
    for start, formula in formulas_in(words):
        parts += [words[index:start], formula.signs, _apart(formula.tex), formula.signs]
        index = formula.end
    return "".join([*parts, words[index:]])


def _line_without_tags(line: str) -> str:
    tokens = list(_TICKS_OR_TAGS.finditer(line))
    ends = _ends_of_code(tokens)
    parts = []
    index = inside = 0
    for token in tokens:
        if token.start() < inside:
            continue
        inside = ends.get(token.start(), inside)
        if token[0][0] == "<":
            parts += [line[index : token.start()], " " * (token[0] == "<br>")]
            index = token.end()
    return "".join([*parts, line[index:]])


def _ends_of_code(tokens: list[re.Match[str]]) -> dict[int, int]:
    """Where each code span begins -> where it ends: at the next run of as many backticks."""
    ends = {}
    last: dict[int, int] = {}
    for token in reversed(tokens):
        if token["ticks"]:
            length = token[0].count("`")
            if length in last and token[0][0] == "`":
                ends[token.start()] = last[length]
            last[length] = token.end()
    return ends
