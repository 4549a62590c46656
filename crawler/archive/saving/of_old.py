"""Rows of archives of old whose key was made of an address that tells no article.

All texts at such an address were one article then. What an archive keeps under such a key stays
that article; what else comes with the address is told apart by what it says of itself.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

from crawler.archive.saving.addresses import LISTED, listed
from crawler.errors import InputError
from crawler.urls import parse_url

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crawler.urls import ArticleUrl


def keys_of_old(article_id: str, forms: Iterable[ArticleUrl]) -> list[str]:
    """The keys that an article without an identity may have in an archive of old.

    The addresses of one that has one are not looked at: to take them apart costs most.
    """
    return [form.article_id for form in _shared(article_id, forms)]


def shared_addresses(said: Mapping[str, Any], forms: Iterable[ArticleUrl]) -> set[str]:
    """The addresses of an article without an identity at which others may stand as well.

    Archives of old marked them where one that stood there was forgotten. One of them leads to one
    article alone, so that the row of another says it.
    """
    return {form.canonical for form in _shared(said["id"], chain(_form_of(said), forms))}


def _shared(article_id: str, forms: Iterable[ArticleUrl]) -> list[ArticleUrl]:
    return [form for form in forms if form.tells_none] if article_id.startswith("u:") else []


def told_apart(row: Mapping[str, Any]) -> dict[str, Any]:
    """An article's row of another archive, an old one perhaps, under the key that it has today."""
    for form in _form_of(row):
        if row["id"] in keys_of_old(row["id"], [form]):
            return {**row, "id": form.key_of(row["title"], row["source"], row["date"])}
    return dict(row)


def _form_of(said: Mapping[str, Any]) -> Iterator[ArticleUrl]:
    """Yield the address that an article shows, which may be none."""
    with suppress(InputError):
        yield parse_url(said["url"])


def key_of_old(
    connection: sqlite3.Connection,
    article_id: str,
    said: Mapping[str, Any],
    forms: Sequence[ArticleUrl],
) -> list[str]:
    """The key of the row that shows an article at addresses that tell none, in an archive of old.

    Most often there is none. The row says the same of itself, or was read from the same file, which
    may have had another title then.
    """
    keys = keys_of_old(article_id, chain(_form_of(said), forms))
    if not keys or not all(form.tells_none for form in forms):
        return []
    values = (listed(keys), said["title"], said["date"], said["evidence"])
    return [str(key) for (key,) in connection.execute(_SHOWN, values)][:1]


_SHOWN = f"""
SELECT id FROM articles WHERE id IN {LISTED}
    AND (title = ? AND date = ? OR evidence = ? AND evidence <> '')
"""  # noqa: S608  (a question mark only)
