"""Which row an address leads to.

Every form of it that was ever seen, and which row it is that several forms name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crawler.archive.database import check_row, insert
from crawler.errors import InputError
from crawler.links import lasting_link
from crawler.urls import HOST, ArticleUrl, Identity, PageType, long_form, parse_url

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Sequence

    from crawler.article import Article


def is_provisional(article_id: str) -> bool:
    """Whether the key was made from an address, for the article's identity is not known yet."""
    return article_id.startswith(("s:", "u:"))


def preferred(ids: Iterable[str]) -> str:
    """Of several keys of one article the one to keep.

    An identity before a token, then the first in order.
    """
    return min(ids, key=lambda article_id: (is_provisional(article_id), article_id))


def queue_key(url: ArticleUrl) -> str:
    """One address for all links of one article, as far as the link alone tells it."""
    return long_form(url.identity) if url.identity else url.canonical


def queue_key_of(article_id: str) -> str | None:
    """The same from the key of a row; None where only the address itself would tell."""
    if article_id.startswith("s:"):
        return f"https://{HOST}/s/{article_id[2:]}"
    if article_id.startswith("u:") or article_id.count(":") < 2:  # (damage leaves no key at all)
        return None
    biz, mid, idx = article_id.rsplit(":", 2)
    return long_form(Identity(biz=biz, mid=mid, idx=idx))


def sendable(url: str) -> ArticleUrl:
    """The address, taken apart. Raises InputError where it is no whole link to an article."""
    form = parse_url(url)
    if form.page_type is not PageType.ARTICLE:
        what = f"leads to no article ({form.page_type})"
        raise InputError(url, what, "only articles can wait in the queue")
    if form.flaw:
        raise InputError(url, form.flaw, "give the whole link")
    return form


def signed_identity(link: str) -> ArticleUrl | None:
    """A signed long address: of a short one nobody knows whose it is before it was fetched."""
    try:
        form = parse_url(link)
    except InputError:
        return None
    return form if form.signed and form.identity else None


def forms_of(article: Article) -> list[ArticleUrl]:
    """Every address that an article came with, taken apart, each once.

    First the one that was given.

    What another form already says (the same request, the canonical spelling, the bare identity) is
    left out. So is an alias that names another article: a page may show the address of the one that
    it passes on.

    Raises InputError where the address that was given is none of WeChat's.
    """
    if not article.url:
        return []  # an adopted copy that names none
    forms = [parse_url(article.url)]
    said = _spellings(forms[0])
    for text in dict.fromkeys(article.aliases):
        # taking an address apart costs more than keeping it
        form = None if text in said else _parsed(text)
        if (
            form
            and not said & {form.request, form.given}
            and not _is_stranger(form, article.id)
            and not _is_implied(form, forms)
        ):
            said |= _spellings(form)
            forms.append(form)
    return forms


def _spellings(form: ArticleUrl) -> set[str]:
    return {form.given, form.request, form.canonical}


def _parsed(text: str) -> ArticleUrl | None:
    try:
        return parse_url(text)
    except InputError:
        return None


def _is_stranger(form: ArticleUrl, article_id: str) -> bool:
    return (
        form.identity is not None
        and form.identity.id != article_id
        and not is_provisional(article_id)
    )


def _is_implied(form: ArticleUrl, others: Collection[ArticleUrl]) -> bool:
    if form.identity is None or form.signed:
        return False
    return any(form.identity == other.identity and form.sn in ("", other.sn) for other in others)


def fetchable(forms: Iterable[ArticleUrl]) -> str:
    """The address to send for an article.

    A signed or short form of it, the same one in whatever order they came; one whose signature was
    cut only where there is no other.
    """
    good = sorted(
        (form.temporary, not form.token, form.is_cut, len(form.request), form.request)
        for form in forms
        if form.signed
    )
    return good[0][-1] if good else ""


def note_others(
    connection: sqlite3.Connection, key: str, forms: Iterable[ArticleUrl], sent: str
) -> None:
    """Keep the signed links of an article beside the one that is to be sent.

    WeChat may refuse that one, and whoever sent it may have made it up.
    """
    signature = parse_url(sent).signature if sent else ""
    others = {
        form.request
        for form in forms
        if form.identity and form.signed and not form.temporary
        if queue_key(form) == key and form.signature != signature
    }
    connection.executemany(_MENTION, [(key, link) for link in sorted(others)])


_MENTION = insert("mentions", on_conflict="DO NOTHING")


def keys_of(article_id: str, forms: Sequence[ArticleUrl]) -> set[str]:
    """Every key under which an article with these addresses may wait."""
    own = queue_key_of(article_id)
    return {queue_key(form) for form in forms} | ({own} if own else set())


def one_article(own: str, keys: Collection[str]) -> tuple[str, set[str]]:
    """Choose the key of an article's row among the keys that lead to it; it calls itself `own`.

    Returns the key, and those of the keys that are this same article.

    A provisional key is this article wherever an address leads to it; of two identities none is the
    other.
    """
    if is_provisional(own):
        own = min((key for key in keys if not is_provisional(key)), default=own)
    same = {key for key in keys if key == own or is_provisional(key)}
    return preferred(same), same


def rows_of(
    connection: sqlite3.Connection, keys: Sequence[str], canonical: Collection[str]
) -> tuple[str, set[str]]:
    """The key that an article shall have, and the rows that are this article under other keys.

    `keys` are those that it may have, first the one that it says itself; `canonical` are its
    addresses.
    """
    found = connection.execute(
        f"SELECT id FROM articles WHERE id IN {LISTED}"  # noqa: S608  (a question mark only)
        f" UNION SELECT article_id FROM urls WHERE canonical IN {LISTED}",
        (listed(keys), listed(canonical)),
    ).fetchall()
    for row in found:
        check_row(connection, "urls", ("article_id",), row)
    rows = {key for (key,) in found}
    article_id, same = one_article(keys[0], rows.union(keys))
    return article_id, rows & same


def waits(connection: sqlite3.Connection, article_id: str, forms: Sequence[ArticleUrl]) -> bool:
    """Whether the queue knows an article that no row is of."""
    found = f"SELECT 1 FROM queue WHERE url IN {LISTED}"  # noqa: S608
    return connection.execute(found, (listed(keys_of(article_id, forms)),)).fetchone() is not None


LISTED = "(SELECT value FROM json_each(?))"
"""One question mark for a list, however long: SQLite takes 32,766 by default."""


def listed(values: Iterable[str]) -> str:
    """The values as what `LISTED` takes."""
    return json.dumps([*values])


def marks(values: Collection[object]) -> str:
    """So many question marks as there are values, for a list in SQL."""
    return ", ".join("?" * len(values))


def known_among(
    connection: sqlite3.Connection, keys: Sequence[str], addresses: Sequence[str]
) -> set[str]:
    """Those keys that have a row, and those addresses that lead to one or wait in the queue."""
    return {
        text
        for statement, texts in (
            (_KNOWN_KEYS, keys),
            (_KNOWN_ADDRESSES, addresses),
            (_WAITING, addresses),
        )
        for start in range(0, len(texts), _AT_ONCE)
        for (text,) in _select_in(connection, statement, texts[start : start + _AT_ONCE])
    }


_AT_ONCE = 500  # question marks a statement; SQLite allows 999 at least
_KNOWN_KEYS = "SELECT id FROM articles WHERE id IN ({})"
_KNOWN_ADDRESSES = "SELECT canonical FROM urls WHERE canonical IN ({})"
_WAITING = "SELECT url FROM queue WHERE url IN ({})"


def _select_in(
    connection: sqlite3.Connection, statement: str, texts: Sequence[str]
) -> list[tuple[str]]:
    return connection.execute(statement.format(marks(texts)), texts).fetchall()


def keep_links(connection: sqlite3.Connection, links: Iterable[tuple[str, str, str]]) -> None:
    """Let addresses that the archive does not know lead to the rows that are named with them."""
    connection.executemany(_KEEP, links)


def claim_own(connection: sqlite3.Connection, ids: Iterable[str]) -> bool:
    """Let every long address that names one of these rows lead to it, in whatever version.

    Another row may have got it while this one was not there. Returns whether any was.
    """
    own = [
        (key, address) for key in ids if not is_provisional(key) and (address := queue_key_of(key))
    ]
    values = [(key, address, f"{address}&sn>", key) for key, address in own]
    return connection.executemany(_RECLAIM, values).rowcount > 0


def keep_forms(
    connection: sqlite3.Connection, article_id: str, forms: Iterable[ArticleUrl]
) -> bool:
    """Let every form lead to the row; returns whether any did not yet.

    A long address always belongs to the identity that it names; another row may hold it only until
    that one comes. Where two identities claim one token the first in order has it, so that the
    order of arrival does not matter; so it is with an address that tells none.
    """
    changed, owners = False, set()
    for form in forms:
        owner = _owner_of(connection, form) or article_id
        own = form.identity is not None and form.identity.id == owner
        is_shared = bool(form.token) or form.tells_none
        values = (form.given, form.canonical, owner, own, is_shared)
        changed |= connection.execute(_CLAIM, values).rowcount > 0
        if own:
            owners.add(owner)
    return claim_own(connection, owners) or changed


def _owner_of(connection: sqlite3.Connection, form: ArticleUrl) -> str:
    """The row of the identity that a long address names; "" where there is none."""
    key = form.identity.id if form.identity else ""
    return key if connection.execute(_ROW, (key,)).fetchone() else ""


# (one that is there was not found by its other spelling, which was wrong)
_KEEP = insert("urls", on_conflict="(url) DO UPDATE SET canonical = excluded.canonical")
_ROW = "SELECT 1 FROM articles WHERE id = ?"
_LEAVE = "DELETE FROM urls WHERE url = ?"
# (`>` follows the `=` of an sn, so that all versions are between, and no other idx is)
_RECLAIM = """
UPDATE urls SET article_id = ? WHERE canonical >= ? AND canonical < ? AND article_id <> ?
"""
_CLAIM = insert(
    "urls",
    on_conflict="""(url) DO UPDATE SET article_id = excluded.article_id
WHERE article_id <> excluded.article_id AND (? OR ? AND excluded.article_id < article_id)
""",
)


def keep_lasting(
    connection: sqlite3.Connection, article_id: str, forms: Iterable[ArticleUrl]
) -> None:
    """Take the keys of previews out of the addresses of an article that no fetch would better.

    `forms` are all that lead to its row.
    """
    lasting = {form: lasting_form(article_id, form) for form in forms}
    changed = [form for form, kept in lasting.items() if kept != form]
    if changed:
        connection.executemany(_LEAVE, [(form.given,) for form in changed])
        keep_forms(connection, article_id, [lasting[form] for form in changed])


def keep_waited(
    connection: sqlite3.Connection, article_id: str, forms: Sequence[ArticleUrl], *, is_done: bool
) -> None:
    """Let signed links that wait for an article lead to it, as those do that come after it.

    `forms` are all its addresses; of these no other spelling is kept. Where no fetch would better
    it, `is_done`, its place in the queue goes, and with it what it may be looked at again by; a
    preview is no address to keep then.
    """
    own = (article_id, listed(keys_of(article_id, forms)))
    known = {form.request for form in forms}
    waited = [_parsed(link) for (link,) in connection.execute(_WAITED, own).fetchall()]
    others = [form for form in waited if form and form.signed and form.request not in known]
    kept = [form for form in others if not (is_done and form.temporary)]
    keep_forms(connection, article_id, kept)


IS_OWN = f"article_id = ? OR +article_id IS NULL AND url IN {LISTED}"
"""That an entry is the article's, or nobody's yet under a key: `+`, for those are many."""
_WAITED = f"SELECT request FROM queue WHERE ({IS_OWN}) AND typeof(request) = 'text'"  # noqa: S608


def lasting_form(article_id: str, form: ArticleUrl) -> ArticleUrl:
    """An address of an article less a preview's key, where the article is known without it."""
    if "tempkey" not in form.given:
        return form
    key = queue_key_of(article_id)
    identity = parse_url(key).identity if key else None
    return _parsed(lasting_link(form.given, identity)) or form


def known_forms(connection: sqlite3.Connection, article_id: str) -> list[ArticleUrl]:
    """Every address that leads to a row, taken apart."""
    query = "SELECT url FROM urls WHERE article_id = ? ORDER BY url"
    rows = connection.execute(query, (article_id,)).fetchall()
    for row in rows:
        check_row(connection, "urls", ("url",), row)
    return [form for (url,) in rows if (form := _parsed(url))]


def find(connection: sqlite3.Connection, text: str) -> str | None:
    """The key of the row that a key or an address, in any spelling, leads to."""
    if not (text and _is_whole(text)):
        return None
    row = connection.execute("SELECT id FROM articles WHERE id = ?", (text,)).fetchone()
    if not row:  # one that was merged is found by its old key
        address = queue_key_of(text) if text.startswith("s:") else text
        known = "SELECT article_id FROM urls WHERE url = ? OR canonical = ?"
        row = connection.execute(known, (address, address)).fetchone()
    form = None if row else _parsed(text)
    if form:
        row = connection.execute(
            "SELECT id FROM articles WHERE id = ? UNION ALL SELECT article_id FROM urls"
            " WHERE canonical = ?",
            (form.article_id, form.canonical),
        ).fetchone()
    return str(row[0]) if row else None


def _is_whole(text: str) -> bool:
    """Whether a text has no half of a character in it, which no row holds."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def lead_on(connection: sqlite3.Connection, addresses: Iterable[tuple[str, str]]) -> None:
    """Have addresses of an article that was taken out lead to one that is left at each of them.

    Each comes with its canonical form. Many may stand at one that names none.
    """
    connection.executemany(_LEAD_ON, [{"url": url, "form": form} for url, form in addresses])


_LEAD_ON = """
INSERT OR IGNORE INTO urls (url, canonical, article_id)
    SELECT url, :form, min(id) FROM articles WHERE url = :url AND id GLOB 'u:*' GROUP BY url
"""
