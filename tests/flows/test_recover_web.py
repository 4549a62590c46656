"""What recovering from web archives promises.

Little is asked, nothing twice, and never too fast; what comes back is the article, with its time;
what is none is an event with its reason.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest

from crawler.archive.saving import ListedCapture, Query
from crawler.article import State
from crawler.errors import CoolingDown, CrawlerError, Offline
from crawler.fetch import ArchiveClient
from crawler.fetch.limits import Limits
from crawler.fetch.sockets import Transport
from crawler.flows.recover import Recovery
from crawler.flows.recover_web import GIVE_UP_AFTER, WebWay
from crawler.flows.stored import reclean_stored
from crawler.flows.web_index import MOST_PAGES, prefix_of
from crawler.times import as_written
from crawler.urls import Identity
from tests.archive.specimens import SHORT, make_article
from tests.clean.pages.lookalikes import modern
from tests.fake_answers import Answer, article, long_link
from tests.fake_web_archive import FakeWebArchive, Held
from tests.fetch.conftest import FakeTime
from tests.pywb_server import needs_pywb, pywb
from tests.web_ruins import ACCOUNTS, RUINS, WebRuin, captures_of, fill, write_captures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.archive.reading.record import Record
    from crawler.article import Article
    from crawler.flows.recover import Recovered

NOW = "2026-11-26T10:00:00.000000"
CONTACT = "mailto:keeper@example.org"
FIRST = Identity(biz=RUINS[0].identity.biz, mid=RUINS[0].identity.mid, idx="1")


class Stage(NamedTuple):
    """An archive with ruins, on a clock of its own."""

    archive: Archive
    time: FakeTime

    def now(self) -> str:
        """The moment on that clock, as the archive writes it."""
        return as_written(datetime.fromtimestamp(self.time(), UTC))


@pytest.fixture
def stage(archive: Archive) -> Stage:
    archive.database.conn.execute("PRAGMA synchronous = OFF")
    return Stage(archive, FakeTime())


@contextmanager
def _client(base: str, stage: Stage, **given: Any) -> Iterator[ArchiveClient]:
    settings: dict[str, Any] = {
        "contact": CONTACT,
        "exchange": stage.archive.pace.exchange,
        "clock": stage.time,
        "sleep": stage.time.sleep,
        "chance": lambda: 0.0,
        "capture_limits": Limits(page=1 << 18),
    }
    with ArchiveClient(base, **(settings | given)) as client:
        yield client


def _run(
    stage: Stage,
    *bases: str,
    again: bool = False,
    take: int | None = None,
    told: list[CrawlerError] | None = None,
) -> list[Recovered]:
    """One run; it is killed after so many findings."""
    with _client(bases[0], stage) as client, _client(bases[-1], stage) as other:
        clients = [client, other][: len(bases)]
        heard = [] if told is None else told
        way = WebWay(stage.archive, clients, now=stage.now, again=again, left=heard.append)
        findings = Recovery(stage.archive, now=lambda: NOW).go([way])
        return [finding for finding, _ in zip(findings, range(take or 1 << 30), strict=False)]


def _events(stage: Stage) -> list[str]:
    rows = stage.archive.database.query(
        "SELECT detail FROM events WHERE origin = 'recovered' AND state = '' ORDER BY id"
    )
    return [row["detail"] for row in rows]


def _text(stage: Stage, ruin: WebRuin) -> str:
    record = stage.archive.get(ruin.identity.id)
    assert record
    return record.body


def _learned(stage: Stage, ruin: WebRuin) -> bool:
    return ruin.chksm in stage.archive.signed_form(ruin.identity.id) or (
        (entry := stage.archive.queue.get(ruin.identity.id)) is not None
        and ruin.chksm in entry.request
    )


def _hold(stage: Stage, ruins: Sequence[WebRuin]) -> None:
    """What must be true when a web archive was asked for all that is missing."""
    for ruin in ruins:
        text = _text(stage, ruin)
        good = [held for held in ruin.captures() if ruin.mark.encode() in held.body]
        assert bool(text) == bool(good), ruin
        assert not text or ruin.mark in text
        moments = [
            revision.at[:10] for revision in stage.archive.history.revisions(ruin.identity.id)
        ]
        assert moments == [f"{held.at[:4]}-{held.at[4:6]}-{held.at[6:8]}" for held in good]
        if ruin.kind == "captcha":
            assert _learned(stage, ruin), ruin


def _of_kind(kind: str) -> WebRuin:
    return next(ruin for ruin in RUINS if ruin.kind == kind)


EACH_KIND = tuple({ruin.kind: ruin for ruin in RUINS}.values())


def test_a_capture_of_each_kind_is_what_it_is(stage: Stage) -> None:
    fill(stage.archive, EACH_KIND)
    with FakeWebArchive(captures_of(EACH_KIND), clock=stage.time) as keeper:
        _run(stage, keeper.base)
        assert len(keeper.queries) == len({ruin.identity.biz for ruin in EACH_KIND})
    _hold(stage, EACH_KIND)
    told = "\n".join(_events(stage))
    for reason in ("verification (captured", "hollow (captured", "deleted (captured"):
        assert reason in told
    assert "another article (captured 202001010" in told
    assert "the page is MzAwMDAwMDAwMA==:" in told


def test_an_edited_article_has_both_editions_and_shows_the_later(stage: Stage) -> None:
    ruin = _of_kind("edited")
    fill(stage.archive, [ruin])
    with FakeWebArchive(captures_of([ruin]), clock=stage.time) as keeper:
        _run(stage, keeper.base)
    assert "第二版" in _text(stage, ruin)
    assert len(stage.archive.history.revisions(ruin.identity.id)) == 2
    snapshots = list(stage.archive.history.snapshots(ruin.identity.id))
    assert [one.fetched_at[:10] for one in snapshots] == ["2020-01-01", "2021-02-03"]


def test_a_page_of_a_web_archive_that_is_cleaned_again_stays_recovered(stage: Stage) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    with FakeWebArchive(captures_of([ruin]), clock=stage.time) as keeper:
        _run(stage, keeper.base)
    before = stage.archive.get(ruin.identity.id)
    assert list(reclean_stored(stage.archive))
    after = stage.archive.get(ruin.identity.id)
    assert before
    assert after
    assert (after.origin, after.recovered_from) == ("recovered", before.recovered_from)
    assert after.recovered_from


def test_one_content_is_fetched_once_however_often_it_was_captured(stage: Stage) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    [first] = ruin.captures()
    again = Held(at="20220101000000", url=first.url, body=first.body)
    with FakeWebArchive([again, first], clock=stage.time) as keeper:
        _run(stage, keeper.base)
        assert len(keeper.captures) == 1
        assert stage.archive.web.count_pending(keeper.base) == 0
    _hold(stage, [ruin])


def test_a_capture_whose_listed_address_names_the_port_of_the_web_is_that_of_its_article(
    stage: Stage,
) -> None:
    ruin, captcha = _of_kind("whole"), _of_kind("captcha")
    fill(stage.archive, [ruin, captcha])
    held = [
        Held(
            at=one.at,
            url=f"http://mp.weixin.qq.com:80/s?{one.url.partition('?')[2]}",
            body=one.body,
        )
        for one in captures_of([ruin, captcha])
    ]
    with FakeWebArchive(held, clock=stage.time) as keeper:
        _run(stage, keeper.base)
    _hold(stage, [ruin, captcha])


def test_two_redirects_are_looked_at_each_though_both_have_the_digest_of_nothing(
    stage: Stage,
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    [whole] = ruin.captures()
    captcha = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=HFabc"
    asked_first = Held(at="20190101000000", url=ruin.signed, status=302, location=captcha)
    later = Held(at="20190601000000", url=ruin.signed, status=302, location=SHORT)
    held = [asked_first, later, Held(at="20190601000000", url=SHORT, body=whole.body)]
    with FakeWebArchive(held, clock=stage.time) as keeper:
        _run(stage, keeper.base)
    assert ruin.mark in _text(stage, ruin)


def test_redirects_to_what_came_already_are_settled_together_however_many_there_are(
    stage: Stage,
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    [whole] = ruin.captures()
    moments = [f"2019{month:02}{day:02}000000" for month in range(1, 13) for day in range(1, 28)]
    held = [Held(at=at, url=ruin.signed, status=302, location=SHORT) for at in moments]
    statements: list[str] = []
    stage.archive.database.conn.set_trace_callback(statements.append)
    with FakeWebArchive([whole, *held], clock=stage.time) as keeper:
        _run(stage, keeper.base)
        assert len(keeper.captures) == 1
        assert stage.archive.web.count_pending(keeper.base) == 0
        assert dict(stage.archive.web.counts(keeper.base))["not needed"] == len(held)
    stage.archive.database.conn.set_trace_callback(None)
    listed = [one for one in statements if "web_captures" in one and "INSERT" not in one]
    assert len(listed) < 40


def test_a_key_that_carries_credentials_is_neither_kept_nor_sent_and_pages_are_asked_for(
    stage: Stage,
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    [held] = ruin.captures()
    key = "com,qq,weixin,mp)/s?__biz=x&idx=1&key=s3cret&pass_ticket=s3cret 20200101000000"
    names = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
    other = ["x", "20200101000000", "https://mp.weixin.qq.com/s?x=1", "text/html", "200", "D", "1"]
    with FakeWebArchive([held], clock=stage.time, knows_keys=False) as keeper:
        keeper.answer_next(Answer(body=json.dumps([names, other, [], [key]]).encode()))
        _run(stage, keeper.base)
        assert not any("s3cret" in name for name in keeper.names)
        assert "page=0" in keeper.queries[1]
    assert ruin.mark in _text(stage, ruin)
    kept = stage.archive.database.execute("SELECT following FROM web_queries").fetchall()
    assert kept == [("",)] * 2  # of the account, and of its article


def test_what_came_back_says_where_from_and_ranks_below_a_page(stage: Stage) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    with FakeWebArchive(captures_of([ruin]), clock=stage.time) as keeper:
        _run(stage, keeper.base)
        [evidence] = stage.archive.evidence.of_article(ruin.identity.id)
        assert evidence.source.startswith(f"{keeper.base}/20200101")
    assert (evidence.way, evidence.verdict) == ("web", "proof")
    assert evidence.version.startswith("2020-01-01T")
    record = stage.archive.get(ruin.identity.id)
    assert record
    assert (record.origin, record.fetch_date[:10]) == ("recovered", "2020-01-01")


@pytest.mark.parametrize("server", ["wayback", "pywb"])
def test_an_account_of_many_captures_is_listed_to_its_end(
    stage: Stage, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.clean.captures.servers.PAGE", 3)
    monkeypatch.setattr("crawler.flows.web_index.PAGE", 3)
    ruins = [ruin for ruin in RUINS if ruin.identity.biz == FIRST.biz]
    fill(stage.archive, ruins)
    held = captures_of(ruins)
    knows_keys = server == "wayback"
    with FakeWebArchive(held, clock=stage.time, knows_keys=knows_keys) as keeper:
        _run(stage, keeper.base)
        listed = sum(one.url.partition("?")[2] != "" for one in held)
        assert len(keeper.queries) == (-(-listed // 3) if knows_keys else 3)
    _hold(stage, ruins)


def test_nothing_is_asked_twice_not_even_what_was_answered_with_nothing(stage: Stage) -> None:
    fill(stage.archive, EACH_KIND)
    with FakeWebArchive(captures_of(EACH_KIND), clock=stage.time) as keeper:
        _run(stage, keeper.base)
        asked = len(keeper.names)
        assert _run(stage, keeper.base) == []
        assert len(keeper.names) == asked
        _run(stage, keeper.base, again=True)
        assert all("/cdx?" in name for name in keeper.names[asked:])


@pytest.mark.parametrize("take", [None, 1])
def test_an_account_is_asked_for_once_more_where_articles_of_it_came_since(
    stage: Stage, take: int | None
) -> None:
    early, late = EACH_KIND[:1], EACH_KIND[1:]
    fill(stage.archive, early)
    with FakeWebArchive(captures_of(EACH_KIND), clock=stage.time) as keeper:
        _run(stage, keeper.base, take=take)
        fill(stage.archive, late)
        _run(stage, keeper.base)
        asked, fetched = len(keeper.queries), len(keeper.captures)
        assert fetched == len(set(keeper.captures))
        assert _run(stage, keeper.base) == []
        assert (len(keeper.queries), len(keeper.captures)) == (asked, fetched)
    _hold(stage, EACH_KIND)


def test_of_two_runs_at_once_neither_asks_what_the_other_asked_meanwhile(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(stage.archive, EACH_KIND)
    sleep, is_other = stage.time.sleep, False

    def wait(seconds: float) -> None:
        nonlocal is_other
        sleep(seconds)
        if not is_other:
            is_other = True
            _run(stage, keeper.base, take=1)
            is_other = False

    monkeypatch.setattr(stage.time, "sleep", wait)
    with FakeWebArchive(captures_of(EACH_KIND), clock=stage.time) as keeper:
        _run(stage, keeper.base)
        captures = [name for name in keeper.names if "/cdx?" not in name]
        assert len(keeper.queries) == len(set(keeper.queries))
        assert len(captures) == len(set(captures))
    _hold(stage, EACH_KIND)


def test_a_run_that_was_killed_anywhere_goes_on_where_it_was(stage: Stage) -> None:
    fill(stage.archive, EACH_KIND)
    with FakeWebArchive(captures_of(EACH_KIND), clock=stage.time) as keeper:
        while _run(stage, keeper.base, take=1):
            pass
        captures = [name for name in keeper.names if "/cdx?" not in name]
        assert len(keeper.queries) == len(set(keeper.queries))
        assert len(captures) == len(set(captures))
        assert min(keeper.gaps) >= 2.0
    _hold(stage, EACH_KIND)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("before", [0, 3])
def test_an_archive_that_asks_to_slow_down_ends_its_run_and_the_next_goes_on(
    stage: Stage, status: int, before: int
) -> None:
    ruins = EACH_KIND[:3]
    fill(stage.archive, ruins)
    with FakeWebArchive(captures_of(ruins), clock=stage.time) as keeper:
        honest, keeper_answer = keeper.answer, Answer(status=status, headers={"Retry-After": "60"})
        keeper.answer_next(*[keeper_answer] * (not before))
        if before:
            with suppress(StopIteration):
                _run(stage, keeper.base, take=1)
            keeper.answer_next(keeper_answer)
        with pytest.raises(CoolingDown):
            _run(stage, keeper.base)
        asked = len(keeper.names)
        with pytest.raises(CoolingDown):
            _run(stage, keeper.base)
        assert len(keeper.names) == asked
        stage.time.sleep(3601)
        _run(stage, keeper.base)
        assert keeper.answer == honest
    _hold(stage, ruins)


def test_an_archive_that_is_shut_is_told_at_once_and_the_others_are_asked(stage: Stage) -> None:
    told: list[CrawlerError] = []
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    with (
        FakeWebArchive(clock=stage.time) as shut,
        FakeWebArchive(captures_of([ruin]), clock=stage.time) as keeper,
    ):
        shut.answer_next(Answer(status=429))
        with pytest.raises(CoolingDown) as stopped:
            _run(stage, shut.base, keeper.base, told=told)
    _hold(stage, [ruin])
    assert told == [stopped.value]


def test_an_archive_that_cannot_be_reached_is_left_alone_after_three_tries(stage: Stage) -> None:
    ruins = RUINS[:9]
    fill(stage.archive, ruins)
    with FakeWebArchive(clock=stage.time) as keeper:
        keeper.answer_next(*[Answer(status=500)] * 99)
        with pytest.raises(Offline, match="3 times in a row"):
            _run(stage, keeper.base)
        assert len(keeper.names) == 6


def test_questions_that_fail_each_time_are_asked_behind_the_others_in_the_next_run(
    stage: Stage,
) -> None:
    ruins = [ruin for ruin in RUINS[:60] if ruin.kind == "whole"][:6]
    fill(stage.archive, ruins)
    slow = [prefix_of(ruin.identity.biz) for ruin in ruins[:3]]

    class Slow(FakeWebArchive):
        def _index(self, asked: Any) -> Answer:
            is_slow = asked["url"][0] in slow
            return Answer(status=504) if is_slow else super()._index(asked)

    with Slow(captures_of(ruins), clock=stage.time) as keeper:
        with pytest.raises(Offline):
            _run(stage, keeper.base)
        assert not any(_text(stage, ruin) for ruin in ruins)
        with pytest.raises(Offline):
            _run(stage, keeper.base)
        _hold(stage, ruins[3:])
        slow.clear()
        _run(stage, keeper.base)
    _hold(stage, ruins)


@pytest.mark.parametrize("damage", ["CAST(x'68FF' AS TEXT)", "x'68'"])
def test_a_damaged_look_at_a_question_keeps_no_other_from_being_asked(
    stage: Stage, damage: str
) -> None:
    ruins = [ruin for ruin in RUINS[:60] if ruin.kind == "whole"][:4]
    fill(stage.archive, ruins)
    with FakeWebArchive(captures_of(ruins), clock=stage.time) as keeper:
        keeper.answer_next(*[Answer(status=504)] * 6)
        with pytest.raises(Offline):
            _run(stage, keeper.base)
        stage.archive.database.execute(f"UPDATE events SET url = {damage} WHERE state = ''")  # noqa: S608
        _run(stage, keeper.base)
    _hold(stage, ruins)


def test_captures_to_which_no_connection_came_about_are_asked_for_again_by_themselves(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruins = [ruin for ruin in RUINS[:60] if ruin.kind == "whole"][:4]
    fill(stage.archive, ruins)
    send, lost = Transport.handle_request, 4

    def out_of_reach(transport: Transport, request: httpx.Request) -> httpx.Response:
        nonlocal lost
        if "id_/" in str(request.url) and lost:
            lost -= 1
            raise httpx.ConnectError("no route to host")
        return send(transport, request)

    monkeypatch.setattr(Transport, "handle_request", out_of_reach)
    with FakeWebArchive(captures_of(ruins), clock=stage.time) as keeper:
        _run(stage, keeper.base)
        _hold(stage, ruins)
        asked = len(keeper.names)
        assert _run(stage, keeper.base) == []
        assert len(keeper.names) == asked


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout])
def test_a_run_in_which_no_capture_comes_leaves_them_for_the_next(
    stage: Stage, error: type[httpx.TransportError], monkeypatch: pytest.MonkeyPatch
) -> None:
    ruins = [ruin for ruin in RUINS[:60] if ruin.kind == "whole"][:8]
    fill(stage.archive, ruins)
    send, is_gone = Transport.handle_request, True

    def out_of_reach(transport: Transport, request: httpx.Request) -> httpx.Response:
        if is_gone and "id_/" in str(request.url):
            raise error("nobody is there")
        return send(transport, request)

    monkeypatch.setattr(Transport, "handle_request", out_of_reach)
    with FakeWebArchive(captures_of(ruins), clock=stage.time) as keeper:
        with pytest.raises(Offline):
            _run(stage, keeper.base)
        is_gone = False
        _run(stage, keeper.base)
    _hold(stage, ruins)


def test_a_capture_that_fails_each_time_is_told_and_ends_no_run(stage: Stage) -> None:
    lost, *others = ruins = [ruin for ruin in RUINS[:60] if ruin.kind == "whole"][:3]
    fill(stage.archive, ruins)

    class Loser(FakeWebArchive):
        def _routed(self, seen: Any, nth: int) -> Answer:
            is_lost = "id_/" in seen.path and f"&mid={lost.identity.mid}" in seen.path
            return Answer(status=500) if is_lost else super()._routed(seen, nth)

    with Loser(captures_of(ruins), clock=stage.time) as keeper:
        for _ in range(3):
            _run(stage, keeper.base)
            stage.time.sleep(3.5 * DAY)
        asked = len(keeper.names)
        _run(stage, keeper.base)
        assert len(keeper.names) == asked
    _hold(stage, others)
    assert "failed: was answered with HTTP status 500" in _events(stage)[0]


@pytest.mark.parametrize("how", ["behind a redirect", "broken off"])
def test_captures_that_do_not_come_whole_end_the_run_and_are_asked_for_again(
    stage: Stage, how: str
) -> None:
    ruins = [ruin for ruin in RUINS[:60] if ruin.kind == "whole"][:5]
    fill(stage.archive, ruins)
    is_ill = True

    class Ill(FakeWebArchive):
        def _routed(self, seen: Any, nth: int) -> Answer:
            answer = super()._routed(seen, nth)
            if not is_ill or "id_/" not in seen.path:
                return answer
            if how == "broken off":
                return replace(answer, cut=20)
            if "id_/https" in seen.path:
                return Answer(status=500)
            secure = seen.path.partition("id_/")[2].replace("http:", "https:", 1)
            return replace(
                answer, status=302, body=b"", headers={**answer.headers, "Location": secure}
            )

    held = [replace(one, url=one.url.replace("https:", "http:", 1)) for one in captures_of(ruins)]
    with Ill(held, clock=stage.time) as keeper:
        with pytest.raises(Offline):
            _run(stage, keeper.base)
        is_ill = False
        _run(stage, keeper.base)
    _hold(stage, ruins)


def test_captures_that_come_and_cannot_be_taken_do_not_end_the_run(stage: Stage) -> None:
    ruin, other = _of_kind("whole"), _of_kind("edited")
    fill(stage.archive, [ruin, other])
    large = [
        Held(at=f"202101010000{number:02}", url=ruin.signed, body=b"x" * ((1 << 18) + number + 1))
        for number in range(4)
    ]
    circle = [
        Held(at=f"2022010100000{n}", url=ruin.signed, status=302, location=ruin.signed)
        for n in range(4)
    ]
    held = [*large, *circle, *other.captures()]
    with FakeWebArchive(held, clock=stage.time) as keeper:
        _run(stage, keeper.base)
    _hold(stage, [other])
    assert len([one for one in _events(stage) if "is larger than" in one]) == len(large)


@pytest.mark.parametrize("of", ["capture", "question"])
def test_what_an_archive_answers_with_503_each_time_is_asked_for_behind_all_else(
    stage: Stage, of: str
) -> None:
    lost, *others = ruins = [ruin for ruin in RUINS[:60] if ruin.kind == "whole"][:3]
    fill(stage.archive, ruins)
    mark = {"capture": f"&mid={lost.identity.mid}", "question": "cdx?"}[of]

    class Loser(FakeWebArchive):
        def _routed(self, seen: Any, nth: int) -> Answer:
            is_lost = mark in seen.path and lost.identity.biz.rstrip("=") in seen.path
            return Answer(status=503) if is_lost else super()._routed(seen, nth)

    with Loser(captures_of(ruins), clock=stage.time) as keeper:
        for _ in range(2):
            with pytest.raises(CoolingDown):
                _run(stage, keeper.base)
            stage.time.sleep(25 * 3600)
        _hold(stage, others)
        mark = "nowhere"
        _run(stage, keeper.base)
    _hold(stage, ruins)


def test_accounts_of_which_an_index_says_by_404_that_it_holds_nothing_do_not_end_the_run(
    stage: Stage,
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, RUINS)
    nothing = Answer(status=404, body=b'{"message": "No Captures found for: mp.weixin.qq.com/s*"}')
    with FakeWebArchive(clock=stage.time) as keeper:
        keeper.answer_next(*[nothing] * 99)
        assert _run(stage, keeper.base) == []
        asked = len(keeper.names)
        assert asked > 3
        assert _run(stage, keeper.base) == []
        assert len(keeper.names) == asked
    assert not _text(stage, ruin)


BAD_INDEXES = {
    "HTTP status 404": Answer(status=404, body=b"<h1>Not Found</h1>"),
    "in place of an index": Answer(body=b"<!DOCTYPE html><h1>Sorry</h1>"),
    "was cut short": Answer(body=b'{"timestamp": "20200101000000", "url": "http'),
    "HTTP status 403": Answer(status=403, body=b"blocked"),
    "is larger than": Answer(pieces=(b"x" * (1 << 20) for _ in range(2 << 10)), gzip=False),
    "broke off": Answer(body=b"{}", cut=1, length=999, gzip=False),
}


@pytest.mark.parametrize("why", [*BAD_INDEXES])
def test_an_index_that_is_none_is_an_event_and_is_asked_again_another_time(
    stage: Stage, why: str
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    with FakeWebArchive(captures_of([ruin]), clock=stage.time) as keeper:
        keeper.answer_next(*[BAD_INDEXES[why]] * (2 if why == "broke off" else 1))
        assert _run(stage, keeper.base) == []
        [event] = _events(stage)
        assert why in event
        assert not _text(stage, ruin)
        _run(stage, keeper.base)
    _hold(stage, [ruin])


def test_a_line_with_columns_missing_is_an_event_and_the_others_count(stage: Stage) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    [held] = ruin.captures()
    good = f'["x", "{held.at}", "{held.url}", "text/html", "200", "D", "1"]'
    names = '["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]'
    index = f'[{names},\n["x", "2020"],\n{good}]'
    with FakeWebArchive([held], clock=stage.time) as keeper:
        keeper.answer_next(Answer(body=index.encode()))
        _run(stage, keeper.base)
    assert "one of 2 lines is left out: line 2 is short of columns" in _events(stage)[0]
    _hold(stage, [ruin])


def test_an_index_without_end_is_left_after_as_much_as_any_has(stage: Stage) -> None:
    fill(stage.archive, RUINS[:1])

    class Endless(FakeWebArchive):
        def _index(self, asked: Any) -> Answer:
            number = int(asked.get("resumeKey", ["0"])[0]) + 1
            row = f'["x", "20200101000000", "http://mp.weixin.qq.com/s?{number}", "", "", "", ""]'
            return Answer(
                body=f'[["urlkey", "timestamp", "original"],\n{row},\n[],\n["{number}"]]'.encode()
            )

    with Endless(clock=stage.time) as keeper:
        _run(stage, keeper.base)
        assert len(keeper.names) == MOST_PAGES
    assert "has no end" in _events(stage)[0]


def test_an_index_that_lists_more_captures_than_any_account_has_is_left(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(stage.archive, RUINS[:1])
    monkeypatch.setattr("crawler.flows.web_index.MAX_LINES", 20)

    class Endless(FakeWebArchive):
        def _index(self, asked: Any) -> Answer:
            number = int(asked.get("resumeKey", ["0"])[0]) + 1
            rows = [["urlkey", "timestamp", "original", "mimetype", "statuscode"]]
            rows += [["x", "20200101000000", f"http://a/{number}/{n}", "", ""] for n in range(9)]
            return Answer(body=json.dumps([*rows, [], [str(number)]]).encode())

    with Endless(clock=stage.time) as keeper:
        _run(stage, keeper.base)
        assert len(keeper.names) == 3
    assert "has no end" in _events(stage)[0]


CAPTURED = {"Memento-Datetime": "Wed, 01 Jan 2020 00:00:00 GMT"}
NO_PAGE = b"<!DOCTYPE html><h1>This page is not available</h1>"
BAD_CAPTURES = {
    "is larger than 0.25 MB": Answer(body=b"x" * (1 << 19), headers=CAPTURED),
    "is no page of an article": Answer(body=NO_PAGE, headers=CAPTURED),
    "HTTP status 403": Answer(status=403, headers=CAPTURED),
    "HTTP status 404": Answer(status=404),
}
NO_CAPTURES = {
    "is no page of an article": Answer(body=NO_PAGE),
    "HTTP status 403": Answer(status=403, body=b"blocked"),
    "HTTP status 504": Answer(status=504),
    "which is not on 127": Answer(status=302, headers={"Location": "https://evil.example/"}),
    "broke off": Answer(body=b"<html>", cut=2, length=999, gzip=False),
}
DAY = 24 * 3600


@pytest.mark.parametrize("why", [*NO_CAPTURES])
def test_what_an_archive_says_in_place_of_captures_ends_the_run_and_none_is_given_up_for_days(
    stage: Stage, why: str
) -> None:
    ruins = [ruin for ruin in RUINS[:60] if ruin.kind == "whole"][:5]
    fill(stage.archive, ruins)
    bad: Answer | None = NO_CAPTURES[why]
    tries = 1 + (why in {"HTTP status 504", "broke off"})

    class Ill(FakeWebArchive):
        def _routed(self, seen: Any, nth: int) -> Answer:
            return bad if bad and "id_/" in seen.path else super()._routed(seen, nth)

    with Ill(captures_of(ruins), clock=stage.time) as keeper:
        for _ in range(6):
            asked = len(keeper.captures)
            with pytest.raises(Offline, match="what is left is asked for in the next run"):
                _run(stage, keeper.base)
            assert len(keeper.captures) - asked == GIVE_UP_AFTER * tries
            assert len(set(keeper.captures[asked:])) == GIVE_UP_AFTER
            stage.time.sleep(DAY)
        assert why in _events(stage)[0]
        bad = None
        _run(stage, keeper.base)
    _hold(stage, ruins)


def _answer_captures(keeper: FakeWebArchive, bad: Answer) -> Any:
    """Let an archive answer so in place of each capture; returns how it answered before."""
    honest = keeper._routed
    keeper._routed = lambda seen, nth: bad if "id_/" in seen.path else honest(seen, nth)  # type: ignore[method-assign]
    return honest


@pytest.mark.parametrize("why", [*NO_CAPTURES])
def test_a_capture_in_whose_place_an_archive_says_something_else_is_given_up_after_a_week(
    stage: Stage, why: str
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    with FakeWebArchive(captures_of([ruin]), clock=stage.time) as keeper:
        honest = _answer_captures(keeper, NO_CAPTURES[why])
        for _ in range(2):
            _run(stage, keeper.base)
            assert stage.archive.web.count_pending(keeper.base) == 1
            stage.time.sleep(3.5 * DAY)
        _run(stage, keeper.base)
        assert stage.archive.web.count_given_up() == 1
        asked = len(keeper.names)
        _run(stage, keeper.base)
        assert len(keeper.names) == asked
        keeper._routed = honest  # type: ignore[method-assign]
        _run(stage, keeper.base, again=True)
    assert stage.archive.web.count_given_up() == 0
    _hold(stage, [ruin])


@pytest.mark.parametrize("why", [*BAD_CAPTURES])
def test_a_capture_that_is_none_is_an_event_and_is_asked_for_again_only_when_told(
    stage: Stage, why: str
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    with FakeWebArchive(captures_of([ruin]), clock=stage.time) as keeper:
        honest = _answer_captures(keeper, BAD_CAPTURES[why])
        _run(stage, keeper.base)
        assert why in _events(stage)[0]
        assert not _text(stage, ruin)
        assert _learned(stage, ruin)
        keeper._routed = honest  # type: ignore[method-assign]
        asked = len(keeper.names)
        _run(stage, keeper.base)
        assert len(keeper.names) == asked
        _run(stage, keeper.base, again=True)
    _hold(stage, [ruin])


def test_a_page_that_does_not_say_whose_it_is_is_not_believed_for_its_address(
    stage: Stage,
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    page = modern("<p>没有身份的一页。</p>", title="别的题目", bizuin="", mid="", idx="", link="")
    held = Held(at="20200101000000", url=ruin.signed, body=page)
    with FakeWebArchive([held], clock=stage.time) as keeper:
        _run(stage, keeper.base)
    assert not _text(stage, ruin)


def test_an_answer_of_a_moment_at_the_end_of_the_calendar_does_not_end_the_run(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    last = "Fri, 31 Dec 9999 23:59:59 GMT"
    monkeypatch.setattr("tests.fake_web_archive._http_date", lambda _: last)
    with FakeWebArchive(ruin.captures(), clock=stage.time) as keeper:
        _run(stage, keeper.base)
    _hold(stage, [ruin])


def test_an_article_that_is_known_by_a_short_link_is_asked_for_by_a_timemap(stage: Stage) -> None:
    short = make_article(SHORT, title="夜航的灯塔", body="", state=State.HOLLOW)
    stage.archive.save(short)
    own = modern("<p>灯塔的光扫过海面。</p>", title="夜航的灯塔", link=SHORT)
    other = modern("<p>别人的光扫过海面。</p>", title="别的题目")
    held = [
        Held(at="20200101000000", url=SHORT, body=own),
        Held(at="20210101000000", url=SHORT, body=other),
    ]
    with FakeWebArchive(held, clock=stage.time) as keeper:
        _run(stage, keeper.base)
        assert keeper.names[0] == f"/mine/timemap/link/{SHORT}"
    record = stage.archive.get(SHORT)
    assert record
    assert "灯塔的光" in record.body
    assert record.fetch_date.startswith("2020-01-01")


@pytest.mark.parametrize("kind", ["a chain", "a list"])
def test_timemaps_that_name_one_another_are_asked_for_once_each(kind: str, stage: Stage) -> None:
    stage.archive.save(make_article(SHORT, body="", state=State.HOLLOW))
    held = [Held(at="20210101000000", url=SHORT, body=modern("<p>灯塔的光。</p>", link=SHORT))]
    named = {"a chain": {"": "12", "1": "2", "2": "13", "3": "2"}, "a list": {"": "123"}}[kind]

    class Linked(FakeWebArchive):
        def _timemap(self, url: str) -> Answer:
            number = url.partition("/")[0] if url[1:2] == "/" else ""
            links = [f'<{self.base}/timemap/link/{one}/{SHORT}>; rel="timemap"'
                     for one in named.get(number, "")]  # fmt: skip
            links += [f'<{self.base}/202{number or 0}0101000000/{SHORT}>; rel="memento"']
            return Answer(body=",\n".join(links).encode())

    with Linked(held, clock=stage.time) as keeper:
        _run(stage, keeper.base)
        assert sorted(name for name in keeper.names if "timemap" in name) == [
            f"/mine/timemap/link/{one}{SHORT}" for one in ("1/", "2/", "3/", "")
        ]
        assert len(keeper.captures) == 4
    assert stage.archive.database.execute("SELECT following FROM web_queries").fetchall() == [("",)]


def test_timemaps_without_end_are_left_after_as_many_as_may_be_asked_for(stage: Stage) -> None:
    stage.archive.save(make_article(SHORT, body="", state=State.HOLLOW))

    class Endless(FakeWebArchive):
        def _timemap(self, url: str) -> Answer:
            links = (f"<{self.base}/timemap/link/{n}/{url[-60:]}>;rel=timemap" for n in range(999))
            return Answer(body=",".join(links).encode())

    with Endless(clock=stage.time) as keeper:
        _run(stage, keeper.base)
        assert len(keeper.names) == MOST_PAGES
    assert "has no end" in _events(stage)[0]


def _asked_by_its_short_link(stage: Stage, own: Article, page: bytes) -> Record:
    """What is known of an article after a web archive gave a page under its short link."""
    stage.archive.save(own)
    with FakeWebArchive(
        [Held(at="20200101000000", url=SHORT, body=page)], clock=stage.time
    ) as keeper:
        _run(stage, keeper.base)
    record = stage.archive.get(SHORT)
    assert record
    return record


@pytest.mark.parametrize(
    ("title", "account", "is_believed"),
    [
        ("别的题目", "陌生人", False),
        ("🎉", "陌生人", False),
        ("灯", "陌生人", False),
        ("夜航的灯塔", "陌生人", True),  # which may have been renamed
        ("别的题目", "江畔手记", True),  # and titles are cut by some lists
    ],
)
def test_a_page_under_a_short_link_that_agrees_in_nothing_is_another_articles(
    stage: Stage, title: str, account: str, *, is_believed: bool
) -> None:
    own = make_article(SHORT, title="夜航的灯塔", account="江畔手记", body="", state=State.HOLLOW)
    page = modern("<p>别人的光扫过海面。</p>", title=title, nick_name=account)
    record = _asked_by_its_short_link(stage, own, page)
    assert bool(record.body) is bool(record.biz) is is_believed


def test_a_page_that_says_no_identity_is_not_proved_by_the_address_that_it_stands_under(
    stage: Stage,
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    own = stage.archive.get(ruin.identity.id)
    assert own
    told: dict[str, Any] = dict.fromkeys(("bizuin", "mid", "idx", "link", "sn"), "")
    told |= {"title": own.title, "nick_name": own.account}
    page = modern("<p>另一期。</p>", create_timestamp="1764237651", **told)  # a week before
    held = Held(at="20260101000000", url=ruin.signed, body=page)
    with FakeWebArchive([held], clock=stage.time) as keeper:
        found = [one.verdict for one in _run(stage, keeper.base) if one.brings_body]
    assert found == ["candidate"]
    assert not _text(stage, ruin)
    [waiting] = stage.archive.evidence.candidates()
    assert (waiting.agreed, waiting.differs) == ("title account", "date")
    assert Recovery(stage.archive, now=lambda: NOW).accept(waiting)
    after = stage.archive.get(ruin.identity.id)
    assert after
    assert (after.url, after.biz, after.mid) == (own.url, own.biz, own.mid)


def test_a_page_of_no_account_is_not_proved_by_a_list_that_names_none(stage: Stage) -> None:
    own = make_article(
        SHORT, title="夜航的灯塔", account="", source="", body="", state=State.HOLLOW
    )
    page = modern("<p>别人的光扫过海面。</p>", title="别的题目", nick_name="")
    record = _asked_by_its_short_link(stage, own, page)
    assert not record.body


@pytest.mark.parametrize("title", ["夜航的灯…", "收藏：夜航的灯塔", ""])
def test_a_title_that_was_cut_or_added_to_is_that_of_a_page_under_its_short_link(
    stage: Stage, title: str
) -> None:
    own = make_article(SHORT, title=title, account="", source="", body="", state=State.HOLLOW)
    page = modern("<p>光扫过海面。</p>", title="夜航的灯塔", nick_name="江畔手记")
    record = _asked_by_its_short_link(stage, own, page)
    assert "光扫过海面" in record.body


def test_a_capture_that_leads_to_a_captcha_is_a_captcha_and_teaches_its_address(
    stage: Stage,
) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    captcha = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=HFabc"
    held = Held(at="20200101000000", url=ruin.signed, status=302, location=captcha)
    with FakeWebArchive([held], clock=stage.time) as keeper:
        _run(stage, keeper.base)
        assert len(keeper.names) == 2
        assert stage.archive.web.counts(keeper.base) == [("verification", 1)]
    assert not _text(stage, ruin)
    assert _learned(stage, ruin)
    assert "HFabc" not in "\n".join(_events(stage))


def test_a_run_with_a_limit_asks_for_no_more_than_it_keeps(stage: Stage) -> None:
    ruins = [ruin for ruin in RUINS[:60] if ruin.kind == "whole"]
    fill(stage.archive, ruins)
    with FakeWebArchive(captures_of(ruins), clock=stage.time) as keeper:
        for _ in range(2):
            with _client(keeper.base, stage) as client:
                way = WebWay(stage.archive, [client], now=lambda: NOW)
                list(Recovery(stage.archive, now=lambda: NOW, limit=1).go([way]))
        assert len(keeper.captures) == len(set(keeper.captures)) == 2


def test_an_archive_without_an_index_is_asked_by_timemaps_one_link_each(stage: Stage) -> None:
    ruins = [ruin for ruin in EACH_KIND if ruin.kind in ("whole", "edited")]
    fill(stage.archive, ruins)
    held = [
        Held(at=one.at, url=ruin.article().url.partition("#")[0], body=one.body)
        for ruin in ruins
        for one in ruin.captures()
    ]
    with FakeWebArchive(held, clock=stage.time) as keeper:
        _run(stage, f"{keeper.base}/timemap/link")
        assert not keeper.queries
        asked = len(keeper.names)
        assert asked == len(ruins) + len(held)
        assert _run(stage, f"{keeper.base}/timemap/link") == []
        assert len(keeper.names) == asked
    _hold(stage, ruins)


def test_addresses_that_carry_credentials_are_neither_kept_nor_sent(stage: Stage) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    [held] = ruin.captures()
    leaky = Held(at=held.at, url=held.url + "&key=abcdef0123&uin=777", body=held.body)
    with FakeWebArchive([leaky], clock=stage.time) as keeper:
        _run(stage, keeper.base)
        assert len(keeper.names) == 1
    assert _learned(stage, ruin)
    dump = "\n".join(stage.archive.database.conn.iterdump())
    assert "abcdef0123" not in dump


def test_the_key_of_a_preview_is_sent_to_no_web_archive(stage: Stage) -> None:
    own = "https://mp.weixin.qq.com/s?__biz=MzIwMDAwMDAwMQ==&mid=2247483650&idx=1"
    nameless = "https://mp.weixin.qq.com/s?src=3&ver=1"
    for link in (own, nameless):
        preview = f"{link}&tempkey=abcdef0123"
        stage.archive.save(make_article(preview, body="", state=State.HOLLOW))
    with FakeWebArchive(clock=stage.time) as keeper:
        _run(stage, f"{keeper.base}/timemap/link")
        assert keeper.names == [f"/mine/timemap/link/{own}"]
    assert "abcdef0123" not in str(stage.archive.web.asked(keeper.base))


def test_a_capture_of_a_day_that_is_none_is_asked_for_and_told_without_one(stage: Stage) -> None:
    ruin = _of_kind("whole")
    fill(stage.archive, [ruin])
    with FakeWebArchive(clock=stage.time) as keeper:
        listed = ListedCapture(
            server=keeper.base,
            captured_at="20209999999999",  # as lines of another archive may say it
            url=ruin.signed,
            article_id=ruin.identity.id,
        )
        asked = Query(server=keeper.base, query=prefix_of(ruin.identity.biz), at=NOW)
        stage.archive.web.note_answer(asked, [listed])
        keeper.answer_next(Answer(body=ruin.page()))
        [found] = _run(stage, keeper.base)
    assert (found.version, found.brings_body) == ("", True)


def test_a_capture_of_another_articles_page_of_which_no_address_can_be_made_ends_no_run(
    stage: Stage,
) -> None:
    stage.archive.save(make_article(SHORT, body="", state=State.HOLLOW))
    with FakeWebArchive(clock=stage.time) as keeper:
        listed = ListedCapture(  # as lines of another archive may say it
            server=keeper.base,
            captured_at="20200101000000",
            url=long_link(1),
            article_id=make_article(SHORT).id,
        )
        stage.archive.web.note_answer(Query(server=keeper.base, query=SHORT, at=NOW), [listed])
        keeper.answer_next(Answer(body=article(2, sn="a" * 9000)))
        _run(stage, keeper.base)
        assert stage.archive.web.counts(keeper.base) == [("another article", 1)]


def test_what_will_be_asked_is_known_before_anything_is_sent(stage: Stage) -> None:
    fill(stage.archive, RUINS[:7])
    stage.archive.save(make_article(SHORT, body="", state=State.HOLLOW))
    with FakeWebArchive(clock=stage.time) as keeper, _client(keeper.base, stage) as client:
        way = WebWay(stage.archive, [client], now=lambda: NOW)
        [plan] = way.plans(Recovery(stage.archive, now=lambda: NOW).missing())
        assert (plan.accounts, plan.links, plan.remembered) == (7, 1, 0)
        assert not keeper.names


def test_an_account_is_asked_for_without_what_careless_copies_lose() -> None:
    assert prefix_of("MzIwMDAwMDAwMA==") == "mp.weixin.qq.com/s?__biz=MzIwMDAwMDAwMA"


def _hold_the_pace(names: Sequence[str], gaps: Sequence[float]) -> None:
    """Whether no start came sooner than the gate allows, each after the one before."""
    for name, gap in zip(names[1:], gaps, strict=True):
        asks_for_a_capture = "id_/" in name
        assert gap >= 2.0
        assert asks_for_a_capture or gap >= 2.5


@pytest.mark.slow
def test_many_accounts_come_back_over_three_restarts_and_a_block(stage: Stage) -> None:
    ruins = [ruin for ruin in RUINS if ruin.number % ACCOUNTS < 10]
    fill(stage.archive, ruins)
    with FakeWebArchive(captures_of(ruins), clock=stage.time) as keeper:
        for take in (40, 60, 1):
            _run(stage, keeper.base, take=take)
        keeper.answer_next(Answer(status=429))
        with pytest.raises(CoolingDown):
            _run(stage, keeper.base)
        stage.time.sleep(3601)
        _run(stage, keeper.base)
        assert len(set(keeper.queries)) == 10
        assert len(keeper.queries) <= 11  # one that the 429 answered, perhaps
        _hold_the_pace(keeper.names, keeper.gaps)
    _hold(stage, ruins)


@pytest.mark.long
@needs_pywb
@pytest.mark.slow
def test_a_real_pywb_gives_back_a_thousand_articles_over_three_restarts(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[tuple[float, str]] = []
    send = Transport.handle_request

    def recorded(self: Transport, request: httpx.Request) -> httpx.Response:
        starts.append((stage.time(), str(request.url)))
        return send(self, request)

    monkeypatch.setattr(Transport, "handle_request", recorded)
    fill(stage.archive)
    stage.archive.save(make_article(SHORT, body="", state=State.HOLLOW))
    short = Held(at="20200101000000", url=SHORT, body=modern("<p>灯塔。</p>", link=SHORT))
    write_captures(tmp_path / "crawl.warc.gz", [*captures_of(), short])
    with pywb(tmp_path / "pywb", tmp_path / "crawl.warc.gz") as base:
        for take in (200, 300, 1, None):
            _run(stage, base, take=take)
    names = [name for _, name in starts]
    assert sum("/cdx?" in name for name in names) == ACCOUNTS
    assert len(set(names)) == len(names)
    assert sum("/timemap/link/" in name for name in names) == 1
    record = stage.archive.get(SHORT)
    assert record
    assert "灯塔。" in record.body
    _hold_the_pace(names, [later[0] - sooner[0] for sooner, later in pairwise(starts)])
    _hold(stage, RUINS)
