"""What came of the links of an article that were sent, and which of them is sent again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crawler.archive.database import read_as, readable
from crawler.archive.saving.addresses import fetchable, known_forms
from crawler.article import OF_THE_LINK, State
from crawler.links import as_kept

if TYPE_CHECKING:
    import sqlite3

    from crawler.urls import ArticleUrl


def refused_links(connection: sqlite3.Connection, article_id: str) -> set[str]:
    """The links of an article that WeChat refused, as `as_kept` gives them; and "", which is none.

    Looks in which damage left none tell none.
    """
    with read_as(connection, readable):
        looks = connection.execute(_REFUSED, (article_id,)).fetchall()
    return {"", *(as_kept(url) for (url,) in looks)}


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
_STOPS = ", ".join(f"'{one}'" for one in State if one.stops_the_run)  # which say nothing of a link
_TRIED = f"""
SELECT url, CASE WHEN state IN ({_TEXT}) THEN 'text' WHEN state IN ({_NOTICE}) THEN 'notice'
    ELSE '' END FROM events
WHERE article_id = ? AND origin = 'fetch' AND state NOT IN ({_STOPS}) AND typeof(url) = 'text'
"""  # noqa: S608
