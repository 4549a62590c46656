"""An archive as lines of JSON, and back: everything that it held, table by table."""

from __future__ import annotations

import json
import random
import sqlite3
import tracemalloc
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive.archive import Archive, Change
from crawler.archive.carrying import Carried, carry_over
from crawler.archive.carrying import carry_in as carry_in_at
from crawler.archive.database import our_tables, pack
from crawler.archive.lines import (
    are_ours,
    check_beside,
    each_line,
    is_ours,
    write_beside,
    writing,
)
from crawler.archive.lines.parts import BEFORE, BEHIND, DERIVED, OF_ARTICLE, Part
from crawler.archive.saving import Evidence, ExportedFile, ListedCapture, Query, whole
from crawler.article import State
from crawler.errors import ArchiveError, InputError
from crawler.times import SHANGHAI
from tests.archive.files.test_images import png
from tests.archive.specimens import (
    BIZ,
    ID,
    OTHER_SHORT,
    SHORT,
    SIGNED,
    UNSIGNED,
    make_article,
    make_page,
    new_archive,
    tables_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


PNG = png(640, 480)
PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/a/640?wx_fmt=png"
OTHER = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000002&idx=1"
LOOKS = [
    make_article(),
    make_page(),
    make_page(body="# 夜航的灯塔\n\n后来改过一句。\n", fetch_date="2026-02-03T03:04:05.000006"),
    make_page(state=State.DELETED, fetch_date="2026-03-03T03:04:05.000006"),
    make_article(SHORT, fetch_date="2025-01-01T00:00:00.000000", account="", author="林川"),
    make_article(
        f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000003&idx=1",
        title="雾号",
        body=f"# 雾号\n\n见[灯塔]({SIGNED})。\n",
    ),
    make_article(OTHER, state=State.HOLLOW, title="渡口"),
    make_article(OTHER_SHORT, title="渡口", body="# 渡口\n\n只有一半...\n", state=State.TRUNCATED),
]
"""Looks at three articles: several copies of one, links that turn out to be one, notices."""

FOUND = Evidence(
    article_id=ID, way="from", source="notes/a.md", verdict="candidate", at="2026-01-02T03:04:05"
)
ASKED = Query(server="https://a/web", query="mp.weixin.qq.com/s?__biz=x", at="2026-01-02")
LISTED = ListedCapture(
    server="https://a/web", captured_at="20200101000000", url=SHORT, article_id=ID
)
NOW = datetime(2026, 11, 26, 12, tzinfo=SHANGHAI)


def carry_in(archive: Archive, path: Path) -> Iterator[Carried]:
    """Bring in the lines of a file, at a moment of our own."""
    return carry_in_at(archive, path, now=NOW)


@contextmanager
def _archive(folder: Path) -> Iterator[Archive]:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "archive.db"
    is_new = not path.exists()
    with new_archive(path) if is_new else Archive.open(path) as archive:
        yield archive


def _write(archive: Archive, path: Path) -> Path:
    lines = each_line(archive.connection, archive.images.root)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def fill(archive: Archive) -> None:
    """Something in every table."""
    for look in LOOKS:
        page = "<html>雾</html>".encode() if look.origin == "fetch" else None
        archive.save(look, snapshot=page if look.body else None)
    archive.images.keep(ID, PICTURE, PNG, at="2026-01-02T03:04:05")
    archive.images.miss(ID, f"{PICTURE}&tp=webp", at="2026-01-02T03:04:05", why="404")
    archive.queue.enqueue(
        "https://mp.weixin.qq.com/s/WaitsAlone00000000000A", title="一", why="a.csv"
    )
    archive.queue.postpone(OTHER, "2026-12-01T00:00:00", error="timed out")
    archive.history.note_look(
        "https://mp.weixin.qq.com/mp/appmsgalbum?album_id=1", at="2026-01-02", state=State.ALBUM
    )
    archive.seeds.note_strangers([("0f" * 32, "seeds/a.md")])
    archive.texts.keep_learned("江畔手记", "f1", [ID])
    archive.forgotten.add("https://mp.weixin.qq.com/s/NeverSeenAgain00000000", at="2026-01-02")
    archive.evidence.note(FOUND, make_article(OTHER))
    archive.web.note_answer(ASKED, [LISTED])
    file = ExportedFile(article_id=ID, path="a.md", sha256="0a" * 32)
    archive.exported.note(archive.images.root / "out", [file])
    archive.personal.star(ID, at="2026-01-03")
    archive.personal.tag(ID, "夜航", at="2026-01-03")
    archive.personal.note(ID, "值得再读。\n\n第二段。", at="2026-01-03")
    archive.texts.show(ID, "# 夜航的灯塔\n", {"promo:blocks": 1})
    archive.pace.exchange("mp.weixin.qq.com", lambda _: ({"started_at": 1.5, "trips": 2}, None))


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Archive]:
    with _archive(tmp_path / "one") as archive:
        fill(archive)
        yield archive


@pytest.mark.parametrize("part", OF_ARTICLE, ids=lambda part: part.table)
def test_what_hangs_on_an_article_is_not_looked_for_among_all_rows(
    part: Part, filled: Archive
) -> None:
    asked = f"SELECT * FROM {part.table} WHERE {part.of_article} ORDER BY {part.order}"  # noqa: S608
    rows = filled.connection.execute(f"EXPLAIN QUERY PLAN {asked}", (ID,))
    plan = [detail for *_, detail in rows]
    assert not [step for step in plan if step.startswith(f"SCAN {part.table}")], plan
    assert any(step.startswith(f"SEARCH {part.table}") for step in plan)


def test_every_table_of_an_archive_is_carried() -> None:
    carried = {part.table for part in (*BEFORE, *OF_ARTICLE, *BEHIND)}
    assert carried | {"articles"} | DERIVED == set(our_tables())
    assert carried.isdisjoint(DERIVED)


def test_an_archive_that_is_read_back_is_equal_table_by_table(
    filled: Archive, tmp_path: Path
) -> None:
    path = _write(filled, tmp_path / "all.jsonl")
    assert all(tables_of(filled.database).values())  # no table is empty
    with _archive(tmp_path / "two") as copy:
        assert {carried.change for carried in carry_in(copy, path)} == {Change.ADDED}
        assert tables_of(copy.database) == tables_of(filled.database)
        assert _write(copy, tmp_path / "again.jsonl").read_bytes() == path.read_bytes()
        picture = copy.images.local(ID)[PICTURE]
        assert picture.read_bytes() == PNG
        assert [one.content for one in copy.history.snapshots()] == [
            one.content for one in filled.history.snapshots()
        ]
        assert [hit.id for hit in copy.search("渡口")] == [hit.id for hit in filled.search("渡口")]


def test_a_text_that_lists_the_parameters_of_a_link_line_by_line_is_carried_whole(
    tmp_path: Path,
) -> None:
    body = "# 雾号\n\n```\nhttps://mp.weixin.qq.com/s?action=a\n&uin=777\n&key=777\n```\n"
    with _archive(tmp_path / "one") as archive, _archive(tmp_path / "two") as copy:
        archive.save(make_article(body=body))
        path = _write(archive, tmp_path / "all.jsonl")
        assert [carried.error for carried in carry_in(copy, path) if carried.error] == []
        assert [record.body for record in copy.records()] == [body]


def test_an_archive_that_reads_its_own_lines_writes_nothing(
    filled: Archive, tmp_path: Path
) -> None:
    path = _write(filled, tmp_path / "all.jsonl")
    before = list(filled.database.conn.iterdump())
    assert {carried.change for carried in carry_in(filled, path)} == {Change.UNCHANGED}
    assert list(filled.database.conn.iterdump()) == before


@pytest.mark.parametrize("seed", range(12))
def test_two_archives_that_are_joined_are_the_archive_of_all_that_both_have_read(
    tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    looks = [*LOOKS, make_article(SIGNED, fetch_date="2025-10-07T00:00:00")]
    dice.shuffle(looks)
    here, there = looks[: len(looks) // 2 + 1], looks[len(looks) // 2 - 1 :]
    with (
        _archive(tmp_path / "all") as everything,
        _archive(tmp_path / "here") as one,
        _archive(tmp_path / "there") as other,
    ):
        for archive, some in ((everything, looks), (one, here), (other, there)):
            for look in some:
                archive.save(look)
        list(carry_in(one, _write(other, tmp_path / "there.jsonl")))
        assert _settled(one) == _settled(everything)


def _settled(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    """All tables; of a look that both archives had, one event is one look."""
    return tables_of(archive.database)


def test_the_queue_of_two_archives_counts_the_most_attempts(tmp_path: Path) -> None:
    with _archive(tmp_path / "one") as one, _archive(tmp_path / "two") as two:
        for archive in (one, two):
            archive.save(make_article(OTHER, state=State.HOLLOW))
        two.queue.postpone(OTHER, "2026-12-01T00:00:00", error="timed out")
        list(carry_in(one, _write(two, tmp_path / "two.jsonl")))
        assert one.queue.entries() == two.queue.entries()


def test_what_is_whole_here_is_not_queued_again(tmp_path: Path) -> None:
    with _archive(tmp_path / "one") as one, _archive(tmp_path / "two") as two:
        one.save(make_page())
        two.queue.enqueue(SHORT)
        two.save(make_article(SIGNED, state=State.HOLLOW))
        list(carry_in(one, _write(two, tmp_path / "two.jsonl")))
        assert one.queue.entries() == []


def _addresses(many: int) -> list[str]:
    return [f"https://mp.weixin.qq.com/s/{number:022}" for number in range(many)]


def _broken(line: dict[str, Any], how: str) -> str:
    """A line with one thing wrong."""
    if how == "half":
        return json.dumps(line)[:-40]
    if how == "deep":
        return "[" * 100_000
    if how == "list":
        return "[1, 2]"
    changes: dict[str, dict[str, Any]] = {
        "type": {"characters": "many"},
        "state": {"state": "splendid"},
        "column": {"colour": "blue"},
        "id": {"id": "../../etc"},
        "hash": {"body_hash": "00" * 32},
        "text": {"revisions": [{**line["revisions"][0], "body": "# 别的\n"}]},
        "site": {"urls": [{"url": "https://example.com/", "canonical": ""}]},
        "secret": {"digest": f"{SHORT}?key=5ecre7&uin=1"},
        "rows": {"events": {"at": ""}},
        "copy": {"copies": [{"copy": "", "fields": '{"characters": "x"}'}]},
        "snapshot": {"snapshots": [{"sha256": "", "content": "eA=="}]},
        "lacking": {"removed": [{"rule_id": "tail"}]},
        "half character": {"title": "\ud800"},
        "addresses": {"urls": [{"url": one, "canonical": one} for one in _addresses(10_001)]},
    }
    return json.dumps({**line, **changes[how]})


WRONG = (
    *("half", "deep", "list", "type", "state", "column", "id", "hash", "text", "site", "secret"),
    *("rows", "copy", "snapshot", "lacking", "half character", "addresses"),
)


@pytest.mark.parametrize("how", WRONG)
def test_a_broken_line_is_named_and_the_others_are_kept(tmp_path: Path, how: str) -> None:
    with _archive(tmp_path / "one") as archive:
        archive.save(make_article())
        archive.save(make_article(OTHER, title="渡口", body="# 渡口\n\n一句。\n"))
        path = _write(archive, tmp_path / "all.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines()
    [number] = [
        place for place, line in enumerate(lines) if ":2650000001:1" in line and '"id"' in line
    ]
    lines[number] = _broken(json.loads(lines[number]), how)
    path.write_text("\n".join(lines), encoding="utf-8")
    with _archive(tmp_path / "two") as copy:
        done = list(carry_in(copy, path))
        [wrong] = [carried for carried in done if carried.error]
        assert str(wrong.error).startswith(f"{path}, line {number + 1}: ")
        assert how != "text" or f"{ID} has a text that is damaged" in str(wrong.error)
        assert copy.find(OTHER)
        assert copy.find(UNSIGNED) is None


def test_lines_that_give_an_article_ever_more_addresses_are_named_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "_MOST_ADDRESSES", whole._MOST_ADDRESSES // 10)
    with _archive(tmp_path / "one") as archive:
        archive.save(make_article())
        path = _write(archive, tmp_path / "all.jsonl")
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    [line] = [json.loads(line) for line in lines if '"urls"' in line]
    own, many = line["urls"], _addresses(1_200)
    told = [
        {**line, "urls": [*own, *({"url": one, "canonical": one} for one in some)]}
        for some in (many[:600], many[600:], many[:600])
    ]
    path.write_text("\n".join([head, *map(json.dumps, told)]), encoding="utf-8")
    with _archive(tmp_path / "two") as copy:
        limit = sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER
        copy.connection.setlimit(limit, 500)  # as others may have it
        added, refused, again = carry_in(copy, path)
        assert "more than 1,000 addresses" in str(refused.error)
        assert (added.change, again.change) == ("added", "unchanged")
        assert copy.save(make_article(body="# 另一份\n\n船来了。\n", evidence="0" * 64))
        assert copy.forgotten.add(own[0]["url"], at="2026-11-27T10:00:00")
        assert copy.count() == 0


def test_a_row_of_no_table_that_is_carried_is_named(filled: Archive, tmp_path: Path) -> None:
    path = _write(filled, tmp_path / "all.jsonl")
    with path.open("a", encoding="utf-8") as file:
        file.write('{"table": "sqlite_master", "name": "x"}\n')
    [wrong] = [carried for carried in carry_in(filled, path) if carried.error]
    assert "is of no table that is carried" in str(wrong.error)


def test_lines_of_a_newer_form_are_refused_as_a_whole(filled: Archive, tmp_path: Path) -> None:
    path = _write(filled, tmp_path / "all.jsonl")
    path.write_text(path.read_text(encoding="utf-8").replace('"version": 1', '"version": 2', 1))
    with pytest.raises(InputError, match="version 2"):
        list(carry_in(filled, path))


@pytest.mark.parametrize("how", ["gone", "hurt", "joined"])
@pytest.mark.parametrize("beside", [True, False])
def test_lines_whose_first_one_is_damaged_are_ours_and_named(
    filled: Archive, tmp_path: Path, how: str, *, beside: bool
) -> None:
    header, *rows = each_line(filled.connection, filled.images.root, beside=beside)
    path = tmp_path / "all.jsonl"
    first = {"gone": "", "hurt": f"{header[:5]}\n", "joined": f"{header} "}[how]
    path.write_text(first + "\n".join(rows), encoding="utf-8")
    assert is_ours(path)
    with pytest.raises(InputError, match="lacks the first line of an export, or that is damaged"):
        list(carry_in(filled, path))


def test_what_a_list_prints_is_not_what_an_export_writes() -> None:
    listed = {"id": ID, "date": "2024-05-08", "title": "渡口", "url": SHORT}
    assert not are_ours(json.dumps(listed).encode())


def test_lines_that_powershell_wrote_in_utf_16_are_ours_and_named(
    filled: Archive, tmp_path: Path
) -> None:
    path = tmp_path / "all.jsonl"
    path.write_bytes("\r\n".join(each_line(filled.connection, filled.images.root)).encode("utf-16"))
    assert are_ours(path.read_bytes())
    with pytest.raises(InputError, match="is not in UTF-8"):
        list(carry_in(filled, path))


def test_an_archive_is_written_a_few_texts_at_a_time_however_small_they_are_packed(
    filled: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(each_line(filled.connection, filled.images.root))
    monkeypatch.setattr(writing, "_TEXT_AT_ONCE", 0)
    read: list[str] = []
    article = writing._article

    def watched(connection: Any, row: Any, parts: Any) -> Any:
        read.append(row[0])
        return article(connection, row, parts)

    monkeypatch.setattr(writing, "_article", watched)
    lines = []
    for line in each_line(filled.connection, filled.images.root):
        lines.append(line)
        assert len(read) == sum(one.startswith('{"id"') for one in lines)
    assert lines == whole
    assert len(read) > 1


def test_an_article_whose_texts_are_larger_than_any_is_named_before_they_fill_memory(
    filled: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_MOST_TEXT", 10)
    with pytest.raises(ArchiveError, match=f"{ID}: its texts are larger than"):
        list(each_line(filled.connection, filled.images.root))


def test_a_picture_that_is_not_the_one_it_is_called_is_asked_for_again(
    filled: Archive, tmp_path: Path
) -> None:
    path = _write(filled, tmp_path / "all.jsonl")
    (filled.images.root / "images").rename(tmp_path / "gone")
    path = _write(filled, tmp_path / "all.jsonl")
    with _archive(tmp_path / "two") as copy:
        [error] = [carried.error for carried in carry_in(copy, path) if carried.error]
        assert error.what.startswith("lacks pictures")
        assert PICTURE not in copy.images.local(ID)


@pytest.mark.parametrize("hurt", ["A", "*"])
def test_a_line_of_a_picture_in_which_a_letter_fell_is_named_and_nothing_of_it_kept(
    filled: Archive, tmp_path: Path, hurt: str
) -> None:
    path = _write(filled, tmp_path / "all.jsonl")
    text = path.read_text(encoding="utf-8")
    place = text.index(b64encode(PNG).decode()) + 9
    path.write_text(text[:place] + hurt + text[place + 1 :], encoding="utf-8")
    with _archive(tmp_path / "two") as copy:
        [error] = [carried.error for carried in carry_in(copy, path) if carried.error]
        assert error.what == "holds a picture that is damaged"
        assert PICTURE not in copy.images.local(ID)
        assert not copy.connection.execute("SELECT 1 FROM images").fetchall()


def test_a_picture_that_is_said_to_be_there_without_its_hash_is_asked_for(tmp_path: Path) -> None:
    page = make_page(SHORT, body=f"# 夜航的灯塔\n\n![]({PICTURE})\n")
    with _archive(tmp_path / "there") as there:
        there.save(page)
        there.images.miss(ID, PICTURE, at="2026-01-02", why="404")
        there.connection.execute("UPDATE pictures SET state = 'stored'")
        told = list(each_line(there.connection, there.images.root))
    lines = tmp_path / "a.jsonl"
    lines.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
    with _archive(tmp_path / "here") as here:
        here.save(page)
        assert not [one for one in carry_in(here, lines) if one.error]
        assert [one.url for one in here.images.wanted()] == [PICTURE]


def test_what_stands_beside_markdown_has_no_page_no_queue_and_no_path(
    filled: Archive, tmp_path: Path
) -> None:
    assert write_beside(filled.connection, filled.images.root, tmp_path)
    assert not write_beside(filled.connection, filled.images.root, tmp_path)
    text = (tmp_path / "archive.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    articles = [line for line in lines if "id" in line]
    assert all(line["body_hash"] for line in articles)
    assert not {"snapshots", "queue", "seeds"} & articles[0].keys()
    assert {line["table"] for line in lines if "table" in line} == {"images", "accounts"}


def test_a_file_beside_markdown_that_is_none_of_ours_is_left_alone(
    filled: Archive, tmp_path: Path
) -> None:
    path = tmp_path / "archive.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    with pytest.raises(ArchiveError, match="is no export of an archive"):
        check_beside(filled.connection, tmp_path, overwrite=True)
    assert path.read_text(encoding="utf-8") == "{}\n"


def test_all_that_an_archive_holds_is_not_written_over_by_what_stands_beside_markdown(
    filled: Archive, tmp_path: Path
) -> None:
    path = _write(filled, tmp_path / "archive.jsonl")
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    one_picture = b"".join(lines[:2])
    for content in (
        whole,
        one_picture,
        lines[0] + lines[-1],
        lines[0] + b'{"id": "cut',
        lines[0] + b"[]",
    ):
        path.write_bytes(content)
        with pytest.raises(ArchiveError, match="holds more of an archive"):
            check_beside(filled.connection, tmp_path, overwrite=True)
        assert path.read_bytes() == content


def test_what_stands_beside_the_markdown_of_another_archive_stays_unless_it_may_go(
    filled: Archive, tmp_path: Path
) -> None:
    with _archive(tmp_path / "two") as other:
        other.save(make_article("https://mp.weixin.qq.com/s/AnotherArchive", title="雾号"))
        write_beside(other.connection, other.images.root, tmp_path)
    with pytest.raises(ArchiveError, match="tells of 1 article that this archive does not hold"):
        check_beside(filled.connection, tmp_path, overwrite=False)
    check_beside(filled.connection, tmp_path, overwrite=True)


def test_what_an_archive_wrote_itself_may_be_written_anew_whatever_became_of_its_articles(
    tmp_path: Path,
) -> None:
    with _archive(tmp_path) as archive:
        archive.save(make_article(SHORT, title="灯塔"))
        archive.save(make_article(OTHER_SHORT, title="渡口", body="# 渡口\n\n水涨。\n"))
        write_beside(archive.connection, archive.images.root, tmp_path)
        archive.save(make_page())  # tells that the short link is one of an article with numbers
        archive.forgotten.add(OTHER_SHORT, at="2026-11-26T12:00:00.000000")
        check_beside(archive.connection, tmp_path, overwrite=False)


def test_no_lines_keep_later_looks_at_an_article_away_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    header = {"archive": "wechat-article-archive", "version": 1}
    mark = {"table": "forgotten", "name": SHORT, "article": ID, "at": "2026-01-02"}
    path.write_text("".join(f"{json.dumps(line)}\n" for line in (header, mark)), encoding="utf-8")
    with _archive(tmp_path) as archive:
        archive.save(make_article(SHORT, state=State.TRUNCATED))
        assert list(carry_in(archive, path)) == []
        assert archive.save(make_article(SHORT)) is Change.UPDATED


def test_no_lines_mark_what_waits_here_as_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    header = {"archive": "wechat-article-archive", "version": 1}
    names = (SHORT, f"s:{SHORT[-22:]}", ID)
    marks = [
        {"table": "forgotten", "name": name, "article": key, "at": "2026-01-02"}
        for name in names
        for key in names[1:]
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in (header, *marks)), encoding="utf-8")
    with _archive(tmp_path) as archive:
        archive.queue.enqueue(SHORT)
        archive.queue.enqueue(UNSIGNED)
        assert list(carry_in(archive, path)) == []
        assert archive.forgotten.marks() == []
        assert len(archive.queue.entries()) == 2


@pytest.mark.parametrize("table", [["queue"], {"queue": 1}, None, 5, True])
def test_a_table_that_is_no_name_is_a_broken_line(tmp_path: Path, table: object) -> None:
    path = tmp_path / "a.jsonl"
    lines = ({"archive": "wechat-article-archive", "version": 1}, {"table": table})
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    with _archive(tmp_path) as archive:
        [carried] = carry_in(archive, path)
    assert "is of no table" in str(carried.error)


def test_a_forged_row_of_a_picture_lets_no_other_file_out(tmp_path: Path) -> None:
    with _archive(tmp_path / "a") as archive:
        archive.save(make_article())
        archive.images.keep(ID, PICTURE, PNG, at="2026-01-02T03:04:05")
        (tmp_path / "secret.png").write_bytes(PNG)
        archive.database.conn.execute("UPDATE images SET path = '../secret.png'")
        told = [json.loads(line) for line in each_line(archive.connection, archive.images.root)]
        assert archive.images.local(ID) == {}
    [row] = [line for line in told if line.get("table") == "images"]
    assert row["content"] is None


def test_the_pictures_of_an_archive_are_written_and_merged_one_after_the_other(
    tmp_path: Path,
) -> None:
    size, number = 1 << 20, 16
    with _archive(tmp_path / "a") as archive, _archive(tmp_path / "b") as other:
        for seed in range(number):
            archive.images.store(PNG + random.Random(seed).randbytes(size))
        tracemalloc.start()
        lines = each_line(archive.connection, archive.images.root)
        assert sum(map(len, lines)) > number * size * 4 // 3
        assert tracemalloc.get_traced_memory()[1] < number * size
        tracemalloc.reset_peak()
        now = datetime(2027, 1, 1, tzinfo=SHANGHAI)
        assert list(carry_over(other, archive, now=now)) == []
        assert tracemalloc.get_traced_memory()[1] < number * size // 2
        tracemalloc.stop()
        assert other.database["images"].count == number


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("part", OF_ARTICLE, ids=lambda part: part.table)
def test_a_row_without_its_columns_is_a_broken_line_and_the_next_is_kept(
    tmp_path: Path, part: Part, *, known: bool
) -> None:
    with _archive(tmp_path / "a") as archive:
        archive.save(LOOKS[0])
        archive.save(LOOKS[6])
        path = _write(archive, tmp_path / "a.jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    first = next(line for line in lines if "id" in line)
    first[part.key] = [{}]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    with _archive(tmp_path / "b") as archive:
        if known:
            archive.save(LOOKS[0])
        done = list(carry_in(archive, path))
        assert archive.get(OTHER) is not None
    assert [bool(carried.error) for carried in done] == [True, False]


@pytest.mark.parametrize("part", [*BEFORE, *BEHIND], ids=lambda part: part.table)
def test_a_loose_row_without_its_columns_is_a_broken_line(tmp_path: Path, part: Part) -> None:
    path = tmp_path / "a.jsonl"
    lines = ({"archive": "wechat-article-archive", "version": 1}, {"table": part.table})
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    with _archive(tmp_path) as archive:
        done = list(carry_in(archive, path))
    assert all(carried.error for carried in done)


def test_a_copy_that_is_nested_without_end_is_a_broken_line(tmp_path: Path) -> None:
    with _archive(tmp_path / "a") as archive:
        archive.save(LOOKS[0])
        path = _write(archive, tmp_path / "a.jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    first = next(line for line in lines if "id" in line)
    first["copies"] = [{"copy": "x", "fields": "[" * 100_000}]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    with _archive(tmp_path / "b") as archive:
        [carried] = carry_in(archive, path)
    assert carried.error


@pytest.mark.parametrize(
    "told",
    [
        *({"title": "\ud800"}, {"removed": {"\ud800": 1}}, {"later": ["\ud800"]}),
        *({"image_count": 1 << 63}, {"removed": {"tail": 1 << 63}}, {"removed": {"tail": [1]}}),
    ],
)
def test_a_copy_that_cannot_be_stored_is_a_broken_line(
    tmp_path: Path, told: dict[str, Any]
) -> None:
    with _archive(tmp_path / "a") as archive:
        archive.save(make_page())
        archive.save(make_page(body="# 灯\n\n潮。\n", evidence="0" * 64))
        path = _write(archive, tmp_path / "a.jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    first = next(line for line in lines if "id" in line)
    for row in first["copies"]:
        row["fields"] = json.dumps({**json.loads(row["fields"]), **told})
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    with _archive(tmp_path / "b") as archive:
        wrong = [carried for carried in carry_in(archive, path) if carried.error]
        assert (len(wrong), archive.count()) == (1, 0)


@pytest.mark.parametrize("offered", ["[" * 50_000, "{}", "5", "{", '{"state": "none"}'])
def test_a_candidate_that_offers_no_article_is_named_when_it_is_looked_at(
    tmp_path: Path, offered: str
) -> None:
    with _archive(tmp_path) as archive:
        archive.save(LOOKS[0])
        archive.evidence.note(FOUND)
        packed = pack(offered.encode())
        archive.database.conn.execute("UPDATE evidence SET offered = ?", (packed,))
        [row] = archive.evidence.of_article(ID)
        with pytest.raises(ArchiveError, match="table evidence, 1: what it offers is no article"):
            archive.evidence.offered(row.id)


@pytest.mark.parametrize(
    "told",
    [
        *({"image_count": 1 << 63}, {"http_status": 1 << 63}, {"title": "\ud800"}),
        *({"removed": {"tail": [1]}}, {"removed": {"\ud800": 1}}, {"removed": ["tail"]}),
        *({"topics": [5]}, {"topics": ["\ud800"]}, {"aliases": [{}]}, {"aliases": "https://a/"}),
    ],
)
def test_a_candidate_that_offers_what_cannot_be_stored_is_named_when_it_is_looked_at(
    tmp_path: Path, told: dict[str, Any]
) -> None:
    with _archive(tmp_path) as archive:
        archive.save(LOOKS[0])
        archive.evidence.note(replace(FOUND, sha256=LOOKS[0].body_hash), LOOKS[0])
        [row] = archive.evidence.of_article(ID)
        assert archive.evidence.offered(row.id) == LOOKS[0]
        whole = {name: value for name, value in asdict(LOOKS[0]).items() if name != "account_info"}
        packed = pack(json.dumps({**whole, **told}).encode())
        archive.database.conn.execute("UPDATE evidence SET offered = ?", (packed,))
        with pytest.raises(ArchiveError, match="table evidence, 1: what it offers is no article"):
            archive.evidence.offered(row.id)


def test_an_article_to_which_an_audit_gave_an_empty_address_is_carried_without_it(
    filled: Archive, tmp_path: Path
) -> None:
    filled.connection.execute(
        "INSERT INTO urls (url, canonical, article_id) VALUES ('', '', ?)", (ID,)
    )
    with _archive(tmp_path / "two") as copy:
        done = list(carry_in(copy, _write(filled, tmp_path / "all.jsonl")))
        assert [carried for carried in done if carried.error] == []
        assert copy.count() == filled.count()
        assert all(row["url"] for row in copy.database["urls"].rows)


def test_an_article_that_is_too_large_to_be_read_back_is_named(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.save(make_article())
    named: list[InputError] = []
    monkeypatch.setattr("crawler.archive.lines.writing.MAX_WORDS", 500)
    assert len(list(each_line(archive.connection, tmp_path, on_unread=named.append))) > 1
    assert [one.subject for one in named] == [ID]
