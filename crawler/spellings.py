"""How a link to WeChat, and a credential of its reader in it, are written in texts."""

from __future__ import annotations

import re

from crawler.characters import INVISIBLE, JOINERS

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
        "skey",  # of the web client
    }
)
PREVIEW = frozenset({"tempkey"})
"""What a link to a preview cannot do without, while it lives, when it is sent."""

SECRETS_IN_TEXTS = SECRETS | PREVIEW
"""What leaves texts, where nothing is sent."""

HIDDEN = INVISIBLE + JOINERS  # in an address, which may hold none
SCRIPTS = r"(?:\\{1,4}|%(?:25)*+5c)(?:x|u00)"  # before a code of a script's, encoded or not
UNITS = r"(?:amp;|#0*+38;|#x0*+26;|amp%3B)*+"  # behind an `&` that was escaped twice
NAMED = "#?[a-z0-9]{2,9};"  # a character by its number or name, behind its `&`
EQUALS = re.compile(
    rf"(?:\\{{1,4}}|\^)?[=＝]|%(?:25)*+3d|{SCRIPTS}3d|&{UNITS}(?:#0*+61|#x0*+3d|equals);",
    re.IGNORECASE,
)
# codes of `%`, `+`, `-` to `:`, `=`, letters, `_` and `~`, and of a backslash before such a sign,
# as JSON in a script has it: a quote's or an angle's ends the link
_OF_A_VALUE = "(?:2[5bdef]|3[0-9ad]|4[0-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae]|5c(?=[=/_+~%-]))"
OF_VALUES = (
    rf"(?:[A-Za-z0-9_=/+@{HIDDEN}-]|%(?!(?:25)*+(?:2[26]|3[ce]))|[.:](?=[A-Za-z0-9%_=/+-])|~(?!~)"
    r"|[\t\r\n]+(?=[A-Za-z0-9%_=/+-])"  # which a browser drops out of an attribute's address
    rf"|\\{{1,4}}(?:(?:x|u00){_OF_A_VALUE}|[=/_.+~%-])"
    rf"|&{UNITS}(?:#0*+(?:37|4[3567]|58|61|64|95|126)|#x0*+(?:2[5bdef]|3[ad]|40|5f|7e)"
    r"|equals|sol|plus|period|colon|percnt|lowbar|hyphen|commat);)*+"
)
# what a manual says in its place
EXAMPLE = re.compile(r"x{2,}|X{2,}|(?:YOUR_)?(?:KEY|UIN|TOKEN|TICKET|PASS_TICKET|APPMSG_TOKEN)")
# and the number of an announcement of WeChat's, which it calls `key`; a reader's has 100 letters
ANNOUNCED = re.compile(rf"{EXAMPLE.pattern}|[0-9]{{11}}[A-Za-z0-9]{{5}}")
_DOT = r"(?:\\{0,4}\.|\\{1,4}(?:x|u00)2e|%(?:25)*+2e|&(?:#0*+46|#x0*+2e|period);)"
# (but not the robots of WeCom's groups, whose `key` is in every script that speaks by one); and
# those of the web client; the letter that all begin with first, in half the time
HOST = (
    rf"w(?:(?<!qyapi\.w)eixin(?:110|bridge)?{_DOT}(?:qq{_DOT})?com"
    rf"|x[0-9]?{_DOT}qq{_DOT}com|eb[0-9]?{_DOT}wechat{_DOT}com)"
)
# a quote, an angle, a space or a line's end by its number, behind the first of its backslashes
_ENDS_A_LINK = r"\\{0,3}(?:x|u00)(?:0[9ad]|2[02]|3[ce])"
# words of what a client calls itself (`devicetype=Windows 10 x64`) in a link that was decoded
_DEVICE = (
    r"(?:x64|x86|[0-9.]{1,9}+|XP|Server|OSX|MacBook[A-Za-z]{0,4}+[0-9,]{0,5}+"
    r"|build\([0-9A-Za-z]{1,9}+\))"
)
# a sentence goes on behind its punctuation, and is no part of the link; nor is what stands on the
# next line, which JSON writes behind `\n`; an angle before an escaped sign was put into the
# midst of a link whose signs a tool had escaped for Markdown, or its author for a shell or script,
# and so was one before a sign that addresses seldom have, such as the `~~` of a token
RUN = (
    rf"(?:[^\s\\\"<>，。；：、！？（）【】《》「」『』“”‘’…—]++|\\(?![nrt]|{_ENDS_A_LINK})"
    r"|>(?=(?:\\{1,4}|\^)[=&?]|\\{1,4}(?:x|u00)(?:26|3[df])|[~'()*])"
    rf"| (?={_DEVICE}(?: {_DEVICE}){{0,5}}+\\{{0,4}}+&))*+"
)
# what a tool made a file's name of, or a page calls within its own host: `s?__biz=`, `s@__biz=`
BIZ = r"_\\{0,4}_biz"  # in words of an article, which are Markdown, each `_` is escaped
# a path that begins a word, behind marks of Markdown and Chinese, too: it is of no other host
BEGINS = (
    r"(?:(?<![!-~]/)|(?<=[\"'(=<>`*~|{\[:]/)|(?<=\\[nrt]/)"
    r"|(?<=\\x2[27]/)|(?<=\\u002[27]/)|(?<=&quot;/))"
)
SHORT = r"s/[\w-]{22}"
# the last without a host: a page's own frames of votes and the like, to which scripts add keys
OURS = rf"{HOST}|{BIZ}|/{BEGINS}(?:mp/(?!jsreport)[a-z_\\]{{1,24}}|{SHORT})\?"
NAMES = "|".join(sorted(SECRETS_IN_TEXTS)).replace("_", r"\\?_")
