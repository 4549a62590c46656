"""The tools whose documents are known: a row a tool, in the order in which they are asked.

A row says how its tool's documents are known (`keys`, `mark`), where they say what (`head`,
`lines`, `roles`), what is done to their text (`tail`, `mends`), how some begin, and what none does.
"""

from __future__ import annotations

from crawler.clean.exports.records import Producer
from crawler.clean.exports.whole_pages import STYLED, WHOLE_PAGES

# What follows the head's lines, as named groups of a pattern: url, title, account, author, date.
_DATE, _MINUTE = r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?", r"\d{4}-\d\d-\d\d \d\d:\d\d"
_HEADING = r"\s*+#[ \t]++(?P<title>[^\n]{0,500}?)[ \t]*+\n"
_SIMPREAD = r"\\?> 本文由 \\?\[简悦 SimpRead\\?\]\("
_LINKED = r"> \*\*原文链接\*\*: "
_URL = r"https?://[^\s()<>]+"
_TWICE = r"(?:[^\n]{1,70}\n[ \t]{9,40})?"  # the author, since January 2026


def _keys(words: str) -> frozenset[str]:
    return frozenset(words.split())


PRODUCERS = (
    Producer(
        id="jina",
        name="Jina Reader (r.jina.ai)",
        evidence="its answers; the heading of a page that was refused is the platform's name",
        mark=r"\ATitle: [^\n]*\n+URL Source: ",
        body_after=r"(?m)^Markdown Content:[ \t]*\n",
        roles={"publishedtime": "published", "title": "title", "urlsource": "url"},
        utc=True,
        matches=("Title: 甲\n\nURL Source: https://mp.weixin.qq.com/s/abc\n",),
        spares=("Title: 甲\n\n正文", "# Title: 甲\n\nURL Source: x"),
    ),
    Producer(
        id="simpread",
        name="SimpRead (简悦)",
        evidence="213 real files: 157 with short links, 51 signed, 3 unsigned; 35,319 NBSP",
        mark=rf"(?m)(?:\A|^---[ \t]*+\n)\s*+(?:# [^\n]*+\n\s*+)?{_SIMPREAD}",
        head=rf"(?:{_HEADING})?\s*{_SIMPREAD}[^)\n]*\)\s*转码，?\s*原文地址"
        rf"\s*(?:\\?\[[^\]\n]*\]\((?P<url>{_URL})\)|(?P<bare_url>{_URL}))[^\n]*\n?",
        file_title=True,
        matches=(
            "> 本文由 [简悦 SimpRead](http://ksria.com/simpread/) 转码， 原文地址 [a](b)",
            "# 甲\n\n> 本文由 [简悦 SimpRead](x) 转码， 原文地址 [a](b)",
            "\\> 本文由 \\[简悦 SimpRead\\](x) 转码， 原文地址 \\[a\\](b)",
        ),
        spares=("> 本文由简悦转码", "正文\n> 本文由 [简悦 SimpRead](x) 转码"),
    ),
    Producer(
        id="wechatmp2markdown",
        name="wechatmp2markdown",
        only_wechat=True,
        evidence="24,896 files of two repositories, 10,552 of them without any link",
        mark=rf"\A(?:(?:{_LINKED}[^\n]*\n\s*)?#  [^\n]*\n{_TWICE}(?:原创)? ?[^\n]{{0,140}}  {_DATE}"
        # as programs leave it that tidy Markdown
        rf"|{_LINKED}[^\n]*+\n\s*+#[ ]++[^\n]*+\n\s*+[^\n:：>]{{0,140}} {_MINUTE})[ \t]*(?:\n|\Z)",
        head=rf"(?:{_LINKED}(?P<url>{_URL})[^\S\n]*+\n"
        rf"\s*)?#[ ]{{1,2}}(?P<title>[^\n]{{0,500}}?)[ \t]*\n{_TWICE}\s*+"
        rf"(?:原创)? ?(?:(?:(?P<author>\S[^\n]{{0,60}}?)  )?(?P<account>\S[^\n]{{0,60}}?)"
        rf" {{2,3}}(?P<date>{_DATE})|(?P<names>[^\s:：>][^\n:：>]{{0,120}}?)"
        rf" (?P<published>{_MINUTE}))[ \t]*(?:\n|\Z)",
        mends=("star-fences", "hard-breaks"),
        matches=(
            "#  甲   \n原创 乙  丙   2026-05-23 11:29  \n",
            "#  甲   \n 丙   2026-05-23 11:29  \n  \n",
            "#  甲  \n原创 乙\n                    乙  丙   2026-05-23 11:29  \n",
            "> **原文链接**: https://mp.weixin.qq.com/s/a\n\n#  甲  \n 丙   2026-05-23 11:29  \n",
            "> **原文链接**: https://a.b\n\n# 甲\n\n乙 丙 2026-05-23 11:29\n",
        ),
        spares=(
            "#  甲\n乙\n  乙  丙   2026-05-23 11:29\n",
            *("# 甲\n乙\n", "#  甲\n\n丙  2026", "> **原文链接**: u\n\n# 甲\n\n乙 2026-05-23\n"),
            "> **原文链接**: u\n\n# 甲\n\n时间: 2026-05-23 11:29\n",
        ),
    ),
    Producer(
        id="note-sync",
        name="笔记同步助手",
        evidence="both of its templates; `原文链接` behind the date is the read-more link",
        mark=r"(?m)^#笔记同步助手[ \t]*\n+## 来源[ \t]*$",
        head=rf"{_HEADING}\s*+#笔记同步助手[ \t]*\n\s*+## 来源[ \t]*\n\s*+"
        rf"\[原文链接\]\((?P<url>{_URL})\)[ \t]*\n\s*+## 正文[ \t]*\n",
        lines=True,
        roles={
            "公众号名称": "account",
            "作者名称": "author",
            "发布时间": "published",
            "原文链接": "",
        },
        tail=("note-sync",),
        matches=("# 甲\n#笔记同步助手\n## 来源\n",),
        spares=("# 甲\n笔记同步助手\n",),
    ),
    Producer(
        id="note-sync-tagged",
        name="笔记同步助手, with front matter",
        evidence="its second template",
        keys=_keys("author source url saved tags id"),
        mark=r"(?m)^  - 笔记同步助手[ \t]*$",
        lines=True,
        file_title=True,
        roles={
            "公众号名称": "account",
            "作者名称": "author",
            "发布时间": "published",
            "原文链接": "",
            "source": "",
            "url": "url",
            "saved": "saved",
        },
        tail=("note-sync",),
        matches=(
            (
                "---\nauthor: 乙\nsource: 微信公众号\nurl: u\nsaved: 2026-05-24\ntags:\n"
                "  - 笔记同步助手\nid: 1\n---\n"
            ),
        ),
        spares=(
            "---\nauthor: 乙\nsource: 微信公众号\nurl: u\nsaved: 1\ntags:\n  - 甲\nid: 1\n---\n",
        ),
    ),
    Producer(
        id="wx-kit",
        name="wx-kit",
        evidence="its source and one export; meta.json beside the text says the same",
        keys=_keys("title account author publishtime source downloadtime"),
        roles={"account": "account", "publishtime": "published", "downloadtime": "saved"},
        matches=(
            "---\ntitle: 甲\naccount: a\nauthor: b\npublishTime:\nsource: d\ndownloadTime:\n---\n",
        ),
        spares=('---\ntitle: "甲"\naccount: a\nsource: d\n---\n',),
    ),
    Producer(
        id="notebank",
        name="wechat-notebank",
        evidence="its source; the day in the file's name may be that of archiving",
        keys=_keys("title author wechatname pubdate sourceurl archivedat"),
        roles={"wechatname": "account", "pubdate": "published", "archivedat": "saved"},
        matches=(
            "---\ntitle: 甲\nauthor: a\nwechatName: b\npubDate:\nsourceUrl: d\narchivedAt:\n---\n",
        ),
        spares=("---\ntitle: 甲\nauthor: a\npubDate: c\n---\n",),
    ),
    Producer(
        id="cubox",
        name="Cubox",
        evidence="its templates; the default one holds no text of the article",
        keys=_keys("id cuboxurl url"),
        body_after=r"(?m)^\\?## (?:📖 ?)?正文全文[ \t]*\n",
        head=rf"(?:{_HEADING}\s*)?\[mp\.weixin\.qq\.com\]\({_URL}\)"
        r"(?P<names>\S[^\n]{0,59}?)[ \t]*\n",
        roles={"createtime": "saved"},
        matches=('---\nid: "7"\ncubox_url: https://cubox.pro/x\nurl: u\ntags: []\n---\n',),
        spares=('---\nid: "7"\nurl: u\n---\n',),
    ),
    Producer(
        id="omnivore",
        name="Omnivore, a note of its Obsidian plugin",
        evidence="its template; a note without `# Full Content` holds highlights",
        mark=r"(?m)^\[Read on Omnivore\]\(",
        body_after=r"(?m)^# Full Content:?[ \t]*\n",
        head=rf"\s*(?:原创 )?(?:(?P<author>\S[^\n_]{{0,60}}?)  )?(?P<account>[^\n_]{{0,60}}?) "
        rf"[_*](?P<date>{_DATE})[_*](?: [_*][^_*\n]*[_*])?[ \t]*\n",
        roles={"datesaved": "saved", "datepublished": "published"},
        matches=("# 甲\n#Omnivore\n\n[Read on Omnivore](https://omnivore.app/me/x)\n",),
        spares=("我用 Omnivore 读到\n",),
    ),
    Producer(
        id="readwise",
        name="Readwise",
        evidence="its templates for Obsidian and Logseq: highlights; where Reader wrote the whole "
        "document, the text stands below `## Full Document`, and elsewhere a link to that note",
        mark=r"(?m)^## Metadata[ \t]*\n\s*+(?:- [^\n]*\n)*- (?:Full Title|Category): "
        r"|^full-title:: ",
        body_after=r"(?m)^## Full Document[ \t]*\n\s*+(?!!?\[\[|\[See full document|## Highlights)",
        roles={"fulltitle": "title", "author": "author", "url": "url"},
        tail=("readwise",),
        matches=("# 甲\n\n## Metadata\n- Author: 乙\n- Full Title: 甲\n", "full-title:: 甲\n"),
        spares=("## Metadata\n\n甲\n",),
    ),
    Producer(
        id="web-clipper",
        name="Obsidian Web Clipper",
        evidence="59 real files: `published` is empty in all, 171 of 187 pictures are placeholders",
        keys=_keys("title source author published created description tags"),
        head=r"\s*(?:(?:原创|Original)[ ]+)?(?P<signed>[^*\n，。；：！？]{0,80}?)"
        r"(?:[ ]?\*|(?<!\S)_)(?P<date>\d{4}(?:-\d\d?-\d\d?|年\d\d?月\d\d?日)[^*_\n]{0,14}"
        r"|[A-Z][a-z]{2} \d\d?, \d{4}, \d\d?:\d\d[\s\u202f][AP]M)[*_]"
        r"(?:[ ][*_][^*_\n]{1,12}[*_])?[ \t]*\n",
        roles={"created": "saved", "published": "published"},
        tail=("clipper",),
        matches=(
            "---\ntitle: a\nsource: b\nauthor: c\npublished:\ncreated:\ndescription:\ntags:\n---\n",
        ),
        spares=("---\ntitle: a\nsource: b\nauthor: c\n---\n",),
    ),
    Producer(
        id="clipper-bookmarklet",
        name="Obsidian's clipper of before 2024",
        evidence="its source",
        keys=_keys("category author title source clipped"),
        roles={"clipped": "saved"},
        matches=(
            '---\ncategory: "[[Clippings]]"\nauthor: a\ntitle: b\nsource: c\nclipped: d\n---\n',
        ),
        spares=("---\ncategory: a\ntitle: b\nsource: c\n---\n",),
    ),
    Producer(
        id="markdownload",
        name="MarkDownload",
        evidence="its template; `(UTC +08:00)` behind a moment is no YAML",
        keys=_keys("created source author"),
        mark=r"(?m)^> ## Excerpt[ \t]*$",
        head=rf"{_HEADING}\s*+> ## Excerpt[ \t]*+\n(?:>[^\n]*\n)*+\s*+---[ \t]*+\n",
        roles={"created": "saved"},
        matches=(
            "---\ncreated: a\ntags: []\nsource: b\nauthor: c\n---\n\n# T\n\n> ## Excerpt\n> x\n",
        ),
        spares=("---\ncreated: a\nsource: b\nauthor: c\n---\n\n# T\n",),
    ),
    Producer(
        id="monitor",
        name="vault notes with author, publish_date, saved_date and source",
        evidence="real notes of one collector; `author` is the account, a second block fills the "
        "first",
        keys=_keys("title author publishdate saveddate source url"),
        roles={"author": "account", "publishdate": "published", "saveddate": "saved", "source": ""},
        matches=(
            "---\ntitle: a\nauthor: b\npublish_date:\nsaved_date:\nsource: wechat\nurl: u\n---\n",
        ),
        spares=("---\ntitle: a\nauthor: b\nsource: wechat\nurl: u\n---\n",),
    ),
    Producer(
        id="bzd6661",
        name="bzd6661's downloader",
        evidence="its source; `author` is the account, and media are listed behind the text",
        keys=_keys("title author date source"),
        without=_keys("url fetchdate created lastmod updated published tags description"),
        roles={"author": "account", "date": "published"},
        tail=("media-references",),
        matches=("---\ntitle: a\nauthor: b\ndate: c\nsource: https://mp.weixin.qq.com/s/a\n---\n",),
        spares=("---\ntitle: a\nurl: u\nauthor: b\ndate: c\nsource: d\n---\n",),
    ),
    Producer(
        id="bzd6661-quoted",
        name="bzd6661's downloader, without front matter",
        evidence="its source",
        mark=r"\A\s*# [^\n]*\n\s*> Author: [^\n]*\n>?\s*> Date: [^\n]*\n>?\s*> Source: ",
        lines=True,
        roles={"author": "account", "date": "published", "source": "url"},
        tail=("media-references",),
        matches=("# 甲\n\n> Author: 乙\n> Date: 2026-05-23\n> Source: u\n",),
        spares=("# 甲\n\n> Author: 乙\n",),
    ),
    Producer(
        id="joplin",
        name="Joplin, Markdown with front matter",
        evidence="its exporter; moments end in Z",
        keys=_keys("title updated created source"),
        without=_keys("lastmod tags description"),
        roles={"created": "saved", "source": "url"},
        matches=("---\ntitle: a\nupdated: b\ncreated: c\nsource: d\nauthor: e\n---\n",),
        spares=("---\ntitle: a\ncreated: c\nsource: d\n---\n",),
    ),
    Producer(
        id="joplin-raw",
        name="Joplin, raw (RAW, .jex)",
        evidence="its exporter; the block of keys stands at the end, the title is the first line",
        mark=r"(?m)^type_: 1[ \t]*\Z",
        roles={"sourceurl": "url", "author": "author", "source": ""},
        matches=("甲\n\n正文\n\n\nid: 0\nsource_url: u\ntype_: 1",),
        spares=("甲\n\ntype_: 12\n", "type_: 1\n\n正文"),
    ),
    Producer(
        id="siyuan",
        name="SiYuan",
        evidence="its exporter; `date` is the day of clipping, the first quotation the source",
        keys=_keys("title date lastmod"),
        head=rf"(?:{_HEADING}\s*)?> \[(?:(?!\]\().)*+\]\((?P<url>{_URL})\)[ \t]*\n(?:>[^\n]*\n)*",
        matches=('---\ntitle: 甲\ndate: "d"\nlastmod: "e"\n---\n',),
        spares=("---\ntitle: 甲\ndate: d\n---\n",),
    ),
    Producer(
        id="exporter",
        name="wechat-article-exporter, Markdown",
        evidence="its source: Turndown underlines the title, and leaves the page's style above it; "
        "原创 is always written, the last word is a province or `undefined`; 10 real files, 3 of "
        "them of a version without 原创",
        mark=rf"(?m)(?:\A|^---[ \t]*+\n)\s*+{STYLED}(?:# [^\n]*+|[^\n]{{1,500}}+\n=++[ \t]*+)\n"
        rf"\s*+(?:原创 [^\n]{{0,140}}{_DATE}[^\n]*+"
        rf"|[^\s:：][^\n:：]{{0,120}} {_DATE}(?<=:\d\d)(?: [\w ]{{1,20}})?[ \t]*+)\n"
        r"\s*+> 原文地址: \[",
        head=rf"(?:{_HEADING}|\s*+{STYLED}"
        r"(?P<fulltitle>[^\n]{1,500}+)\n=++[ \t]*+\n)"
        rf"\s*+(?:原创 )?+(?P<names>\S[^\n]{{0,120}}?) (?P<date>{_DATE})(?: [^\n]*)?\n"
        rf"\s*> 原文地址: \[[^\n]{{0,900}}?\]\((?P<url>{_URL})\)[ \t]*\n?",
        mends=("exporter-bar",),
        matches=(
            "# 甲\n\n原创 乙 丙 2026-05-23 11:29 北京\n\n> 原文地址: [u](u)\n",
            "# 甲\n\n乙 丙 2026-05-23 11:29 北京\n\n> 原文地址: [u](u)\n",
            (
                "甲 .\\_\\_page\\_content\\_\\_ {}\n\n甲\n===\n\n"
                "原创 丙 2026-05-23 11:29 北京\n\n> 原文地址: [u](u)\n"
            ),
        ),
        spares=("# 甲\n\n原创 乙\n", "# 甲\n\n> 原文地址: u\n"),
    ),
    Producer(
        id="jackwener",
        name="wechat-article-to-markdown (jackwener) and the skills made of it",
        evidence="its source; any of the lines may be absent, 1970-01-01 stands for unknown",
        mark=r"\A\s*# [^\n]*\n\s*(?:> (?:公众号|来源|作者|发布时间|抓取时间|原文链接|原文): "
        r"[^\n]*\n>?\s*){2,6}---",
        lines=True,
        roles={
            "公众号": "account",
            "来源": "account",
            "作者": "author",
            "发布时间": "published",
            "抓取时间": "saved",
            "原文链接": "url",
            "原文": "url",
        },
        matches=("# 甲\n\n> 公众号: 乙\n> 发布时间: 2026-05-23\n> 原文链接: u\n\n---\n",),
        spares=("# 甲\n\n> 公众号: 乙\n\n正文",),
    ),
    *WHOLE_PAGES,
    Producer(
        id="notion",
        name="Notion, Markdown",
        evidence="its exporter; properties stand as lines behind the title",
        mark=r"\A\s*# [^\n]*\n\n(?:(?!URL: )[^\s:#*>_-][^:\n]{0,60}: [^\n]*\n)*+URL: [^\n]*\n",
        lines=True,
        roles={"url": "url", "author": "author", "tags": "", "created": "", "*": ""},
        matches=("# 甲\n\nURL: u\nTags: 公众号\n", "# 甲\n\nTags: x\n📅 状态/日: 已读\nURL: u\n"),
        spares=("# 甲\n\n见 URL: u\n", "# 甲\n\n**公众号**: 乙\nURL: u\n"),
    ),
)

UNKNOWN = Producer(
    id="unknown",
    name="any other Markdown that names one article as its source",
    evidence="vault notes of many makers: the link stands under twenty keys",
)

TEXT = "text"
"""The producer of plain text, which a list carries: the last that counts."""
