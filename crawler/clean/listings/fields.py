"""What the columns of tables and the keys of JSON are called, and what they say of an article."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import chain, starmap
from typing import TYPE_CHECKING

from crawler.characters import on_one_line, unescaped
from crawler.clean.exports import (
    NO_VALUES,
    Link,
    account_in,
    is_kind,
    is_place,
    read_count,
    read_moment,
    says_nothing,
)
from crawler.clean.listings.texts import is_part_of_text, is_text
from crawler.credentials import line_without_secrets
from crawler.folding import fold_script
from crawler.links import find_links
from crawler.urls import HOST, PageType, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crawler.links import Found

_MAY_BE_ANOTHERS = ("原文链接", "sourceurl", "originalurl")
"""Columns for what an author links to, where another column has the article's own link."""
ROLES: Mapping[str, tuple[str, ...]] = {
    # As `plain` writes them; the first that says something counts. From the exporter, qiye45,
    # Pocket, Raindrop, Instapaper, Karakeep, Linkwarden, Matter, Notion, Readwise, wallabag,
    # Omnivore, JSON Feed, WeChat's own statistics (内容标题), and lists that were kept by hand.
    "url": (
        "url", "link", "href", "链接", "文章链接", "网址", "地址", "contenturl", "givenurl",
        "articleurl", "articlelink", "externalurl", "pageurl", "detailurl", "permalink",
        "shortlink", "msglink", "msgurl", "linkurl", "weburl", "文章地址", "文章网址", "文章url",
        "推文链接", "微信链接", "永久链接", "短链接", "内容url", "链接地址", "网页链接", "url地址",
        "来源链接", "连结", "文章连结", "wechaturl", "mpurl", *_MAY_BE_ANOTHERS,
    ),
    "title": (  # last what may be that of an account or a person
        "title", "标题", "文章标题", "fulltitle", "题目", "文章名称", "文章题目", "推文标题",
        "文章名", "篇名", "标题名称", "内容标题", "articletitle", "msgtitle", "name", "名称",
    ),
    "account": (  # last what may mean a person, a number, or a kind of source as well
        "accountname", "公众号", "公众号名称", "mpname", "wechatname", "公众号名", "公众号昵称",
        "gzhname", "channelname", "微信公众号", "公号", "所属公众号", "来源公众号", "发布账号",
        "账号名称", "feedname", "account", "账号", "nickname", "发布者", "媒体", "媒体名称", "feed",
        "source", "来源",
    ),
    "author": ("authorname", "author", "作者", "byline"),
    "published": (
        "publishtime", "publishedat", "发布时间", "发布日期", "createtime", "pubdate",
        "datepublished", "published", "publishdate", "datemodified", "pubtime", "sendtime",
        "timestr", "pdate", "datetime", "publishedtime", "发表时间", "推送时间", "群发时间",
        "发文时间", "发文日期", "发表日期", "推送日期", "发布于", "发布时间北京时间", "posttime",
    ),
    "saved": (
        "timeadded", "createdat", "created", "saveddate", "savedat", "datesaved", "adddate",
        "timestamp", "dateadded",
    ),
    "biz": ("fakeid", "biz", "fakerid"),
    "aid": ("aid", "id"),
    # WeChat's own `like_num` became the count of 在看 when `old_like_num` took the likes over.
    "reads": ("readnum", "readcount", "阅读", "阅读数", "阅读量"),
    "likes": ("oldlikenum", "likenum", "likecount", "点赞", "点赞数", "赞"),
    "original": ("copyrightstat", "是否原创"),
    "album": ("appmsgalbuminfos", "所属合集"),
    "itemtype": ("itemshowtype",),
    "listed": ("date", "日期", "day", "时间"),
}  # fmt: skip

_OWN = [key for key in ROLES["url"] if key not in _MAY_BE_ANOTHERS]
_BY_COMPANY = (("time", "likenum"), ("updated", "channelname"))
"""What is a moment of publication where the other stands beside it, as qiye45 and we-mp-rss have
them; elsewhere it may be anybody's."""
_PLATFORMS = frozenset(
    {"web", "rss", "wechat2rss", "api", "wechat", "weixin", "微信", "微信公众号", "公众号", HOST}
)
OF_WEWE = frozenset({"WeWe-RSS All", "WeWe-RSS"})
OF_MANY = frozenset({*OF_WEWE, "WeRss", "WeRSS", "WeRSS订阅", "Mp-We-Rss", "精选文章"})
"""What wewe-rss and we-mp-rss call a feed of articles of many accounts; the last one's are kept by
hand."""
_NO_TITLES = frozenset(
    {*ROLES["url"], "原文", "阅读原文", "查看原文", "来源", "source", "mpweixinqqcom"}
    | {"转自", "来自", "转载自", "出处", "ur", "l1"}
)
"""What stands before a link, or as its words, in place of a title; as `plain` writes it."""
_NOT_IN_KEYS = re.compile(r"[\W_]+")
_AID = re.compile(r"(?P<mid>[0-9]{5,20})_(?P<idx>[0-9]{1,2})\Z", re.ASCII)
_BIZ = re.compile(r"[A-Za-z0-9+/]{8,40}={0,2}\Z", re.ASCII)
# An account's, where another column names it; of few digits where a feed's may stand.
_ID = re.compile(r"\d{5,}+|gh_[0-9a-f]{12}", re.ASCII)
_NUMBERED = ("account", "账号", "feed")
# WeChat itself writes its titles so, and who takes them out of its answers or pages keeps that
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_ANY_LINK = re.compile(r"https?://", re.IGNORECASE)
# words may follow without a space, and dots stand in one that is cut short
_ADDRESS = re.compile(r"https?://[!-~…]*", re.IGNORECASE)
# a command that sends a request, an option of it, or a piece of a script: cookies and the like
# stand in them, under any name; in Chinese, words that begin so speak of the command
_COMMAND = re.compile(
    r"\A\W{0,9}(?:curl|wget|https?|xh|iwr|irm|invoke-[a-z]{1,20})(?:\.exe)?\s++"
    r"(?:--?[a-z](?!.*[\u4e00-\u9fff])|[$^]?[\"'`]\^?[\"'`])"  # of the link between them
    r"|(?:\A|\s)(?:-H|--header)[\s=]{0,2}[\"'^$]{0,3}[\w-]{1,40}\s{0,2}:|\s-Headers\s{0,2}@"
    r"|(?:\A|\s)(?:-b|--cookie)[\s=]{0,2}[\"'^$]{0,3}[\w.-]{1,60}="
    r"|(?:[\"']\s{0,2}:\s{0,2}[\\^]{0,4}[\"'][^\"']{0,500}[\"'][^\"']{0,50}[\"']?[^\"']{0,99}){2}",
    re.IGNORECASE,
)
_ORIGINAL = {"1": "original", "2": "reprint", "原创": "original", "转载": "reprint"}
TEXTS = (
    *("content", "contenthtml", "contentnoencode", "contenttext", "articlecontent", "html"),
    *("markdown", "text", "fulltext", "正文", "内容", "文章内容", "文章正文", "正文内容", "全文"),
    *("htmlcontent", "textcontent", "contentmarkdown", "contentmd", "markdowncontent"),
    *("body", "bodyhtml", "bodytext", "articlebody", "rawhtml", "plaintext", "fullcontent"),
)
"""Columns and keys of dumps for the text of an article."""
_SOURCES = ("原文", "原文地址", "原始链接", "source", "来源")
"""Columns for the link of an article, or of the page on which its list stood."""
READ_MORE = frozenset({"sourceurl", "msgsourceurl"})
"""Where WeChat itself keeps what 阅读原文 leads to, which may be another article."""
READ_APART = "read apart"
"""Under this, as no column is called, it is said that a document is made of what stands there."""
SAYING = frozenset({*chain(*ROLES.values()), *TEXTS, *chain(*_BY_COMPANY), *_SOURCES, "domainname"})
"""All keys of an object that say something of its article, and of those that lie in it."""

_SHORTEST_TEXT = 200  # characters; below it may be a remark
_LONGEST_LINK = 3_000  # characters; the longest real one has 700
OF_MESSAGES = frozenset({"strcontent", "talkerid", "msgsvrid"})  # columns of exported chats
_NO_MOMENT = ("", "0", "0.0")
_OTHER_DAYS = {*ROLES["published"], *ROLES["listed"]} - {"createtime", "datemodified"}
_TIME_OF_DAY = re.compile(r"[0-2]?[0-9](?::[0-5][0-9]){1,2}", re.ASCII)
LONGEST = 300  # characters of a name or a title; the longest real title has 120


def plain(key: str) -> str:
    """A key as it is compared: `_accountName`, `Account name` and `account_name` are one.

    So are 標題 and 标题.
    """
    return _plain(key[:LONGEST])


@lru_cache(maxsize=1024)  # the objects of a list have the same keys
def _plain(key: str) -> str:
    return fold_script(_NOT_IN_KEYS.sub("", key)).lower()


def article_links(text: str) -> list[str]:
    """The whole links to articles in a value, in their order."""
    if not text:  # of nearly all columns that a link may stand in
        return []
    links = [found.link for found in find_links(text) if found.link]
    return [link for link in links if parse_url(link).page_type is PageType.ARTICLE]


def lone_links(values: Iterable[str]) -> list[str]:
    """The links to articles of which each is all that a value says."""
    short = (value for value in values if HOST in value and len(value) <= _LONGEST_LINK)
    bare = (value for value in short if len(value.split()) == 1)
    return [links[0] for value in bare if len(links := article_links(value)) == 1]


def mentions_in(said: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The links to articles that values say under plain keys, among words or alone.

    Not among those of a text, which may mention any, nor where WeChat keeps what to read more.
    """
    for key, value in said:
        if HOST in value and key not in READ_MORE:
            is_of_text = key in TEXTS or is_text(key, value)
            yield from lone_links([value]) if is_of_text else article_links(value)


def names_other_site(values: Iterable[str]) -> bool:
    """Whether any of these values is a link at all."""
    return any(_ANY_LINK.search(value) for value in values)


def own_links(values: Mapping[str, str], *, is_alone: bool = True) -> list[str]:
    """The links of what these values describe: those of the first column for links with any.

    Where WeChat's own lists have no address of an article, as of one that is deleted, what its
    author links to is another's. `is_alone`: nothing that lies within it names articles.
    """
    if lacks_own(values):
        return []
    own = next(filter(None, map(article_links, _in_own_columns(values))), [])
    return own if own or not is_alone or has_own_column(values) else _source_of(values)


def lacks_own(values: Mapping[str, str]) -> bool:
    """Whether the own link of what these values describe is cut or an album's, not an account's."""
    said = [values[key] for key in _OWN if HOST in values.get(key, "")]
    return not any(map(article_links, said)) and any(map(lost_links, said))


def _source_of(values: Mapping[str, str]) -> list[str]:
    """The link that a column for the source holds, which may name where a list comes from.

    It is that of what has no other, or carries a text, which may link to any.
    """
    found = next(filter(None, (article_links(values.get(key, "")) for key in _SOURCES)), [])
    if _holds_text(values):
        return found
    others = {url for value in values.values() for url in article_links(value)}
    return found if len(others) == 1 else []


def other_links(values: Mapping[str, str]) -> list[Found]:
    """What stands in the columns for the link of something that is no article, or none whole."""
    return [found for text in _in_own_columns(values) if text for found in lost_links(text)]


def lost_links(text: str) -> list[Found]:
    """The links of WeChat's in an entry, and what looks like one and is not whole.

    But not where it leads to its account's page, or to WeChat's: of that nothing is lost.
    """
    return [one for one in find_links(text) if one.link or not _ITS_PAGE.fullmatch(one.line)]


_ITS_PAGE = re.compile(
    rf"\s*+(?:https?:)?//{re.escape(HOST)}(?:/mp/(?:profile_ext|homepage)\b\S*+|/?+)\s*+",
    re.IGNORECASE,
)


def _in_own_columns(values: Mapping[str, str]) -> Iterator[str]:
    keys = (key for key in ROLES["url"] if key != "sourceurl" or not has_own_column(values))
    return (values.get(key, "") for key in keys)


def has_own_column(values: Mapping[str, str]) -> bool:
    """Whether these have WeChat's own column for the address, beside which all others mention.

    Other tools call that so where they keep the text.
    """
    own = values.get("contenturl")
    return own is not None and (not own or HOST in own)


def title_of_link(words: str) -> str:
    """The words of a link as its article's title.

    An address, that a link is there, or a command in which it stands, is none.
    """
    if _COMMAND.search(words):
        return ""
    words = words.removeprefix("链接|")  # chatlog's mark of a card
    title = on_one_line(_ADDRESS.sub(" ", line_without_secrets(words)))[:LONGEST]
    is_address = not plain(title) and _ANY_LINK.search(words)  # with marks around it
    is_none = is_address or plain(title) in _NO_TITLES or says_nothing(title)
    return "" if is_none else title


def links_of(
    urls: Sequence[str], values: Mapping[str, str], number: int, *, account: str = ""
) -> list[Link]:
    """The own links of what these values describe; of several the first one's article."""
    account = _account(values) or account
    described = [link_of(url, values, number, account=account) for url in urls[:1]]
    return described + [link_of(url, {}, number, account=account) for url in urls[1:]]


def link_of(url: str, values: Mapping[str, str], number: int, *, account: str = "") -> Link:
    """The link with what these values, under plain keys, say of its article."""
    if not OF_MESSAGES.isdisjoint(values):  # of whoever sent it, and when
        return _beside_text(link_of(url, {}, number, account=account), values)
    moment = read_moment(_published(values))
    for key, beside in _BY_COMPANY:
        if not moment.date and key in values and beside in values:
            moment = read_moment(values[key])
    aid = _AID.match(_first(values, "aid"))
    biz, item_type = _first(values, "biz"), _first(values, "itemtype")
    if not _BIZ.match(biz):
        biz = ""
    if not item_type.isdecimal():
        item_type = ""
    mid, idx, text = (aid["mid"], aid["idx"], _text(values)) if aid else ("", "", "")
    return Link(
        url=url,
        title=_name(values, "title"),
        account=_account(values) or account[:LONGEST],  # it may stand once above all links
        author=_name(values, "author"),
        date=moment.date,
        published_at=moment.at,
        saved=_first(values, "saved")[:LONGEST],
        biz=biz,
        mid=mid,
        idx=idx,
        number=number,
        read_count=read_count(_first(values, "reads")),
        like_count=read_count(_first(values, "likes")),
        original=_ORIGINAL.get(_first(values, "original"), ""),
        album=on_one_line(_first(values, "album"))[:LONGEST],
        item_type=item_type,
        listed=read_moment(_first(values, "listed")).date,
        text=text,
        left=not text and _holds_text(values),
    )


def links_beside(urls: Sequence[str], values: Mapping[str, str], number: int) -> list[Link]:
    """Links of which none is the own one of what these values describe."""
    links = [link_of(url, {}, number) for url in urls]
    return [_beside_text(link, values) for link in links[:1]] + links[1:]


def _beside_text(link: Link, values: Mapping[str, str]) -> Link:
    """The link; a text that stands before, between or behind those in a value is left."""
    is_left = READ_APART not in values and any(starmap(_is_text_in, values.items()))
    return replace(link, left=is_left)


def _is_text_in(key: str, value: str) -> bool:
    if len(value) < _SHORTEST_TEXT:
        return False
    said = unescaped(value).split(HOST)
    return any(is_text(key, words) or (key in TEXTS and is_part_of_text(words)) for words in said)


def _published(values: Mapping[str, str]) -> str:
    """When the article was published; when its entry was changed is no such moment.

    Feeds say both of the article, and Zotero and its like say when they took it in, too. Beside
    `publish_time`, empty or not, and beside a day in any other column, `create_time` is when a
    spider made the row, unless it is a number as WeChat writes both. Of a day and a time in columns
    of their own both are taken.
    """
    strange = {"datemodified"} if "dateadded" in values else set()
    if not values.get("createtime", "0").strip().isdecimal():
        others = (values[key] for key in _OTHER_DAYS if key in values)
        is_told = "publishtime" in values or any(read_moment(said).date for said in others)
        strange |= {"createtime"} if is_told else set()
    keys = (key for key in ROLES["published"] if key in values and key not in strange)
    said = [value for key in keys if (value := values[key].strip()) not in _NO_MOMENT]
    if len(said) < 2:
        return "".join(said)
    day = next((value for value in said if read_moment(value).date), said[0])
    timed = (f"{day} {time}" for time in said if _TIME_OF_DAY.fullmatch(time))
    return next(filter(lambda moment: read_moment(moment).at, timed), day)


def _holds_text(values: Mapping[str, str]) -> bool:
    """Whether a text stands beside a link, of which no document is made."""
    if READ_APART in values:
        return False
    longest = max((len(values[key]) for key in TEXTS if key in values), default=0)
    return longest >= _SHORTEST_TEXT or any(is_text(*item) for item in values.items())


def _text(values: Mapping[str, str]) -> str:
    """The plain text that the exporter writes beside an article's number."""
    return values.get("文章内容", "") or values.get("content", "")


def _first(values: Mapping[str, str], role: str) -> str:
    """The first that says something; written out, for it is asked a dozen times of each line."""
    for key in ROLES[role]:
        if key in values and (value := values[key].strip()):
            return value
    return ""


def _account(values: Mapping[str, str]) -> str:
    """The account, out of the first column that names one."""
    columns = (key for key in ROLES["account"] if key in values)
    said = ((key, account_in(_as_name(values[key]))) for key in columns)
    named = [one for one in said if one[1] and not (one[0] in _SOURCES and is_place(one[1]))]
    name = next((name for key, name in named if not _is_id(key, name)), "")
    name = name or "".join(name for _, name in named[:1])
    return "" if is_of_many(name) else name


def _is_id(key: str, name: str) -> bool:
    return _ID.fullmatch(name) is not None or (key in _NUMBERED and name.isdecimal())


def is_of_many(name: str) -> bool:
    """Whether a name is that of the platform, or of what holds many accounts, and so of none."""
    return name.lower() in _PLATFORMS or name in OF_MANY or is_kind(name)


def _name(values: Mapping[str, str], role: str) -> str:
    return _as_name(_first(values, role))


def _as_name(said: str) -> str:
    """A title or a name on one line; "" for nothing, the platform's own name, and an address."""
    if _ENTITY.search(said):
        said = line_without_secrets(_ENTITY.sub(lambda sign: unescaped(sign[0]), said))
    name = on_one_line(said)[:LONGEST]
    is_none = name in NO_VALUES or name.lower() in _PLATFORMS or _ANY_LINK.search(name)
    return "" if is_none else name
