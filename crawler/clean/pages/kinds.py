"""Which kind of post a page holds, and where its body stands: in `#js_content`, or in its data."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.article import Kind
from crawler.characters import unescaped
from crawler.clean.body import render_body
from crawler.clean.markup import parse_text
from crawler.clean.pages.javascript import STRING, JsObject, decode_string
from crawler.clean.pages.metadata import BREAK, DIGEST, Place, read_field, text_of
from crawler.errors import InputError
from crawler.urls import parse_url

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from crawler.clean.pages.split import PageParts

_ITEM_SHOW_TYPES = {
    "5": Kind.VIDEO,
    "6": Kind.AUDIO,
    "7": Kind.AUDIO,
    "8": Kind.GALLERY,
    "10": Kind.TEXT,
}
# What <body> is called where the page has lost its scripts.
_BODY_CLASSES = {
    "page_share_img": Kind.GALLERY,
    "page_share_text": Kind.TEXT,
    "page_share_audio": Kind.AUDIO,
    "video_share_page": Kind.VIDEO,
    "page_share_video": Kind.VIDEO,
}
# What such a page shows once its scripts have run, as tools save it.
_SHOWN = {
    "#js_text_desc": Kind.TEXT,
    "#js_image_desc": Kind.GALLERY,
    "#js_audio_desc": Kind.AUDIO,
}
_MEDIA = "img, iframe, video, audio, embed, svg, mpvoice, mp-common-mpaudio, qqmusic"

# In the text of galleries and text posts, the only markup that the editor makes; any other `<` was
# typed by the author, also that of `a<b 时`: a tag's attributes have values.
_TYPED_ANGLE = re.compile(
    r"<(?!/?(?:a|br|p|span|strong|em|b|i|img)"
    r"""(?:\s++[a-z][\w:.-]{0,40}+=(?:"[^"<]{0,4000}+"|'[^'<]{0,4000}+'))*+\s*+/?>)""",
    re.IGNORECASE,
)
# A tag with nothing in it: the editor's own where it is closed, but `<a>` and `<img>` say nothing.
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>a|p|span|strong|em|b|i|img)(?P<said>\s[^<>]{0,9000}+)?/?>",
    re.IGNORECASE,
)
_SAY_NOTHING = frozenset({"a", "img"})
_BLOCK_TAG = re.compile(
    r"<(?P<name>p|section|div|ul|ol|table|h[1-6]|blockquote|pre|iframe|svg|mp[a-z-]{3,30}|qqmusic)"
    r"(?:\s[^<>]*+)?>",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"</(?P<name>[a-z][a-z0-9-]{0,30})>", re.IGNORECASE)
_WRITTEN = re.compile(rf"(?:\.innerHTML\s*+=|document\.write\()\s*+({STRING})", re.DOTALL)
_SHARED_WORDS = ".share_notice script"
_GALLERY_PICTURES = (
    "#img_list img, #img_swiper_content img, #js_share_content_page_hd img,"
    " .share_media_swiper img, .img_swiper_area img"
)
_SAVED_WORDS = "#js_image_desc, p.share_notice"  # of a gallery, once scripts wrote them
# of a video or a recording, in the same way
_SAVED_DESCRIPTION = "#js_video_desc, #js_common_share_desc, #js_audio_desc"
_SAVED_COMMENT = "#js_share_notice"  # of whoever reposts, in the same way
_REPOSTED = "original_panel_content"
_SHARED_FROM = ".original_panel_tool a[href]"  # as an exporter makes a link of it
_OF_HEAD = Place(keys=(), meta=("og:title",))
_LONGEST_TITLE = 64
_PLACES = 8  # that are looked at for words; each may hold all the others
_OF_TEMPLATE = ".share_notice, .folder_text, .video_card_context, .common_share_title, #video_title"
_NO_WORDS = re.compile(r"(?:!\[[^\]\n]*+\]\([^)\n]*+\)|[\s,，、])*+\Z")
_TENCENT_VIDEO = re.compile(r"[a-z]\w{10}\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """The element that holds an article, or why there is none."""

    node: LexborNode | None = None
    refusal: str = ""


def kind_of(parts: PageParts, tree: LexborHTMLParser, container: LexborNode | None) -> Kind:
    """The kind of post by what the data say, else by the page's class, else by what is in it."""
    data = parts.data
    by_data = _ITEM_SHOW_TYPES.get(data.text("item_show_type"))
    if by_data:
        return by_data
    if container is None and ("text_page_info" in data or "picture_page_info_list" in data):
        return Kind.TEXT if "text_page_info" in data else Kind.GALLERY
    if tree.css_first("#js_text_desc") is not None:
        return Kind.TEXT
    classes = (tree.body.attributes.get("class") or "").split() if tree.body else []
    by_class = next((kind for name, kind in _BODY_CLASSES.items() if name in classes), None)
    if by_class:
        return by_class
    by_element = next((kind for name, kind in _SHOWN.items() if tree.css_first(name)), None)
    if by_element:
        return by_element
    if container is not None and _is_of_repost(container):
        return Kind.REPOST
    if tree.css_first("#js_share_source") and (container is None or is_empty(container)):
        return Kind.REPOST
    return Kind.NORMAL


def _is_of_repost(container: LexborNode) -> bool:
    """Whether a container is to show where a repost's article begins, once scripts have run."""
    return _REPOSTED in (container.attributes.get("class") or "").split()


def lost_its_player(node: LexborNode) -> bool:
    """Whether a container is that of a player, whose scripts are gone and have written nothing."""
    return any(not one.text().strip() for one in node.css(_SAVED_DESCRIPTION))


def is_empty(node: LexborNode) -> bool:
    """Whether there is neither text nor a picture or player in an element."""
    return not node.text().strip() and node.css_first(_MEDIA) is None


def body_of(
    kind: Kind, parts: PageParts, tree: LexborHTMLParser, container: LexborNode | None
) -> Container:
    """The element that holds the article.

    What stands in the page's data is parsed into one of its own.
    """
    written = (
        "".join(_BODIES[kind](parts, tree)) if kind in _BODIES else _better_copy(parts, container)
    )
    if not written:
        node = None if kind is Kind.TEXT else container
        return Container(node=node)
    own, refusal = parse_text(written)
    return Container(refusal=refusal) if own is None else Container(node=own.body)


def _better_copy(parts: PageParts, container: LexborNode | None) -> str:
    """The article in the data, where `#js_content` does not hold it.

    It is not there, or it is empty, or the download broke off, or a browser has translated it, or
    shows it in other characters.

    Otherwise the two say the same, which was compared on 463 pages.
    """
    is_there = container is not None and parts.whole and not is_empty(container)
    if is_there and not (parts.translated or parts.converted):
        return ""
    content = parts.data.text("content_noencode")
    # of a kind that is not known yet: plain text, as that of galleries and text posts
    return content if _is_markup(content) else _lines(content)


def _is_markup(content: str) -> bool:
    """Whether a text holds an element that is a paragraph, or more, and is closed."""
    closed = {found["name"].lower() for found in _CLOSED.finditer(content)}
    return any(found["name"].lower() in closed for found in _BLOCK_TAG.finditer(content))


def _gallery_body(parts: PageParts, tree: LexborHTMLParser) -> list[str]:
    data = parts.data
    text = data.text("content_noencode") or written_text(tree, _SHARED_WORDS)
    described = "" if text else _shown(parts, tree, _SAVED_WORDS) or _written_below(parts, tree)
    pictures = [picture.text("cdn_url") for picture in data.objects("picture_page_info_list")]
    if not pictures:
        # some tools put them beside the empty container
        shown = tree.css(_GALLERY_PICTURES) or tree.css(
            "#js_article ~ img[data-w], body > img[data-w]"
        )
        pictures = [
            node.attributes.get("data-src") or node.attributes.get("src") or "" for node in shown
        ]
    words = described or _lines(text or _digest(parts, tree))
    return [words, *(_picture(address) for address in dict.fromkeys(pictures) if address)]


def _shown(parts: PageParts, tree: LexborHTMLParser, selector: str) -> str:
    """The first of some elements that shows words, as markup, where a page lost its data.

    "" where a browser has translated the page: what it shows is not what was written.
    """
    said = (node.html or "" for node in tree.css(selector)[:_PLACES] if node.text().strip())
    markup = next(filter(_has_words, said), "")
    return "" if parts.translated else markup


def _has_words(markup: str) -> bool:
    """Whether an element shows words: hidden ones, and signs without a width, are none.

    One that is refused counts, so that whoever reads it says so.
    """
    tree = parse_text(markup).tree
    if tree is None or tree.body is None:
        return tree is None
    return _NO_WORDS.match(render_body(tree.body).text) is None


def _text_body(parts: PageParts, tree: LexborHTMLParser) -> list[str]:
    """`#js_content` of a text post is a decoy: it holds a card to follow the account."""
    data = parts.data
    info = data.object("text_page_info")
    text = (
        data.text("content_noencode")
        or info.text("content_noencode")
        or unescaped(info.text("content"))
        or written_text(tree, _SHARED_WORDS)
    )
    described = "" if text else _shown(parts, tree, "#js_text_desc")
    return [described or _lines(text or _digest(parts, tree) or _title_that_is_all(parts, tree))]


def _title_that_is_all(parts: PageParts, tree: LexborHTMLParser) -> str:
    """The title of a text post that has none of its own: all its words, in the page's head too.

    One that was typed as a title has a place for itself, and 64 characters at most.
    """
    if tree.css_first("#js_text_title") is not None:
        return ""
    of_head = BREAK.sub("\n", read_field(_OF_HEAD, JsObject(), tree))
    return parts.data.text("title") or (of_head if len(of_head) > _LONGEST_TITLE else "")


def _repost_body(parts: PageParts, tree: LexborHTMLParser) -> list[str]:
    """What the sharer wrote, whose article it is, and the article."""
    comment = written_text(tree, _SHARED_WORDS)
    shown = "" if comment else _shown(parts, tree, _SAVED_COMMENT)
    comment = comment or parts.data.text("desc")
    said = shown or (f"<p>{_lines(comment)}</p>" if comment else "")
    content = parts.data.text("content_noencode") or _shown(parts, tree, "#js_content")
    return [said, _source_line(parts, tree), content]


def _source_line(parts: PageParts, tree: LexborHTMLParser) -> str:
    node = tree.css_first("#js_share_source") or tree.css_first(_SHARED_FROM)
    name, title = text_of(tree, "#js_share_author"), text_of(tree, "#original_panel_title")
    if parts.translated:
        name = title = ""
    try:
        said = node.attributes if node else {}
        given = said.get("data-url") or said.get("href")
        address = parse_url(given or "").request
    except InputError:
        return f"<p>转载自：{html.escape(f'{name} {title}'.strip())}</p>" if name or title else ""
    link = f'<a href="{html.escape(address)}">{html.escape(title or "原文")}</a>'
    return f"<p>转载自：{html.escape(name)} {link}</p>"


def _video_body(parts: PageParts, tree: LexborHTMLParser) -> list[str]:
    data = parts.data
    title, source = data.text("title"), data.text("source_link")
    videos = [
        (info.text("title") or title, _video_address(info.text("video_id")))
        for info in data.objects("video_page_infos")
    ]
    videos = videos or [(title, _video_address(data.text("vid")))]
    players = [(title, source)] if source else videos
    return [_words(parts, tree), *(_player("视频", *player) for player in players)]


def _video_address(video: str) -> str:
    if video.startswith("wxv_"):
        return f"https://mp.weixin.qq.com/mp/readtemplate?t=pages/video_player_tmpl&action=mpvideo&auto=0&vid={video}"
    return f"https://v.qq.com/x/page/{video}.html" if _TENCENT_VIDEO.match(video) else ""


def _audio_body(parts: PageParts, tree: LexborHTMLParser) -> list[str]:
    title = parts.data.text("title")
    voices = [
        (voice.text("name", "title") or title, voice.text("voice_encode_fileid", "fileid"))
        for voice in parts.data.objects("voice_in_appmsg")
    ]
    voices = voices or [(title, parts.data.text("voiceid"))]
    return [
        _words(parts, tree),
        *(_player("音频", name, _audio_address(voice)) for name, voice in voices),
    ]


def _audio_address(voice: str) -> str:
    return f"https://res.wx.qq.com/voice/getvoice?mediaid={voice}" if voice else ""


def _words(parts: PageParts, tree: LexborHTMLParser) -> str:
    words = parts.data.text("content_noencode") or written_text(tree, _SHARED_WORDS)
    # what stands beside a player once scripts have run is longer than a digest
    described = "" if words else _shown(parts, tree, _SAVED_DESCRIPTION)
    described = described or ("" if words else _written_below(parts, tree))
    words = words or _digest(parts, tree)
    return described or (f"<p>{_lines(words)}</p>" if words else "")


def _written_below(parts: PageParts, tree: LexborHTMLParser) -> str:
    """What an editor wrote into the container of a post that has its words in the data elsewhere.

    "" where a template fills it: it holds the player, its title and the place of its words.
    """
    node = tree.css_first("#js_content")
    is_template = node is not None and node.css_first(_OF_TEMPLATE) is not None
    return "" if is_template else _shown(parts, tree, "#js_content")


def _digest(parts: PageParts, tree: LexborHTMLParser) -> str:
    """The digest, which on these posts is the whole text."""
    return BREAK.sub("\n", read_field(DIGEST, parts.data, tree))


def _player(what: str, title: str, address: str) -> str:
    """A video or a recording in one readable line.

    Its direct addresses expire, its page does not.
    """
    label = f"{what}：{html.escape(unescaped(title))}" if title else what
    return f'<p><a href="{html.escape(address)}">{label}</a></p>' if address else f"<p>{label}</p>"


def _lines(text: str) -> str:
    """Text whose line ends count, as markup."""
    text = _TYPED_ANGLE.sub("&lt;", text)
    typed = _typed_tags(text)
    parts = (text[start + 1 : end] for start, end in pairwise([*typed, len(text)]))
    text = "&lt;".join((text[: typed[0]] if typed else text, *parts))
    return text.replace("\r\n", "\n").replace("\n", "<br>")


def _typed_tags(text: str) -> list[int]:
    """Where tags stand that an author speaks of, as those of `<p>` and `<b>` without an end."""
    typed: list[int] = []
    opened: dict[str, list[tuple[int, bool]]] = {}
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        waiting = opened.setdefault(name, [])
        if not tag["end"]:
            waiting.append((tag.start(), not tag["said"]))
        elif not waiting:
            typed.append(tag.start())
        else:
            start, is_bare = waiting.pop()
            typed += [start, tag.start()] if is_bare and name in _SAY_NOTHING else []
    typed += [start for waiting in opened.values() for start, is_bare in waiting if is_bare]
    return sorted(typed)


def _picture(address: str) -> str:
    return f'<p><img data-src="{html.escape(unescaped(address))}"></p>'


def written_text(tree: LexborHTMLParser, scripts: str) -> str:
    """What the scripts that a selector finds write into the page."""
    literals = [literal for node in tree.css(scripts) for literal in _WRITTEN.findall(node.text())]
    return "\n".join(decode_string(literal) for literal in literals)


_BODIES = {
    Kind.GALLERY: _gallery_body,
    Kind.TEXT: _text_body,
    Kind.REPOST: _repost_body,
    Kind.VIDEO: _video_body,
    Kind.AUDIO: _audio_body,
}
