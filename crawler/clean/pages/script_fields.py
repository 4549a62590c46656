"""Which data of a page's scripts are worth having, by generation of the page's template."""

from __future__ import annotations

# Pages since November 2025: keys of the first level of `window.cgiDataNew`. Seen on all 46 such
# pages at hand.
WANTED = (
    "title", "desc", "content_noencode", "author", "nick_name", "user_name", "alias", "signature", "bizuin", "mid",
    "idx", "sn", "link", "source_url", "cdn_url", "create_time", "create_timestamp", "ori_create_time", "modify_time",
    "item_show_type", "real_item_show_type", "is_pay_subscribe", "pay_type", "round_head_img", "hd_head_img",
    # objects and arrays, of which only the keys below are kept
    "user_info", "text_page_info", "picture_page_info_list", "video_page_infos", "voice_in_appmsg",
    # other pages' `window.cgiData`: videos of 2019, albums, verification and violation
    "vid", "voiceid", "source_link", "video_title", "albumId", "article_count", "del_reason", "target_url",
    # what this project's own snapshots add
    "page_mid", "transfer_target", "publish_time",
)  # fmt: skip

# Of the wanted objects, the keys that are read. `picture_page_info_list` repeats `cdn_url` in
# watermark_info and share_cover: 5 pictures give 15 addresses to whoever does not keep to the first
# level.
NESTED = {
    "user_info": ("is_paid",),
    "text_page_info": ("content_noencode", "content"),
    "picture_page_info_list": ("cdn_url",),
    "video_page_infos": ("video_id", "cover_url", "desc", "title"),
    "voice_in_appmsg": ("voice_encode_fileid", "fileid", "name", "title", "play_length"),
}

# Arrays that only pages of some `item_show_type` need; on others they are most of the data.
NESTED_FOR = {
    "picture_page_info_list": ("8", ""),
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
    "page_mid": ("window.PAGE_MID", "var PAGE_MID", "PAGE_MID"),
    "transfer_target": (
        "var transferTargetLink",
        "window.transferTargetLink",
        "transferTargetLink",
    ),
}
