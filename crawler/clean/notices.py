"""NOTICES: what WeChat serves in place of an article, as a table.

Pages and seeds are judged by the same rows.

A notice is judged by its own element's text (a page) or by a body that holds nothing else (a seed),
never by a word found somewhere: people write articles about deleted articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.article import State
from crawler.characters import INVISIBLE, JOINERS

# characters without white space; the longest of 600 notices has 190, with its links
_MAX_LENGTH = 400

# What may stand behind a notice's sentence: nothing, its reason, the link to the rules, or the
# page's furniture.
_END = (
    r"[。.!！]?(?:\Z|\[|[：:]，|接相关投诉|由用户投诉|经审核|经平台审核|涉嫌|微信公众平台运营中心|我要反馈|返回|查看"
    r"|我要申诉(?:\Z|[：:]，|微信公众平台运营中心)|WeixinOfficialAccounts)"
)
# The same in English, whose reasons are not known to the letter: one names what was broken.
_REASON = r"[.。]?(?=[A-Z])[^。]{0,200}?(?i:report|complain|violat|regulation)"
# Behind a sentence that has no reason, and that anybody may begin with, only the furniture.
_ALONE = r"[。.!！]?(?:\Z|[：:]，|微信公众平台运营中心|WeixinOfficialAccounts)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One sentence that WeChat says in place of an article."""

    id: str
    state: State
    pattern: str  # matched from the start of the text as `normal_text` gives it
    matches: tuple[str, ...]
    spares: tuple[str, ...]
    evidence: str


NOTICES = (
    Notice(
        id="verification",
        state=State.VERIFICATION,
        pattern=r"(?:环境异常)?当前环境异常，完成验证后即可继续访问|环境异常(?:去验证)?"
        + _END
        + r"|去验证\Z",
        matches=(
            "环境异常",
            "## 环境异常\n\n当前环境异常，完成验证后即可继续访问。\n\n去验证",
            "去验证",
        ),
        spares=("环境异常是爬虫最常见的提示", "去验证一个说法", "数据中心环境异常"),
        evidence="2,477 seeds; pages write it by script, and are known by their markers",
    ),
    Notice(
        id="rate-limited",
        state=State.RATE_LIMITED,
        pattern=r"(?:验证身份)?(?:你的|您的)?访问过于频繁(?:，请|，需要|"
        + _END
        + r")|操作(?:过于)?频繁，请稍[后候]再试"
        + _END,
        matches=(
            "访问过于频繁，请用微信扫描二维码进行访问",
            "验证身份 你的访问过于频繁，需要从微信打开验证身份，是否需要继续访问当前页面？",
            "操作频繁，请稍后再试",
            "操作频繁，请稍候再试",
            "操作过于频繁，请稍后再试。",
        ),
        spares=(
            "访问过于频繁的三个原因",
            "操作频繁的人",
            "操作频繁，请稍后再试，这句话我一天要看三遍",
            "操作过于频繁，请稍候再试的弹窗怎么做",
        ),
        evidence="a page of 2019; that it is said of what one does, in four other projects' code",
    ),
    Notice(
        id="rate-limited-picture",
        state=State.RATE_LIMITED,
        pattern=r"(?:为了保护你的网络安全，)?请输入图片中的字符"
        + _END
        + r"|为了保护你的网络安全，请输入验证码"
        + _END
        + r"|请输入验证码"
        + _ALONE,
        matches=(
            "请输入图片中的字符",
            "为了保护你的网络安全，请输入验证码",
            "为了保护你的网络安全，请输入验证码\n\n![](http://mp.weixin.qq.com/mp/verifycode?cert=1)",
            "请输入验证码",
        ),
        spares=(
            "图片中的字符怎么读",
            "请输入图片中的字符，是给人出的题",
            "请输入验证码的那些年",
            "请输入验证码[旺柴]",
            "请输入验证码返回上一页，再来一次",
        ),
        evidence="other projects' code",
    ),
    Notice(
        id="deleted",
        state=State.DELETED,
        pattern=r"[该此]内容已被(?:发布者|作者)?删除" + _END,
        matches=(
            "该内容已被发布者删除",
            "此内容已被发布者删除。",
            "该内容已被删除",
            "该内容已被发布者删除\n\n微信公众平台运营中心",
        ),
        spares=("该内容已被发布者删除的提示很多人见过", "他发布的内容已被删除"),
        evidence="two pages of 2025, 576 seeds",
    ),
    Notice(
        id="deleted-english",
        state=State.DELETED,
        pattern=r"(?i:Thecontenthasbeendeletedbytheauthor)" + _END,
        matches=("The content has been deleted by the author.",),
        spares=("The content has been deleted by the author and his friends",),
        evidence="a page of 2025 fetched in English",
    ),
    Notice(
        id="violation",
        state=State.VIOLATION,
        pattern=r"[此该]内容因违规(?:无法查看|已删除|已被删除)" + _END,
        matches=(
            "此内容因违规无法查看",
            "此内容因违规已删除",
            "此内容因违规无法查看\n由用户投诉并经平台审核，涉嫌过度营销、骚扰用户，查看对应规则",
            "此内容因违规无法查看\n\n我要申诉\n\n微信公众平台运营中心",
            "## 此内容因违规无法查看\n\n接相关投诉，此内容违反《某某法》，查看[详细内容](http://www.example.cn/)",
        ),
        spares=(
            "此内容因违规无法查看的文章越来越多",
            "此内容因违规无法查看。我要申诉！写了三年的号，一夜之间没了",
        ),
        evidence="a page of 2025, 36 seeds",
    ),
    Notice(
        id="violation-english",
        state=State.VIOLATION,
        pattern=r"(?i:Unabletoviewthiscontentbecauseitviolatesregulations?)(?:[.。]?View|"
        + _REASON
        + "|"
        + _END
        + ")",
        matches=(
            "Unable to view this content because it violates regulation",
            "## Unable to view this content because it violates regulations.\n\nReported by users",
            "Unable to view this content because it violates regulations\nAccording to complaints",
            "Unable to view this content because it violates regulations\nIt is violating laws",
        ),
        spares=(
            "Unable to view this content because it violates regulations of ours, says the link",
            "Unable to view this content because it violates regulations.\n\nWhere is our post?",
            "unable to view this content",
        ),
        evidence="nine other projects' code, of pages that were fetched in English",
    ),
    Notice(
        id="violation-reported",
        state=State.VIOLATION,
        pattern=r"此内容被多人投诉，相关的?内容无法进行查看|(?:此内容|该内容)?涉嫌违反相关法律法规和政策"
        + _END
        + r"|接相关投诉，此内容违反|经审核涉嫌不实信息"
        + _END,
        matches=(
            "此内容被多人投诉，相关的内容无法进行查看。",
            "此内容涉嫌违反相关法律法规和政策",
            "涉嫌违反相关法律法规和政策，查看对应规则".replace("，", ""),
            "接相关投诉，此内容违反《互联网用户公众账号信息服务管理规定》，查看详细内容",
            "经审核涉嫌不实信息",
        ),
        spares=("涉嫌违反相关法律法规和政策的企业名单",),
        evidence="seeds, and other projects' code",
    ),
    Notice(
        id="complaint",
        state=State.COMPLAINT,
        pattern=r"[此该]内容被投诉且经审核涉嫌侵权|冒名侵权" + _END,
        matches=("此内容被投诉且经审核涉嫌侵权，无法查看。", "冒名侵权"),
        spares=("冒名侵权怎么办",),
        evidence="other projects' code",
    ),
    Notice(
        id="send-failed",
        state=State.SEND_FAILED,
        pattern=r"[此该]内容发送失败无法查看(?:[。，]?此内容因|"
        + _END
        + r")|[此该]内容因涉嫌违反相关法律法规和政策发送失败",
        matches=(
            "此内容发送失败无法查看",
            "## 此内容发送失败无法查看\n\n此内容因涉嫌违反相关法律法规和政策发送失败，查看详情",
        ),
        spares=("此内容发送失败无法查看时的办法",),
        evidence="other projects' code, the reason below it in four",
    ),
    Notice(
        id="account-blocked",
        state=State.ACCOUNT_GONE,
        pattern=r"此帐号已被屏蔽[，,]?内容无法查看|该公众号已被封禁" + _END,
        matches=(
            "此账号已被屏蔽, 内容无法查看",
            "此帐号已被屏蔽，内容无法查看 接相关投诉，此账号涉嫌违反",
            "该公众号已被封禁",
        ),
        spares=("该公众号已被封禁三次", "我的账号已被屏蔽"),
        evidence="51 seeds",
    ),
    Notice(
        id="account-closed",
        state=State.ACCOUNT_GONE,
        pattern=r"此帐号已(?:自主)?注销[，,]?内容无法查看|此帐号被投诉且经审核涉嫌侵权。此帐号已注销",
        matches=(
            "此账号已自主注销，内容无法查看",
            "此帐号被投诉且经审核涉嫌侵权。此帐号已注销，内容无法查看。",
        ),
        spares=("此账号已自主注销后能恢复吗",),
        evidence="11 seeds",
    ),
    Notice(
        id="migrated",
        state=State.MIGRATED,
        pattern=r"该公众号已迁移(?:"
        + _END
        + r"|该公众号已迁移至新的帐号)|该公众号已迁移至新的帐号",
        matches=("该公众号已迁移", "## 该公众号已迁移\n\n该公众号已迁移至新的账号，原账号已回收。"),
        spares=("该公众号已迁移到了哪里",),
        evidence="13 seeds; the new address stands in `transferTargetLink` [code]",
    ),
    Notice(
        id="migrated-without-it",
        state=State.MIGRATED,
        pattern=r"原帐号迁移时未将文章素材同步至新帐号",
        matches=("原账号迁移时未将文章素材同步至新账号，该链接已不可访问",),
        spares=("帐号迁移流程",),
        evidence="other projects' code",
    ),
    # While it moves: when that is over its pages say where they went.
    Notice(
        id="migrating",
        state=State.UNAVAILABLE,
        pattern=r"此帐号处于帐号迁移流程中|此帐号已申请(?:公众号)?帐号迁移(?:流程)?(?:，被冻结|"
        + _ALONE
        + ")",
        matches=(
            "此帐号处于帐号迁移流程中",
            "此帐号已申请帐号迁移",
            "此帐号已申请公众号帐号迁移流程，被冻结/回收，小主页暂无法访问。",
        ),
        spares=(
            "帐号迁移流程",
            "此帐号已申请帐号迁移，以后请到新号看我们",
            "此帐号已申请帐号迁移\n\n![新号](https://mmbiz.qpic.cn/a/640)",
        ),
        evidence="other projects' code",
    ),
    Notice(
        id="expired",
        state=State.EXPIRED,
        pattern=r"链接已过期" + _END,
        matches=("链接已过期",),
        spares=("链接已过期怎么找回",),
        evidence="a page of 2018, from a search engine's temporary link",
    ),
    Notice(
        id="bad-link",
        state=State.BAD_LINK,
        pattern=r"参数错误" + _END,
        matches=("参数错误",),
        spares=("参数错误导致的漏洞",),
        evidence="a page of 2026",
    ),
    Notice(
        id="rumour",
        state=State.RUMOUR,
        pattern=r"[该此]文章(?:已被第三方辟谣|被第三方评估为不实信息" + _END + ")",
        matches=("该文章已被第三方辟谣", "此文章被第三方评估为不实信息"),
        spares=("第三方辟谣平台", "此文章被第三方评估为不实信息，可我写的都是真的"),
        evidence="other projects' code",
    ),
    Notice(
        id="unavailable",
        state=State.UNAVAILABLE,
        pattern=r"[该此]内容暂时无法查看" + _END,
        matches=("该内容暂时无法查看",),
        spares=("该内容暂时无法查看的原因",),
        evidence="a page of 2025",
    ),
    Notice(
        id="reviewed",
        state=State.UNAVAILABLE,
        pattern=r"[该此]?内容审核中" + _ALONE,
        matches=("内容审核中",),
        spares=(
            "内容审核中的三个难点",
            "内容审核中心",
            "内容审核中涉嫌侵权的图片，先下架，再问作者",
            "内容审核中[捂脸]",
        ),
        evidence="ten other projects' code",
    ),
    Notice(
        id="private",
        state=State.PRIVATE,
        pattern=r"根据作者隐私设置，无法查看该内容(?:。?看作者其他内容|" + _END + ")",
        matches=(
            "根据作者隐私设置，无法查看该内容",
            "根据作者隐私设置，无法查看该内容。\n\n看作者其他内容",
        ),
        spares=("根据作者隐私设置，无法查看该内容的人",),
        evidence="six other projects' code and notes; scripts write it into an empty page",
    ),
    Notice(
        id="client-only",
        state=State.CLIENT_ONLY,
        pattern=r"请在微信客户端打开链接" + _END,
        matches=("请在微信客户端打开链接",),
        spares=("请在微信客户端打开链接然后转发",),
        evidence="other projects' code",
    ),
    Notice(
        id="system",
        state=State.SYSTEM,
        pattern=r"(?:系统出错|已停止访问该网页)" + _END,
        matches=("系统出错", "已停止访问该网页"),
        spares=("系统出错时的应急预案", "已停止访问该网页的人都记得它的样子"),
        evidence="other projects' code",
    ),
)

_COMPILED = tuple((notice, re.compile(notice.pattern)) for notice in NOTICES)
_NAME = re.compile(r"[^\n。！？，]{1,40}\Z")  # what an account or a title may be
_SPACE = re.compile(rf"[\s{INVISIBLE}{JOINERS}]+")


def judge_notice(text: str) -> tuple[State, str] | None:
    """The state and the id of the notice that the text is, or None where it is none.

    `text` is a notice element's text, or the whole of a seed's body without its furniture.
    """
    if len(text) > 10 * _MAX_LENGTH:
        return None
    text = normal_text(text)
    if len(text) > _MAX_LENGTH:
        return None
    for notice, pattern in _COMPILED:
        if pattern.match(text):
            return notice.state, notice.id
    return None


def judge_notice_below_name(text: str) -> tuple[State, str] | None:
    """The notice that all of a document's text is, but for a name above it.

    A text that only quotes one has more to say, and be it a sentence.
    """
    name, _, rest = text.partition("\n\n")
    return judge_notice(text) or (judge_notice(rest) if _NAME.match(name) else None)


def normal_text(text: str) -> str:
    """The text as notices are compared.

    No white space, no heading's mark, one way to write 帐号 and the comma.
    """
    return _SPACE.sub("", text).lstrip("#").replace("账号", "帐号").replace(",", "，")
