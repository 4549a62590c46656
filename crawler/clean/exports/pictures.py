"""Pictures in the Markdown of other tools: proxies unwrapped, placeholders told from pictures."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from crawler.clean.markdown import link_target
from crawler.clean.seeds import Found, replaced_outside_code, split_fences, without_code
from crawler.dialect import names_file

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

_BEGIN = r"(?<!(?<!\\)\\)!\["  # one that no backslash makes a sign
_ALT = r"(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]{0,80}\]){0,500}"
_PICTURE = re.compile(
    rf"{_BEGIN}(?P<alt>{_ALT})\]"
    r"\([ ]*+<?(?P<target>(?:[^()\s<>]|\([^()\s]{0,200}\)){0,200000})>?"
    r"(?:[ ]++(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?[ ]*+\)"
)
_SPACED = re.compile(r"(?<!(?<!\\)\\)\]\([ ]*+<(?P<target>[^<>\n]{1,2000}+)>(?=[ ]*+\)|[ ]++[\"'])")
_ESCAPED_SIGN = re.compile(r"\\([!-/:-@\[-`{-~])")
# as scripts write the name of a file, which may hold spaces, and some tools a size behind it
_BARE = re.compile(
    rf"(?P<words>{_BEGIN}{_ALT}\])\([ ]*+(?!https?://|data:|<)"
    r"(?P<target>(?:[^()<>\n\"]|\([^()\n]{0,200}\)){1,500}+)(?:\"[^\"\n]{0,500}\"[ ]*+)?\)"
)
_SIZE_BEHIND = re.compile(r"(?<=\S)[ ]++=\d{0,5}x\d{0,5}\Z", re.ASCII)
_OF_PICTURE = re.compile(r"\.(?:png|jpe?g|jfif|gif|webp|bmp|svg|avif)\Z", re.IGNORECASE)
_DATA = re.compile(rf"{_BEGIN}{_ALT}" + r"\]\(data:[^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
# WeChat's own emoji, whose words are what a page shows of them
_EMOJI = re.compile(
    _BEGIN
    + r"(?:\\?\[(?P<name>[^\[\]\\\n]{1,12})\\?\])\]\(<?https?://res\.wx\.qq\.com/[^()\s<>]++>?\)"
    r"(?=(?P<next>[(:]?))"
)
_EMBED = re.compile(
    _BEGIN + r"\[(?P<name>[^\[\]\n|]{1,500})(?:\|(?P<words>[^\[\]\n]{0,80}))?\]\](?!\()"
)
_SIZE = re.compile(r"\s*\d{1,5}(?:x\d{1,5})?\s*\Z", re.ASCII)
_LOCAL = re.compile(
    rf"(?P<words>{_BEGIN}{_ALT}\])\((?!https?://|data:)"
    r"(?P<target>(?:[^()\s<>]|\([^()\s<>]{0,200}+\)){1,500}+)\)"
)
_OF_JOPLIN = re.compile(r":/(?P<number>[0-9a-f]{32})\Z")
_KINDS = ("png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif", "jfif")
_NUMBER = re.compile("[0-9]")
_NO_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_NUMBERED_ALT = re.compile(r"Image \d+(?:: ?|\Z)")
_NO_ALT = frozenset({"图片", "image", "img", "picture", "cover_image"})
_OF_BROWSER = re.compile(r"#imgIndex=\d+\Z")
_HTTP = re.compile(r"http://(?=(?:mmbiz\.qpic|mmecoa\.qpic|mmbiz\.qlogo|wx\.qlogo)\.cn/)")


def unwrapped(address: str) -> str:
    """The picture's own address, where a proxy shows it."""
    for pattern in _PROXIES:
        found = pattern.fullmatch(address)
        if found:
            inner = found[1]
            inner = unquote(inner) if "%3A" in inner[:12].upper() else inner
            # one without a scheme would be a path beside the document
            return inner if inner.startswith(("http://", "https://")) else address
    return address


def mend_pictures(text: str, counts: Counter[str]) -> str:
    """The text with each picture as `![words](address)`; one without an address is counted lost."""
    if "![" not in text:
        return text
    text = replaced_outside_code(_DATA, lambda _: _lost(counts), text)
    text = replaced_outside_code(_EMOJI, _emoji, text)
    text = replaced_outside_code(_EMBED, _embedded, text)
    return _pictures(text, counts)


def _emoji(found: Found) -> str:
    """The words of one; before `(` and `:` they would be a link's, and what follows its target."""
    return f"[{found['name']}" + "\\" * bool(found["next"]) + "]"


def unwrap_pictures(text: str, counts: Counter[str]) -> str:
    """The same of a text that the reader of pages wrote: it may hold blocks of code, no embeds."""
    if "![" not in text:
        return text
    parts = split_fences(text, from_page=False)[0]
    written = [part.text if part.is_code else _pictures(part.text, counts) for part in parts]
    if written == [part.text for part in parts]:
        return text
    return "\n\n".join(filter(None, (piece.strip("\n") for piece in written)))


def _pictures(text: str, counts: Counter[str]) -> str:
    return replaced_outside_code(_PICTURE, lambda found: _picture(found, counts), text)


def mend_targets(text: str) -> str:
    """The text with addresses between `<` and `>`, which may hold spaces, as they stand alone.

    So does the name of a picture's file that is between none.
    """
    if "](" not in text:
        return text
    text = replaced_outside_code(_SPACED, _without_angles, text)
    return replaced_outside_code(_BARE, _with_spaces, text) if "![" in text else text


def _without_angles(found: Found) -> str:
    return f"]({link_target(_meant(found['target']))}"


def _meant(target: str) -> str:
    """The address that a target spells, which may escape signs [CommonMark]."""
    return _ESCAPED_SIGN.sub(r"\1", target).replace("&amp;", "&")


def _with_spaces(found: Found) -> str:
    name = _SIZE_BEHIND.sub("", found["target"].strip())
    is_file = " " in found["target"].strip() and _OF_PICTURE.search(name)
    return f"{found['words']}({link_target(name)})" if is_file else found[0]


def _picture(found: Found, counts: Counter[str]) -> str:
    target = found["target"]
    if _is_words(target) and _names_one(found["alt"], target):
        return f"![{found['alt']}\\]{found[0][len(found['alt']) + 3 :]}"
    if target.startswith(("http://", "https://", "//")):
        target = _meant(target)
    address = unwrapped(target)
    if not address or address.startswith("data:"):
        return _lost(counts)
    address = _HTTP.sub("https://", _OF_BROWSER.sub("", address))
    address = f"https:{address}" if address.startswith("//") else address
    alt = _NUMBERED_ALT.sub("", found["alt"]).strip()
    return f"![{'' if alt.lower() in _NO_ALT else alt}]({link_target(address)})"


def _names_one(alt: str, target: str) -> bool:
    """Whether words may be an author's example, and no place where a script found no address."""
    is_nothing = target.lower() in _NOTHING or target.startswith("#")
    return bool(alt.strip()) and not is_nothing


_NOTHING = frozenset({"undefined", "null", "none", "nan", "about:blank"})


def _is_words(target: str) -> bool:
    """Whether an author writes of Markdown: `![words](target)`. Names of pictures hold numbers."""
    return not names_file(target) and _NUMBER.search(unquote(target)) is None


def beside(name: str) -> str:
    """The name of a file beside a document as a target that no words are."""
    return f"./{name}" if _is_words(name) else name


def _embedded(found: Found) -> str:
    """A picture as Obsidian embeds it; behind a bar stand its words, or its size."""
    said = found["words"].split("|")
    words = " ".join(part.strip("\\ ") for part in said if not _SIZE.match(part))
    return f"![{words}]({link_target(beside(found['name'].rstrip(chr(92))))})"


def _lost(counts: Counter[str]) -> str:
    counts["picture-lost"] += 1
    return ""


def local_pictures(text: str) -> list[str]:
    """The addresses of pictures that lie beside a text, each once; what is code holds none."""
    if "![" not in text:
        return []
    parts = [part.text for part in split_fences(text, from_page=False)[0] if not part.is_code]
    return list(dict.fromkeys(_local_targets("\n\n".join(parts))))


def files_meant(target: str) -> list[str]:
    """The files one of which a picture's target beside a text means: Joplin says a number alone."""
    found = _OF_JOPLIN.match(target)
    return [f"resources/{found['number']}.{kind}" for kind in _KINDS] if found else [target]


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
    return [match["target"] for match in _LOCAL.finditer(without_code(text))]


def _placed(text: str, places: Mapping[str, str], lost: Counter[str]) -> str:
    def place(found: Found) -> str:
        address = places.get(found["target"])
        return f"{found['words']}({address})" if address else _lost(lost)

    text = replaced_outside_code(_LOCAL, place, text)
    return _NO_LINES.sub("\n\n", text).strip("\n") if lost else text
