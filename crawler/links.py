r"""Where links stand in a text, where each ends, and what of them is secret.

A link of WeChat's ends at white space, at punctuation of Chinese, at quotes and brackets; around
it stand words, Markdown, a shell's escapes, a line of JSON, or the address of a redirector that
carries it percent-encoded. Whatever reads links out of texts reads them here, so that nothing is
sent that is not whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING

from crawler.characters import BIDI, JOINERS, TAGS, ZERO_WIDTH
from crawler.credentials import link_without, without_secrets
from crawler.cut_links import without_emphasised
from crawler.errors import InputError
from crawler.spellings import PREVIEW
from crawler.urls import HOST, Identity, PageType, long_form, parse_url, undo_escapes

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINK = re.compile(
    r"(?:(?:https?(?::|%(?:25)*3A|\\{1,4}x3A|\\{1,4}u003A))?(?:\\{0,4}/|%(?:25)*2F|\\{1,4}x2F){2})?"
    r"mp\.weixin\.qq\.com"
    # as far as letters of links go, or to the next link, if that is glued to this one
    r"(?:[A-GI-Za-gi-z0-9._~%!$&*+;=:@/?#^-]++|h(?:(?<=[=/].)|(?!ttps?:(?:\\{0,4}/){2}))"
    r"|\\{1,4}(?:[xu](?=[0-9])|[&?=#/:_.*~+!%-]))*+",
    re.IGNORECASE | re.ASCII,
)
_INNER = re.compile(
    r"https?(?::|%(?:25)*3A)(?:/|%(?:25)*2F){2}mp\.weixin\.qq\.com", re.IGNORECASE | re.ASCII
)
# (Google's documents escape what stands behind the path alone, and no link has an `&` in its path)
_IS_ENCODED = re.compile(
    r"https?%|[^/]*//mp\.weixin\.qq\.com/?s?%|(?:[^/]*//)?mp\.weixin\.qq\.com/s"
    r"(?:\?__biz%3D|/[A-Za-z0-9_-]{22}(?:(?:%3F|%23)[^&?#]*+)?&(?!#))",
    re.IGNORECASE | re.ASCII,
)
_QUOTE = re.compile(r"&(?:quot|lt|gt|apos|nbsp|#0*3[49]|#0*6[02]|#x2[27]|#x3[ce]);", re.IGNORECASE)
_END = re.compile(r"[^A-Za-z0-9._~%!$&*+=:@/?#-]|\*\*|~~", re.ASCII)
# the last parameter of a link that is shown as its beginning alone; all of 4,561 real `sn` have
# 32 letters, and all of 3,671 `chksm` 76
_CUT = re.compile(r"&(?:mid=[0-9]*+|sn=[0-9a-f]{0,31}|chksm=[0-9a-f]{0,75})\Z", re.ASCII)
# without dots, as a line's end leaves it; or letters of what is glued to it are taken for its own
_CUT_SIGNATURE = re.compile(r"&chksm=(?:[0-9a-f]{8,75}+|[0-9a-f]{77,}+)\Z", re.ASCII)
# marks that show nothing, as editors put into long words. Behind a link that is whole with what
# stands there it ends, for words may follow; no link goes on within the next one's host
_MARK = rf"[{BIDI}{ZERO_WIDTH}{JOINERS}{TAGS}]"
_WHOLE_VALUE = "".join(
    f"(?<!{value}.)"
    for value in (
        *(r"/s/[A-Za-z0-9_-]{22}", r"%2Fs%2F[A-Za-z0-9_-]{22}", r"idx=[1-8]", r"sn=[0-9a-f]{32}"),
        *(r"chksm=[0-9a-f]{76}", r"chksm%3D[0-9a-f]{76}", r"album_id=[0-9]{19}"),
        *("#rd", "#wechat_redirect"),
    )
)
_INSIDE = re.compile(
    rf"{_MARK}(?<=[A-Za-z0-9._~%&*+;=:@/?#\\^-].)(?:{_WHOLE_VALUE}|(?={_MARK}*+[&#\\]))"
    rf"{_MARK}*+(?=[A-Za-z0-9._~%&*+=:@/?#\\^…⋯-])(?!(?://)?mp\.weixin\.qq\.com|https?:)",
    re.IGNORECASE,
)
# a character by its number or name: such a mark, or the end of a link, for `&amp;` is undone before
_NAMED = r"&(?:#[0-9]{1,8}|#x[0-9a-f]{1,6}|[a-z]{3,31})"
_REFERENCE = re.compile(rf"{_NAMED};", re.IGNORECASE)
_AT_END = re.compile(rf"{_NAMED}\Z", re.IGNORECASE)
_ONE_MARK = re.compile(_MARK)
_DOTS = re.compile(r"&(?:hellip|mldr|#0*8230|#x0*2026);", re.IGNORECASE)
_PUNCTUATION = ".!*:?#&~$@+^"
_IN_A_NAME = re.compile(r"[A-Za-z0-9.@_-]\Z", re.ASCII)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One place of a text where a link of WeChat's stands, or what looks like one."""

    link: str  # whole, of an article or an album, as `parse_url` takes it; "" where it is refused
    number: int  # of the line, from 1
    line: str  # as it stands
    rest: str  # the same without its links
    why: str = ""  # what is wrong with what is refused


def find_links(text: str) -> list[Found]:
    """Every link of WeChat's in a text, in its order; and what looks like one but is not whole."""
    return list(each_link(text))


def each_link(text: str) -> Iterator[Found]:
    """The same one at a time, of a text that may be very long."""
    for number, line in enumerate(lines_of(text), start=1):
        bare = _REFERENCE.sub(_mark_of, line) if "&" in line and HOST in line else line
        bare = bare if bare.isprintable() else _INSIDE.sub("", bare)
        if HOST in bare.lower():
            bare = without_emphasised(bare)  # whose marks would end the link in its credential
            for found in _links_of_line(bare, number):
                yield found if bare is line else replace(found, line=line)


def _mark_of(reference: re.Match[str]) -> str:
    """The mark that shows nothing which a reference stands for; any other stays."""
    sign = unescape(reference[0])
    return sign if _ONE_MARK.fullmatch(sign) else reference[0]


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text without their ends, one at a time."""
    start = 0
    for end in _LINE_END.finditer(text):
        yield text[start : end.start()]
        start = end.end()
    yield text[start:]


def signed_links(text: str) -> list[str]:
    """The whole links of a text that carry WeChat's signature, in their order."""
    if "chksm" not in text:
        return []
    return [found.link for found in find_links(text) if "chksm=" in found.link]


def mentions(text: str) -> list[tuple[str, str]]:
    """The signed links of a text whose article they name, each behind that article's bare address.

    So the queue calls an article too, whose link it may wait for.
    """
    found = {
        (long_form(url.identity), link)
        for link in signed_links(text)
        if (url := parse_url(link)).identity and url.signed
    }
    return sorted(found)


def _links_of_line(line: str, number: int) -> list[Found]:
    read: list[tuple[str, str]] = []
    around = []
    index = 0
    while match := _LINK.search(line, index):
        start, end = match.span()
        link, why = _read(line[start:end], line[max(0, start - 3) : start], line[end : end + 1])
        around.append(line[index:start])
        if link or why:
            read.append((link, why))
        index = end
    rest = "".join([*around, line[index:]])
    return [Found(link=link, number=number, line=line, rest=rest, why=why) for link, why in read]


def _read(raw: str, before: str, behind: str) -> tuple[str, str]:
    """The link at the beginning of `raw`, or why there is none; both empty for mere words."""
    link = _trimmed(raw, before, behind)
    if link.lower() == HOST:
        return "", ""
    if _IN_A_NAME.search(before) and not link.lower().startswith(("http", "//")):
        return "", f"is not on {HOST}, or names a user"
    if link.startswith("//") and before.endswith(":"):
        return "", "is not a link of the web"
    found, why = _whole(link)
    inner = list(_INNER.finditer(raw, len("https://"))) if why else []
    if inner:  # a page of WeChat's that leads on to another
        start = inner[-1].start()
        found, _ = _whole(_trimmed(raw[start:], raw[start - 1], behind))
    return (found, "") if found else ("", why)


def _trimmed(raw: str, before: str, behind: str) -> str:
    """The link alone: unescaped, and without what a sentence or emphasis puts behind it.

    Of one that is shown as its beginning, with dots behind it, the last parameter goes: it is cut.
    So does a signature at its end that is no whole one: nothing is sent as though it were signed.
    """
    if _IS_ENCODED.match(raw):  # what follows belongs to the link that it stands in
        raw = re.split("[&#]", raw, maxsplit=1)[0]
    link = undo_escapes(_QUOTE.split(_DOTS.sub("...", raw), maxsplit=1)[0])
    end = _END.search(link)
    link, rest = (link[: end.start()], link[end.start() :]) if end else (link, "")
    link = _AT_END.sub("", link) if rest.startswith(";") else link
    is_beginning = link.endswith("..") or (behind in {"…", "⋯"} and not rest)
    link = link.rstrip(_PUNCTUATION)
    if is_beginning:
        link = _CUT.sub("", link)
    emphasis = before[len(before.rstrip("_")) :]
    return _CUT_SIGNATURE.sub("", link.removesuffix(emphasis))


def _whole(link: str) -> tuple[str, str]:
    """The link less credentials where it may be sent; else what is wrong with it."""
    try:
        url = parse_url(link)
    except InputError as error:
        return "", error.what
    if url.flaw:
        return "", url.flaw
    if url.page_type not in (PageType.ARTICLE, PageType.ALBUM):
        return "", f"leads to no article ({url.page_type})"
    return url.given, ""


def as_kept(address: str) -> str:
    """An address as a look at it keeps it, without a preview's key; "" where it is none."""
    try:
        return parse_url(without_secrets(address)).request
    except InputError:
        return ""


def lasting_link(link: str, identity: Identity | None = None) -> str:
    """An article's own address less a preview's key, where the article is known without it.

    A preview (`tempkey`) is fetched by its key, for some hours: so the key stays while a fetch may
    bring more, and where nothing but it names the article. `identity` is what the page says.
    """
    if "tempkey" not in link:
        return link
    rest = link_without(link, PREVIEW)
    try:
        form = parse_url(rest)
    except InputError:
        return rest
    if form.identity or form.token:
        return rest
    return long_form(identity) if identity else link
