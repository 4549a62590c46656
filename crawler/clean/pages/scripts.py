"""What the scripts of a page say of its article.

The page data of 2025 and later, or the variables before them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.characters import unescaped
from crawler.clean.pages.javascript import (
    STRING,
    JsObject,
    decode_string,
    literal_text,
    quote_string,
    read_array,
    read_assigned,
    read_object,
)

if TYPE_CHECKING:
    from crawler.clean.markup import Span

# Pages since November 2025: keys of the first level of `window.cgiDataNew`. Seen on all 46 such
# pages at hand.
WANTED = (
    "title",
    "desc",
    "content_noencode",
    "author",
    "nick_name",
    "user_name",
    "alias",
    "signature",
    "bizuin",
    "mid",
    "idx",
    "sn",
    "link",
    "source_url",
    "cdn_url",
    "create_time",
    "create_timestamp",
    "ori_create_time",
    "modify_time",
    "svr_time",
    "item_show_type",
    "real_item_show_type",
    "is_pay_subscribe",
    "pay_type",
    "round_head_img",
    "hd_head_img",
    # objects and arrays, of which only the keys below are kept
    "copyright_stat",
    "user_info",
    "copyright_info",
    "appmsgalbuminfo",
    "hashtags",
    "topic_infos",
    "public_tag_info",
    "ip_wording",
    "text_page_info",
    "picture_page_info_list",
    "video_page_infos",
    "voice_in_appmsg",
    # other pages' `window.cgiData`: videos of 2019, albums, verification and violation
    "vid",
    "voiceid",
    "source_link",
    "video_title",
    "albumId",
    "article_count",
    "del_reason",
    "target_url",
    # what this project's own snapshots add
    "page_mid",
    "transfer_target",
    "publish_time",
)

# Of the wanted objects, the keys that are read. `picture_page_info_list` repeats `cdn_url` in
# watermark_info and share_cover: 5 pictures give 15 addresses to whoever does not keep to the first
# level.
NESTED = {
    "copyright_info": ("copyright_stat",),
    "appmsgalbuminfo": ("title",),
    "hashtags": ("hashtag",),
    "topic_infos": ("topic", "title", "name"),
    "public_tag_info": ("tags",),
    "ip_wording": ("province_name",),
    "user_info": ("is_paid",),
    "text_page_info": ("content_noencode", "content"),
    "picture_page_info_list": ("cdn_url",),
    "video_page_infos": ("video_id", "cover_url", "desc", "title"),
    "voice_in_appmsg": ("voice_encode_fileid", "fileid", "name", "title", "play_length"),
}

# Arrays that only pages of some `item_show_type` need; on others they are most of the data.
NESTED_FOR = {
    "picture_page_info_list": ("8", "17", ""),  # 17 [code]: short posts, perhaps with pictures
    "video_page_infos": ("5", ""),
    "voice_in_appmsg": ("6", "7", ""),
}

# Pages before that: statements like `var ct = "1581517074";`. A later form is tried where an
# earlier one says nothing. `var title` is missing on purpose: in 2017 to 2024 it holds the
# account's name.
VARIABLES = {
    "title": ("var msg_title", "window.msg_title", "d.title"),
    "nick_name": ("var nickname", "d.nick_name"),
    "author": ("var author", "d.author"),
    "desc": ("var msg_desc",),
    "cdn_url": ("var msg_cdn_url",),
    "create_timestamp": (
        "var ct",
        "d.ct",
        "window.ct",
        "_g.ct",
        "var oriCreateTime",
        "d.create_time",
    ),
    "create_time": ("var createTime",),
    "publish_time": ("var publish_time",),
    "modify_time": ("var modify_time", "window.modify_time"),
    "svr_time": ("var svr_time", "window.svr_time", "d.svr_time"),
    "bizuin": ("var biz", "window.biz", "d.biz"),
    "mid": ("var mid", "window.mid", "d.mid", "var appmsgid"),
    "idx": ("var idx", "window.idx", "d.idx"),
    "sn": ("var sn", "window.sn", "d.sn"),
    "link": ("var msg_link", "d.msg_link", "_g.msg_link"),
    "source_url": ("var msg_source_url",),
    "item_show_type": ("var item_show_type", "window.item_show_type", "_g.item_show_type"),
    "user_name": ("var user_name", "d.user_name"),
    "alias": ("window.alias",),
    "signature": ("var profile_signature",),
    "round_head_img": ("var round_head_img", "d.round_head_img"),
    "hd_head_img": ("var hd_head_img", "d.hd_head_img"),
    "is_pay_subscribe": ("var is_pay_subscribe",),
    "vid": ("window.cgiData.vid",),
    "copyright_stat": ("var _copyright_stat", "window._copyright_stat", "d.copyright_stat"),
    "page_mid": ("window.PAGE_MID", "var PAGE_MID", "PAGE_MID"),
    "transfer_target": (
        "var transferTargetLink",
        "window.transferTargetLink",
        "transferTargetLink",
        "var transfer_target_link",  # until 2018 [code]
    ),
}

_MODERN = re.compile(rb"cgiDataNew\s*+=\s*+(?=\{)")
_PLACE = re.compile(rb"window\.ip_wording\s*+=\s*+(?=\{)")
_OLDER = re.compile(rb"cgiData\s*+=\s*+(?=\{)")
# of a gallery, before its data stood in one object; an empty one stands in programs
_PICTURES = re.compile(rb"window\.picture_page_info_list\s*+=\s*+(?=\[\s*+\{)")
# Pages of shared posts until 2025: what they say stands in a program, and of several such variables
# the first that says anything is shown. [the program itself, which such pages still have]
_SAID_BY = ("videoContentNoEncode", "ContentNoEncode", "TextContentNoEncode")
_SAID_BY_GALLERY = ("content", "desc")
_NEVER = b"a_value_which_never_exists"
_SAID = re.compile(
    rf"\bvar ({'|'.join(_SAID_BY + _SAID_BY_GALLERY)})\s*+=\s*+"
    rf"window\.a_value_which_never_exists\s*+\|\|\s*+({STRING})".encode(),
    re.DOTALL,
)
_IS_TEMPLATE = re.compile(rb"""\sid=["']?content_tpl\b""")
_LONGEST_TAG = 400
_FORMS = frozenset(form for forms in VARIABLES.values() for form in forms)
_NAMES = "|".join(sorted({re.split(r"[ .]", form)[-1] for form in _FORMS}, key=len, reverse=True))
_ASSIGNMENT = re.compile(
    rf"(?:^|;)[ \t]*+((?:var |window\.(?:cgiData\.)?+|d\.|_g\.|)(?:{_NAMES}))\s*+=(?!=)\s*+",
    re.MULTILINE,
)
# The variables of an article stand in one block of 6,000 to 62,000 bytes, which names the article's
# own address and all its pictures, and in some short scripts of 50 to 2,200; the other scripts are
# programs.
_BLOCK = (b"msg_link", 250_000)
_SHORT = 3_000
_LONGEST = 1_000_000  # bytes of all of them; real pages have 60,000 at most
_PROGRAM = 1_000_000
# What would keep a script's end tag from ending it, in the script that a snapshot's data stand in.
_HIDES_END = re.compile(r"(?<!\\)((?:\\\\)*+)\\?<(?=!--|/?script)", re.IGNORECASE)
_VERIFICATION = b"secitptpage/template/verify"  # what a verification page's script asks for


def page_data(page: bytes, scripts: list[Span]) -> JsObject:
    """What the scripts of a page say of its article. Nothing of them is copied but what is read."""
    modern = _object(_MODERN, page, sorted(scripts, key=_is_program))
    if modern.fields:
        return _wanted(modern)
    block = b"\n".join(
        page[start:end] for start, end in scripts if _has_variables(page, start, end)
    )
    fields = {
        **_object(_OLDER, page, scripts).fields,
        **_variables(block[:_LONGEST].decode(errors="replace")),
    }
    place = _object(_PLACE, page, scripts).fields.get("provinceName")
    if place:
        fields["ip_wording"] = f"{{province_name: {place}}}"
    pictures = _array(_PICTURES, page, scripts)
    if pictures:
        fields.setdefault("picture_page_info_list", pictures)
    is_gallery = literal_text(fields.get("item_show_type", "")) == "8"
    said = _template(page, scripts) or _said(page, scripts, is_gallery=is_gallery)
    if said:
        fields.setdefault("content_noencode", quote_string(said))
    # (an article's title, digest or words may speak of that script)
    names = ("page_mid", "title", "bizuin", "content_noencode")
    is_unnamed = not JsObject(fields=fields).text(*names)
    if is_unnamed and any(page.find(_VERIFICATION, *script) >= 0 for script in scripts):
        fields["page_mid"] = "'mmbizwap:secitptpage/verify.html'"
    return _wanted(JsObject(fields=fields))


def _object(name: re.Pattern[bytes], page: bytes, scripts: list[Span]) -> JsObject:
    """The first object that is assigned to the name and has anything in it."""
    for start, end in scripts:
        assigned = name.search(page, start, end)
        if assigned:
            data = read_object(page[assigned.end() : end].decode(errors="replace"), 0)
            if data.fields:
                return data
    return JsObject()


def _array(name: re.Pattern[bytes], page: bytes, scripts: list[Span]) -> str:
    """The first array that is assigned to the name, as source; "" where none is."""
    for start, end in scripts:
        assigned = name.search(page, start, end)
        if assigned:
            return read_array(page[assigned.end() : end].decode(errors="replace"))
    return ""


def _template(page: bytes, scripts: list[Span]) -> str:
    """The article of a repost, of which a page until 2025 shows the beginning; "" elsewhere."""
    for start, end in scripts:
        tag = page[max(0, start - _LONGEST_TAG) : start].rpartition(b"<")[2]
        if _IS_TEMPLATE.search(tag) and end < len(page):  # else it broke off in there
            return page[start:end].decode(errors="replace").strip()
    return ""


def _said(page: bytes, scripts: list[Span], *, is_gallery: bool) -> str:
    """The words of a shared post, where a program has them; "" where none does."""
    said: dict[str, str] = {}
    for start, end in scripts:
        if page.find(_NEVER, start, end) < 0:
            continue
        for found in _SAID.finditer(page, start, end):
            name = found[1].decode()
            said[name] = said.get(name) or decode_string(found[2].decode(errors="replace"))
    names = _SAID_BY_GALLERY if is_gallery else _SAID_BY
    words = next((said[name] for name in names if said.get(name)), "")
    return unescaped(words) if is_gallery else words  # as the program does before it shows them


def _is_program(script: Span) -> bool:
    """Whether a script is so long that data are looked for in it last.

    The longest data seen have 450,000 bytes.
    """
    return script[1] - script[0] > _PROGRAM


def _has_variables(page: bytes, start: int, end: int) -> bool:
    mark, longest = _BLOCK
    return end - start < _SHORT or (end - start < longest and page.find(mark, start, end) >= 0)


def _variables(text: str) -> dict[str, str]:
    """For each variable that is read, the first literal assigned to it that says anything."""
    said: dict[str, str] = {}
    all_found = _ASSIGNMENT.finditer(text)
    found = (one for one in all_found if one[1] in _FORMS and one[1] not in said)
    for form, expression in read_assigned(found, text):
        value = literal_text(expression)
        if value:
            said[form] = quote_string(value)
    best = {
        key: next((said[form] for form in forms if form in said), "")
        for key, forms in VARIABLES.items()
    }
    return {key: value for key, value in best.items() if value}


def _wanted(data: JsObject) -> JsObject:
    """Only what is read, and of objects and arrays only what a page of this kind needs."""
    kind = data.text("item_show_type")
    fields = {}
    for key in WANTED:
        if key not in data:
            continue
        if key not in NESTED:
            fields[key] = data.fields[key]
        elif kind in NESTED_FOR.get(key, (kind,)):
            fields[key] = _nested(data, key)
    inert = {key: _HIDES_END.sub(r"\1\\x3c", source) for key, source in fields.items()}
    return JsObject(fields=inert)


def _nested(data: JsObject, key: str) -> str:
    objects = [data.object(key)] if data.fields[key].startswith("{") else data.objects(key)
    written = [
        "{"
        + ", ".join(f"{name}: {each.fields[name]}" for name in NESTED[key] if name in each)
        + "}"
        for each in objects
    ]
    return written[0] if data.fields[key].startswith("{") else "[" + ", ".join(written) + "]"
