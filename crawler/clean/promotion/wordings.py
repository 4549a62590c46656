"""WORDINGS: what the words of a block say about it before anything is learned, as a table.

A block that repeats at the edge of an account's articles is not promotion when it names a source or
an author, when it is a heading of the account's bulletins, or when it is a notice of rights: rows
of `Sense.KEPT` stay, however often they repeat, and so do those of `Sense.LEAD` that call for
nothing. `Sense.TOPIC` stays as well, and no walk goes over it: what stands inside of a heading or a
date is the article's own. `Sense.CALL` asks the reader to do something for the account; a number
may differ from print to print only where `Sense.COUNT` says so (a price, a member count, a phone),
as elsewhere numbers are content.
`Sense.RELATED` heads a list of links, `Sense.INVITATION` asks into the account's own circle.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from crawler.clean.promotion.senses import Sense, Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


WORDINGS = (
    Wording(
        id="source",
        sense=Sense.SOURCE,
        pattern=r"[(【\[*]{0,2}(?:本文|原文|文章|资讯|信息|情报|新闻|图片|素材|稿件|内容|数据|"
        r"资料|报告|转载)?(?:来源|出处)(?:及来源)?"
        r"(?:[:|丨于自]|\Z)|转载?自[:|丨]?|(?:本文|文章)(?:首发|刊登|发表|转载|来源)[于自]?",
        matches=(
            "原文来源:某某日报",
            "(来源:某某网站)",
            "文章来源:",
            "转自:某某",
            "本文刊登于《某某》",
        ),
        spares=("来源可靠才值得读", "转载请加微信"),
        evidence=(
            "28 of 43 articles of one account end in 原文来源：X; the lines repeat as the "
            "sources do"
        ),
    ),
    Wording(
        id="reference",
        sense=Sense.SOURCE,
        pattern=r"[【\[(]?(?:[\dx.、,一二三四五六七八九十]{0,5})(?:其他|系列)?(?:参考|引用|原文|论文|代码|项目|相关|"
        r"官方|下载|来源|文章)(?:及|与|和)?"
        r"(?:链接|资料|文献|来源|文章|参考|地址|出处|公告|文档)?[列表]{0,2}[】\])]?(?:[:(\[]|"
        r"http|\Z)|references?(?:[:\[]|\Z)|\d{1,3}https?:|参看[:]?\Z",
        matches=(
            "参考链接:",
            "参考资料",
            "原文链接",
            "references",
            "【参考资料】",
            "其他参考:",
            "参考及来源:https://example.com",
            "`[1]` https://example.com",
            "论文链接:x",
        ),
        spares=("相关阅读", "点击原文链接报名", "参考价格99元"),
        evidence=(
            "原文链接 in 41 of 43 articles, 参考链接 in 8 of 41; what follows is the article's own"
        ),
    ),
    Wording(
        id="byline",
        sense=Sense.KEPT,
        pattern=r"(?:[·•●*]{0,2})(?:本文|特约|责任|执行|内容|文字)?(?:作者|编辑|编译|翻译|译者|"
        r"校对|审核|审校|责编|排版|记者|"
        r"撰文|撰稿|文|图|图文|摄影|出品|出品人|供稿|监制|统筹|策划|整理|通讯员|采访|"
        r"主编|美编|审稿|终审|初审|复审|校读|语音|剪辑|制图|设计|制作|素材|by|译)(?:[、/&及和](?:排版|设计|编辑|供稿|摄影|撰稿|校对))?(?:[:|丨/│]|by)"
        r".{0,60}\Z|.{0,24}由.{2,40}(?:联合)?(?:出品|供稿)[!。]?\Z",
        matches=(
            "作者|某某",
            "编译:某社",
            "文│某大学教授某某",
            "校对丨某某",
            "供稿、排版:某某",
            "本期内容由甲社和乙社联合出品!",
        ),
        spares=("作者介绍", "文末有福利", "编辑部诚招英才", "某某出品"),
        evidence="编译：X in 41 of 43 articles, 编辑：X in 10 of 47",
    ),
    Wording(
        id="title-picture",
        sense=Sense.KEPT,
        pattern=r"(?:题图|头图|封面图?|配图|图源|图片|图)(?:[:|丨]|来自|\d{1,2}(?:\D|\Z))",
        matches=("题图:某某许可", "图源:网络", "图1"),
        spares=("图书推荐", "封面人物征集"),
        evidence="题图：... License in 40 of 43 articles, by turns two licences",
    ),
    Wording(
        id="notice",
        sense=Sense.NOTICE,
        pattern=r"[*※【\[(注:]{0,3}(?:免责|版权|原创|特别|郑重|法律|转载|侵权|本文|文章|"
        r"以上)?(?:声明|提示|须知|说明)[】\])]?(?:[:\]】]|\Z)|免责声明",
        matches=("免责声明:", "声明", "**【版权声明】** 本文", "特别提示："),
        spares=("转载请加微信某某", "说明会报名"),
        evidence=(
            "7 of 40 articles of one account; under what terms an article was published is "
            "worth keeping"
        ),
    ),
    Wording(
        id="rights",
        sense=Sense.KEPT,
        pattern=r"转载请(?:注明|联系)|请注明出处|未经授权|未经许可|版权归|版权声明|侵权|侵删|"
        r"不代表.{1,20}(?:观点|立场)|仅(?:供|用于|限)(?:参考|学习|技术|安全)|勿用于(?:任何)?(?:非法|违法)"
        r"|(?:后果|损失).{0,10}(?:由|均).{0,6}(?:使用者|读者|本人)",
        matches=(
            "本文由某社编译,不代表某社观点。转载请注明出处",
            "图片来自网络,侵删",
            "一切后果均由使用者本人负责",
            "文件仅用于学习分享,请勿用于任何违法活动",
        ),
        spares=("转载请加微信某某", "授权用户请扫码"),
        evidence="41 of 43 articles of one account say who translated them and on what terms",
        anywhere=True,
    ),
    Wording(
        id="lottery",
        sense=Sense.KEPT,
        pattern=r"抽奖|开奖|中奖",
        matches=("转发抽奖", "开奖时间:某月某日"),
        spares=("大奖赛",),
        evidence="the rules of a lottery end two articles of one account alike",
        anywhere=True,
    ),
    Wording(
        id="reprint-card",
        sense=Sense.KEPT,
        pattern=r"以下(?:文章|内容|视频)来源于|编者(?:荐语|按|注)|(?:编前语|编后语|本期导读|"
        r"专栏介绍)[:]|\x00mmhead\x00",
        matches=("以下文章来源于某号,作者某某", "编者荐语:", "编者按:"),
        spares=("以下文章推荐给大家",),
        evidence="677 seeds; one account reprints another in 9 of 43 articles",
    ),
    Wording(
        id="number",
        sense=Sense.TOPIC,
        pattern=r"(?:第|no\.?|part\.?|0x|vol\.?|"
        r"step)?[\d〇零一二三四五六七八九十百①-⑳ivx]{1,6}[.、,:）)]?(?:[章节部分篇期步弹讲]{1,2})?\Z",
        matches=("01", "三、", "0x02", "part1", "第433期", "③"),
        spares=("3天后开播", "100元", "一起来"),
        evidence="01 and 02 in 28 of 40 articles of one account, at the head as well as inside",
    ),
    Wording(
        id="numbered",
        sense=Sense.TOPIC,
        pattern=r"\(?(?:[\d]{1,2}|[一二三四五六七八九十]{1,3})\)?[.、,)](?=\D)(?!https?:)",
        matches=("一、本周概况", "1.请先备份", "(二)基本原则", "2)关闭端口"),
        spares=("3天后开播", "一起来学习", "2.0时代", "1.https://example.com"),
        evidence=(
            "six numbered items of advice end 7 of 9 bulletins of one account; 一、... begins "
            "7 of 9 of another"
        ),
    ),
    Wording(
        id="heading",
        sense=Sense.TOPIC,
        pattern=r"(?:[\d一二三四五六七八九十]{1,3}[.、,])?(?:[a-z&]{3,40}[|/])?(?:本期|今日|"
        r"上周|本周|每周|一周|产品|漏洞|风险|安全|事件|攻击|威胁|样本|技术|研究|实验|"
        r"核心|主要|相关|官方|修复|缓解|防护|处置|排查|检测|影响|受影响|利用|基本|原理|"
        r"环境|使用|政策|法规|产业|行业|新闻|资讯|热点|文章|内容|前情|报告|通告)?"
        r"(?:关键词|摘要|导读|导语|前言(?:概述)?|引言|目录|概述|概要|概况|综述|背景|"
        r"简介|简述|介绍|总结|结语|小结|结论|结束语|后记|正文|附录|附件|"
        r"时间线|时间轴|描述|详情|危害|等级|评级|评估|编号|类型|影响|范围|版本|组件|"
        r"产品|建议|措施|方案|步骤|过程|原理|分析|复现|验证|"
        r"通告|事件|动态|速览|速递|导视|解读|看点|要点|观点|回顾|须知|信息|情况|态势|"
        r"方法|搭建|实现|测试|利用|法规|监管|新闻|资讯|情报|快讯)[:]?\Z",
        matches=(
            "关键词",
            "Security News|安全资讯",
            "漏洞描述",
            "影响范围",
            "处置建议",
            "摘要:",
            "新闻速览",
            "一、概述",
            "安全通告",
            "前情回顾",
            "时间线",
        ),
        spares=("往期回顾", "上期回顾", "产品试用", "了解产品详情请扫码", "分析师交流群"),
        evidence=(
            "关键词 as the second block of 40 of 41 articles, 漏洞描述 and 时间线 in 10 of 14 "
            "bulletins"
        ),
    ),
    Wording(
        id="annex",
        sense=Sense.TOPIC,
        pattern=r"(?:注释|注解|尾注|脚注|附注|(?:参考|推荐|引用)?书目|勘误|(?:作者|译者|编者|讲者|嘉宾|受访者|主讲人)"
        r"(?:简介|介绍)|关于(?:作者|译者))[:]?\Z",
        matches=("注释", "参考书目:", "作者简介", "关于译者"),
        spares=("注释掉这一行", "关于我们", "团队介绍", "作者简介请扫码"),
        evidence="what may follow the end mark of an essay and is the essay's; not yet seen",
    ),
    Wording(
        id="bulletin-field",
        sense=Sense.TOPIC,
        pattern=r"(?:报告|漏洞|通告|公告|更新|发布|发现|披露|首次|最近|文档|cve|cnvd|cnnvd|项目|"
        r"活动)?"
        r"(?:编号|来源|作者|日期|时间|地点|名称|id|等级)[:].{0,60}\Z|(?:19|20)\d\d(?:年|"
        r"[-./])\d{1,2}(?:月|[-./])",
        matches=(
            "报告编号:b6-2023",
            "更新日期:2023-01-20",
            "2023年2月21日,某社发布通告。",
            "cve编号:cve-2021-1",
        ),
        spares=("2023一起加油", "编号大全请扫码"),
        evidence=(
            "four fields at the head of 11 of 12 bulletins; the dated line stands last in 10 of 14"
        ),
    ),
    Wording(
        id="part",
        sense=Sense.TOPIC,
        pattern=r"[\W_]{0,6}(?:part|chapter|section|step|no|"
        r"vol)[.\-_·]{0,2}[\divx一二三四五六七八九十]{1,4}.{0,30}\Z"
        r"|0x[0-9a-f]{1,2}(?:[^0-9a-f].{0,30})?\Z|"
        r"第[\d一二三四五六七八九十百]{1,4}(?:部分|章|节|篇|回|讲|课|条|"
        r"步)(?:\W?.{0,30})?\Z"
        r"|(?:timeline|summary|conclusion|introduction|background|overview|references|"
        r"appendix)s?:?\Z"
        r"|(?:写在)?(?:最后|前面|文末)(?:的话)?:?\Z|(?:全文|文章|本文|最后|内容|个人|"
        r"实验|事件)?(?:总结|小结|结语|结论)(?:结尾|与.{1,6}|和.{1,6})?:?\Z",
        matches=(
            "Part 1 漏洞概述",
            "0x03 总结",
            "第三部分 攻击面",
            "Timeline",
            "总结",
            "总结与展望",
            "写在最后",
        ),
        spares=("第三方支付", "总结会明天召开", "0xabcdef01地址", "partner合作伙伴"),
        evidence="walks went over them into 29 weekly reports of which nothing was left",
    ),
    Wording(
        id="date",
        sense=Sense.TOPIC,
        pattern=r"[(\[【]?(?:(?:19|"
        r"20)\d\d[年./-])?\d{1,2}[月./-]\d{1,2}日?(?:\d{1,2}[:时]\d{0,2}分?)?"
        r"(?:[-~至—](?:(?:19|20)\d\d[年./-])?(?:\d{1,2}[月./-])?\d{1,2}日?)?[)\]】]?:?\Z",
        matches=("2024/5/1", "2024年5月1日", "5月1日", "2024.5.1-2024.5.7", "【5月1日】"),
        spares=("5月1日起报名", "24小时", "3.5折"),
        evidence="the last event of a timeline went with the call behind it",
    ),
    Wording(
        id="lead-in",
        sense=Sense.LEAD,
        pattern=r"[^\x00]{1,120}:\Z",
        matches=("建议各单位从以下几个方面着手：", "具体清单如下:"),
        spares=("时间:周三", "如下清单"),
        evidence="one sentence leads to the advice that ends 7 of 9 bulletins of one account",
    ),
    Wording(
        id="pointer",
        sense=Sense.LEAD,
        pattern=r"(?:(?:请|详)?见|如)(?:下|附)(?:图|表|方|文)(?:所示)?[:。]?\Z|如下[:。]?\Z",
        matches=("请见下图", "处置情况如下图所示:", "具体清单如下。"),
        spares=("见下图的人都笑了", "扫描下图"),
        evidence=(
            "a list of standards is a picture under 具体清单如下：, before the account's own codes"
        ),
        anywhere=True,
    ),
    Wording(
        id="call",
        sense=Sense.CALL,
        pattern=r"扫码|扫描|识别|二维码|关注|订阅|加入|加群|进群|入群|群聊|交流群|社群|星球|"
        r"小助手|加微信|微信号|公众号|视频号|抖音|"
        r"星标|置顶|点赞|在看|转发|分享|三连|点个|蓝字|卡片|小程序|阅读原文|点击|戳|"
        r"投稿|合作|热线|电话|邮箱|邮发|报名|优惠|原价|限时|抢购|"
        r"招聘|查询更多|试用|咨询|了解(?:更多|详情)|更多(?:信息|资讯|内容|精彩)|官网|"
        r"下载|联系|推荐|福利|欢迎|门票|涨价",
        matches=(
            "扫码订阅《某刊》",
            "征订热线:010-00000000",
            "读者群已有300多人加入",
            "觉得有用请点个赞",
        ),
        spares=("2023年全球损失达45亿元", "某公司总部位于杭州"),
        evidence="the words of 300 promotion blocks of 16 accounts",
        anywhere=True,
    ),
    Wording(
        id="count",
        sense=Sense.COUNT,
        pattern=r"(?!.{0,80}(?:本周|上周|本月|上月|今日|昨日|环比|同比|共(?:计|处理|发现|收录|"
        r"监测)|累计|漏洞|事件|攻击|网站|样本))"
        r".{0,80}?(?:扫码|二维码|订阅|关注|加群|进群|入群|群聊|[\u3400-\u9fff]群|社群|"
        r"星球|小助手|微信|公众号|点赞|在看|转发|阅读原文|"
        r"点击|投稿|热线|电话|邮发|邮箱|报名|优惠|原价|限时|抢购|门票|涨价|名额)",
        matches=(
            "读者群已有300多人加入",
            "征订热线:010-00000000",
            "早鸟价99元,限时优惠",
            "第12期报名中",
        ),
        spares=("本周,中心协调合作单位共处理事件437起", "收录漏洞21个,请关注", "合作单位12家"),
        evidence=(
            "in calls of 16 accounts; a weekly figure in prose is the news, not a print of the last"
        ),
    ),
    Wording(
        id="invitation",
        sense=Sense.INVITATION,
        pattern=r"知识星球|星球(?:分享|下载|加入|优惠)|(?:加入|进入).{0,12}(?:(?<![颗色])星球(?![的表轨大])|社群|粉丝群|"
        r"读者群|会员群)",
        matches=("本资料已上传某某知识星球,识别下方二维码加入", "加入我们的读者群"),
        spares=(
            "扫描下方二维码报名参会",
            "加入全球联盟",
            "星球大战计划",
            "飞船缓缓进入那颗蓝色星球",
        ),
        evidence=(
            "42 of 47 articles of one account point to its circle just before the blocks that "
            "repeat"
        ),
        anywhere=True,
    ),
    Wording(
        id="end",
        sense=Sense.END,
        pattern=r"[\W_]{0,12}(?:the)?(?:\d{2,5}字\W{0,4})?(?:end|完|结束|全文完|本文完|正文完)[\W_]{0,12}\Z",
        matches=("END", "- 完 -", "—THE END—", "(全文完)"),
        spares=("完成", "结束语", "end-to-end", "endpoint"),
        evidence=(
            "the mark between an article and its promotion, on 15 of 17 articles of two accounts"
        ),
    ),
    Wording(
        id="related",
        sense=Sense.RELATED,
        pattern=r"(?!\W{0,12}(?:历史|阅读|喜欢)\W{0,12}\Z)\W{0,12}(?:往期|上期|精彩|热门|热文|推荐|相关|更多|延伸|扩展|拓展|猜你喜欢|好文|历史|近期|阅读|"
        r"参考阅读|最新动态|精选|深入了解|系列文章)\W?(?:精彩|热门|好文|文章|内容|阅读|推荐|回顾|精选|喜欢|资讯|往期|动态|相关|系列|群?周报)?"
        r"(?:推荐|回顾|阅读|文章|精选|内容)?\W{0,12}\Z"
        r"|\W{0,4}点击(?:图片|标题|链接|下方).{0,4}(?:跳转|阅读|查看|直达)\W{0,4}\Z",
        matches=(
            "往期推荐",
            "推荐阅读",
            "—往期回顾—",
            "精彩推荐",
            "更多阅读",
            "相关阅读",
            "上期回顾",
            "更多推荐",
            "相关阅读:",
            "往期 · 推荐",
            "热门动态推荐",
            "往期群周报:",
            "(点击图片跳转)",
        ),
        spares=("历史", "阅读", "推荐指数为:", "阅读量破万的秘密", "往期推荐了三款工具"),
        evidence="the heading over links in 12 of 16 accounts",
    ),
)


_SEARCHED = 400  # characters; a longer block is judged by how it begins
NO_SENSE: frozenset[Sense] = frozenset()


def senses_of(words: str) -> frozenset[Sense]:
    """What the words of a block, as `blocks.words_of` gives them, say about it."""
    if not words:
        return NO_SENSE
    return frozenset(sense for sense, says in _patterns() if says(words, 0, _SEARCHED))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Sense, Callable[[str, int, int], re.Match[str] | None]], ...]:
    """Each sense with how its rows are looked for: those that match from the start, the others."""
    matched = [(sense, rows.match) for sense, rows in _joined(anywhere=False).items()]
    return (*matched, *((sense, rows.search) for sense, rows in _joined(anywhere=True).items()))


def _joined(*, anywhere: bool) -> Mapping[Sense, re.Pattern[str]]:
    rows: dict[Sense, list[str]] = {}
    for row in WORDINGS:
        if row.anywhere is anywhere:
            rows.setdefault(row.sense, []).append(row.pattern)
    return {
        sense: re.compile("|".join(f"(?:{one})" for one in patterns))
        for sense, patterns in rows.items()
    }
