"""Archives that are brought into one, in every order."""

from __future__ import annotations

import random
import shutil
from contextlib import contextmanager
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive.archive import Archive, Change
from crawler.archive.carrying import carry_in, carry_over
from crawler.archive.files.images import place_of
from crawler.archive.lines import OF_A_MACHINE, write_beside
from crawler.archive.saving import Evidence, ExportedFile
from crawler.article import State
from tests.archive.files.test_images import png
from tests.archive.specimens import (
    BIZ,
    CHKSM,
    ID,
    OTHER_SHORT,
    SHORT,
    SIGNED,
    long_form_of,
    make_article,
    make_page,
    new_archive,
    tables_of,
)
from tests.archive.test_carrying import ASKED, LISTED, LOOKS, NOW, OTHER, PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.article import Article

AT = "2026-01-02T03:04:05"
VERDICTS = ("candidate", "refused", "pointer")
THREE = ("one", "two", "three")
ORDERS = tuple(permutations(THREE))
EXTRA = [
    make_article(SIGNED, fetch_date="2025-10-07T00:00:00"),
    make_article(OTHER, title="渡口", body="# 渡口\n\n整篇。\n", fetch_date="2026-04-01T00:00:00"),
    make_article(OTHER, state=State.VIOLATION, title="渡口", fetch_date="2026-05-01T00:00:00"),
]


@contextmanager
def _archive(folder: Path) -> Iterator[Archive]:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "archive.db"
    is_new = not path.exists()
    with new_archive(path) if is_new else Archive.open(path) as archive:
        yield archive


def _fill(archive: Archive, name: str, looks: list[Article]) -> None:
    """What one machine has: some looks, and something of its own in every other table."""
    number = THREE.index(name) + 1
    for look in looks:
        page = f"<html>{look.evidence}</html>".encode() if look.origin == "fetch" else None
        archive.save(look, snapshot=page if look.body else None)
    if archive.find(ID):
        archive.images.keep(ID, f"{PICTURE}&{name}", png(640, 480 + number), at="2026-01-02")
        archive.images.miss(ID, f"{PICTURE}&none", at=f"2026-01-0{number}", why="404")
        found = Evidence(article_id=ID, way="from", source=f"{name}.md", verdict="pointer", at="")
        archive.evidence.note(found)
        shared = replace(
            found, source="shared.md", verdict=VERDICTS[number - 1], at=f"2026-0{number}"
        )
        archive.evidence.note(shared)
        archive.web.note_answer(
            replace(ASKED, at=f"2026-01-0{4 - number}"),
            [replace(LISTED, looked_at=f"2026-01-0{number}", outcome=name)],
        )
        file = ExportedFile(article_id=ID, path=f"{name}.md", sha256="0a" * 32)
        archive.exported.note(archive.images.root / name, [file])
    archive.queue.enqueue(f"https://mp.weixin.qq.com/s/Waits{name:0>17}", why=f"{name}.csv")
    archive.queue.enqueue("https://mp.weixin.qq.com/s/WaitsEverywhere0000000", why=f"{name}.csv")
    if name != "two":
        everywhere = "https://mp.weixin.qq.com/s/WaitsEverywhere0000000"
        archive.queue.postpone(everywhere, f"2026-12-0{number}T00:00:00", error=name)
    archive.forgotten.add(f"https://mp.weixin.qq.com/s/Forgotten{name:0>13}", at="2026-01-02")
    archive.history.note_look("https://mp.weixin.qq.com/s/x", at=f"2026-01-0{number}", detail=name)
    archive.texts.keep_learned("江畔手记", name, [])
    archive.pace.exchange("mp.weixin.qq.com", lambda _: ({"started_at": number, "trips": 2}, None))


@pytest.fixture(scope="module", params=range(4))
def made(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Three archives that share some looks, each with things of its own."""
    folder = tmp_path_factory.mktemp("made")
    dice = random.Random(request.param)
    looks = [*LOOKS, *EXTRA]
    for name in THREE:
        with _archive(folder / name) as archive:
            _fill(archive, name, dice.sample(looks, k=6))
    return folder


@pytest.fixture
def machines(made: Path, tmp_path: Path) -> Path:
    """A copy of them, to do with as a test likes."""
    return shutil.copytree(made, tmp_path, dirs_exist_ok=True)


def _merged(folder: Path, order: tuple[str, ...], into: str) -> dict[str, list[tuple[Any, ...]]]:
    with _archive(folder / into) as archive:
        for name in order:
            with Archive.open(folder / name / "archive.db", read_only=True) as other:
                assert not [done for done in carry_over(archive, other, now=NOW) if done.error]
        tables = tables_of(archive.database)
    tables["evidence"] = sorted(row[1:] for row in tables["evidence"])  # its numbers only count
    return {table: rows for table, rows in tables.items() if table not in OF_A_MACHINE}


def test_three_archives_make_the_same_one_in_every_order(machines: Path) -> None:
    merged = [_merged(machines, order, "-".join(order)) for order in ORDERS]
    for table in merged[0]:
        for one in merged[1:]:
            assert one[table] == merged[0][table], table
    assert len(merged[0]["articles"]) >= 3
    pictures = machines / "-".join(ORDERS[0]) / "images"
    assert len(list(pictures.rglob("*.png"))) == len(merged[0]["images"])


def test_a_merge_that_is_done_again_changes_nothing(machines: Path) -> None:
    before = _merged(machines, THREE, "all")
    assert _merged(machines, THREE, "all") == before


@pytest.mark.parametrize("as_lines", [False, True])
def test_nothing_comes_of_what_was_forgotten_here_but_what_others_show_too(
    tmp_path: Path, *, as_lines: bool
) -> None:
    shared, own = png(640, 480), png(320, 240)
    with _archive(tmp_path / "two") as other:
        other.save(make_page())
        other.save(make_article(OTHER, title="渡口", body="# 渡口\n\n水涨。\n"))
        other.images.keep(ID, f"{PICTURE}&own", own, at=AT)
        for key in (ID, f"{BIZ}:2650000002:1"):
            other.images.keep(key, PICTURE, shared, at=AT)
        write_beside(other.connection, other.images.root, tmp_path / "two")
    with _archive(tmp_path / "one") as archive, _archive(tmp_path / "two") as other:
        archive.forgotten.add(ID, at=AT)
        lines = carry_in(archive, tmp_path / "two" / "archive.jsonl", now=NOW)
        done = list(lines if as_lines else carry_over(archive, other, now=NOW))
        assert [one.change for one in done] == [Change.FORGOTTEN, Change.ADDED]
        assert [row["path"] for row in archive.database["images"].rows] == [place_of(shared)]
        files = list((tmp_path / "one").rglob("*.png"))
        assert files == [tmp_path / "one" / place_of(shared)]


@pytest.mark.parametrize("shared", [False, True])
def test_no_account_or_link_comes_that_only_what_was_forgotten_here_tells_of(
    tmp_path: Path, *, shared: bool
) -> None:
    linked = f"# 渡口\n\n[另一篇]({SIGNED.replace('2650000001', '2650000004')})\n"
    with _archive(tmp_path / "two") as other, _archive(tmp_path / "one") as archive:
        other.save(make_page(body=linked))
        if shared:
            other.save(make_article(OTHER, title="渡口", body=linked))
        archive.forgotten.add(ID, at=AT)
        assert [one.error for one in carry_over(archive, other, now=NOW) if one.error] == []
        counts = [archive.database[table].count for table in ("accounts", "mentions")]
        assert counts == [int(shared), int(shared)]


def test_what_was_known_here_stays_though_what_was_forgotten_tells_of_it_too(
    tmp_path: Path,
) -> None:
    """A link of a list, and an account that a page told which names no article."""
    signed = SIGNED.replace("2650000001", "2650000004")
    links = [signed, signed.replace(CHKSM, "0" * 76)]
    with _archive(tmp_path / "two") as other, _archive(tmp_path / "one") as archive:
        other.save(make_page(body=f"# 渡口\n\n{' '.join(links)}\n"))
        archive.forgotten.add(ID, at=AT)
        archive.save(make_page(OTHER_SHORT, id=f"s:{OTHER_SHORT[-22:]}", biz="", aliases=()))
        for link in links:
            archive.queue.offer(link)
        list(carry_over(archive, other, now=NOW))
        [entry] = archive.queue.entries()
        known = {link for (link,) in archive.connection.execute("SELECT link FROM mentions")}
        assert {entry.request, *known} == set(links)
        assert archive.database["accounts"].count == 1


def test_what_speaks_of_a_machine_stays_there(machines: Path) -> None:
    _merged(machines, THREE, "all")
    with _archive(machines / "all") as archive:
        tables = tables_of(archive.database)
    assert not any(tables[table] for table in OF_A_MACHINE)


def test_an_article_that_only_stood_at_the_link_of_another_is_kept_beside_that_one(
    tmp_path: Path,
) -> None:
    key = ID.replace("2650000001", "2650000002")
    stood = {"id": key, "mid": "2650000002", "aliases": (), "undated": True}
    stranger = make_page(SIGNED, state=State.HOLLOW, body="", **stood)
    with _archive(tmp_path / "one") as here, _archive(tmp_path / "two") as there:
        here.save(make_article())
        there.save(stranger)
        assert [done.error for done in carry_over(here, there, now=NOW)] == [None]
        assert here.find(SIGNED) == ID
        [entry] = here.queue.entries()
    assert (entry.article_id, entry.request, entry.needs_link) == (key, long_form_of(key), True)


def test_of_the_same_bytes_the_later_look_counts_whichever_archive_comes_first(
    tmp_path: Path,
) -> None:
    """And what one of them alone says, as the feed of one account says whose it is."""
    for name, day, *said in (("one", "2026-01-02", "夜航", "浙江"), ("two", "2026-03-04", "", "")):
        told = dict(zip(("author", "place"), said, strict=True))
        look = make_page(SIGNED, fetch_date=f"{day}T00:00:00", evidence="ab" * 32, **told)
        with _archive(tmp_path / name) as archive:
            archive.save(look, snapshot=b"<html></html>")
    merged = [_merged(tmp_path, order, "-".join(order)) for order in permutations(("one", "two"))]
    assert merged[0] == merged[1]
    with _archive(tmp_path / "one-two") as archive:
        record = archive.get(ID)
        assert record
        assert record.fetch_date == "2026-03-04T00:00:00"
        assert (record.author, record.place) == ("夜航", "浙江")


def test_a_link_that_one_archive_was_refused_is_not_sent_whichever_comes_first(
    tmp_path: Path,
) -> None:
    link = "https://mp.weixin.qq.com/s/0202020202020202020202"
    part = make_article(link, state=State.TRUNCATED, fetch_date="2025-01-01T10:00:00")
    refused = make_article(link, state=State.BAD_LINK, fetch_date="2025-02-02T10:00:00")
    for name, look in (("one", part), ("two", refused)):
        with _archive(tmp_path / name) as archive:
            archive.save(look)
    with _archive(tmp_path / "asked") as archive:
        archive.queue.enqueue(link)
    for order in (*permutations(("one", "two")), *permutations(("one-two", "asked"))):
        _merged(tmp_path, order, "-".join(order))
        with _archive(tmp_path / "-".join(order)) as archive:
            assert [entry.needs_link for entry in archive.queue.entries()] == [True]


def test_previews_that_their_keys_alone_named_stay_as_many_articles_without_these(
    tmp_path: Path,
) -> None:
    left = f"https://mp.weixin.qq.com/s?__biz={BIZ}"  # of each of them, once its key is gone
    texts = {name: f"# 第{name}夜\n\n{name}夜的灯塔亮着。\n" for name in THREE}
    drafts = [
        make_article(f"{left}&tempkey=5ecre7{name}", title=f"第{name}夜", body=text)
        for name, text in texts.items()
    ]
    with _archive(tmp_path / "one") as one, _archive(tmp_path / "two") as two:
        for draft in drafts:
            one.save(draft)
        assert {done.change for done in carry_over(two, one, now=NOW)} == {Change.ADDED}
        assert {done.change for done in carry_over(two, one, now=NOW)} == {Change.UNCHANGED}
        two.save(make_article(left, title="另一夜", body="# 另一夜\n\n没有灯。\n"))
        shown = {draft.id: record.body for draft in drafts if (record := two.get(draft.id))}
        assert shown == {draft.id: draft.body for draft in drafts}
        assert list(two.audit(today="2026-11-26")) == []


def test_no_page_of_another_archive_takes_the_place_of_one_that_is_here(tmp_path: Path) -> None:
    look = make_page(SIGNED, evidence="ab" * 32)
    earlier = replace(look, fetch_date="2025-01-02T00:00:00")
    with _archive(tmp_path / "one") as here, _archive(tmp_path / "two") as there:
        here.save(look, snapshot=b"<html>as it was</html>")
        there.save(earlier, snapshot=b"<html>forged</html>")
        assert not [done for done in carry_over(here, there, now=NOW) if done.error]
        assert [page.content for page in here.history.snapshots()] == [b"<html>as it was</html>"]


SHORT_LINKS = [f"https://mp.weixin.qq.com/s/Stands{number:0>16}" for number in range(3)]


def _claiming(folder: Path, links: list[str]) -> Archive:
    """Another archive, whose one article is said to stand at these addresses."""
    folder.mkdir()
    archive = Archive.open(folder / "archive.db")
    archive.save(make_page(SIGNED))
    rows = [(link, link, ID) for link in links]
    archive.connection.executemany("INSERT INTO urls VALUES (?, ?, ?)", rows)
    return archive


@pytest.mark.parametrize("day", ["2024-05-08", ""])
@pytest.mark.parametrize("title", ["", "夜航的灯塔"])
def test_no_article_of_another_archive_swallows_several_that_are_here(
    tmp_path: Path, title: str, day: str
) -> None:
    with _archive(tmp_path / "one") as here, _claiming(tmp_path / "two", SHORT_LINKS) as there:
        for number, link in enumerate(SHORT_LINKS, 1):
            told = {"title": title or f"渡口 {number}", "date": day or f"2020-01-0{number}"}
            here.save(make_article(link, body=f"# 渡口\n\n第{number}篇。\n", **told))
        assert not [done for done in carry_over(here, there, now=NOW) if done.error]
        shown = [record.body for record in here.records()]
        assert (len(shown), here.find(SIGNED)) == (1 if title and day else 4, ID)
        assert not title or not day or here.find(SHORT_LINKS[0]) == ID


def test_no_article_of_another_archive_makes_one_of_the_issues_of_a_series(tmp_path: Path) -> None:
    with _archive(tmp_path / "one") as here, _claiming(tmp_path / "two", SHORT_LINKS) as there:
        here.save(make_page(SIGNED))
        for number, link in enumerate(SHORT_LINKS, 1):
            here.save(
                make_article(link, body=f"# 渡口\n\n第{number}篇。\n", date=f"2020-01-0{number}")
            )
        assert not [done for done in carry_over(here, there, now=NOW) if done.error]
        assert len(list(here.records())) == 4


@pytest.mark.parametrize("title", ["夜航的灯塔", "夜航"])
def test_an_article_that_stands_here_by_its_short_link_alone_gets_the_identity_that_another_knows(
    tmp_path: Path, title: str
) -> None:
    with _archive(tmp_path / "one") as here, _claiming(tmp_path / "two", SHORT_LINKS[:1]) as there:
        here.save(make_article(SHORT_LINKS[0], title=title, date="2024-05-09"))
        assert not [done for done in carry_over(here, there, now=NOW) if done.error]
        assert [record.id for record in here.records()] == [ID]


def test_the_other_archive_is_only_read(machines: Path) -> None:
    before = {name: (machines / name / "archive.db").read_bytes() for name in THREE}
    _merged(machines, THREE, "all")
    assert {name: (machines / name / "archive.db").read_bytes() for name in THREE} == before


def test_a_tag_or_note_of_another_archive_is_kept_as_one_that_is_written_here(
    tmp_path: Path,
) -> None:
    """A tag with a mark in it that nobody sees would be found by none that is typed."""
    marks = "\ue000\u202e\x1b\u200b"
    with _archive(tmp_path / "ours") as ours, _archive(tmp_path / "theirs") as theirs:
        theirs.save(make_article())
        theirs.database.execute(
            "INSERT INTO reader_tags VALUES (?, ?, '2026-01-03'), (?, '夜航', '2026-01-04')",
            (ID, f"夜{marks}航\n", ID),
        )
        theirs.database.execute(
            "INSERT INTO reader_notes VALUES (?, ?, '2026-01-03')",
            (ID, f"值得{marks}\n再读"),
        )
        list(carry_over(ours, theirs, now=NOW))
        tags, notes = (list(ours.database[name].rows) for name in ("reader_tags", "reader_notes"))
    assert [(row["tag"], row["at"]) for row in tags] == [("夜航", "2026-01-03")]
    assert [row["text"] for row in notes] == ["值得\n再读"]


def test_lines_of_a_note_of_another_archive_stay_lines_however_they_end(tmp_path: Path) -> None:
    """As what is copied out of Word or Notion has them."""
    with _archive(tmp_path / "ours") as ours, _archive(tmp_path / "theirs") as theirs:
        theirs.save(make_article())
        for text in ("一\u2028二", "三\x0b四", "五\r六\r\n七", "\u200b"):
            notes = "INSERT INTO reader_notes VALUES (?, ?, '2026-01-03')"
            theirs.database.execute(notes, (ID, text))
        tags = "INSERT INTO reader_tags VALUES (?, ?, '2026-01-03')"
        theirs.database.conn.executemany(tags, [(ID, "夜\u2028航"), (ID, "\u200b")])
        list(carry_over(ours, theirs, now=NOW))
        texts = {row["text"] for row in ours.database["reader_notes"].rows}
        assert texts == {"一\n二", "三\n四", "五\n六\n七"}
        assert [row["tag"] for row in ours.database["reader_tags"].rows] == ["夜 航"]


def test_each_article_is_told_with_what_became_of_it(tmp_path: Path) -> None:
    with _archive(tmp_path / "one") as one, _archive(tmp_path / "two") as two:
        two.save(make_article())
        done = list(carry_over(one, two, now=NOW))
        assert [(carried.article_id, carried.change) for carried in done] == [(ID, Change.ADDED)]
        [again] = carry_over(one, two, now=NOW)
        assert again.change is Change.UNCHANGED


@pytest.mark.parametrize("tables", [["articles"], ["articles", "urls"]])
def test_an_article_that_was_deleted_by_sql_comes_back_as_it_was(
    tables: list[str], tmp_path: Path
) -> None:
    with _archive(tmp_path / "one") as one, _archive(tmp_path / "two") as two:
        for article in (make_article(), make_page(), make_article(OTHER_SHORT, body="短")):
            one.save(article)
        list(carry_over(two, one, now=NOW))
        before = tables_of(one.database)
        one.connection.execute("PRAGMA foreign_keys = OFF")
        for table in tables:
            one.connection.execute(f"DELETE FROM {table}")  # noqa: S608
        one.connection.execute("PRAGMA foreign_keys = ON")
        assert {done.change for done in carry_over(one, two, now=NOW)} == {Change.ADDED}
        assert tables_of(one.database) == before


@pytest.mark.parametrize("waits_in", [["one"], ["one", "two"]])
def test_a_link_that_waits_beside_a_refused_one_waits_in_whichever_archive_is_merged(
    tmp_path: Path, waits_in: list[str]
) -> None:
    links = {"one": f"{SIGNED}&scene=1", "two": f"{SIGNED}&scene=27"}
    refused = make_article(f"{SIGNED}&scene=0", state=State.BAD_LINK, body="")
    for name in ("one", "two"):
        with _archive(tmp_path / name) as archive:
            archive.save(refused)
            if name in waits_in:
                archive.queue.enqueue(links[name], why=name)
    orders = (("one", "two"), ("two", "one"))
    merged = [_merged(tmp_path, order, into="".join(order)) for order in orders]
    for name, other in orders:
        with _archive(tmp_path / name) as here, _archive(tmp_path / other) as there:
            list(carry_over(here, there, now=NOW))
            [entry] = here.queue.due()
            assert (entry.request, entry.why) == (links["one"], "one")
            done = list(carry_over(here, there, now=NOW))
            assert {one.change for one in done if one.change} <= {Change.UNCHANGED}
    assert merged[0]["queue"] == merged[1]["queue"] != []


@pytest.mark.parametrize("looks", [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)])
def test_what_an_entry_says_of_its_article_is_the_same_in_every_order(
    tmp_path: Path, looks: tuple[int, int]
) -> None:
    seed = make_article(SIGNED, state=State.HOLLOW, body="", date="2024-05-01", evidence="0a" * 32)
    page = make_page(SIGNED, state=State.TRUNCATED, date="2024-05-08")
    later = replace(seed, date="2024-06-03", fetch_date="2026-06-03T00:00:00", evidence="0b" * 32)
    copies = (seed, page, later, None)
    for name, look in zip(THREE, looks, strict=False):
        with _archive(tmp_path / name) as archive:
            if copy := copies[look]:
                archive.save(copy)
            else:
                archive.queue.enqueue(SIGNED, why="links.csv", date="2024-04-30")
    one, other = (
        _merged(tmp_path, order, order[0] + order[1]) for order in permutations(THREE[:2])
    )
    assert one["queue"] == other["queue"]
    assert one["articles"] == other["articles"]


def test_what_two_archives_say_of_a_link_that_waits_in_both_is_the_same_in_either_order(
    tmp_path: Path,
) -> None:
    said: dict[str, Any] = {
        "one": {"title": "渡口", "why": "b"},
        "two": {"title": "渡口，夜", "date": "2026-01-02"},
    }
    for name, words in said.items():
        with _archive(tmp_path / name) as archive:
            archive.queue.enqueue(SHORT, **words)
    for name, other in (("one", "two"), ("two", "one")):
        with _archive(tmp_path / name) as here, _archive(tmp_path / other) as there:
            list(carry_over(here, there, now=NOW))
            [entry] = here.queue.entries()
            assert (entry.title, entry.why, entry.date) == ("渡口", "b", "2026-01-02")


def test_no_link_waits_that_was_refused_in_either_archive(tmp_path: Path) -> None:
    refused = make_article(SIGNED, state=State.BAD_LINK, body="")
    with _archive(tmp_path / "one") as one, _archive(tmp_path / "two") as two:
        one.save(make_article(f"{SIGNED}&scene=0", state=State.BAD_LINK, body=""))
        one.queue.enqueue(SIGNED)
        two.save(refused)
        list(carry_over(two, one, now=NOW))
        list(carry_over(one, two, now=NOW))
        assert one.queue.entries() == two.queue.entries() == []


@pytest.mark.parametrize("told", [[make_page(SHORT)], [make_article(SHORT), make_page(SHORT)]])
def test_a_look_at_no_known_moment_takes_none_from_the_look_here_that_found_the_same(
    tmp_path: Path, told: list[Article]
) -> None:
    look = make_page(SIGNED, evidence="ab" * 32)
    with _archive(tmp_path / "here") as here:
        here.save(look)
        before = tables_of(here.database)["events"]
        for number, found in enumerate(told):
            with _archive(tmp_path / str(number)) as there:
                there.save(replace(found, evidence=look.evidence))
                there.connection.execute("UPDATE events SET at = ''")
                assert not [done for done in carry_over(here, there, now=NOW) if done.error]
        [(_, checked_at)] = here.connection.execute("SELECT id, checked_at FROM articles")
        assert checked_at == look.fetch_date
        assert set(before) <= set(tables_of(here.database)["events"])
