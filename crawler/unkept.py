"""What of a text is nowhere in what was made of it: a net under every reader.

A reader takes heads, bylines and furniture off by rules, which may be wrong about a text that
nobody has seen. What it took too much is told, so that whoever has the file can look. Of 1,988 real
seeds six are told of, each of which has lost a line; of 228 copies that six converters made, which
no rule was tuned to, one. Of lines that were taken out of texts on purpose it finds nine in ten.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.characters import unescaped
from crawler.links import find_links
from crawler.telling import counted
from crawler.urls import PageType, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MARKUP = re.compile(
    r"<!--|-->|<[^<>\n]{1,3000}+>|</?[A-Za-z][\w-]*+\s[^<>]{0,3000}+>|(?:https?:)?//[!-~]++"
    r"|data:image/(?:[^()\[\]<>\n]|\([-\d., ]*+\))*+"
    r"|\]\([^()\s]{0,3000}+(?:\([^()\s]{0,300}+\)[^()\s]{0,300}+)?(?:\s?\"[^\"\n]{0,300}+\")?\)"
    r"|!\[\[[^\[\]\n]{0,300}+\]\]|\{(?:[.#][\w-]|[\w:-]++=\")[^{}]{0,3000}+\}"
)
_NAMED = r"//(?:mmbiz|mmecoa)\.qpic\.cn/(?:(?:sz_)?mmbiz(?:_[a-z]++)?/)?([\w-]{20,300}+)"
_PICTURE = re.compile(_NAMED, re.ASCII)
_SHOWN_PICTURE = re.compile(  # in Markdown and elements; an editor's own attributes name others
    rf"(?:\]\(<?|\]:[ \t]*+<?|\s(?:data-)?src=[\"']?|url\([\"']?)(?:https?:)?{_NAMED}", re.ASCII
)
_WORD = re.compile(r"[^\W_]++")
_HAN = re.compile(r"[\u3400-\u9fff]")
_OF_MARKUP = '="'  # stands in what is left of an element that is broken
_FEWEST = 6  # letters of Chinese and other words, of a line of which anybody would miss something
_SHORTEST = 3  # letters; whatever is shorter stands anywhere
_LONGEST = 2_000_000  # characters, with markup
_MOST_SOUGHT = 300  # times that all that was kept is searched: the work grows as the text does
_SHOWN, _LONGEST_WORD = 30, 20  # letters


def lines_left(text: str, kept: Sequence[str]) -> list[str]:
    """The lines of a text of which words are in none of what was `kept`, less their markup.

    Words are compared by letters and digits alone. Addresses are none, nor is a line that has few.
    Nothing is said of a text that is longer than any article.
    """
    if len(text) > _LONGEST:
        return []
    said, held = text.split("\n"), "\n".join(kept).split("\n")
    asked = [line for line in _bare_of(said, but=held) if _weight(_long_words(line)) >= _FEWEST]
    changed = _letters(_bare_of(held, but=said)) if asked else ""
    left = list(_not_in(changed, asked))
    return list(_not_in(_letters(_bare_of(held, but=())), left)) if left else []


def _bare_of(lines: Iterable[str], *, but: Iterable[str]) -> list[str]:
    """Those lines that are not among others to the letter, less their markup."""
    known = frozenset(but)
    bare = _bare("\n".join(line for line in lines if line not in known))
    return [line.strip() for line in bare.split("\n") if _OF_MARKUP not in line]


def _letters(lines: Iterable[str]) -> str:
    return "".join(word for line in lines for word in _words(line))


def _not_in(there: str, lines: Iterable[str]) -> Iterator[str]:
    """Those lines that are not in these letters; mostly each is behind the one before it."""
    found, sought = 0, 0
    for line in lines:
        words = _words(line)
        at = there.find("".join(words), found)
        if at >= 0:
            found = at + sum(map(len, words))
            continue
        sought += 1
        lost: list[str] = []
        for word in _long_words(line):
            sought += 1
            if sought > _MOST_SOUGHT:
                return
            if word not in there:
                lost.append(word)
            if _weight(lost) >= _FEWEST:
                yield line
                break


def addresses_left(text: str, kept: Sequence[str]) -> str:
    """What is said of WeChat's pictures and articles that a text shows and nothing kept names."""
    if len(text) > _LONGEST:
        return ""
    held = "\n".join(kept)
    pictures = len(set(_SHOWN_PICTURE.findall(text)) - set(_PICTURE.findall(held)))
    shown = _articles(text)
    links = len(shown - _articles(held)) if shown else 0
    counts = [(pictures, "picture"), (links, "link")]
    told = " and ".join(counted(number, noun) for number, noun in counts if number)
    return _no_part(pictures + links, told) if told else ""


def _articles(text: str) -> set[str]:
    """The keys of the articles to which links in a text lead."""
    urls = [parse_url(found.link) for found in find_links(text) if found.link]
    return {url.article_id for url in urls if url.page_type is PageType.ARTICLE}


def told_of(lines: Sequence[str]) -> str:
    """What is said of lines that are left; "" for none. Of their words only letters are shown."""
    if not lines:
        return ""
    words = (word for word in _WORD.findall(lines[0]) if len(word) <= _LONGEST_WORD)
    shown = " ".join(words)[:_SHOWN]
    return f"{_no_part(len(lines), counted(len(lines), 'line'))} ({shown})"


def _no_part(number: int, told: str) -> str:
    verb = "is" if number == 1 else "are"
    return f"{told} of its file {verb} no part of the text"


def _bare(text: str) -> str:
    """A text without addresses, elements and attributes; its ends of lines may go with them."""
    return _MARKUP.sub(" ", unescaped(text)).replace("\\", "")


def _words(line: str) -> list[str]:
    return _WORD.findall(line.lower())


def _long_words(line: str) -> list[str]:
    """Words that stand nowhere by chance: of a line with few of them nothing is told."""
    return [word for word in _words(line) if len(word) >= _SHORTEST]


def _weight(words: Iterable[str]) -> int:
    """How many letters of Chinese words have; any other word counts as one."""
    return sum(len(_HAN.findall(word)) or 1 for word in words)
