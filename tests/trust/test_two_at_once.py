"""Two commands on one archive: what one reads before its turn to write, the other may change."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive, backups, documents, export
from crawler.archive.audit import Audit
from crawler.archive.backups import back_up, save_readable
from crawler.archive.lines import each_line, writing
from crawler.article import State
from crawler.errors import ArchiveError, InputError
from tests.archive.specimens import (
    ID,
    OTHER_SHORT,
    SHORT,
    SIGNED,
    UNSIGNED,
    make_article,
    make_page,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from crawler.archive.audit import Finding

AT = "2026-01-01T00:00:00"
TODAY = "2026-11-26"
OTHER = f"s:{OTHER_SHORT.rpartition('/')[2]}"
LATEST = "https://mp.weixin.qq.com/s/zzYxWvUtSrQpOnMlKjIhG2"


def _another(url: str = OTHER_SHORT) -> Any:
    return make_article(url, title="别的", body="# 别的\n\n无关。\n")


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Archive, Archive]]:
    """One archive, open in two commands."""
    with Archive.open(tmp_path / "archive.db") as one, Archive.open(one.path) as other:
        yield one, other


def _first(part: Any, do: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the other command have its turn just before this one's begins."""
    begin, waiting = part._transaction, [do]

    def late() -> AbstractContextManager[None]:
        while waiting:
            waiting.pop()()
        turn: AbstractContextManager[None] = begin()
        return turn

    monkeypatch.setattr(part, "_transaction", late)


def _while_auditing(do: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    run = Audit.run

    def looked(audit: Audit) -> Iterator[Finding]:
        yield from run(audit)
        do()

    monkeypatch.setattr(Audit, "run", looked)


def test_an_article_that_comes_while_others_are_exported_is_left_to_the_next_export(
    two: tuple[Archive, Archive], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    monkeypatch.setattr(documents, "_AT_ONCE", 1)
    one.save(make_page())
    one.save(_another())
    run = export(one, tmp_path / "out")
    keys = [next(run).article_id]
    other.save(_another(LATEST))
    keys += [exported.article_id for exported in run]
    assert keys == [ID, OTHER]
    assert len(list(export(one, tmp_path / "out"))) == 3


def test_an_export_still_names_an_article_that_an_index_lacks(
    two: tuple[Archive, Archive], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = two
    one.save(make_page())
    one.save(_another())
    monkeypatch.setattr(one, "named", lambda: iter([(OTHER, "2024-05-08", "江畔手记", "别的")]))
    with pytest.raises(ArchiveError, match="its index and its row say different things"):
        list(export(one, tmp_path / "out"))
    assert len([*(tmp_path / "out").rglob("*.md")]) == 1


def test_what_comes_while_a_backup_is_checked_does_not_make_it_an_unsound_one(
    two: tuple[Archive, Archive], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    one.save(make_page())
    copy = backups._copy_pages

    def copied(source: Any, part: Path, wanted: Path) -> None:
        copy(source, part, wanted)
        source.execute("COMMIT") if source.in_transaction else None
        other.save(_another())

    monkeypatch.setattr(backups, "_copy_pages", copied)
    assert back_up(one.path, tmp_path / "backup.db") == 1


def test_what_a_salvage_reads_is_of_one_moment(
    two: tuple[Archive, Archive], tmp_path: Path
) -> None:
    one, other = two
    one.save(make_article(SHORT))
    came: list[str] = []

    def told(table: str) -> None:
        if table not in ("articles", "images") and not came:
            came.append(table)
            other.connection.execute("PRAGMA busy_timeout = 0")
            with suppress(ArchiveError):  # with a rollback journal it waits for the reader
                other.save(make_page())  # which gives the row another key

    saved = save_readable(one.path, tmp_path / "saved.db", told)
    assert came
    assert saved.lost == []
    with Archive.open(tmp_path / "saved.db") as archive:
        assert [record.body for record in archive.records()] == [make_article().body]


def test_others_may_write_while_what_was_salvaged_is_indexed(
    two: tuple[Archive, Archive], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    one.save(make_article(SHORT))
    other.connection.execute("PRAGMA busy_timeout = 0")
    index = Archive._sync_index

    def indexed(archive: Archive) -> None:
        if "saved.db" in archive.path.name and archive.count():
            other.save(_another())
        index(archive)

    monkeypatch.setattr(Archive, "_sync_index", indexed)
    assert save_readable(one.path, tmp_path / "saved.db").rows["articles"] == 1
    assert one.get(OTHER)


def test_an_article_that_just_gets_another_key_is_forgotten_all_the_same(
    two: tuple[Archive, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    one.save(make_article(SHORT))
    _first(one.forgotten, lambda: other.save(make_page()), monkeypatch)
    assert one.forgotten.add(SHORT, at=AT)
    assert list(one.records()) == []
    for name in (SHORT, SIGNED, ID):
        assert one.forgotten.find(name)


@pytest.mark.parametrize("state", [State.OK, State.TRUNCATED])
def test_a_link_of_an_article_that_is_just_forgotten_does_not_wait_in_the_queue(
    two: tuple[Archive, Archive], monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    one, other = two
    one.save(make_page(state=state))
    _first(one.queue, lambda: other.forgotten.add(ID, at=AT), monkeypatch)
    if state is State.OK:
        with pytest.raises(InputError, match="was forgotten"):
            one.queue.enqueue(SHORT)
    else:
        assert not one.queue.offer(SHORT)
    assert one.queue.entries() == []


def test_a_repair_of_an_article_that_is_just_forgotten_does_nothing(
    two: tuple[Archive, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    one.save(make_page())
    one.connection.execute("UPDATE articles SET front_matter = '', checked_at = ''")
    _while_auditing(lambda: other.forgotten.add(ID, at=AT), monkeypatch)
    found = {finding.check: finding.fixed for finding in one.audit(today=TODAY, fix=True)}
    assert found == {"front-matter": True, "state-now": True}
    monkeypatch.undo()
    assert list(one.audit(today=TODAY)) == []


def test_a_link_that_a_person_adds_while_an_archive_is_repaired_stays_in_the_queue(
    two: tuple[Archive, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    one.save(make_page(state=State.TRUNCATED))
    one.connection.execute("UPDATE articles SET state = 'ok', state_now = 'ok'")
    _while_auditing(lambda: other.queue.enqueue(SHORT, why="added by hand"), monkeypatch)
    found = {finding.check for finding in one.audit(today=TODAY, fix=True)}
    assert "queue-stale" in found
    assert [entry.why for entry in one.queue.entries()] == ["added by hand"]


def test_a_copy_without_a_link_stays_where_its_article_is_just_forgotten(
    two: tuple[Archive, Archive],
) -> None:
    one, other = two
    one.save(make_page())
    copy = make_article(SHORT, body="# 夜航的灯塔\n\n抄本。\n")
    one.save(replace(copy, id="u:1", url="", biz="", mid="", idx=""))
    other.forgotten.add(ID, at=AT)
    link = {"url": SHORT, "sn": "", "biz": "", "mid": "", "idx": ""}
    one.join_copy("u:1", ID, link)
    assert [record.id for record in one.records()] == ["u:1"]


def test_an_article_whose_key_changes_while_lines_are_written_is_among_them(
    two: tuple[Archive, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    monkeypatch.setattr(writing, "_AT_ONCE", 1)
    one.save(make_article(UNSIGNED.replace("2650000001", "2650000009")))
    one.save(make_article(SHORT))
    one.queue.enqueue(OTHER_SHORT)
    lines = each_line(one.connection, one.images.root)
    told = [next(lines) for _ in range(3)]  # the head, an account, the first article
    other.save(make_page())  # which gives the second a key before the first
    other.save(_another())  # and takes the third off the queue
    rows = [json.loads(line) for line in (*told, *lines)]
    assert {ID, OTHER} <= {row.get("id") for row in rows}
    waiting = [row["request"] for row in rows if row.get("table") == "queue"]
    assert waiting == [OTHER_SHORT]


def test_a_damaged_entry_of_the_queue_is_named_behind_the_articles_that_are_whole(
    two: tuple[Archive, Archive],
) -> None:
    one, _ = two
    one.save(make_page())
    one.queue.enqueue(OTHER_SHORT)
    one.connection.execute("UPDATE queue SET attempts = 'many'")
    rows: list[dict[str, Any]] = []
    with pytest.raises(ArchiveError, match=r"table queue, .*: column attempts holds what it may"):
        rows.extend(json.loads(line) for line in each_line(one.connection, one.images.root))
    assert [row["id"] for row in rows if "id" in row] == [ID]
