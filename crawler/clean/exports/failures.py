"""What tools write in place of a text that they did not get, and behind one that they cut."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.characters import unescaped


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a tool writes as a text where it got none; a pattern for all of that."""

    id: str
    pattern: str
    evidence: str
    matches: tuple[str, ...]
    spares: tuple[str, ...] = ()


FAILURES = (
    Failure(
        id="wewe-rss",
        pattern=r"获取全文失败，请重试~?",
        evidence="its source: the text of each article that WeChat did not give it",
        matches=("获取全文失败，请重试~",),
        spares=("获取全文失败，请重试~ 这句话我一天要看三遍。",),
    ),
    Failure(
        id="we-mp-rss",
        pattern=r"None|DELETED",
        evidence="its source: in its feeds, what it has not come to yet, and what was deleted",
        matches=("None", "DELETED"),
        spares=("None of us.", "DELETED SCENES"),
    ),
    Failure(
        id="wallabag",
        pattern=r"wallabag can['’]t retrieve contents for this article\."
        r"(?: Please \[?troubleshoot this issue\b[^\n]{0,300})?",
        evidence="its configuration, and what other readers of its exports look for",
        matches=(
            "wallabag can't retrieve contents for this article.",
            (
                "wallabag can't retrieve contents for this article. Please"
                " [troubleshoot this issue](https://doc.wallabag.org/en/user/x.html)."
            ),
        ),
        spares=("wallabag can't retrieve contents for this article. 怎么办？",),
    ),
    Failure(
        id="omnivore",
        pattern=r"Your link is being saved\.{3}",
        evidence="its source: the text of what it has not come to yet",
        matches=("Your link is being saved...",),
        spares=("Your link is being saved... 等了一天。",),
    ),
    Failure(
        id="exporter",
        pattern=r"\(unknown\)"
        r"|付费内容 · [^\n]{1,40}\n(?:[^\n]*\n)*本文为付费文章，完整内容需购买后查看",
        evidence="its source: posts of other kinds, and what has to be paid for, with its blurb",
        matches=("(unknown)", "付费内容 · 3 元\n\n简介。\n\n本文为付费文章，完整内容需购买后查看"),
        spares=("(unknown) soldier", "付费内容 · 3 元"),
    ),
    Failure(
        id="server",
        # the heading may have been taken for the title
        pattern=r"(?=(?:#{1,6} |\*\*)?(?:[45]\d\d |-{3}|\* \* \*))"
        r"(?:(?:#{1,6} |\*\*)?(?:400 Bad Request|403 Forbidden|404 Not Found"
        r"|500 Internal Server Error|502 Bad Gateway|503 Service (?:Temporarily )?Unavailable"
        r"|504 Gateway Time-?out)(?:\*\*)?\s*+){0,2}(?:(?:-{3,}|\* \* \*)\s*+)?"
        r"(?:(?:nginx|openresty|Tengine|stgw|Apache|squid)(?:/[\w.+-]{1,40}+)?"
        r"(?: \([\w ]{1,40}\))?)?",
        evidence="what gateways answer, whose pages tools save as they save any",
        matches=(
            "502 Bad Gateway\n\n---\n\nopenresty",
            "* * *\n\nnginx",
            "## 404 Not Found\n\n404 Not Found\n\nnginx/1.24.0 (Ubuntu)",
        ),
        spares=("nginx", "502 Bad Gateway 是什么意思", "404 Not Found\n\nnginx 的日志说明了一切"),
    ),
    Failure(
        id="script",
        pattern=r"[\W_]{0,6}(?:注\W{1,2})?(?:(?:由于|因为?)[^\n，,。]{1,20}[，,])?"
        r"(?:(?:无法|未能|没有|未)(?:成功)?(?:获取|提取|抓取|抽取|读取|解析)到?该?"
        r"(?:微信)?(?:文章|正文|全文|网页|页面)?的?(?:完整|全部)?(?:正文|内容|文本|全文){0,2}"
        r"|(?:文章|正文|全文|网页|页面)?(?:正文|内容)?(?:获取|提取|抓取|加载|解析)(?:全文|正文|内容)?失败"
        r"|(?:正文|内容)为空|暂无(?:正文|内容)|unable to retrieve full-text content"
        r"|正文暂未抓取|微信(?:公众号)?页面触发了?验证码，当前无法自动抓取|本文为\w{1,6}消息，暂不支持提取文字"
        r"|No (?:article |readable )?content(?: available| found)?|undefined|null|\[object Object\]"
        r"|(?:Article c|C)ontent could not be extracted|Could not extract(?: the)? article content"
        r"|Unable to (?:extract|fetch) (?:the )?(?:article )?content(?: from this page)?"
        r"|Content not available(?: due to [a-z ]{1,40})?|Readability failed to parse the page"
        r"|Failed to (?:fetch|extract|load|get)(?: the)?(?: article)?(?: content)?"
        r"|Error fetching URL(?=:))(?:\W{0,2}(?:请|仅保留|跳过|可)\w{0,20}"
        r"(?:[“”，]{1,2}\w{1,20}){0,3}|\W[!-~ ]{0,300})?[\W_]{0,3}",
        evidence="scripts and servers that fetch for a model write so, in Chinese and English",
        matches=(
            "无法获取文章内容",
            "（未能提取到正文文本）",
            "[unable to retrieve full-text content]",
            "内容获取失败，请刷新重试",
            "> 注：由于平台限制，无法获取完整内容。请点击上方链接阅读。",
            "暂无正文",
            "No content",
            "_（正文获取失败，仅保留原文链接）_",
            "正文暂未抓取，可点击“抓取全文”或直接查看原文",
            "微信公众号页面触发验证码，当前无法自动抓取，请稍后再试",
            "本文为图片消息，暂不支持提取文字",
            "Article content could not be extracted.",
            "Readability failed to parse the page",
            "Error fetching URL: HTTPConnectionPool(host='mp.weixin.qq.com', port=443)",
        ),
        spares=(
            "无法获取文章内容时怎么办",
            "undefinedness",
            "null 与 None\n\n有别。",
            "获取失败者",
            "正文暂未抓取的三篇，明天再说。",
            "由于台风，无法获取完整内容的读者可以等。",
        ),
    ),
)
_CUT_OFF = re.compile(
    r"(?:\A|\n)\W{0,9}(?:error\W)?(?:content|text|output|response)?\s?truncated\b"
    r"(?:\. Call the fetch tool [^\n]{0,99})?(?:\W{0,4}error)?\W{0,9}\Z"
    r"|[\[(（【<]\s?(?:\d{1,9} (?:characters|chars|letters|tokens) |(?:content|text|output) )?"
    r"truncated\W{1,9}\Z"
    r"|[\[(（【]\s?(?:以下|其余|剩余)?(?:内容|正文|原文|文章|全文)?(?:过长)?[，,]?(?:已被?|被)截断"
    r"(?:[，,][^\n]{0,30})?\W{1,9}\Z",
    re.IGNORECASE,
)
"""What scripts, and servers that fetch for a model, write behind a text that they cut."""
_LONGEST_CUT = 300  # characters


def failure_of(text: str) -> str:
    """The id of the tool that wrote all of a text in place of an article's; "" for none."""
    plain = unescaped(text.replace("\\", ""))
    return next((row.id for row in FAILURES if re.fullmatch(row.pattern, plain)), "")


def says_it_is_cut(text: str) -> bool:
    """Whether the last words of a text are a tool's, which kept a part of it."""
    return _CUT_OFF.search(text[-_LONGEST_CUT:].replace("\\", "").rstrip()) is not None
