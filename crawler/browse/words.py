"""What our pages say, in English and in Chinese, and which of the two a browser asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from crawler.states import MEANINGS
from crawler.times import moment_of

if TYPE_CHECKING:
    from datetime import datetime

ENGLISH, CHINESE = "en", "zh-CN"

_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_MONTHS = "January February March April May June July August September October November December"
_STATES = {meaning.state.value: meaning for meaning in MEANINGS}


def language_of(text: str) -> str:
    """The language that a text is marked as for who reads it aloud: what its letters are of."""
    for pattern, language in ((_KANA, "ja"), (_HANGUL, "ko"), (_HAN, "zh")):
        if pattern.search(text):
            return language
    return ENGLISH


def asked_language(accept: str) -> str:
    """The language of our pages that an `Accept-Language` asks for; English where it asks neither.

    Never raises.
    """
    weights: dict[str, float] = {}
    for part in accept[:500].split(","):
        tag, _, quality = part.strip().lower().partition(";q=")
        known = {"zh": CHINESE, "en": ENGLISH}.get(tag.partition("-")[0])
        if known:
            weights.setdefault(known, _weight(quality))
    best = max(weights, key=lambda one: weights[one], default=ENGLISH)
    return best if weights.get(best) else ENGLISH


def _weight(quality: str) -> float:
    if not re.fullmatch(r"(?:[01](?:\.\d{0,3})?)?", quality, re.ASCII):
        return 0.0
    return float(quality or 1)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; called with the English ones, and the values that they name."""

    language: str

    def __call__(self, text: str, **values: object) -> str:
        """The text in this language, its values put in; as it stands where it is not known."""
        said = IN_CHINESE.get(text, text) if self.language == CHINESE else text
        return said.format(**values) if values else said

    def count(self, number: int, one: str, many: str) -> str:
        """A number of things; English tells one from many."""
        chosen = one if number == 1 else many
        return self(chosen, number=f"{number:,}")

    def number(self, value: object) -> str:
        """A number in groups of three; "" of what is none, as somebody else's archive may have."""
        return f"{value:,}" if isinstance(value, int | float) else ""

    def state(self, state: str) -> str:
        """What a state is called: by its name, or in Chinese by what it means."""
        known = _STATES.get(state)
        return known.chinese if known and self.language == CHINESE else state

    def meaning(self, state: str) -> str:
        """What a state means; "" of one that is none."""
        known = _STATES.get(state)
        if known is None:
            return ""
        return known.chinese if self.language == CHINESE else known.english

    def moment(self, written: str) -> Markup:
        """A date or a moment of the archive's, as a person writes it, in a <time>.

        What is neither stands as it is. Moments are Shanghai's, whose offset a machine is told.
        """
        moment = moment_of(written)
        if moment is None:
            return escape(written)
        if len(written) == len("2026-01-02"):
            return _time(written, self._date(moment))
        told = moment.isoformat(timespec="seconds")
        return _time(told, f"{self._date(moment)} {moment:%H:%M}")

    def _date(self, day: datetime) -> str:
        if self.language == CHINESE:
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"


def _time(told: str, shown: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(told, shown)


IN_CHINESE = MappingProxyType(
    {
        # every page
        "WeChat articles": "公众号文章",
        "Search": "搜索",
        "Articles": "文章",
        "Tables": "数据表",
        "States": "状态",
        "Starred": "收藏",
        "Skip to the text": "跳到正文",
        "Keys: j next, k previous, o open, / search": "按键：j 下一个，k 上一个，o 打开，/ 搜索",
        "(no title)": "（无标题）",
        # the page of capture
        "Capture": "收录",
        "What your browser shows of WeChat goes into this archive, judged and cleaned as a page"
        " that was fetched.": "浏览器里打开的文章可以直接进入归档，判断和清理与抓取的页面相同。",
        "Extension": "扩展",
        "developer mode": "开发者模式",
        "load unpacked": "加载已解压的扩展程序",
        "load temporary add-on": "临时载入附加组件",
        "In its settings give the port and the token:": "在扩展的设置里填写端口和令牌：",
        "One press keeps the article that is open; it offers the pictures that are loaded, and all"
        " tabs of the window.": (
            "点一下即收录当前文章；还可以连同已加载的图片，或本窗口的全部标签页。"
        ),
        "Bookmarklet": "书签小程序",
        "Open the link that this command prints, and the bookmarklet stands here:": (
            "打开下面这条命令给出的链接，书签小程序就会出现在这里："
        ),
        "Drag this to your bookmarks, and press it on an article:": (
            "把它拖到书签栏，打开文章时点一下："
        ),
        "Keep this article": "收录本文",
        "Where the policy of a page forbids it, it says so: use the extension there.": (
            "页面的安全策略不允许时它会说明，此时请用扩展。"
        ),
        # the front page
        "{number} article": "{number} 篇文章",
        "{number} articles": "{number} 篇文章",
        "and {number} more without a text": "另有 {number} 篇没有正文",
        "{number} articles from {first} to {last}": "{first} 至 {last}，{number} 篇文章",
        "Accounts": "公众号",
        "Latest": "最新",
        "The archive is empty. Bring articles with": "归档是空的。导入文章：",
        "or": "或",
        # the list
        "with": "，含有",
        "The search": "搜索：",
        "Filter": "筛选",
        "Sort": "排序",
        "best first": "最相关",
        "newest first": "最新在前",
        "oldest first": "最早在前",
        "longest first": "最长在前",
        "show them": "显示",
        "without a text, too": "含没有正文的",
        "each with the same text": "逐篇显示同文",
        "and {number} more with this text": "另有 {number} 篇正文相同",
        "From": "从",
        "To": "到",
        "Apply": "应用",
        "give up": "取消",
        "account": "公众号",
        "year": "年份",
        "kind": "类型",
        "state": "状态",
        "tag": "标签",
        "since": "自",
        "until": "至",
        "starred": "收藏",
        "noted": "有笔记",
        "yes": "是",
        "← before": "← 上一页",
        "after →": "下一页 →",
        "Pages": "分页",
        "normal": "图文",
        "gallery": "图片",
        "text": "文字",
        "video": "视频",
        "audio": "音频",
        "repost": "转载",
        # an article
        "original": "原文",
        "record": "记录",
        "Markdown": "Markdown",
        "Contents": "目录",
        "The archive has no text of this article: {meaning}.": "归档里没有这篇的正文：{meaning}。",
        "Its text was recovered from {where}.": "正文恢复自 {where}。",
        "It seems to be the same as": "似乎与此文相同：",
        "The same text elsewhere": "别处的同一篇",
        "the best copy": "最完整的一份",
        "Of this account": "本号",
        "Earlier": "上一篇",
        "Later": "下一篇",
        "Found elsewhere": "在别处找到",
        "what": "内容",
        "title": "标题",
        "date": "日期",
        "from": "来自",
        "agrees": "相符",
        "differs": "不符",
        "the same title": "同样的标题",
        "Revisions": "版本",
        "when": "时间",
        "characters": "字数",
        "body": "正文",
        "shown": "当前",
        "changes": "改动",
        "Events": "记事",
        "detail": "详情",
        "What was removed": "清理掉的内容",
        "rule": "规则",
        "times": "次数",
        "There is no article {key} in this archive.": "归档里没有文章 {key}。",
        "This archive is damaged.": "这个归档已损坏。",
        "See what is hurt with {audit}, and restore a backup, or save what can be read with"
        " {salvage}.": "用 {audit} 查看哪里受损，然后恢复备份，或用 {salvage} 保存还能读出的内容。",
        # its revisions
        "What changed": "改动",
        "Back to the article": "回到文章",
        "Nothing differs between the two.": "两个版本没有不同。",
        "There is only one text.": "只有一个版本。",
        # an account
        "WeChat ID": "微信号",
        "Description": "简介",
        "All articles": "全部文章",
        "There is no account {name} in this archive.": "归档里没有公众号 {name}。",
        # the states
        "State": "状态",
        "Meaning": "含义",
        "Final": "不再变化",
        "Has a text": "有正文",
        "What to do": "怎么办",
        # the deaths
        "Deaths": "消失",
        "{number} death": "{number} 篇文章消失",
        "{number} deaths": "{number} 篇文章消失",
        "{number} deaths from {first} to {last}": "{first} 至 {last}，{number} 篇文章消失",
        "Each was found gone on two days. The archive has the text of {held} still; {back} came"
        " back.": (
            "每篇都在两天里两次查看时已不在。归档仍存有其中 {held} 篇的正文；{back} 篇后来恢复。"
        ),
        "Article": "文章",
        "Seen alive": "最后看到",
        "Gone since": "发现消失",
        "Confirmed": "确认",
        "Notice": "微信的提示",
        "Still held": "仍存有",
        "never": "从未",
        "back": "恢复于",
        "{number} character": "{number} 字",
        "{number} characters": "{number} 字",
        "{number} version": "{number} 个版本",
        "{number} versions": "{number} 个版本",
        "{number} picture": "{number} 张图",
        "{number} pictures": "{number} 张图",
        "no text": "没有正文",
        "Nothing that was looked at again is known to have died: that takes a notice on two days."
        " Look again with": (
            "回头看过的文章里还没有已知消失的：要在两天里两次看到提示才算。再看一次："
        ),
        # what a reader adds
        "Yours": "我的",
        "Star": "加收藏",
        "Take the star off": "取消收藏",
        "Tags": "标签",
        "Notes": "笔记",
        "Add a tag": "加标签",
        "Add a note": "加笔记",
        "Add": "添加",
        "Remove": "删除",
        "Remove {name}": "删除 {name}",
    }
)
"""English -> Chinese. A test holds this to what the templates say."""
