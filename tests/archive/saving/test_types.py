"""A column or a key that holds what it may not, as damage or somebody else leaves it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive.archive import Archive
from crawler.archive.database import our_tables
from crawler.archive.saving import (
    Evidence,
    ExportedFile,
    ListedCapture,
    Query,
    Seen,
    StoryRow,
    arrival_of,
)
from crawler.article import Origin, State, Verdict, own_key, sha256
from crawler.errors import CrawlerError
from tests.archive.files.test_images import png
from tests.archive.specimens import BIZ, ID, OTHER_SHORT, SHORT, SIGNED, make_article, make_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AT = "2026-01-01T00:00:00"
GONE = "https://mp.weixin.qq.com/s/ffffffffffffffffffffff"
WAITING = "https://mp.weixin.qq.com/s/qqqqqqqqqqqqqqqqqqqqqq"
SERVER = "https://web.example"
LINK = {"url": SHORT, "sn": "", "biz": BIZ, "mid": "2650000001", "idx": "1"}
HOLLOW = make_article(OTHER_SHORT, title="等", state=State.HOLLOW, body="")
NAMELESS = replace(
    make_article(OTHER_SHORT, title="无", origin=Origin.ADOPTED, body="# 无\n\n无名的话。\n"),
    id=own_key("无", "江畔手记", "2024-05-08"),
    url="",
)
SEEDS = [sha256(name.encode()) for name in "abc"]
TABLES = sorted(our_tables())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with something in every table."""
    path = tmp_path_factory.mktemp("whole") / "archive.db"
    looks = (make_article(), HOLLOW, NAMELESS)
    with Archive.open(path) as archive:
        for digest, look in zip(SEEDS, looks, strict=True):
            archive.save_all([arrival_of(replace(look, evidence=digest), f"{digest}.md")])
        page = make_page(body=f"# 夜航的灯塔\n\n另见 {SIGNED} 。\n")
        archive.save(page, snapshot=b"<html></html>")
        archive.queue.enqueue(WAITING, why="w")
        archive.images.keep(ID, "https://mmbiz.qpic.cn/a/0", png(640, 480), at=AT)
        found = Evidence(article_id=HOLLOW.id, way="from", source="x", verdict="candidate", at=AT)
        offered = make_article(OTHER_SHORT)
        archive.evidence.note(replace(found, sha256=offered.body_hash), offered)
        capture = ListedCapture(
            server=SERVER, captured_at="20260101000000", url=SHORT, article_id=ID
        )
        archive.web.note_answer(Query(server=SERVER, query="q", at=AT, captures=1), [capture])
        archive.exported.note(path.parent, [ExportedFile(article_id=ID, path="a.md")])
        archive.personal.star(ID, at=AT)
        archive.personal.tag(ID, "t", at=AT)
        archive.personal.note(ID, "n", at=AT)
        archive.pace.exchange("mp.weixin.qq.com", lambda _: ({"used": 1}, None))
        archive.texts.keep_learned("江畔手记", "f", [])
        archive.stories.keep(
            [StoryRow(ID, page.body_hash, cut=False, version=1, text="t", signature="s")]
        )
        archive.forgotten.add(GONE, at=AT)
    return path


def _recover(archive: Archive) -> None:
    for found in archive.evidence.candidates():
        archive.evidence.offered(found.id)
        archive.evidence.decide(found, Verdict.REFUSED, at=AT)


def _remove_own(archive: Archive) -> None:
    archive.personal.untag(ID, "t")
    archive.personal.unnote(ID, "n")


WAYS: tuple[Callable[[Archive, Path], Any], ...] = (
    lambda archive, _: archive.save(make_page(SIGNED, body="# 灯塔\n\n新。\n")),
    lambda archive, _: archive.save(make_article(OTHER_SHORT)),
    lambda archive, _: archive.save(make_article(GONE)),
    lambda archive, _: archive.queue.enqueue(SIGNED),
    lambda archive, _: archive.queue.offer(SIGNED),
    lambda archive, _: archive.queue.offer(WAITING),
    lambda archive, _: archive.queue.get(SHORT),
    lambda archive, _: archive.queue.postpone(OTHER_SHORT, AT),
    lambda archive, _: archive.queue.learn(archive.queue.mentioned()),
    lambda archive, _: archive.moments.settle(ID, after="2025", seen=Seen("0a" * 32, AT)),
    lambda archive, _: archive.note_same_as(NAMELESS.id, ID),
    lambda archive, _: archive.join_copy(NAMELESS.id, ID, LINK),
    lambda archive, _: list(archive.records()),
    lambda archive, _: archive.signed_form(ID),
    lambda archive, _: archive.search("灯塔"),
    lambda archive, _: _recover(archive),
    lambda archive, _: list(archive.stories.members()),
    lambda archive, _: next(archive.web.pending(SERVER), None),
    lambda archive, _: [archive.seeds.state_of(digest) for digest in SEEDS],
    lambda archive, path: archive.exported.below(path.parent),
    lambda archive, _: _remove_own(archive),
    lambda archive, _: archive.name_articles(),
    lambda archive, _: list(archive.audit(today="2026-11-26")),
    lambda archive, _: list(archive.audit(today="2026-11-26", fix=True)),
    lambda archive, _: archive.forgotten.add(OTHER_SHORT, at=AT),
    lambda archive, _: archive.forgotten.add(ID, at=AT),
)

OF_A_LINK: tuple[Callable[[Archive, Path], Any], ...] = (
    lambda archive, _: archive.queue.enqueue(SHORT),
    lambda archive, _: archive.queue.offer(OTHER_SHORT),
    lambda archive, _: archive.save(make_article(SHORT, fetch_date="2027-01-01")),
    lambda archive, _: archive.save(make_article(SHORT, state=State.HOLLOW, body="")),
    lambda archive, _: archive.save_all([arrival_of(make_article(OTHER_SHORT))]),
)


@pytest.mark.parametrize("table", TABLES)
def test_bytes_in_the_place_of_a_text_are_told_in_words(
    tmp_path: Path, whole: Path, table: str
) -> None:
    for number, column in enumerate(our_tables()[table]):
        path = tmp_path / f"{number}.db"
        shutil.copy(whole, path)
        with closing(sqlite3.connect(path)) as hurt, hurt, suppress(sqlite3.IntegrityError):
            hurt.execute(f"UPDATE OR IGNORE {table} SET {column.name} = x'ff'")  # noqa: S608
        with Archive.open(path, ngram=None) as archive:
            for way in WAYS:
                with suppress(CrawlerError):
                    way(archive, path)


@pytest.mark.parametrize("key", ["x", "", "a:b", "s:", "u:", "a:b:c:d", "s:a/b?c=d"])
@pytest.mark.parametrize("article_id", [ID, HOLLOW.id, NAMELESS.id])
def test_a_key_that_is_none_is_told_in_words_or_does_no_harm(
    tmp_path: Path, whole: Path, article_id: str, key: str
) -> None:
    path = tmp_path / "archive.db"
    shutil.copy(whole, path)
    with closing(sqlite3.connect(path)) as hurt, hurt:
        hurt.execute("PRAGMA foreign_keys = ON")
        hurt.execute("UPDATE articles SET id = ? WHERE id = ?", (key, article_id))
    with Archive.open(path, ngram=None) as archive:
        for way in (*OF_A_LINK, *WAYS):
            with suppress(CrawlerError):
                way(archive, path)


@pytest.mark.parametrize(("url", "key"), [(SHORT, HOLLOW.id), (SIGNED, ID)])
def test_an_address_whose_other_spelling_is_wrong_keeps_no_batch_from_being_saved(
    archive: Archive, url: str, key: str
) -> None:
    archive.save(make_article(OTHER_SHORT))
    wrong = "UPDATE urls SET url = ?, canonical = 'https://mp.weixin.qq.com/s/nowhere'"
    archive.connection.execute(wrong, (url,))
    archive.save_all([arrival_of(make_article(url)), arrival_of(make_article(WAITING))])
    assert archive.count() == len({OTHER_SHORT, url, WAITING})
    assert archive.find(url) == key
