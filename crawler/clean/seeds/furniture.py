"""RULES: what WeChat's page puts around an article, as it stands in seeds.

A table; one test runs every row's proof.

Counted over 154,476 seeds: the tail begins at the first line that is exactly 预览时标签不可点, in all
10,257 whole ones, once each and never in an article. So the tail is cut there, and its rows below
only say what went; a line of 分析 or 。 above that mark is the author's own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TAIL_MARK = "预览时标签不可点"
DISCLOSURE = "disclosure:"
"""How the ids of rules begin that take a disclosure."""
READ_MORE = ("轻触阅读原文", "轻触查看原文")
SWIPE_UP = "向上滑动看下一个"
PICTURE = r"!\[[^\]\n]{0,80}\]\([^)\n]{0,2000}\)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sort of furniture.

    `pattern` matches a whole line (tail, shell) or a whole block (head).
    """

    id: str
    # "head": after the byline; "tail": from the mark on; "shell": around a page without its article
    where: str
    pattern: str
    matches: tuple[str, ...]
    spares: tuple[str, ...] = ()


RULES = (
    # The novel reader: none before 2026, three lines from January 2026, two more from April,
    # another since September.
    Rule(
        id="head:novel-reader",
        where="head",
        pattern=r"在小说阅读器读本章|去阅读|在小说阅读器中沉浸阅读|在公众号小说中沉浸阅读",
        matches=("在小说阅读器读本章", "去阅读", "在公众号小说中沉浸阅读"),
        spares=("去阅读更多", "我在小说阅读器读本章"),
    ),
    # The picture that the reader's button has lost stands between its lines.
    Rule(
        id="head:empty-picture",
        where="head",
        pattern=r"!\[\]\(\)",
        matches=("![]()",),
        spares=("![](a)",),
    ),
    # The fixed run: 1,420 of 1,425 whole seeds of the sample have each of these lines, 取消 and 允许
    # three times, and 继续滑动看下一个 with its fellows until June 2026. One rule, because what varies is
    # worth a row in the archive.
    Rule(
        id="tail:page",
        where="tail",
        pattern=f"{TAIL_MARK}|微信扫一扫|关注该公众号|继续滑动看下一个|轻触阅读原文|轻触查看原文|向上滑动看下一个"
        "|知道了|使用小程序|取消|允许|×|分析|微信扫一扫可打开此内容，|使用完整服务",
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
        where="tail",
        pattern="阅读原文",
        matches=("阅读原文",),
        spares=("阅读原文请点",),
    ),
    Rule(
        id="tail:modified",
        where="tail",
        pattern=r"修改于.{0,40}",
        matches=("修改于", "修改于2025年1月2日"),
    ),
    Rule(
        id="tail:dislike", where="tail", pattern="不喜欢", matches=("不喜欢",), spares=("不喜欢他",)
    ),
    Rule(
        id="tail:picture",
        where="tail",
        pattern=PICTURE,
        matches=("![]()", "![跳转二维码]()", "![作者头像](http://mmbiz.qpic.cn/x/0?wx_fmt=png)"),
        spares=("![a](b) c",),
    ),
    # What an author, or WeChat, discloses at the head of the tail: no part of the text, but worth
    # asking for by its id.
    Rule(
        id="disclosure:opinion",
        where="tail",
        pattern="个人观点，仅供参考",
        matches=("个人观点，仅供参考",),
    ),
    Rule(
        id="disclosure:sourced",
        where="tail",
        pattern="素材来源官方媒体/网络新闻",
        matches=("素材来源官方媒体/网络新闻",),
        spares=("素材来源",),
    ),
    Rule(
        id="disclosure:ai",
        where="tail",
        pattern="内容由AI生成|内容含AI生成图片",
        matches=("内容由AI生成", "内容含AI生成图片"),
        spares=("内容由AI生成的吗",),
    ),
    Rule(
        id="disclosure:fiction",
        where="tail",
        pattern="内容剧情演绎，仅供娱乐",
        matches=("内容剧情演绎，仅供娱乐",),
    ),
    Rule(
        id="disclosure:author",
        where="tail",
        pattern="作者提示.{0,80}",
        matches=("作者提示：含有剧透", "作者提示"),
        spares=("本文作者提示", "作者"),
    ),
    # Hidden labels for screen readers: punctuation, then the names of the buttons. Alone, they are
    # a hollow seed.
    Rule(
        id="tail:labels",
        where="shell",
        pattern="[：，。]|视频|小程序|赞|，轻点两下取消赞|在看|，轻点两下取消在看|分享|留言|收藏|听过",
        matches=("：", "，", "。", "视频", "，轻点两下取消赞", "听过"),
        spares=("：，", "", "小程序开发", "点赞", "分享一篇"),
    ),
)

_BY_PLACE = {
    where: [(rule.id, re.compile(rule.pattern)) for rule in RULES if rule.where == where]
    for where in ("head", "tail", "shell")
}


def rule_of(text: str, where: str) -> str:
    """The id of the rule that takes a line or block at a place.

    The empty string where none does.
    """
    return next((rule_id for rule_id, pattern in _BY_PLACE[where] if pattern.fullmatch(text)), "")


def count_tail(lines: Iterable[str]) -> Counter[str]:
    """What the lines of a tail were, by rule."""
    return Counter(map(tail_rule, filter(None, lines)))


@lru_cache(maxsize=1024)  # a tail has some seventy lines, nearly all of them in every other one
def tail_rule(line: str) -> str:
    """The id of the rule that takes a line of a tail.

    The account's name and the like are `tail:other`.
    """
    return rule_of(line, "tail") or rule_of(line, "shell") or "tail:other"


def is_disclosure(line: str) -> bool:
    """Whether a line of a tail discloses something."""
    return tail_rule(line).startswith(DISCLOSURE)


def strip_shell(lines: Sequence[str]) -> tuple[list[str], Counter[str]]:
    """Take the hidden labels off the end of a page that came without its article."""
    end = len(lines)
    counts: Counter[str] = Counter()
    while end:
        line = lines[end - 1].strip()
        rule_id = rule_of(line, "shell")
        if line and not rule_id:
            break
        counts.update([rule_id] if rule_id else [])
        end -= 1
    return list(lines[:end]), counts
