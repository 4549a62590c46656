"""APPEALS: blocks that do nothing but call to the reader, as a table.

What an account repeats is learned. An appeal needs no learning: the whole of a short block is a
call to follow, scan, share or read on, so that it goes from an edge where it stands but once, and
what was learned counts in its company. Each pattern matches a whole block's words (no markup, no
white space, lower case). Words that only serve the article (报名, 预约, 投递) are no appeal.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.clean.promotion.offers import OFFERS
from crawler.clean.promotion.phrases import (
    BY_CODE,
    CHANNEL,
    FRIENDLY,
    GIFT,
    GIVEN,
    LONGER,
    MARKS,
    PRAISE,
    SERVES,
    TELLS,
    TO_ALL,
    Appeal,
)

APPEALS = (
    Appeal(
        id="above",
        pattern=rf"{MARKS}(?:请|快)?(?:点击?|戳|击)(?:一下)?(?:标题)?(?:上方|下方|上面|下面|右上角)?"
        rf"{MARKS}(?:蓝色?字体?|小?卡片|小?名片|公众号){MARKS}"
        r"(?:.{0,8}(?:关注|订阅|了解|更多|加入|添加|获取|星标|置顶).{0,20})?",
        matches=(
            "点击上方蓝字关注我们",
            "△△点击“蓝字”,关注我们了解更多精彩",
            "击蓝字·关注我们/abc",
            "点击下方小卡片关注某刊",
            "点击蓝字",
        ),
        spares=(
            "点击上方视频观看",
            "攻击者点击蓝色按钮之后就会下载恶意文件,随后窃取凭据",
            "点击蓝字单词,可以听发音。",
            "戳上方卡片,孩子会发现藏着的小动物。",
        ),
        evidence="1.2 % of articles began so after all that repeats was taken",
        opens=True,
    ),
    Appeal(
        id="follow",
        pattern=rf"{SERVES}{TELLS}{MARKS}(?:"
        rf"(?:.{{0,16}}(?:更多|了解|获取|喜欢|觉得|资讯).{{0,12}}|点赞|微信|搜索|👇|即可|立即|快){{0,2}}{MARKS}"
        rf"(?:{BY_CODE}|点击|(?:欢迎|敬请|请|记得|求){TO_ALL}|还没有|点赞){MARKS}.{{0,4}}(?:关注|订阅)"
        rf"(?:了?(?:我们|我|本号|.{{0,20}}{CHANNEL}|.{{2,16}}(?:网站|官网))|[《「\"“'].{{0,20}}|{MARKS}[一1]?下?"
        rf"(?:[吧哦哟呀啦呢!]|吧!)?)(?:,.{{0,14}}|获取.{{0,14}}|了解.{{0,14}}|杂志)?"
        rf"|还没有关注.{{0,20}}\?|{BY_CODE}.{{0,6}}(?:关注|订阅).{{0,12}}|喜欢.{{0,4}}就?关注(?:一下|下)?吧"
        rf"|欢迎广大.{{0,20}}(?:关注|订阅).{{0,30}}){MARKS}",
        matches=(
            "欢迎关注我们",
            "长按识别二维码关注我们",
            "喜欢就关注一下吧!",
            "欢迎扫码关注某某公众号",
            "扫码订阅《某刊》",
            "还没有关注某某战队?",
            "更多精彩内容点击下方扫码关注哦",
            "更多资讯,请关注某某网站",
        ),
        spares=(
            "这一趋势值得持续关注",
            "请各单位重点关注该漏洞的修复进展并及时升级",
            "关注",
            "请用户关注官方公告,尽快升级到最新版本。",
            "请家长关注孩子的视力。",
            "请市民密切关注预警信息。",
            "更多人开始关注乡村。",
            "快递小哥的健康需要更多关注。",
            "觉得孤独的人,更需要被关注。",
            "喜欢孩子,就要关注孩子的内心。",
            "求助信息很快引起关注。",
        ),
        evidence="2.0 % of articles ended so after all that repeats was taken",
        opens=True,
        shows_code=True,
    ),
    Appeal(
        id="follow-us",
        pattern=rf"{MARKS}(?:欢迎)?(?:点击)?关注(?:一下)?(?:我们|我|本号|本公众号|.{{2,8}}(?:平台|团队|实验室)){MARKS}(?:.{{0,12}}[!~])?"
        rf"|{TELLS}{MARKS}关注我们(?:[,!]|获取|了解).{{0,20}}|{MARKS}关注(?:微信)?公众号[:].{{1,20}}",
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
        pattern=rf"{SERVES}{MARKS}(?:获取|了解|查看|观看|想看)更多.{{0,12}}(?:信息|资讯|内容|详情|精彩|干货|文章|报道|视频){MARKS}",
        matches=("获取更多资讯", "了解更多精彩内容!"),
        spares=("了解更多", "获取更多权限信息后,攻击者横向移动"),
        evidence="the second half of a call that is cut in two blocks",
    ),
    Appeal(
        id="original",
        pattern=r"(?!.{0,90}(?:参加|报名|活动|合伙|成为|购|抢|投递|预约|报告|论文|文档|观看|名单|附件|译文|缴费|详见|"
        r"查看《|》的?[全原]文|完整|体验|提交|达|代码|仓库|开源|参赛|比赛|下载|作答|考题|附表|概括))"
        r".{0,40}(?:点击?|戳|击).{0,14}[\"“”「【'《]{0,2}(?:阅读原文|"
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
            "入围名单见原文链接。",
            "点击阅读原文可查看《条例》全文",
            "想知道更多,请点击阅读原文,查看《年度调查》。",
            "请阅读全文,概括主旨。",
        ),
        evidence="2.6 % of articles ended so after all that repeats was taken",
        shows_code=False,
    ),
    Appeal(
        id="share",
        pattern=rf"(?!.{{0,60}}(?:抽奖|截图|参与|活动|朋友圈即可|寻|走失|扩散)){TELLS}(?:"
        rf"\W{{0,6}}(?:喜欢|分享|点赞|在看|收藏|转发|求.{{0,2}}{GIFT}|(?:一键)?{GIFT}(?:\W{{0,3}}{GIFT}){{1,3}})(?:一下|支持|走起|吧|哦)?\W{{0,6}}"
        rf"|.{{0,30}}(?:欢迎|觉得|有用|帮助|收获|好看|如果|不要吝啬|别忘|记得|麻烦|动动|点击).{{0,24}}"
        rf"{PRAISE}.{{0,16}}{GIFT}.{{0,16}}"
        rf"|(?!.{{0,24}}[为给替](?!我|小编|本|它|这).{{1,20}}点).{{0,24}}点(?:(?:[一击]?个|击)[\"“”「]?{GIVEN}|[\"“”「]?在看).{{0,16}}"
        rf"|.{{0,24}}(?:顺手|随手|欢迎|帮忙|记得|请(?=点))(?:一个|个|点)?[\"“”「]?{PRAISE}{PRAISE}?[\"“”」]?{FRIENDLY}"
        rf"|{MARKS}(?:请|求)(?:转发|收藏|分享){FRIENDLY}"
        rf"|(?:.{{0,30}}(?:请|欢迎|记得|吝啬|快|喜欢|有用|[,!])){{0,2}}{MARKS}(?:分享|转发)(?:到|至|给)(?!了).{{0,4}}"
        rf"(?:朋友圈|更多.{{0,4}}[人友伴]|好友|身边.{{0,4}}[人友伴事]|伙伴|同事)们?"
        rf"(?:{MARKS}|[,和]?(?:吧|哦|一起|让|并|点|谢谢|帮|麻烦).{{0,14}})"
        rf"|(?:.{{0,40}}(?:[?!,~]|欢迎|请))?(?:在|到|来|去)?(?:评论区|留言区)(?:里)?留言(?:(?:一下|吧|哦|告诉|分享|讨论).{{0,12}}|\W{{0,6}}))",
        matches=(
            "觉得有用请点个赞",
            "点赞、在看、转发三连",
            "求在看",
            "分享给小伙伴,点个“在看”",
            "欢迎转发分享",
            "欢迎在评论区留言告诉我们",
        ),
        spares=(
            "他把文件分享给了同事",
            "转发本文至朋友圈即可参与抽奖",
            "收藏家的故事",
            "那条视频三天收到三万个点赞,一千多条评论。",
            "评论区里,有人点赞,有人留言说想家了。",
            "最后,请分享一次您难忘的旅行。",
            "记得赞美身边的人。",
            "分享给身边的人,比独自拥有更快乐。",
            "记得收藏好发票,七日内可退换。",
            "人不必追求赞美。",
            "让我们为守夜的护士点个赞!",
            "考试结束前,请勿将试题转发到朋友圈。",
            "扩散!请转发,寻找走失老人。",
        ),
        evidence="1.8 % of articles ended so after all that repeats was taken",
    ),
    Appeal(
        id="welcome",
        pattern=rf"(?!.{{0,130}}(?:报名|大会|会议|直播|比赛|赛事|论坛|公布|公示|将[于在会]|演出|展览|\d[日月])){TELLS}"
        r"(?:.{0,60}(?:专注|致力|分享|公众号|本号|本刊|原创|更新|活动|报告).{0,60}[^受]|[^\w\x00]{0,12})"
        r"(?:欢迎|敬请)(?:大家|各位|您|你|持续|长期|扫码){0,2}(?:关注|订阅)(?:我们|本号)?"
        rf"(?:{MARKS}|[,!].{{0,30}})",
        matches=(
            "某某研究,专注于恶意软件的分析与研究,追踪黑客组织攻击活动,欢迎大家关注。",
            "欢迎大家持续关注!",
        ),
        spares=(
            "欢迎大家关注本周将召开的某某学术会议",
            "这一做法受到欢迎",
            "第二批名单将于12月5日公布,敬请关注。",
            "演出时间有调整,敬请关注。",
            "改革受到群众欢迎,也引来各地关注。",
        ),
        evidence="an account's line about itself that ends in a call, in 3 of 60 accounts",
        shows_code=True,
        longest=130,
    ),
    Appeal(
        id="below",
        pattern=rf"{SERVES}(?!.{{0,90}}(?:放大|输入|保存)).{{0,50}}(?:点击?|戳|扫描?|识别)(?:下方|下面|文末)的?(?:图片|卡片|链接|名片|海报|小程序|话题)"
        r".{0,30}",
        matches=("想了解更多某某趋势,可点击下方图片", "点击下方链接了解更多"),
        spares=(
            "点击下方按钮后,程序会崩溃",
            "点击下方视频观看",
            "点击下方图片可放大",
            "骗子会诱导你点击下方链接,输入密码。",
            "点击下方链接进行网上缴费。",
        ),
        evidence="the line over the linked picture of another article",
    ),
    Appeal(
        id="reply",
        pattern=rf"{SERVES}{MARKS}请?(?:扫码|长按)?关注(?:本号|本?公众号|我们).{{0,6}}(?:发送?|回复|后台).{{2,40}}",
        matches=("请关注本号,发消息“A1”,获取封面照片",),
        spares=("关注我们的研究",),
        evidence="a reward for those who follow, in 2 of 134 accounts",
    ),
    Appeal(
        id="earlier",
        pattern=r"(?!.{0,60}《)\W{0,6}(?:(?:上期|往期|上篇|前文)(?:回看|回顾|链接|推荐|文章)|(?:推荐|相关|延伸)阅读)[:].{2,60}",
        matches=("上期回看:有意思的一件小事", "推荐阅读:某某路段八月起限行"),
        spares=("上期回顾的漏洞已经修复", "延伸阅读:《某书》,某人著"),
        evidence="one link to another article in the line of its heading, in 3 of 165 accounts",
    ),
    Appeal(
        id="profile",
        pattern=r"公众号[:].{1,24}(?:\([\w-]{4,30}\))[:].{2,200}",
        matches=("公众号:某某研究(abc_123):分享某某领域的干货",),
        spares=("公众号:某某研究(abc_123)", "公众号的写法很简单"),
        evidence="the card of an account, as the pages write it, behind 2 of 44 pages",
        longest=LONGER,
    ),
    Appeal(
        id="star",
        pattern=rf"(?=.{{0,60}}(?:公众号|我们|本号|置顶|推送|错过|关注)){TELLS}{MARKS}.{{0,16}}(?:设(?:置|为)|加)"
        r"[\"“”「]?(?:为|个)?[\"“”「]?星标.{0,30}",
        matches=("公众号设置“星标”,您不会错过新的消息通知", "把我们设为星标"),
        spares=("该行程序在配置中设置星号", "酒店为五星标准", "把重要邮件设为星标,方便查找。"),
        evidence="the call to pin the account, in 2 of 60 accounts",
    ),
    Appeal(
        id="history",
        pattern=r"\W{0,8}(?:点击)?(?:查看|搜索|回顾)(?:或(?:查看|搜索))?历史.{0,6}(?:推送|文章|消息|内容|资讯)"
        r"(?:内容)?(?:(?:请|可)?(?:访问|点击|关注|回复|[:]).{0,90}|\W{0,8})",
        matches=("* 查看或搜索历史推送内容请访问:https://example.com",),
        spares=("查看历史记录的命令如下", "学生们阅读历史文章,写下感想。"),
        evidence="the last lines of 8 of 8 articles of one account",
        longest=160,
    ),
    Appeal(
        id="slogan",
        pattern=rf"{MARKS}(?:动动?手)?(?:点|加)个?关注{MARKS}|{MARKS}(?:关注|收藏|干货|星标|置顶|订阅).{{0,6}}不迷路{MARKS}"
        rf"|(?:赶紧|快).{{0,12}}订阅吧?{MARKS}",
        matches=("动手点关注", "干货不迷路", "赶紧点击上方话题进行订阅吧!"),
        spares=("山里的孩子不怕迷路", "跟着北斗星走,就不迷路。"),
        evidence="the two halves around the card of the account, in 2 of 60 accounts",
        opens=True,
    ),
    Appeal(
        id="about-heading",
        pattern=rf"{MARKS}(?:关于我们|aboutus|公司简介){MARKS}",
        matches=("关于我们", "—公司简介—", "About us"),
        spares=("关于我们的研究", "简介", "联系我们:"),
        evidence="2.9 % of articles ended in 关于我们",
    ),
    *OFFERS,
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
    if len(words) > LONGER or not _HINT.search(words):
        return None
    return next(
        (
            row
            for row, pattern in _patterns()
            if len(words) <= row.longest and pattern.fullmatch(words)
        ),
        None,
    )
