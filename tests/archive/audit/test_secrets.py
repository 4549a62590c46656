"""Older versions kept what links carry of their readers: an audit finds it everywhere."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive, Change
from crawler.archive.database import our_tables, pack, unpack
from crawler.archive.saving import (
    Evidence,
    ExportedFile,
    Forgotten,
    ListedCapture,
    Query,
    arrival_of,
)
from crawler.article import State, sha256
from crawler.errors import ArchiveError
from tests.archive.files.test_images import ONE, png
from tests.archive.specimens import BIZ, ID, SHORT, make_article, make_page
from tests.lookalikes import link

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive.audit import Finding

TODAY = "2026-11-23"
MOMENT = "2026-01-01T00:00:00"
SECRET = "5ecre7" * 4
NAMES = ("key", "uin", "pass_ticket", "exportkey", "appmsg_token", "token", "tempkey", "wxtoken")
TAIL = "".join(f"&{name}={SECRET}" for name in NAMES)
PLANTED = f"[另见]({link(5)}{TAIL}#rd) 与 {link(6)}&amp;key={SECRET}"
# Texts that are no words of an article: keys, and names that must be one of a few.
KEYS = {
    *("id", "article_id", "sha256", "body_hash", "copy", "biz", "spared"),
    *("state", "origin", "kind"),
    *("text", "signature", "earliest", "best"),
}
ADDRESSES = {"url", "canonical", "request", "link"}
WITHOUT_TEXT = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000009&idx=2"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive with something in every table."""
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save_all([arrival_of(make_article(), "a.md")])
        other = make_article(body=f"# 夜航的灯塔\n\n[海面]({link(7)})。\n\n![]({ONE})\n")
        archive.save(other)
        archive.save(make_page(SHORT), snapshot=b"<html></html>")
        archive.save(make_article(WITHOUT_TEXT, state=State.HOLLOW))
        archive.images.keep(ID, ONE, png(300, 200), at=MOMENT)
        archive.texts.keep_learned("江畔手记", "f", [])
        archive.forgotten.add(f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=1&idx=1", at=MOMENT)
        archive.forgotten.wipe()
        told: dict[str, Any] = {"sha256": other.body_hash, "verdict": "candidate", "at": MOMENT}
        archive.evidence.note(Evidence(article_id=ID, way="from", source="a.md", **told), other)
        capture = ListedCapture(server="a", captured_at="2024", url=link(8), article_id=ID)
        archive.web.note_answer(Query(server="a", query=link(8), at=MOMENT), [capture])
        archive.exported.note(tmp_path, [ExportedFile(article_id=ID, path="a.md")])
        archive.personal.star(ID, at=MOMENT)
        archive.personal.tag(ID, "夜航", at=MOMENT)
        archive.personal.note(ID, "值得再读", at=MOMENT)
        archive.pace.exchange("mp.weixin.qq.com", lambda _: ({"why": "x"}, None))
    return path


def _plant(path: Path) -> dict[str, set[str]]:
    """Put secrets into every text of every row, packed ones too; returns where, by table."""
    planted: dict[str, set[str]] = {}
    with closing(sqlite3.connect(path)) as database:
        for table, columns in our_tables().items():
            for column in columns:
                rows = database.execute(
                    f"SELECT rowid, * FROM {table} WHERE {column.name} IS NOT NULL"  # noqa: S608
                ).fetchall()
                place = [known.name for known in columns].index(column.name) + 1
                for row in rows:
                    value = _with_secret(table, column.name, row[place])
                    update = f"UPDATE {table} SET {column.name} = ? WHERE rowid = ?"  # noqa: S608
                    if value != row[place]:
                        database.execute(update, (value, row[0]))
                        planted.setdefault(table, set()).add(column.name)
        _hash_bodies(database)
        database.commit()
    return planted


def _with_secret(table: str, name: str, value: Any) -> Any:
    if name == "offered":
        offered = json.loads(unpack(value))
        offered["body"] += PLANTED
        return pack(json.dumps(offered, ensure_ascii=False).encode())
    if isinstance(value, bytes):
        return pack(unpack(value) + PLANTED.encode())
    if not isinstance(value, str) or name in KEYS:
        return value
    if name in ADDRESSES:
        return f"{value}{'&' if '?' in value else '?'}{TAIL[1:]}" if "weixin" in value else PLANTED
    if (table, name) == ("copies", "fields"):
        fields = json.loads(value)
        fields["url"] += TAIL if "?" in fields["url"] else f"?{TAIL[1:]}"
        return json.dumps({**fields, "digest": PLANTED}, ensure_ascii=False)
    return f"{value} {PLANTED}"


def _hash_bodies(database: sqlite3.Connection) -> None:
    """Say of every body that secrets came into the hash that it has now, as a save would have."""
    for article, old, packed in database.execute(
        "SELECT article_id, body_hash, body FROM revisions"
    ).fetchall():
        text = unpack(packed).decode()
        values = {"id": article, "old": old, "new": sha256(text.encode()), "size": len(text)}
        for statement in _HASHES:
            database.execute(statement, values)
    for number, packed in database.execute("SELECT id, offered FROM evidence").fetchall():
        digest = sha256(json.loads(unpack(packed))["body"].encode())
        database.execute("UPDATE evidence SET sha256 = ? WHERE id = ?", (digest, number))


_HASHES = (
    "UPDATE revisions SET body_hash = :new WHERE article_id = :id AND body_hash = :old",
    "UPDATE articles SET body_hash = :new, characters = :size WHERE id = :id AND body_hash = :old",
    """
    UPDATE copies SET fields = json_set(fields, '$.body_hash', :new)
        WHERE article_id = :id AND json_extract(fields, '$.body_hash') = :old
    """,
)


def _audit(path: Path, *, fix: bool = False) -> list[Finding]:
    with Archive.open(path) as archive:
        return list(archive.audit(today=TODAY, fix=fix))


def _values(path: Path) -> Iterator[tuple[str, str, str]]:
    with closing(sqlite3.connect(path)) as database:
        for table, columns in our_tables().items():
            for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608
                for column, value in zip(columns, row, strict=True):
                    text = unpack(value).decode() if isinstance(value, bytes) else str(value)
                    yield table, column.name, text


def test_secrets_are_planted_in_every_table_and_text(path: Path) -> None:
    planted = _plant(path)
    texts = {
        table: {column.name for column in columns if column.type in ("TEXT", "BLOB")} - KEYS
        for table, columns in our_tables().items()
    }
    assert planted == {table: names for table, names in texts.items() if names}


def test_an_audit_takes_secrets_out_of_every_text_of_every_table(path: Path) -> None:
    _plant(path)
    (found,) = [finding for finding in _audit(path) if finding.check == "secrets"]
    assert all(table in found.what for table in ("revisions", "snapshots", "queue", "copies"))
    _audit(path, fix=True)
    assert not [finding for finding in _audit(path) if finding.check == "secrets"]
    # a preview's key is all that the article without a text can be fetched by
    assert SECRET.encode() not in path.read_bytes().replace(f"tempkey={SECRET}".encode(), b"")
    held = {(table, name) for table, name, text in _values(path) if SECRET in text}
    rows = {"articles", "urls", "revisions", "queue"}
    assert held <= {(table, name) for table in rows for name in (*ADDRESSES, "front_matter")}


def _leave_in_free_pages(path: Path) -> None:
    """Write credentials over, as an earlier version did; one stands in a row still."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        (digest,) = database.execute("SELECT digest FROM articles").fetchone()
        database.execute("UPDATE articles SET digest = ?", (f"{PLANTED}\n" * 200,))
        database.execute("UPDATE articles SET digest = ?", (digest,))
        database.execute("UPDATE events SET detail = ?", (PLANTED,))


def test_no_free_page_of_the_file_keeps_what_an_earlier_version_wrote_over(path: Path) -> None:
    _leave_in_free_pages(path)
    assert SECRET.encode() in path.read_bytes()
    assert [finding.fixed for finding in _audit(path, fix=True)] == [True]
    assert SECRET.encode() not in path.read_bytes()
    assert not _audit(path)


def test_what_a_run_that_did_not_end_left_in_free_pages_goes_by_the_next(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _leave_in_free_pages(path)

    def _fails(_: Forgotten) -> bool:
        raise ArchiveError("archive.db", "no space", "")

    with monkeypatch.context() as full:
        full.setattr(Forgotten, "_write_anew", _fails)
        with pytest.raises(ArchiveError, match=r"may still hold words .* run the same command"):
            _audit(path, fix=True)
    assert SECRET.encode() in path.read_bytes()
    with Archive.open(path, read_only=True) as archive:
        told = [(one.check, one.fixed) for one in archive.audit(today=TODAY)]
    assert told == [("free-pages", False)]
    assert [(one.check, one.fixed) for one in _audit(path, fix=True)] == [("free-pages", True)]
    assert SECRET.encode() not in path.read_bytes()
    assert not _audit(path)


def test_a_damaged_letter_keeps_no_secret_in_the_rows_behind_it(path: Path) -> None:
    _plant(path)
    with closing(sqlite3.connect(path)) as database:
        damage = "UPDATE events SET evidence = CAST(x'ff' AS TEXT) WHERE id = 1"
        assert database.execute(damage).rowcount
        database.commit()
    _audit(path, fix=True)
    with closing(sqlite3.connect(path)) as database:
        told = database.execute("SELECT count(*), sum(instr(detail, ?)) FROM events", (SECRET,))
        assert told.fetchone() == (4, 0)


def test_what_hangs_on_a_body_follows_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_page(SHORT, body=f"# 夜航的灯塔\n\n{PLANTED}\n")
    with monkeypatch.context() as older, Archive.open(path) as archive:
        older.setattr("crawler.archive.saving.arrival.without_secrets", str)
        older.setattr("crawler.fields.without_secrets", str)
        archive.save(page)
    assert [finding.check for finding in _audit(path, fix=True)] == ["secrets"]
    assert _audit(path) == []
    with Archive.open(path) as archive:
        record = archive.get(ID)
        assert record
        assert record.body == f"# 夜航的灯塔\n\n[另见]({link(5)}#rd) 与 {link(6)}\n"
        assert archive.history.body(ID, record.body_hash) == record.body
        assert archive.save(page) is Change.UNCHANGED
        assert [hit.id for hit in archive.search("另见")] == [ID]


def test_a_candidate_out_of_which_secrets_were_taken_can_still_be_accepted(path: Path) -> None:
    _plant(path)
    _audit(path, fix=True)
    with Archive.open(path) as archive:
        (found,) = archive.evidence.of_article(ID)
        offered = archive.evidence.offered(found.id)
        assert offered
        assert offered.body.startswith("# 夜航的灯塔")
        assert SECRET not in offered.body
        assert found.sha256 == offered.body_hash


def test_a_previews_key_stays_while_it_may_be_needed(path: Path) -> None:
    preview = f"https://mp.weixin.qq.com/s?__biz={BIZ}&tempkey={SECRET}"
    with Archive.open(path) as archive:
        entry = archive.queue.enqueue(preview)
        archive.save(make_article(preview, state=State.VERIFICATION))
        archive.history.note_look(preview, at=MOMENT, detail="no answer")
    assert not _audit(path)
    assert f"tempkey={SECRET}" in entry.request
    held = {(table, name) for table, name, text in _values(path) if SECRET in text}
    assert ("events", "url") not in held
