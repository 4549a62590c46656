"""What a player, a card or a vote says in words: its attributes as lines, one function a kind."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from crawler.characters import on_one_line, unescaped
from crawler.clean.markdown import safe_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.clean.body.tree import Attributes


class WidgetLine(NamedTuple):
    """A line of words, and where it leads."""

    words: str
    address: str = ""


def _attribute(attributes: Attributes, *names: str) -> str:
    """The first of some attributes that says something."""
    for name in names:
        value = " ".join(unescaped(attributes.get(name) or "").split())
        if value:
            return value
    return ""


def _text(attributes: Attributes, *names: str) -> str:
    """The first of some attributes that says something, in words.

    Audio's names are escaped twice (`&amp;nbsp;`), and those of places percent-encoded.
    """
    return _decoded(_attribute(attributes, *names))


def _decoded(words: str) -> str:
    """Words whose percent signs were meant for an address; those of a percentage stay."""
    if not _ENCODED.search(words):
        return words
    try:
        return " ".join(unquote(words, errors="strict").split())
    except UnicodeDecodeError:
        return words


def _labelled(label: str, *words: str) -> str:
    return "：".join((label, *(word for word in words if word)))


def _by(name: str) -> str:
    return f"（{name}）" if name else ""


_ENCODED = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]%[89A-Ba-b][0-9A-Fa-f]")
_VID = re.compile(r"[?&]vid=([A-Za-z0-9_]{5,40})")
_HAN = re.compile("[\u3400-\u9fff]")
_MAX_WORDS = 200
_OWN_VIDEO = re.compile(r"wxv_[0-9]{5,30}")
_MEDIA = re.compile(r"[\w=-]{4,80}", re.ASCII)


def say_video(attributes: Attributes) -> list[WidgetLine]:
    """A video: its title, and the page that plays it."""
    address = safe_address(_attribute(attributes, "data-src", "src", "data-url"))
    if not address:
        address = page_of_video(attributes.get("data-mpvid") or "")
    vid = _VID.search(address)
    if vid and "//v.qq.com/" in address:  # the player's address opens no page of its own
        address = f"https://v.qq.com/x/page/{vid[1]}.html"
    return [
        WidgetLine(
            _labelled("视频", _text(attributes, "data-title", "title", "data-desc")), address
        )
    ]


def page_of_video(video: str) -> str:
    """The page that plays one of WeChat's own videos; its files' addresses expire."""
    if not _OWN_VIDEO.fullmatch(video):
        return ""
    page = "https://mp.weixin.qq.com/mp/readtemplate?t=pages/video_player_tmpl&action=mpvideo"
    return f"{page}&auto=0&vid={video}"


def say_audio(attributes: Attributes) -> list[WidgetLine]:
    """A recording: its name, its author, and the file."""
    name, author = (
        _text(attributes, "name", "data-name", "title"),
        _text(attributes, "author", "data-author"),
    )
    media = _attribute(attributes, "voice_encode_fileid", "data-voice_encode_fileid")
    address = (
        f"https://res.wx.qq.com/voice/getvoice?mediaid={media}" if _MEDIA.fullmatch(media) else ""
    )
    return [
        WidgetLine(
            _labelled("音频", name) + _by(author),
            address or safe_address(_attribute(attributes, "src")),
        )
    ]


def say_music(attributes: Attributes) -> list[WidgetLine]:
    """A song: its name, its singer, and the file."""
    name = _text(attributes, "music_name", "data-music_name", "data-name", "name")
    singer = _text(attributes, "singer", "data-singer")
    return [
        WidgetLine(
            _labelled("音乐", name) + _by(singer),
            safe_address(_attribute(attributes, "audiourl", "data-audiourl")),
        )
    ]


def say_mini_program(attributes: Attributes) -> list[WidgetLine]:
    """A mini-program: its name, and what the card calls."""
    name = _text(attributes, "data-miniprogram-nickname", "data-nickname")
    title = _text(attributes, "data-miniprogram-title", "data-title")
    title = "" if title == name else title
    said = _text(attributes, "data-miniprogram-textcontent")  # where it stands as words in a line
    said = "" if said in (name, title) else said
    return [WidgetLine(_labelled("小程序", name, title, said))]


def say_profile(attributes: Attributes) -> list[WidgetLine]:
    """An account: its name, its alias, and what it says of itself."""
    name = _text(attributes, "data-nickname") + _by(_text(attributes, "data-alias"))
    return [WidgetLine(_labelled("公众号", name, _text(attributes, "data-signature")))]


def say_channel(attributes: Attributes) -> list[WidgetLine]:
    """A post or a live stream of the account's videos."""
    said = (
        _text(attributes, "data-nickname"),
        _text(attributes, "data-desc", "data-title", "data-topic-name"),
        _text(attributes, "data-intro"),
    )
    return [WidgetLine(_labelled("视频号", *dict.fromkeys(said)))]


def say_search(attributes: Attributes) -> list[WidgetLine]:
    """A word to search for."""
    return [WidgetLine(_labelled("搜一搜", _text(attributes, "data-keyword", "data-title")))]


def say_shop(attributes: Attributes) -> list[WidgetLine]:
    """A shop of the account."""
    said = (_text(attributes, "data-nickname"), _text(attributes, "data-title", "data-name"))
    return [WidgetLine(_labelled("商店", *dict.fromkeys(said)))]


def say_quote(attributes: Attributes) -> list[WidgetLine]:
    """A quotation: what or whom it is from, and its words, where they stand in no child."""
    title = _text(attributes, "data-title", "data-name")
    name = _text(attributes, "data-author", "data-nickname")
    source = title + _by(name) if title else name
    words = _text(attributes, "data-content", "data-text", "data-desc")
    return [WidgetLine(source), WidgetLine(words)]


def say_charity(attributes: Attributes) -> list[WidgetLine]:
    """A collection for charity."""
    title = _text(attributes, "data-title", "data-name")
    return [WidgetLine(_labelled("公益", title, _text(attributes, "data-desc")))]


def say_article(attributes: Attributes) -> list[WidgetLine]:
    """A card for another article."""
    told = _object(attributes, "data-article-data")
    title = _text(attributes, "data-title", "data-name") or _told(told, "title")
    name = _text(attributes, "data-nickname", "data-author") or _told(told, "nickname")
    address = _attribute(attributes, "data-url", "data-link", "data-src")
    address = safe_address(address or _told(told, "content_url"))
    return [WidgetLine(_labelled("文章", title) + _by(name), address)]


def say_book(attributes: Attributes) -> list[WidgetLine]:
    """A book of WeChat's own library."""
    told = _object(attributes, "data-read-data")
    if not told:
        return say_article(attributes)
    words = _labelled("微信读书", _told(told, "title")) + _by(_told(told, "author"))
    return [WidgetLine(words, safe_address(_told(told, "url")))]


def say_game(attributes: Attributes) -> list[WidgetLine]:
    """A game, or a player of games."""
    told = _object(attributes, "data-gameprofile-data")
    name = _text(attributes, "data-nickname", "data-name", "data-title")
    titles = told.get("user_title_list")
    said = map(_said, titles) if isinstance(titles, list) else ()
    described = _text(attributes, "data-signature", "data-desc") or "、".join(filter(None, said))
    return [WidgetLine(_labelled("游戏", name or _told(told, "user_info", "nick_name"), described))]


def say_vote_frame(attributes: Attributes) -> list[WidgetLine]:
    """The votes of 2018: question and options stand behind the address only."""
    return [
        WidgetLine(
            _labelled("投票", _text(attributes, "data-title", "title")),
            safe_address(_attribute(attributes, "data-src")),
        )
    ]


def say_vote(attributes: Attributes) -> list[WidgetLine]:
    """A vote: each question with its choices, however often its JSON is escaped."""
    subjects = _written(attributes, "data-votesubject")
    lines = [_subject(subject) for subject in subjects if isinstance(subject, dict)]
    return lines or [WidgetLine(_labelled("投票", _text(attributes, "data-title")))]


def _object(attributes: Attributes, name: str) -> Mapping[str, object]:
    """The object that an attribute holds in JSON; an empty one where it holds none."""
    first = next(iter(_written(attributes, name)), None)
    return first if isinstance(first, dict) else {}


def _told(value: object, *keys: str) -> str:
    """What an object of such a card says under a key, or under one within another."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return on_one_line(unescaped(value)) if isinstance(value, str) else ""


def _written(attributes: Attributes, name: str) -> list[object]:
    """What an attribute holds in JSON, however often that is escaped."""
    given = attributes.get(name) or ""
    forms = (given, unescaped(given), unquote(given))
    return next(filter(None, map(_subjects, forms)), [])


def _subjects(given: str) -> list[object]:
    try:
        subjects = json.loads(given)
    except (ValueError, RecursionError):
        return []
    return subjects if isinstance(subjects, list) else [subjects]


def _subject(subject: Mapping[str, object]) -> WidgetLine:
    options = subject.get("options")
    names = map(_said, options) if isinstance(options, list) else ()
    return WidgetLine(_labelled("投票", _said(subject), " / ".join(filter(None, names))))


def _said(choice: object) -> str:
    """The words of a question or a choice, which may be all that it is."""
    if isinstance(choice, dict):
        values = (choice.get(key) for key in ("title", "name", "content", "text"))
        choice = next((value for value in values if value), "")
    return on_one_line(choice) if isinstance(choice, str) else ""


def say_place(attributes: Attributes) -> list[WidgetLine]:
    """A place's attributes are percent-encoded."""
    parts = (_text(attributes, "data-name"), _text(attributes, "data-address"))
    return [WidgetLine(_labelled("位置", *parts))]


def say_product(attributes: Attributes) -> list[WidgetLine]:
    """A product: its name, its prices and its shop."""
    told = _object(attributes, "data-product-info")
    name = _text(attributes, "data-title", "data-name", "data-goodsname")
    name = name or _told(told, "product_info", "title")
    named = (_text(attributes, f"data-{each}-price") for each in ("discounted", "origin"))
    prices = [f"¥{price}" for price in named if price] or _prices(told.get("product_info"))
    price = _text(attributes, "data-price") or " ".join(prices)
    shop = _told(told, "shop_info", "shop_window_profile_name")
    return [WidgetLine(_labelled("商品", name, price, shop))]


def _prices(product: object) -> list[str]:
    """What a product costs, and what it did, which are told in hundredths."""
    if not isinstance(product, dict):
        return []
    told = (product.get(key) for key in ("selling_price", "market_price"))
    costs = dict.fromkeys(cost for cost in told if isinstance(cost, int) and 0 < cost < _MOST_COST)
    return [f"¥{cost // 100}" + f".{cost % 100:02}" * bool(cost % 100) for cost in costs]


_MOST_COST = 10**12


def say_pairing(attributes: Attributes) -> list[WidgetLine]:
    """Products that go together: what they are called, and by whom."""
    told = _object(attributes, "data-json")
    name = _told(told, "pairingCreator", "pairingCreatorName")
    return [WidgetLine(_labelled("搭配", _told(told, "title")) + _by(name))]


def say_red_packet(attributes: Attributes) -> list[WidgetLine]:
    """A cover for red packets: its name."""
    return [WidgetLine(_labelled("红包封面", _text(attributes, "data-name")))]


def say_frame(attributes: Attributes) -> list[WidgetLine]:
    """A frame of another site's."""
    address = safe_address(_attribute(attributes, "data-src", "src"))
    return [WidgetLine(_text(attributes, "title") or "嵌入内容", address)] if address else []


def say_other(attributes: Attributes) -> list[WidgetLine]:
    """What the attributes of an unknown card say in words."""
    named = _text(attributes, "data-title", "data-name", "data-nickname")
    described = _text(attributes, "data-desc")
    if named or described:
        return [WidgetLine("：".join(dict.fromkeys(filter(None, (named, described)))))]
    values = (_decoded(value or "") for name, value in attributes.items() if name[:5] == "data-")
    said = [" ".join(value.split()) for value in values if _HAN.search(value[:_MAX_WORDS])]
    return [WidgetLine("：".join(list(dict.fromkeys(said))[:3])[:_MAX_WORDS])]
