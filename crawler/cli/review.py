"""Candidates side by side with the articles that they may be, and what a person says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.article import Verdict
from crawler.cli.printing import note, print_card, warn
from crawler.errors import ArchiveError, InputError
from crawler.telling import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.archive import Archive, Record
    from crawler.archive.saving import Evidence
    from crawler.article import Article
    from crawler.flows import Recovery

_KEYS = {"a": "accept", "r": "refuse", "s": "skip", "q": "stop"}
_OF_DAMAGED = {key: what for key, what in _KEYS.items() if key != "a"}
_DIGITS = 18  # the database counts no further than 9,223,372,036,854,775,807
_SHOWN = 400  # characters of a text


def review(archive: Archive, recovery: Recovery) -> tuple[int, int]:
    """Show each candidate and take a key for it; returns how many were accepted and refused."""
    accepted = refused = 0
    for listed in archive.evidence.candidates():
        found = _as_it_is_now(archive, listed)
        if found is None:
            continue
        try:
            _show_candidate(archive, found)
            key = _ask(_KEYS)
        except ArchiveError as error:  # it holds no article: another candidate may
            warn(error)
            key = _ask(_OF_DAMAGED)
        if key == "q":
            break
        if key == "a":
            accepted += recovery.accept(found) is not None
        elif key == "r":
            recovery.refuse(found)
            refused += 1
    return accepted, refused


def _as_it_is_now(archive: Archive, listed: Evidence) -> Evidence | None:
    """A candidate that was listed; None where it waits no more, by the last key or another run."""
    found = archive.evidence.get(listed.id)
    waits = found and found.verdict == Verdict.CANDIDATE and archive.evidence.is_needed(found)
    return found if waits else None


def _ask(keys: Mapping[str, str]) -> str:
    """One of the keys; the end of what is typed, and Ctrl-C, stop as q does."""
    while True:
        note(", ".join(f"{key} {what}" for key, what in keys.items()))
        try:
            key = click.getchar().lower()
        except UnicodeDecodeError:  # a word was pasted, of which older versions of click cut one
            continue
        except (EOFError, KeyboardInterrupt, OSError):  # such as a terminal that is closed
            return "q"
        if not key:
            return "q"
        if key in keys:
            return key


def _candidate_of(archive: Archive, text: str, verb: str) -> Evidence:
    """The candidate with this number. Raises InputError where there is none.

    ArchiveError, where it holds no article; but it may be refused.
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    found = archive.evidence.get(int(text)) if is_number else None
    if found is None:
        raise InputError(text, "is no candidate's number", "list them: crawler recover --review")
    record = archive.get(found.article_id)
    if record is None or not archive.evidence.is_needed(found):
        what = "needs no decision: its article has a text"
        raise InputError(text, what, f"see: crawler history {quoted(found.article_id)}")
    if found.verdict != Verdict.CANDIDATE or not _is_offered(archive, found, verb):
        what = f"waits for no decision: it is {found.verdict}"
        raise InputError(text, what, f"see: crawler history {quoted(found.article_id)}")
    return found


def _is_offered(archive: Archive, found: Evidence, verb: str) -> bool:
    return verb == "refuse" or archive.evidence.offered(found.id) is not None


def _show_candidate(archive: Archive, found: Evidence) -> None:
    """Print an article and what may be its text, side by side."""
    record = archive.get(found.article_id)
    offered = archive.evidence.offered(found.id)
    if record is None or offered is None:
        return
    rows = [
        ("title", record.title, found.title),
        ("account", record.account or record.source, found.account),
        ("date", record.date, found.date),
        ("address", record.url, found.url),
        ("from", record.id, _where(found)),
        *_texts(record, offered),
    ]
    differs = f", differs: {found.differs}" if found.differs else ""
    print_card(
        f"candidate {found.id}: agrees: {found.agreed}{differs}",
        ("", "the article", "what was found"),
        rows,
    )


def _texts(record: Record, offered: Article) -> list[tuple[str, str, str]]:
    """What either says; of a text that was cut how it ends, and how the whole one goes on."""
    rows = [("text", f"({record.state})", _beginning(offered.body))]
    if record.body:
        rows.append(("ends", _end(record.body), _end(offered.body)))
    return rows


def _end(body: str) -> str:
    return f"... {' '.join(body.split())[-_SHOWN:]} ({len(body):,} characters)"


def _where(found: Evidence) -> str:
    return f"{found.source} ({found.version})" if found.version else found.source


def _beginning(body: str) -> str:
    text = " ".join(body.split())
    more = f" ... ({len(body):,} characters)" if len(text) > _SHOWN else ""
    return text[:_SHOWN] + more


def decide(
    archive: Archive, recovery: Recovery, verb: str, numbers: Sequence[str]
) -> list[Evidence]:
    """Accept or refuse candidates by their numbers; all of them are looked at before the first.

    Raises InputError where a number is none of a candidate, or an article would get two texts.
    """
    candidates = [_candidate_of(archive, number, verb) for number in numbers]
    if verb == "refuse":
        for found in candidates:
            recovery.refuse(found)
        return candidates
    texts = {found.article_id: found.sha256 for found in candidates}
    for number, found in zip(numbers, candidates, strict=True):
        if texts[found.article_id] != found.sha256:
            raise InputError(number, "is one of two texts of one article", "accept one of them")
    for found in candidates:
        recovery.accept(found)
    return candidates
