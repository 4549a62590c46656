"""Lines of `key: value` around the link of an article, as scripts and YAML write them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crawler.clean.exports import key_line, parts_of
from crawler.clean.listings.fields import ROLES, link_of, own_links, plain
from crawler.clean.listings.records import joined
from crawler.clean.listings.ruled import KNOWN, words_of
from crawler.frontmatter import unquoted

if TYPE_CHECKING:
    from crawler.clean.exports import Link

_MARGIN = re.compile(r"(?P<indent>[ \t>]{0,40})(?P<mark>[-*+] |\d{1,4}[.)、] ?|)")
_NAMED = re.compile(r"\**+【(?P<key>\w{1,20})】\**+[:：]?\**+(?P<value>.*)")
# of a title or an account in YAML, which may go on below it, farther in
_MAY_GO_ON = re.compile(r"[ \t]{0,40}(?:- )?(?=[\w-]{1,20}: )")
_IS_OPEN = re.compile(r"[\"'>|]")
_ANY_KEY = re.compile(r"[ \t]*+(?:- )?[\w-]{1,30} ?[:：]|[ \t]*+[-*+#>]")
_FOLDED = re.compile(r"[>|][-+]?(?=\s|\Z)")
_LONGEST = 4_000  # characters of a value on several lines
_HEADING = re.compile(r"#{1,6} (?P<words>[^\n]{1,200})")
_DAY = re.compile(r"(?:19|20)\d\d", re.ASCII)  # of whose lists the sections are days
_ACCOUNT = frozenset(ROLES["account"])
_FOLDED_KEYS = _ACCOUNT | frozenset(ROLES["title"])
_BEFORE_A_LINK = " \t:：|｜,，;；-–—("  # on its line
# where a name on a line ends: behind it stands a remark, or a key that nobody knows
_BEHIND_A_NAME = re.compile(r"[|｜,，;；。！!]|\s(?:[（(]|[^\s:：]{1,20}+[:：])")
_NO_WORDS = " \t\r\n>-=*_~—─"


def key_of(line: str) -> tuple[str, str]:
    """The key that a line begins with, as `plain` has it, and its value; both "" for none known."""
    start = margin.end() if (margin := _MARGIN.match(line)) else 0
    found = key_line(line[start:]) or _NAMED.match(line, start)
    key = plain(found["key"]) if found else ""
    return (key, found["value"].strip()) if found and key in KNOWN else ("", "")


def _meant(value: str) -> str:
    """What a value says, on one line: quotes are undone as in YAML, and so are folds.

    In a script a mark stands behind the quotes.
    """
    bare = value.rstrip(",;")
    value = bare if unquoted(bare) != bare else value
    value = value if "\n" not in value else _FOLDED.sub("", value).strip()
    return " ".join(unquoted(value).split())


def account_in_item(words: str) -> str:
    """The account that an item names: all that it says, unless it is another key's value."""
    key, value = key_of(words)
    return _meant(value) * (key in _ACCOUNT) if key else words


def keys_beside(words: str) -> dict[str, str]:
    """What words say under several keys, and before them under ""; nothing for one key alone."""
    (_, first), *others = parts_of(words, KNOWN)
    if not others:
        return {}
    key, value = key_of(first)
    values = {key: _meant(value) if key else first}
    for name, part in others:
        values.setdefault(plain(name), _meant(part.rstrip(_BEFORE_A_LINK)))
    for name in _ACCOUNT.intersection(values):
        values[name] = _BEHIND_A_NAME.split(values[name], maxsplit=1)[0].strip()
    return values


@dataclass(slots=True)
class _Record:
    """The lines of one article, as far as they were read."""

    heading: str = ""  # right above these lines
    values: dict[str, str] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)  # of its links, among all
    margin: int = -1  # where its first line begins
    marked: int = 0  # lines behind the mark of an item
    unmarked: int = 0
    is_mixed: bool = False  # several of either kind: nobody knows which are of one article

    def parts_at(self, line: str) -> bool:
        """Whether a line begins another item than these are of; one that does not is counted."""
        found = _MARGIN.match(line)
        margin, mark = (len(found["indent"]), found["mark"]) if found else (0, "")
        if mark and 0 <= self.margin < margin and not key_of(line)[0]:
            return False  # of a list within the item, as of tags
        if self.margin >= 0 and self._is_another(margin, mark):
            return True
        self.margin = margin if self.margin < 0 else self.margin
        self.is_mixed = self.is_mixed or (not mark and self.marked > 1)
        self.marked += bool(mark)
        self.unmarked += not mark
        return False

    def _is_another(self, margin: int, mark: str) -> bool:
        if not mark:
            return margin < self.margin
        return margin != self.margin or mark[0].isdigit() or self.unmarked > 0


@dataclass(slots=True)
class Keyed:
    """The lines of one article, up to a blank one, a rule, another item, or a key that was said.

    Records that nothing parts but a key that is said again are one run: they have to be alike, or
    nobody knows whose a key is that stands between two links.
    """

    _record: _Record = field(default_factory=_Record)
    _run: list[_Record] = field(default_factory=list)  # those with a link
    _keys: set[tuple[str, ...]] = field(default_factory=set)  # of the records of the run
    _last: str = ""  # the key whose value may go on
    _column: int = 0  # where that stands
    _level: int = 0  # of the heading, by its signs
    _headed: dict[int, list[int]] = field(default_factory=dict)  # links with one as their title
    _sections: set[int] = field(default_factory=set)  # levels whose headings are of several links

    def take(self, line: str, links: list[Link], new: int) -> None:
        """Take a line in, in which the last `new` of all links were found."""
        if not new and self._goes_on(line):
            self._record.values[self._last] += f"\n{line.rstrip()}"[:_LONGEST]
            return
        heading = _HEADING.match(line)
        key, value = key_of(line)
        if heading or not line.strip(_NO_WORDS):
            self.end(links)
        elif self._record.parts_at(line):
            self.end(links)
            self._record.parts_at(line)
        elif key in self._record.values:
            self._put_by()
            self._record = _Record(margin=self._record.margin)
        if heading:
            self._record.heading = "" if _DAY.search(line) else heading["words"]
            self._level = line.index(" ")
        elif key:
            self._record.values[key] = value
        elif not self._record.values and line.strip(_NO_WORDS):
            self._record.heading = ""
        column = _MAY_GO_ON.match(line) if key in _FOLDED_KEYS else None
        self._last, self._column = (key, column.end()) if column else ("", 0)
        self._record.places += range(len(links) - new, len(links))

    def _goes_on(self, line: str) -> bool:
        """Whether a line is more of the value above it, as YAML folds it."""
        if not self._last or len(line) - len(line.lstrip(" \t")) <= self._column:
            return False
        said = self._record.values[self._last]
        if not line.strip() or len(said) >= _LONGEST or key_of(line)[0]:
            return False
        return _IS_OPEN.match(said) is not None or not _ANY_KEY.match(line)

    def _put_by(self) -> None:
        """Keep a record up to the end of its run, if it may be told of a link then."""
        if len(self._keys) < 2:
            self._keys.add(tuple(self._record.values))
        if self._record.places:
            self._run.append(self._record)

    def end(self, links: list[Link]) -> None:
        """Let the one link among the lines of each record have what they say."""
        self._put_by()
        run, are_alike = self._run, len(self._keys) == 1
        kept = self._record.heading if not (self._record.values or self._record.places) else ""
        self._run, self._keys = [], set()
        self._record, self._last = _Record(heading=kept), ""
        if not are_alike:
            return
        for record in run:
            values = _spread(record.values)
            owns = len(record.places) == 1 and not record.is_mixed
            if owns and own_links(values) == [links[record.places[0]].url]:
                self._tell(links, record.places[0], values, record.heading)

    def _tell(self, links: list[Link], place: int, values: dict[str, str], heading: str) -> None:
        """Give a link what is said; where it is a second one below a heading, that is of both."""
        links[place], is_headed = _told(links[place], values, heading)
        if not heading and self._level in self._headed:
            self._sections.add(self._level)
        elif is_headed:
            self._headed.setdefault(self._level, []).append(place)

    def close(self, links: list[Link]) -> None:
        """End the last lines, and take headings of sections off the links that have their words."""
        self.end(links)
        for level in self._sections:
            for place in self._headed.get(level, ()):
                links[place] = replace(links[place], title="")


def _spread(said: dict[str, str]) -> dict[str, str]:
    """What lines say under their keys, and under others that stand in one: 公众号：甲 | 日期：…."""
    values = dict[str, str]()
    for name, value in said.items():
        others = {} if name in ROLES["title"] else KNOWN
        for key, part in parts_of(_meant(value), others):
            values.setdefault(plain(key) or name, part)
    return values


def _told(link: Link, values: dict[str, str], heading: str) -> tuple[Link, bool]:
    """A link with what is said beside it, and whether the heading is its title.

    That is one where more is said than the link. The day under which a list names it is none
    without a title or an account.
    """
    said = link_of(link.url, {key: words_of(value) for key, value in values.items()}, link.number)
    is_told = said.account or said.author or said.date or said.listed
    own = said.title or link.title
    title = own or (words_of(heading) if is_told else "")
    if not (title or said.account or said.date):
        return link, False
    above = replace(link, date="") if said.listed else link
    return joined(replace(said, title=title), above), title != own
