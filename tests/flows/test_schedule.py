from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.reading import Watched
from crawler.flows.schedule import DAY, TRY_AGAIN_AFTER, Schedule
from crawler.times import SHANGHAI, as_written

BORN = datetime(2026, 3, 1, 20, 0, tzinfo=SHANGHAI)
SCHEDULE = Schedule(steps=(1, 3, 7, 14, 30), every=60)
MOMENTS = st.datetimes(datetime(2012, 1, 1), datetime(2090, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.isoformat(timespec="microseconds")
)


def after(days: float) -> str:
    return as_written(BORN + days * DAY)


def watched(seen: float, **others: object) -> Watched:
    """An article whose text was seen so many days after its publication."""
    article = Watched(
        id="a:1:1",
        title="",
        account="",
        published=BORN.isoformat(),
        first_seen=after(0.1),
        told_at=after(seen),
        dead_since="",
        dead_at="",
        tries=0,
        tried_at="",
        checked_at=after(seen),
    )
    return replace(article, **others)  # type: ignore[arg-type]


def days_until_next(article: Watched, now: float = 1000.0) -> float:
    at = SCHEDULE.next_look(article, BORN + now * DAY).at
    return (at - BORN) / DAY


@pytest.mark.parametrize(
    ("seen", "due"),
    [(0.4, 1), (1.2, 3), (3.0, 7), (8.5, 14), (14.1, 30), (31.0, 91.0), (400.0, 460.0)],
)
def test_an_article_is_looked_at_by_steps_from_its_publication_and_then_every_sixty_days(
    seen: float, due: float
) -> None:
    assert days_until_next(watched(seen)) == pytest.approx(due)


def test_an_article_that_does_not_say_when_it_was_published_counts_from_the_first_look() -> None:
    assert days_until_next(watched(0.5, published="")) == pytest.approx(1.1)
    assert days_until_next(watched(0.5, published="no date")) == pytest.approx(1.1)


@pytest.mark.parametrize(("seen", "hours"), [(2.0, 12), (1.75, 12), (2.5, 16)])
def test_a_notice_is_looked_at_again_on_another_day_in_china_and_not_just_after_midnight(
    seen: float, hours: float
) -> None:
    gone = watched(seen, dead_since=after(seen), dead_at=after(seen))
    planned = SCHEDULE.next_look(gone, BORN + 10 * DAY)
    assert planned.at - (BORN + seen * DAY) == timedelta(hours=hours)
    assert planned.at.date() > (BORN + seen * DAY).date()


def test_a_dead_article_is_looked_at_by_the_same_steps_from_its_death() -> None:
    dead = watched(101.5, dead_since=after(100), dead_at=after(101.5))
    assert days_until_next(dead) == pytest.approx(103)


def test_a_look_that_told_nothing_is_tried_again_after_hours_that_double() -> None:
    for tries, hours in ((1, 6), (2, 12), (3, 24), (6, 192), (50, 192)):
        article = watched(2.0, tries=tries, tried_at=after(50))
        assert days_until_next(article) == pytest.approx(50 + hours / 24)
    assert timedelta(hours=6) == TRY_AGAIN_AFTER


def test_what_is_due_comes_in_order_of_its_worth_and_then_what_comes_when() -> None:
    now = BORN + 40 * DAY
    articles = [
        watched(31.0, id="later"),
        watched(14.0, id="month"),
        watched(1.0, id="young"),
        watched(2.0, id="gone", dead_since=after(2.0), dead_at=after(2.0)),
        watched(6.5, id="dead", dead_since=after(5.0), dead_at=after(6.5)),
        watched(38.0, id="soon", published=after(37.7)),
    ]
    planned = SCHEDULE.plan(articles, now)
    order = ["gone", "young", "dead", "soon", "month", "later"]
    assert [one.article.id for one in planned] == order
    assert [one.at <= now for one in planned] == [True] * 5 + [False]


def test_of_a_thousand_articles_the_order_of_the_rows_makes_no_difference() -> None:
    articles = [watched(number % 50 / 3, id=f"{number:04}") for number in range(1000)]
    now = BORN + 60 * DAY
    assert SCHEDULE.plan(articles, now) == SCHEDULE.plan(articles[::-1], now)


@given(seen=MOMENTS, published=MOMENTS, tried=MOMENTS, tries=st.integers(0, 99))
def test_no_moment_however_odd_keeps_an_article_away_for_longer_than_its_longest_wait(
    seen: str, published: str, tried: str, tries: int
) -> None:
    now = datetime(2026, 6, 1, tzinfo=SHANGHAI)
    article = watched(0, told_at=seen, published=published, tried_at=tried, tries=tries)
    planned = SCHEDULE.next_look(article, now)
    assert planned.at <= now + 60 * DAY
    assert planned.grown >= 0


@pytest.mark.parametrize("told_at", ["", "none", "2099-01-01T00:00:00.000000"])
@pytest.mark.parametrize("published", ["", BORN.isoformat()])
def test_an_article_of_whose_looks_no_moment_is_known_is_due_and_no_later_each_day(
    told_at: str, published: str
) -> None:
    article = watched(0, told_at=told_at, published=published, first_seen=told_at)
    for days in (2, 40, 400):
        now = BORN + days * DAY
        assert SCHEDULE.next_look(article, now).at <= now


def test_looks_that_told_nothing_put_off_an_article_of_which_no_look_is_known() -> None:
    article = watched(0, told_at="", tries=1, tried_at=after(40))
    now = BORN + 40.1 * DAY
    assert SCHEDULE.next_look(article, now).at == BORN + 40 * DAY + TRY_AGAIN_AFTER


def test_what_was_never_seen_comes_behind_what_has_grown_most() -> None:
    now = BORN + 3 * DAY
    young, old = watched(1, id="young"), watched(0, id="unseen", told_at="")
    assert [one.article.id for one in SCHEDULE.plan([old, young], now)] == ["young", "unseen"]


def test_steps_in_any_order_are_the_same_steps() -> None:
    mixed = Schedule(steps=(30, 1, 14, 3, 7), every=60)
    now = BORN + 2 * DAY
    assert mixed.next_look(watched(1.5), now) == SCHEDULE.next_look(watched(1.5), now)
