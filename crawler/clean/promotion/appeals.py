"""APPEALS: blocks that do nothing but call to the reader, as a table.

What an account repeats is learned. An appeal needs no learning: the whole of a short block is a
call to follow, scan, share or read on, so that it goes from an edge where it stands but once, and
what was learned counts in its company. Each pattern matches a whole block's words (no markup, no
white space, lower case). Words that only serve the article (报名, 预约, 投递) are no appeal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 90  # characters; of 400 appeals that were read the longest has 84

_LONGER = 220  # of an invitation that says what is to be had, at what price


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One kind of appeal.

    `opens` says that it may stand at the head as well as at the tail; `shows_code`, that a picture
    beside it is the code to scan.
    """

    id: str
    pattern: str
    matches: tuple[str, ...]
    spares: tuple[str, ...]
    evidence: str
    opens: bool = False
    shows_code: bool = False
    longest: int = LONGEST


_MARKS = r"[^\w\x00]{0,12}"
_SERVES = (
    r"(?!.{0,90}(?:报名|预约|购票|投递|简历|问卷|抽奖|中奖|举报|直播|漏洞|获奖|领取|"
    r"职位|活动|获得|参赛|比赛|赛事|体验|申请|查看原文))(?!(?!.{0,90}(?:星球|订阅|加入)).{0,90}(?:下载|报告|全文))"
)
_CHANNEL = r"(?:公众号|视频号|服务号|订阅号|微信号?|官微|微博|抖音|b站|小程序|频道|专栏|账号)"

APPEALS = (
    Appeal(
        id="above",
        pattern=rf"{_MARKS}(?:请|快)?(?:点击?|戳|击)(?:一下)?(?:标题)?(?:上方|下方|上面|下面|右上角)?"
        rf"{_MARKS}(?:蓝色?字体?|小?卡片|小?名片|公众号){_MARKS}.{{0,24}}",
        matches=(
            "点击上方蓝字关注我们",
            "△△点击“蓝字”,关注我们了解更多精彩",
            "击蓝字·关注我们/abc",
            "点击下方小卡片关注某刊",
            "点击蓝字",
        ),
        spares=("点击上方视频观看", "攻击者点击蓝色按钮之后就会下载恶意文件,随后窃取凭据"),
        evidence="1.2 % of articles began so after all that repeats was taken",
        opens=True,
    ),
    Appeal(
        id="follow",
        pattern=rf"{_SERVES}{_MARKS}(?:👇|点击|欢迎|敬请|请|快|求|记得|长按|扫描?|识别|微信|搜索|更多|了解|获取|还没有|喜欢|觉得|点赞)"
        rf".{{0,30}}(?:关注|订阅)(?:一下|下|了?我们|我|本{_CHANNEL}|.{{0,20}}{_CHANNEL}|[《「\"“'].{{0,20}}|.{{0,8}}){_MARKS}",
        matches=(
            "欢迎关注我们",
            "长按识别二维码关注我们",
            "喜欢就关注一下吧!",
            "欢迎扫码关注某某公众号",
            "扫码订阅《某刊》",
        ),
        spares=(
            "这一趋势值得持续关注",
            "请各单位重点关注该漏洞的修复进展并及时升级",
            "关注",
            "请用户关注官方公告,尽快升级到最新版本。",
        ),
        evidence="2.0 % of articles ended so after all that repeats was taken",
        opens=True,
        shows_code=True,
    ),
    Appeal(
        id="follow-us",
        pattern=rf"{_MARKS}(?:欢迎)?(?:点击)?关注(?:一下)?(?:我们|我|本号|本公众号|.{{2,8}}(?:平台|团队|实验室)){_MARKS}(?:.{{0,12}}[!~])?"
        rf"|{_MARKS}关注我们(?:[,!]|获取|了解).{{0,20}}|{_MARKS}关注(?:微信)?公众号[:].{{1,20}}",
        matches=(
            "关注我们",
            "关注我们!",
            "★关注本公众号★",
            "关注我们,了解更多安全内容",
            "关注公众号:某某",
        ),
        spares=("关注我们身边的安全", "他关注我们的研究"),
        evidence="the second half of a call that is cut in two blocks",
        opens=True,
        shows_code=True,
    ),
    Appeal(
        id="more",
        pattern=rf"{_SERVES}{_MARKS}(?:获取|了解|查看|观看|想看)更多.{{0,12}}(?:信息|资讯|内容|详情|精彩|干货|文章|报道|视频){_MARKS}",
        matches=("获取更多资讯", "了解更多精彩内容!"),
        spares=("了解更多", "获取更多权限信息后,攻击者横向移动"),
        evidence="the second half of a call that is cut in two blocks",
    ),
    Appeal(
        id="code",
        pattern=rf"{_SERVES}{_MARKS}.{{0,24}}(?:长按|扫描?|扫一?扫|识别|戳).{{0,12}}(?:码|图片|名片)"
        rf"(?:{_MARKS}|.{{0,16}}(?:关注|加入|添加|进群|入群|加群|加微|好友|订阅|咨询|联系|沟通|了解|更多|查看|下载|注册).{{0,30}})",
        matches=(
            "长按识别二维码",
            "识别下方二维码加入星球",
            "获取更多资讯,请扫描下方二维码",
            "扫描二维码,了解更多",
            "扫码加微",
        ),
        spares=(
            "扫描下方二维码报名参会",
            "攻击者诱导受害者扫描二维码后窃取其账号口令,并转走资金",
            "扫描端口",
        ),
        evidence="4.2 % of articles ended in a call to scan a code",
        shows_code=True,
    ),
    Appeal(
        id="consult",
        pattern=rf"{_SERVES}{_MARKS}(?:欢迎|请|点此|点击|扫码|详情|电话|在线|可){{1,3}}.{{0,4}}咨询.{{0,16}}{_MARKS}",
        matches=("欢迎扫码咨询某某安全专家", "点此电话咨询", "请咨询某某安全专家"),
        spares=(
            "某咨询公司发布了报告",
            "用户可以咨询",
            "请客户经理提供咨询服务方案和报价的全部明细,以便比较",
        ),
        evidence="the call before a code, in articles that sell a service",
        shows_code=True,
    ),
    Appeal(
        id="original",
        pattern=r"(?!.{0,90}(?:参加|报名|活动|合伙|成为|购|抢|投递|预约|报告|论文|文档|观看|"
        r"完整|体验|提交|达|代码|仓库|开源|参赛|比赛|下载))"
        r".{0,40}(?:点击?|戳|请(?!求)|见|击|开).{0,14}[\"“”「【'《]{0,2}(?:阅读原文|"
        r"查看原文|原文链接|阅读全文)[\"“”」】'》]{0,2}.{0,60}",
        matches=(
            "点击“阅读原文”了解更多",
            "戳“阅读原文”更多精彩内容!",
            "更多内容请点击文末左下角【阅读原文】",
            "👇点击阅读原文,加入社区",
        ),
        spares=(
            "点击阅读原文,立即报名",
            "阅读原文的人都会发现这一点",
            "原文链接:https://example.com",
            "用户请求了原文链接",
        ),
        evidence="2.6 % of articles ended so after all that repeats was taken",
        shows_code=False,
    ),
    Appeal(
        id="share",
        pattern=r"(?!.{0,60}(?:抽奖|截图|参与|活动|朋友圈即可))(?:"
        r"(?:.{0,30}(?:点个?赞|点个|在看|转发|分享|三连|收藏|星标|留言|评论).{0,12}){2}"
        r"|\W{0,4}(?:喜欢|分享|点赞|在看|收藏|转发)\W{0,4}"
        r"|.{0,40}(?:分享|转发)(?:到|至|给)(?!了).{0,4}(?:朋友圈|更多|好友|身边|伙伴|同事).{0,20}"
        r"|\W{0,6}点(?:击|个)?[\"“”「]?(?:在看|赞)[\"“”」]?\W{0,6}"
        r"|.{0,24}(?:点个|求|记得|顺手|随手|欢迎|帮忙|请)(?:一个|个|点)?[\"“”「]?(?:赞|"
        r"在看|转发|分享|三连|收藏|星标|好看)[\"“”」]?.{0,10})",
        matches=(
            "觉得有用请点个赞",
            "点赞、在看、转发三连",
            "求在看",
            "分享给小伙伴,点个“在看”",
            "欢迎转发分享",
        ),
        spares=("他把文件分享给了同事", "转发本文至朋友圈即可参与抽奖", "收藏家的故事"),
        evidence="1.8 % of articles ended so after all that repeats was taken",
    ),
    Appeal(
        id="contribute",
        pattern=rf"{_MARKS}(?:欢迎|长期|诚邀|期待|接受)?.{{0,16}}(?:投稿|征稿|供稿|约稿)(?:邮箱|信箱|热线|方式|联系|微信|合作|请|须知){{0,2}}(?:[:|至到].{{0,50}}|{_MARKS}|(?:请|可|欢迎).{{0,40}})",
        matches=("投稿邮箱:a@example.com", "欢迎投稿", "投稿请联系小编", "长期征稿:a@example.com"),
        spares=("该论文于三月投稿,五月被录用", "张三投稿的研究论文介绍了一种方法"),
        evidence="2.7 % of articles ended in an address for contributions",
    ),
    Appeal(
        id="circle",
        pattern=r"(?!.{0,90}(?:受害|诈骗|诱导|攻击者))(?:.{0,40}(?:欢迎|扫|识别|长按|请|备注|"
        r"邀请|拉你|想|感兴趣|点击|可以?|立即|快来|添加|加).{0,24})?"
        r"(?:加入|进入?|添加|入).{0,16}(?:星球|交流群|读者群|粉丝群|技术群|社群|微信群|"
        r"qq群|学习群|讨论群|大家庭).{0,30}"
        r"|欢迎(?:进群|入群|加群|加入社区).{0,10}",
        matches=(
            "欢迎加入我们的知识星球",
            "加入读者群",
            "扫码备注加群,邀请您加入交流群",
            "欢迎进群",
        ),
        spares=("受害人被诱导加入微信群后转账", "该组织加入了全球联盟"),
        evidence="2.2 % of articles ended so after all that repeats was taken",
        shows_code=True,
    ),
    Appeal(
        id="contact",
        pattern=rf"{_MARKS}(?:请?添加|加|联系)(?:.{{0,8}})(?:小助手|客服|管理员)(?:微信)?(?:号|二维码)?{_MARKS}(?:[:|].{{0,40}}|(?:咨询|了解|进群).{{0,24}})?"
        rf"|{_MARKS}contact(?:me|us)[:].{{4,50}}|.{{0,4}}欢迎.{{0,10}}加(?:我|小编|笔者)(?:的)?微信.{{0,60}}"
        rf"|{_MARKS}.{{0,8}}(?:商务合作|合作(?:邮箱|热线|微信)|(?:征订|订阅|咨询|服务|联系|客服|应急响应|全国)(?:热线|电话)|微信(?:公众)?号|新浪微博|官方微博)(?:账号|微信号?|电话|邮箱)?[:|].{{0,60}}",
        matches=(
            "微信号:abc123",
            "商务合作:a@example.com",
            "添加管理员微信号:abc",
            "征订热线:000-12345678",
            "Contact me: a#example.com",
            "欢迎师傅加我微信,一起交流",
        ),
        spares=(
            "攻击者冒充客服",
            "攻击者伪装成管理员之后横向移动到域控制器,并窃取了全部凭据,最终删除了日志和所有的备份数据",
        ),
        evidence="how to reach the account, in 7 of 134 accounts beside its code or alone",
        shows_code=True,
    ),
    Appeal(
        id="invitation",
        pattern=r"(?!.{0,220}(?:受害|诈骗|诱导|攻击者|简历|投递|报名|比赛|赛事|大会|会议))(?:.{0,60}(?:感兴趣|长期主义|想要?|"
        r"欢迎|可以|快来|[!~]).{0,30})?(?:欢迎|可以?|邀请|拉).{0,8}(?:加入|进入?).{0,24}(?:星球|群|社群|社区)"
        r".{0,160}",
        matches=(
            (
                "欢迎你加入我的知识星球,我们一起聊聊创业、产品、运营、阅读。微信识别二维码,付费即可加入,如不满意,"
                "三天内可在App内无条件自助退款。"
            ),
            "对某某分析感兴趣的,可以加入笔者的专业群,一起共同分析和研究。",
        ),
        spares=(
            "欢迎你来到某某大会",
            "攻击者可以加入微信群,随后在群里散布带有恶意代码的文件,诱导群成员打开并运行",
        ),
        evidence="the paid circles of 6 of 60 accounts, in 100 to 210 characters",
        shows_code=True,
        longest=_LONGER,
    ),
    Appeal(
        id="welcome",
        pattern=r"(?!.{0,130}(?:报名|大会|会议|直播|比赛|赛事|论坛)).{0,90}(?:欢迎|敬请)(?:大家|各位|您|你|持续|长期|扫码)?"
        rf".{{0,6}}(?:关注|订阅)(?:我们|本号)?(?:{_MARKS}|[,!].{{0,30}})",
        matches=("某某研究,专注于恶意软件的分析与研究,追踪黑客组织攻击活动,欢迎大家关注。",),
        spares=("欢迎大家关注本周将召开的某某学术会议", "这一做法受到欢迎"),
        evidence="an account's line about itself that ends in a call, in 3 of 60 accounts",
        shows_code=True,
        longest=130,
    ),
    Appeal(
        id="below",
        pattern=rf"{_SERVES}.{{0,50}}(?:点击?|戳|扫描?|识别)(?:下方|下面|文末)的?(?:图片|卡片|链接|名片|海报|小程序|话题)"
        r".{0,30}",
        matches=("想了解更多某某趋势,可点击下方图片", "点击下方链接了解更多"),
        spares=("点击下方按钮后,程序会崩溃", "点击下方视频观看"),
        evidence="the line over the linked picture of another article",
    ),
    Appeal(
        id="reply",
        pattern=rf"{_SERVES}{_MARKS}请?(?:扫码|长按)?关注(?:本号|本?公众号|我们).{{0,6}}(?:发送?|回复|后台).{{2,40}}",
        matches=("请关注本号,发消息“A1”,获取封面照片",),
        spares=("关注我们的研究",),
        evidence="a reward for those who follow, in 2 of 134 accounts",
    ),
    Appeal(
        id="earlier",
        pattern=r"\W{0,6}(?:(?:上期|往期|上篇|前文)(?:回看|回顾|链接|推荐|文章)|(?:推荐|相关|延伸)阅读)[:].{2,60}",
        matches=("上期回看:有意思的一件小事", "推荐阅读:某某路段八月起限行"),
        spares=("上期回顾的漏洞已经修复",),
        evidence="one link to another article in the line of its heading, in 3 of 165 accounts",
    ),
    Appeal(
        id="profile",
        pattern=r"公众号[:].{1,24}(?:\([\w-]{4,30}\))[:].{2,200}",
        matches=("公众号:某某研究(abc_123):分享某某领域的干货",),
        spares=("公众号:某某研究(abc_123)", "公众号的写法很简单"),
        evidence="the card of an account, as the pages write it, behind 2 of 44 pages",
        longest=_LONGER,
    ),
    Appeal(
        id="star",
        pattern=rf"{_MARKS}.{{0,16}}(?:设(?:置|为)|加)[\"“”「]?(?:为|个)?[\"“”「]?星标.{{0,30}}",
        matches=("公众号设置“星标”,您不会错过新的消息通知", "把我们设为星标"),
        spares=("该行程序在配置中设置星号", "酒店为五星标准"),
        evidence="the call to pin the account, in 2 of 60 accounts",
    ),
    Appeal(
        id="subscription",
        pattern=rf"{_MARKS}邮发代号[:]?[\d-]{{3,9}}{_MARKS}|{_MARKS}(?:征订|订阅|订刊)(?:热线|电话)[:][\d\-—()/、]{{7,40}}",
        matches=("邮发代号 2-786", "征订热线:000-12345678"),
        spares=("邮发代号是什么", "订阅电话会议"),
        evidence="how a magazine is subscribed to, at the head of 7 of 7 articles of one account",
        opens=True,
    ),
    Appeal(
        id="history",
        pattern=r".{0,8}(?:查看|搜索|回顾|阅读).{0,6}历史.{0,6}(?:推送|文章|消息|内容|资讯).{0,100}",
        matches=("* 查看或搜索历史推送内容请访问:https://example.com",),
        spares=("查看历史记录的命令如下",),
        evidence="the last lines of 8 of 8 articles of one account",
        longest=160,
    ),
    Appeal(
        id="recruits",
        pattern=rf"{_MARKS}.{{0,12}}(?:招新|招募|纳新)(?:[|:丨,!]|小广告|令|队友).{{0,40}}",
        matches=("招新|某某战队邀请你加入", "招新小广告", "某某招募队友-ing"),
        spares=("招新工作已经结束", "某公司招聘安全工程师"),
        evidence="a team's standing call for members under its write-ups, in 3 of 134 accounts",
        shows_code=False,
    ),
    Appeal(
        id="slogan",
        pattern=rf"{_MARKS}(?:动动?手)?(?:点|加)个?关注{_MARKS}|{_MARKS}.{{0,8}}不迷路{_MARKS}|(?:赶紧|快).{{0,12}}订阅吧?{_MARKS}",
        matches=("动手点关注", "干货不迷路", "赶紧点击上方话题进行订阅吧!"),
        spares=("山里的孩子不怕迷路",),
        evidence="the two halves around the card of the account, in 2 of 60 accounts",
        opens=True,
    ),
    Appeal(
        id="about-heading",
        pattern=rf"{_MARKS}(?:关于我们|aboutus|公司简介){_MARKS}",
        matches=("关于我们", "—公司简介—", "About us"),
        spares=("关于我们的研究", "简介", "联系我们:"),
        evidence="2.9 % of articles ended in 关于我们",
    ),
)


_HINT = re.compile(
    "关注|订阅|码|卡片|名片|公众号|蓝|更多|咨询|原文|全文|赞|在看|转发|分享|三连|收藏|星标|留言|评论|好看|喜欢|"
    "稿|星球|群|社|大家庭|小助手|客服|管理员|合作|热线|电话|微信|微博|关于我们|aboutus|公司简介|迷路|历史|邮发|"
    "回复|阅读|contact|上期|往期|上篇|前文|招新|招募|纳新|下方|下面|文末|图片"
)
"""A word of which every appeal holds one: most blocks are looked at no further."""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Appeal, re.Pattern[str]], ...]:
    return tuple((row, re.compile(row.pattern)) for row in APPEALS)


def appeal_of(words: str) -> Appeal | None:
    """The row that a whole block's words match, if any."""
    if len(words) > _LONGER or not _HINT.search(words):
        return None
    return next(
        (
            row
            for row, pattern in _patterns()
            if len(words) <= row.longest and pattern.fullmatch(words)
        ),
        None,
    )
