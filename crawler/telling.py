"""How numbers, moments, words to paste and words of libraries are told to people."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime

from crawler.characters import on_one_line
from crawler.credentials import line_without_secrets, without_passwords
from crawler.spellings import NAMES
from crawler.times import DAY_ALONE, SHANGHAI, moment_of

_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
_MOST_SAID = 200  # characters of what a library says
# from the first quote that opens to the last that closes: what is quoted may hold quotes itself
_QUOTE = re.compile(
    r"""(?<!\w)(?P<opens>(?:bytearray\()?[b\[(]{0,2})['"](?:(?P<words>.*)['"](?!\w)|.*+)[\])]{0,2}""",
    re.DOTALL,
)
_NO_MEMBER = ('"There is no item named ', "'There is no item named ")  # of zipfile's
_PLAIN = re.compile(
    r"[A-Za-z0-9_./-]{1,60}|\[Content_Types\]\.xml"
)  # a host, an encoding, a file's name
_SECRET = re.compile(rf"(?<![A-Za-z0-9])(?:{NAMES})\s{{0,3}}[=:]\s{{0,3}}\S++", re.IGNORECASE)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 input", "2,000 inputs"; `plural` where that takes no s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def quoted(word: str) -> str:
    """A key, a link or a file's name as it can be pasted into a shell, whoever wrote it."""
    return shlex.quote(word)


def to_bring_in(name: str) -> str:
    """How an article comes in that somebody names by its link, or by what is none."""
    link = quoted(name) if "/" in name else "URL"
    return f"bring it in with: crawler fetch {link}"


def said_by(error: BaseException) -> str:
    """What a library says went wrong: short, on one line, without what it quotes of an input.

    h11 and warcio repeat the line at which they stopped, a cookie as well as 60 KB of anything, and
    others a name or a value that a stranger wrote.
    """
    said = str(error)
    if said.startswith(_NO_MEMBER):  # a KeyError puts all that it says into quotes
        said = said.strip(said[0])
    told = _QUOTE.sub(_without_quote, said).strip()
    told = on_one_line(next(iter(told.splitlines()), ""))
    told = _SECRET.sub("...", line_without_secrets(without_passwords(told))).strip()
    short = told if len(told) <= _MOST_SAID else f"{told[:_MOST_SAID]}..."
    return type(error).__name__ if short in {"", "..."} else short


def _without_quote(quote: re.Match[str]) -> str:
    is_plain = not quote["opens"] and _PLAIN.fullmatch(quote["words"] or "")
    return quote[0] if is_plain else "..."


def on_the_clock(seconds: float) -> str:
    """Seconds since 1970, as `for_people` writes a moment; what no calendar has is its last day."""
    return _in_words(datetime.fromtimestamp(min(seconds, _LATEST), tz=UTC))


def for_people(written: str) -> str:
    """A moment of ours as people read it: Shanghai's, to the minute, with its offset.

    A day alone, and what is no moment, stay as they are.
    """
    if len(written) <= DAY_ALONE:
        return written
    moment = moment_of(written)
    return _in_words(moment) if moment else written


def _in_words(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M} +08:00"
