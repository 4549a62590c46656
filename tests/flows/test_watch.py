from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from crawler.article import Origin, State
from crawler.config import FetchConfig
from crawler.errors import BudgetSpent, CoolingDown, InputError
from crawler.fetch import Fetcher
from crawler.flows import ArticleFetch, Found, Seen, Watch
from crawler.times import as_written
from tests.archive.specimens import make_article
from tests.clean.pages.lookalikes import BIZ, notice
from tests.fake_answers import FIRST_MID, article, long_link, short_link
from tests.fake_lives import DAY, GATEWAY, Life, Lives, Network, day_of
from tests.sixty_days import MORNING, START, Clock, live_through, watch_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from crawler.archive import Archive


@dataclass
class World:
    """An archive before a server, on one clock."""

    archive: Archive
    clock: Clock = field(default_factory=Clock)
    server: Lives = field(init=False)

    def __post_init__(self) -> None:
        self.server = Lives(lives={}, clock=self.clock)

    def begin(self, *lives: Life) -> None:
        """Publish some articles, and fetch them on the first morning."""
        self.server.lives = {life.number: life for life in lives}
        self.clock.now = START + MORNING
        with self.fetcher() as fetcher:
            way = ArticleFetch(archive=self.archive, fetcher=fetcher, now=self.clock.moment)
            links = [long_link(life.number) for life in lives]
            assert all(outcome.error is None for outcome in way.run(links))

    def fetcher(self, *, watch_limit: int = 0, daily_limit: int = 1000) -> Fetcher:
        return Fetcher(
            FetchConfig(gateway=GATEWAY, daily_limit=daily_limit),
            exchange=self.archive.pace.exchange,
            watch_limit=watch_limit,
            clock=self.clock,
            sleep=self.clock.sleep,
            chance=lambda: 0.5,
            sockets=Network(self.server),
        )

    def watch(self, fetcher: Fetcher) -> Watch:
        return watch_of(self.archive, fetcher, self.clock)

    def on_day(self, day: float, *, limit: int | None = None) -> list[Seen]:
        """The run of one day; day 1 is the one after the first."""
        self.clock.now = START + day * DAY + MORNING
        with self.fetcher(watch_limit=500) as fetcher:
            watch = self.watch(fetcher)
            watch.check_clock()
            return list(watch.run(watch.due(), limit=limit))

    def weather(self, day: int, kind: str) -> None:
        """What goes wrong on a day."""
        self.server.weather = {**self.server.weather, day_of(START) + day: kind}

    def rows(self, table: str) -> int:
        return int(self.archive.database[table].count)


@pytest.fixture
def world(archive: Archive) -> World:
    return World(archive)


def found(looks: Sequence[Seen]) -> list[Found]:
    return [seen.found for seen in looks]


def life(number: int = 1, **moments: float) -> Life:
    """One that was published an hour before the first fetch; moments are days of the world."""
    given = {name: START + day * DAY for name, day in moments.items()}
    return Life(number=number, born=START + MORNING - 3600, **given)


def test_a_text_that_did_not_change_leaves_an_event_and_nothing_else(world: World) -> None:
    world.begin(life())
    before = world.archive.get(long_link(1))
    counts = {table: world.rows(table) for table in ("revisions", "copies", "snapshots")}
    for day in (1, 3, 7, 14, 30):
        assert found(world.on_day(day)) == [Found.SAME]
    after = world.archive.get(long_link(1))
    assert before
    assert after
    assert (after.fetch_date, after.document) == (before.fetch_date, before.document)
    assert after.checked_at == as_written(world.clock.moment()) > before.checked_at
    assert counts == {table: world.rows(table) for table in counts}
    assert world.rows("events") == 6


def test_nothing_is_asked_for_before_its_time(world: World) -> None:
    world.begin(life())
    assert found(world.on_day(0.5)) == []
    assert found(world.on_day(1)) == [Found.SAME]
    assert found(world.on_day(2)) == []
    assert world.server.requests.total() == 2


def test_an_edit_becomes_a_revision_and_the_older_text_stays_one(world: World) -> None:
    world.begin(life(edited=2))
    assert found(world.on_day(1)) == [Found.SAME]
    assert found(world.on_day(3)) == [Found.EDITED]
    record = world.archive.get(long_link(1))
    assert record
    assert "更正" in record.body
    assert len(world.archive.history.revisions(record.id)) == 2
    assert found(world.on_day(7)) == [Found.SAME]


def test_a_death_is_called_one_after_a_second_look_on_another_day(world: World) -> None:
    world.begin(life(died=2))
    assert found(world.on_day(1)) == [Found.SAME]
    assert found(world.on_day(3)) == [Found.GONE]
    assert not world.archive.watched.deaths()
    assert found(world.on_day(3.5)) == []  # later on the same day
    assert found(world.on_day(4)) == [Found.DEAD]
    [death] = world.archive.watched.deaths()
    assert death.last_seen_alive[:10] == "2026-03-02"
    assert (death.first_seen_dead[:10], death.confirmed[:10]) == ("2026-03-04", "2026-03-05")
    assert (death.state, death.notice) == ("violation", "此内容因违规无法查看")
    record = world.archive.get(long_link(1))
    assert record
    assert death.characters == record.characters > 0
    assert (death.revisions, death.snapshots) == (1, 1)
    assert (record.state, record.state_now) == ("ok", "violation")


def test_what_is_there_on_the_next_day_was_never_dead(world: World) -> None:
    world.begin(life(died=2, back=3.5))
    assert found(world.on_day(3)) == [Found.GONE]
    assert found(world.on_day(4)) == [Found.BACK]
    assert found(world.on_day(7)) == [Found.SAME]
    assert not world.archive.watched.deaths()


def test_a_resurrection_is_recorded_and_so_is_a_second_death(world: World) -> None:
    world.begin(life(died=2, back=9))
    assert [found(world.on_day(day)) for day in (3, 4)] == [[Found.GONE], [Found.DEAD]]
    assert found(world.on_day(6.5)) == [Found.STILL_DEAD]
    assert found(world.on_day(10.5)) == [Found.BACK]
    [death] = world.archive.watched.deaths()
    assert death.seen_again[:10] == "2026-03-11"
    world.server.lives[1].back = None
    assert [found(world.on_day(day)) for day in (14, 15)] == [[Found.GONE], [Found.DEAD]]
    latest, earlier = world.archive.watched.deaths()
    assert (latest.seen_again, earlier.seen_again[:10]) == ("", "2026-03-11")
    assert latest.last_seen_alive == earlier.seen_again


@pytest.mark.parametrize("kind", ["captcha", "limited", "busy", "shells"])
def test_a_captcha_a_shell_a_5xx_or_a_rate_limit_is_never_a_death(world: World, kind: str) -> None:
    world.begin(*(life(number) for number in range(25)))
    for day in (1, 2, 3, 4):
        world.weather(day, kind)
        try:
            looks = found(world.on_day(day))
        except CoolingDown:
            assert kind in ("captcha", "limited")
            continue
        assert Found.NOTHING in looks or day > 1
        assert set(looks) <= {Found.NOTHING, Found.SAME}
    assert not world.archive.watched.deaths()
    assert not any(one.is_gone for one in world.archive.watched.articles())
    assert {record.state for record in world.archive.records()} == {"ok"}
    assert world.archive.queue.entries() == []
    world.server.weather = {}
    assert Found.SAME in found(world.on_day(20))


def test_a_captcha_stops_the_run_and_the_next_day_goes_on(world: World) -> None:
    world.begin(*(life(number) for number in range(40)))
    world.weather(1, "captcha")
    with pytest.raises(CoolingDown):
        world.on_day(1)
    asked = world.server.requests.total()
    assert asked == 40 + 21
    assert len(world.on_day(2)) == 20


def test_the_share_of_the_day_that_looking_again_may_take_is_kept_over_all_runs(
    world: World,
) -> None:
    world.begin(*(life(number) for number in range(30)))
    world.clock.now = START + DAY + MORNING
    for _ in range(3):
        with world.fetcher(watch_limit=12) as fetcher:
            runs = world.watch(fetcher).run(world.watch(fetcher).due())
            with pytest.raises(BudgetSpent, match=r"\[watch\]"):
                list(runs)
    today = day_of(world.clock.now)
    assert world.server.requests[today] == 12
    with world.fetcher() as fetcher:  # fetching has the rest
        assert fetcher.get(long_link(1)).status == 200
    world.clock.now += DAY
    with world.fetcher(watch_limit=500, daily_limit=15) as fetcher:
        runs = world.watch(fetcher).run(world.watch(fetcher).due())
        with pytest.raises(BudgetSpent, match="daily limit"):
            list(runs)
    assert world.server.requests[today + 1] == 15


def test_a_limit_ends_a_run_and_what_was_worth_most_came_first(world: World) -> None:
    world.begin(life(1), life(2), life(3, died=0.5))
    world.on_day(1)
    looks = world.on_day(3, limit=2)
    assert [seen.found for seen in looks] == [Found.DEAD, Found.SAME]


def test_a_clock_that_went_back_stops_the_run_before_anything_is_sent(world: World) -> None:
    world.begin(life())
    world.on_day(10)
    asked = world.server.requests.total()
    with pytest.raises(InputError, match="it went back"):
        world.on_day(5)
    assert world.server.requests.total() == asked
    assert found(world.on_day(14)) == [Found.SAME]


def test_what_a_clock_looked_at_that_was_ahead_is_looked_at_again_once_it_is_right(
    world: World,
) -> None:
    world.begin(life(1), life(2, died=5))
    world.on_day(400)
    world.weather(401, "busy")
    world.on_day(401)
    for day, finds in ((40, [Found.SAME, Found.GONE]), (41, [Found.DEAD])):
        world.clock.now = START + day * DAY + MORNING
        with world.fetcher(watch_limit=500) as fetcher:
            watch = world.watch(fetcher)
            assert sorted(found(list(watch.run(watch.due())))) == sorted(finds)
    assert Found.GONE not in found(world.on_day(42))  # nor is a clock to be trusted any more


def test_a_copy_of_a_tool_that_does_not_say_when_it_was_made_is_looked_at(world: World) -> None:
    world.begin(life(1))
    copy = make_article(long_link(2), fetch_date="", origin=Origin.ADOPTED)
    world.archive.save(copy)
    world.server.lives = {1: life(1), 2: life(2)}
    looks = world.on_day(0.1)
    assert found(looks) == [Found.RENEWED]
    assert found(world.on_day(0.2)) == []


def test_what_another_run_looked_at_since_the_plan_was_made_is_left_out(world: World) -> None:
    world.begin(life(1), life(2))
    world.clock.now = START + DAY + MORNING
    with world.fetcher(watch_limit=500) as fetcher:
        watch = world.watch(fetcher)
        planned = watch.due()
        assert len(world.on_day(1, limit=1)) == 1
        assert len(list(watch.run(planned))) == 1
    assert world.server.requests[day_of(world.clock.now)] == 2


def test_what_another_run_looked_at_while_one_waited_for_its_turn_is_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.begin(life(1), life(2), life(3))
    world.clock.now = START + DAY + MORNING
    meanwhile: list[Iterator[Seen]] = []

    def sleep(seconds: float) -> None:
        world.clock.now += seconds
        if meanwhile:
            next(meanwhile.pop())

    monkeypatch.setattr(world.clock, "sleep", sleep)
    with world.fetcher(watch_limit=500) as fetcher, world.fetcher(watch_limit=500) as second:
        watch = world.watch(fetcher)
        due = watch.due()
        run = watch.run(due, limit=2)
        seen = [next(run)]
        meanwhile.append(world.watch(second).run(due))
        seen += run
    assert [one.planned for one in seen] == [due[0], due[2]]
    assert world.server.requests[day_of(world.clock.now)] == 3


def test_what_an_article_had_from_a_tool_is_renewed_by_its_page_and_is_no_edit(
    world: World,
) -> None:
    world.begin(life())
    world.archive.database.execute("UPDATE articles SET origin = 'seed'")
    assert found(world.on_day(1)) == [Found.RENEWED]


def test_an_article_whose_link_wechat_does_not_answer_is_not_watched(world: World) -> None:
    world.begin(life())
    world.archive.database.execute(
        "UPDATE urls SET url = ?, canonical = ?", [long_link(1, signed=False)] * 2
    )
    with world.fetcher() as fetcher:
        world.clock.now += DAY
        watch = world.watch(fetcher)
        assert len(watch.due()) == 1
        assert watch.planned() == []
        assert list(watch.run(watch.due())) == []


def test_only_notices_that_say_an_article_is_gone_are_deaths() -> None:
    deaths = {str(state) for state in State if state.is_death}
    assert deaths == {
        "deleted",
        "violation",
        "complaint",
        "send_failed",
        "account_gone",
        "rumour",
    }
    assert not any(state.is_death for state in State if state.has_body or state.worth_fetching)


@pytest.mark.long
@pytest.mark.slow
def test_sixty_days_of_two_thousand_articles_at_fifty_looks_a_day(tmp_path: Path) -> None:
    came = live_through(tmp_path, count=2000, looks=50)
    told = "\n".join(came.lines())
    assert came.false == 0, told
    assert came.share_known >= 0.9, told
    assert came.to_confirm <= 3, told
    assert came.edits_kept == came.edits_served > 0, told
    assert came.lost_bodies == 0, told
    assert came.most_watched_a_day <= 50, told
    assert came.most_a_day <= 100, told
    assert came.slips > 0, told


class Mixed(Lives):
    """A server that answers with another article's page, its shell, or the notice of its death."""

    number: int = 2
    is_shell: bool = False
    is_notice: bool = False

    def answer(self, target: str) -> tuple[int, bytes]:
        """The same, whatever is asked for."""
        del target
        page = article(self.number, " " if self.is_shell else "")
        return 200, _as_notice(self.number) if self.is_notice else page


def _as_notice(number: int) -> bytes:
    names = f'var biz = "{BIZ}";\nvar mid = "{FIRST_MID + number}";\nvar idx = "1";'
    return notice("该内容已被发布者删除", script=names)


def _ask(world: World, link: str) -> str:
    """What went wrong, in words; "" where nothing did."""
    with world.fetcher() as fetcher:
        way = ArticleFetch(archive=world.archive, fetcher=fetcher, now=world.clock.moment)
        [outcome] = way.run([link])
    return str(outcome.error or "")


def test_the_page_of_another_article_takes_no_link_of_the_one_that_was_asked_for(
    world: World,
) -> None:
    world.begin(life())
    world.server = Mixed(lives=world.server.lives, clock=world.clock)
    first = world.archive.find(long_link(1))
    assert found(world.on_day(1)) == [Found.MOVED]
    assert found(world.on_day(1.1)) == []  # it is tried again later, as where nothing came
    for spelling in (long_link(1), long_link(1).partition("#")[0]):
        assert world.archive.find(spelling) == first
    second = world.archive.find(long_link(2))
    assert second not in (None, first)


def _let_lead_elsewhere(world: World, link: str) -> None:
    """Fetch a link whose article is another one's from now on."""
    world.clock.now = START + MORNING
    world.server = server = Mixed(lives={}, clock=world.clock)
    server.number = 1
    assert not _ask(world, link)
    server.number = 2


def test_a_short_link_that_leads_to_another_article_is_looked_at_again_later(
    world: World,
) -> None:
    _let_lead_elsewhere(world, short_link("article", 1))
    assert found(world.on_day(90)) == [Found.MOVED]
    assert found(world.on_day(90.1)) == []


def test_the_page_of_another_article_that_is_kept_leaves_an_event_and_nothing_else(
    world: World,
) -> None:
    _let_lead_elsewhere(world, short_link("article", 1))
    assert not _ask(world, long_link(2))
    before = world.archive.get(long_link(2))
    [seen] = [one for one in world.on_day(90) if one.found is Found.MOVED]
    assert "another article stands there" in str(seen.outcome.error)
    after = world.archive.get(long_link(2))
    assert before
    assert after
    assert after.fetch_date == before.fetch_date
    assert after.checked_at > before.checked_at


@pytest.mark.parametrize(
    ("kind", "looks"), [("is_shell", [Found.NOTHING]), ("is_notice", [Found.MOVED])]
)
def test_what_names_another_article_in_place_of_one_is_a_try_of_that_one(
    world: World, kind: str, looks: list[Found]
) -> None:
    world.begin(life())
    world.server = Mixed(lives=world.server.lives, clock=world.clock)
    setattr(world.server, kind, True)
    assert found(world.on_day(1)) == looks
    assert found(world.on_day(1.1)) == []
    assert [one.article.tries for one in world.watch(world.fetcher()).planned()][:1] == [1]
    first = world.archive.get(long_link(1))
    assert first
    assert State(first.state) is State.OK


def test_a_shell_of_another_article_is_one_try_of_a_link_that_waits(world: World) -> None:
    world.clock.now = START + MORNING
    world.server = server = Mixed(lives={}, clock=world.clock)
    server.number, server.is_shell = 1, True
    assert not _ask(world, long_link(1))
    [entry] = world.archive.queue.entries()
    server.number = 2
    assert "another article stands there" in _ask(world, long_link(1))
    tries = {one.article_id: one.attempts for one in world.archive.queue.entries()}
    assert tries.pop(entry.article_id) == entry.attempts + 1
    assert list(tries.values()) == [0]


def test_the_page_of_another_article_takes_no_place_in_the_queue(world: World) -> None:
    world.clock.now = START + MORNING
    world.server = server = Mixed(lives={}, clock=world.clock)
    server.number, server.is_shell = 1, True
    assert not _ask(world, long_link(1))
    [entry] = world.archive.queue.entries()
    server.number, server.is_shell = 2, False
    assert "another article stands there" in _ask(world, long_link(1))
    [still] = world.archive.queue.entries()
    assert (still.article_id, still.attempts) == (entry.article_id, entry.attempts + 1)
    assert "another article" in still.last_error
    server.number = 1
    assert not _ask(world, long_link(1))
    assert world.archive.queue.entries() == []
