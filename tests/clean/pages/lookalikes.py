"""Pages of our own invention that are built as WeChat's are, by generation of the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

ACCOUNT = "青石电台"
BIZ = "MzA3MTIzNDU2Nw=="
MID, IDX, SN = "2650000017", "2", "0123456789abcdef0123456789abcdef"
LINK = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={MID}&idx={IDX}&sn={SN}&chksm={'ab' * 38}#rd"
BODY = "<section><p>山里的雾散得很慢。</p><p>电台从早上六点开始播音。</p></section>"


def quoted(text: str) -> str:
    """A text as pages write it into their data.

    Single quotes, `\\xHH` for what HTML or JavaScript could take amiss.
    """
    for sign in "\\<>&'\"\n\r":
        text = (
            text.replace(sign, f"\\x{ord(sign):02x}")
            if sign != "\\"
            else text.replace("\\", "\\x5c")
        )
    return f"'{text}'"


def modern(
    body: str | None = BODY,
    *,
    after_body: bool = False,
    decoder: str = "JsDecode",
    extra: str = "",
    **fields: str,
) -> bytes:
    """A page of 2025 and later: `window.cgiDataNew`, before the body or behind it.

    Texts in `decoder(...)` or bare.

    `body` is what stands in #js_content, None for a page without one. `extra` is raw source for the
    data.
    """
    said = {
        "title": "雾中的电台",
        "nick_name": ACCOUNT,
        "author": "阿岭",
        "desc": "早上六点",
        "bizuin": BIZ,
        "link": LINK,
    }
    said |= {
        "content_noencode": body or "",
        "sn": SN,
        "cdn_url": "http://mmbiz.qpic.cn/mmbiz_jpg/cover/0?wx_fmt=jpeg",
    }
    numbers = {"mid": MID, "idx": IDX, "create_timestamp": "1764842451", "item_show_type": "0"}
    numbers |= {
        key: fields.pop(key) for key in list(fields) if key in numbers or key == "modify_time"
    }
    said |= fields
    texts = "".join(
        f"  {key}: {decoder}({quoted(value)}),\n" if decoder else f"  {key}: {quoted(value)},\n"
        for key, value in said.items()
    )
    counts = "".join(f"  {key}: '{value}' * 1,\n" for key, value in numbers.items())
    data = (
        "<script nonce='1' h5only>(function() { try { window.cgiDataNew = {\n  advertiser: {"
        " nick_name: JsDecode('广告主'), title: JsDecode('别读这个'), item_show_type: '5' * 1,"
        f" }},\n{texts}{counts}{extra}  watermark: {{ cdn_url:"
        " JsDecode('http://example.cn/no.png'), },\n}; } catch (e) {} })();</script>"
    )
    container = (
        ""
        if body is None
        else (
            '<div class="rich_media_content\n  " id="js_content" style="visibility:'
            f' hidden;">{body}</div>'
        )
    )
    return _page(
        f"{'' if after_body else data}<div"
        f" id='js_article'>{container}</div>{data if after_body else ''}"
    )


def old(body: str = BODY, *, variables: str = "") -> bytes:
    """A page of 2017: a block of variables, no og:*, a second body in a comment."""
    block = variables or (
        f'var biz = "" || "{BIZ}";\nvar sn = "" || "{SN}";\nvar mid = "" || "" || "{MID}";\nvar idx'
        f' = "" || "" || "{IDX}";\nvar nickname = "{ACCOUNT}";\nvar ct = "1513163700";\nvar'
        ' publish_time = "2017-12-13" || "";\nvar msg_title = "雾中的电台";\nvar msg_desc ='
        ' "早上六点";\nvar msg_cdn_url ='
        ' "http://mmbiz.qpic.cn/mmbiz_jpg/cover/0?wx_fmt=jpeg";\nvar msg_link ='
        f' "{LINK.replace("&", chr(92) + "x26amp;")}";\nvar title ="{ACCOUNT}";\nvar biz = opt.biz'
        " || window.biz;\nvar mid = start + end >> 1;"
    )
    return (
        "<!DOCTYPE html>\n<!--headTrap<body></body><head></head><html></html>-->"
        "<html><head><title>雾中的电台</title></head>"
        '<body id="activity-detail"><h2 id="activity-name">\n 雾中的电台 \n</h2><div'
        ' id="meta_content">'
        '<em id="post-date" class="rich_media_meta rich_media_meta_text">2017-12-13</em>'
        '<em class="rich_media_meta rich_media_meta_text">阿岭</em>'
        '<span class="rich_media_meta rich_media_meta_text'
        f' rich_media_meta_nickname">{ACCOUNT}</span></div>'
        f'<div class="rich_media_content " id="js_content">{body}</div>'
        "<script"
        f' nonce="1">{block}</script></body></html>'
        "<!--tailTrap<body></body><head></head><html></html>-->"
    ).encode()


def in_its_frame(page: bytes, *, behind: str = "") -> bytes:
    """A page in the frame that WeChat puts around it, with what stands behind its article there.

    Nothing does where it broke off inside; a browser closes it, and an extension adds its own.
    """
    above = b"<div id=js_article><div id=js_top_ad_area></div><div id=page-content>"
    article = b'<div class="rich_media_content'
    framed = page.replace(article, above + article)
    ends = f"{behind}</div></div><div id=extension></div></body>"
    return framed.replace(b"</body></html>", f"{ends}</html>".encode())


def notice(text: str, *, reason: str = "", script: str = "") -> bytes:
    """A page that says something in place of an article."""
    described = f'<div class="weui-msg__desc"><p>{reason}</p></div>' if reason else ""
    return _page(
        '<div class="weui-msg"><div class="weui-msg__text-area"><h2 class="weui-msg__title'
        f' warn">\n {text} \n</h2>{described}</div></div><script>{script}</script>'
    )


def _page(inside: str) -> bytes:
    return (
        '<!DOCTYPE html>\n<html class="">\n<head><meta'
        ' charset="utf-8"><title></title><style>.weui-msg__title{color:red}</style></head>\n<body'
        f' id="activity-detail" class="zh_CN wx_wap_page">\n{inside}\n<script>var PAGE_KIND ='
        " 1;</script>\n</body></html>"
    ).encode()


def shown(page: bytes) -> str:
    """The words of a page, as a parser that follows the standard reads them."""
    root = LexborHTMLParser(page).root
    return "".join(_texts(root)) if root is not None else ""


def _texts(node: LexborNode) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield child.text_content or ""
        elif child.tag not in ("script", "style", "-comment"):
            yield from _texts(child)
