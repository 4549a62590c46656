"""Seeds of our own invention that are built as real ones are.

For tests that need many, or one with a twist.
"""

from __future__ import annotations

BIZ = "MzI0NTk5OTk5MA=="

TAIL = """预览时标签不可点

阅读原文

![]()

微信扫一扫
关注该公众号

继续滑动看下一个

轻触阅读原文

![](http://mmbiz.qpic.cn/mmbiz_png/avatar0000/0?wx_fmt=png)

{account}

向上滑动看下一个

知道了

![]()
微信扫一扫
使用小程序

取消
允许

取消
允许

取消
允许

×
分析

![跳转二维码]()

![作者头像](http://mmbiz.qpic.cn/mmbiz_png/avatar0000/0?wx_fmt=png)

微信扫一扫可打开此内容，
使用完整服务

：
，
，
，
，
，
，
，
，
，
，
，
，
。

视频
小程序
赞
，轻点两下取消赞
在看
，轻点两下取消在看
分享
留言
收藏
听过"""

HOLLOW = "：\n，\n。\n\n视频\n小程序\n赞\n，轻点两下取消赞\n在看\n，轻点两下取消在看"
IN_A_LINE = "： ， ， 。   视频 小程序 赞 ，轻点两下取消赞 在看 ，轻点两下取消在看 分享 留言"
"""The same as tools have it that leave in one line what stands in one."""


def link(mid: int = 2247000001, *, biz: str = BIZ, idx: int = 1, signed: bool = True) -> str:
    """A long link of an invented article."""
    base = f"https://mp.weixin.qq.com/s?__biz={biz}&mid={mid}&idx={idx}&sn={mid:032x}"
    return f"{base}&chksm={mid:076x}&scene=58&subscene=0#rd" if signed else base


def front_matter(title: str, url: str, source: str, day: str = "2024-05-08") -> str:
    """The five keys as the older tool wrote them: by string formatting."""
    fetched = "2025-10-06T17:17:02.990516"
    keys = f"title: {title}\nurl: {url}\nsource: {source}\ndate: {day}\nfetch_date: {fetched}"
    return f"---\n{keys}\n---\n\n# {title}\n\n"


def whole_seed(
    body: str = "港口今晨恢复通航，首班渡轮准点离岸。\n\n岸边的灯一直亮到天明。",
    *,
    title: str = "渡轮恢复通航",
    url: str = "",
    source: str = "临港日志",
    account: str = "临港日志",
) -> str:
    """A seed that carries its article between head and tail."""
    head = front_matter(title, url or link(), source)
    cover = "![cover_image](https://mmbiz.qpic.cn/mmbiz_jpg/cover0000/0?wx_fmt=jpeg)"
    byline = f"# {title}\n\n原创\n\n林小渡\n\n{account}"
    return f"{head}{cover}\n\n{byline}\n\n{body}\n\n{TAIL.format(account=account)}"


def numbered_seed(number: int) -> str:
    """A whole seed of an article that says its number."""
    body = f"灯塔{number}今晨亮起，首班渡轮准点离岸。\n\n岸边的灯一直亮到天明。"
    return whole_seed(body, url=link(number))


def hollow_seed(*, title: str = "渡轮恢复通航", url: str = "", source: str = "Harbour feed") -> str:
    """A seed whose page was never served: front matter, title, and a line of furniture."""
    return front_matter(title, url or link(signed=False), source) + HOLLOW


def deleted_seed(*, title: str = "渡轮恢复通航", url: str = "") -> str:
    """A seed of a post that its author took down."""
    notice = "该内容已被发布者删除\n\n[微信公众平台运营中心](https://mp.weixin.qq.com/webpoc/ruleCenter?type=oa)\n\n"
    return front_matter(title, url or link(), "临港日志") + notice + TAIL[TAIL.index("：\n，") :]
