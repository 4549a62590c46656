"""What a copy says that is nowhere in what was read of it: the net under all that read copies."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.article import State
from crawler.characters import on_one_line
from crawler.clean.exports.fragments import holds_blocks
from crawler.clean.exports.moments import read_moment
from crawler.clean.exports.players import with_videos
from crawler.clean.exports.records import Form
from crawler.clean.exports.says import KEYS, links_in
from crawler.clean.exports.tails import TAILS
from crawler.clean.markup import shown_lines
from crawler.unkept import addresses_left, lines_left, told_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.clean.exports.records import Adopted

# keys are for tools: an abstract there is no part of an article
_FRONT_MATTER = re.compile(r"\s*+---[ \t]*+\n(?:(?!---|\.\.\.)[^\n]*+\n)*+(?:---|\.\.\.)[ \t]*+\n")
_OF_TOOLS = """
本文由 简悦 SimpRead 转码 原文地址 mp weixin qq com
笔记同步助手 公众号名称 作者名称 发布时间 原文链接
在小说阅读器中沉浸阅读 在小说阅读器读本章 内容效果不满意 点此反馈
发布日期 发表时间 发表日期 推送时间 推送日期 发文时间 发文日期 群发时间
source_application net.cozic.joplin-desktop user_created_time user_updated_time
"""
"""Words of lines that tools put around a text, which no rule takes by name."""
_TAIL_LINES = {
    f"tail:{row.id}": re.compile("|".join(filter(None, (row.line, row.begins, row.behind))))
    for row in TAILS
}


_NO_TITLE = "has no title: where its file's name is one, write that into a line `标题：` above it"
_OF_SAVING, _SHOWN = ("date", "日期", "created", "时间", "更新时间"), 30


def with_leavings_told(adopted: Adopted, text: str) -> Adopted:
    """A copy, with what is said of those lines of its document that it does not hold."""
    if adopted.form is not Form.BODY:
        return adopted
    front, shown = _shown(text)
    kept = [adopted.text, adopted.url, adopted.cover]
    addresses = addresses_left("\n".join([*links_in(front), shown]), kept)
    if not adopted.text:
        return replace(adopted, left_out="; ".join(filter(None, (adopted.left_out, addresses))))
    told = (adopted.account, adopted.author, adopted.date, adopted.published_at, adopted.saved)
    left = lines_left(shown, [adopted.text, adopted.title, *told, _OF_TOOLS])
    tails = [line for rule_id, line in _TAIL_LINES.items() if rule_id in adopted.removed]
    lost = [line for line in left if not any(tail.fullmatch(line) for tail in tails)]
    said = (adopted.left_out, told_of(lost), addresses)
    return replace(adopted, left_out="; ".join(filter(None, said)))


def with_title_told(copy: Adopted) -> Adopted:
    """A copy of nobody's in a file of its own, with a word where nothing in it says a title."""
    return copy if copy.title or not copy.state.has_body else replace(copy, left_out=_NO_TITLE)


def with_day_told(adopted: Adopted, fields: Mapping[str, str]) -> Adopted:
    """A copy of nobody's, with a word of a day that its head says and it has not.

    `date` and its like are mostly the day of saving; other keys say it in a form that is not read.
    """
    if adopted.date or adopted.state is not State.OK:
        return adopted
    said = [(key, on_one_line(fields.get(key, ""))) for key in (*KEYS["published"], *_OF_SAVING)]
    said = [(key, words) for key, words in said if any(map(str.isdigit, words))]
    days = (read_moment(words).date for key, words in said if key in _OF_SAVING)
    if day := next(filter(None, days), ""):
        return replace(adopted, detail=f"its date, {day}, may be the day of saving, and was left")
    words = next((words for _, words in said), "")[:_SHOWN]
    told = f"its day, {words}, is none that is understood, and was left"
    return replace(adopted, detail=told) if words else adopted


def _shown(text: str) -> tuple[str, str]:
    """A document's keys, and what anybody is shown of it; of HTML each block on its line."""
    front = _FRONT_MATTER.match(text)
    end = front.end() if front else 0
    shown, _ = with_videos(text[end:])
    return text[:end], shown_lines(shown) if holds_blocks(shown) else shown
