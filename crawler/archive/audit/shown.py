"""Whether the text that an article shows is the one that its revision keeps, or hurt."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING

from crawler.archive.reading import PREFIX, body_of, has_text, is_hurt
from crawler.archive.search import holds_instead
from crawler.article import sha256
from crawler.characters import CONTROL
from crawler.credentials import without_secrets

if TYPE_CHECKING:
    from crawler.frontmatter import FrontMatter


def whole_of(
    connection: sqlite3.Connection, article_id: str, body_hash: str, body: str
) -> str | None:
    """The whole body of which an article shows a part, if it is one.

    Promotion is taken off by whole lines.
    """
    if not body or sha256(body.encode()) == body_hash:
        return body
    if not has_promotion(connection, article_id):
        return None
    if is_hurt(connection, article_id, body_hash):
        return None
    whole = body_of(connection, article_id, body_hash) or ""
    return whole if is_part(body, whole) else None


def is_part(body: str, whole: str) -> bool:
    """Whether a text is some of the lines of another."""
    remaining = iter(whole.split("\n"))  # no other ends of lines: a fallen bit makes one of them
    return all(line in remaining for line in body.split("\n"))


def is_unknown(connection: sqlite3.Connection, article_id: str, body_hash: str) -> bool:
    """Whether nobody knows what an article should show: the text that has all of it is lost."""
    if is_hurt(connection, article_id, body_hash):
        return True
    is_part = has_promotion(connection, article_id)
    return is_part and not has_text(connection, article_id, body_hash)


def has_promotion(connection: sqlite3.Connection, article_id: str) -> bool:
    """Whether an article is shown without promotion of its account."""
    return connection.execute(_PROMOTION, (article_id,)).fetchone() is not None


_PROMOTION = f"SELECT 1 FROM removed WHERE article_id = ? AND rule_id GLOB '{PREFIX}*'"  # noqa: S608


def what_both_say(front: FrontMatter | None, row: FrontMatter | None) -> str:
    """What both say where they differ, in words; "" where one of them cannot be read.

    The row's takes the other's place, and a bit may have fallen in it.
    """
    if front is None or row is None:
        return ""
    told = (
        f"{name} {said[:_SAID]!r} is {getattr(row, name)[:_SAID]!r} in the row, which counts"
        for name, said in asdict(front).items()
        if said != getattr(row, name)
    )
    return f": {without_secrets('; '.join(told))}"


def undamaged(connection: sqlite3.Connection, article_id: str, body: str, whole: str) -> str:
    """What an article shows where nobody can have written its text so; "" where somebody may have.

    `whole` is what its revision keeps. A fallen bit may make another year of one, as whoever mends
    a text does, but leaves the index as it was. And nobody puts a control character in the place of
    a letter, unless the index says so: what a program wrote is in it.
    """
    if "\0" in body:
        return "" if "\0" in whole else whole
    try:
        shows_less = has_promotion(connection, article_id)
    except sqlite3.Error:  # the table is damaged
        shows_less = False
    shown = _lines_shown(body, whole) if shows_less else whole
    if not _differ_little(body, shown):
        return ""
    if _without_control(body, shown) == shown:
        is_hurt = not holds_instead(connection, article_id, body, shown)
    else:
        is_hurt = holds_instead(connection, article_id, shown, body)
    return shown if is_hurt else ""


def _lines_shown(body: str, whole: str) -> str:
    """The lines of a whole text of which another shows some, with other letters in a few of them.

    "" where it has lines that are none of those.
    """
    lines, place, shown, left = whole.split("\n"), 0, [], _FLIPPED
    for line in body.split("\n"):
        try:
            place = lines.index(line, place)
        except ValueError:
            near = (at for at in range(place, len(lines)) if _differ_little(line, lines[at]))
            found = next(near, None) if left else None
            if found is None:
                return ""
            place, left = found, left - 1
        shown.append(lines[place])
        place += 1
    return "\n".join(shown)


def _without_control(body: str, whole: str) -> str:
    """A text with what stands in its whole one where it has control characters."""
    if len(body) != len(whole):
        return body
    pairs = zip(body, whole, strict=True)
    return "".join(other if _CONTROL.match(one) else one for one, other in pairs)


_CONTROL = re.compile(f"[{CONTROL}]")


def _differ_little(text: str, other: str) -> bool:
    """Whether bits fell in a few bytes. Most who put another letter in change more of them."""
    pairs = text.encode(), other.encode()
    if len(pairs[0]) != len(pairs[1]):
        return False
    differing = [(one ^ two).bit_count() for one, two in zip(*pairs, strict=True) if one != two]
    return len(differing) <= _FLIPPED and set(differing) == {1}


_FLIPPED = 8  # bytes
_SAID = 300  # characters of a value that is told
