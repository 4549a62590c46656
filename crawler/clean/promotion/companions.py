"""COMPANIONS: short words that go with the promotion that they stand beside, as a table.

Alone they might be an article's own (a telephone, a name, half of a sentence), so that they go from
an edge only directly inside of promotion. Each pattern matches a whole block's words (no markup, no
white space, lower case).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.clean.promotion.phrases import MARKS

LONGEST = 60  # characters; of 300 companions that were read the longest has 52
_SERVES = (
    r"(?!.{0,60}(?:报名|预约|购票|门票|投递|简历|岗位|职位|问卷|抽奖|中奖|举报|漏洞|获奖|会议|"
    r"报警|急救|援助|求助|救助|监督|投诉|受理|\(.{0,3}(?:女士|先生|老师)|[村居]委|排练|周[一二三四五六日]|"
    r"升级|修复|版本|攻击|媒体|活动(?:时间|联系|地点|规则|详情)|赛事|\d月|\d日))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """One kind of words beside promotion. `reaches` says that it is a way to reach the account."""

    id: str
    pattern: str
    matches: tuple[str, ...]
    spares: tuple[str, ...]
    evidence: str
    reaches: bool = False


_OF_NOBODY = r"(?!.{0,60}(?:(?<!其)[他她它]|[母父]亲|[爸妈]|孩子|老人))"
_TURNS = (  # what a call turns to; a last line of prose or verse has none of them
    r"关注|[扫识]|码|群|赞|在看|转发|分享|收藏|咨询|合作|联系|资料|课程|加入|领取|免费|试用|购|有用|不错|帮助|有帮|"
    r"需要|兴趣|疑问|问题|建议|意见|交流|我们|进来|更多|详情|信息|内容|资讯|精彩|下载|订阅|报道|文章|活动|热线|电话|助力|"
    r"产品|服务|方案|平台|账号|官网|会员|社区"
)

COMPANIONS = (
    Companion(
        id="half",
        pattern=rf"{_SERVES}{_OF_NOBODY}(?!.{{0,60}}(?:阅读原文|查看原文|论文))(?=.{{0,60}}(?:{_TURNS})){MARKS}(?:更多(?!的|人)|想要?(?:了解|知道|获取|看|加入)|如需|如有|如(?:果|您|对)|"
        r"若您?|觉得|还没有|听说|记得|赶[紧快]|快来|立[即刻]|即刻|马上|现在|获取|了解|查看|可拨打|注册|"
        r"欢迎)[^。;:]{0,26}|.{0,8}欢迎.{0,16}加入我们.{0,8}",
        matches=(
            "如需进一步咨询",
            "更多风险详情",
            "获取更多活动信息",
            "即刻助力研判",
            "可拨打热线",
        ),
        spares=(
            "如果攻击者已经进入内网",
            "更多漏洞详情如下:",
            "如有问题请联系会议秘书处",
            "更多信息,请点击阅读原文查看论文",
            "如果你也在等一场雪",
            "记得那年的雨",
            "欢迎回家",
        ),
        evidence="the other half of a call that is cut in two, in 9 of 60 accounts",
    ),
    Companion(
        id="pitch",
        pattern=rf"{_SERVES}{_OF_NOBODY}{MARKS}(?:(?:我们|.{{0,12}}(?:号|团队|平台|实验室|社区|媒体|社|网|院|公司|资讯|安全)[,:]?|.{{0,4}}我是.{{2,10}}[!,。])?"
        r"(?:一直)?(?:致力于|专注于?|聚焦).{2,44}|.{0,16}(?:网罗|带你(?:读懂|看懂|了解|走进|玩转|掌握|入门)|"
        r"一手(?:资讯|消息|资料|情报|掌握)|国内首个|分享.{0,8}(?:知识|干货)|(?:关注|收藏|干货).{0,4}不迷路|不容错过|不会错过|"
        r"我们不见不散|(?:福利|干货|好礼|惊喜|更多|大奖|课程).{0,8}等你|群里见|(?:在线|免费|群内|专家)答疑|免费领取).{0,44})",
        matches=(
            "专注渗透测试技术",
            "带你读懂网络安全",
            "网罗圈内热点,专注网络安全",
            "我们群里见!",
            "更多福利活动等你解锁",
        ),
        spares=(
            "攻击者专注于漏洞利用",
            "这是一个好问题",
            "9月11日,我们不见不散!",
            "我在老地方等你",
            "风会带你回家",
            "写得一手好字",
            "李先生一生致力于保护这片湿地。",
        ),
        evidence="what 14 of 60 accounts say of themselves beside their code",
    ),
    Companion(
        id="reach",
        pattern=rf"{_SERVES}{MARKS}(?:.{{0,10}}(?:网站|官网|网址|电话|手机|热线|邮箱|邮件|微信号?|公众号|"
        r"视频号|微博|qq|知乎|抖音|b站|github|twitter|telegram|medium|discord|linkedin|请联系|商务合作)"
        r"(?:号|账号|群)?[:|].{1,44}"
        r"|.{0,20}(?:公众号|微博|知乎|抖音|b站).{0,8}搜索.{0,30}"
        r"|.{0,12}(?:合作|咨询|联系人).{0,12}\d{7,}\W{0,4}"
        r"|\W{0,4}replace#with@\W{0,4}|.{0,24}回复[【“\"「'：:\d].{1,40})",
        matches=(
            "网站:www.example.com",
            "电话:010-12345678",
            "请联系:13800000000(微信同号)",
            "渠道合作咨询 某先生 13800000000",
            "后台回复“资料”,免费领取电子版",
        ),
        spares=(
            "会议地址",
            "地址:东街五号",
            "报警电话:110",
            "联系电话:13800000000(王女士)",
            "下载链接:https://example.com",
        ),
        evidence="how to reach the account, beside its code in 7 of 60 accounts",
        reaches=True,
    ),
    Companion(
        id="number",
        pattern=rf"(?!\W{{0,4}}(?:1[89]|20)\d\d\W{{1,3}}(?:1[89]|20)\d\d\W{{0,4}}\Z)"
        rf"{MARKS}(?:tel)?[:]?(?:\+?86)?[\d\-— ()]{{7,20}}(?:转\d{{1,4}})?{MARKS}"
        r"|(?:https?://)?(?:[a-z0-9-]{1,30}\.){1,3}(?:com|cn|net|org|io|me)(?:\.cn)?/?",
        matches=("400-000-0000", "www.example.com", "https://example.cn/"),
        spares=("2024", "10.0.0.1", "example.com/path", "1936-2018"),
        evidence="a line of its own under the words that announce it",
        reaches=True,
    ),
    Companion(
        id="channel",
        pattern=rf"(?!\W{{0,4}}(?:关注|团队)){_SERVES}{_OF_NOBODY}{MARKS}.{{0,16}}(?:公众号|视频号|服务号|订阅号|交流群|粉丝群|福利群|加群(?:技术)?交流|知识星球|小助手|官网|"
        rf"官方微博|官方论坛|(?:官方|技术|开源|用户|开发者)社区){MARKS}(?:开放啦|上线啦|来了|二维码)?{MARKS}",
        matches=("某某团队公众号", "官方攻防交流群", "-官方论坛", "粉丝福利群开放啦"),
        spares=(
            "攻击者搭建了仿冒官网并诱导用户下载",
            "公众号文章的写法",
            "又回到那个社区",
            "爸爸的公众号",
        ),
        evidence="the name of a channel beside its code, in 8 of 60 accounts",
    ),
)


_SERVING = re.compile(_SERVES)


@lru_cache(maxsize=2)
def _pattern(*, reaches: bool) -> re.Pattern[str]:
    rows = [row for row in COMPANIONS if row.reaches or not reaches]
    return re.compile("|".join(f"(?:{row.pattern})" for row in rows))


def is_companion(words: str) -> bool:
    """Whether a whole block's words match a row."""
    return 0 < len(words) <= LONGEST and _pattern(reaches=False).fullmatch(words) is not None


def is_reach(words: str) -> bool:
    """Whether a whole block's words say how the account is reached."""
    return 0 < len(words) <= LONGEST and _pattern(reaches=True).fullmatch(words) is not None


def serves_article(words: str) -> bool:
    """Whether words serve what the article is about: an event, a job, a prize."""
    return _SERVING.match(words) is None
