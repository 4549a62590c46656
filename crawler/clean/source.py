"""Takes a page apart into what says something: its markup, and the data in its scripts.

Some 98 % of a page of 3 MB is scripts and styles. They are cut out before anything is parsed, which makes reading
faster than a bare parse of the whole page, and what is left is just what a snapshot has to keep: reading a page and
reading its snapshot are one and the same path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.clean.bounds import MAX_ATTRIBUTES, MAX_PIECES, refuse_markup, refuse_pieces, refuse_size
from crawler.clean.charset import to_utf8
from crawler.clean.fields import NESTED, NESTED_FOR, VARIABLES, WANTED
from crawler.clean.pagedata import PageData, chain_text, quote_string, read_chain, read_object

# Tags, comments and elements without markup of their own are told apart as the HTML standard does it, so that
# `<script` in an attribute, or the second <body> in 2017's `<!--headTrap<body></body>...-->`, is not taken for one.
_RAW_TEXT = rb"(?i:script|style|textarea|title|xmp|iframe|noembed|noframes|plaintext)(?=[\s/>])"
_ATTRIBUTE = rb"""(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+)?+)?+"""
_NAME = rb"[^\s/>]*+"
_TAG = _NAME + rb"(?:[\s/]++|" + _ATTRIBUTE + rb"){0,%d}+>" % (2 * MAX_ATTRIBUTES)
_MARKUP = re.compile(
    rb"(?:[^<]++|<(?![a-zA-Z!?/])|<(?!" + _RAW_TEXT + rb"|!--)(?:/?[a-zA-Z]" + _TAG + rb"|[!?/][^>]*+>))*+"
)
_RAW_TAG = re.compile(rb"<(" + _RAW_TEXT + rb")" + _NAME + rb"(?:[\s/]++|" + _ATTRIBUTE + rb")*+>?+")
_ENDS = {
    name: re.compile(rb"</" + name + rb"(?=[\s/>])", re.IGNORECASE)
    for name in (b"script", b"style", b"textarea", b"title", b"xmp", b"iframe", b"noembed", b"noframes")
}
_CUT = (b"script", b"style")
_DOCTYPE = re.compile(rb"\s*+<!doctype[^>]*+>", re.IGNORECASE)

# A short script that writes text into the page is part of what the page says: the words of a shared post (video of
# 2019, reposts), and the notice of 2019 whose only text stands in a document.write.
_WRITERS = (b"document.write(", b"'js_share_notice'", b"'js_video_desc'")
_MAX_WRITER = 8_000  # bytes; the longest one seen has 5,515

_MODERN = re.compile(rb"cgiDataNew\s*+=\s*+(?=\{)")
_OLDER = re.compile(rb"cgiData\s*+=\s*+(?=\{)")
_FORMS = frozenset(form for forms in VARIABLES.values() for form in forms)
_NAMES = "|".join(sorted({re.split(r"[ .]", form)[-1] for form in _FORMS}, key=len, reverse=True))
_ASSIGNMENT = re.compile(
    rf"(?:^|;)[ \t]*+((?:var |window\.(?:cgiData\.)?+|d\.|_g\.|)(?:{_NAMES}))\s*+=(?!=)\s*+", re.MULTILINE
)
# The variables of an article stand in one block of 6,000 to 23,000 bytes, which names the article's own address, and
# in some short scripts of 50 to 2,200; the other scripts are programs.
_BLOCK = (b"msg_link", 50_000)
_SHORT = 3_000
_PROGRAM = 1_000_000
_VERIFICATION = b"secitptpage/template/verify"  # what a verification page's script asks for
_ESCAPES = {b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t", b'\\"': b'"', b"\\'": b"'", b"\\/": b"/"}
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSource:
    """A page taken apart, or the reason why it was refused."""

    markup: bytes = b""  # UTF-8, without scripts, styles and comments
    data: PageData = field(default_factory=PageData)
    refusal: str = ""

    @property
    def whole(self) -> bool:
        """Whether the page came to its end."""
        return b"</html" in self.markup


def take_apart(content: bytes, charset: str = "") -> PageSource:
    """Split a page as it came into its markup and the data in its scripts; `charset` is what HTTP said.

    Never raises; takes time in proportion to the page.
    """
    refusal = refuse_size(content)
    if refusal:
        return PageSource(refusal=refusal)
    page = to_utf8(content, charset).replace(b"\0", b"")  # HTML knows no NUL, and drops it
    kept, scripts = _split(_unescaped(page))
    markup = _valid(b"".join(kept))
    refusal = refuse_pieces(len(kept)) or refuse_markup(markup)
    if refusal:
        return PageSource(refusal=refusal)
    return PageSource(markup=markup, data=_page_data(scripts))


def write_source(source: PageSource) -> bytes:
    """A small page that comes apart into the same parts."""
    fields = source.data.fields
    data = "".join(f"{key}: {value},\n" for key, value in fields.items())
    script = f"<script>\nwindow.cgiDataNew = {{\n{data}}};\n</script>".encode() if fields else b""
    doctype = _DOCTYPE.match(source.markup)
    at = doctype.end() if doctype else 0
    return b"".join((_BOM, source.markup[:at], script, source.markup[at:]))


def _unescaped(page: bytes) -> bytes:
    r"""A page that a tool stored as the inside of a string literal (`<html>\n`, `class=\"`), undone.

    Two such pages are known; neither has a line's end or a bare quote anywhere.
    """
    head = page[:4096]
    if b"\n" in head or b'=\\"' not in head or b'="' in head or b"\\n" not in head:
        return page
    page = page.replace(b"\\\\", b"\0")
    for escape, meant in _ESCAPES.items():
        page = page.replace(escape, meant)
    return page.replace(b"\0", b"\\")


def _split(page: bytes) -> tuple[list[bytes], list[bytes]]:
    """The page without scripts, styles and comments, in pieces, and the texts of the scripts."""
    kept: list[bytes] = []
    scripts: list[bytes] = []
    at = 0
    while at < len(page) and len(kept) <= MAX_PIECES:
        stop = _MARKUP.match(page, at).end()  # type: ignore[union-attr]  # it matches the empty text too
        kept.append(page[at:stop])
        if page.endswith(b"<", at, stop):
            kept.append(b"<!---->")  # else what is left of a `<` and right of a cut would make a tag
        at = _pass_raw_text(page, stop, kept, scripts)
    return kept, scripts


def _pass_raw_text(page: bytes, at: int, kept: list[bytes], scripts: list[bytes]) -> int:
    """Pass what begins at `at`: an element without markup, a comment, or a tag that is none. Return where it ends."""
    tag = _RAW_TAG.match(page, at)
    if not tag:
        mark = b"-->" if page.startswith(b"<!--", at) else b">"
        end = page.find(mark, at + 2)
        return end + len(mark) if end >= 0 else len(page)
    name = tag[1].lower()
    end_tag = _ENDS[name].search(page, tag.end()) if name in _ENDS else None
    end = end_tag.start() if end_tag else len(page)
    text = page[tag.end() : end]
    after = page.find(b">", end) + 1 or len(page)
    if name == b"script":
        scripts.append(text)
    if name not in _CUT or (len(text) < _MAX_WRITER and any(mark in text for mark in _WRITERS)):
        kept.append(page[at:after])
    return after


def _valid(markup: bytes) -> bytes:
    """The markup in valid UTF-8."""
    try:
        markup.decode()
    except UnicodeDecodeError:
        return markup.decode(errors="replace").encode()
    return markup


def _page_data(scripts: list[bytes]) -> PageData:
    modern = _object(_MODERN, sorted(scripts, key=_is_program))
    if modern.fields:
        return _wanted(modern)
    block = b"\n".join(script for script in scripts if _has_variables(script)).decode(errors="replace")
    fields = {**_object(_OLDER, scripts).fields, **_variables(block)}
    if "page_mid" not in fields and any(_VERIFICATION in script for script in scripts):
        fields["page_mid"] = "'mmbizwap:secitptpage/verify.html'"
    return _wanted(PageData(fields=fields))


def _object(name: re.Pattern[bytes], scripts: list[bytes]) -> PageData:
    """The first object that is assigned to the name and has anything in it."""
    for script in scripts:
        assigned = name.search(script)
        if assigned:
            data = read_object(script[assigned.end() :].decode(errors="replace"), 0)
            if data.fields:
                return data
    return PageData()


def _is_program(script: bytes) -> bool:
    """Whether a script is so long that data are looked for in it last; the longest data seen have 450,000 bytes."""
    return len(script) > _PROGRAM


def _has_variables(script: bytes) -> bool:
    return len(script) < _SHORT or (len(script) < _BLOCK[1] and _BLOCK[0] in script)


def _variables(text: str) -> dict[str, str]:
    """For each variable that is read, the first value assigned to it that says anything, as a literal."""
    said: dict[str, str] = {}
    for assigned in _ASSIGNMENT.finditer(text):
        form = assigned[1]
        if form in _FORMS and form not in said:
            value = chain_text(read_chain(text, assigned.end()))
            if value:
                said[form] = quote_string(value)
    best = {key: next((said[form] for form in forms if form in said), "") for key, forms in VARIABLES.items()}
    return {key: value for key, value in best.items() if value}


def _wanted(data: PageData) -> PageData:
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
    return PageData(fields=fields)


def _nested(data: PageData, key: str) -> str:
    objects = [data.object(key)] if data.fields[key].startswith("{") else data.objects(key)
    written = [
        "{" + ", ".join(f"{name}: {each.fields[name]}" for name in NESTED[key] if name in each) + "}"
        for each in objects
    ]
    return written[0] if data.fields[key].startswith("{") else "[" + ", ".join(written) + "]"
