"""What a document says of itself before its text: front matter, properties, lines of `key: value`.

Read leniently and never as YAML, for tools write what YAML rejects (titles with colons, moments
with brackets). Keys are compared without case, `_`, `-` and spaces: `sourceUrl` is `source_url`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.characters import BYTE_ORDER_MARK, has_halves
from crawler.folding import fold_script
from crawler.frontmatter import plain_value
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container

FILE_TITLE = "filetitle"
"""The field of what a file's name says of the title, where it says one."""

LINK_TITLE = "linktitle"
"""The field of what the words of the link to the source say of the title."""
_OF_SOURCE = frozenset(
    {"原文", "原文链接", "原文地址", "文章链接", "本文链接", "链接", "link", "url"}
)
_SAYS_NOTHING = (
    "点击 点此 点我 点开 戳我 戳此 请 在 到 去 用 微信 中 里 内 打开 访问 查看 阅读 浏览 "
    "跳转 前往 来源 出处 公众号 公众平台 网页 版 更多 原始 原帖 页面 "
    "read view open click see visit go to the on in original "
    "source more full article post page wechat weixin mp official accounts account platform"
)
_BY_LENGTH = "|".join(sorted(_SAYS_NOTHING.split(), key=len, reverse=True))
_NO_TITLE = re.compile(
    r"://|mp\.weixin|(?:原文|全文|链接|这里|此处|地址|公众号|微信|文章|网页|link|here|url)\W*\Z"
    rf"|\A\W*+(?:(?:{_BY_LENGTH}|\d++)\W*+)*+\Z",
    re.IGNORECASE,
)
"""Words of a link that say but that one is there, or what to do with it."""
_NOTHING = re.compile(
    rf"\W*+(?:(?:原文|全文|链接|这里|此处|地址|微信|文章|link|here|url|{_BY_LENGTH})\W*+)++",
    re.IGNORECASE,
)

MAX_HEAD = 20_000  # characters; front matter of real notes has some hundreds
_MAX_BLOCKS = 3  # some tools put front matter of theirs before what was there
_FENCE = re.compile(
    r"\s*---[ \t]*\n(?P<block>.*?)\n?^---[ \t]{0,99}(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_TOML = re.compile(r"\s*\+{3}[ \t]*\n(?P<block>(?:(?!\+{3})[^\n]*+\n)++)\+{3}[ \t]*+(?:\n|\Z)")
_TOML_PAIR = re.compile(r"[ \t]*+\"?(?P<key>[\w.-]{1,41}+)\"?[ \t]*+=[ \t]*+(?P<value>.*)\Z")
_KEY = re.compile(r"""["']?(?P<key>[^\W\d][\w .-]{0,40}?)["']?:(?:[ \t]++(?P<value>.*)|[ \t]*)\Z""")
_OTHER_KEY = re.compile(r"(?P<key>[^\s:#>|-][^:\n]{0,40}):(?:[ \t]++(?P<value>.*)|[ \t]*)\Z")
_ITEM = re.compile(r"\s*+-\s++(?P<value>.*)\Z")
_PROPERTY = re.compile(
    r"(?:- |[ ]{2}|\t)?(?P<key>[^\W\d][\w -]{0,40}?)::(?:[ \t]++(?P<value>.*)|[ \t]*)\Z"
)
_NOT_IN_KEYS = re.compile(r"[\s_-]")
_LINKED = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]")
_BLOCK_SCALARS = frozenset({"|", ">", "|-", ">-", "|+", ">+"})
NO_VALUES = frozenset({"null", "NULL", "None", "none", "nan", "NaN", "undefined"})
"""What programs write in place of a value that they have not; a person may be called Nan."""
NOTHING = NO_VALUES | {"~"}
"""The same, in front matter."""
_OPEN_QUOTE = re.compile(r"\"(?:[^\"\\]++|\\.)*+\\?\Z|'(?:[^']++|'')*+\Z")
_OF_YAML = re.compile(r"\\(?:x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8})")  # escapes that JSON lacks
_LINE = re.compile(
    r"(?:>[ \t]*|[-*][ \t]+)?\**(?P<key>[^\W\d][\w ]{0,20}?)"
    r"\**[ \t]*+[:：]\**+[ \t]*+(?P<value>.*)\Z"
)
_MARKDOWN_LINK = re.compile(
    r"(?<!\\)\[(?P<words>(?:[^\[\]\\]++|\\.)*+)\]\(<?(?P<target>[^()\s<>]++)>?\)"
)
_BOLD = re.compile(
    r"(?P<mark>\*\*|__)(?P<words>(?:[^*_\\\n]|\\.|(?<=[^\W_])_(?=[^\W_]))++)(?P=mark)"
)
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
# from where the space begins: of thousands of blank lines none has to be tried
_RULE_AT_END = re.compile(r"(?<!\s)[^\S\n]*+\n\s*+(?:-{3,}|\*{3,})\Z")
_CALLED_SOURCE = re.compile(r"\[[^\[\]\n]{0,6}(?:原文|来源|链接|全文)[^\[\]\n]{0,6}\]\(")
ADDRESS = re.compile(r"https?://[!-~]++")
WORDS_OF_A_TEXT = 200  # characters, of lines without a link
_SENTENCE = re.compile(r"[。！？；]|，.*，")


@dataclass(slots=True, kw_only=True)
class Sheet:
    """A document taken apart: its fields by key, its first heading, and its text."""

    text: str
    fields: dict[str, str] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()  # of front matter and properties, with or without a value
    title: str = ""  # the heading that begins the text

    def add(self, key: str, value: str) -> None:
        """Take a field in; what was said first stays."""
        if value and not self.fields.get(plain_key(key)):
            self.fields[plain_key(key)] = value


def plain_key(key: str) -> str:
    """A key as it is compared: of either script."""
    return fold_script(_NOT_IN_KEYS.sub("", key)).lower()


def says_nothing(words: str) -> bool:
    """Whether words say no more than that a link is there, or what to do with it."""
    return _NOTHING.fullmatch(words) is not None


def read_sheet(text: str) -> Sheet:
    """Take front matter (a second block too) or Logseq's properties off a document."""
    sheet = Sheet(text=text.removeprefix(BYTE_ORDER_MARK))
    keys = set(_take_toml(sheet))
    for _ in range(_MAX_BLOCKS):
        found = _FENCE.match(sheet.text, 0, MAX_HEAD)
        pairs = _pairs(found["block"]) if found else []
        if not found or not pairs or _is_section(found["block"], is_first=not keys):
            break
        keys.update(_take(sheet, pairs))
        sheet.text = sheet.text[found.end() :]
    if not keys:
        keys.update(_take_properties(sheet))
    sheet.keys = frozenset(keys)
    return sheet


def _take_toml(sheet: Sheet) -> list[str]:
    """Front matter as Hugo and Zola have it: lines of `key = value` between two of `+++`."""
    found = _TOML.match(sheet.text, 0, MAX_HEAD)
    lines = found["block"].split("\n") if found else []
    pairs = [(one["key"], unquoted(one["value"])) for one in map(_TOML_PAIR.match, lines) if one]
    if found and pairs:
        sheet.text = sheet.text[found.end() :]
    return _take(sheet, pairs)


def _is_section(block: str, *, is_first: bool) -> bool:
    """Whether what stands between two rules is a part of the text, and no keys of a tool's.

    Around a rule within a text stand blank lines, which no tool writes around its keys; a person
    may, around the first ones.
    """
    lines = block.split("\n")
    is_open, is_closed = not lines[0].strip(), not lines[-1].strip()
    if is_first:
        begins = next(filter(str.strip, lines), "")
        return is_open and is_closed and not _KEY.match(begins)
    return is_closed or not (_KEY.match(lines[0]) or lines[0].startswith("#"))


def _take(sheet: Sheet, pairs: list[tuple[str, str]]) -> list[str]:
    for key, value in pairs:
        sheet.add(key, value)
    return [plain_key(key) for key, _ in pairs]


def _take_properties(sheet: Sheet) -> list[str]:
    """Logseq's `key:: value`, a line each, before anything else."""
    lines = sheet.text.lstrip().split("\n")
    found = []
    for line in lines:
        match = _PROPERTY.match(line)
        if not match:
            break
        found.append((match["key"], unquoted(match["value"] or "")))
    if found:
        sheet.text = "\n".join(lines[len(found) :])
    return _take(sheet, found)


def _pairs(block: str) -> list[tuple[str, str]]:
    """The keys and values of front matter."""
    groups: list[tuple[str, list[str]]] = []
    for line in block.split("\n"):
        match = _KEY.match(line) or (_OTHER_KEY.match(line) if groups else None)
        if match:
            groups.append((match["key"], [(match["value"] or "").strip()]))
        elif groups and line.strip() and not line.startswith("# "):  # a remark
            groups[-1][1].append(line.strip())
    return [(key, _value_of(lines)) for key, lines in groups]


def _value_of(lines: list[str]) -> str:
    """The one value that a list makes, or the lines over which a dumper folds what is long."""
    if len(lines) == 1 and lines[0] in NOTHING:
        return ""
    if len(lines) > 1 and _OPEN_QUOTE.match(lines[0]):
        whole = plain_value("key: " + "\n  ".join(lines))
        if isinstance(whole, str) and not has_halves(whole):
            return _unlinked(whole)
    items = [_ITEM.match(line) for line in lines[1:]]
    joint = ", " if any(items) else " "
    first = "" if lines[0] in _BLOCK_SCALARS else lines[0]
    below = [item["value"] if item else line for item, line in zip(items, lines[1:], strict=True)]
    return joint.join(filter(None, map(unquoted, (first, *below))))


def unquoted(value: str) -> str:
    """A scalar less its quotes and the brackets of Obsidian's links."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        quote = value[0]
        value = value[1:-1]
        value = value.replace("''", "'") if quote == "'" else _unescaped(value)
    return _unlinked(value)


def _unescaped(value: str) -> str:
    """What stood between double quotes, as JSON and YAML escape it; else but its quotes."""
    said: object = None
    if "\\" in value:
        try:
            said = json.loads(f'"{value}"')
        except ValueError:
            said = plain_value(f'key: "{value}"') if _OF_YAML.search(value) else None
    if isinstance(said, str) and not has_halves(said):
        return said
    return value.replace('\\"', '"')


def _unlinked(value: str) -> str:
    return _LINKED.sub(r"\1", value).strip()


def words_of_heading(heading: str) -> str:
    """The words of a heading, without signs that close it and Markdown's backslashes.

    Of one that is a link to an article, or bold, as a whole, they are what is shown.
    """
    words = heading.rstrip()
    bare = words.rstrip("#")
    shown = words if bare and bare == bare.rstrip() else bare.rstrip()
    link = _MARKDOWN_LINK.fullmatch(shown)
    if link and HOST in link["target"] and not _NO_TITLE.search(link["words"]):
        shown = link["words"]
    bold = _BOLD.fullmatch(shown)
    shown = bold["words"] if bold else shown
    return _ESCAPED.sub("", shown)


class _AnyKey:
    """Holds every key."""

    def __contains__(self, key: object) -> bool:
        return True


ANY_KEY = _AnyKey()


def take_lines(
    sheet: Sheet,
    known: Container[str],
    own: Container[str] = (),
    until: Callable[[str], object] | None = None,
) -> int:
    """Take lines of `key: value` off the head where their key is known; returns how many.

    They end at the first line that is neither one of them nor blank; a rule (`---`) behind them
    goes too. Behind a blank line only the tool's `own` keys count, where those are given, else
    lines that are marked as the first one, hold no sentence and say no other title, or any `until`
    one has a value that this accepts; and a key that was said with another value is the article's:
    作者 and 来源 begin texts as well.
    """
    lines = sheet.text.lstrip("\n").split("\n")
    taken = end = 0
    marks, is_apart = "", False
    for index, line in enumerate(lines):
        if not line.strip(" >\t"):
            known = own if own and taken else known
            is_apart = not until and bool(taken) and not own
            continue
        match = key_line(line)
        marks = marks if taken or not match else marks_of(match)
        if not match or plain_key(match["key"]) not in known or _says_anew(sheet, match):
            end = index + 1 if taken and line.strip() == "---" else end
            break
        if is_apart and (
            marks_of(match) != marks
            or _SENTENCE.search(match["value"])
            or _says_other_title(sheet, match)
        ):
            break
        _take_line(sheet, match)
        until = None if until and until(match["value"]) else until
        taken += 1
        end = index + 1
    if taken:
        sheet.text = "\n".join(lines[end:])
    return taken


def key_line(line: str) -> re.Match[str] | None:
    """A line of `key: value`, as it stands before a text; None for any other."""
    return _LINE.match(line.strip())


def marks_of(line: re.Match[str]) -> str:
    """What stands before a line's key: a quotation's sign, an item's, bold."""
    return line[0][: line.start("key")]


def _says_anew(sheet: Sheet, line: re.Match[str]) -> bool:
    """Whether a line says of a key what was not said of it before."""
    said = sheet.fields.get(plain_key(line["key"]), "")
    return bool(said) and said != target_of(line["value"])


def _says_other_title(sheet: Sheet, line: re.Match[str]) -> bool:
    is_title = plain_key(line["key"]) in ("title", "标题")
    return is_title and sheet.title not in ("", target_of(line["value"]))


def take_closing_line(
    sheet: Sheet,
    known: frozenset[str],
    sources: Collection[str],
    links_in: Callable[[str], list[str]],
) -> None:
    """Take the last line off where its key is known, and it holds the text's only source.

    `sources` are the keys of lines that name one, be it at the end or not.
    """
    before, _, last = sheet.text.rstrip().rpartition("\n")
    match = key_line(last)
    if not match or plain_key(match["key"]) not in known or len(links_in(match["value"])) != 1:
        return
    if len(links_in(sheet.text)) == 1 or _is_one_text(before, sources, links_in):
        _take_line(sheet, match)
        sheet.text = _RULE_AT_END.sub("", before.rstrip())


def _take_line(sheet: Sheet, line: re.Match[str]) -> None:
    """Take a line's value in; a link's words say the title of what it leads to."""
    sheet.add(line["key"], target_of(line["value"]))
    link = _MARKDOWN_LINK.search(line["value"]) if plain_key(line["key"]) in _OF_SOURCE else None
    if link and not _NO_TITLE.search(link["words"]):
        sheet.add(LINK_TITLE, words_of_heading(link["words"]).strip("*_ "))


def _is_one_text(text: str, sources: Collection[str], links_in: Callable[[str], list[str]]) -> bool:
    """Whether the links to articles in a text are those of an author, who speaks of others.

    A digest names the source of each of its parts, and a list has few words beside its links.
    """
    words = 0
    for line in text.split("\n"):
        if not links_in(line):
            words += len(line.strip())
            continue
        match = key_line(line)
        if _CALLED_SOURCE.search(line) or (match and plain_key(match["key"]) in sources):
            return False
    return words >= WORDS_OF_A_TEXT


def scan_lines(sheet: Sheet, known: frozenset[str]) -> None:
    """Take in every line of `key: value` whose key is known, wherever it stands."""
    for match in filter(None, map(key_line, sheet.text.split("\n"))):
        if plain_key(match["key"]) in known:
            sheet.add(match["key"], target_of(match["value"]))


def target_of(value: str) -> str:
    """What a value is: the address of a link, or its words."""
    match = _MARKDOWN_LINK.fullmatch(value.strip())
    return match["target"] if match else unquoted(value.strip("<>"))
