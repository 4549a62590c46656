"""What asking a web archive promises: slowly, who we are, nowhere else, and no more than fits."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import httpcore
import pytest

from crawler.errors import ConfigError, CoolingDown, FetchError, InputError
from crawler.fetch import ArchiveClient, pace
from crawler.fetch.limits import Limits
from crawler.fetch.pace import HOUR
from crawler.fetch.web_archive import INDEX_LIMITS
from tests.fake_answers import Answer
from tests.fake_web_archive import FakeWebArchive, Held
from tests.fetch.test_sockets import Sockets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.fetch.turns import MemoryExchange
    from tests.fetch.conftest import FakeTime

PAGE = "http://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=1&idx=1"
MOVED = "http://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2&idx=1"
HELD = (
    Held(at="20200101000000", url=PAGE, body=b"once"),
    Held(at="20210101000000", url=MOVED, status=302, location=PAGE),
)
SMALL = Limits(page=1 << 16)


class OpenClient(Protocol):
    """Opens a run on the test's clock, which shares its gate with the others."""

    def __call__(self, base: str = ..., **given: Any) -> ArchiveClient: ...


@pytest.fixture
def keeper(fake_time: FakeTime) -> Iterator[FakeWebArchive]:
    with FakeWebArchive(HELD, clock=fake_time) as fake:
        yield fake


@pytest.fixture
def open_client(
    fake_time: FakeTime, keeper: FakeWebArchive, exchange: MemoryExchange
) -> Iterator[OpenClient]:
    with ExitStack() as stack:

        def client(base: str = keeper.base, **given: Any) -> ArchiveClient:
            settings: dict[str, Any] = {
                "contact": "mailto:keeper@example.org",
                "exchange": exchange,
                "clock": fake_time,
                "sleep": fake_time.sleep,
                "chance": lambda: 0.0,
                "index_limits": SMALL,
                "capture_limits": SMALL,
            }
            return stack.enter_context(ArchiveClient(base, **(settings | given)))

        yield client


def _raw(keeper: FakeWebArchive, url: str = PAGE, at: str = "20200101000000") -> str:
    return f"{keeper.base}/{at}id_/{url}"


def _query(keeper: FakeWebArchive) -> str:
    return f"{keeper.base}/cdx?url=mp.weixin.qq.com&limit=9"


def test_it_says_who_asks_and_how_to_reach_them(
    open_client: OpenClient, keeper: FakeWebArchive
) -> None:
    open_client().index(_query(keeper))
    [seen] = keeper.record
    assert seen.headers["user-agent"].startswith("wechat-article-archive/")
    assert seen.headers["user-agent"].endswith(" (+mailto:keeper@example.org)")
    assert not {"cookie", "referer"} & seen.headers.keys()


def test_a_web_archive_is_asked_in_a_network_that_the_user_trusts(open_client: OpenClient) -> None:
    base, sockets = "https://web.archive.org/web", Sockets()
    given: dict[str, Any] = {"resolve": lambda *_: ["198.18.0.7"], "sockets": sockets}
    with pytest.raises(FetchError, match="trusted_networks"):
        open_client(base, **given).index(f"{base}/cdx?url=mp.weixin.qq.com&limit=9")
    assert sockets.asked == []
    trusting = open_client(base, trusted_networks=("198.18.0.0/15",), **given)
    with pytest.raises(NotImplementedError):  # of sockets that lead nowhere
        trusting.index(f"{base}/cdx?url=mp.weixin.qq.com&limit=9")
    assert sockets.asked == ["198.18.0.7:443"]


def test_a_long_wait_for_the_keepers_is_told_before_it_begins(
    open_client: OpenClient, keeper: FakeWebArchive, exchange: MemoryExchange, fake_time: FakeTime
) -> None:
    told: list[tuple[str, float]] = []
    client = open_client(on_wait=lambda host, seconds: told.append((host, seconds)))
    client.index(_query(keeper))
    exchange.rows = {  # as another run leaves the gate that a server asked to wait
        host: pace.hold_back(pace.Gate.from_row(row), 300, fake_time()).to_row()
        for host, row in exchange.rows.items()
    }
    client.index(_query(keeper))
    [(host, seconds)] = told
    assert host == client.host
    assert seconds == pytest.approx(300, abs=60)


@pytest.mark.parametrize("contact", ["", "  ", "灯塔", "a\r\nb: c"])
def test_nobody_asks_without_an_address_that_can_be_sent(
    open_client: OpenClient, contact: str
) -> None:
    with pytest.raises(ConfigError, match="contact"):
        open_client(contact=contact)


@pytest.mark.parametrize("base", ["https://", "https://a@b/web", "https://b/web?x=1"])
def test_an_address_that_is_no_archives_is_refused(open_client: OpenClient, base: str) -> None:
    with pytest.raises(ConfigError, match="no address of an archive"):
        open_client(base)


def test_the_index_is_asked_24_times_a_minute_and_captures_30_over_restarts(
    open_client: OpenClient, keeper: FakeWebArchive
) -> None:
    for _ in range(3):
        with open_client() as client:
            for _ in range(3):
                client.index(_query(keeper))
            client.capture(_raw(keeper))
            client.capture(_raw(keeper))
    by_index = [later for later in range(1, 15) if "/cdx?" in keeper.names[later]]
    assert len(by_index) == 8
    for later, gap in enumerate(keeper.gaps, start=1):
        assert gap >= (2.5 if later in by_index else 2.0)


@pytest.mark.parametrize("status", [429, 503])
def test_who_is_asked_to_slow_down_asks_that_host_for_nothing_more(
    open_client: OpenClient, keeper: FakeWebArchive, status: int
) -> None:
    keeper.answer_next(Answer(status=status))
    with pytest.raises(CoolingDown, match="the server asked to slow down"):
        open_client().index(_query(keeper))
    for ask in (open_client().index, open_client().capture):  # in other runs, too
        with pytest.raises(CoolingDown):
            ask(_raw(keeper))
    assert len(keeper.record) == 1


def test_cool_downs_double_until_an_answer_comes(
    open_client: OpenClient, keeper: FakeWebArchive, fake_time: FakeTime
) -> None:
    for hours in (1, 2, 4):
        keeper.answer_next(Answer(status=429))
        with pytest.raises(CoolingDown):
            open_client().index(_query(keeper))
        fake_time.sleep(hours * HOUR - 1)
        with pytest.raises(CoolingDown):
            open_client().index(_query(keeper))
        fake_time.sleep(2)
    open_client().index(_query(keeper))
    keeper.answer_next(Answer(status=429))
    with pytest.raises(CoolingDown):
        open_client().index(_query(keeper))
    fake_time.sleep(HOUR + 1)
    assert open_client().index(_query(keeper)).status == 200


def test_the_question_that_tries_whether_a_cool_down_is_over_has_its_second_try(
    open_client: OpenClient, keeper: FakeWebArchive, fake_time: FakeTime
) -> None:
    keeper.answer_next(Answer(status=429), Answer(status=502))
    with pytest.raises(CoolingDown):
        open_client().index(_query(keeper))
    fake_time.sleep(HOUR + 1)
    assert open_client().index(_query(keeper)).status == 200
    assert len(keeper.record) == 3


def test_a_retry_after_that_is_longer_is_obeyed(
    open_client: OpenClient, keeper: FakeWebArchive, fake_time: FakeTime
) -> None:
    keeper.answer_next(Answer(status=503, headers={"Retry-After": str(int(3 * HOUR))}))
    with pytest.raises(CoolingDown):
        open_client().index(_query(keeper))
    fake_time.sleep(3 * HOUR - 1)
    with pytest.raises(CoolingDown):
        open_client().index(_query(keeper))
    assert len(keeper.record) == 1


def test_a_retry_after_of_a_server_that_fails_is_waited_for_before_it_is_asked_again(
    open_client: OpenClient, keeper: FakeWebArchive
) -> None:
    keeper.answer_next(Answer(status=502, headers={"Retry-After": "100"}))
    assert open_client().capture(_raw(keeper)).content == b"once"
    assert keeper.gaps[0] >= 100


def test_who_fails_and_asks_for_long_patience_is_left_alone_and_not_waited_for(
    open_client: OpenClient, keeper: FakeWebArchive, fake_time: FakeTime
) -> None:
    keeper.answer_next(Answer(status=502, headers={"Retry-After": "3600"}))
    with pytest.raises(CoolingDown):
        open_client().capture(_raw(keeper))
    assert len(keeper.record) == 1
    assert sum(fake_time.slept) < 60


def test_an_index_may_look_for_more_than_a_minute_before_it_answers(
    keeper: FakeWebArchive, open_client: OpenClient
) -> None:
    patience: list[float | None] = []

    class Patient(httpcore.SyncBackend):
        def connect_tcp(self, *given: Any, **named: Any) -> httpcore.NetworkStream:
            stream = super().connect_tcp(*given, **named)
            read = stream.read

            def noted(max_bytes: int, timeout: float | None = None) -> bytes:
                patience.append(timeout)
                return read(max_bytes, timeout)

            stream.read = noted  # type: ignore[method-assign]
            return stream

    client = open_client(index_limits=INDEX_LIMITS, sockets=Patient())
    assert client.index(_query(keeper)).status == 200
    assert patience[0] is not None
    assert patience[0] > 60


def test_a_captured_429_is_that_page_and_closes_nothing(
    open_client: OpenClient, keeper: FakeWebArchive
) -> None:
    headers = {"Memento-Datetime": "Wed, 01 Jan 2020 00:00:00 GMT"}
    keeper.answer_next(Answer(status=429, headers=headers), Answer(status=503, headers=headers))
    client = open_client()
    assert (client.capture(_raw(keeper)).status, client.capture(_raw(keeper)).status) == (429, 503)
    assert client.capture(_raw(keeper)).content == b"once"


def test_a_capture_comes_with_its_moment(open_client: OpenClient, keeper: FakeWebArchive) -> None:
    response = open_client().capture(_raw(keeper, at="20200101000001"))
    assert response.content == b"once"
    assert response.headers["memento-datetime"] == "Wed, 01 Jan 2020 00:00:00 GMT"


def test_a_captured_redirect_is_followed_inside_the_archive(
    open_client: OpenClient, keeper: FakeWebArchive
) -> None:
    response = open_client().capture(_raw(keeper, MOVED, "20210101000000"))
    assert (response.content, response.url) == (b"once", _raw(keeper, at="20210101000000"))
    assert len(keeper.record) == 2
    assert keeper.gaps[0] >= 2.0


def test_a_captured_redirect_to_a_captcha_is_the_whole_answer_and_its_token_goes_nowhere(
    open_client: OpenClient, keeper: FakeWebArchive
) -> None:
    target = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=HFabc&target_url=x"
    moved = Held(at="20210101000000", url=MOVED, status=302, location=target)
    keeper.held[moved.key] = [moved]
    response = open_client().capture(_raw(keeper, MOVED, "20210101000000"))
    assert response.url.endswith("id_/https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha")
    assert len(keeper.record) == 1


@pytest.mark.parametrize("target", ["https://evil.example/", "http://127.0.0.1:1/", "//a.example"])
def test_a_redirect_out_of_the_archives_host_is_not_followed(
    open_client: OpenClient, keeper: FakeWebArchive, target: str
) -> None:
    keeper.answer_next(Answer(status=302, headers={"Location": target}))
    with pytest.raises(FetchError, match="which is not on 127"):
        open_client().capture(_raw(keeper))
    assert len(keeper.record) == 1


BROKEN = ["http://[", "//[x", "http://a]b/", "/{raw}http://[x", "/\x01", "/web/\x7f"]


@pytest.mark.parametrize("target", BROKEN)
def test_a_redirect_to_what_is_no_address_is_an_answer_that_did_not_come(
    open_client: OpenClient, keeper: FakeWebArchive, target: str
) -> None:
    whole = target.replace("{raw}", "web/20200101000000id_/")
    keeper.answer_next(*[Answer(status=302, headers={"Location": whole})] * 10)
    with pytest.raises(FetchError, match=r"no address|redirects more than"):
        open_client().capture(_raw(keeper))


def test_a_circle_of_redirects_ends(open_client: OpenClient, keeper: FakeWebArchive) -> None:
    again = Answer(status=302, headers={"Location": _raw(keeper)})
    keeper.answer_next(*[again] * 10)
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        open_client().capture(_raw(keeper))
    assert len(keeper.record) == 6


def test_no_other_host_is_asked(open_client: OpenClient, keeper: FakeWebArchive) -> None:
    with pytest.raises(InputError, match="is not on 127"):
        open_client().capture("https://web.archive.org/web/20200101000000id_/http://a/")
    assert not keeper.record


def test_a_capture_of_gigabytes_is_left_after_as_much_as_may_be(
    open_client: OpenClient, keeper: FakeWebArchive
) -> None:
    sent = []

    def endless() -> Iterator[bytes]:
        for _ in range(2 << 10):  # MB
            sent.append(1)
            yield b"x" * (1 << 20)

    keeper.answer_next(Answer(pieces=endless(), length=2 << 30, gzip=False))
    with pytest.raises(FetchError, match="is larger than"):
        open_client().capture(_raw(keeper))
    assert len(sent) < 64


def test_what_breaks_off_is_asked_for_once_more_in_its_turn(
    open_client: OpenClient, keeper: FakeWebArchive
) -> None:
    keeper.answer_next(Answer(status=500), Answer(body=b"x" * 99, cut=9))
    with pytest.raises(FetchError, match="2 tries"):
        open_client().capture(_raw(keeper))
    assert keeper.gaps[0] >= 2.0
