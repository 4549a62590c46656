r"""Articles as notes of an Obsidian vault, and such notes read back, to the letter.

Obsidian takes for marks what Markdown takes for words: `#word` is a tag, `[[x]]` a link, `%%` hides
what follows, and `key:: value` is a property (of its plugin Dataview). A text's own ones are
written with backslashes (`\#word`); those that had backslashes already, as entities, so that both
can be told apart when the note is read; entities that it had get a zero more, which says the same
(`&#035;`). Links to other notes are wikilinks, and property
`links` says which address each had. What a plugin would run is the business of `inert`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import yaml

from crawler.characters import on_one_line
from crawler.dialect import ends_above, fence_after
from crawler.frontmatter import (
    BLOCK,
    FrontMatter,
    by_key,
    plain_value,
    render_front_matter,
    unreadable,
    with_properties,
    write_lines,
)
from crawler.inert import as_said, inert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ATTACHMENTS = "attachments"
"""The folder of a vault's pictures, beside those of its accounts."""

KEYS = (
    *("title", "account", "author", "published", "url", "state"),
    *("source", "date", "fetch_date", "links"),
)
"""The properties of a note that are ours alone, in their order."""

OPTIONAL = ("account", "author", "published", "links")
"""Those of them that a note has only where there is something to say."""

SHARED = ("aliases", "tags")
"""Lists of a note to which people add, too."""

_NAMED = r"(?=[0-9_/-]{0,50}+(?:[^\W0-9_]|[\u2600-\u27bf\U0001f000-\U0001faff]))"
_TAG, _TAG_ENTITY = rf"\#{_NAMED}", rf"\#35;{_NAMED}"
_CODES = "(?:35|37|58|61|91|92|93|94);"  # of the signs that entities are written for
_ID = r"\^(?=[A-Za-z0-9-]{1,100}+$)"
_INNER = r"(?:[^\[\]\n\\]|\\\|){1,300}+"  # a bar in a table is escaped
_PROTECTED = r"""
      (?P<code> (?<!`)(?P<ticks>`++)(?:(?!(?P=ticks))(?:[^\n]|\n(?!\s))){1,2000}?(?P=ticks)(?!`) )
    | \$(?=\S)[^$\n]{1,2000}+(?<=\S)\$(?![0-9])            # TeX
    | \]\((?:[^()\s]{0,2000}+\)|[^()\s<]{0,2000}+[^()\n<]{0,200}+\))
    | <?https?://[^\s<>()\[\]]{1,2000}+
    | \\\\
"""
_LINK = r"""(?<!!)\[(?P<words>[^\[\]\n|`\\]{1,300}+)\]
      \((?P<address>https?://mp\.weixin\.qq\.com/[^()\s<>"]{1,2000}+)\)"""
_TO_NOTE = re.compile(
    rf"""{_LINK}
    | \[\[(?P<wiki>{_INNER})\]\](?P<colon>:?)
    | (?P<done> \\{_TAG} | \[\\\[{_INNER}\\\]\] | \\%(?=\\?%) | (?<=%)\\%
        | \\=\\=(?=[^=\s]) | \\{_ID} | (?:\\:){{2,}}+ )
    | (?P<own> &\#0*+{_CODES} )
    | {_PROTECTED}
    | \\.
    | (?P<sign> (?<![\w/&#]){_TAG} | %% | (?<!=)==(?=[^=\s]) | (?<!\S){_ID} | ::++ )
    """,
    re.VERBOSE | re.MULTILINE,
)
_FROM_NOTE = re.compile(
    rf"""\[\[(?P<target>[^\[\]\n|\\]{{1,500}}+)\\?\|(?P<words>[^\[\]\n|`\\]{{1,300}}+)\]\]
    | (?P<entity> &{_TAG_ENTITY} | \[&\#91;(?:(?!&\#93;)(?:[^\[\]\n\\]|\\\|)){{1,300}}+&\#93;\]
        | &\#37; | &\#61;&\#61; | &\#94;(?=[A-Za-z0-9-]{{1,100}}+$)
        | (?:&\#58;){{2,}}+ )
    | (?P<done> \\{_TAG} | \[\\\[{_INNER}\\\]\] | \\%\\% | \\=\\=(?=[^=\s]) | \\{_ID}
        | (?:\\:){{2,}}+ )
        (?P<colon>(?<=\]\])&\#58;)?
    | (?P<own> &\#0++{_CODES} )
    | {_PROTECTED}
    | \\.
    """,
    re.VERBOSE | re.MULTILINE,
)
# apart, for a search that begins with one sign is quick, and most blocks have none
_NEEDS = tuple(
    map(
        re.compile,
        (
            r"\#(?<![\w/&#]\#)(?=[^\s#])",
            r"%%",
            r"==",
            r"\^",
            r"\[\\?\[",
            rf"&\#0*+{_CODES}",
            r"\\[#%=^:]",
            r"::",
            r"\]\(https?://mp\.weixin\.qq\.com/",
        ),
    )
)
_BLANK = "\n\n"
_COLON = {"": "", ":": "&#58;"}
"""What stands behind a text's own `[[x]]`: behind `[\\[x\\]]` a colon would hide the line."""
_ENTITY = re.compile(r"\\([^|])")
_NUMBER = re.compile(r"&#([0-9]{2});")
_OWN = re.compile(rf"&#(0*+{_CODES})")
_LONGER = re.compile(rf"&#0(0*+{_CODES})")

_ALT = r"!\[(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])*\]"
_SOURCE = r"https?://[^\s()<>\"]++|images/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{2,5}"
_PICTURE = re.compile(rf"(?P<words>{_ALT})\((?P<address>{_SOURCE})\)")
_KEPT = re.compile(
    rf"(?P<words>{_ALT})\((?:\.\./)*+{ATTACHMENTS}/[0-9a-f/]++\.[a-z0-9]{{2,5}}"
    rf' "(?P<address>{_SOURCE})"\)'
)
_ITEM = re.compile(r"\[\[(?P<target>[^\[\]|]+)\]\] (?P<address>\S+)\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?\Z", re.ASCII)
_NO_TAG = re.compile(r"[^\w/\u2600-\u27bf\U0001f000-\U0001faff-]+")
_MAX_HEAD = 40_000  # characters of front matter
_LINKS = 10_000
"""Characters of what property `links` names, so that whoever reads a head reads all of it."""

_NEAR = 10_000
"""Characters before a link in which its line is looked for: a line may hold links without number.
Farther than any link reaches; of a longer line the beginning of its block tells as much."""

_OFFSET = "+08:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a note says of its article; what is not known is the empty string."""

    front: FrontMatter
    state: str
    account: str = ""
    author: str = ""
    published: str = ""  # ISO 8601 with +08:00, or a day alone
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def write_note(
    note: Note, body: str, *, target_of: Callable[[str], str], pictures: Mapping[str, str]
) -> str:
    """An article as a note.

    `target_of` gives the name of the note that an address of WeChat's leads to, "" for none;
    `pictures` the path of the copy of a picture, by its address.
    """
    links: dict[str, str] = {}
    room = _LINKS

    def wikilink(match: re.Match[str]) -> str:
        nonlocal room
        target, address = target_of(match["address"]), match["address"]
        near = max(0, match.start() - _NEAR)
        line = match.string.rfind("\n", near, match.start()) + 1
        if _is_in_brackets(match.string, max(near, line), match.start()):
            target = ""  # of a wikilink there whoever reads the note takes all up to `)` for one
        if target and target not in links and len(target) + len(address) <= room:
            room -= len(target) + len(address)
            links[target] = address
        if not target or links.get(target) != address:
            words = _escape(match["words"])
            return f"[{words}]({address})"
        bar = r"\|" if match.string.startswith("|", line) else "|"
        return f"[[{target}{bar}{match['words']}]]"

    text = _outside_fences(_with_copies(body, pictures), lambda prose: _escaped(prose, wikilink))
    told = {
        **{name: getattr(note.front, name) for name in ("title", "url", "source", "date")},
        "fetch_date": note.front.fetch_date,
        "account": note.account,
        "author": note.author,
        "published": note.published.removesuffix(_OFFSET),
        "state": note.state,
        "aliases": note.aliases,
        "tags": tuple(dict.fromkeys(filter(None, map(as_tag, note.topics)))),
        "links": tuple(f"[[{target}]] {address}" for target, address in links.items()),
    }
    front = write_lines({key: told[key] for key in _ORDER if told[key] or key in _ALWAYS})
    return inert(f"---\n{front}---\n\n{text}")


def _is_in_brackets(text: str, start: int, end: int) -> bool:
    """Whether `](` that stands before a place of a line is not closed there."""
    return text.rfind("](", start, end) > text.rfind(")", start, end)


_ORDER = (
    *("title", "aliases", "account", "author", "published", "url", "state", "tags"),
    *("source", "date", "fetch_date", "links"),
)
_ALWAYS = frozenset({"title", "url", "source", "date", "fetch_date"})


def as_tag(topic: str) -> str:
    """A topic as Obsidian takes it for a tag; "" where nothing of it can be one."""
    tag = _NO_TAG.sub("-", on_one_line(topic).strip("# ")).strip("-/")
    return f"_{tag}" if tag.isdecimal() else tag


def _escape(prose: str) -> str:
    """Prose in which Obsidian sees no tag, link, comment or mark of its own."""
    return _escaped(prose, lambda match: f"[{_escape(match['words'])}]({match['address']})")


def _escaped(prose: str, wikilink: Callable[[re.Match[str]], str]) -> str:
    def written(match: re.Match[str]) -> str:
        if match["address"]:
            return wikilink(match)
        if match["wiki"]:
            return f"[\\[{match['wiki']}\\]]{_COLON[match['colon']]}"
        if match["own"]:
            return _OWN.sub(r"&#0\1", match[0])
        if match["done"]:
            longer = _OWN.sub(r"&#0\1", match[0])
            return _ENTITY.sub(lambda sign: f"&#{ord(sign[1])};", longer)
        if match["sign"]:
            return "".join(f"\\{sign}" for sign in match[0])
        return match[0]

    parts, index = [], 0
    for start, end in _blocks_in_need(prose):
        parts += [prose[index:start], _TO_NOTE.sub(written, prose[start:end])]
        index = end
    return "".join([*parts, prose[index:]])


def _blocks_in_need(prose: str) -> Iterator[tuple[int, int]]:
    """Where the blocks begin and end that may have a sign; no construct goes over a blank line."""
    end = -1
    for place in sorted(match.start() for need in _NEEDS for match in need.finditer(prose)):
        if place < end:
            continue
        before = prose.rfind(_BLANK, max(0, end), place)
        behind = prose.find(_BLANK, place)
        start = before + len(_BLANK) if before >= 0 else 0
        end = behind if behind >= 0 else len(prose)
        yield start, end


def _unescaped(prose: str, links: Mapping[str, str]) -> str:
    def read(match: re.Match[str]) -> str:
        if match["target"]:
            address = links.get(match["target"])
            return f"[{match['words']}]({address})" if address else match[0]
        if match["entity"]:
            signs = _NUMBER.sub(lambda number: f"\\{chr(int(number[1]))}", match[0])
            return _LONGER.sub(r"&#\1", signs)
        if match["own"]:
            return _LONGER.sub(r"&#\1", match[0])
        if match["done"]:
            colon = ":" if match["colon"] else ""
            return _ENTITY.sub(r"\1", match["done"]) + colon
        return match[0]

    return _FROM_NOTE.sub(read, prose)


def _with_copies(body: str, pictures: Mapping[str, str]) -> str:
    """The body, whose pictures are those of the vault; the title of each is its own address."""
    if not pictures:
        return body

    def local(match: re.Match[str]) -> str:
        path = pictures.get(match["address"])
        return f'{match["words"]}({path} "{match["address"]}")' if path else match[0]

    return _PICTURE.sub(local, body)


def _outside_fences(text: str, change: Callable[[str], str]) -> str:
    """The text, changed where it is no block of code."""
    if "```" not in text and "~~~" not in text:
        return change(text)
    parts: list[tuple[bool, list[str]]] = [(False, [])]
    fence = ""
    for line in text.split("\n"):
        if ends_above(line, fence):
            fence = ""
            parts.append((False, []))
        before, fence = fence, fence_after(line, fence)
        if fence and not before:
            parts.append((True, []))
        parts[-1][1].append(line)
        if before and not fence:
            parts.append((False, []))
    whole = ((is_code, "\n".join(lines)) for is_code, lines in parts if lines)
    return "\n".join(text if is_code else change(text) for is_code, text in whole)


def read_note(text: str) -> str:
    """A note of ours as an export with properties has it; any other text as it is."""
    if not text.startswith("---"):
        return text
    block = BLOCK.match(text[:_MAX_HEAD].replace("\r\n", "\n"))
    values = _values(as_said(block["block"])) if block else {}
    if not block or not _is_note(values):
        return text
    links = _links(values)
    note = as_said(text.replace("\r\n", "\n")[block.end() :])
    body = _outside_fences(note, lambda prose: _unescaped(prose, links))
    body = _KEPT.sub(r"\g<words>(\g<address>)", body)
    said = {key: _text(values.get(key)) for key in KEYS}
    front = render_front_matter(FrontMatter(**{key: said[key] for key in FrontMatter.__slots__}))
    published = said["published"] + (_OFFSET if _MOMENT.match(said["published"]) else "")
    told = {key: said[key] for key in ("state", "account", "author")} | {"published": published}
    return with_properties(f"{front}{body.lstrip(chr(10))}", told)


def _values(block: str) -> dict[str, object]:
    """The values of our own keys, whatever stands beside them; {} where YAML reads none."""
    ours = "\n".join(lines for key, lines in by_key(block.split("\n")) if key in KEYS)
    try:
        values = yaml.load(ours, Loader=_LOADER)  # noqa: S506  (texts and lists alone, no objects)
    except unreadable():
        return {}
    return values if isinstance(values, dict) else {}


_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _is_note(values: Mapping[str, object]) -> bool:
    """Whether keys are those of a note of ours: an export with properties has its state last.

    Where an editor sorted them, the links between notes tell it.
    """
    keys = list(values)
    known = {"title", "url", "state", "source", "date", "fetch_date"} <= values.keys()
    return known and (keys.index("state") < keys.index("source") or bool(_links(values)))


def _links(values: Mapping[str, object]) -> dict[str, str]:
    """The addresses of other notes by their names."""
    items = map(_ITEM.match, _list(values.get("links")))
    return {found["target"]: found["address"] for found in items if found}


def _text(value: object) -> str:
    """What a property says; of a list, which editors make of authors, the names in a row."""
    return value if isinstance(value, str) else " ".join(_list(value))


def _list(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def plain_note(note: str) -> str:
    """A note of ours as `split_own_keys` gives it: less the lists that people add to."""
    head, mark, rest = note.partition("\n---\n")
    groups = by_key(head.removeprefix("---\n").split("\n"))
    lines = "\n".join(lines for key, lines in groups if key not in SHARED)
    return f"---\n{lines}{mark}\n{rest.strip(chr(10))}\n"


def with_own(note: str, own: str) -> str | None:
    """A note with what a person added to its properties: own ones, aliases, and tags.

    None where a list of theirs cannot be read, or says more than its items do.
    """
    all_own = by_key(own.rstrip("\n").split("\n")) if own else []
    head, mark, rest = note.partition("\n---\n")
    groups = dict(by_key(head.removeprefix("---\n").split("\n")))
    shared = [key for key in SHARED if key in groups]
    for key in shared:
        added = [_items(key, lines) for name, lines in all_own if name == key]
        if None in added or len(added) > 1:
            return None
        items = chain(_items(key, groups[key]) or (), *filter(None, added))
        groups[key] = write_lines({key: tuple(dict.fromkeys(items))}).rstrip("\n")
    lines = "\n".join([*groups.values(), *(lines for key, lines in all_own if key not in shared)])
    return f"---\n{lines}{mark}{rest}"


def _items(key: str, lines: str) -> list[str] | None:
    """What a list of a person's holds; None where it is no list of plain texts."""
    value = plain_value(lines)
    if isinstance(value, str):
        value = value.split(",") if key == "tags" else [value]
    return value and [item.strip() for item in value if item.strip()]
