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

from crawler.characters import INVISIBLE, JOINERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

SECRETS = frozenset(
    # Back-end credentials that 662 of 18,418 public links carried: never stored, logged or sent.
    {
        "key",
        "uin",
        "pass_ticket",
        "exportkey",
        "wxtoken",
        "appmsg_token",
        "token",
        "poc_token",
        "sessionid",
    }
)
PREVIEW = frozenset({"tempkey"})
"""What a link to a preview cannot do without, while it lives, when it is sent."""

SECRETS_IN_TEXTS = SECRETS | PREVIEW
"""What leaves texts, where nothing is sent."""

_HIDDEN = INVISIBLE + JOINERS  # in an address, which may hold none
_SCRIPTS = r"(?:\\{1,4}|%(?:25)*+5c)(?:x|u00)"  # before a code of a script's, encoded or not
_UNITS = r"(?:amp;|#0*+38;|#x0*+26;|amp%3B)*+"  # behind an `&` that was escaped twice
_NAMED = "#?[a-z0-9]{2,9};"  # a character by its number or name, behind its `&`
_TOKEN = re.compile(
    # between two parameters, before a fragment, or the beginning of a query
    rf"(?P<mark>(?:\\{{1,4}}|\^)?(?:&{_UNITS}(?!{_NAMED})|[?＆])|{_SCRIPTS}26{_UNITS}(?!{_NAMED})"
    rf"|{_SCRIPTS}3f|%(?:25)*+(?:26|3f){_UNITS}|&{_UNITS}(?:#0*63|#x0*3f|quest);)"
    rf"|(?P<break>(?:\\{{1,4}}|\^)?[#;]|{_SCRIPTS}(?:23|3b)|%(?:25)*+(?:23|3b)"
    rf"|&{_UNITS}(?:#0*+(?:35|59)|#x0*+(?:23|3b)|num|semi);)"
    # what is of neither kind: a character by its number or name, and plain ones
    rf"|(?:&|{_SCRIPTS}26){_UNITS}{_NAMED}|[^&＆?#;\\%^]++|.",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_EQUALS = re.compile(
    rf"(?:\\{{1,4}}|\^)?[=＝]|%(?:25)*+3d|{_SCRIPTS}3d|&{_UNITS}(?:#0*+61|#x0*+3d|equals);",
    re.IGNORECASE,
)
# codes of `%`, `+`, `-` to `:`, `=`, letters, `_` and `~`, and of a backslash before such a sign,
# as JSON in a script has it: a quote's or an angle's ends the link
_OF_A_VALUE = "(?:2[5bdef]|3[0-9ad]|4[0-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae]|5c(?=[=/_+~%-]))"
_OF_VALUES = (
    rf"(?:[A-Za-z0-9_=/+@{_HIDDEN}-]|%(?!(?:25)*+(?:22|3[ce]))|[.:](?=[A-Za-z0-9%_=/+-])|~(?!~)"
    r"|[\t\r\n]+(?=[A-Za-z0-9%_=/+-])"  # which a browser drops out of an attribute's address
    rf"|\\{{1,4}}(?:(?:x|u00){_OF_A_VALUE}|[=/_.+~%-])"
    rf"|&{_UNITS}(?:#0*+(?:37|4[3567]|58|61|64|95|126)|#x0*+(?:2[5bdef]|3[ad]|40|5f|7e)"
    r"|equals|sol|plus|period|colon|percnt|lowbar|hyphen|commat);)*+"
)
_VALUE = re.compile(_OF_VALUES, re.IGNORECASE)
# what a program puts a value in place of: `%s`, `%(key)s`
_PLACEHOLDER = re.compile(r"%(?:\(|[sd](?![0-9a-z]))", re.IGNORECASE)
# what a manual says in its place
_EXAMPLE = re.compile(r"x{2,}|X{2,}|(?:YOUR_)?(?:KEY|UIN|TOKEN|TICKET|PASS_TICKET|APPMSG_TOKEN)")
# and the number of an announcement of WeChat's, which it calls `key`; a reader's has 100 letters
_ANNOUNCED = re.compile(rf"{_EXAMPLE.pattern}|[0-9]{{11}}[A-Za-z0-9]{{5}}")
_ANNOUNCES = "weixin.qq.com/cgi-bin/announce"
_ENCODED = re.compile("%(?:25)*+")
_SCRIPTED = re.compile(r"\\{1,4}(?:x|u00)([2-7][0-9a-f])", re.IGNORECASE)
_UNENDED = re.compile(r"\A(?:amp|0*+38|x0*+26)")  # of an `&` by its name or number, without a `;`
_NOT_OF_A_NAME = re.compile(rf"[\\^+>\s{_HIDDEN}]")
_LONGEST_NAME = 200

_DOT = r"(?:\\{0,4}\.|\\{1,4}(?:x|u00)2e|%(?:25)*+2e|&(?:#0*+46|#x0*+2e|period);)"
# (but not the robots of WeCom's groups, whose `key` is in every script that speaks by one)
_HOST = rf"(?<!qyapi\.)weixin(?:110|bridge)?{_DOT}(?:qq{_DOT})?com"
# a quote, an angle, a space or a line's end by its number, behind the first of its backslashes
_ENDS_A_LINK = r"\\{0,3}(?:x|u00)(?:0[9ad]|2[02]|3[ce])"
# a sentence goes on behind its punctuation, and is no part of the link; nor is what stands on the
# next line, which JSON writes behind `\n`; an angle before an escaped sign was put into the
# midst of a link whose signs a tool had escaped for Markdown, or its author for a shell or script,
# and so was one before a sign that addresses seldom have, such as the `~~` of a token
_RUN = (
    rf"(?:[^\s\\\"<>，。；：、！？（）【】《》「」『』“”‘’…—]++|\\(?![nrt]|{_ENDS_A_LINK})"
    r"|>(?=(?:\\{1,4}|\^)[=&?]|\\{1,4}(?:x|u00)(?:26|3[df])|[~'()*]))*+"
)
_IN_TEXT = re.compile(f"{_HOST}{_RUN}", re.IGNORECASE)
# a path that begins a word, behind marks of Markdown and Chinese, too: it is of no other host
_BEGINS = r"(?:(?<![!-~]/)|(?<=[\"'(=<>`*~|{\[:]/)|(?<=\\[nrt]/))"
_SHORT = r"s/[\w-]{22}"
_WITHOUT_HOST = re.compile(
    rf"/{_BEGINS}(?:s|{_SHORT}|(?:mp|cgi-bin)/[a-z_\\]{{1,24}})\?{_RUN}", re.ASCII
)
# what a tool made a file's name of, or a page calls within its own host: `s?__biz=`, `s@__biz=`
_BIZ = r"_\\{0,4}_biz"  # in words of an article, which are Markdown, each `_` is escaped
_BY_ACCOUNT = re.compile(rf"{_BIZ}{_RUN}", re.IGNORECASE)
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
# the last without a host: a page's own frames of votes and the like, to which scripts add keys
_OURS = re.compile(
    rf"{_HOST}|{_BIZ}|/{_BEGINS}(?:mp/(?!jsreport)[a-z_\\]{{1,24}}|{_SHORT})\?",
    re.IGNORECASE | re.ASCII,
)

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

# a link, and what may be the rest of it where mail broke it at an end of its lines; a whole one is
# taken, too, so that none of the hosts within it is begun with again
_BROKEN = re.compile(
    rf"{_HOST}{_RUN}"
    r"(?:\\?+[ \t]{0,3}+\r?\n[ \t>]{0,9}+(?:[!$%&'*+,./0-9;=@A-Z^_a-z~-]|\\[_&=*~-])++)*+",
    re.IGNORECASE,
)
_OF_BROKEN = re.compile(r"(?P<piece>[^\r\n]*+)(?:\r?\n[ \t>]*+|\Z)")
_LONG_PIECE = 60  # characters; mail breaks lines at 76 or less
_SHORTEST_REST = 8
_NAMES = "|".join(sorted(SECRETS_IN_TEXTS)).replace("_", r"\\?_")
_SECRET = rf"(?<![A-Za-z0-9_])(?:{_NAMES})="
_ANY_ONE = re.compile(rf"{_SECRET}[^&]++", re.IGNORECASE)
_LONG_ONE = re.compile(rf"{_SECRET}[!-%'-~]{{16}}", re.IGNORECASE)

# what emphasises a part of a link: signs of Markdown, and tags, in a script as well
_TAG_IN_SCRIPT = r"\\{1,4}x3c(?:(?!\\{1,4}x3[ce])[^<>\n]){0,300}+\\{1,4}x3e"
_MARK = re.compile(rf"\*{{1,3}}|`{{1,3}}|~~|\[|<[^<>\n]{{1,300}}+>|{_TAG_IN_SCRIPT}", re.IGNORECASE)
_MARKS = rf"(?:{_MARK.pattern}){{0,4}}+"
_TAG_NAME = re.compile(r"(?:<|x3c)(/?)([a-z0-9]++)", re.IGNORECASE)
_EMPHASISED = re.compile(
    rf"(?P<before>{_MARKS})(?:(?<![A-Za-z0-9_])|(?<=x3e))(?:{_NAMES})"
    rf"(?P<within>{_MARKS}(?:{_EQUALS.pattern}){_MARKS})"
    rf"(?P<value>{_OF_VALUES})(?P<after>{_MARKS})(?:&(?:amp;)*+|\\x26(?:amp;)*+)?",
    re.IGNORECASE,
)
_GOES_ON_BEHIND = re.compile(
    r"(?:[&?]|\\{1,4}(?:x|u00)(?:26|3f)|%(?:26|3f))(?:amp;)*\Z", re.IGNORECASE
)
_TO_ITS_END = re.compile(rf"(?:{_HOST}|{_BIZ})[^\s\"'<>，。；、！（）]*\Z", re.IGNORECASE)
_LONGEST_BEFORE = 1_000
_LONGEST_MARK = 20
_LEAST_EMPHASISED = 16

# a user and a host behind the slashes of an address; each is read once, for a password may hold
# backslashes, which begin an address as well
_ORIGIN = re.compile(r"(?P<slashes>(?<=:)[\\/]{1,9}+|(?<![^\s\"'])//)(?P<origin>[^\s/?#]*+)")


def line_without_secrets(line: str) -> str:
    """A line of a list, or words of it, without credentials, be they of a link that is broken."""
    return _LOOSE.sub(" ", without_secrets(line))


def without_secrets(text: str) -> str:
    """A text, of whatever markup, whose links to WeChat carry no credentials any more."""
    is_ours = _OURS.search(text) is not None
    if is_ours:
        text = _BROKEN.sub(_joined, text)
        text = _IN_ATTRIBUTE.sub(_clean_run, text)
        text = _WITHOUT_HOST.sub(_clean_run, text)
        text = _BY_ACCOUNT.sub(_clean_run, text)
    text = _IN_TEXT.sub(_clean_run, text)
    return _EMPHASISED.sub(_less_emphasised, text) if is_ours else text


def _less_emphasised(found: re.Match[str]) -> str:
    """What is left of a credential within a link that marks or tags have cut."""
    value = found["value"]
    if len(value) < _LEAST_EMPHASISED or _ANNOUNCED.fullmatch(value):
        return found[0]
    before = found.string[max(0, found.start() - _LONGEST_BEFORE) : found.start()]
    link = _MARK.sub("", before).rstrip()
    if not (_GOES_ON_BEHIND.search(link[-_LONGEST_MARK:]) and _TO_ITS_END.search(link)):
        return found[0]
    return _unpaired(_MARK.findall("\n".join((found["before"], found["within"], found["after"]))))


def _unpaired(marks: Sequence[str]) -> str:
    """Marks of which none ends what another one of them begins."""
    left = list[str]()
    for mark in marks:
        last = _TAG_NAME.search(left[-1]) if left else None
        tag = _TAG_NAME.search(mark)
        ends = last and not last[1] and last[2] == tag[2] if tag and tag[1] else mark in left[-1:]
        if ends:
            left.pop()
        else:
            left.append(mark)
    return "".join(left)


def _joined(broken: re.Match[str]) -> str:
    """A broken link on one line up to its last piece with a credential; what follows is apart."""
    text = broken[0]
    pieces = _pieces_of(broken) if "\n" in text else []
    link = "".join(piece for piece, _ in pieces)
    if "?" not in link or "#" in pieces[0][0] or "?" not in pieces[0][0]:
        return text
    is_sure = _LONG_ONE.search(link) is not None
    last = max((found.end() for found in _ANY_ONE.finditer(link)), default=0) if is_sure else 0
    kept, end = len(pieces[0][0]), 0
    for piece, behind in pieces[1:]:
        if kept >= last:
            break
        kept, end = kept + len(piece), behind
    return link[:kept] + text[end:] if end else text


def _pieces_of(broken: re.Match[str]) -> list[tuple[str, int]]:
    """The pieces of a link that mail may have broken, and where each ends."""
    text = broken[0]
    before = broken.string[max(0, broken.start() - _LONGEST_HEAD) : broken.start()]
    indent = len(before) - before.rfind("\n") - 1
    pieces, widths = list[tuple[str, int]](), list[int]()
    for found in _OF_BROKEN.finditer(text):
        piece, end = found["piece"].rstrip(" \t").removesuffix("\\"), found.end("piece")
        widths.append(end - text.rfind("\n", 0, found.start()) - 1 + indent)
        indent = 0
        if pieces and not (_goes_on(pieces[-1][0], piece) or _fills(widths, piece)):
            break
        pieces.append((piece, end))
    return pieces


def _goes_on(piece: str, below: str) -> bool:
    """Whether a link that ends its line may go on with what begins the next one."""
    value, mark, rest = below.partition("&")
    is_long = (mark and ("=" in rest or not value)) or len(below) >= _LONG_PIECE
    return piece.endswith(("&", "&amp;", "?")) or bool(is_long and "=" not in value)


def _fills(widths: Sequence[int], piece: str) -> bool:
    """Whether lines are as long as one another, as where each is filled, or are but for the last.

    So a name or a value is cut anywhere.
    """
    if widths[-1] == widths[-2] >= _LONG_PIECE:
        return True
    is_rest = len(piece) >= _SHORTEST_REST or any(sign in piece for sign in "&=%")
    return is_rest and len(widths) > 2 and widths[-2] == widths[-3] >= _LONG_PIECE


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
    spared = (_ANNOUNCED if head[2].endswith(_ANNOUNCES) else _EXAMPLE) if in_text else None
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
    equals = _EQUALS.search(pair, 0, _LONGEST_NAME)
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
