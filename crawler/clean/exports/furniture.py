"""What a tool put around a text: its head, read into the fields, and its tail, taken off."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.clean.exports.fields import (
    ANY_KEY,
    FILE_TITLE,
    LINK_TITLE,
    Sheet,
    key_line,
    plain_key,
    scan_lines,
    take_closing_line,
    take_lines,
    words_of_heading,
)
from crawler.clean.exports.notes import begins_note
from crawler.clean.exports.producers import PRODUCERS, UNKNOWN
from crawler.clean.exports.records import Form
from crawler.clean.exports.says import CLOSING_KEYS, KEYS, LINE_KEYS, links_in, own_link
from crawler.clean.exports.tails import TAILS

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from crawler.clean.exports.records import Producer
    from crawler.clean.exports.tails import Tail

_HEADS = {row.id: re.compile(row.head) for row in PRODUCERS if row.head}
_BODIES = {row.id: re.compile(row.body_after) for row in PRODUCERS if row.body_after}
_LINES = {row.id: re.compile(row.line) for row in TAILS}
_BEGINS = {row.id: re.compile(row.begins) for row in TAILS if row.begins}
_BEHIND = {row.id: re.compile(row.behind) for row in TAILS if row.behind}
_FIRST = {row.id: re.compile(row.first) for row in TAILS if row.first}
_TAILS = {row.id: row for row in TAILS}
_LAST_BLOCK = re.compile(r"\n\n(?P<block>(?:(?!type_: )[a-z_]+:[^\n]*\n)++type_: \d+)\s*+\Z")
_TITLES = frozenset({"title", "fulltitle"})
_FIELDS = {"date": "published"}  # what a group of a head is called as a field
_SWIPE_UP = "向上滑动看下一个"
_KEY = re.compile(r"[^\W\d][\w ]{0,20}:")
# a page's properties: nothing but such lines, which have no marks and no wide colon
_PROPERTIES = re.compile(r"\n*+(?:[^\s:#*>_-][^:\n]{0,60}:(?: [^\n]*+)?(?:\n|\Z))++(?:\n|\Z)")
_ODD_KEY = re.compile(r"[^\s:#>,，。][^:\n,，。]{0,60}:(?= |\Z)")
_NO_NAME = re.compile(r"!\[|轻触|阅读原文|继续滑动")
_HEADING = re.compile(r"#[ \t]++(?P<title>[^\n]*)\Z")
_UNDERLINED = re.compile(
    r"^(?![#>|*+-]|`{3}|~{3}|[^\n]*://)(?P<words>[^\n]{1,150})\n={3,}[ \t]*+$", re.MULTILINE
)
_SECTION = re.compile(
    r"#[ \t]++\**(?:(?:[一1１][、.．](?!\d)|0[01](?=[\s|｜、.．:：]|\Z)|[（(][一1１][)）]|①)"
    r"|(?:前言|引言|引子|导语|导读|写在前面|编者按|编者的话|序言?|楔子|目录)\W*\Z)"
)
_NO_LETTERS = re.compile(r"[\W_]+")
# an element, a link's address, and what pandoc and Obsidian write behind a heading
_UNSEEN = re.compile(r"<[^<>]*+>|\]\([^()]*+\)|\{[#.][^{}]*+\}\Z|\s\^[\w-]++\Z")
_SITE = re.compile(r"[-–—|｜_·][^-–—|｜_·]{1,20}\Z")  # as pages have it behind their title
_MORE = re.compile(r"\]\(|在小说阅读器")  # than names, in a byline


def take_head(sheet: Sheet, producer: Producer) -> bool:
    """Take what stands before the text into the fields; false where no text follows."""
    if producer.id == "joplin-raw":
        _take_last_block(sheet)
    if producer.form is Form.NOTE:
        _scan(sheet, sheet.text, producer)
        return False
    if producer.body_after and not _take_up_to_body(sheet, producer):
        return False
    _take_pattern(sheet, producer)
    heading, _ = _first_line(sheet.text)
    take_heading(sheet)
    if producer.lines:
        own = producer.roles.keys()
        first: Container[str] = LINE_KEYS | own
        if "*" in own and _PROPERTIES.match(sheet.text):  # else a text follows without a blank line
            first = ANY_KEY
            _leave_out_odd_keys(sheet)
        take_lines(sheet, first, own)
    elif producer.only_wechat and not sheet.fields.get("url"):  # its user may have added it below
        take_closing_line(sheet, CLOSING_KEYS, KEYS["url"], links_in)
    elif producer is UNKNOWN:
        _take_quoted_source(sheet)
        said = sheet.fields.get("title") or sheet.fields.get("标题", "")
        if "![" in sheet.title or _is_another(sheet.title, said):
            sheet.title, sheet.text = "", f"{heading}\n\n{sheet.text.lstrip()}"
        _take_heading_below(sheet, said or sheet.fields.get(LINK_TITLE, ""))
    return True


def _take_heading_below(sheet: Sheet, said: str) -> None:
    """Take the title off that stands below lines of keys: no picture, no heading of a note.

    Nor that of a text's first section.
    """
    heading, _ = _first_line(sheet.text)
    is_section = not said and _SECTION.match(heading)
    is_own = "![" in heading or begins_note(heading) or is_section
    if not (is_own or _is_another(heading, said)):
        take_heading(sheet)


def with_signs(text: str) -> str:
    """A text in which headings that are underlined (`====`) begin with a sign, as others do."""
    return _UNDERLINED.sub(_with_sign, text) if "\n===" in text else text


def _with_sign(underlined: re.Match[str]) -> str:
    """The heading; of a key's line, as a script underlines one, a title's value alone is that."""
    line = key_line(underlined["words"])
    key = plain_key(line["key"]) if line else ""
    if line and key in KEYS["title"]:
        return f"# {line['value']}"
    return underlined[0] if key in LINE_KEYS else f"# {underlined['words']}"


def _first_line(text: str) -> tuple[str, str]:
    """The first line of a text, as a heading where it is underlined, and what stands below it."""
    text = text.lstrip()
    underlined = _UNDERLINED.match(text)
    end = underlined.end() if underlined else len(text.partition("\n")[0])
    return with_signs(text[:end]), text[end + 1 :]


def take_heading(sheet: Sheet) -> None:
    """Take the heading of the first level off that begins the text.

    Where the title was said, and the heading is another, it is the text's own.
    """
    first, rest = _first_line(sheet.text)
    match = _HEADING.match(first)
    if not match or sheet.title:
        return
    words, said = words_of_heading(match["title"]), sheet.fields.get("title", "")
    if said:
        is_own = _is_another(words, said)
    else:  # of a file's name, which may be cut, the heading is the whole
        name = sheet.fields.get(FILE_TITLE, "")
        is_own = _is_another(words, name) and _is_another(name, words)
    if not is_own:
        sheet.title, sheet.text = words, rest


def _is_another(heading: str, title: str) -> bool:
    """Whether a heading has words that a title has not, but for a site's name behind a mark.

    It may begin with all of the title's, and go on.
    """
    one, other = _letters_of(heading), _letters_of(title)
    is_more = bool(one and other) and one not in other
    shown = heading if "![" in heading else _UNSEEN.sub("", unescape(heading))
    return is_more and all(_letters_of(said) != other for said in (_SITE.sub("", shown), shown))


def _letters_of(words: str) -> str:
    return _NO_LETTERS.sub("", words).casefold()


def _leave_out_odd_keys(sheet: Sheet) -> None:
    """Leave out of a page's properties those whose keys are more than words, as `📅 Date/Time`."""
    block, gap, rest = sheet.text.lstrip("\n").partition("\n\n")
    lines = block.split("\n")
    kept = [line for line in lines if _KEY.match(line) or not _ODD_KEY.match(line)]
    sheet.text = "\n".join(kept) + gap + rest


def _take_up_to_body(sheet: Sheet, producer: Producer) -> bool:
    """Read what stands before the line behind which the text begins; false where there is none."""
    found = _BODIES[producer.id].search(sheet.text)
    head = sheet.text[: found.start()] if found else sheet.text
    _scan(sheet, head, producer)
    if found:
        sheet.text = sheet.text[found.end() :]
    return found is not None


def _scan(sheet: Sheet, head: str, producer: Producer) -> None:
    above = Sheet(text=head, fields=sheet.fields)
    take_heading(above)
    sheet.title = above.title
    scan_lines(above, LINE_KEYS | producer.roles.keys())
    sheet.add("linked", next(iter(links_in(head)), ""))


def _take_pattern(sheet: Sheet, producer: Producer) -> None:
    sheet.text = sheet.text.lstrip("\n")
    found = _HEADS[producer.id].match(sheet.text) if producer.head else None
    if not found:
        return
    for name, value in found.groupdict(default="").items():
        said = words_of_heading(value).strip() if name in _TITLES else value.strip()
        if name == "names":
            author, account = names_of(said)
            sheet.add("author", author)
            sheet.add("account", account)
        elif name == "signed":
            author, account = _signed(sheet.fields.get("author", ""), said)
            sheet.add("author", author)
            sheet.add("account", account)
        elif name == "account" and not found.groupdict().get("author"):
            # where a program that tidies notes made one space of the two between the names
            sheet.add("account", _behind(sheet.fields.get("author", ""), said) or said)
        else:
            sheet.add(_FIELDS.get(name, name), said)
    above = (found.groupdict().get("pictures") or "").strip()  # the title, and of the text
    sheet.text = above + "\n\n" * bool(above) + sheet.text[found.end() :]


def _signed(author: str, byline: str) -> tuple[str, str]:
    """The author and the account that a byline names, of which the author may be known.

    An account that is linked is told by that.
    """
    author = author.strip("[] ")
    linked = _LINKED_NAME.search(byline)
    if linked:
        return byline[: linked.start()].strip(), linked["name"].strip()
    if not author:
        return names_of(byline)
    return "", _behind(author, byline)


_LINKED_NAME = re.compile(r"\[[ ]*(?P<name>[^\[\]\n]{1,60})\]\([^\s]{1,200}\)\Z")


def names_of(byline: str) -> tuple[str, str]:
    """The author and the account that a byline names, with a space between the two.

    Names have spaces of their own, rather between Latin letters than beside Han, and accounts
    rather than authors. Where none can part them, all of it is the author's name.
    """
    words = byline.split()
    half = len(words) // 2
    if half and words[:half] == words[half:]:
        name = " ".join(words[:half])
        return name, name
    if not half:
        return "", byline
    places = _places_between(words)
    if not places:
        return byline, ""
    return " ".join(words[: places[0]]), " ".join(words[places[0] :])


def _places_between(words: list[str]) -> list[int]:
    """Where a space may part two names: not between Latin letters, or else before other ones.

    Of 甲 VS Code it is the first; of Tom 36氪, whose space has none beside it, the only one.
    """
    pairs = list(enumerate(pairwise(words), start=1))
    there = [at for at, (left, right) in pairs if not (left[-1] + right[0]).isascii()]
    return there or [at for at, (left, right) in pairs if left.isascii() > right.isascii()]


def _behind(author: str, byline: str) -> str:
    """The account that a byline names behind an author that is known; empty where it does not."""
    is_first = bool(author) and byline.startswith(f"{author} ")
    return byline[len(author) :].strip() if is_first and not _MORE.search(byline) else ""


def _take_quoted_source(sheet: Sheet) -> None:
    """Lines of `key: value` of an unknown tool; only where one of them is the source's link."""
    for until in (None, links_in):
        before = replace(sheet, fields=dict(sheet.fields))
        take_lines(sheet, LINE_KEYS, until=until)
        said = {key for key, value in sheet.fields.items() if value != before.fields.get(key)}
        if any(links_in(sheet.fields[key]) for key in said):
            break
        sheet.text, sheet.fields = before.text, before.fields
    if not any(own_link(sheet.fields.get(key, "")) for key in KEYS["url"]):
        take_closing_line(sheet, CLOSING_KEYS, KEYS["url"], links_in)


def _take_last_block(sheet: Sheet) -> None:
    """Joplin's keys, which stand at the end; the first line is the title."""
    found = _LAST_BLOCK.search(sheet.text)
    if not found:
        return
    for line in found["block"].split("\n"):
        key, _, value = line.partition(":")
        sheet.add(plain_key(key), value.strip())
    title, _, text = sheet.text[: found.start()].lstrip().partition("\n")
    sheet.title, sheet.text = title.strip(), text


def take_tail(text: str, producer: Producer) -> tuple[str, str, Mapping[str, int]]:
    """The text without the tool's tail, the account that the tail names, and what went, by rule."""
    counts: Counter[str] = Counter()
    account = ""
    for name in producer.tail:
        text, found = _cut_off(text, _TAILS[name], counts)
        account = account or found
    return text, account, +counts


def _cut_off(text: str, tail: Tail, counts: Counter[str]) -> tuple[str, str]:
    lines = text.split("\n")
    end = len(lines)
    if tail.begins:
        end = _begin_of(lines, tail)
    account = account_of(lines)
    taken = len([line for line in lines[end:] if line.strip()])
    while end and _is_furniture(lines[end - 1].strip(), tail, account):
        end -= 1
        taken += bool(lines[end].strip())
    counts[f"tail:{tail.id}"] += taken
    return "\n".join(lines[:end]), account


def _begin_of(lines: list[str], tail: Tail) -> int:
    """Where a tail begins: at the last line that says so, if what is behind looks like one.

    An article may say the same, in a paragraph of its own or in code.
    """
    begins, behind, first = _BEGINS[tail.id], _BEHIND[tail.id], _FIRST.get(tail.id)
    known = others = 0
    below = ""
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].strip()
        if begins.fullmatch(line):
            is_none = others > (0 if tail.wholly else known)
            return len(lines) if is_none or (first and not first.fullmatch(below)) else index
        below = line or below
        known += bool(behind.fullmatch(line))
        others += bool(line) and not behind.fullmatch(line)
    return len(lines)


def _is_furniture(line: str, tail: Tail, account: str) -> bool:
    return not line or line == account or _LINES[tail.id].fullmatch(line) is not None


def account_of(lines: list[str]) -> str:
    """The account's name, which stands before 向上滑动看下一个."""
    shown = [line.strip() for line in lines if line.strip()]
    if _SWIPE_UP not in shown:
        return ""
    # 赞 分享 在看 stand between in some
    last = len(shown) - 1 - shown[::-1].index(_SWIPE_UP)  # an article may quote it before
    names = [line for line in shown[:last] if not _is_buttons(line)]
    name = names[-1] if names else ""
    return "" if _NO_NAME.match(name) or len(name) > 40 else name


def _is_buttons(line: str) -> bool:
    return set(line.split()) <= {"赞", "分享", "在看", "写留言", "推荐", "收藏"}
