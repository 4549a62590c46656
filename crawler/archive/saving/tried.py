"""What came of the links of an article that were sent, and which of them is sent again."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.archive.database import read_as, readable
from crawler.archive.saving.addresses import fetchable, known_forms, queue_key
from crawler.article import OF_THE_LINK, State
from crawler.links import as_kept
from crawler.urls import parse_url

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from crawler.urls import ArticleUrl


def refused_links(connection: sqlite3.Connection, article_id: str) -> set[str]:
    """The links of an article that WeChat refused, as `as_kept` gives them; and "", which is none.

    Looks in which damage left none tell none.
    """
    with read_as(connection, readable):
        looks = connection.execute(_REFUSED, (article_id,)).fetchall()
    return {"", *(as_kept(url) for (url,) in looks)}


def unrefused(
    connection: sqlite3.Connection, article_id: str | None, forms: Iterable[ArticleUrl]
) -> list[ArticleUrl]:
    """Those of some addresses that WeChat did not refuse, or not when they were sent last.

    (Of a preview the next key may do better.)
    """
    with read_as(connection, readable):
        looks = connection.execute(_LOOKS, (article_id,)).fetchall()
    last = {as_kept(url): state for url, state in looks}
    return [one for one in forms if one.temporary or last.get(as_kept(one.request)) not in _LINKS]


def one_each(
    connection: sqlite3.Connection,
    waiting: Mapping[str, str | None],
    forms: Iterable[ArticleUrl],
) -> list[ArticleUrl]:
    """Of some addresses one for each article that waits, which WeChat did not refuse.

    `waiting` are the keys of the queue, and the articles' own where these are there.
    """
    asked = [(key, form) for form in forms if (key := queue_key(form)) in waiting]
    good = {
        key: form
        for key, asked_for in asked
        for form in unrefused(connection, waiting[key], [asked_for])
    }
    return list(good.values())


def avoid_refused(connection: sqlite3.Connection, article_id: str) -> None:
    """Let an article wait by another link than one that WeChat refused, or for one.

    It waits still, for its text is a part, or another link of it found a shell or no answer. Else
    it would be asked for by that link again and again.
    """
    for key, request, why in connection.execute(_SENT, (article_id,)).fetchall():
        if not unrefused(connection, article_id, [parse_url(request)]):
            left = unrefused(connection, article_id, known_forms(connection, article_id))
            sent = fetchable(left)
            other = sent or min((one.request for one in left if not one.signed), default=key)
            said = why if sent else NEEDS_LINK
            connection.execute(_SEND, (other, not sent, said, key))


@contextmanager
def avoiding_refused(connection: sqlite3.Connection, article_id: str, key: str) -> Iterator[None]:
    """Write the entry of an article within the block: what was refused is not sent once more.

    Looks are asked for it only where the entry is not what it was: as where one of them had made it
    wait by another link than the best.
    """
    before = connection.execute(_STANDS, (key,)).fetchone()
    yield
    if connection.execute(_STANDS, (key,)).fetchone() != before:
        avoid_refused(connection, article_id)


def why_of(state: State, signed: str) -> str:
    """Why an article waits: what its copy is, or that no link is known that can be sent."""
    return f"the copy is {state}" if signed else NEEDS_LINK


_LINKS = frozenset(map(str, OF_THE_LINK))
_STOPS = ", ".join(f"'{one}'" for one in State if one.stops_the_run)  # which say nothing of a link
# (the latest, for whoever brings another copy of an article has them asked for)
_LOOKS = f"""
SELECT url, state FROM (
    SELECT url, state, at, id FROM events WHERE article_id = ? AND state NOT IN ('', {_STOPS})
        AND typeof(url) = 'text' ORDER BY at DESC, id DESC LIMIT 1000
) ORDER BY at, id
"""  # noqa: S608
NEEDS_LINK = "needs a signed or short link"
_SENT = """
SELECT url, request, why FROM queue
WHERE article_id = ? AND needs_link = 0 AND typeof(request) = 'text' AND typeof(url) = 'text'
"""
_STANDS = "SELECT request, needs_link FROM queue WHERE url = ?"
_SEND = "UPDATE queue SET request = ?, needs_link = ?, why = ? WHERE url = ?"

_NAMES = ", ".join(f"'{state}'" for state in sorted(OF_THE_LINK))
_REFUSED = f"""
SELECT url FROM events WHERE article_id = ? AND state IN ({_NAMES}) AND typeof(url) = 'text'
"""  # noqa: S608


def proven_form(connection: sqlite3.Connection, article_id: str) -> str:
    """The address to send: one that gave the text, else one that was hardly tried.

    Else one at which a notice stood, which may stand at one that was made up, too; else that which
    was tried least in vain.
    """
    with read_as(connection, readable):
        looks = connection.execute(_TRIED, (article_id,)).fetchall()
    came = Counter((as_kept(url), what) for url, what in looks)
    refused = refused_links(connection, article_id)
    by_worth: dict[tuple[bool, int], list[ArticleUrl]] = {}
    for form in filter(lambda form: form.signed, known_forms(connection, article_id)):
        link = as_kept(form.request)
        text, notice, vain = (came[link, what] for what in ("text", "notice", ""))
        worth = vain if vain < _OFTEN else _OFTEN + vain
        if link in refused:
            worth = _OFTEN + vain
        elif text or notice:
            worth = -1 if text else _OFTEN
        by_worth.setdefault((form.temporary, worth), []).append(form)
    return fetchable(by_worth[min(by_worth)]) if by_worth else ""


_OFTEN = 3  # tries without a word of the article or its link: a fault says nothing of either
_TEXT = ", ".join(f"'{one}'" for one in State if one.has_body)
_NOTICE = ", ".join(f"'{one}'" for one in State if one.is_death)
_TRIED = f"""
SELECT url, CASE WHEN state IN ({_TEXT}) THEN 'text' WHEN state IN ({_NOTICE}) THEN 'notice'
    ELSE '' END FROM events
WHERE article_id = ? AND origin = 'fetch' AND state NOT IN ({_STOPS}) AND typeof(url) = 'text'
"""  # noqa: S608
