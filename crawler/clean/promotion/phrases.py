"""What an appeal is, and the phrases that the patterns of several are made of."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 90  # characters; of 400 appeals that were read the longest has 84
LONGER = 220  # of an invitation that says what is to be had, at what price


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One kind of appeal.

    `opens` says that it may stand at the head as well as at the tail; `shows_code`, that a picture
    beside it is the code to scan. Where the article's own prose speaks of the `subject`, it is the
    article's.
    """

    id: str
    pattern: str
    matches: tuple[str, ...]
    spares: tuple[str, ...]
    evidence: str
    opens: bool = False
    shows_code: bool = False
    longest: int = LONGEST
    subject: str = ""


MARKS = r"[^\w\x00]{0,12}"
SERVES = (
    r"(?!.{0,90}(?:报名|预约|购票|投递|简历|问卷|抽奖|中奖|举报|直播|漏洞|获奖|领取|"
    r"职位|岗位|参会|活动|获得|参赛|比赛|赛事|体验|申请|查看原文|缴费|查询|成绩|登记|捐[款赠]|答案|图纸|诱导|骗))"
    r"(?!(?!.{0,90}(?:星球|订阅|加入)).{0,90}(?:下载|报告|全文))"
)
TELLS = (
    r"(?!.{0,90}(?:(?<!其)[他她]|请勿|不得|严禁|禁止|[母父]亲|[爸妈]|家长|村民|居民|业主|市民|老人|"
    r"游[客人]|[乘旅顾]客|商户|患者|考生))"
)
"""No appeal tells of somebody: stories end in people who share, join and follow."""

TO_ALL = (
    r"(?:大家|各位|您|你|广大|读者|师傅们?|朋友们?|小?伙伴们?|微信|扫码|长按|点击|搜索|持续|"
    r"长期|继续|多多|动手|[,也来就可以都])*"
)
BY_CODE = (
    r"(?:(?:长按|扫描?|扫一?扫|识别).{0,14}[码图]|扫码|长按|"
    r"点击?.{0,14}(?:扫码|[上下]方|卡片|名片))"
)
GIVEN = r"(?:点赞|赞(?![美扬叹许颂助])|在看|转发|分享|三连|收藏|星标|好看)"
PRAISE = r"(?:点个?赞|点个在看|赞|在看|转发|分享|三连|收藏|星标|留言|评论)"
GIFT = rf"(?:{PRAISE}|关注|喜欢)"
FRIENDLY = (
    r"(?:本文|这篇.{0,6}|一下|起来|支持|鼓励|让?更多.{0,10}|给.{0,8}(?:朋友|伙伴|好友)|吧|哦|哟|呀|啦|"
    r"[^\w\x00]){0,4}"
)
ACTS = (
    r"(?:关注|加入|添加|进群|入群|加群|加微|加好友|好友|订阅|咨询|联系|沟通|了解|更多|查看|"
    r"下载|注册)"
)
CHANNEL = r"(?:公众号|视频号|服务号|订阅号|微信号?|官微|微博|抖音|b站|小程序|频道|专栏|账号)"
