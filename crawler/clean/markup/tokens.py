"""Where tags, comments and texts without markup begin and end, as the HTML standard has it.

So `<script` in an attribute, or the second <body> in 2017's `<!--headTrap<body></body>...-->`, is
not taken for one, and words behind a comment that ends in `--!>` are not taken for part of it.
"""

from __future__ import annotations

import re

from crawler.clean.markup.limits import MAX_ATTRIBUTES

_SPACE = rb" \t\n\r\f"
_NAME = rb"[^" + _SPACE + rb"/>]*+"
_ATTRIBUTE = (
    rb"(?:=[^" + _SPACE + rb"/>=]*+|[^" + _SPACE + rb"/>=]++)"
    rb"(?:[" + _SPACE + rb"]*+=[" + _SPACE + rb"]*+"
    rb"""(?:"[^"]*+"|'[^']*+'|[^""" + _SPACE + rb""""'>][^""" + _SPACE + rb""">]*+)?+)?+"""
)
_BETWEEN = rb"[" + _SPACE + rb"/]"
_FEW = _NAME + rb"(?:" + _BETWEEN + rb"++|" + _ATTRIBUTE + rb"){0,%d}+>" % (2 * MAX_ATTRIBUTES)
ENDS_NAME = rb"(?=[" + _SPACE + rb"/>])"

TAG = re.compile(
    rb"<(?P<end>/?)(?P<name>[a-zA-Z]" + _NAME + rb")"
    rb"(?P<attributes>(?:" + _BETWEEN + rb"*+" + _ATTRIBUTE + rb")*+)"
    rb"(?P<slash>" + _BETWEEN + rb"*+)>"
)
_FEW_ATTRIBUTES = re.compile(rb"</?" + _FEW)
# What is text up to its end tag, where it is an element of HTML's.
RAW = frozenset(
    b"script style textarea title xmp iframe noembed noframes plaintext".split(b" "),
)
OWN = rb"mp[a-z-]*+|qqmusic"
"""Names of WeChat's own elements, which some tools write as `<mpvoice/>`."""
_RAW_ENDS = {
    name: re.compile(rb"</" + name + ENDS_NAME, re.IGNORECASE)
    for name in RAW - {b"plaintext"}  # which never ends
}
_COMMENT_ENDS = re.compile(rb"--!?>")
# `<!--` in a script hides its end tag behind a `<script` that follows, up to a `-->`
_IN_SCRIPT = re.compile(rb"<!(?=--)|-->|<(/?)script" + ENDS_NAME, re.IGNORECASE)


def named(names: frozenset[bytes]) -> bytes:
    """A pattern for the names of tags, in capitals too."""
    return rb"(?i:" + rb"|".join(sorted(names)) + rb")" + ENDS_NAME


def markup_before(stops: bytes) -> re.Pattern[bytes]:
    """All text and tags before what one of the patterns of `stops` finds behind a `<`.

    A comment and a tag of more attributes than any has stop it, too.
    """
    return re.compile(
        rb"(?:[^<]++|<(?![a-zA-Z!?/])|</\Z|<(?!!--|" + stops + rb")"
        rb"(?:/?[a-zA-Z]" + _FEW + rb"|[!?][^>]*+>|/(?![a-zA-Z])[^>]*+>))*+"
    )


def has_few_attributes(tag: bytes) -> bool:
    """Whether a tag has no more attributes than a parser bears."""
    return _FEW_ATTRIBUTES.fullmatch(tag) is not None


def closes_itself(tag: re.Match[bytes]) -> bool:
    """Whether a tag ends in `/>`, which counts in drawings and formulas alone."""
    return tag["slash"].endswith(b"/")


def comment_end(page: bytes, index: int) -> int:
    """Where the comment ends that begins at `index`: at the page's end, if nowhere."""
    start = index + len(b"<!--")
    for at_once in (b">", b"->"):
        if page.startswith(at_once, start):
            return start + len(at_once)
    end = _COMMENT_ENDS.search(page, start)
    return end.end() if end else len(page)


def raw_end(page: bytes, index: int, name: bytes) -> int:
    """Where the end tag of a text without markup begins that starts at `index`."""
    if name not in _RAW_ENDS:
        return len(page)
    end = _RAW_ENDS[name].search(page, index)
    if not end:
        return len(page)
    if name == b"script" and page.find(b"<!--", index, end.start()) >= 0:
        return _script_end(page, index)
    return end.start()


def _script_end(page: bytes, index: int) -> int:
    """Where a script with a `<!--` in it ends, from whose `<script>` on `</script>` ends that."""
    in_comment = in_script = False
    for mark in _IN_SCRIPT.finditer(page, index):
        if mark[1] and not in_script:
            return mark.start()
        if mark[0] == b"<!":
            in_comment = True
        elif mark[0] == b"-->":
            in_comment = in_script = False
        else:
            in_script = in_comment and not mark[1]
    return len(page)


def tag_end(page: bytes, index: int) -> int:
    """Where a tag ends: at the page's end, if nowhere."""
    tag = TAG.match(page, index)
    return tag.end() if tag else len(page)
