"""Front matter out and in.

Five keys, one line each, written as a seed writes them and always valid YAML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

from crawler.characters import has_halves, on_one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The five keys of a seed, in their order."""

    title: str
    url: str
    source: str
    date: str
    fetch_date: str


_KEYS = tuple(field.name for field in fields(FrontMatter))

PROPERTIES = ("state", "account", "author", "published")
"""Keys that an export may add to the five."""

WRITTEN = (*_KEYS, *PROPERTIES)
"""The keys of a document of ours, in their order."""

# The common cases, decided without YAML, which takes a hundred times as long: a word first (also in
# the brackets that titles begin with, or a Chinese one behind a number), and neither ": " nor " #"
# after it; or the one or the other.
_PLAIN = re.compile(
    r"(?:[【《“「『]?[^\W\d_]|\d{1,8}[\u4e00-\u9fff]|\.[A-Z]+"
    r" (?=\S))(?:[^:#]++|:(?=\S)|(?<=\S)#)*+(?<![:\s])"
)
_QUOTED = re.compile(r"\Z|\[\[|[^\W_](?:.*?(?:: | #))")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?)?\Z", re.ASCII)
# Plain words that YAML 1.1 takes for something else than text.
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_NOT_PRINTABLE = re.compile(
    "[^\\x20-\\x7e\\xa0-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010fffe]|[\\u2028\\u2029]"
)
_END_OF_HEAD = r"(?:# recovered from [^\n]*+\n)?---[ \t]{0,99}(?:\n|\Z)"
_HEAD = re.compile(
    # each key at its first place behind the one before, for good: where the rest fails, no later
    # place of any of them would help, and all of them together are too many to try
    r"\ufeff?\s*+---[ \t]*+\n"
    r"(?>title:(?P<title>.*?)\nurl:)"
    r"(?>(?P<url>.*?)\nsource:)"
    r"(?>(?P<source>.*?)\ndate:)"
    r"(?>(?P<date>.*?)\nfetch_date:)"
    rf"(?P<fetch_date>[^\n]*+(?:\n(?!{_END_OF_HEAD})[^\n]*+)*+)\n{_END_OF_HEAD}",
    re.DOTALL,
)
BLOCK = re.compile(r"\ufeff?\s*---[ \t]*\n(?P<block>.*?)\n---[ \t]{0,99}(?:\n|\Z)", re.DOTALL)
# Keys that editors of notes put between the five; `type` tells a note about an article.
_FOREIGN = (
    "account|aliases|alias|author|authors|categories|category|cover|created|cssclass|cssclasses"
    "|description|draft|id|keywords|lang|language|modified|permalink|publish|published|rating|slug|state|status"
    "|summary|tag|tags|type|updated"
)
_KEY_LINE = re.compile(rf"(?P<key>{'|'.join(_KEYS)}|{_FOREIGN})[ \t]*:(?P<value>.*)\Z")
_FOREIGN_LINE = re.compile(rf"\n(?:{_FOREIGN})[ \t]*:")
_STRANGE_KEY = re.compile(
    rf"^(?!(?:{'|'.join(_KEYS)})[ \t]*:)[^\W\d][\w -]{{0,40}}+:(?:\s|\Z)", re.MULTILINE
)
_ON_ONE_LINE = frozenset({"url", "date", "fetch_date"})
_NEXT_KEY = re.compile(r"\n(?=[\w-]+[ \t]*:(?:\s|\Z))")
# How YAML begins a text on the lines below, as editors of notes write what is long.
_BLOCK_SCALAR = re.compile(r"\A[ \t]*[|>][+-]?[ \t]*\n")
_LIST_ITEM = re.compile(r"\n[ \t]*+-[ \t]++")
_AROUND_LINK = re.compile(r"(?:<|\[[^\[\]\n]*\]\(<?)(?P<link>[^\s<>()]++)>?\)?\Z")
_MAX_HEAD = 20_000  # characters; the longest of 154,476 seeds has some hundreds


_RECOVERED = "# recovered from "
_COMMENTED = re.compile(rf"(---\n(?:[^\n]*+\n){{{len(_KEYS)}}}){_RECOVERED}[^\n]*+\n(?=---\n)")


def render_front_matter(front: FrontMatter, *, recovered_from: str = "") -> str:
    """The block from `---` to `---` and the blank line after it.

    Where the text that follows was recovered from stands in a comment, which is no key.
    """
    lines = write_lines({key: getattr(front, key) for key in _KEYS})
    if recovered_from:
        lines += f"{_RECOVERED}{_NOT_PRINTABLE.sub(' ', on_one_line(recovered_from))}\n"
    return f"---\n{lines}---\n\n"


def write_lines(values: Mapping[str, str | Sequence[str]]) -> str:
    """Keys with their values, a line each; an item of a list has a line of its own."""
    return "".join(_line(key, value) for key, value in values.items())


def _line(key: str, value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return f"{f'{key}: {_scalar(value)}'.rstrip(' ')}\n"
    items = "".join(f"  - {_scalar(item)}\n" for item in value)
    return f"{key}:\n{items}"


def with_properties(document: str, values: Mapping[str, str]) -> str:
    """A document of ours with more keys, of `PROPERTIES`; empty values are left out."""
    return with_lines(document, write_lines({key: value for key, value in values.items() if value}))


def with_lines(document: str, lines: str) -> str:
    """A document with more lines at the end of its front matter; as it is where it has none."""
    head, mark, rest = document.partition("\n---\n")
    return f"{head}\n{lines}{mark[1:]}{rest}" if mark else document


def read_properties(text: str) -> dict[str, str]:
    """The keys of `PROPERTIES` that a document of ours has; {} where it does not say its state."""
    block = BLOCK.match(text[:_MAX_HEAD].replace("\r\n", "\n"))
    lines = block["block"].split("\n") if block else []
    found = {key: _said(own) for key, own in by_key(lines) if key in PROPERTIES}
    return found if "state" in found else {}


def _said(lines: str) -> str:
    """What stands behind a key, also on the lines below it, as editors fold what is long.

    The items of a list, which they make of authors, are names one behind the other.
    """
    value = _BLOCK_SCALAR.sub("", lines.partition(":")[2], 1)
    items = (unquoted(on_one_line(item)) for item in _LIST_ITEM.split(value))
    return " ".join(filter(None, items))


class Edited:
    """A document of ours as a person may have changed it: the keys of its front matter, and a text.

    `ours` are the keys that we write. Those of them that we do not always write may be a person's.
    """

    def __init__(self, document: str, ours: tuple[str, ...]) -> None:
        head, mark, rest = document.replace("\r\n", "\n").partition("\n---\n")
        self._rest = rest.strip("\n")
        lines = head.removeprefix("---\n").split("\n") if mark and head.startswith("---\n") else []
        self._groups = by_key([line for line in lines if not line.startswith(_RECOVERED)])
        self.values: dict[str, str | list[str] | None] = {}
        for key in ours:
            found = [lines for name, lines in self._groups if name == key]
            if found:
                self.values[key] = plain_value(found[0]) if len(found) == 1 else None

    def split(self, theirs: Collection[str] = ()) -> tuple[str, str] | None:
        """Keys that are a person's, as lines, and the document without them; `theirs` are, too.

        The document is as we would write it, however an editor has quoted or ordered its keys. None
        where one of ours cannot be read, or a person wrote there what YAML drops.
        """
        ours = {key: value for key, value in self.values.items() if key not in theirs}
        plain = {key: value for key, value in ours.items() if value is not None}
        if len(plain) < len(ours) or not self._groups:
            return None
        own = "".join(f"{lines}\n" for key, lines in self._groups if key not in ours)
        return own, f"---\n{write_lines(plain)}---\n\n{self._rest}\n"

    def splits(self, optional: Iterable[str]) -> Iterator[tuple[str, str]]:
        """All that it may be where some keys are ours or a person's; more of ours come first."""
        maybe = [key for key in optional if key in self.values]
        for count in range(len(maybe) + 1):
            yield from filter(None, map(self.split, combinations(maybe, count)))


def plain_value(lines: str) -> str | list[str] | None:
    """The text behind a key, or its list of texts.

    None where YAML reads neither there, or drops what a person wrote: a remark.
    """
    yaml = _yaml()
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # texts and lists alone, no objects
    try:
        values = yaml.load(lines, Loader=loader)
        says_more = "#" in lines and _has_remark(yaml.scan(lines, Loader=loader), lines)
    except unreadable():
        return None
    [value] = values.values() if isinstance(values, dict) and len(values) == 1 else [None]
    items = value if isinstance(value, list) else [value]
    is_plain = not says_more and all(isinstance(item, str) for item in items)
    return value if is_plain else None


def _has_remark(tokens: Iterable[Any], text: str) -> bool:
    """Whether a comment stands between what YAML reads; one may hide at the head of a block."""
    end = 0
    for token in tokens:
        if "#" in text[end : token.start_mark.index] or getattr(token, "style", "") in {"|", ">"}:
            return True
        end = max(end, token.end_mark.index)
    return "#" in text[end:]


def keys_of(document: str) -> frozenset[str]:
    """The keys of front matter of a document of ours."""
    head, _, _ = document.removeprefix("---\n").partition("\n---\n")
    return frozenset(key for key, _ in by_key(head.split("\n")))


def plain_document(document: str) -> str:
    """A document of ours as `split_own_keys` gives it: less what is no key, and blank lines."""
    head, mark, rest = document.partition("\n---\n")
    lines = [line for line in head.split("\n") if not line.startswith(_RECOVERED)]
    return f"{chr(10).join(lines)}{mark}\n{rest.strip(chr(10))}\n"


def by_key(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Keys of front matter in their order, each with all lines that belong to it."""
    groups: list[tuple[str, list[str]]] = []
    for line in lines:
        match = _ANY_KEY.match(line)
        if match or not groups:
            groups.append((match["key"] if match else "", [line]))
        else:
            groups[-1][1].append(line)
    return [(key, "\n".join(own)) for key, own in groups]


_ANY_KEY = re.compile(r"(?P<key>[^\s:#\-](?:[^:\n]|:(?=\S))*?)[ \t]{0,99}:(?:\s|\Z)")


def without_comment(document: str) -> str:
    """A document less the comment in its front matter that says where it was recovered from."""
    found = _COMMENTED.match(document)
    return found[1] + document[found.end() :] if found else document


@lru_cache(maxsize=1 << 12)  # accounts and days come again and again
def _scalar(value: str) -> str:
    """A value as YAML reads it back.

    Plain where YAML allows it, quoted only where YAML needs it.
    """
    value = on_one_line(value)
    if _is_plain(value):
        return value
    if value.isprintable() and _QUOTED.match(value):
        return "'" + value.replace("'", "''") + "'"
    # PyYAML folds U+0085 and its like in any other style
    style = '"' if _NOT_PRINTABLE.search(value) else None
    text: str = _yaml().safe_dump(value, allow_unicode=True, default_style=style, width=1 << 30)
    return text.removesuffix("\n").removesuffix("\n...")


def _is_plain(value: str) -> bool:
    if _TIMESTAMP.match(value):
        return True  # dates stand plain in every seed, although YAML reads them as dates
    # the first is stricter, and quick
    printable = value.isprintable() or not _NOT_PRINTABLE.search(value)
    return printable and value.lower() not in _RESERVED and bool(_PLAIN.fullmatch(value))


def split_front_matter(text: str) -> tuple[FrontMatter | None, str]:
    """Take the front matter off a document; None where it has none.

    Read leniently, by the five known keys and never as YAML, because about one seed in a hundred
    has front matter that YAML rejects or alters: the title is everything up to the line that begins
    with `url:`. Keys of others between the five are read past; `fetch_date` may be missing.
    """
    head = text[:_MAX_HEAD].replace("\r\n", "\n")
    match = _HEAD.match(head)
    values = match.groupdict() if match else {}
    if not match or any(_FOREIGN_LINE.search(value) for value in values.values()):
        match = BLOCK.match(head)
        values = _values_by_line(match["block"]) if match else {}
    if not match or not values:
        return None, text
    rest = text.replace("\r\n", "\n")[match.end() :]
    for key in _ON_ONE_LINE & values.keys():  # the next line may be a key of anybody's
        values[key] = _NEXT_KEY.split(values[key], maxsplit=1)[0]
    for key in values.keys() - {"title"}:
        values[key] = _BLOCK_SCALAR.sub("", values[key], 1)
    raw = {key: on_one_line(values.get(key, "")) for key in _KEYS}
    heading = on_one_line(rest.lstrip()[: len(raw["title"]) + 40])
    if not heading.startswith("# " + raw["title"]):
        raw["title"] = unquoted(on_one_line(_BLOCK_SCALAR.sub("", values.get("title", ""), 1)))
    for key in ("url", "source", "date", "fetch_date"):
        raw[key] = unquoted(raw[key])
    link = _AROUND_LINK.match(raw["url"])
    raw["url"] = link["link"] if link else raw["url"]
    return FrontMatter(**raw), rest


def _values_by_line(block: str) -> dict[str, str]:
    """The values of the five keys in any order, among keys of others; {} where it is no seed's.

    Notes have four of them, too, but never `fetch_date`, which all of 10,257 seeds have.
    """
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in block.split("\n"):
        if line.startswith(_RECOVERED):
            continue
        match = _KEY_LINE.match(line)
        if match:
            lines = found.setdefault(match["key"], [])
            line = match["value"]  # noqa: PLW2901
        lines.append(line)
    is_seed = found.keys() >= {"title", "url", "source", "date"} and "type" not in found
    is_seed = is_seed and ("fetch_date" in found or not _STRANGE_KEY.search(block))
    return {key: "\n".join(lines) for key, lines in found.items()} if is_seed else {}


def unquoted(value: str) -> str:
    """What a quoted scalar says; a value that only looks quoted stays as it is."""
    if len(value) < 2 or value[0] != value[-1] or value[0] not in "'\"":
        return value
    try:
        read = _yaml().safe_load(value)
    except unreadable():
        return value
    if not isinstance(read, str) or has_halves(read):
        return value
    return read


def unreadable() -> tuple[type[Exception], ...]:
    """What PyYAML raises, also for brackets in brackets and for characters that are none."""
    return (_yaml().YAMLError, RecursionError, ValueError, OverflowError)


def _yaml() -> Any:
    """PyYAML, which is loaded when something has to be read: most commands read no front matter."""
    import yaml  # noqa: PLC0415

    return yaml
