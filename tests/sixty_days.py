"""Sixty days of an archive that is watched, on a clock of their own.

The model. An archive was filled evenly for a year, of which the last 60 days are lived through: of
20,000 articles some 3,300 come in those days (55 a day, fetched in the run of the next morning),
and 16,700 are there, each looked at when the schedule would have. 5 in 100 of all die in the 60
days, after the archive had them, and 3 in 100 are edited. Who dies when follows a hazard:

* `weibo`: the only published curve that we know. Zhu and others (2013) saw nearly 30 % of Weibo's
  deletions within the first half hour and nearly 90 % within a day: a log-normal age through these
  two points (median 1.5 hours). An archive has no article that dies before its first fetch, so that
  its deaths are the tail of this curve.
* `slow`: the same, ten times slower, as WeChat's own may well be.
* `even`: at any age alike, against which no order of looks helps.

Every weather that a server has comes on some days, and on two days one notice in twenty is a slip.
"""

from __future__ import annotations

import math
import random
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from statistics import NormalDist, median
from typing import TYPE_CHECKING

from crawler.archive import Archive
from crawler.archive.saving import arrival_of
from crawler.clean.pages import read_page
from crawler.config import FetchConfig, WatchConfig
from crawler.errors import BudgetSpent, CoolingDown
from crawler.fetch import Fetcher
from crawler.flows import ArticleFetch, Found, Schedule, Watch
from crawler.flows.articles import article_of_page
from crawler.times import SHANGHAI, as_written, moment_of
from crawler.urls import parse_url
from tests.fake_answers import FIRST_MID, long_link
from tests.fake_lives import DAY, GATEWAY, Life, Lives, Network, day_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive.reading import Death
    from crawler.article import Article

START = datetime(2026, 3, 1, tzinfo=SHANGHAI).timestamp()
DAYS = 60
YEAR = 365  # in which the archive was filled, its last days included
MORNING = 3.25 * 3600  # when cron starts the run
NORMAL = NormalDist()
SIGMA = math.log(24 / 0.5) / (NORMAL.inv_cdf(0.9) - NORMAL.inv_cdf(0.3))
MEDIAN = 24 / math.exp(SIGMA * NORMAL.inv_cdf(0.9)) / 24  # in days: an hour and a half
HAZARDS = {"weibo": MEDIAN, "slow": 10 * MEDIAN}
WEATHER = {
    **dict.fromkeys((9, 23, 37, 51), "captcha"),
    **dict.fromkeys((12, 30), "busy"),
    **dict.fromkeys((16, 33, 47), "flaky"),
    **dict.fromkeys((20, 44), "shells"),
    **dict.fromkeys((26, 41), "slips"),
    55: "limited",
}


@dataclass
class Clock:
    """Seconds since 1970, which only sleeping and a new day move."""

    now: float = START

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    def moment(self) -> datetime:
        """The same in Shanghai."""
        return datetime.fromtimestamp(self.now, SHANGHAI)


def watch_of(archive: Archive, fetcher: Fetcher, clock: Clock) -> Watch:
    """The way through an archive by the settings as they come, on this clock."""
    way = ArticleFetch(
        archive=archive, fetcher=fetcher, again=True, only_changes=True, now=clock.moment
    )
    config = WatchConfig()
    return Watch(way=way, schedule=Schedule(steps=config.steps, every=config.every))


def _known_from(born: float) -> float:
    """The morning on which an article is fetched; one from before the 60 days is there."""
    if born < START:
        return START
    days = math.floor((born - START - MORNING) / DAY) + 1
    return START + days * DAY + MORNING


def _share_dead(age: float, middle: float) -> float:
    """Of those that ever die, how many have at an age in days."""
    return NORMAL.cdf(math.log(age / middle) / SIGMA) if age > 0 else 0.0


def make_lives(count: int, hazard: str, filled_in: int, chance: random.Random) -> dict[int, Life]:
    """What becomes of each article."""
    end = START + DAYS * DAY
    lives = [Life(number=n, born=end - chance.random() * filled_in * DAY) for n in range(count)]
    weights = [_chance_to_die(life, hazard) for life in lives]
    mortal = [life for life, weight in zip(lives, weights, strict=True) if weight > 1e-9]
    mortal.sort(key=lambda life: -math.log(chance.random()) / weights[life.number])
    for life in mortal[: count // 20]:
        life.died = _death_of(life, hazard, chance)
        if chance.random() < 0.03:
            life.back = life.died + chance.uniform(3, 20) * DAY
    for life in chance.sample(lives, count * 3 // 100):
        life.edited = chance.uniform(_known_from(life.born), end)
    return {life.number: life for life in lives}


def _chance_to_die(life: Life, hazard: str) -> float:
    """In the 60 days, after it was fetched; up to a factor that all share."""
    known, end = _known_from(life.born), START + DAYS * DAY
    if hazard == "even":
        return max(0.0, end - known)
    middle = HAZARDS[hazard]
    ages = [(moment - life.born) / DAY for moment in (known, max(known, end))]
    return _share_dead(ages[1], middle) - _share_dead(ages[0], middle)


def _death_of(life: Life, hazard: str, chance: random.Random) -> float:
    known, end = _known_from(life.born), START + DAYS * DAY
    if hazard == "even":
        return chance.uniform(known, end)
    middle = HAZARDS[hazard]
    low, high = (_share_dead((moment - life.born) / DAY, middle) for moment in (known, end))
    age = middle * math.exp(SIGMA * NORMAL.inv_cdf(chance.uniform(low, high)))
    return life.born + age * DAY


@dataclass(kw_only=True)
class Figures:
    """What came of it, held against what happened."""

    deaths: int  # of articles that the archive had
    seen: int  # found gone at least once
    known: int  # confirmed
    knowable: int  # of `deaths` those with three days left to be known in
    knowable_known: int
    false: int  # called dead while it was there
    slipped: (
        int  # of `known` those whose first notice was a slip, though they died before the second
    )
    to_notice: float  # days from a death to the look that found it, the median of all deaths
    to_confirm: float  # and to the second one, for which what is not known yet counts as never
    within_three_days: float  # the share of all deaths
    edits: int
    edits_served: int  # by a look that came to one
    edits_kept: int
    lost_bodies: int
    came_back: int  # of the confirmed
    seen_again: int
    requests: int
    most_a_day: int
    most_watched_a_day: int
    slips: int

    @property
    def share_known(self) -> float:
        """Of all deaths, those that are confirmed."""
        return self.known / self.deaths

    def lines(self) -> Iterator[str]:
        """In words."""
        yield (
            f"{self.deaths:,} deaths, {self.seen:,} found, {self.known:,} confirmed"
            f" ({self.share_known:.1%}); of {self.knowable:,} that were three days ago at the end"
            f" {self.knowable_known:,} ({self.knowable_known / self.knowable:.1%})"
        )
        yield (
            f"from a death to the notice {self.to_notice:.2f} days, until it is confirmed"
            f" {self.to_confirm:.2f} (medians of all); {self.within_three_days:.1%} confirmed"
            " within 3 days"
        )
        yield (
            f"{self.false} false deaths ({self.slips} notices were slips; after {self.slipped} of"
            " them the article died before the look that confirmed it)"
        )
        yield (
            f"{self.edits} edits, {self.edits_served} looks came to one before the end or a death,"
            f" {self.edits_kept} are revisions"
        )
        yield f"{self.lost_bodies} last good bodies are missing"
        yield f"{self.seen_again} of {self.came_back} that came back are known to have"
        yield (
            f"{self.requests:,} requests, {self.most_a_day:,} a day at most,"
            f" {self.most_watched_a_day:,} of them for looking again"
        )


@dataclass(kw_only=True)
class SixtyDays:
    """An archive, its server and its cron."""

    archive: Archive
    count: int
    looks: int  # a day
    hazard: str = "weibo"
    filled_in: int = YEAR
    clock: Clock = field(default_factory=Clock)
    waiting: list[str] = field(default_factory=list)
    watched: dict[int, int] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(19)
        lives = make_lives(self.count, self.hazard, self.filled_in, self.chance)
        weather = {day_of(START) + day: kind for day, kind in WEATHER.items()}
        self.server = Lives(lives=lives, clock=self.clock, weather=weather)
        self.config = FetchConfig(gateway=GATEWAY, daily_limit=2 * self.looks)

    def run(self) -> Figures:
        """Live through the days; gives what came of them."""
        self._fill()
        for day in range(DAYS):
            self.clock.now = START + day * DAY + MORNING
            self._fetch_new(day)
            self._watch()
        return self._figures()

    def _fill(self) -> None:
        """What the archive had at the beginning, as the schedule would have left it."""
        known = [life for life in self.server.lives.values() if life.born < START]
        for first in range(0, len(known), 500):
            arrivals = [arrival_of(self._article(life)) for life in known[first : first + 500]]
            self.archive.save_all(arrivals)

    def _article(self, life: Life) -> Article:
        url = parse_url(long_link(life.number))
        page = read_page(self.server.page(life, 0), url=url.given)
        self.server.served[life.number].append(0)
        at = as_written(datetime.fromtimestamp(self._last_look(life), SHANGHAI))
        return article_of_page(
            page, url, fetch_date=at, evidence=f"{life.number:064x}", http_status=200
        )

    def _last_look(self, life: Life) -> float:
        """Before the beginning: the step that was due last, or any day of the last `every`."""
        age = (START - life.born) / DAY
        steps = [step for step in WatchConfig().steps if step <= age]
        looked = float(steps[-1]) if steps else min(age, 0.5)
        if looked == WatchConfig().steps[-1]:
            looked = max(looked, age - self.chance.uniform(0, WatchConfig().every))
        return life.born + looked * DAY

    def _fetcher(self, watch_limit: int) -> Fetcher:
        return Fetcher(
            self.config,
            exchange=self.archive.pace.exchange,
            watch_limit=watch_limit,
            clock=self.clock,
            sleep=self.clock.sleep,
            chance=self.chance.random,
            sockets=Network(self.server),
        )

    def _fetch_new(self, day: int) -> None:
        """What was published since the morning before, and what a bad day left over."""
        now = self.clock.now
        since = now - DAY if day else START
        lives = self.server.lives.values()
        self.waiting += [long_link(life.number) for life in lives if since <= life.born < now]
        with self._fetcher(0) as fetcher, suppress(CoolingDown, BudgetSpent):
            way = ArticleFetch(archive=self.archive, fetcher=fetcher, now=self.clock.moment)
            for outcome in way.run(list(self.waiting)):
                if outcome.state and outcome.state.has_body:
                    self.waiting.remove(outcome.input)

    def _watch(self) -> None:
        before = self.server.requests.total()
        with self._fetcher(self.looks) as fetcher, suppress(CoolingDown, BudgetSpent):
            watch = watch_of(self.archive, fetcher, self.clock)
            watch.check_clock()
            self.found += [seen.found for seen in watch.run(watch.due())]
        self.watched[day_of(self.clock.now)] = self.server.requests.total() - before

    def _figures(self) -> Figures:
        lives, end = self.server.lives, START + DAYS * DAY
        served = self.server.served
        rows = self.archive.watched.deaths()
        true = {_number(row.article_id): row for row in rows if self._is_true(row)}
        dead = {
            life.number: life.died for life in lives.values() if life.died and served[life.number]
        }
        found = {_number(one.id) for one in self.archive.watched.articles() if one.is_gone}
        notice = [
            _days(died, true[n].first_seen_dead) if n in true else math.inf
            for n, died in dead.items()
        ]
        confirm = [
            _days(died, true[n].confirmed) if n in true else math.inf for n, died in dead.items()
        ]
        knowable = [number for number, died in dead.items() if died < end - 3 * DAY]
        edited = [number for number, versions in served.items() if 1 in versions]
        back = [number for number in true if (lives[number].back or end) < end]
        return Figures(
            deaths=len(dead),
            seen=sum(number in found or number in true for number in dead),
            known=sum(number in true for number in dead),
            knowable=len(knowable),
            knowable_known=sum(number in true for number in knowable),
            false=len(rows) - len(true),
            slipped=sum(
                _days(dead[n], row.first_seen_dead) < 0 for n, row in true.items() if n in dead
            ),
            to_notice=median(notice),
            to_confirm=median(confirm),
            within_three_days=sum(days <= 3 for days in confirm) / len(confirm),
            edits=sum(life.edited is not None for life in lives.values()),
            edits_served=len(edited),
            edits_kept=sum(self._versions(number) == set(served[number]) for number in edited),
            lost_bodies=sum(not self._shows_the_last(n) for n in served if served[n]),
            came_back=len(back),
            seen_again=sum(bool(true[number].seen_again) for number in back),
            requests=self.server.requests.total(),
            most_a_day=max(self.server.requests.values()),
            most_watched_a_day=max(self.watched.values()),
            slips=len(self.server.slipped),
        )

    def _is_true(self, row: Death) -> bool:
        """Whether the article was gone when its death was called one."""
        died = self.server.lives[_number(row.article_id)].died
        return died is not None and _days(died, row.confirmed) >= 0

    def _versions(self, number: int) -> set[int]:
        key = self.archive.find(long_link(number)) or ""
        bodies = [
            self.archive.history.body(key, revision.body_hash) or ""
            for revision in self.archive.history.revisions(key)
        ]
        return {version for version in (0, 1) for body in bodies if words_of(version) in body}

    def _shows_the_last(self, number: int) -> bool:
        """Whether the row shows the text that was served last, and all of it."""
        record = self.archive.get(long_link(number))
        words = words_of(self.server.served[number][-1])
        return record is not None and words in record.body and f"第{number}夜" in record.body


def _number(article_id: str) -> int:
    return int(article_id.split(":")[1]) - FIRST_MID


def _days(died: float, written: str) -> float:
    moment = moment_of(written)
    assert moment is not None
    return (moment.timestamp() - died) / DAY


def live_through(
    folder: Path, *, count: int, looks: int, hazard: str = "weibo", filled_in: int = YEAR
) -> Figures:
    """Sixty days of an archive in a folder."""
    with ExitStack() as stack:
        archive = stack.enter_context(Archive.open(folder / "archive.db"))
        archive.database.conn.execute("PRAGMA synchronous = OFF")
        days = SixtyDays(
            archive=archive, count=count, looks=looks, hazard=hazard, filled_in=filled_in
        )
        return days.run()
