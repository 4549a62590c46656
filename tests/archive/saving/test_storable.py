"""Whatever an article says in whichever field, the archive keeps what it can mean by it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.archive.database import our_tables, unpack
from crawler.archive.saving import Evidence, arrival_of
from crawler.archive.saving.storable import storable
from crawler.article import Account, Article, State
from crawler.errors import InputError
from tests.archive.specimens import BIZ, ID, SHORT, SIGNED, make_article, make_page
from tests.lookalikes import link
from tests.test_fields import MARKS, NO_MOMENTS, SECRET, SENTENCE, UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ODD = f"灯{MARKS}塔 {link(5)}&key={SECRET}"
KEPT = {"id", "url", "biz", "mid", "idx", "body", "evidence"}
TEXTS = [field.name for field in fields(Article) if field.type == "str" and field.name not in KEPT]
HEXADECIMAL = re.compile(r"[0-9a-f]*", re.IGNORECASE)


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Every text that an archive holds, with where it stands."""
    with closing(sqlite3.connect(path)) as database:
        for table, columns in our_tables().items():
            for column in columns:
                rows = database.execute(f"SELECT {column.name} FROM {table}")  # noqa: S608
                for (value,) in rows.fetchall():
                    text = unpack(value).decode() if isinstance(value, bytes) else str(value)
                    yield f"{table}.{column.name}", text


def _odd_page(**known: Any) -> Article:
    info = Account(biz=BIZ, name=ODD, alias=ODD, description=ODD, avatar=f"https://wx/{ODD}")
    cover = f"https://mmbiz.qpic.cn/x{MARKS}"
    odd = {**dict.fromkeys(TEXTS, ODD), "cover": cover, "fetch_date": "2026-01-02T03:04:05"}
    aliases = (f"{SIGNED}\U000e0041", f"{SIGNED}&uin={SECRET}")
    told = {"topics": (ODD, MARKS[:2]), "account_info": info, "aliases": aliases}
    body = f"# 灯塔\n\n![cover_image]({cover})\n\n{ODD}\n"
    return make_page(f"{SHORT}?key={SECRET}", **{**odd, **told, "body": body, **known})


@pytest.mark.parametrize("state", [State.OK, State.TRUNCATED, State.DELETED])
def test_no_field_that_is_stored_holds_a_mark_or_a_credential(tmp_path: Path, state: State) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(_odd_page(state=state), snapshot=b"<html></html>")
        archive.save(make_page(f"{link(9)}\U000e0041", id="s:x", aliases=(), state=State.HOLLOW))
        offered = storable(_odd_page())
        told: dict[str, Any] = {"title": ODD, "sha256": offered.body_hash, "verdict": "candidate"}
        found = Evidence(article_id=ID, way="from", source="a.md", at="x", **told)
        archive.evidence.note(found, offered)
        archive.history.note_look(SHORT, at="2026-01-02T03:04:05", detail=ODD)
        archive.queue.enqueue(link(8), title=ODD, source=ODD, why=ODD, date=SENTENCE)
        archive.queue.postpone(link(8), "2026-02-01T00:00:00", error=ODD)
        assert not list(archive.audit(today="2026-03-01"))
    texts = list(_texts(path))
    assert [place for place, text in texts if UNSEEN.search(text)] == []
    assert [place for place, text in texts if SECRET in text] == []
    assert any("灯[31m塔" in text for _, text in texts)


def test_a_field_of_a_kind_holds_that_kind_or_nothing(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(_odd_page())
        [row] = archive.database["articles"].rows
    assert (row["published_at"], row["modified_at"], row["date"]) == ("", "", "")
    assert HEXADECIMAL.fullmatch(row["sn"])
    assert row["topics"] == '["灯[31m塔 ' + link(5) + '"]'


@pytest.mark.parametrize("said", NO_MOMENTS)
def test_what_stands_where_a_moment_should_is_told_by_the_look_alone(
    tmp_path: Path, said: str
) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        for _ in range(2):
            archive.save(make_article(fetch_date=said, undated=True))
        [row] = archive.database["articles"].rows
        [event] = archive.database["events"].rows
        [revision] = archive.database["revisions"].rows
        assert row["fetch_date"] == row["checked_at"] == event["at"] == revision["at"] == ""
        assert event["detail"].startswith("says that it was made at ")
        assert not UNSEEN.search(event["detail"])
        assert not list(archive.audit(today="2026-03-01"))


def test_an_account_whose_key_is_none_is_not_noted() -> None:
    page = make_page(account_info=Account(biz=SENTENCE, name="江畔手记"), biz="")
    assert arrival_of(page).account_row is None


@pytest.mark.parametrize(
    "odd",
    [
        {"read_count": "10万+"},
        {"like_count": 5.5},
        {"image_count": 1 << 63},
        {"kind": "zz"},
        {"origin": []},
        {"title": None},
        {"id": 5},
        {"removed": {"tail": "x"}},
    ],
)
def test_an_article_with_a_value_of_another_type_is_refused_in_words(
    tmp_path: Path, odd: dict[str, Any]
) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        with pytest.raises(InputError, match=f"field {next(iter(odd))} holds "):
            archive.save(make_page(SHORT, **odd))
        assert archive.count() == 0


@pytest.mark.parametrize("key", ["", "x", ":", "a:b", "a:b:c", "s:", f"s:x\x1b[31m{SECRET}", ODD])
def test_an_article_whose_key_is_none_is_refused_in_words(tmp_path: Path, key: str) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        with pytest.raises(InputError, match="is no key of an article") as caught:
            archive.save(make_page(SHORT, id=key))
        assert "\x1b" not in str(caught.value)
        assert archive.count() == 0
