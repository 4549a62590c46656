"""How an article closes by its own words, seen once: what needs no learning.

An end mark and what stands behind it, a list of links to other articles, what an account says of
itself under 关于, and the short words beside a call. Every function is given the tail of an article
(`Side`, from the edge inwards) and returns positions on it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.clean.promotion.blocks import Block, Form, count_links, stem_of, words_of
from crawler.clean.promotion.companions import is_companion, is_reach, serves_article
from crawler.clean.promotion.senses import Sense
from crawler.clean.promotion.walks import Edge

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from crawler.clean.promotion.walks import Side

_BEHIND = 14  # blocks behind an end mark; the most that were seen are 12
_SPELLED = ["d", "n", "e"]  # from the edge inwards
_LINKS = 2  # links to articles that make a list
_ARTICLES = "mp.weixin.qq.com"
_ACCOUNT = re.compile(r"__biz=([A-Za-z0-9+/]{8,20})")
_NAME = 4  # letters of a name that tell it from a word
_SHORT_NAME = 3  # letters of the first word of a name that stands for it
_PREFIX = 6  # letters of a name without its end
_WAYS = 3  # lines that say how an account is reached
_OPENING = 14  # letters of a paragraph among which its subject stands
_PRESENTS = re.compile(
    r".{2,30}(?:专注于?|致力|是一[个家]|是.{2,20}(?:运营|旗下|主办)的|由.{2,24}(?:主管|主办|创办|运营|创立|成立))"
)
_NEWS = re.compile("作为|凭借|将|已|本次|此次|未来|近日|今年")
_NEWEST = 44  # letters of a paragraph in which news would be
_CREDIT = re.compile(
    r"[\u3400-\u9fff]{2,4}[:|丨/].{2,20}"
    r"|.{0,20}(?:写|作|记|改|完稿|定稿|修订)于.{2,24}|.{0,6}(?:19|20)\d\d年?.{0,8}于.{1,10}"
)
_SENTENCE = "。"
_NOTE = re.compile(r"[\[〔【(]\d{1,3}[\]〕】)]|\d{1,3}[\]〕】)]")
_INVITES = re.compile(
    "关注|订阅|扫码|二维码|公众号|点赞|在看|转发|星球|加群|入群|进群|小助手|阅读原文|投稿|加入|私信"
)
_CHANNEL = re.compile(
    "公众号|视频号|官网|网站|网址|邮箱|微博|b站|知乎|抖音|github|twitter|telegram|商务合作|星球"
)
_INDEX = re.compile(
    r"以下|如下|目录|合集|盘点|汇总|汇编|索引|收录|整理成|在这里|共(?:有|计)?[\d一二三四五六七八九十]{1,4}[讲篇期集]"
)
_PLACE = re.compile("地址|地点|时间|票价")
_ITSELF = re.compile("成立|创立|专注|致力|由|是一家|[,(]")
_STEM = 2  # letters of a name that tell whose it is
_OUTER = 2  # lines, and pictures, between the last call and the edge
_TITLE = 80  # characters of a title that is linked in part
_OPEN = 8  # characters of a heading such as 参考链接
_SLIGHT = 20  # characters of such a line

_END, _LIST, _CONTACTS = "end", "list", "contacts"
_DESCRIBED, _BETWEEN, _BESIDE = "about", "between", "beside"

_BLANK = frozenset({Form.EMPTY, Form.RULE})
_SHOWN = _BLANK | {Form.PICTURE}
_LISTED = _SHOWN | {Form.LINKS}
_FREE = _LISTED | {Form.LINE, Form.ADDRESS}


def closings(
    tail: Side, account: str, beside_of: Collection[int], *, has_company: bool
) -> dict[int, str]:
    """The positions of what closes an article by its own words, each with the id of its rule.

    `beside_of` is promotion that was found otherwise; `has_company` says that promotion was taken
    off this tail before.
    """
    taken = dict.fromkeys(behind_end(tail, account), _END)
    taken |= dict.fromkeys(linked_list(tail), _LIST)
    taken |= dict.fromkeys(contacts(tail), _CONTACTS)
    taken |= dict.fromkeys(described(tail, account), _DESCRIBED)
    company = {*beside_of, *taken}
    taken |= dict.fromkeys(between(tail, company), _BETWEEN)
    if taken.get(min(company, default=0)) != _END:  # what is behind an end mark was judged above
        taken |= dict.fromkeys(outer_words(tail, company), _BESIDE)
    if company or has_company:
        taken |= dict.fromkeys(beside(tail, company, account), _BESIDE)
    return taken


def behind_end(side: Side, account: str) -> set[int]:
    """An end mark, and what stands behind it up to a source, a heading or prose."""
    end = _end(side)
    found: set[int] = set()
    for index in range(end - 1, -1, -1):
        if _begins_own(side[index], account):
            return found
        if side[index].form in _BLANK or not _is_credit(side[index]):
            found.add(index)
    if end < 0:
        return found
    return found | set(range(end, end + (1 if side[end].is_end else len(_SPELLED))))


def _end(side: Side) -> int:
    """The position of the outermost end mark, which may be set letter by letter, or -1."""
    for index, block in enumerate(side[:_BEHIND]):
        spelled = [one.words for one in side[index : index + len(_SPELLED)]]
        if block.is_end or spelled == _SPELLED:
            return index
    return -1


def _is_credit(block: Block) -> bool:
    """Whether a line names who made the article, in whatever office."""
    return block.is_kept or (_CREDIT.fullmatch(block.words) is not None and not _calls(block))


def _calls(block: Block) -> bool:
    return block.is_call or is_reach(block.words)


def _begins_own(block: Block, account: str) -> bool:
    """Whether a block behind an end mark is the article's own."""
    if block.appeal or block.is_related:
        return False
    if block.leads or Sense.SOURCE in block.senses or block.text.startswith("#"):
        return True
    if _NOTE.match(block.words) and not _calls(block):
        return True
    if block.form in _FREE or block.is_kept:
        return False
    if _SENTENCE not in block.words and Sense.CALL in block.senses:
        return False
    return not (_INVITES.search(block.words) or _names_itself(block.words, account))


def contacts(side: Side) -> set[int]:
    """Three ways and more to reach the account, in lines of their own at the very end.

    A place, and telephones alone, are those of the shop or the show that an article is about.
    """
    start = outermost(side)
    end = start
    while end < len(side) and (
        (is_reach(side[end].words) and not side[end].is_kept) or side[end].form in _SHOWN
    ):
        end += 1
    lines = [i for i in range(start, end) if side[i].form not in _SHOWN]
    words = [side[i].words for i in lines]
    is_channel = any(map(_CHANNEL.search, words)) and not any(map(_PLACE.search, words))
    return set(range(start, lines[-1] + 1)) if len(lines) >= _WAYS and is_channel else set()


def described(side: Side, account: str) -> set[int]:
    """The paragraphs at the very end in which an account says who it is."""
    start = outermost(side)
    while start < len(side) and side[start].form in _SHOWN:
        start += 1
    end = start
    while end < len(side) and _tells_of(side[end], account):
        end += 1
    told = [i for i in range(start, end) if _PRESENTS.match(side[i].words)]
    return set(range(start, told[-1] + 1)) if told else set()


def _tells_of(block: Block, account: str) -> bool:
    """Whether a paragraph begins with the account, and is no news of it."""
    if block.form is not Form.PROSE or block.is_kept:
        return False
    is_news = _NEWS.search(block.words[:_NEWEST]) is not None
    return _names_itself(block.words[:_OPENING], account) and not is_news


def names(block: Block, account: str) -> bool:
    """Whether a line is the account's name, or that without its middle or its end."""
    words, name = block.words.strip("「」“”<>《》-—"), words_of(account)
    if block.form is not Form.LINE or len(words) < _NAME or not name.startswith(words[:_STEM]):
        return False
    is_short = len(words) >= _PREFIX and name.startswith(words)
    return is_short or name == words or name[-_NAME:] == words[-_NAME:]


def name_card(side: Side, edge: Edge, account: str) -> set[int]:
    """The account's name where it is outermost: at a head alone, at a tail beside a picture."""
    first = next((i for i, block in enumerate(side) if block.form not in _SHOWN), len(side))
    if first == len(side) or not names(side[first], account):
        return set()
    inner = side[first + 1 : first + 2]
    is_shown = any(block.form is Form.PICTURE for block in [*side[:first], *inner])
    return {first} if is_shown or edge is Edge.HEAD else set()


def _names_itself(words: str, account: str) -> bool:
    """Whether words hold the account's name, or begin with its stem as their subject.

    The stem alone may be a town's: not all that begins with 青石 is the station of that name.
    """
    stem = stem_of(account)
    if not stem:
        return False
    first = words_of(account.split(maxsplit=1)[0])
    name = first if len(first) >= _SHORT_NAME else words_of(account)
    is_subject = words.startswith(stem) and _ITSELF.match(words, len(stem)) is not None
    return name[:_NAME] in words or is_subject


def between(side: Side, taken: Collection[int]) -> set[int]:
    """The few pictures between blocks of promotion."""
    found: set[int] = set()
    last = -1
    for index in sorted(taken) if taken else ():
        gap = range(last + 1, index)
        pictures = sum(side[i].form is Form.PICTURE for i in gap)
        if pictures <= _OUTER and all(side[i].form in _SHOWN for i in gap):
            found.update(gap)
        last = index
    return found


def outermost(side: Side) -> int:
    """The position of the first block that is more than a blank or the editors' names."""
    return next(
        (
            index
            for index, block in enumerate(side)
            if block.form not in _BLANK and not block.is_signature
        ),
        len(side),
    )


def linked_list(side: Side) -> set[int]:
    """The list of links to articles that ends an article, with its heading.

    Under a heading such as 往期推荐 one link is a list, and words may stand beside a link.
    """
    start = outermost(side)
    for is_loose in (False, True):
        end = start
        while end < len(side) and _is_listed(side, end, is_loose=is_loose):
            end += 1
        links = [i for i in range(start, end) if "](" in side[i].text and not _is_shown(side[i])]
        is_headed = end < len(side) and side[end].is_related
        if not links or any(_ARTICLES not in side[i].text for i in links):
            continue
        if is_headed:
            return set(range(start, end + 1))
        is_own = end == len(side) or (
            _leads_to_links(side[end]) and not all(_is_card(side[i]) for i in links)
        )
        if not (is_loose or is_own) and _is_enough([side[i].text for i in links]):
            return set(range(start, max(links) + 1))
    return set()


def _is_enough(texts: Sequence[str]) -> bool:
    """Whether links make a list, and lead to articles of one account: a review links to many."""
    accounts = {account for text in texts for account in _ACCOUNT.findall(text)}
    return sum(max(1, count_links(text)) for text in texts) >= _LINKS and len(accounts) <= 1


def _is_card(block: Block) -> bool:
    """Whether a link is a picture: no article refers to its sources so."""
    return block.text.startswith("[![")


def _is_shown(block: Block) -> bool:
    return block.form in _SHOWN


def _is_listed(side: Side, index: int, *, is_loose: bool) -> bool:
    """Whether a block may stand in a list: a link, a picture, the title under a linked picture."""
    block = side[index]
    if is_loose and _ARTICLES in block.text and len(block.words) <= _TITLE:
        return not block.is_kept
    if block.form is Form.LINE and not block.is_kept and not block.is_related:
        return index + 1 < len(side) and side[index + 1].text.startswith("[![")
    return block.form in _LISTED and not _is_source(block)


def _is_source(block: Block) -> bool:
    return Sense.SOURCE in block.senses


def _leads_to_links(block: Block) -> bool:
    """Whether a list under a block is the article's own: a source that is not named above it."""
    is_open = _is_source(block) and (block.words.endswith(":") or len(block.words) <= _OPEN)
    is_index = block.form is Form.PROSE and _INDEX.search(block.words) is not None
    return block.leads or is_open or is_index or block.text.startswith("#")


def outer_words(side: Side, taken: Collection[int]) -> set[int]:
    """The few short words, and the pictures, between the last call and the edge."""
    first = min(taken, default=0)
    between = side[:first]
    lines = [block for block in between if block.form is Form.LINE]
    pictures = [block for block in between if block.form is Form.PICTURE]
    if len(lines) > _OUTER or len(pictures) > _OUTER or not lines:
        return set()
    is_slight = all(
        block.form in _SHOWN or (block.form is Form.LINE and _is_slight(block)) for block in between
    )
    return set(range(first)) if is_slight else set()


def _is_slight(block: Block) -> bool:
    if is_companion(block.words):
        return not block.is_kept
    if serves_article(block.words):
        return False
    return (
        len(block.words) <= _SLIGHT
        and not block.is_kept
        and not block.text.startswith(("#", "-", "*   ", ">", "|"))
        and not any(character.isdecimal() for character in block.words)
    )


def beside(side: Side, taken: Collection[int], account: str) -> set[int]:
    """The short words that stand directly inside of promotion and belong to it."""
    found: set[int] = set()
    pending: list[int] = []
    is_card = bool(taken) and names(side[max(taken)], account)
    for index in range(max(taken, default=-1) + 1, len(side)):
        block = side[index]
        pending.append(index)
        if joins(block, account) or (is_card and block.form is Form.PICTURE):
            found.update(pending)
            pending = []
            is_card = names(block, account)
        elif block.form not in _SHOWN or sum(side[i].form is Form.PICTURE for i in pending) > 1:
            break
    return found


def joins(block: Block, account: str) -> bool:
    """Whether a block belongs to the promotion that it stands beside."""
    if block.is_kept or block.text.startswith("#"):
        return False
    return (is_companion(block.words) and "://" not in block.text) or names(block, account)
