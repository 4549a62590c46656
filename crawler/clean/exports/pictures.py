"""Pictures in the Markdown of other tools: proxies unwrapped, placeholders told from pictures."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from crawler.clean.exports.spans import beside_code, sub_beside_code
from crawler.clean.markdown import link_target
from crawler.clean.seeds import outside_quoted_code, split_fences, without_code

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A service that shows pictures under addresses of its own; the group is the picture's."""

    id: str
    pattern: str
    matches: tuple[str, ...]
    spares: tuple[str, ...] = ()


PROXIES = (
    Proxy(
        id="omnivore",
        pattern=r"https?://[\w.-]+\.omnivore-image-cache\.app/[^/]*/(https?:.+)",
        matches=(
            "https://proxy-prod.omnivore-image-cache.app/0x0,sKEY/https://mmbiz.qpic.cn/a/640",
        ),
        spares=("https://omnivore.app/me/x",),
    ),
    Proxy(
        id="cubox",
        pattern=r"https?://cubox\.(?:pro|cc)/c/[^?]*\?(?>(?:[^#]*&)?imageUrl=)([^&#]++)[^#]*",
        matches=(
            "https://cubox.pro/c/filters:no_upscale()?imageUrl=https%3A%2F%2Fmmbiz.qpic.cn%2Fa",
        ),
        spares=("https://image.cubox.pro/article/a.png",),
    ),
    Proxy(
        id="img-proxy",
        pattern=r"https?://[^/]+/img-proxy/?\?(?>(?:[^#]*&)?u=)([^&#]++)[^#]*",
        matches=("https://rss.example/img-proxy/?k=0a1b&u=https%3A%2F%2Fmmbiz.qpic.cn%2Fa",),
        spares=("https://rss.example/img/?u=a",),
    ),
    Proxy(
        id="weserv",
        pattern=r"https?://(?:images|wsrv)\.(?:weserv\.)?nl/?\?(?>(?:[^#]*&)?url=)([^&#]++)[^#]*",
        matches=("https://images.weserv.nl/?url=https%3A%2F%2Fmmbiz.qpic.cn%2Fa&w=100",),
        spares=("https://images.weserv.nl/docs",),
    ),
)
_PROXIES = tuple(re.compile(proxy.pattern) for proxy in PROXIES)

_PICTURE = beside_code(
    r"!\[(?P<alt>(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]{0,80}\]){0,500})\]"
    r"\([ ]*+<?(?P<target>(?:[^()\s<>]|\([^()\s]{0,200}\)){0,200000})>?(?:[ ]++\""
    r"[^\"\n]{0,500}\")?[ ]*+\)"
)
_DATA = beside_code(r"!\[[^\[\]\n]{0,500}\]\(data:[^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_EMBED = beside_code(r"!\[\[(?P<name>[^\[\]\n|]{1,500})(?:\|(?P<words>[^\[\]\n]{0,80}))?\]\]")
_SIZE = re.compile(r"\s*\d{1,5}(?:x\d{1,5})?\s*\Z", re.ASCII)
_LOCAL = beside_code(r"!\[[^\[\]\n]{0,500}+\]\((?!https?://|data:)(?P<target>[^()\s<>]{1,500}+)\)")
_NO_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_NUMBERED_ALT = re.compile(r"Image \d+(?:: ?|\Z)")
_NO_ALT = frozenset({"图片", "image", "img", "picture", "cover_image"})
_OF_BROWSER = re.compile(r"#imgIndex=\d+\Z")
_HTTP = re.compile(r"http://(?=(?:mmbiz\.qpic|mmbiz\.qlogo|wx\.qlogo)\.cn/)")


def unwrapped(address: str) -> str:
    """The picture's own address, where a proxy shows it."""
    for pattern in _PROXIES:
        found = pattern.fullmatch(address)
        if found:
            inner = found[1]
            return unquote(inner) if "%3A" in inner[:12].upper() else inner
    return address


def mend_pictures(text: str, counts: Counter[str]) -> str:
    """The text with each picture as `![words](address)`; one without an address is counted lost."""
    if "![" not in text:
        return text
    text = sub_beside_code(_DATA, lambda _: _lost(counts), text)
    text = sub_beside_code(_EMBED, _embedded, text)
    return sub_beside_code(_PICTURE, lambda match: _picture(match, counts), text)


def _picture(match: re.Match[str], counts: Counter[str]) -> str:
    address = unwrapped(match["target"])
    if not address or address.startswith("data:"):
        return _lost(counts)
    address = _HTTP.sub("https://", _OF_BROWSER.sub("", address))
    alt = _NUMBERED_ALT.sub("", match["alt"]).strip()
    return f"![{'' if alt.lower() in _NO_ALT else alt}]({link_target(address)})"


def _embedded(match: re.Match[str]) -> str:
    """A picture as Obsidian embeds it; behind a bar stand its words, or its size."""
    said = (match["words"] or "").split("|")
    words = " ".join(part.strip("\\ ") for part in said if not _SIZE.match(part))
    return f"![{words}]({link_target(match['name'].rstrip(chr(92)))})"


def _lost(counts: Counter[str]) -> str:
    counts["picture-lost"] += 1
    return ""


def local_pictures(text: str) -> list[str]:
    """The addresses of pictures that lie beside a text, each once; what is code holds none."""
    if "![" not in text:
        return []
    parts = [part.text for part in split_fences(text, from_page=False)[0] if not part.is_code]
    return list(dict.fromkeys(_local_targets("\n\n".join(parts))))


def place_pictures(text: str, places: Mapping[str, str]) -> tuple[str, int]:
    """The text with pictures beside it under the addresses at which they are kept.

    Those that are kept nowhere are taken out; returns how many these are.
    """
    lost: Counter[str] = Counter()
    if not local_pictures(text):
        return text, 0
    parts = split_fences(text, from_page=False)[0]
    written = [part.text if part.is_code else _placed(part.text, places, lost) for part in parts]
    pieces = [piece.strip("\n") for piece in written]
    return "\n\n".join(filter(None, pieces)), lost["picture-lost"]


def _local_targets(text: str) -> list[str]:
    return [match["target"] for match in _LOCAL.finditer(without_code(text)) if not match["span"]]


def _placed(text: str, places: Mapping[str, str], lost: Counter[str]) -> str:
    def place(match: re.Match[str]) -> str:
        address = places.get(match["target"])
        if not address:
            return _lost(lost)
        return match[0][: match.start("target") - match.start()] + f"{address})"

    text = outside_quoted_code(text, lambda prose: sub_beside_code(_LOCAL, place, prose))
    return _NO_LINES.sub("\n\n", text).strip("\n") if lost else text
