"""Pictures whose address stands elsewhere in the text (`![words][1]`, `[1]: address`), as inline.

So pandoc writes them where it is asked for reference links, and Turndown by its rule `referenced`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.clean.seeds import Found, lines_beside_code, replaced_outside_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LABEL = r"(?:[^\[\]\\]|\\.){1,300}+"
_DEFINITION = re.compile(
    rf"[ ]{{0,3}}\[(?!\^)(?P<label>{_LABEL})\]:[ \t]*+"
    r"(?:<(?P<spaced>[^<>\n]++)>|(?P<bare>[^\s<>]++))"
    r"(?:[ \t]++(?:\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|\([^()\n]*+\)))?"
    r"[ \t]*+(?:\{[^{}\n]*+\}[ \t]*+)?\Z"  # pandoc keeps a picture's width there
)
_PICTURE = re.compile(
    r"(?<!(?<!\\)\\)!\["
    # pandoc breaks long words of a picture, and in a quote the next line has marks of its own
    r"(?P<alt>(?:[^\[\]\\\n]|\\.|\n(?![ \t]*(?:\n|>))|\[[^\[\]\n]{0,80}\]){0,500}+)\]"
    rf"(?:\[(?P<label>(?:{_LABEL})?)\]|(?![\[(]))"
)
_USE = re.compile(rf"\[({_LABEL})\]")
_IS_ADDRESS = re.compile(r"[./:]")  # one of a word alone is rather a note of the author's
_DATA = "data:"  # of which nothing but that is of use: those are counted as lost
_APART = re.compile(r"[\s()]")  # signs for which an address stands between `<` and `>`
_LONGEST = 2000  # characters of an address
_ROOM = 100_000  # characters beside those of the text: one address may be named in each line


@dataclass(slots=True)
class _Reading:
    """What the texts define, and which uses of it were written inline."""

    addresses: Mapping[str, str]
    room: int
    inlined: set[str] = field(default_factory=set)
    spent: Counter[str] = field(default_factory=Counter)  # label -> how often it stood in those

    def write(self, found: Found) -> str:
        key = _key(found["label"] or found["alt"])
        address = self.addresses.get(key, "")
        if not address or len(address) > self.room:
            return found[0]
        self.room -= len(address)
        self.inlined.add(key)
        self.spent.update(_uses(found[0]))
        words = found["alt"]
        words = " ".join(words.split()) if "\n" in words else words
        return f"![{words}]({address})"


def inline_references(texts: Sequence[str]) -> list[str]:
    """The texts, which are one document's without its code, with each such picture inline.

    A definition goes where nothing else may use it.
    """
    if not any("![" in text for text in texts) or not any("]:" in text for text in texts):
        return list(texts)
    addresses: dict[str, str] = {}
    spent: Counter[str] = Counter()
    for key, address, line in (one for text in texts for one in _defined(text) if one[0]):
        addresses.setdefault(key, address)
        spent.update(_uses(line))
    if not addresses:
        return list(texts)
    reading = _Reading(addresses, _ROOM + sum(map(len, texts)), spent=spent)
    written = [replaced_outside_code(_PICTURE, reading.write, text) for text in texts]
    if not reading.inlined:
        return list(texts)
    used = Counter(key for text in texts for key in _uses(text)) - reading.spent
    done = {key: addresses[key] for key in reading.inlined - used.keys()}
    return [_without(done, text) for text in written]


def _defined(text: str) -> Iterator[tuple[str, str, str]]:
    """Each line with the key and the address that it defines; "" for those of other lines.

    Within a paragraph a line defines nothing. [CommonMark: link reference definitions]
    """
    may_begin = True
    for line in lines_beside_code(text):
        found = _DEFINITION.match(line) if may_begin and "]:" in line else None
        address = _address(found) if found else ""
        yield _key(found["label"]) if found and address else "", address, line
        may_begin = bool(address) or not line.strip()


def _address(found: re.Match[str]) -> str:
    """What a line defines, as an inline picture has it; "" where that is none."""
    said = found["bare"] or found["spaced"]
    if said.startswith(_DATA):
        return _DATA
    if not _IS_ADDRESS.search(said) or len(said) > _LONGEST:
        return ""
    return f"<{said}>" if _APART.search(said) else said


def _without(done: Mapping[str, str], text: str) -> str:
    """The text less the lines that define these."""
    if not done:
        return text
    return "\n".join(line for key, address, line in _defined(text) if done.get(key) != address)


def _uses(text: str) -> Iterator[str]:
    return (_key(found[1]) for found in _USE.finditer(text))


def _key(label: str) -> str:
    """A label as it is compared."""
    return " ".join(label.split()).casefold()
