"""A text that was cut, beside a whole one with the same beginning: a person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.article import State
from crawler.flows import Recovery, StoryWay, group_stories
from tests.archive.specimens import make_article
from tests.clean.stories.test_signatures import text

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.flows import Recovered

WHOLE = text(7, 120)
PART = WHOLE[: len(WHOLE) // 2]
ACCOUNTS = {"MzI0NTk5OTk5MA==": "江畔手记", "MzA5OTk5OTk5OQ==": "北岸读书会"}
MINE, THEIRS = ACCOUNTS


def _save(archive: Archive, number: int, words: str, *, biz: str = MINE, cut: bool = False) -> str:
    article = make_article(
        f"https://mp.weixin.qq.com/s?__biz={biz}&mid={number}&idx=1",
        title=f"灯塔{number}",
        account=ACCOUNTS[biz],
        body=f"# 灯塔{number}\n\n{words}\n",
        state=State.TRUNCATED if cut else State.OK,
    )
    archive.save(article)
    list(group_stories(archive)[1])
    return article.id


def _recovery(archive: Archive) -> Recovery:
    return Recovery(archive, now=lambda: "2026-11-26T00:00:00")


def _go(archive: Archive) -> list[Recovered]:
    return list(_recovery(archive).go([StoryWay(archive)]))


@pytest.mark.parametrize("biz", ACCOUNTS)
def test_a_whole_text_waits_for_a_decision_whosever_it_is(archive: Archive, biz: str) -> None:
    cut, whole = _save(archive, 1, PART, cut=True), _save(archive, 2, WHOLE, biz=biz)
    (result,) = _go(archive)
    assert (result.article_id, result.source, result.way) == (cut, whole, "story")
    assert str(result.verdict) == "candidate"
    assert "text" in result.agreed.split()
    assert {"identity", "title"} <= set(result.differs.split())
    record = archive.get(cut)
    assert record
    assert (record.state, record.body) == ("truncated", f"# 灯塔1\n\n{PART}\n")


def test_what_a_person_accepts_becomes_the_text_and_stays(archive: Archive) -> None:
    cut, whole = _save(archive, 1, PART, cut=True), _save(archive, 2, WHOLE, biz=THEIRS)
    _go(archive)
    (waiting,) = archive.evidence.candidates()
    assert _recovery(archive).accept(waiting)
    _save(archive, 1, PART, cut=True)
    record = archive.get(cut)
    assert record
    assert (record.state, record.origin) == ("ok", "recovered")
    assert WHOLE in record.body
    assert record.account == ACCOUNTS[MINE]
    assert "mid=1&" in record.url
    assert record.recovered_from.startswith(whole)
    assert list(archive.evidence.candidates()) == []
    assert not archive.evidence.is_needed(waiting)
    assert _go(archive) == []


def test_what_a_person_refuses_is_never_offered_again(archive: Archive) -> None:
    _save(archive, 1, PART, cut=True)
    _save(archive, 2, WHOLE, biz=THEIRS)
    _go(archive)
    (waiting,) = archive.evidence.candidates()
    _recovery(archive).refuse(waiting)
    assert _go(archive) == []
    assert list(archive.evidence.candidates()) == []


def test_a_second_run_writes_nothing(archive: Archive) -> None:
    _save(archive, 1, PART, cut=True)
    _save(archive, 2, WHOLE, biz=THEIRS)
    _go(archive)
    before = archive.database.conn.total_changes
    assert not any(result.is_new for result in _go(archive))
    assert archive.database.conn.total_changes == before


@pytest.mark.parametrize(
    ("words", "cut"), [(PART, True), (text(8, 120), False), (WHOLE[len(PART) :], False)]
)
def test_nothing_is_offered_where_no_whole_text_begins_so(
    archive: Archive, words: str, *, cut: bool
) -> None:
    _save(archive, 1, PART, cut=True)
    _save(archive, 2, words, cut=cut)
    assert _go(archive) == []


def test_a_whole_text_needs_none(archive: Archive) -> None:
    _save(archive, 1, WHOLE)
    _save(archive, 2, WHOLE, biz=THEIRS)
    assert _go(archive) == []
