"""An article on its way in.

The rows that it brings to every table, worked out without a look at the database.

Most articles of a collection are new to the archive, and for those these rows are all there is to
write. So they are made where the cleaning is done, in the worker processes, and the one writer only
hands them on to SQLite.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from crawler.archive.database import pack
from crawler.archive.reading import COLUMNS
from crawler.archive.saving.accounts import account_row_of
from crawler.archive.saving.addresses import forms_of, keys_of, one_article
from crawler.archive.saving.copies import (
    copy_of,
    copy_of_row,
    key_of,
    row_of_copy,
    shown_copy,
    with_moment,
)
from crawler.archive.saving.queue import queue_row_of
from crawler.archive.saving.storable import storable
from crawler.archive.search import tokens_of
from crawler.article import OWN, State, loose_key
from crawler.credentials import without_secrets
from crawler.links import mentions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.archive.saving.copies import Copy
    from crawler.archive.search import Arguments, Tokens
    from crawler.article import Article

Row = tuple[Any, ...]

_TITLE, _SOURCE, _ACCOUNT, _DATE, _BIZ = map(
    COLUMNS.index, ("title", "source", "account", "date", "biz")
)
_OF_COPY = ("body_hash", "fetch_date", "state", "origin", "url", "evidence", "characters")


class Arrival(NamedTuple):
    """What one look at an article brings, as rows of the tables.

    A tuple, which crosses between processes quickly.
    """

    # every key that the article may have: first as it says itself, then by its addresses
    keys: tuple[str, ...]
    # every one by which the archive may know it: canonical ones, and keys of the queue
    addresses: tuple[str, ...]
    row: Row
    event: Row
    revision: Row | None  # None where there is no body
    removed: tuple[Row, ...]
    links: tuple[Row, ...]
    account_row: Row | None  # what it tells of its account
    queue_row: Row | None  # its place in the queue, where another fetch may help
    seed: Row | None  # the seed file that it was read from
    mentions: tuple[Row, ...]  # signed links of articles that stand in its text
    # what the index is to hold, and of which texts that was made
    tokens: tuple[Arguments, Tokens] | None = None

    @property
    def id(self) -> str:
        """The key of the row, as far as the article alone tells it."""
        return str(self.row[0])

    @property
    def traces(self) -> tuple[str, ...]:
        """All by which the archive may know the article."""
        return (*self.keys, *self.addresses)

    @property
    def names(self) -> set[str]:
        """All by which it may have been forgotten; where no link tells it, with any signs."""
        own = loose_key(*self.said) if self.id.startswith(OWN) else ""
        return {*self.traces, own} - {""}

    @property
    def said(self) -> tuple[str, str, str]:
        """Its title, its account or whoever it is from, and its day."""
        return str(self.row[_TITLE]), self.account or str(self.row[_SOURCE]), self.date

    @property
    def state(self) -> State:
        """What the page or seed turned out to be."""
        return State(self.event[3])

    @property
    def date(self) -> str:
        """The day of publication, YYYY-MM-DD."""
        return str(self.row[_DATE])

    @property
    def account(self) -> str:
        """The account, "" where the article does not say it."""
        return str(self.row[_ACCOUNT])

    @property
    def biz(self) -> str:
        """The account's id in its links, "" where they do not say it."""
        return str(self.row[_BIZ])

    @property
    def body(self) -> str:
        """The whole body."""
        return str(self.row[-1])

    @property
    def document(self) -> str:
        """The whole document in the seed format."""
        front_matter, body = self.row[-2:]
        return f"{front_matter}{body}"

    @property
    def copy(self) -> Copy:
        """The copy that this look alone would show."""
        removed = {rule_id: count for _, rule_id, count in self.removed}
        row = dict(zip(COLUMNS, self.row, strict=True))
        return copy_of_row(row, removed, undated=not self.event[0])

    def with_tokens(self, ngram: int, *, body: str, account: str) -> Self:
        """The same with tokens for an index of n-grams of that length."""
        arguments: Arguments = (body, self.row[_TITLE], account, self.row[_SOURCE], ngram)
        return self._replace(tokens=(arguments, tokens_of(*arguments)))

    def without_moment(self) -> Self:
        """The same, which was known before the moment that it says."""
        copy = self.copy
        at, *look, detail, evidence = self.event
        if copy["undated"] or not at:
            return self
        account = self.account_row and (*self.account_row[:-1], "")
        event = ("", *look, with_moment(detail, copy["fetch_date"]), evidence)
        return self._replace(event=event, account_row=account)

    def with_id(self, article_id: str) -> Self:
        """The same for a row that has another key."""
        if article_id == self.id:
            return self
        return self._replace(
            row=(article_id, *self.row[1:]),
            event=(*self.event[:2], article_id, *self.event[3:]),
            revision=self.revision and (article_id, *self.revision[1:]),
            removed=tuple((article_id, *rest) for _, *rest in self.removed),
            links=tuple((*rest, article_id) for *rest, _ in self.links),
            queue_row=None,  # the queue goes by all that is known of the row
            seed=self.seed and (*self.seed[:2], article_id, *self.seed[3:]),
        )


def names_of(arrivals: Iterable[Arrival]) -> dict[str, str]:
    """The names of accounts, by biz, as the latest of these articles tell them."""
    account_rows = [arrival.account_row for arrival in arrivals if arrival.account_row]
    return {biz: name for biz, name, *_ in sorted(account_rows, key=itemgetter(-1)) if name}


def merged(arrivals: Sequence[Arrival]) -> tuple[Copy, str]:
    """What these looks at one article show together, where no other is known.

    The copy, and its whole body.
    """
    if len(arrivals) == 1:
        return arrivals[0].copy, arrivals[0].body
    copies = {key_of(arrival.copy): arrival.copy for arrival in arrivals}
    shown = shown_copy(copies)
    return shown, next(
        arrival.body for arrival in arrivals if arrival.copy["body_hash"] == shown["body_hash"]
    )


def arrival_of(article: Article, seed_path: str = "") -> Arrival:
    """What an article brings, and the seed file of that name.

    Raises InputError for an address not of WeChat's.
    """
    article = storable(article)
    forms = forms_of(article)
    telling = [form for form in forms if not (form.temporary or form.tells_none)]
    keys = tuple(dict.fromkeys((article.id, *(form.article_id for form in telling))))
    article_id, _ = one_article(article.id, keys)
    copy = copy_of(article)
    seed = _seed(article_id, article, seed_path) if seed_path else None
    return Arrival(
        keys=keys,
        addresses=tuple({form.canonical for form in forms} | keys_of(article_id, forms)),
        row=row_of_copy(article_id, copy, article.body),
        event=_event(article_id, article),
        revision=_revision(article_id, copy, article.body),
        removed=tuple((article_id, rule_id, count) for rule_id, count in copy["removed"].items()),
        links=tuple((form.given, form.canonical, article_id) for form in forms),
        account_row=account_row_of(article),
        queue_row=queue_row_of(article_id, article.state, article.date, forms),
        seed=seed,
        mentions=tuple(mentions(article.body)),
    )


def _event(article_id: str, article: Article) -> Row:
    url = without_secrets(article.url)
    look = (article.looked_at, url, article_id, str(article.state), article.http_status)
    detail = article.detail
    if article.undated and article.fetch_date:
        detail = with_moment(detail, article.fetch_date)
    return (*look, str(article.origin), detail, article.evidence)


def _revision(article_id: str, copy: Copy, body: str) -> Row | None:
    """The text of a look; by its address nothing is fetched, as by an event's."""
    if not body:
        return None
    told = {**copy, "url": without_secrets(copy["url"])}
    return (article_id, *(told[name] for name in _OF_COPY), pack(body.encode()))


def _seed(article_id: str, article: Article, path: str) -> Row:
    name = without_secrets(path)  # a tool may have made it of the link
    return (article.evidence, name, article_id, str(article.state), article.cleaner_version)
