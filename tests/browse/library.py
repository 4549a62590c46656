"""Invented articles of invented accounts: what the browsing tests and the screenshots show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive.archive import Archive
from crawler.article import Account, Article, Kind, Origin, State
from tests.browse.painting import paint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/harbourlight/640?wx_fmt=png"

ACCOUNTS = ("江畔安全观察", "云端运维手记", "北岸读书会", "Harbor Notes", "青石县气象")

TOPICS = (
    ("公安通报三起电信网络诈骗案", "近日，江畔市警方通报三起电信网络诈骗案件，涉案人员均已归案。"),
    (
        "一次 Apache 日志分析记录",
        "从访问日志里找出SQL注入的痕迹，对照 CVE-2024-3094 的时间线逐条核对。",
    ),
    ("旧书摊上的三本小册子", "周末在旧书摊上翻到三本小册子，纸已发黄，批注却还清楚。"),
    (
        "Weekly notes on backups",
        "Three copies, two media, one of them elsewhere. 备份要常常试着恢复。",
    ),
    ("入秋第一场雨", "今晨青石县普降小雨，山间有雾，行车请慢。"),
    ("冒充客服退款，骗局怎么识破", "先说包裹丢失，再要你共享屏幕：这类诈骗的话术并不新鲜。"),
    ("老年大学开了一堂反诈骗课", "学员们把诈骗电话的录音放出来，一句一句找破绽。"),
    ("江堤上的风力发电机", "远看像纸风车，近看叶片比三层楼还长。"),
    ("读者来信：被骗之后怎么报案", "先冻结账户，再带着转账记录去派出所；警方说诈骗案越早报越好。"),
    ("夜航船的灯语", "一长两短是让路，三短是靠岸，北岸的孩子都认得。"),
    ("把一台老服务器请下岗", "它跑了九年，风扇声像拖拉机。迁移清单和回退办法都写在这里。"),
)

HOSTILE = """# 一篇怀有恶意的文章

开头的一段。<script>window.ran = "script"</script>

<img src=x onerror="window.ran = 'onerror'"> <svg onload="window.ran = 'onload'"></svg>

[点这里](javascript:window.ran='link')
[再点](data:text/html,<script>window.ran='data'</script>) [内部](/-/logout)

![图](https://mmbiz.qpic.cn/a/640" onerror="window.ran='picture')

![别处的图](https://tracker.example/p.png) ![脚本](javascript:window.ran='src')

<iframe src="javascript:window.ran='frame'"></iframe><form action="https://evil.example"><button>go</button></form>

&lt;script&gt;window.ran = "entity"&lt;/script&gt;

<a href="https://evil.example" onmouseover="window.ran='over'">x</a>
<style>body { display: none }</style>

结尾的一段，讲的是诈骗话术。
"""


def make_library(path: Path, *, hostile: bool = True, personal: bool = False) -> None:
    """Write an archive of some seventy articles over three years, and one that means harm.

    With `personal` a reader has worked on it, on a long article above all.
    """
    with Archive.open(path) as archive, archive.transaction():
        for article in _articles(hostile=hostile):
            archive.save(article)
        _let_some_die(archive, hostile=hostile)
        if personal:
            _work_on(archive)
            _tell_again(archive)
        for number, content in (
            (2, paint(320, 200)),
            (3, b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ):
            archive.images.keep(make_article(number).id, PICTURE, content, at="2026-03-01T08:00:00")
        # The archive itself would refuse such an address; another tool may write one.
        archive.database.execute(
            "UPDATE articles SET url = ? WHERE id = 'MzB4:9:1'", ["javascript:window.ran='url'"]
        )


SECTIONS = ("缘起", "推导", "结论")
FORMULAS = r"""
$$\bar{x} = \frac{1}{n} \sum_{i=1}^{n} x_i$$

其中 $x_i$ 是第 $i$ 次的读数，$n = 12$。 [](https://example.com/empty)

| 次 |  |
| --- | --- |
| 1 | $\sqrt{2}$ |
"""


def _work_on(archive: Archive) -> None:
    """A star, tags and notes of a reader's."""
    sections = "".join(f"#### {section}\n{FORMULAS}\n" for section in SECTIONS)
    title = "潮位的平均数"
    fields = {"id": "MzB4:11:1", "biz": "MzB4", "mid": "11", "title": title, "evidence": "c" * 64}
    url = "https://mp.weixin.qq.com/s?__biz=MzB4&mid=11&idx=1&chksm=0b"
    body = f"# {title}\n\n{sections}"
    archive.save(_changed(make_article(8), url=url, body=body, account_info=None, **fields))
    for key in ("MzB4:11:1", make_article(0).id):
        archive.personal.star(key, at="2026-03-02T08:00:00")
        archive.personal.tag(key, "潮汐", at="2026-03-02T08:00:00")
        archive.personal.note(
            key, "与去年的记录对照。\n\nSee also the log.", at="2026-03-02T08:01:00"
        )


def _tell_again(archive: Archive) -> None:
    """Two articles that count as one story, and one of which the title alone is known."""
    one, other = make_article(0).id, make_article(len(TOPICS)).id
    for key in (one, other):
        archive.database.execute(
            "INSERT INTO stories VALUES (?, 'b', 0, 1, 't', 's', 1, ?, ?)", [key, one, one]
        )
    fields = {"id": "MzB4:12:1", "biz": "MzB4", "mid": "12", "title": "诈骗案的后续"}
    url = "https://mp.weixin.qq.com/s?__biz=MzB4&mid=12&idx=1&chksm=0b"
    bare = {"body": "", "state": State.HOLLOW, "account_info": None, "evidence": "b" * 64}
    archive.save(_changed(make_article(5), url=url, **fields, **bare))


NOTICES = (
    (State.DELETED, "该内容已被发布者删除"),
    (State.VIOLATION, "此内容因违规无法查看"),
    (State.DELETED, "该内容已被发布者删除"),
    (State.ACCOUNT_GONE, "此帐号已被屏蔽，内容无法查看"),
    (State.COMPLAINT, "此内容被投诉且经审核涉嫌侵权，无法查看"),
)
DEAD = (4, 7, 9, 11, 14, 18, 22, 23, 27, 31, 32, 36, 41, 44, 45, 50, 54, 58, 59, 63, 66, 68)


def _let_some_die(archive: Archive, *, hostile: bool) -> None:
    """Notices on two days in the place of some articles, of which one came back; one slip."""
    keys = [make_article(number).id for number in DEAD] + ["MzB4:9:1"] * hostile
    for number, key in enumerate(keys):
        state, notice = NOTICES[(number * number + number // 3) % len(NOTICES)]
        if key == "MzB4:9:1":
            notice = "<script>window.ran='notice'</script>"
        month = f"2026-{3 + number * 7 % 6:02}"
        for day in ("11", "12"):
            _look(archive, key, f"{month}-{day}T03:15:00", state, f".warn says {notice} (notice x)")
    _look(archive, keys[1], "2026-09-20T03:15:00", State.OK, "")
    _look(archive, make_article(0).id, "2026-05-11T03:15:00", *NOTICES[0])


def _look(archive: Archive, key: str, at: str, state: State, detail: str) -> None:
    archive.history.note_look(key, at=at, state=state, detail=detail, http_status=200)


def _articles(*, hostile: bool) -> Iterator[Article]:
    for number in range(70):
        yield make_article(number)
    yield _revised()
    yield _gone()
    if hostile:
        yield _hostile()


def make_article(number: int) -> Article:
    """One of the seventy."""
    title, sentence = TOPICS[number % len(TOPICS)]
    issue = number // len(TOPICS) + 1
    account = (number * number + number // 3) % len(ACCOUNTS)
    biz, mid = f"MzA{account}MDAwMDAwMQ==", 2650000000 + number
    month = (number * number * 5 + number // 7) % 37
    date = f"{2023 + month // 12}-{month % 12 + 1:02}-{number * 11 % 28 + 1:02}"
    heading = f"{title}（{issue}）" if issue > 1 else title
    body = f"# {heading}\n\n![cover_image]({PICTURE})\n\n{sentence}\n\n" + _filling(number)
    return Article(
        id=f"{biz}:{mid}:1",
        url=f"https://mp.weixin.qq.com/s?__biz={biz}&mid={mid}&idx=1&sn=0a&chksm=0b",
        title=heading,
        source=ACCOUNTS[account],
        account=ACCOUNTS[account],
        author="林小舟" if number % 3 == 0 else "",
        state=State.TRUNCATED if number % 17 == 5 else State.OK,
        kind=Kind.GALLERY if number % 13 == 7 else Kind.NORMAL,
        origin=Origin.SEED if number % 2 else Origin.FETCH,
        fetch_date="2026-02-11T09:30:00",
        date=date,
        published_at=f"{date}T18:0{number % 10}:00+08:00",
        digest=sentence,
        cover=PICTURE,
        body=body,
        biz=biz,
        mid=str(mid),
        idx="1",
        evidence=f"{number:064x}",
        account_info=Account(biz=biz, name=ACCOUNTS[account]),
    )


def _filling(number: int) -> str:
    return (
        f"> 第 {number} 号记录，整理于江边的小楼。\n\n"
        "## 要点\n\n- 先核对来源，再转给别人；\n- 留一份原文，附上日期；\n"
        "- 看不懂的地方就写“看不懂”。\n\n"
        "| 步骤 | 用时 |\n| --- | --- |\n| 收集 | 2 小时 |\n| 整理 | 半天 |\n\n"
        "```sh\ngrep -c ' 500 ' access.log\n```\n\n参考：[说明](https://example.com/notes)。\n"
    )


def _changed(article: Article, **fields: object) -> Article:
    values = {name: getattr(article, name) for name in Article.__dataclass_fields__}
    return Article(**(values | fields))


def _revised() -> Article:
    first = make_article(0)
    return _changed(
        first,
        body=first.body + "\n更正：第三起案件的日期已改。\n",
        fetch_date="2026-02-20T10:00:00",
        evidence="f" * 64,
    )


def _hostile() -> Article:
    return _changed(
        make_article(1),
        id="MzB4:9:1",
        biz="MzB4",
        mid="9",
        title='一篇<b>怀有</b>恶意的文章"><script>window.ran="title"</script>',
        url="https://mp.weixin.qq.com/s?__biz=MzB4&mid=9&idx=1&chksm=0b",
        account="<img src=x onerror=window.ran='account'>",
        date="2024-06-06",
        body=HOSTILE,
        evidence="e" * 64,
        account_info=None,
        author="",
        kind=Kind.NORMAL,
        state=State.OK,
    )


def _gone() -> Article:
    return _changed(
        make_article(2),
        id="MzB4:10:1",
        biz="MzB4",
        mid="10",
        url="https://mp.weixin.qq.com/s?__biz=MzB4&mid=10&idx=1&chksm=0b",
        title="",
        body="",
        state=State.DELETED,
        evidence="d" * 64,
        detail="该内容已被发布者删除",
        account_info=None,
        date="",
    )
