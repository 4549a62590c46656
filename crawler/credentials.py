r"""What of a link to WeChat is a credential of its reader, and how it leaves a link or a text.

A link stands in texts of every markup: its `&` and `=` may be escaped for HTML, JSON, a script, a
shell or Markdown, or encoded as often as one redirector carries another. All of that is read here,
with one list of what stands between two parameters, and one of what stands behind a name.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from crawler.cut_links import joined_lines, without_emphasised
from crawler.spellings import (
    ANNOUNCED,
    BEGINS,
    BIZ,
    EQUALS,
    EXAMPLE,
    HIDDEN,
    HOST,
    NAMED,
    OF_VALUES,
    OURS,
    RUN,
    SCRIPTS,
    SECRETS,
    SECRETS_IN_TEXTS,
    SHORT,
    UNITS,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_TOKEN = re.compile(
    # between two parameters, before a fragment, or the beginning of a query
    rf"(?P<mark>(?:\\{{1,4}}|\^)?(?:&{UNITS}(?!{NAMED})|[?＆])|{SCRIPTS}26{UNITS}(?!{NAMED})"
    rf"|{SCRIPTS}3f|%(?:25)*+(?:26|3f){UNITS}|&{UNITS}(?:#0*63|#x0*3f|quest);)"
    rf"|(?P<break>(?:\\{{1,4}}|\^)?[#;]|{SCRIPTS}(?:23|3b)|%(?:25)*+(?:23|3b)"
    rf"|&{UNITS}(?:#0*+(?:35|59)|#x0*+(?:23|3b)|num|semi);)"
    # what is of neither kind: a character by its number or name, and plain ones
    rf"|(?:&|{SCRIPTS}26){UNITS}{NAMED}|[^&＆?#;\\%^]++|.",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_VALUE = re.compile(OF_VALUES, re.IGNORECASE)
# what a program puts a value in place of: `%s`, `%(key)s`
_PLACEHOLDER = re.compile(r"%(?:\(|[sd](?![0-9a-z]))", re.IGNORECASE)
_ANNOUNCES = "weixin.qq.com/cgi-bin/announce"
_ENCODED = re.compile("%(?:25)*+")
_SCRIPTED = re.compile(r"\\{1,4}(?:x|u00)([2-7][0-9a-f])", re.IGNORECASE)
_UNENDED = re.compile(r"\A(?:amp|0*+38|x0*+26)")  # of an `&` by its name or number, without a `;`
_NOT_OF_A_NAME = re.compile(rf"[\\^+>\s{HIDDEN}]")
_LONGEST_NAME = 200

_IN_TEXT = re.compile(f"{HOST}{RUN}", re.IGNORECASE)
_WITHOUT_HOST = re.compile(
    rf"/{BEGINS}(?:s|{SHORT}|(?:mp|cgi-bin)/[a-z_\\]{{1,24}})\?{RUN}", re.ASCII
)
_BY_ACCOUNT = re.compile(rf"{BIZ}{RUN}", re.IGNORECASE)
# between quotes an address may hold spaces and be broken over lines
_IN_ATTRIBUTE = re.compile(
    r"""=\s{0,9}(?:"\s{0,9}(?:https?:|/)[^"<>]{0,9000}+"|'\s{0,9}(?:https?:|/)[^'<>]{0,9000}+')"""
)
_BRACKET = re.compile(r"(?<!\\)[()]")  # none that is escaped
_GOES_ON = frozenset("&?#;%=\\^")  # signs before which no bracket ends a link
# before a link that stands in brackets, alone or at the end of what else does
_OPENED = re.compile(r"\([^()\s]*+\Z")
_QUOTED = re.compile(r'"(?:https?:[^\s"<>()]*+)?\Z', re.IGNORECASE)  # as before one in JSON
_LONGEST_HEAD = 100
_NEXT = re.compile(r"(?<![=/])(?=https?:(?:\\{0,4}/){2})|(?=\]\()", re.IGNORECASE)
_OURS = re.compile(OURS, re.IGNORECASE | re.ASCII)

# of a link that was broken: what stands behind the break is part of none; and of a command or a
# script that sends a request: its headers and cookies (those of WeChat's that open an account)
_BESIDE = "|".join(sorted({*SECRETS_IN_TEXTS, "data_ticket", "slave_sid", "wap_sid2", "wxuin"}))
_LOOSE = re.compile(
    rf"(?<![A-Za-z0-9_])[&?]?(?:x-wechat-)?(?:{_BESIDE})(?:=[!-~]{{16,}}"
    r"|[\\^]{0,4}[\"']?\]?\s{0,2}[=:：]\s{0,2}(?=[^0-9\s]{0,40}+[0-9])[!-~]{16,})"
    r"|(?<![A-Za-z0-9_])(?:cookies?[\\^]{0,4}[\"']?\s{0,2}[=:：]|-b\s)\s{0,2}[\\^]{0,4}[\"']?"
    r"[\w.-]{1,40}=(?:[!#-&(-~]{8}|[!#-&(-~]{0,7};)[!#-&(-~]*+(?:(?<=;)\s{1,3}[!#-&(-~]++)*+",
    re.IGNORECASE,
)

# of the same, what a credential stood in the midst of
_REST = re.compile(
    r"(?<!\S)(?:&(?:amp;)*+(?:chksm|a?scene|subscene|devicetype|version|nettype|lang|fontgear"
    r"|clicktime|enterid|sessionid|mpshare|srcid|wx_header)=[!-%'-~]*+)++",
    re.IGNORECASE,
)

# a user and a host behind the slashes of an address; each is read once, for a password may hold
# backslashes, which begin an address as well
_ORIGIN = re.compile(r"(?P<slashes>(?<=:)[\\/]{1,9}+|(?<![^\s\"'])//)(?P<origin>[^\s/?#]*+)")


def line_without_secrets(line: str) -> str:
    """A line of a list, or words of it, without credentials, be they of a link that is broken."""
    return _REST.sub("", _LOOSE.sub(" ", without_secrets(line)))


def without_secrets(text: str) -> str:
    """A text, of whatever markup, whose links to WeChat carry no credentials any more."""
    is_ours = _OURS.search(text) is not None
    if is_ours:
        text = without_emphasised(joined_lines(text))
        text = _IN_ATTRIBUTE.sub(_clean_run, text)
        text = _WITHOUT_HOST.sub(_clean_run, text)
        text = _BY_ACCOUNT.sub(_clean_run, text)
    return _IN_TEXT.sub(_clean_run, text)


def without_passwords(text: str) -> str:
    """A text in whose addresses no user and no password stand any more."""
    return _ORIGIN.sub(_without_user, text)


def _without_user(address: re.Match[str]) -> str:
    _, at, host = address["origin"].rpartition("@")
    return f"{address['slashes']}***@{host}" if at else address[0]


def carries_secrets(address: str) -> bool:
    """Whether an address of any form carries credentials of its reader."""
    return link_without(address, SECRETS_IN_TEXTS) != address


def link_without(link: str, names: Collection[str] = SECRETS) -> str:
    """An address less the parameters with these names, whatever way it is escaped or encoded."""
    return _less(link, names, in_text=False)


def _less(link: str, names: Collection[str], *, in_text: bool) -> str:
    """`link_without`; in a text a parameter without a value stays: it may be a program's."""
    head, *pairs = _parts(link)
    kept = [head[2]]
    gone = ""  # the first that stays has the mark of the first that was there
    spared = (ANNOUNCED if head[2].endswith(_ANNOUNCES) else EXAMPLE) if in_text else None
    for mark, is_break, pair in pairs:
        rest = _behind_secret(pair, names, spared)
        if rest is not None:
            kept.append(rest)
            gone = "" if rest and not rest.isascii() else gone or mark  # behind words is no link
        elif is_break or not pair:
            kept += [mark, pair]
            gone = ""
        else:
            # within an address that this one carries, another parameter begins by its own
            kept += [gone if gone and _depth(gone) <= _depth(mark) else mark, pair]
            gone = ""
    return "".join(kept)


def _clean_run(run: re.Match[str]) -> str:
    """A piece of a text, which may hold other links before and behind WeChat's."""
    before = run.string[max(0, run.start() - _LONGEST_HEAD) : run.start()]
    text = run[0]
    cleaned = []
    for piece in _NEXT.split(text):
        end = len(piece)
        if not (text.startswith("=") or _QUOTED.search(before)):  # which goes to its quote
            end = _end_in_brackets(piece, before)
        cleaned += [_clean_link(piece[:end]), piece[end:]]
        before = piece[-_LONGEST_HEAD:]
    return "".join(cleaned)


def _clean_link(link: str) -> str:
    return _less(link, SECRETS_IN_TEXTS, in_text=True) if _is_ours(link) else link


def _end_in_brackets(piece: str, before: str) -> int:
    """Where a link ends that stands in brackets, as all of Markdown do: what follows is words."""
    start = 2 if piece.startswith("](") else 0
    opened = _OPENED.search(before)
    is_within = start > 0 or opened is not None
    if opened and opened[0].startswith("(<"):
        start = max(0, piece.find(">"))
    depth = 0
    for bracket in _BRACKET.finditer(piece, start):
        depth = max(depth, 0) + (1 if bracket[0] == "(" else -1)
        follows = piece[bracket.end() : bracket.end() + 1]
        if depth < 0 and follows not in _GOES_ON and (is_within or not follows.isascii()):
            return bracket.start()
    return len(piece)


def _is_ours(link: str) -> bool:
    return _OURS.search(link) is not None


def _parts(link: str) -> Iterator[tuple[str, bool, str]]:
    """The head behind no mark, then each parameter behind its own; whether that mark ends a query.

    Marks and parameters are as they are written.
    """
    mark, is_break = "", False
    pair: list[str] = []
    for token in _TOKEN.finditer(link):
        if not token.lastgroup:
            pair.append(token[0])
            continue
        yield mark, is_break, "".join(pair)
        mark, is_break, pair = token[0], token.lastgroup == "break", []
    yield mark, is_break, "".join(pair)


def _depth(mark: str) -> int:
    """How often a mark was encoded, as within an address that another carries."""
    encoded = _ENCODED.match(mark)
    return len(encoded[0]) if encoded else 0


def _behind_secret(pair: str, names: Collection[str], spared: re.Pattern[str] | None) -> str | None:
    """What stands behind the value of a parameter with one of these names; None for another.

    In a text, where some values are `spared`, one that is empty is, too.
    """
    equals = EQUALS.search(pair, 0, _LONGEST_NAME)
    if not equals or _name(pair[: equals.start()]) not in names:
        return None
    start = equals.end()
    start += len(pair[start:]) - len(pair[start:].lstrip())
    value = _VALUE.match(pair, start)
    end = value.end() if value else start
    if spared and (end == start or spared.fullmatch(pair, start, end)):
        return None
    if spared and _PLACEHOLDER.match(pair, start):
        return None
    return pair[end:]


def _name(written: str) -> str:
    """A parameter's name, however it is escaped and encoded."""
    written = unescape(unescape(written))  # as of a link that was escaped once more
    name = _SCRIPTED.sub(lambda code: chr(int(code[1], 16)), written)
    for _ in range(4):  # as often as redirectors encode one another
        if "%" not in name:
            break
        name = unquote(name)
    return _UNENDED.sub("", _NOT_OF_A_NAME.sub("", name).lower())
