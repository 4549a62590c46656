"""Rows for articles whose own are lost, made of what other tables keep of them."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.archive.database import our_tables, unpack
from crawler.article import Kind, Origin, State, sha256
from crawler.characters import on_one_line
from crawler.errors import ArchiveError, InputError
from crawler.frontmatter import FrontMatter, render_front_matter
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    Row = Mapping[str, Any]
    Read = Callable[[str], Iterator[Row]]

_IMAGE = "!["


class _Known(NamedTuple):
    """What other tables say of articles that have no row, by their ids."""

    texts: dict[str, Row]  # the newest revision's row, less its text
    urls: dict[str, str]
    looks: dict[str, Row]  # the latest event
    waiting: dict[str, Row]  # the row of the queue
    copies: dict[str, Row]  # the columns of articles, as the copy of the newest revision has them
    accounts: dict[str, str]  # by biz


def regained(read: Read, there: Iterable[str]) -> Iterator[tuple[dict[str, Any], str]]:
    """For each article that a link or a text names and no row is `there` for, a row, and of what.

    None for one that was forgotten, of which an old page may hold the text. `read` gives the rows
    of a table that can be read, by its name. Raises what that does.
    """
    known = _known(read, {*there, *(row["article"] for row in read("forgotten"))})
    lacking = dict.fromkeys([*known.urls, *known.texts])
    for row in read("revisions") if lacking else ():  # texts are many, and mostly none lacks
        article_id = row["article_id"]
        newest = known.texts.get(article_id)
        if not newest or newest["body_hash"] != row["body_hash"] or article_id not in lacking:
            continue
        text = _text_of(row)
        if text:
            del lacking[article_id]
            yield _row(article_id, known, text), "its best text"
    for article_id in lacking:
        yield _row(article_id, known, ""), "its link"


KEYS = ("id", "url", "biz", "mid", "idx")


def misnamed(read: Read, rows: Iterable[Row]) -> dict[str, str]:
    """Key that an article's row says itself -> the one that it has, where nothing has that.

    So it is where a letter of it is damaged. `rows` have `KEYS`.
    """
    named = {row["article_id"] for table in ("urls", "revisions") for row in read(table)}
    strays = (row for row in rows if row["id"] not in named)
    return {key: row["id"] for row in strays for key in _said_by(row) if key != row["id"]}


def _said_by(row: Row) -> set[str]:
    said = {f"{row['biz']}:{row['mid']}:{row['idx']}"}
    with suppress(InputError):
        said.add(parse_url(row["url"]).article_id)
    return said


def _known(read: Read, there: Container[str]) -> _Known:
    found = _Known({}, {}, {}, {}, {}, {row["biz"]: row["name"] for row in read("accounts")})

    def orphans(table: str) -> Iterator[tuple[str, Row]]:
        named = ((row["article_id"], row) for row in read(table))
        return (one for one in named if one[0] is not None and one[0] not in there)

    for article_id, row in orphans("revisions"):
        newest = found.texts.get(article_id)
        if (not newest or row["at"] > newest["at"]) and _text_of(row):
            found.texts[article_id] = {**row, "body": b""}
    for article_id, row in orphans("urls"):
        found.urls.setdefault(article_id, row["url"])
    for article_id, row in orphans("events"):
        if row["state"] and row["at"] >= found.looks.get(article_id, row)["at"]:
            found.looks[article_id] = row
    found.waiting.update(orphans("queue"))
    for article_id, row in orphans("copies"):
        fields = _fields_of(row)
        if fields.get("body_hash") == found.texts.get(article_id, {}).get("body_hash", ""):
            found.copies[article_id] = fields
    return found


def _text_of(revision: Row) -> str:
    """The text of a revision; "" where it is not the one that was kept."""
    try:
        text = unpack(revision["body"]).decode()
    except (ArchiveError, ValueError):
        return ""
    return text if sha256(text.encode()) == revision["body_hash"] else ""


def _fields_of(copy: Row) -> dict[str, Any]:
    try:
        said = json.loads(copy["fields"])
    except ValueError:
        return {}
    columns = {column.name: column for column in our_tables()["articles"]}
    fields = said.items() if isinstance(said, dict) else ()
    return {name: one for name, one in fields if name in columns and columns[name].takes(one)}


def _row(article_id: str, known: _Known, text: str) -> dict[str, Any]:
    """A row of `articles`; its cleaner's version is 0, so that its file is read again."""
    revision, waits = known.texts.get(article_id, {}), known.waiting.get(article_id, {})
    look = known.looks.get(article_id, {})
    blank = {column.name: column.blank() for column in our_tables()["articles"] if not column.key}
    url = revision.get("url") or known.urls.get(article_id, "")
    row = {
        **blank,
        "title": _title_of(text) or waits.get("title", ""),
        **dict.fromkeys(("source", "account"), waits.get("source", "")),
        "date": waits.get("date", ""),
        "kind": Kind.NORMAL.value,
        "state": look.get("state") or State.HOLLOW.value,
        "origin": revision.get("origin") or look.get("origin") or Origin.SEED.value,
        "evidence": revision.get("evidence", ""),
        **_parts_of(url, known.accounts),
        **known.copies.get(article_id, {}),
    }
    fetched = revision.get("at", "").split(" ")[0]
    row |= {
        "id": article_id,
        "url": url,
        "fetch_date": row["fetch_date"] or fetched,
        "state": revision.get("state") or row["state"],
        "state_now": look.get("state") or revision.get("state") or row["state"],
        "checked_at": look.get("at") or fetched,
        "characters": len(text),
        "image_count": text.count(_IMAGE),
        "body_hash": sha256(text.encode()) if text else "",
        "cleaner_version": 0,
        "body": text,
    }
    front = FrontMatter(**{name: row[name] for name in _OF_FRONT_MATTER})
    return {**row, "front_matter": render_front_matter(front, recovered_from="")}


_OF_FRONT_MATTER = ("title", "url", "source", "date", "fetch_date")


def _title_of(text: str) -> str:
    first = text.partition("\n")[0]
    return on_one_line(first.removeprefix("# ")) if first.startswith("# ") else ""


def _parts_of(url: str, accounts: Mapping[str, str]) -> dict[str, str]:
    """What a link says of its article, and the account that an archive knows by that."""
    try:
        form = parse_url(url)
    except InputError:
        return {}
    if not form.identity:
        return {"sn": form.sn}
    biz, name = form.identity.biz, accounts.get(form.identity.biz, "")
    names = {"source": name, "account": name} if name else {}
    return {**names, "biz": biz, "mid": form.identity.mid, "idx": form.identity.idx, "sn": form.sn}
