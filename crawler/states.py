"""What each state means, in two languages, and what to do about it: one row a state."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.article import State

_NOTHING = ""
_LINK = "give a link with chksm, or a short one: crawler queue add URL"
_RETRY = "fetch it again: crawler fetch --queued"
_LATER = "wait; the next run goes on by itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A state in words; `what_to_do` is empty where nothing brings more."""

    state: State
    english: str
    chinese: str
    what_to_do: str = _NOTHING

    @property
    def final(self) -> bool:
        """Whether no other fetch is worth its request."""
        return not self.state.worth_fetching


def _row(state: State, english: str, chinese: str, what_to_do: str = _NOTHING) -> Meaning:
    return Meaning(state=state, english=english, chinese=chinese, what_to_do=what_to_do)


MEANINGS = (
    _row(State.OK, "the whole article", "全文"),
    _row(State.TRUNCATED, "a copy that its tool cut short", "被工具截断的副本", _LINK),
    _row(State.PAID, "the free part of a paid article", "付费文章的试读部分"),
    _row(State.HOLLOW, "the page came without its article", "只有页面框架，没有正文", _LINK),
    _row(State.UNSIGNED, "WeChat answers its link with nothing", "链接缺少 chksm，打不开", _LINK),
    _row(State.VERIFICATION, "WeChat asks whether a person reads", "需要验证是否为真人", _LATER),
    _row(State.RATE_LIMITED, "WeChat was asked too often", "访问过于频繁", _LATER),
    _row(State.UNAVAILABLE, "not to be had at that moment", "暂时无法查看", _RETRY),
    _row(State.SYSTEM, "WeChat had an error of its own", "系统出错", _RETRY),
    _row(State.UNREADABLE, "what came is no page that we can read", "返回的内容无法识别", _RETRY),
    _row(State.DELETED, "its author deleted it", "已被发布者删除"),
    _row(State.VIOLATION, "taken down for a violation", "因违规无法查看"),
    _row(State.COMPLAINT, "taken down after complaints", "被投诉后无法查看"),
    _row(State.SEND_FAILED, "it was never sent out", "发送失败，无法查看"),
    _row(State.ACCOUNT_GONE, "its account is closed or blocked", "帐号已注销或被屏蔽"),
    _row(State.MIGRATED, "its account moved to another", "帐号已迁移"),
    _row(State.EXPIRED, "its link was for a while only", "链接已过期", _LINK),
    _row(State.BAD_LINK, "its link names no article", "链接参数错误", _LINK),
    _row(State.RUMOUR, "taken down as a rumour", "被认定为不实信息"),
    _row(State.PRIVATE, "its author keeps it private", "作者设为私密"),
    _row(State.CLIENT_ONLY, "to be seen in the app only", "只能在微信客户端打开"),
    _row(State.ALBUM, "a list of articles", "合集", "give the links that it lists"),
    _row(State.ACCOUNT_PAGE, "a page about an account", "公众号主页"),
    _row(State.NOT_WECHAT, "no article of WeChat's", "不是微信文章"),
)
"""Every state once, in the order of `State`."""
