"""Seed text -> `Seed`.

Front matter read leniently, the state judged, the page's furniture taken off, the text mended.

A seed is a whole WeChat page that an older tool turned into Markdown: front matter, `# title`,
cover, `# title` again, byline, the article, the page's tail. The tool cut what it had converted at
8,000 characters and put `...` behind it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crawler.article import Kind, State
from crawler.characters import (
    BYTE_ORDER_MARK,
    DAMAGED,
    LOST,
    is_damaged,
    mended,
    on_one_line,
    texts_of,
)
from crawler.clean.markdown import (
    escape_line_start,
    escape_text,
    picture_target,
    split_document,
    title_of_line,
)
from crawler.clean.notices import judge_notice_below_name
from crawler.clean.seeds.byline import Byline, read_byline
from crawler.clean.seeds.days import stated_day
from crawler.clean.seeds.furniture import (
    DISCLOSURE,
    LABELS,
    OTHER,
    SWIPE_UP,
    TAIL_MARK,
    count_tail,
    is_disclosure,
    is_post,
    is_shell,
    strip_shell,
    tail_rule,
)
from crawler.clean.seeds.leavings import said_of_left
from crawler.clean.seeds.links import close_cut_link
from crawler.clean.seeds.owners import (
    CUT_AT,
    CUT_MARK,
    Owned,
    below_the_page,
    cut_by_its_tool,
    ends_as_cut,
    is_half_a_mark,
    is_page,
    is_tail,
    said_above,
    said_below,
    said_of_notes,
    split_owned,
)
from crawler.clean.seeds.repair import BLANK_LINE, repair
from crawler.clean.seeds.several import SEVERAL, holds_several
from crawler.clean.seeds.titles import is_text, raised, split_heading, undamaged
from crawler.frontmatter import FrontMatter, read_properties, split_front_matter
from crawler.marks import CUT, split_cut_mark, split_notes
from crawler.times import moment_of
from crawler.urls import is_wechat
from crawler.vault import read_note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NO_TEXT = "is no text in UTF-8, UTF-16 or GB 18030"
_LONG_ENOUGH = 5000  # characters; mending a cut seed takes some away, but never so many
# what mending puts behind the mark where it closes a table, a fence or emphasis
_AFTER_THE_CUT = " |`~*_\n"
_NOTICE_LENGTH = 1500  # characters; the longest notice of the sample, links and all, has 400
_HEAD_BLOCKS = 40  # more than any byline has; the rest stays in one piece
_PICTURE = re.compile(r"!\[(?:(?!!\[)[^\]\n])*+\]\((?:(?!!\[)[^)\n])++\)")

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\+08:00)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One seed, read. What it does not say is the empty string."""

    state: State
    detail: str = ""  # why the state is what it is, for people
    front: FrontMatter | None = None
    title: str = ""
    account: str = ""
    author: str = ""
    cover: str = ""
    published_at: str = ""  # the day that the article states, where front matter has another
    date_source: str = ""  # what states it: "title" or "text"
    kind: Kind = Kind.NORMAL
    text: str = ""  # Markdown of the body, without the title's heading and the cover
    image_count: int = 0
    # rule id -> how often it took something
    removed: Mapping[str, int] = field(default_factory=dict)
    disclosures: tuple[str, ...] = ()
    left: str = ""  # which of its lines are in none of this, for people
    # a document of ours, or of another careful tool
    has_no_page: bool = False


def read_seed(content: bytes) -> Seed:
    """Read a seed file. Never raises, whatever it is given."""
    if not content.strip():
        return Seed(state=State.UNREADABLE, detail="is empty")
    if holds_several(content):
        return Seed(state=State.UNREADABLE, detail=SEVERAL)
    readable = mended(content) if b"\0" in content else content
    front, rest, told = _read_front_matter(readable)
    if front is None:
        if _is_binary(content):
            return Seed(state=State.UNREADABLE, detail=NO_TEXT)
        return Seed(
            state=State.UNREADABLE,
            detail="has no front matter with title, url, source, date and fetch_date",
        )
    seed = Seed(state=State.OK, front=front, title=undamaged(front.title))
    if not is_wechat(front.url):
        return replace(seed, state=State.NOT_WECHAT, detail="its url is not on mp.weixin.qq.com")
    whole = rest.removesuffix(LOST) if is_damaged(rest, content) else rest
    above, notes = split_notes(whole.replace("\r\n", "\n"))
    text, cut, below = split_cut_mark(above)
    if below and is_page(above, _given_title(seed)):  # a line of its own, for ours end no page
        text, cut, below = above, None, ""
    cut = cut or split_cut_mark(notes)[1]  # above which their line was put
    told |= {"state": cut.value} if cut else {}
    seed = _dated(_read_body(seed, text.strip(), is_text=_says_that_it_is_text(told)))
    seed = _as_told(seed, told)
    is_cut = whole != rest and not notes and seed.has_no_page
    if seed.state is State.OK and (is_cut or is_damaged(seed.title + seed.text, content)):
        seed = replace(seed, state=State.TRUNCATED, detail=DAMAGED)
    return replace(seed, disclosures=(*seed.disclosures, *said_of_notes(notes, below)))


def _says_that_it_is_text(told: Mapping[str, str]) -> bool:
    """Whether an export of ours said that it held a text, and no notice in its place."""
    return told.get("state") in (State.OK, *CUT)


def _as_told(seed: Seed, told: Mapping[str, str]) -> Seed:
    """The seed with what an export of ours said of it beside the five keys."""
    if not told or not seed.text:
        return seed
    state = State(told["state"]) if _says_that_it_is_text(told) else seed.state
    return replace(
        seed,
        state=state,
        account=told.get("account") or seed.account,
        author=told.get("author") or seed.author,
        published_at=_moment(told.get("published", "")) or seed.published_at,
    )


def _moment(text: str) -> str:
    return text if _MOMENT.match(text) and moment_of(text) else ""


def _dated(seed: Seed) -> Seed:
    """The seed with the day that it states of itself, where that is not its collector's."""
    if not (seed.front and seed.text):
        return seed
    day, place = stated_day(seed.title, seed.text, seed.front.date)
    return replace(seed, published_at=day, date_source=place) if day else seed


def _read_front_matter(content: bytes) -> tuple[FrontMatter | None, str, dict[str, str]]:
    """Front matter, rest, and properties of ours, in the first encoding that gives any.

    Seeds are UTF-8, but editors save what they will.
    """
    for said in texts_of(content):
        text = read_note(said.removeprefix(BYTE_ORDER_MARK))
        front, rest = split_front_matter(text)
        if front is not None:
            return front, rest, read_properties(text)
    return None, "", {}


def _is_binary(content: bytes) -> bool:
    try:
        return b"\0" in content or not content.decode("utf-8")
    except UnicodeDecodeError:
        return True


def _read_body(seed: Seed, rest: str, *, is_text: bool) -> Seed:
    rest = rest if is_text else raised(rest, _given_title(seed))
    owned = Owned("", rest, "") if is_text else split_owned(rest, _given_title(seed))
    if owned.page != rest:
        read = _read_whole_body(seed, owned.page, is_text=False)
        if not (read.has_no_page and read.state is State.OK):
            beside = (*said_above(owned.above), *said_below(owned.below))
            return replace(read, disclosures=(*read.disclosures, *beside))
    return _read_whole_body(seed, rest, is_text=is_text)


def _read_whole_body(seed: Seed, rest: str, *, is_text: bool) -> Seed:
    read = _read_page_or_text(seed, rest, is_text=is_text)
    if not (read.text and read.front):
        return read
    names = (read.title, read.front.title, read.account, read.front.source, read.author)
    return replace(read, left=said_of_left(rest, read.text, names + read.disclosures, read.removed))


def _read_page_or_text(seed: Seed, rest: str, *, is_text: bool) -> Seed:
    heading, converted = split_heading(rest, _given_title(seed))
    page = None if is_text else _read_page(seed, heading, converted)
    if page is not None:
        return page
    if "\n" in heading:  # a title of several paragraphs, none of which is the text's
        rest = f"# {escape_text(on_one_line(heading))}\n\n{converted}"
    elif heading:  # the text may begin right below it
        rest = f"# {heading}\n\n{converted}"
    return _document(seed, rest, heading, is_text=is_text)


def _read_page(seed: Seed, heading: str, converted: str) -> Seed | None:
    """The seed of a whole page, or of what was left of one; None of a document without a page."""
    cut = cut_by_its_tool(converted)
    converted = cut or converted
    mark = f"\n{converted}\n".rfind(f"\n{TAIL_MARK}\n")
    if mark >= 0 and is_tail(converted[mark:]):
        return _whole(seed, converted[:mark], converted[mark:].split("\n"))
    lines = converted.split("\n")
    if cut and is_half_a_mark(lines[-1]):
        return _whole(seed, "\n".join(lines[:-1]), [TAIL_MARK])
    if cut:
        return _whole(seed, cut, [])
    if mark >= 0:  # a tail with too many lines of others, below an article
        return None
    if is_shell(converted):
        removed = Counter(LABELS for line in lines if line.strip())
        detail = "the page's furniture without its article"
        return replace(seed, state=State.HOLLOW, detail=detail, removed=removed)
    kept, counts = strip_shell(lines)
    return _shell(seed, heading, kept, counts) if counts else None


def _whole(seed: Seed, head_and_text: str, tail: Sequence[str]) -> Seed:
    """A page with its article; `tail` is empty where the cut fell into the article itself."""
    account = account_of_tail(tail)
    blocks = [
        block
        for block in BLANK_LINE.split(head_and_text.strip("\n"), _HEAD_BLOCKS)
        if block.strip()
    ]
    source = seed.front.source if seed.front else ""
    byline = read_byline(blocks, account=account, title=seed.title, source=source)
    text = _after(head_and_text, blocks, byline)
    text = text if tail else close_cut_link(text)
    mended = repair("\n\n".join(part for part in (byline.attribution, text) if part))
    furniture = count_tail(tail)
    disclosed = any(rule_id.startswith(DISCLOSURE) for rule_id in furniture)
    text = mended.text
    disclosures = tuple(filter(is_disclosure, tail)) if disclosed else ()
    disclosures += said_below(below_the_page(tail))
    seed = replace(
        seed,
        title=undamaged(_given_title(seed), byline.heading),
        account=account or byline.account,
        author=byline.author,
        cover=picture_target(byline.cover),
        text=text,
        image_count=len(_PICTURE.findall(text)),
        removed={**byline.removed, **mended.removed, **furniture},  # each counts rules of its own
        disclosures=disclosures,
    )
    if not text:
        return replace(seed, state=State.HOLLOW, detail="the page came with an empty article")
    if not tail:
        return replace(
            seed, state=State.TRUNCATED, detail=f"its tool cut it at {CUT_AT} characters"
        )
    return seed


def _after(head_and_text: str, blocks: Sequence[str], byline: Byline) -> str:
    """The text from the first block that the byline left, with its blank lines as they stood."""
    if byline.end >= len(blocks):
        return ""
    index = 0
    for block in blocks[: byline.end]:
        index = head_and_text.index(block, index) + len(block)
    return head_and_text[index:].strip("\n")


def account_of_tail(tail: Sequence[str]) -> str:
    """The account's name, which the tail has between its avatar and 向上滑动看下一个.

    "" where the tail was cut before it: no line of the page is a name, nor is half of one.
    """
    lines = [line for line in tail if line.strip()]
    for index, line in enumerate(lines[2:], 2):
        if line == SWIPE_UP or _is_cut(line, SWIPE_UP):
            name = lines[index - 1]
            return on_one_line(name) if tail_rule(name) == OTHER and name.strip(".…") else ""
    return ""


def _is_cut(line: str, whole: str) -> bool:
    """Whether a line is another one's beginning, cut by the tool."""
    begun = line.removesuffix(CUT_MARK)
    return line.endswith(CUT_MARK) and bool(begun) and whole.startswith(begun)


def _shell(seed: Seed, heading: str, lines: Sequence[str], counts: Counter[str]) -> Seed:
    """What stands before the hidden labels where there is no article.

    A notice, or a post that scripts fill in.
    """
    account = account_of_tail(lines)
    words = "\n".join(lines).strip()
    notice = _notice(words)
    removed = dict(counts + count_tail(lines))
    if notice:
        state, rule_id = notice
        return replace(
            seed, state=state, detail=f"the page was a notice ({rule_id})", removed=removed
        )
    if not is_post(lines, heading):
        return _whole(seed, words, [TAIL_MARK])
    seed = replace(seed, account=account, removed=removed)
    if is_text(heading):
        return _text_post(seed, heading)
    return replace(
        seed, state=State.HOLLOW, detail="a post whose text and pictures scripts fill in"
    )


def _text_post(seed: Seed, heading: str) -> Seed:
    """A post of words alone, which has no title: its text stands for one.

    Scripts fill the page in, but the tool had the words from its feed.
    """
    lines = [line for line in map(undamaged, heading.split("\n")) if line]
    text = "\n\n".join(escape_line_start(escape_text(line)) for line in lines)
    title = title_of_line(lines[0])
    return replace(seed, kind=Kind.TEXT, title=title, text=text, detail="its title is its text")


def _notice(words: str) -> tuple[State, str] | None:
    """The notice that the words of a page without its article are."""
    if len(words) > _NOTICE_LENGTH or "![cover_image]" in words:
        return None
    return judge_notice_below_name(words)


def _document(seed: Seed, rest: str, heading: str, *, is_text: bool) -> Seed:
    """A document without a page around it: only read, and mended where that is needed."""
    title, cover, text = split_document(rest)
    notice = None if is_text else _notice(text)
    if notice:
        return replace(seed, state=notice[0], detail=f"it holds a notice ({notice[1]})")
    mended = repair(text, from_page=False)
    seed = replace(
        seed,
        title=_title_of_document(seed, heading, on_one_line(title)),
        cover=picture_target(cover),
        text=mended.text,
        image_count=len(_PICTURE.findall(mended.text)),
        removed=mended.removed,
        has_no_page=True,
    )
    if not mended.text:
        return replace(seed, state=State.HOLLOW, detail="it holds no text")
    if ends_as_cut(mended.text.rstrip(_AFTER_THE_CUT)) and len(rest) >= _LONG_ENOUGH:
        return replace(seed, state=State.TRUNCATED, detail=f"it ends in {CUT_MARK}")
    return seed


def _given_title(seed: Seed) -> str:
    """Front matter's title as it stands there."""
    return seed.front.title if seed.front else seed.title


def _title_of_document(seed: Seed, heading: str, read: str) -> str:
    """Front matter's title, unless the heading, as written or as `read`, says another."""
    if not heading:
        return seed.title
    given = _given_title(seed)
    return given if on_one_line(heading) == given else read
