"""The tools that make Markdown of a whole page, its byline among it, and write no link.

Rows as in `producers`, which takes them in.
"""

from __future__ import annotations

from crawler.clean.exports.records import Producer

_STYLE = r"\.\\_\\_page\\_content\\_\\_ "  # of a page, as Turndown writes it
_OF_STYLE = rf"(?:(?!{_STYLE})[^\n])*+{_STYLE}[^\n]*+\n\s*+"
STYLED = rf"(?:{_OF_STYLE})?"
"""A page's style, as Turndown writes it above a title."""
_NOWHERE = r"\(javascript:void\\?\(0\\?\);\)"
_BY_LINK = (
    r"(?:原创\s++)?(?:(?P<author>[^\n\[]{0,60}?)(?:\s++(?P=author))?\s++)?"
    rf"\[ ?(?P<account>[^\]\n]{{0,60}}?) ?\]{_NOWHERE}[^\n]*\n"
)
_IN_READER = r"(?:\s*+在小说阅读器(?:读本章|中沉浸阅读)[ \t]*+\n(?:\s*+去阅读[ \t]*+\n)?+)*+"
_COVER = r"!\[cover\\{}_image\]\([^)\n]*+\)"  # as Turndown escapes it
_SHARED = r"\[ 知道了 \]\(javascript:;\)[\s*_×分析]*+!\[作者头像\]\([^)\n]*+\)"  # pictures alone
_CARD = r"(?:\s*+\*\*[^*\n]{1,60}\*\* !\[\]\(\)[ \t]*+\n)?+"  # whose picture is no article's
_IDS = r'<a id="profileBt"></a><a id="js_name"></a>'
_LOGO = r'<a id="copyright_logo"></a>(?:Original|原创) '

WHOLE_PAGES = (
    Producer(
        id="exporter-page",
        name="wechat-article-exporter, Markdown of a whole page",
        only_wechat=True,
        evidence="its source, real pages by its code, one public file: the page by Turndown",
        mark=rf"\A\s*+(?:{STYLED}{_COVER.format('')}\s*+#[ ][^\n]*+"
        rf"|(?:{_OF_STYLE}|(?={_COVER.format('?')}))(?:{_COVER.format('?')}\s*+)?"
        r"[^\n#!>][^\n]{0,499}+\n=++[ \t]*+)\n\s*+"
        rf"(?:[^\n\[]*\n){{0,2}}[^\n\[]*\[[^\n\]]*\]{_NOWHERE}",
        head=rf"\s*+{STYLED}(?:!\[cover\\?_image\]\((?P<cover>[^)\s]*+)\)\s*+)?"
        r"(?:#[ ]++(?P<title>[^\n]{0,500}?)[ \t]*+|(?P<fulltitle>[^\n]{1,500}+)\n=++[ \t]*+)\n"
        rf"\s*+{_BY_LINK}{_IN_READER}",
        file_date=True,
        tail=("page",),
        matches=(
            "![cover\\_image](u)\n\n# 甲\n\n原创 乙 [丙](javascript:void\\(0\\);)\n",
            "![cover_image](u)\n\n甲\n=\n\n[丙](javascript:void\\(0\\);)\n",
            ".\\_\\_page\\_content\\_\\_ {}\n\n甲\n===\n\n乙 [丙](javascript:void\\(0\\);)\n",
        ),
        spares=(
            "# 甲\n\n乙 [丙](javascript:void\\(0\\);)\n",
            "甲\n===\n\n[乙](javascript:void\\(0\\);)\n",
        ),
    ),
    Producer(
        id="qiye45",
        name="wechatDownload (qiye45), html2text",
        only_wechat=True,
        evidence="its output: lines wrapped at 78 columns through words and addresses",
        mark=r"\A\s*+(?:(?:!\[cover_image\]\([^)\n]*\)\s*+)?#[ ][^\n]*\n\s*+(?:[^\n\[]*\n){0,2}"
        rf"[^\n\[]*\[[^\n\]]*\]{_NOWHERE}|{_SHARED})",
        head=r"\s*(?:(?:!\[cover_image\]\((?P<cover>[^)\s]*)\)\s*+)?#[ ]++(?P<title>[^\n]{0,500}?)"
        rf"[ \t]*+\n\s*+{_BY_LINK}{_CARD}(?:\s*+(?:__ ?|_ ?)++[ \t]*+\n)?{_IN_READER}"
        rf"|{_SHARED}(?P<pictures>(?:\s*+!\[[^\]\n]*+\]\([^)\n]*+\))*+)"
        r"(?:\s*+#[ ]++(?P<fulltitle>[^\n]{1,500}+))?+)",
        file_date=True,
        tail=("page",),
        mends=("soft-wraps",),
        matches=("# 甲\n\n[丙](javascript:void(0);)", "[ 知道了 ](javascript:;)\n![作者头像](u)"),
        spares=("# 甲\n\n[乙](https://example.com)\n",),
    ),
    Producer(
        id="joplin-page",
        name="Joplin, Markdown of a clipped page",
        only_wechat=True,
        evidence="12 real files of a vault: its plainest export, with the ids of the byline",
        mark=rf"\A\s*+#[ ][^\n]*\n\s*+(?:{_LOGO}[^\n<]{{0,80}})?{_IDS}",
        head=r"\s*+#[ ]++(?P<title>[^\n]{0,500}?)[ \t]*+\n\s*+"
        rf"(?:{_LOGO}(?P<author>[^\n<]{{0,80}}?) ?)?{_IDS}(?P<account>[^\n*]{{0,60}}?) ?"
        r"(?:[*_](?P<date>\d{4}-\d\d-\d\d \d\d:\d\d)[*_][^\n]*)?\n",
        matches=('# 甲\n\n<a id="profileBt"></a><a id="js_name"></a>丙 *2021-11-10 21:13*\n',),
        spares=('# 甲\n\n<a id="js_name"></a>丙 *2021-11-10 21:13*\n',),
    ),
)
