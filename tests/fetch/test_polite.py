"""Politeness, asserted on the record of a server: gaps, order, and what was never sent."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from crawler.article import State
from crawler.clean.notices import NOTICES
from crawler.config import FetchConfig
from crawler.errors import BudgetSpent, CoolingDown, FetchError
from crawler.fetch import Fetcher
from crawler.fetch.pace import HOUR, Gate
from crawler.flows.looks import read_look
from crawler.times import SHANGHAI
from tests.fake_answers import Answer, article, long_link, short_link
from tests.fetch.conftest import NO_SILENCE

if TYPE_CHECKING:
    from crawler.fetch.turns import MemoryExchange
    from tests.fake_wechat import FakeWeChat
    from tests.fetch.conftest import FakeTime, OpenFetcher

HOST = "mp.weixin.qq.com"
TOO_OFTEN = [
    words.partition("\n")[0]
    for notice in NOTICES
    if notice.state is State.RATE_LIMITED
    for words in notice.matches
]
PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/tower/640?wx_fmt=png"


def test_a_page_comes_as_it_was_served(open_fetcher: OpenFetcher) -> None:
    response = open_fetcher().get(long_link(3))
    assert response.content == article(3)
    assert response.status == 200
    assert response.charset == "utf-8"
    assert response.url == long_link(3).removesuffix("#rd")
    assert response.redirects == ()
    assert response.block is None
    assert response.headers["content-type"] == "text/html; charset=UTF-8"


def test_requests_start_six_to_ten_seconds_apart(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    fetcher = open_fetcher()
    for number in range(30):
        fetcher.get(long_link(number))
    assert all(6 <= gap <= 10 for gap in wechat.gaps)
    assert max(wechat.gaps) - min(wechat.gaps) > 2
    assert wechat.record[0].host == HOST


def test_a_restart_waits_as_long_as_the_run_before_would_have(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    for number in range(10):
        with open_fetcher() as fetcher:
            fetcher.get(long_link(number))
    assert all(6 <= gap <= 10 for gap in wechat.gaps)


def test_two_runs_at_once_go_no_faster_than_one(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    first, second = open_fetcher(), open_fetcher()
    for number in range(10):
        (first if number % 3 else second).get(long_link(number))
    assert all(6 <= gap <= 10 for gap in wechat.gaps)


def test_the_interval_and_jitter_are_settings(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    fetcher = open_fetcher(interval=20.0, jitter=0.0)
    for number in range(3):
        fetcher.get(long_link(number))
    assert wechat.gaps == pytest.approx([20.0, 20.0])


def test_pictures_have_a_pace_of_their_own_and_no_referer(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    fetcher = open_fetcher()
    fetcher.get(long_link(1))
    for _ in range(3):
        fetcher.get(PICTURE)
    assert all(gap <= 1.5 for gap in wechat.gaps)
    assert wechat.gaps[1] >= 1.0
    assert wechat.record[1].host == "mmbiz.qpic.cn"
    assert "referer" not in wechat.record[1].headers


def test_every_request_says_the_same_of_us_and_asks_for_chinese_and_gzip(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    fetcher = open_fetcher(user_agent="Lighthouse/1.0")
    fetcher.get(short_link("http", 1))
    fetcher.get(PICTURE)
    for seen in wechat.record:
        assert seen.headers["user-agent"] == "Lighthouse/1.0"
        assert seen.headers["accept-language"] == "zh-CN"
        assert seen.headers["accept-encoding"] == "gzip"
    assert len(wechat.record) == 3


def test_cookies_are_never_sent_back(open_fetcher: OpenFetcher, wechat: FakeWeChat) -> None:
    fetcher = open_fetcher()
    for _ in range(2):
        fetcher.get(short_link("cookie"))
    assert all("cookie" not in seen.headers for seen in wechat.record)


def test_one_connection_is_kept_for_all_requests(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    fetcher = open_fetcher()
    for name in ("article", "deleted", "missing", "gallery"):
        fetcher.get(short_link(name))
    assert len({seen.connection for seen in wechat.record}) == 1


def test_credentials_in_a_link_are_not_sent(open_fetcher: OpenFetcher, wechat: FakeWeChat) -> None:
    fetcher = open_fetcher()
    fetcher.get(long_link(1).replace("#rd", "&key=secret&pass_ticket=secret&uin=secret#rd"))
    response = fetcher.get(short_link("http", 1))
    assert not any("secret" in path for path in wechat.names)
    assert "secret" not in response.url
    assert response.url == short_link("article", 1) + "?scene=1"


def test_a_redirect_takes_its_own_turn(open_fetcher: OpenFetcher, wechat: FakeWeChat) -> None:
    response = open_fetcher().get(short_link("steps", 3))
    assert len(wechat.record) == 4
    assert all(gap >= 6 for gap in wechat.gaps)
    assert response.redirects == tuple(short_link("steps", number) for number in (3, 2, 1))
    assert response.url == short_link("article", 1)


@pytest.mark.parametrize(
    "name", ["missing", "limited", "deleted", "verification", "system", "unsigned", "private"]
)
def test_an_answer_is_never_asked_for_again(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, name: str
) -> None:
    open_fetcher().get(short_link(name))
    assert len(wechat.record) == 1


@pytest.mark.parametrize(
    "name", ["busy", "cut", "cut_gzip", "broken_gzip", "not_gzip", "hang_up", "garbage"]
)
def test_what_another_try_may_mend_is_tried_three_times_at_pace(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, name: str
) -> None:
    with pytest.raises(FetchError, match=rf"{name}.*\(3 tries\); try again later"):
        open_fetcher().get(short_link(name))
    assert len(wechat.record) == 3
    assert all(gap >= 6 for gap in wechat.gaps)


def test_a_server_that_falls_silent_is_tried_three_times_at_pace(
    open_fetcher: OpenFetcher, exchange: MemoryExchange, fake_time: FakeTime
) -> None:
    began = fake_time()
    with pytest.raises(FetchError, match=r"too_long.*\(3 tries\); try again later"):
        open_fetcher(limits=NO_SILENCE).get(short_link("too_long"))
    # by the client's own book: who gives up may be heard of later, on a busy machine
    assert exchange.rows[HOST]["used"] == 3
    assert fake_time() - began >= 12


def test_the_time_of_one_address_is_that_of_all_its_tries_together(
    wechat: FakeWeChat, fake_time: FakeTime
) -> None:
    ticks = itertools.count(step=10.0)  # ten seconds pass whenever the time is asked for
    config = FetchConfig(gateway=wechat.url, attempts=10)
    with (
        Fetcher(
            config, clock=fake_time, sleep=fake_time.sleep, monotonic=ticks.__next__
        ) as fetcher,
        pytest.raises(FetchError, match="took more than 90 s in all"),
    ):
        fetcher.get(short_link("busy"))
    assert len(wechat.record) < 10


@pytest.mark.parametrize("name", ["flaky", "mended"])
def test_a_page_that_comes_whole_at_last_is_kept(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, name: str
) -> None:
    assert open_fetcher().get(short_link(name, 2)).content == article(2)
    assert len(wechat.record) == 3


def test_attempts_is_a_setting(open_fetcher: OpenFetcher, wechat: FakeWeChat) -> None:
    with pytest.raises(FetchError) as caught:
        open_fetcher(attempts=1).get(short_link("busy"))
    assert "tries" not in str(caught.value)
    assert "503" in str(caught.value)
    assert len(wechat.record) == 1


@pytest.mark.parametrize("name", ["verification_error", "verification_cut"])
def test_a_verification_page_that_comes_as_an_error_or_cut_short_is_an_answer_all_the_same(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, name: str
) -> None:
    assert b"secitptpage/verify" in open_fetcher().get(short_link(name)).content
    assert len(wechat.record) == 1


@pytest.mark.parametrize("words", TOO_OFTEN)
def test_a_notice_of_being_asked_too_often_is_an_answer_also_as_a_servers_error(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, words: str
) -> None:
    page = f"<html><body><p class='weui-msg__title'>{words}</p></body></html>".encode()
    wechat.answer_next(Answer(status=503, body=page))
    response = open_fetcher().get(long_link(1))
    assert (response.status, response.content) == (503, page)
    look = read_look(page, charset="utf-8", url=response.url, status=response.status)
    assert look.state is State.RATE_LIMITED
    assert len(wechat.record) == 1


def test_an_article_that_quotes_such_a_notice_is_asked_for_again_behind_a_servers_error(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    wechat.answer_next(Answer(status=503, body=article(1, "<p>操作频繁，请稍后再试</p>")))
    assert open_fetcher().get(long_link(1)).status == 200
    assert len(wechat.record) == 2


def test_a_redirect_to_the_captcha_is_the_answer_and_is_not_followed(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    response = open_fetcher().get(short_link("captcha"))
    assert response.url == "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha"
    assert response.block is State.VERIFICATION
    assert response.content == b""
    assert len(wechat.record) == 1


def test_a_retry_after_in_seconds_is_waited_for(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    open_fetcher().get(short_link("busy_seconds", 300))
    assert wechat.gaps == pytest.approx([300])


def test_a_retry_after_as_a_date_is_waited_for(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, fake_time: FakeTime
) -> None:
    date = format_datetime(
        datetime.fromtimestamp(fake_time(), UTC) + timedelta(seconds=500), usegmt=True
    )
    wechat.answer_next(Answer(status=503, headers={"Retry-After": date}))
    open_fetcher().get(long_link(1))
    assert wechat.gaps == pytest.approx([500])


def test_a_retry_after_of_a_week_is_waited_for_up_to_the_first_cool_down(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    open_fetcher().get(short_link("busy_seconds", 7 * 24 * 3600))
    assert wechat.gaps == pytest.approx([HOUR])


def test_a_long_wait_is_told_before_it_begins(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    told: list[tuple[str, float]] = []
    fetcher = open_fetcher(on_wait=lambda host, seconds: told.append((host, seconds)))
    fetcher.get(short_link("busy_seconds", 300))
    fetcher.get(long_link(1))
    [(host, seconds)] = told
    assert host == "mp.weixin.qq.com"
    assert seconds == pytest.approx(300, abs=60)
    assert len(wechat.record) == 3


def test_another_run_obeys_the_same_retry_after(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    with pytest.raises(FetchError):
        open_fetcher(attempts=1).get(short_link("busy_seconds", 300))
    open_fetcher().get(long_link(1))
    assert wechat.gaps == pytest.approx([300])


def test_a_429_is_an_answer_and_says_that_it_is_a_block(open_fetcher: OpenFetcher) -> None:
    response = open_fetcher().get(short_link("limited"))
    assert response.status == 429
    assert response.block is State.RATE_LIMITED
    assert response.headers["retry-after"] == "120"


@pytest.mark.parametrize("state", [State.VERIFICATION, State.RATE_LIMITED])
def test_after_a_block_exactly_nothing_is_sent(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, state: State
) -> None:
    fetcher = open_fetcher()
    fetcher.get(short_link("verification"))
    stop = fetcher.judge(state)
    assert isinstance(stop, CoolingDown)
    for number in range(5):
        with pytest.raises(CoolingDown) as caught:
            fetcher.get(long_link(number))
        assert str(caught.value) == str(stop)
    assert len(wechat.record) == 1


def test_a_cool_down_outlives_the_run_and_says_until_when_and_why(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, fake_time: FakeTime
) -> None:
    with open_fetcher() as fetcher:
        fetcher.get(short_link("verification"))
        fetcher.judge(State.VERIFICATION)
    until = datetime.fromtimestamp(fake_time() + HOUR, SHANGHAI)
    for _ in range(10):
        fake_time.now += HOUR / 11
        with open_fetcher() as fetcher, pytest.raises(CoolingDown) as caught:
            fetcher.get(long_link(1))
    assert len(wechat.record) == 1
    assert (
        f"WeChat asked for verification; nothing is sent until {until:%Y-%m-%d %H:%M} +08:00"
        in str(caught.value)
    )
    assert caught.value.exit_code == 3


def test_each_cool_down_ends_with_one_probe_and_the_next_is_longer(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, fake_time: FakeTime
) -> None:
    for hours in (1, 6, 24, 24):
        fetcher = open_fetcher()
        fetcher.get(short_link("verification"))
        fetcher.judge(State.VERIFICATION)
        fake_time.now += hours * HOUR
    assert wechat.gaps == pytest.approx([1 * HOUR, 6 * HOUR, 24 * HOUR])


def test_while_a_probe_is_not_judged_no_run_sends_anything(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, fake_time: FakeTime
) -> None:
    fetcher = open_fetcher()
    fetcher.judge(State.VERIFICATION)
    fake_time.now += HOUR
    fetcher.get(long_link(1))
    for run in (fetcher, open_fetcher()):
        with pytest.raises(CoolingDown, match="asking whether the block is over"):
            run.get(long_link(2))
    assert len(wechat.record) == 1


def test_a_probe_that_brings_an_article_ends_it_all(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, fake_time: FakeTime, exchange: MemoryExchange
) -> None:
    fetcher = open_fetcher()
    fetcher.get(short_link("verification"))
    fetcher.judge(State.VERIFICATION)
    fake_time.now += HOUR
    for number in range(3):
        fetcher.get(long_link(number))
        assert fetcher.judge(State.OK) is None
    assert len(wechat.record) == 4
    assert Gate.from_row(exchange.rows[HOST]).trips == 0


def test_a_probe_that_brings_no_answer_may_be_sent_again(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, fake_time: FakeTime
) -> None:
    fetcher = open_fetcher()
    fetcher.judge(State.VERIFICATION)
    fake_time.now += HOUR
    with pytest.raises(FetchError):
        fetcher.get(short_link("busy"))
    fetcher.get(long_link(1))
    assert len(wechat.record) == 4


def test_an_unsigned_link_that_is_tried_does_not_trip_the_breaker(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    fetcher = open_fetcher()
    for number in range(3):
        fetcher.get(long_link(number, signed=False))
        assert fetcher.judge(State.UNSIGNED) is None
    assert len(wechat.record) == 3


def test_the_daily_limit_stops_a_run_kindly_and_the_next_day_goes_on(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, fake_time: FakeTime
) -> None:
    fetcher = open_fetcher(daily_limit=3)
    for number in range(3):
        fetcher.get(long_link(number))
    for run in (fetcher, open_fetcher(daily_limit=3)):
        with pytest.raises(BudgetSpent, match="the daily limit is reached; nothing is sent until"):
            run.get(long_link(4))
    assert len(wechat.record) == 3
    fake_time.now += 24 * HOUR
    fetcher.get(long_link(4))
    assert BudgetSpent.exit_code == 1


def test_pictures_do_not_eat_the_budget_of_pages(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    fetcher = open_fetcher(daily_limit=1)
    for _ in range(5):
        fetcher.get(PICTURE)
    fetcher.get(long_link(1))
    assert len(wechat.record) == 6


def test_the_server_asks_for_verification_after_so_many_requests_until_it_forgives(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    wechat.verify_after = 2
    fetcher = open_fetcher()
    pages = [fetcher.get(long_link(number)).content for number in range(4)]
    assert [b"secitptpage/verify" in page for page in pages] == [False, False, True, True]
    wechat.forgive()
    assert fetcher.get(long_link(5)).content == article(5)


def test_the_head_of_an_answer_is_kept_without_what_is_a_readers_or_the_transports(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    headers = {"Server": "nginx", "Set-Cookie": "wxuin=77", "X-Odd": "a\x1bb", "Connection": "x"}
    wechat.answer_next(Answer(body=b"<html>", headers=headers))
    head = open_fetcher().get(short_link("article", 1)).head.split("\r\n")
    assert head[0] == "HTTP/1.1 200 OK"
    assert "Server: nginx" in head
    assert "X-Odd: a?b" in head
    names = {line.partition(":")[0].lower() for line in head[1:]}
    assert not names & {"set-cookie", "connection", "content-encoding", "content-length"}
