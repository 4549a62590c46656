"""An article as the archive may hold it: the one door through which all that is stored goes."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from crawler.archive.saving.addresses import queue_key_of
from crawler.archive.saving.copies import with_moment
from crawler.article import Account, Article, Kind, Origin, State
from crawler.credentials import link_without
from crawler.errors import InputError
from crawler.fields import harmless_line, harmless_lines, sound, sound_row
from crawler.links import lasting_link
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TEXTS = tuple(
    field.name for field in fields(Article) if field.type == "str" and field.name != "id"
)
_OF_ACCOUNT = tuple(field.name for field in fields(Account))
_LONGEST_MOMENT = 200  # characters of what stands where a moment should


def storable(article: Article) -> Article:
    """The article with every text of its kind, visible, and without what links tell of readers.

    Without half characters, which a page's script may spell and SQLite does not take; and without a
    body where it is a notice. What is said of the moment and is none is told by the look's detail.
    Raises InputError where the key can be no article's, or a field holds a value of another type,
    which whoever reads it would take for damage.
    """
    wrong = next(_wrong(article), "")
    if wrong:
        subject = harmless_line(str(article.id))[:80]
        raise InputError(subject, wrong, "give each field a value of its type")
    if not sound("id", article.id):
        what = "is no key of an article"
        raise InputError(
            repr(harmless_line(article.id)[:80]), what, "write biz:mid:idx, or s:TOKEN"
        )
    if article.body and not article.state.has_body:
        article = replace(article, body="")
    changed = dict(_changed(article))
    if changed.get("fetch_date") == "":
        said = harmless_line(article.fetch_date)[:_LONGEST_MOMENT]
        detail = changed.get("detail", article.detail)
        changed |= {"detail": with_moment(detail, said), "undated": True}
    return replace(article, **changed) if changed else article


def _wrong(article: Article) -> Iterator[str]:
    """The fields whose values are of another type than theirs, in words."""
    for name, is_one in _TYPES:
        value = getattr(article, name)
        if not is_one(value):
            yield f"field {name} holds {harmless_line(repr(value))[:_LONGEST_MOMENT]}"
    if not all(map(_is_number, article.removed.values())):
        yield "field removed holds more than counts"


def _is_number(value: object) -> bool:
    return isinstance(value, int) and abs(value) < _MOST


_MOST = 1 << 63  # which SQLite takes
_IS: dict[str, Callable[[object], bool]] = {
    "str": lambda value: isinstance(value, str),
    "int": _is_number,
    "int | None": lambda value: value is None or _is_number(value),
    "State": lambda value: isinstance(value, State),
    "Origin": lambda value: value in tuple(Origin),
    "Kind": lambda value: value in tuple(Kind),
}
_TYPES = tuple((field.name, _IS[str(field.type)]) for field in fields(Article) if field.type in _IS)


def _changed(article: Article) -> Iterator[tuple[str, Any]]:
    """The fields that hold what they may not, with what they may."""
    for name in _TEXTS:
        said = getattr(article, name)
        may = _own_address(said, article) if name == "url" else sound(name, said)
        if may != said:
            yield name, may
    aliases = tuple(_own_address(address, article) for address in article.aliases)
    if aliases != article.aliases:
        yield "aliases", aliases
    topics = tuple(harmless_lines(article.topics))
    if topics != article.topics:
        yield "topics", topics
    if article.account_info:
        account = _account(article.account_info)
        if account != article.account_info:
            yield "account_info", account


def _own_address(address: str, article: Article) -> str:
    """An address of the article's; of a preview's the key stays while a fetch may bring more."""
    address = link_without(sound("url", address))
    if article.state.worth_fetching:
        return address
    known = queue_key_of(article.id)
    identity = parse_url(known).identity if known else None
    return lasting_link(address, identity)


def _account(account: Account) -> Account | None:
    """What is told of an account; None where its key is none."""
    told = sound_row({name: getattr(account, name) for name in _OF_ACCOUNT})
    return Account(**told) if told["biz"] else None
