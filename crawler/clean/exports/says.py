"""What the fields of a document say of the article: tables of keys, and of empty words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crawler.clean.exports.fields import (
    LINK_TITLE,
    NOTHING,
    plain_key,
    target_of,
    unquoted,
)
from crawler.clean.exports.moments import Moment, read_moment
from crawler.links import find_links
from crawler.urls import HOST, PageType, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from crawler.clean.exports.fields import Sheet
    from crawler.clean.exports.records import Producer

    Reader = Callable[[str], str]


def _plain(*keys: str) -> tuple[str, ...]:
    return tuple(map(plain_key, keys))


KEYS: Mapping[str, tuple[str, ...]] = {
    # Counted in real vaults; the link by how often a key holds it. What a producer's row says of a
    # key goes first. `date` and `created` are mostly the day of saving, and say nothing here.
    "url": _plain(
        "source", "url", "来源", "原始链接", "resource", "original_link", "from_url", "link",
        "canonical_url", "permalink", "article_url", "文章链接", "本文链接", "原文链接", "原文",
        "原文地址", "链接", "链接地址", "连结", "原文连结", "文章连结", "href",
        "source_url", "original_url",  # WeChat's own words for another
    ),
    "title": _plain("title", "标题", "full_title"),
    "account": _plain(
        "account", "wechat_name", "公众号", "公众号名称", "mp_name", "account_name", "发布方",
        "nickname", "来源", "source",
    ),
    "author": _plain("author", "作者", "作者名称", "byline"),
    "published": _plain(
        "published", "publish_date", "publish_time", "pub_date", "date_published",
        "published_at", "source_published", "publish_at", "timestamp", "发布时间", "发布日期",
        "发表时间", "发表日期", "推送时间", "推送日期", "发文时间", "发文日期", "群发时间",
        "发布于", "发表于",
    ),
    "saved": _plain(
        "fetch_date", "saved", "saved_date", "date_saved", "clipped", "fetched_at", "archived_at",
        "download_time", "抓取时间", "saved_at",
    ),
    "reads": _plain("read_count", "read_num", "reads", "阅读", "阅读数", "阅读量"),
    "likes": _plain("old_like_num", "like_count", "like_num", "likes", "点赞", "点赞数"),
}  # fmt: skip
ORIGINAL = "原创"
LINE_KEYS = frozenset(
    {key for keys in KEYS.values() for key in keys} | set(_plain("tags", "created", "date", "日期"))
)
"""Keys that may stand as lines before a text."""
_KEYS_BESIDE = LINE_KEYS.union(("时间", "更新时间", "标签", "字数", "地点"))
"""Those, and others that stand behind one on its line."""
_ON_A_LINE = LINE_KEYS.difference(KEYS["title"])  # with others, which a title may speak of
CLOSING_KEYS = frozenset(_plain("原文链接", "原文地址", "文章链接", "本文链接", "source_url"))
"""Keys of a line behind a text that names the text's own source; others may name what it quotes."""

_LONGEST = 1_000  # characters that are looked at for a name
_LIST = re.compile(r"\[(?!\[)(?P<names>[^\[\]]*)\]\Z")  # as YAML writes one in a line
_PLATFORM = re.compile(
    r"(?:wechat|weixin|rss|web|微信公众号|微信|公众号|公众平台|微信公众平台|wechat[- ]?monitor"
    r"|weixin official accounts platform|mp\.weixin\.qq\.com|inbox|clippings?)\Z",
    re.IGNORECASE,
)
_BESIDE = re.compile(  # 公众号：甲 | **发布时间**：…
    r"(?:(?<=\S)\s*+[|｜·；;,，]\s*+|(?<=\S)\s++)\*{0,2}(?P<key>[^\W\d]\w{0,20}+)\*{0,2}[ \t]?[:：]"
    r"\*{0,2}\s*+"
)
_DAY_BEHIND = re.compile(
    r"(?<=\S)(?:\s*+[|｜·,，/]\s*+|\s++|[（(]\s?)"
    r"(?P<day>\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}日?(?:\s\d{1,2}:\d\d(?::\d\d)?)?)[）)]?\Z"
)
_MARKS_BETWEEN = " \t\n|｜·；;"
_PAIRS = (*zip("[(（《「", "])）》」", strict=True),)
_CALLED = re.compile(
    r"\A(?:(?:(?:微信)?公众号|微信)\s*+[:：·|/—–-]\s*+|(?:微信)?公众号\s++|wechat\s?[:：]\s*+)(?=\S)",
    re.IGNORECASE,
)
_CALLED_BEHIND = re.compile(
    r"(?<=\S)\s{0,3}(?:[（(](?:微信)?公众号[）)]|[|｜·—–-]\s{0,3}(?:微信)?公众号)\Z"
)
_NAMED = re.compile(
    r"(?:微信)?公众号[「『《“\"（(](?P<account>[^」』》”\"）)\n]{1,60})[」』》”\"）)]"
    r"(?:[，,\s]*(?P<date>\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}日?))?"
    r"(?:[^/\n]{0,12}/\s*(?P<author>[^/\n]{1,40}))?"
)
_KINDS = frozenset(
    _plain(
        "公众号文章", "微信公众号文章", "微信文章", "公众号推文", "微信推文", "推文", "文章",
        "转载", "订阅号", "微信订阅号", "服务号", "微信收藏", "收藏", "剪藏", "网页剪藏",
        "微信读书", "阅读", "网络", "互联网", "网页", "浏览器", "wechat article", "wechat articles",
        "wechat mp", "wechat official account", "article", "articles", "web page", "html",
        "web clip", "web clipper", "obsidian web clipper", "import", "imported", "manual",
        "wechat article exporter", "browser", "chrome", "safari", "firefox", "edge", "feed",
        "weblink",
    )
)  # fmt: skip
"""Kinds of places and tools whose names stand for a source, and are no account's."""
_TOOLS = frozenset(
    _plain(
        "Cubox", "flomo", "简悦", "SimpRead", "Readwise", "Pocket", "Omnivore", "知识星球",
        "Instapaper", "Raindrop", "Inoreader", "Feedly", "Notion", "Zotero", "Karakeep", "wallabag",
        "SingleFile", "reader", "reader rss", "reader web app", "reader mobile app",
        "reader add from import url", "reader in app link save", "extension",
        "browser extension", "share extension", "web app", "mobile", "cli", "share", "bookmark",
        "bookmarks", "email", "sync", "link", "url", "page", "text", "clipboard", "ios", "android",
        "收藏夹", "书签", "朋友圈", "微信群", "聊天记录", "转发", "文件传输助手", "稍后读", "手动",
        "导入", "默认", "其他", "未分类", "公号", "订阅", "RSS订阅", "WeChat公众号", "微信公众平台",
    )
)  # fmt: skip
"""The same, of which an account may have the name: as one's name it may be that."""
_NOBODY = frozenset({"未知", "未知作者", "未知公众号", "无", "-", "N/A", "n/a"})
"""What tools write as a name where they found none."""
NO_TITLES = frozenset(
    {
        "Weixin Official Accounts Platform",
        "微信公众平台",
        "(无标题)",
        "(unknown)",
        "Evernote Export",
    }
)
"""What tools write as a title where they have none."""
_COUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,4}))?\s?([万wW]?)\+?\Z", re.ASCII)


class Says(NamedTuple):
    """What the fields say, each empty where they say nothing."""

    url: str = ""
    title: str = ""
    account: str = ""
    author: str = ""
    moment: Moment = Moment()
    saved: str = ""
    read_count: int | None = None
    like_count: int | None = None


def what_it_says(sheet: Sheet, producer: Producer) -> Says:
    """Read the fields of a document as its producer means them."""
    _spread(sheet)
    named = _named(sheet)
    published = _first(sheet, producer, "published", _moment_words)
    moment = read_moment(published, utc=producer.utc) if published else named.moment
    return Says(
        url=_url(sheet, producer),
        title=_title(sheet, producer),
        account=_first(sheet, producer, "account", _name, without=_kinds(sheet)) or named.account,
        author=_first(sheet, producer, "author", _name) or named.author,
        moment=moment,
        saved=_first(sheet, producer, "saved", _moment_words),
        read_count=read_count(_first(sheet, producer, "reads", _count_words)),
        like_count=read_count(_first(sheet, producer, "likes", _count_words)),
    )


def _spread(sheet: Sheet) -> None:
    """Part what a line says under several keys: 公众号：甲 | 发布时间：2024-03-05."""
    for name in [name for name in sheet.fields if name in _ON_A_LINE]:
        (_, sheet.fields[name]), *others = parts_of(sheet.fields[name], _KEYS_BESIDE)
        for key, value in others:
            sheet.add(key, target_of(value))


def parts_of(value: str, known: Container[str]) -> list[tuple[str, str]]:
    """What a value says before a key that is known, under "", and what stands behind each key."""
    found = list[re.Match[str]]()
    if len(value) <= _LONGEST:
        found += (one for one in _BESIDE.finditer(value) if plain_key(one["key"]) in known)
        found = [one for one in found if not _is_within(value[: one.start()])]
    keys = ["", *(one["key"] for one in found)]
    starts = [0, *(one.end() for one in found)]
    ends = [*(one.start() for one in found), len(value)]
    places = zip(keys, starts, ends, strict=True)
    marks = _MARKS_BETWEEN if found else None  # which part no names where one says nothing
    return [(key, value[start:end].strip(marks)) for key, start, end in places]


def _is_within(before: str) -> bool:
    """Whether brackets are open behind some words."""
    return any(before.count(one) > before.count(other) for one, other in _PAIRS)


def _kinds(sheet: Sheet) -> Iterator[str]:
    """The keys whose values name a kind of source, or the tool that took the copy."""
    for key in ("source", "来源"):
        said = sheet.fields.get(key, "")
        if is_place(said):
            yield key


def is_place(words: str) -> bool:
    """Whether what a source is said to be is a kind of one, or the tool that took the copy."""
    return is_kind(words) or plain_key(words) in _TOOLS


def is_kind(words: str) -> bool:
    """Whether words name a kind of source, which is no account's name."""
    return plain_key(words) in _KINDS


def _first(
    sheet: Sheet, producer: Producer, role: str, read: Reader, *, without: Iterable[str] = ()
) -> str:
    """The first value of a role that says something, the producer's own keys before all others."""
    left = frozenset(without)
    own = [key for key, meant in producer.roles.items() if meant == role]
    others = [key for key in KEYS[role] if key not in producer.roles]
    given = [] if role in producer.roles else [role]
    keys = (key for key in (*own, *given, *others) if key not in left)
    values = (read(sheet.fields.get(key, "")) for key in keys)
    return next(filter(None, values), "")


def _title(sheet: Sheet, producer: Producer) -> str:
    title = _first(sheet, producer, "title", str) or sheet.title
    if not (title or producer.file_title):
        title = sheet.fields.get(LINK_TITLE, "")
    return "" if title in NO_TITLES else title


def _url(sheet: Sheet, producer: Producer) -> str:
    others = (own_link(sheet.fields.get(key, "")) for key in ("bareurl", "linked"))
    return _first(sheet, producer, "url", own_link) or next(filter(None, others), "")


def own_link(value: str) -> str:
    """The article's address that a value holds, less credentials; "" where it holds none."""
    return next(iter(links_in(target_of(value).replace("\\_", "_"))), "")


def links_in(text: str) -> list[str]:
    """The addresses of articles in a text, each article once, in their order."""
    if HOST not in text.lower():
        return []
    found: dict[str, str] = {}
    for place in find_links(text):
        form = parse_url(place.link) if place.link else None
        if form and form.page_type is PageType.ARTICLE:
            found.setdefault(form.article_id, form.given)
    return list(found.values())


def _name(value: str) -> str:
    """A person or an account, or several; an address, the platform or a whole sentence is none."""
    several = _LIST.match(value)
    if several:
        value = ", ".join(filter(None, map(unquoted, several["names"].split(","))))
    value = _called(_DAY_BEHIND.sub("", value))
    if value in NOTHING or value in _NOBODY:
        return ""
    if "://" in value or len(value) > 60 or _PLATFORM.match(value) or _NAMED.match(value):
        return ""
    return value.lstrip("#")


def account_in(words: str) -> str:
    """The account that words name as one: 公众号：X, 微信公众号「X」; else the words themselves."""
    named = _NAMED.match(words)
    return named["account"] if named else _called(words)


def _called(words: str) -> str:
    """A name less the word for what it is of, before it or behind."""
    return _CALLED_BEHIND.sub("", _CALLED.sub("", words[:_LONGEST])) + words[_LONGEST:]


def _moment_words(value: str) -> str:
    return value if read_moment(value).date else ""


def _count_words(value: str) -> str:
    return value if read_count(value) is not None else ""


def _named(sheet: Sheet) -> Says:
    """What a source says in words: 微信公众号「X」2026-05-23 推送 / AUTHOR."""
    for key in ("source", "来源"):
        found = _NAMED.match(sheet.fields.get(key, ""))
        if found:
            author, moment = (found["author"] or "").strip(), read_moment(found["date"] or "")
            return Says(account=found["account"], author=author, moment=moment)
    names = (sheet.fields.get(key, "") for key in (*KEYS["account"], *KEYS["author"]))
    days = (found["day"] for found in map(_DAY_BEHIND.search, names) if found)
    return Says(moment=read_moment(next(days, "")))


def read_count(words: str) -> int | None:
    """A count: 1,234, 1.2万, 10w+, 57.0; None where it is none."""
    match = _COUNT.match(words.replace(",", "").strip()[:20])
    if not match:
        return None
    whole, part, unit = match[1], match[2] or "", match[3]
    if unit:
        return int(whole) * 10_000 + int(f"{part:0<4}")
    return None if part.strip("0") else int(whole)
