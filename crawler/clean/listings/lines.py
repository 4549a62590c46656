"""Lines of text and Markdown: share texts, to-do lists, daily reports by account."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crawler.characters import on_one_line
from crawler.clean.exports import Link, read_moment
from crawler.clean.listings.cells import link_in_title
from crawler.clean.listings.fields import ROLES, link_of, own_links, title_of_link
from crawler.clean.listings.keyed import Keyed, account_in_item, keys_beside
from crawler.clean.listings.limits import check_entries
from crawler.clean.listings.records import Listing, ListKind, Refused, listing_of
from crawler.clean.listings.ruled import Ruled
from crawler.clean.listings.texts import is_text
from crawler.credentials import line_without_secrets
from crawler.links import Found, find_links, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_LABELLED = re.compile(
    # (an address ends where the next one begins, so that none is looked through twice)
    r"(?<![!\\])\[(?P<title>(?:\\[!-~]|[^\[\]\n\\]){1,300}+)\]\([<\s]{0,2}+(?P<target>(?:[^)\n\]]|\](?!\())++)\)"
)
_ITEM = re.compile(r"(?P<indent>[ \t]{0,40})[-*+] (?:\[[ xX]\] )?(?P<words>\S[^\n]{0,200})\Z")
_HEADING = re.compile(r"#{1,6} [^\n]{1,200}\Z")
_DAY = re.compile(r"(?:19|20)\d\d[-/年.]\d{1,2}[-/月.]\d{1,2}", re.ASCII)
_MARKER = re.compile(r"\A\s*(?:[-*+>|]\s|\d{1,4}[.)、]\s?|\[[ xX]\]\s){0,4}")
_ADDRESS = re.compile(r"(?:view-source:|https?:/)\S*", re.IGNORECASE)
_COMMENT = re.compile(r"(?:\A|\s)#(?!\d).*\Z")  # (a number may be that of an issue)
_MARKS_AROUND = " \t\u3000:：-–—|,，;；。、*`\\"
_OPEN, _CLOSE = "<(（[【“\"'", ">)）]】”\"'"  # are of the title, where it holds both
# around the place where the link stood
_BETWEEN = re.compile(
    r"\s[-–—|](?=\s++[-–—|]\s)|[（【“「『《] ?[）】”」』》]|\A[<(\[\"'] ?[>)\]\"']"
    r"|[<(\[\"'] ?[>)\]\"']\Z"
)
# what Markdown's references are called by, where they stand below a text with their addresses
_REFERENCE = re.compile(r"\s{0,40}+\[\^?(?P<name>[^\[\]\n]{1,80}+)\]:\s")
_NUMBERED = re.compile(r"[\W_]*+\d{1,3}(?:[\W_]++\d{1,3})?+[\W_]*+")  # of a note, or an item
LONGEST_TITLE = 200  # characters; of 1,987 real ones one has more than 157
_ROUNDS = 4  # of marks within marks; hardly any title has two
_BARE_LINK = re.compile(r"[a-z]{2,10}://\S+\Z", re.IGNORECASE)
_OTHER_LINK = re.compile(r"https?://", re.IGNORECASE)


@dataclass(slots=True)
class _Context:
    """What the lines above say of a line: the item that it stands under, the day of its section."""

    items: list[tuple[int, str]] = field(default_factory=list)  # indent and words, outermost first
    days: list[tuple[int, str]] = field(default_factory=list)  # of headings, by their level

    @property
    def date(self) -> str:
        """The day of the section, or of that in which it lies."""
        return self.days[-1][1] if self.days else ""

    def note(self, line: str) -> None:
        """Remember a line that holds no link."""
        item = _ITEM.match(line)
        if item:
            indent = len(item["indent"])
            self.items = [known for known in self.items if known[0] < indent]
            words = on_one_line(line_without_secrets(item["words"])).strip("*: ：")
            self.items.append((indent, account_in_item(words)))
        elif _HEADING.match(line):
            self.items = []
            level = len(line) - len(line.lstrip("#"))
            self.days = [known for known in self.days if known[0] < level]
            day = _DAY.search(line)
            self.days += [(level, read_moment(day[0]).date)] if day else []

    def account(self, line: str) -> str:
        """The words of the item that a line stands under, as no address of a reference does."""
        if _REFERENCE.match(line):
            return ""
        indent = len(line) - len(line.lstrip(" \t"))
        return next((words for own, words in reversed(self.items) if own < indent and words), "")


def read_lines(text: Iterable[str]) -> Listing:
    """Every link of lines with its title, and the account and day that it stands under.

    Raises TooLargeError for more than any list holds.
    """
    context, links, refused, elsewhere = _Context(), list[Link](), list[Refused](), 0
    table, record = Ruled(), Keyed()
    wordy: set[int] = set()  # the numbers of lines that say more than those of a list
    lines = (line for some in text for line in lines_of(some.rstrip("\r\n")))
    for number, line in enumerate(lines, start=1):
        here = [replace(found, number=number) for found in find_links(line)]
        row = table.row(line)
        found_here = _links(line, here, context)
        own = _own_of_row(table.cells(line), found_here) if row else ""
        if own:
            of_row = replace(_of_row(own, line, row, context), number=number)
            found_here = [of_row, *(link for link in found_here if link.url != own)]
        if found_here and is_text("", line) and not table.cells(line):
            wordy.add(number)
        if found_here and table.has_text(line):
            found_here[0] = replace(found_here[0], left=True)
        links += found_here
        record.take(line, links, len(found_here))
        refused += filter(None, map(_refused, here))
        check_entries(links, refused)
        if here:
            continue
        context.note(line)
        if _BARE_LINK.match(line.strip()):
            why = "is not a link of WeChat's"
            refused.append(Refused(number=number, line=line, why=why))
        else:
            elsewhere += bool(_OTHER_LINK.search(line))
    record.close(links)
    return listing_of(
        ListKind.LINES, _with_texts(links, wordy), refused=refused, elsewhere=elsewhere
    )


def _with_texts(links: list[Link], wordy: set[int]) -> list[Link]:
    """The links, of those in wordy lines each as what stands beside a text, where most are such.

    A single one among others may be a paragraph of what somebody wrote about articles.
    """
    if 2 * len(wordy) <= len({link.number for link in links}):
        return links
    return [replace(link, left=True) if link.number in wordy else link for link in links]


def _refused(found: Found) -> Refused | None:
    return Refused.of_link(found, number=found.number, line=found.line)


def _links(line: str, here: list[Found], context: _Context) -> list[Link]:
    whole = [found for found in here if found.link]
    titles = _titles(line)
    account = context.account(line)
    said = keys_beside(whole[0].rest) if len(whole) == 1 else {}
    if len(whole) == 1:
        words = _title_in(said) if said else whole[0].rest
        title = titles.setdefault(whole[0].link, _title_around(words))
        said = said if words and title else {}  # an item's number is no title
    links = [
        Link(
            url=found.link,
            title=titles.get(found.link, ""),
            account=account,
            date=context.date,
            number=found.number,
        )
        for found in whole
    ]
    return [_with_keys(link, said) for link in links] if said else links


def _title_in(said: dict[str, str]) -> str:
    """What several keys around a link say of its title, or what stands before them: 甲 公众号：乙.

    Where neither does, nobody knows where a name ends. A single key may begin a title.
    """
    told = (said.get(name, "") for name in (*ROLES["title"], ""))
    return next(filter(None, told), "")


def _with_keys(link: Link, said: dict[str, str]) -> Link:
    told = link_of(link.url, said, link.number, account=link.account)
    return replace(told, title=link.title, date=told.date or link.date * (not told.listed))


def _own_of_row(cells: dict[str, str], links: list[Link]) -> str:
    """The link of which a table's row speaks, of these of its line; "" where nobody knows it."""
    urls = dict.fromkeys(link.url for link in links)
    named = urls if len(urls) == 1 else [*own_links(cells)[:1], link_in_title(cells)]
    return next((url for url in named if url in urls), "")


def _of_row(url: str, line: str, row: dict[str, str], context: _Context) -> Link:
    """The article of a table's row, with what its columns say."""
    link = link_of(url, row, 0, account=context.account(line))
    return replace(
        link,
        title=link.title or _titles(line).get(url, "") or row[""],
        date=link.date or context.date * (not link.listed),
    )


def _titles(line: str) -> dict[str, str]:
    """The words of Markdown's links, by address."""
    titles = {}
    for label in _LABELLED.finditer(line) if "](" in line else ():
        for found in find_links(label["target"]):
            if found.link:
                titles[found.link] = title_of_link(label["title"].replace("\\", ""))
    return titles


def _title_around(rest: str) -> str:
    """The words around a line's only link, without list markers, comments and other addresses."""
    reference = _REFERENCE.match(rest)
    rest = (rest[reference.end() :] or reference["name"]) if reference else rest
    words = _COMMENT.sub("", _ADDRESS.sub("", _MARKER.sub("", rest)))
    title = title_of_link(_without_marks(on_one_line(words)))
    is_none = _NUMBERED.fullmatch(title) or not any(map(str.isalnum, title))
    return title if len(title) <= LONGEST_TITLE and not is_none else ""


def _without_marks(words: str) -> str:
    """Words without marks around them: of brackets and quotes a pair round all, or half a pair."""
    for _ in range(_ROUNDS):
        words = _BETWEEN.sub("", words).strip(_MARKS_AROUND)
        for one, other in zip(_OPEN, _CLOSE, strict=True):
            words = _without_pair(words, one, other)
    return words


def _is_whole(words: str, one: str, other: str) -> bool:
    """Whether the brackets of words are pairs, as far as those at both ends tell."""
    if one == other:
        return one not in words
    is_open, is_closed = (
        words.find(one) <= words.find(other),
        words.rfind(one) <= words.rfind(other),
    )
    return is_open and is_closed and words.count(one) == words.count(other)


def _without_pair(words: str, one: str, other: str) -> str:
    begins, ends = words.startswith(one), words.endswith(other)
    if begins and ends and _is_whole(words[1:-1], one, other):
        return words[1:-1]
    if one == other:
        is_half = words.count(one) == 1
        return words.strip(one) if is_half else words
    words = words[begins and other not in words :]
    words = words.removeprefix(other).removesuffix(one)
    return words.removesuffix(other) if one not in words else words
