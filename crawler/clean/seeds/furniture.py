"""RULES: what WeChat's page puts around an article, as it stands in seeds.

A table; one test runs every row's proof.

Counted over 154,476 seeds: the tail begins at the first line that is exactly 预览时标签不可点, in
all 10,257 whole ones, once each and never in an article. So the tail is cut there, and its rows
below only say what went; a line of 分析 or 。 above that mark is the author's own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TAIL_MARK = "预览时标签不可点"
DISCLOSURE = "disclosure:"
"""How the ids of rules begin that take a disclosure."""
READ_MORE = ("轻触阅读原文", "轻触查看原文")
SWIPE_UP = "向上滑动看下一个"
LABELS = "tail:labels"
PICTURE = r"!\[[^\]\n]{0,80}\]\([^)\n]{0,2000}\)"


class Where(Enum):
    """Which part of a page a rule is about."""

    BYLINE = "byline"
    """Between heading and text. The pattern is only the shape of such a block: `read_byline`
    knows it by where it stands."""
    HEAD = "head"
    """After the byline, block by block."""
    TAIL = "tail"
    """From the line 预览时标签不可点 on."""
    SHELL = "shell"
    """The hidden labels of a page that came without its article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sort of furniture.

    `pattern` matches a whole line (tail, shell) or a whole block (byline, head).
    """

    id: str
    where: Where
    pattern: str
    matches: tuple[str, ...]
    spares: tuple[str, ...] = ()


RULES = (
    # The byline's own blocks, in this order in each of 10,257 whole seeds.
    Rule(
        id="head:title",
        where=Where.BYLINE,
        pattern=r"# .+",
        matches=("# 渡轮恢复通航",),
        spares=("## 渡轮恢复通航", "渡轮恢复通航"),
    ),
    Rule(
        id="head:original",
        where=Where.BYLINE,
        pattern="原创",
        matches=("原创",),
        spares=("原创文章",),
    ),
    # A name may be anything; 85 seeds have an author's twice in one block.
    Rule(
        id="head:byline",
        where=Where.BYLINE,
        pattern=r"[^\n]{1,80}(?:\n[^\n]{1,80})?",
        matches=("临港日志", "林小渡\n林小渡"),
        spares=("渡" * 81,),
    ),
    # 677 seeds. Whose article it is stays, as one line of the text.
    Rule(
        id="head:reprint-card",
        where=Where.BYLINE,
        pattern=r"(?s:编者荐语.*|以下文章来源于.*|!\[[^\]\n]*\]\([^)\n]*\)|\*\*.{1,60}\*\*\s*\.|[^\n]{1,120})",
        matches=(
            "以下文章来源于青石电台\n，作者何晚",
            "![](http://wx.qlogo.cn/mmhead/x/0)",
            "**青石电台**\n.",
        ),
        spares=("一段\n两行的话",),
    ),
    # The novel reader: none before 2026, three lines from January 2026, two more from April,
    # another since September.
    Rule(
        id="head:novel-reader",
        where=Where.HEAD,
        pattern=r"在小说阅读器读本章|去阅读|在小说阅读器中沉浸阅读|在公众号小说中沉浸阅读",
        matches=("在小说阅读器读本章", "去阅读", "在公众号小说中沉浸阅读"),
        spares=("去阅读更多", "我在小说阅读器读本章"),
    ),
    # The picture that the reader's button has lost stands between its lines.
    Rule(
        id="head:empty-picture",
        where=Where.HEAD,
        pattern=r"!\[\]\(\)",
        matches=("![]()",),
        spares=("![](a)",),
    ),
    # The fixed run: 1,420 of 1,425 whole seeds of the sample have each of these lines, 取消 and
    # 允许 three times, and 继续滑动看下一个 with its fellows until June 2026. One rule, because
    # only what varies is worth a row in the archive.
    Rule(
        id="tail:page",
        where=Where.TAIL,
        pattern=f"{TAIL_MARK}|微信扫一扫|关注该公众号|继续滑动看下一个|轻触阅读原文|轻触查看原文"
        "|向上滑动看下一个|知道了|使用小程序|取消|允许|×|分析|微信扫一扫可打开此内容，|使用完整服务",
        matches=(
            TAIL_MARK,
            "微信扫一扫",
            "继续滑动看下一个",
            "知道了",
            "×",
            "分析",
            "微信扫一扫可打开此内容，",
        ),
        spares=(
            f"{TAIL_MARK}击",
            "打开微信扫一扫",
            "向上滑动看下一个视频",
            "我知道了",
            "分析如下",
            "使用完整服务的",
        ),
    ),
    Rule(
        id="tail:read-original",
        where=Where.TAIL,
        pattern="阅读原文",
        matches=("阅读原文",),
        spares=("阅读原文请点",),
    ),
    Rule(
        id="tail:modified",
        where=Where.TAIL,
        pattern=r"修改于.{0,40}",
        matches=("修改于", "修改于2025年1月2日"),
    ),
    Rule(
        id="tail:dislike",
        where=Where.TAIL,
        pattern="不喜欢",
        matches=("不喜欢",),
        spares=("不喜欢他",),
    ),
    Rule(
        id="tail:picture",
        where=Where.TAIL,
        pattern=PICTURE,
        matches=("![]()", "![跳转二维码]()", "![作者头像](http://mmbiz.qpic.cn/x/0?wx_fmt=png)"),
        spares=("![a](b) c",),
    ),
    # What an author, or WeChat, discloses at the head of the tail: no part of the text, but worth
    # asking for by its id.
    Rule(
        id="disclosure:opinion",
        where=Where.TAIL,
        pattern="个人观点，仅供参考",
        matches=("个人观点，仅供参考",),
    ),
    Rule(
        id="disclosure:sourced",
        where=Where.TAIL,
        pattern="素材来源官方媒体/网络新闻",
        matches=("素材来源官方媒体/网络新闻",),
        spares=("素材来源",),
    ),
    Rule(
        id="disclosure:ai",
        where=Where.TAIL,
        pattern="内容由AI生成|内容含AI生成图片",
        matches=("内容由AI生成", "内容含AI生成图片"),
        spares=("内容由AI生成的吗",),
    ),
    Rule(
        id="disclosure:fiction",
        where=Where.TAIL,
        pattern="内容剧情演绎，仅供娱乐",
        matches=("内容剧情演绎，仅供娱乐",),
    ),
    Rule(
        id="disclosure:author",
        where=Where.TAIL,
        pattern="作者提示.{0,80}",
        matches=("作者提示：含有剧透", "作者提示"),
        spares=("本文作者提示", "作者"),
    ),
    # Hidden labels for screen readers: punctuation, then the names of the buttons. Alone, they are
    # a hollow seed.
    Rule(
        id=LABELS,
        where=Where.SHELL,
        pattern="[：，。]|视频|小程序|赞|，轻点两下取消赞|在看|，轻点两下取消在看"
        "|分享|留言|收藏|听过",
        matches=("：", "，", "。", "视频", "，轻点两下取消赞", "听过"),
        spares=("：，", "", "小程序开发", "点赞", "分享一篇"),
    ),
)

_BY_WHERE = {
    where: [(rule.id, re.compile(rule.pattern)) for rule in RULES if rule.where is where]
    for where in Where
}
_SURE_LABEL = "，轻点两下取消赞"
"""Stands in the hidden labels of every hollow page (366 of 366 seeds), and in no article."""

_MOST_OF_POST = 300  # characters that are no furniture; none of 64 posts has more than 69

_LONGEST_ASIDE = 200  # characters
_MOST_LINES_ASIDE = 3

# The same as other tools have them, in one line, and as who reads WeChat in English is told; what
# begins like another one goes first.
_LABELS = re.compile(
    r"(?:(?:，轻点两下取消赞|，轻点两下取消在看|[：，。:.]|视频|小程序|赞|在看|分享|留言|收藏|听过"
    r"|Video|Mini Program|Like|Wow|Share|Comment|Favorite)\s*+)*+"
)

OTHER = "tail:other"
"""The lines of a tail that no row knows: mostly the account's name."""


def rule_of(text: str, where: Where) -> str:
    """The id of the first rule there that takes a line or block; "" where none does."""
    return next((rule_id for rule_id, pattern in _BY_WHERE[where] if pattern.fullmatch(text)), "")


def count_tail(lines: Iterable[str]) -> Counter[str]:
    """What the lines of a tail were, by rule."""
    return Counter(map(tail_rule, filter(None, lines)))


@lru_cache(maxsize=1024)  # a tail has some seventy lines, nearly all of them in every other one
def tail_rule(line: str) -> str:
    """The id of the rule that takes a line of a tail; OTHER where none does."""
    return rule_of(line, Where.TAIL) or rule_of(line, Where.SHELL) or OTHER


def is_disclosure(line: str) -> bool:
    """Whether a line of a tail discloses something."""
    return tail_rule(line).startswith(DISCLOSURE)


def is_post(lines: Sequence[str], heading: str) -> bool:
    """Whether lines are a post's that scripts fill in: its end, its title and account, no article.

    An article whose tail lost its first line, as by an editor's hand, ends so, too.
    """
    others = sum(len(line) for line in lines if tail_rule(line) == OTHER)
    ends = SWIPE_UP in lines or any(line in READ_MORE for line in lines)
    return ends and others <= _MOST_OF_POST + 2 * len(heading)


def strip_shell(lines: Sequence[str]) -> tuple[list[str], Counter[str]]:
    """Take the hidden labels off the end of a page that came without its article.

    Returns the lines that stay, and how many went by rule. An article may end in 分享 or in 留言.
    """
    end = len(lines)
    counts: Counter[str] = Counter()
    if _SURE_LABEL not in map(str.strip, lines):
        return list(lines), counts
    while end:
        line = lines[end - 1].strip()
        rule_id = rule_of(line, Where.SHELL)
        if line and not rule_id:
            break
        if rule_id:
            counts[rule_id] += 1
        end -= 1
    return list(lines[:end]), counts


def end_of_labels(text: str) -> int:
    """Where the hidden labels of a page end, behind which is nothing of it; 0 where it has none."""
    if _SURE_LABEL not in text:
        return 0
    end = len(text)
    while end > 0:
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end].strip()
        if line and _LABELS.fullmatch(line):
            return end
        end = start - 1
    return 0


def is_shell(text: str) -> bool:
    """Whether a text holds nothing but the hidden labels, each in a line or all in one.

    Above them may stand the rest of a page's tail, which has no picture of an article's. A few
    words below them are somebody else's: no article stands there.
    """
    text = _less_tail(text.strip())
    labels = _LABELS.match(text)
    if not text or not labels or _SURE_LABEL not in labels[0]:
        return not text
    below = text[labels.end() :]
    return not below or (labels[0].endswith("\n") and is_aside(below))


def is_post_alone(text: str, title: str) -> bool:
    """Whether a copy holds no word of a post, but what its page says around it.

    Scripts fill in the text of such a post, and its pictures. Above the tail stands the account,
    and who reads the served page may have that, and the title, once more.
    """
    lines = [_SIGNS.sub("", _LINK.sub(r"\1", line)).strip() for line in text.split("\n")]
    lines = [line for line in lines if line]
    if SWIPE_UP not in lines or re.search(r"!\[[^\]\n]*+\]\(h", text):
        return False
    above = lines[: lines.index(SWIPE_UP)][-1:]
    said = {title, *filter(_ACCOUNT.fullmatch, above)}
    return all(line in said or _is_around(line) for line in lines)


def _is_around(line: str) -> bool:
    return tail_rule(line) != OTHER or _AROUND.fullmatch(line) is not None


_LINK = re.compile(r"(?<!!)\[([^\[\]\n]*+)\]\([^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)?\)")
_ACCOUNT = re.compile(r"(?![-+>]\s|\d+[.)]\s)[^。！？!…，,：:~～]{1,30}")
_SIGNS = re.compile(r"[*_#\\]")
_AROUND = re.compile(
    r"[\W\d]*|推荐|关注|阅读 \d+|× 分析|取消 允许|在小说阅读器.*|去阅读|[\d\s]*写留言"
    rf"|{_LABELS.pattern}"
)


def _less_tail(text: str) -> str:
    """A text without the lines of a tail that begin it, in which a tool may have joined several."""
    if _SURE_LABEL not in text:
        return text
    lines = text.split("\n")
    ours = takewhile(_is_of_tail, lines)
    return "\n".join(lines[sum(1 for _ in ours) :]).strip()


def _is_of_tail(line: str) -> bool:
    return all(tail_rule(words) in _OF_PAGE for words in line.replace("\\", "").split())


_OF_PAGE = frozenset({"tail:page", "tail:read-original", "tail:dislike"})


def is_aside(words: str) -> bool:
    """Whether words are few enough to be a reader's, and not an article that was put in by hand."""
    lines = [line for line in words.split("\n") if line.strip()]
    return len(words) <= _LONGEST_ASIDE and len(lines) <= _MOST_LINES_ASIDE
