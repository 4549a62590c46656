"""What the fake WeChat answers, by name.

Articles, notices, blocks, and everything that a server may do wrong.
"""

from __future__ import annotations

import itertools
import json
import zlib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from tests.clean.pages.lookalikes import BIZ, modern, notice, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

FIRST_MID = 2650000000
HTML = "text/html; charset=UTF-8"

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000003000000020800000000b81f39c6"
    "0000000b49444154789c636080000000080001b75873950000000049454e44ae426082"
)
GIF = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")
# 140 x 140: what a foreign Referer gets in a picture's place
PLACEHOLDER = b"GIF89a\x8c\x00\x8c\x00\x00\x00\x00;"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer, and how it is delivered."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    gzip: bool = True
    length: int | None = None  # a Content-Length of its own
    cut: int | None = None  # so many bytes of the body are sent before the connection closes
    # sent raw, one after another, until the connection closes
    pieces: Iterable[bytes] | None = None
    pause: float = 0.0  # real seconds before each piece
    drip: bool = False  # the head comes byte by byte as well, with the pause between


def long_link(number: int, *, signed: bool = True) -> str:
    """The long address of an article."""
    base = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={FIRST_MID + number}&idx=1&sn={number:032x}"
    return f"{base}&chksm={number:076x}&scene=27#rd" if signed else base


def token(name: str, number: int = 0) -> str:
    """The same as 22 characters, which is what a short link has behind its `/s/`."""
    return f"{name}-{number:0{21 - len(name)}d}"


def short_link(name: str, number: int = 0) -> str:
    """The address at which the fake answers as `name` says."""
    return f"https://mp.weixin.qq.com/s/{token(name, number)}"


def article(number: int, body: str = "", **fields: str) -> bytes:
    """A page with an identity of its own."""
    text = body or (
        f"<section><p>第{number}夜，灯塔照常亮起，守塔人记下了潮水的高度。</p><p>"
        f'<img data-src="https://mmbiz.qpic.cn/mmbiz_png/tower{number}/640?wx_fmt=png"'
        ' data-ratio="1"></p></section>'
    )
    said = {
        "title": f"灯塔日记 {number}",
        "mid": str(FIRST_MID + number),
        "idx": "1",
        "sn": f"{number:032x}",
    }
    # all are texts
    return modern(text, **{**said, "link": long_link(number), **fields})  # type: ignore[arg-type]


def gallery(number: int) -> bytes:
    """A post of pictures: no container, all of it in the data."""
    pictures = "".join(
        "{ cdn_url:"
        f" JsDecode({quoted(f'https://mmbiz.qpic.cn/mmbiz_jpg/g{number}p{place}/0?wx_fmt=jpeg')}),"
        " watermark_info: { cdn_url: JsDecode('https://mmbiz.qpic.cn/mmbiz_jpg/mark/0') }, },"
        for place in range(3)
    )
    return modern(
        None,
        title=f"海边的{number}张照片",
        mid=str(FIRST_MID + number),
        item_show_type="8",
        content_noencode=f"退潮以后的第{number}天。",
        extra=f"  picture_page_info_list: [{pictures}],\n",
    )


def text_post(number: int) -> bytes:
    """A post that is a text and nothing else; its container holds a follow card only."""
    return modern(
        "青石电台 关注",
        title="",
        mid=str(FIRST_MID + number),
        item_show_type="10",
        content_noencode=f"今天是值班的第{number}天。\n风停了。",
    )


def repost(number: int) -> bytes:
    """Another account's article: an empty container, the original in the data."""
    original = f"<p>转自邻镇的第{number}号航海通告：浮标已更换。</p>"
    return modern(
        "", title=f"转：航海通告 {number}", mid=str(FIRST_MID + number), content_noencode=original
    )


def hollow(number: int) -> bytes:
    """What an unsigned link brings: the page around an article that is not there."""
    return modern("", title=f"灯塔日记 {number}", mid=str(FIRST_MID + number), idx="1")


def heavy(number: int) -> bytes:
    """An article below as many megabytes of scripts as its number's last two digits say.

    Real pages have 2 to 4.
    """
    script = (
        "<script>"
        + "var tide = [1, 2, 3]; // 潮汐表\n" * (number % 100 * (1 << 20) // 34)
        + "</script>"
    )
    return article(number).replace(b"<body", script.encode() + b"<body", 1)


VERIFICATION = (
    b"<!DOCTYPE html><html><head><title></title></head><body class='zh_CN'><script>var"
    b" PAGE_MID='mmbizwap:secitptpage/verify.html';</script><script>window.cgiData = { target_url :"
    b' "https://mp.weixin.qq.com/s/article-00000000000001", cap_appid : "2000000000", poc_sid :'
    b" \"none\" };seajs.use('secitptpage/template/verify.js')</script></body></html>"
)

NOTICES = {
    "limited_notice": "访问过于频繁，请用微信扫描二维码进行访问",
    "deleted": "该内容已被发布者删除",
    "deleted_english": "The content has been deleted by the author.",
    "violation": "此内容因违规无法查看",
    "complaint": "此内容被投诉且经审核涉嫌侵权，无法查看。",
    "send_failed": "此内容发送失败无法查看",
    "blocked": "此帐号已被屏蔽, 内容无法查看",
    "cancelled": "此帐号已自主注销，内容无法查看",
    "migrating": "此帐号处于帐号迁移流程中",
    "expired": "链接已过期",
    "bad_link": "参数错误",
    "rumour": "该文章已被第三方辟谣",
    "unavailable": "该内容暂时无法查看",
    "client_only": "请在微信客户端打开链接",
    "system": "系统出错",
}

ESCAPES = (
    "http://127.0.0.1:22/",
    "http://localhost/s/article-000001",
    "http://[::1]/",
    "http://169.254.169.254/latest/meta-data/",
    "https://evil.example/",
    "//evil.example/s/article-000001",
    "https://mp.weixin.qq.com.evil.example/",
    "https://mp.weixin.qq.com@evil.example/",
    "https://evil.example#@mp.weixin.qq.com/",
    "https://evil.example\\@mp.weixin.qq.com/",
    "https://mp.weixin.qq.com:8443/s/article-000001",
    "https://mp.weixin.qq.com./s/article-000001",
    "https://mp。weixin。qq。com/s/article-000001",
    "file:///etc/passwd",
    "ftp://mp.weixin.qq.com/s/article-000001",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://[::1",
    "https://mp.weixin.qq.com:port/",
    "https://mp.weixin.qq.com/s/" + "a" * 9000,
)


def _gzip(body: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return b"".join(map(packer.compress, body)) + packer.flush()


@cache
def _bomb() -> bytes:
    return _gzip(itertools.repeat(bytes(1 << 20), 200))


def _packed(body: bytes, encoding: str = "gzip") -> Answer:
    return Answer(body=body, gzip=False, headers={"Content-Encoding": encoding})


def _redirect(location: str) -> Answer:
    return Answer(
        status=302, headers={"Location": location.encode().decode("latin-1")}, body=b"moved"
    )


def _flaky(number: int, nth: int) -> Answer:
    """As many server errors as the number's last digit says, then the article."""
    return (
        Answer(status=502, body=b"bad gateway")
        if nth < number % 10
        else Answer(body=article(number))
    )


def _mended(number: int, nth: int) -> Answer:
    """Cut short as often as the number's last digit says, then whole."""
    return Answer(body=article(number), cut=200 if nth < number % 10 else None)


def _empty_blocks() -> Iterable[bytes]:
    """Gzip that goes on for ever and says nothing."""
    return itertools.chain([_gzip([])[:10]], itertools.repeat(b"\x00\x00\x00\xff\xff" * 10_000))


ANSWERS: dict[str, Callable[[int, int], Answer]] = {
    # Name -> what comes for `/s/name-NUMBER` when it is asked for the nth time, from 0.
    "article": lambda number, _: Answer(body=article(number)),
    "gallery": lambda number, _: Answer(body=gallery(number)),
    "text": lambda number, _: Answer(body=text_post(number)),
    "repost": lambda number, _: Answer(body=repost(number)),
    "heavy": lambda number, _: Answer(body=heavy(number)),
    "plain": lambda number, _: Answer(body=article(number), gzip=False),
    "unsigned": lambda number, _: Answer(body=hollow(number)),
    "private": lambda *_: Answer(
        body=b"<html><head><title></title></head><body><div id='app'></div></body></html>"
    ),
    "verification": lambda *_: Answer(body=VERIFICATION),
    "verification_error": lambda *_: Answer(body=VERIFICATION, status=503),
    "verification_cut": lambda *_: Answer(body=VERIFICATION, gzip=False, cut=250),
    "captcha": lambda *_: _redirect(
        "/mp/wappoc_appmsgcaptcha?poc_token=none&target_url=https%3A%2F%2Fexample.cn"
    ),
    "limited": lambda *_: Answer(status=429, body=b"slow down", headers={"Retry-After": "120"}),
    "missing": lambda *_: Answer(status=404, body=b"not found"),
    "busy": lambda *_: Answer(status=503, body=b"busy"),
    "busy_seconds": lambda number, nth: (
        Answer(status=503, headers={"Retry-After": str(number)}) if not nth else Answer()
    ),
    "flaky": _flaky,
    "mended": _mended,
    "cut": lambda number, _: Answer(body=article(number), cut=200),
    "cut_gzip": lambda number, _: Answer(
        pieces=[_gzip([article(number)])[:300]], headers={"Content-Encoding": "gzip"}
    ),
    "broken_gzip": lambda *_: _packed(b"\x1f\x8b\x08\x00nothing of the kind"),
    "not_gzip": lambda number, _: _packed(article(number)),
    "trailing": lambda number, _: _packed(_gzip([article(number)]) + b"\0" * 100),
    "brotli": lambda *_: _packed(b"\x1b\x00\x00", "br"),
    "double": lambda number, _: _packed(_gzip([_gzip([article(number)])]), "gzip, gzip"),
    "too_long": lambda number, _: Answer(body=article(number), gzip=False, length=9_999),
    "too_short": lambda number, _: Answer(body=article(number), length=100),
    "bad_length": lambda number, _: Answer(
        body=article(number), headers={"Content-Length": "many"}, length=-1
    ),
    "bomb": lambda *_: _packed(_bomb()),
    "double_bomb": lambda *_: _packed(_gzip([_bomb()])),
    "endless": lambda *_: Answer(pieces=itertools.repeat(b"<p>tide</p>" * 6_000)),
    "empty_blocks": lambda *_: Answer(pieces=_empty_blocks(), headers={"Content-Encoding": "gzip"}),
    "silent": lambda *_: Answer(pieces=[b"late"], pause=600.0),
    "drip": lambda *_: Answer(pieces=itertools.repeat(b"."), pause=0.02),
    "drip_head": lambda *_: Answer(pieces=[b"late"], pause=0.02, drip=True),
    "long_head": lambda *_: Answer(headers={f"X-{n}": "x" * 1000 for n in range(200)}),
    "garbage": lambda *_: Answer(pieces=[b"SSH-2.0-OpenSSH_9.9\r\n\x1b[31m\r\n"], status=0),
    "hints": lambda *_: Answer(
        pieces=itertools.repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50), status=0
    ),
    "hang_up": lambda *_: Answer(pieces=[], status=0),
    "cookie": lambda number, _: Answer(
        body=article(number), headers={"Set-Cookie": "rewardsn=tide; Path=/"}
    ),
    "loop": lambda number, _: _redirect(short_link("loop", number)),
    "ping": lambda number, _: _redirect(short_link("pong", number)),
    "pong": lambda number, _: _redirect(short_link("ping", number)),
    "steps": lambda number, _: _redirect(
        short_link("steps", number - 1) if number > 1 else short_link("article", 1)
    ),
    "http": lambda number, _: _redirect(
        f"{short_link('article', number)}?key=secret&scene=1#rd".replace("https", "http")
    ),
    "escape": lambda number, _: _redirect(ESCAPES[number]),
    "endless_redirect": lambda *_: Answer(
        status=302,
        headers={"Location": short_link("article", 1)},
        pieces=itertools.repeat(b"moved" * 10_000),
    ),
    "migrated": lambda *_: Answer(
        body=notice(
            "该公众号已迁移", script=f"var transferTargetLink = '{short_link('article', 1)}';"
        )
    ),
}
ANSWERS |= {
    name: lambda _, __, text=text: Answer(body=notice(text))  # type: ignore[misc]
    for name, text in NOTICES.items()
}


def album(count: int = 3) -> bytes:
    """The list of articles that an album gives as JSON.

    Links signed, as http, numbers as strings.
    """
    listed = [
        {
            "title": f"灯塔日记 {n}",
            "url": long_link(n).replace("https:", "http:"),
            "msgid": str(FIRST_MID + n),
            "itemidx": "1",
        }
        for n in range(1, count + 1)
    ]
    answer = {
        "base_resp": {"ret": 0},
        "getalbum_resp": {"article_list": listed, "continue_flag": "0"},
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def album_page(count: int = 3) -> bytes:
    """The page of an album, with the same list in its data and in its markup."""
    rows = "".join(
        f'<li class="album__list-item" data-link="{long_link(n).replace("&", "&amp;")}"'
        f' data-title="灯塔日记 {n}"></li>'
        for n in range(1, count + 1)
    )
    return (
        "<!DOCTYPE html><html><head><title></title></head><body><div class='js_album_container'>"
        f"<div id='js_tag_name'>灯塔日记</div><ul>{rows}</ul></div>"
        "<script>var PAGE_MID='mmbizwap:pages/album.html';</script></body></html>"
    ).encode()


def feed(count: int = 3) -> bytes:
    """An RSS feed of the newest articles."""
    items = "".join(
        f"<item><title>灯塔日记 {n}</title><link>{long_link(n).replace('&', '&amp;')}</link></item>"
        for n in range(1, count + 1)
    )
    return f"<rss version='2.0'><channel><title>青石电台</title>{items}</channel></rss>".encode()
