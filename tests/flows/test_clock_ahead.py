"""A run under a clock that was years ahead, and what a right one finds later."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest

from crawler.article import sha256
from crawler.flows import ArticleFetch
from crawler.flows.looks import settle_clock
from crawler.times import SHANGHAI, as_written
from tests.archive.specimens import make_page
from tests.fake_answers import long_link
from tests.fake_lives import DAY
from tests.flows.test_watch import World, life

if TYPE_CHECKING:
    from crawler.archive import Archive, Record
    from crawler.flows import Outcome

AHEAD = 61 * 365 * DAY
LINK = long_link(1)


@pytest.fixture
def world(archive: Archive) -> World:
    """An article that was fetched under a clock that was ahead, which is right now.

    The text is another one then.
    """
    world = World(archive)
    world.begin(life(edited=20 * 365))
    world.clock.now += AHEAD
    _fetch(world)
    archive.pace.exchange("mp.weixin.qq.com", lambda _: ({}, None))
    world.clock.now -= AHEAD - DAY
    return world


def _fetch(world: World, **how: object) -> list[Outcome]:
    with world.fetcher() as fetcher:
        given = {"again": True, **how}
        way = ArticleFetch(archive=world.archive, fetcher=fetcher, now=world.clock.moment, **given)  # type: ignore[arg-type]
        return list(way.run([LINK]))


def _shown(world: World) -> Record:
    record = world.archive.get(LINK)
    assert record
    return record


def test_what_a_right_clock_finds_is_shown_though_one_that_was_ahead_found_another_text(
    world: World,
) -> None:
    before = _shown(world)
    [outcome] = _fetch(world)
    after = _shown(world)
    assert outcome.error is None
    assert after.body != before.body
    assert after.fetch_date == after.checked_at == as_written(world.clock.moment())
    assert len(world.archive.history.revisions(after.id)) == 2


def test_what_a_look_said_of_its_moment_stands_in_its_event(world: World) -> None:
    said = _shown(world).fetch_date
    _fetch(world)
    [ahead] = [event for event in world.archive.history.events(_shown(world).id) if not event.at]
    assert said in ahead.detail


def test_a_look_that_is_to_come_is_none_of_the_last_days(world: World) -> None:
    asked = world.server.requests.total()
    [outcome] = _fetch(world, max_age=timedelta(days=1))
    assert world.server.requests.total() == asked + 1
    assert outcome.detail == ""


def test_looks_of_a_clock_that_is_ahead_by_hours_stay_as_they_are(world: World) -> None:
    _fetch(world)
    world.clock.now -= DAY / 2
    _fetch(world)
    assert len([event for event in world.archive.history.events(_shown(world).id) if event.at]) == 3


def test_an_article_does_not_wait_for_a_moment_that_no_wait_reaches(archive: Archive) -> None:
    archive.queue.enqueue(LINK)
    archive.queue.postpone(LINK, "2087-11-28T10:00:00.000000")
    assert [entry.request for entry in archive.queue.due(now="2026-11-27T10:00:00.000000")]
    archive.queue.postpone(LINK, "2026-12-05T10:00:00.000000")
    assert archive.queue.due(now="2026-11-27T10:00:00.000000") == []


@pytest.mark.parametrize("only_changes", [False, True], ids=["fetched", "watched"])
@pytest.mark.parametrize("same_bytes", [False, True], ids=["bytes that change", "the same bytes"])
def test_a_text_that_a_clock_that_was_ahead_found_stays_shown_where_it_stands_there_still(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, *, only_changes: bool, same_bytes: bool
) -> None:
    world = World(archive)
    world.begin(life(edited=20))
    _fetch(world)
    before = _shown(world)
    world.clock.now += AHEAD
    archive.pace.exchange("mp.weixin.qq.com", lambda _: ({}, None))
    _fetch(world)
    ahead = _shown(world)
    assert ahead.body != before.body
    archive.pace.exchange("mp.weixin.qq.com", lambda _: ({}, None))
    world.clock.now -= AHEAD - 30 * DAY
    if not same_bytes:
        monkeypatch.setattr("crawler.flows.looks.sha256", lambda page: sha256(page + b"later"))
    _fetch(world, only_changes=only_changes)
    after = _shown(world)
    assert after.body == ahead.body
    assert after.checked_at == after.fetch_date == as_written(world.clock.moment())
    events = archive.history.events(after.id)
    assert [event.detail for event in events if ahead.fetch_date in event.detail]


@pytest.mark.parametrize("looks", [*product("ab", (0, 4_000), "ab", (0, 4_000), "ab")])
def test_what_a_right_clock_finds_last_is_shown_whatever_was_found_before(
    archive: Archive, looks: tuple[str, int, str, int, str]
) -> None:
    begin = datetime(2026, 1, 1, tzinfo=SHANGHAI)
    first, first_ahead, second, second_ahead, last = looks
    for day, (text, ahead) in enumerate([(first, first_ahead), (second, second_ahead), (last, 0)]):
        now = begin + timedelta(days=day + ahead)
        look = make_page(
            body=f"# 灯塔\n\n{text}\n",
            evidence=sha256(text.encode()),
            fetch_date=as_written(now),
        )
        settle_clock(archive, look, look.url, now)
        archive.save(look)
    [record] = archive.records()
    assert (record.body, record.evidence) == (f"# 灯塔\n\n{last}\n", sha256(last.encode()))
    assert record.fetch_date == as_written(begin + timedelta(days=2))
