"""What each field of an article, an account and a look may hold, by its name.

A page, a seed, another tool's copy and another archive may say anything in any of them: marks that
steer a terminal, credentials of whoever had the link, a sentence where a moment belongs. All that
is stored goes through here; and all that leaves, too, for an archive may be an earlier version's or
somebody else's.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from crawler.article import State
from crawler.characters import (
    INVISIBLE,
    JOINERS,
    SURROGATES,
    on_one_line,
    visible,
    without_halves,
)
from crawler.credentials import without_secrets
from crawler.times import moment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

KEY = re.compile(r"[su]:[A-Za-z0-9_-]+|[A-Za-z0-9+/=_-]+:[0-9]+:[0-9]+", re.ASCII)
"""What the key of an article is."""

_UNSEEN = re.compile(f"[{INVISIBLE}{JOINERS}{SURROGATES}]")
SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""How the sign before one is drawn; in a row they spell words to programs alone."""

# (a joiner behind a row might be a loose one behind what is left of it)
_IN_A_ROW = re.compile(f"([{SELECTORS}])[{SELECTORS}][{SELECTORS}{JOINERS}]*+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]*", re.ASCII)
_BIZ = re.compile(r"[A-Za-z0-9+/=_-]*", re.ASCII)
_DIGITS = re.compile(r"[0-9]*", re.ASCII)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.ASCII | re.IGNORECASE)
_SCHEMES = ("http", "https", "mailto", "tel")
_STATES = frozenset(State)


def harmless(text: str) -> str:
    """A text of any length less what shows nothing and less what its links carry of readers."""
    return without_secrets(legible(text))


def legible(text: str) -> str:
    """A text less what shows nothing.

    Of signs that say how another is drawn one is left, for a row of them spells hidden words.
    Halves of characters become U+FFFD.
    """
    if not text.replace("\n", "").isprintable():
        text = visible(without_halves(text))
    return _IN_A_ROW.sub(r"\1", text)


def harmless_line(text: str) -> str:
    """The same on one line, less what its links carry of readers."""
    return without_secrets(_IN_A_ROW.sub(r"\1", on_one_line(text)))


def moment(written: str) -> str:
    """A moment or a day as it is written; "" where it is none."""
    return written if moment_of(written) else ""


def day(written: str) -> str:
    """A day, YYYY-MM-DD; "" where it is none."""
    return written if _DAY.fullmatch(written) and moment_of(written) else ""


def _own_address(address: str) -> str:
    """An article's own address, which `urls` takes apart: a preview's key may have to stay."""
    return _UNSEEN.sub("", address)


def _address(address: str) -> str:
    """Any other one, less credentials; "" where following it would open no page."""
    address = _own_address("%20".join(address.split()))
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].lower() not in _SCHEMES:
        return ""
    return without_secrets(address)


def _topics(written: str) -> str:
    """A list of topics, as JSON; "" where it is none."""
    try:
        names = json.loads(written)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(names, list):
        return ""
    told = harmless_lines(names)
    return json.dumps(told, ensure_ascii=False) if told else ""


def harmless_lines(names: Iterable[object]) -> list[str]:
    """Names, each on one line; those of which nothing is left go."""
    return [line for name in names if isinstance(name, str) and (line := harmless_line(name))]


def _fits(pattern: re.Pattern[str]) -> Callable[[str], str]:
    return lambda text: text if pattern.fullmatch(text) else ""


def _state(text: str) -> str:
    return text if text in _STATES else ""


_LINES = (
    *("title", "source", "account", "author", "digest", "original", "album", "place", "item_type"),
    *("producer", "recovered_from", "date_source", "kind", "origin", "detail"),
    *("name", "alias", "description", "why", "last_error", "version", "agreed", "differs"),
    "tag",
)
_ADDRESSES = ("cover", "source_url", "avatar")
_MOMENTS = (
    *("published_at", "modified_at", "fetch_date", "checked_at", "at", "fetched_at"),
    *("told_at", "first_seen", "last_seen"),
)
_SOUND: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(_LINES, harmless_line),
    **dict.fromkeys(_ADDRESSES, _address),
    **dict.fromkeys(_MOMENTS, moment),
    **dict.fromkeys(("sn", "evidence", "body_hash", "sha256"), _fits(_HEXADECIMAL)),
    **dict.fromkeys(("mid", "idx"), _fits(_DIGITS)),
    **dict.fromkeys(("id", "same_as", "article_id"), _fits(KEY)),
    **dict.fromkeys(("state", "state_now"), _state),
    "biz": _fits(_BIZ),
    "url": _own_address,
    "date": day,
    "topics": _topics,
    **dict.fromkeys(("body", "markdown", "text"), harmless),
}
"""Field -> what may be in it. A text of another name is whatever it is."""


def sound(name: str, value: str) -> str:
    """What may stand in a field of that name of what is said there."""
    told = _SOUND.get(name)
    return told(value) if told and value else value


def sound_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by name, each as `sound` gives it; what is no text stays."""
    return {
        name: sound(name, value) if isinstance(value, str) else value for name, value in row.items()
    }
