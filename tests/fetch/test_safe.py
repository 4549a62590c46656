"""Safety, against whatever answers.

Bounds on size and time, redirects checked, addresses checked when connecting.
"""

from __future__ import annotations

import resource
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from crawler.config import FetchConfig
from crawler.errors import ConfigError, ConnectionFailed, FetchError, InputError
from crawler.fetch import Fetcher
from crawler.fetch.limits import Limits
from crawler.fetch.response import opened
from tests.fake_answers import ESCAPES, PNG, Answer, article, long_link, short_link, token
from tests.fetch.conftest import NO_LENGTH, NO_SILENCE, PATIENT

if TYPE_CHECKING:
    from tests.fake_wechat import FakeWeChat
    from tests.fetch.conftest import OpenFetcher


def megabytes_at_most() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_the_bounds_are_those_that_we_promise() -> None:
    assert Limits() == Limits(
        connect=15.0, silence=30.0, total=90.0, page=16 << 20, picture=32 << 20
    )


@pytest.mark.parametrize("name", ["bomb", "endless", "empty_blocks"])
def test_an_answer_without_end_ends_at_the_bound_and_is_not_asked_for_again(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, name: str
) -> None:
    with pytest.raises(FetchError, match=rf"{token(name)}: is larger than 1 MB"):
        open_fetcher(limits=Limits(page=1 << 20)).get(short_link(name))
    assert len(wechat.record) == 1


def test_a_bomb_takes_no_more_memory_than_a_page_may_have(open_fetcher: OpenFetcher) -> None:
    fetcher = open_fetcher(limits=Limits())
    with pytest.raises(FetchError):  # warms up what is loaded once, and makes the bomb
        fetcher.get(short_link("bomb"))
    before = megabytes_at_most()
    with pytest.raises(FetchError, match="is larger than 16 MB"):
        fetcher.get(short_link("bomb"))
    assert megabytes_at_most() - before < 40


def test_a_bomb_inside_gzip_is_opened_once_and_stays_packed(open_fetcher: OpenFetcher) -> None:
    assert open_fetcher().get(short_link("double_bomb")).content.startswith(b"\x1f\x8b")


@pytest.mark.parametrize("name", ["brotli", "double"])
def test_an_encoding_that_was_not_asked_for_is_refused_once(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, name: str
) -> None:
    with pytest.raises(FetchError, match="though only gzip was asked for"):
        open_fetcher().get(short_link(name))
    assert len(wechat.record) == 1


@pytest.mark.parametrize(
    ("name", "limits", "bound"),
    [
        ("silent", NO_SILENCE, "sent nothing for 0.3 s"),
        ("drip", NO_LENGTH, "took more than 1.5 s in all"),
        ("drip_head", NO_LENGTH, "took more than 1.5 s in all"),
        ("hints", NO_LENGTH, "took more than 1.5 s in all"),
    ],
)
def test_whoever_dawdles_is_left_at_the_bound_that_the_error_names(
    open_fetcher: OpenFetcher, name: str, limits: Limits, bound: str
) -> None:
    with pytest.raises(FetchError, match=f"{token(name)}: {bound}"):
        open_fetcher(attempts=1, limits=limits).get(short_link(name))


def test_the_time_for_one_page_is_shared_by_its_redirects_but_not_by_the_waits_between(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    slow = Answer(
        status=302,
        headers={"Location": short_link("article", 1)},
        pieces=[b""],
        pause=0.25,
        drip=False,
    )
    wechat.answer_next(slow)
    assert open_fetcher().get(short_link("article", 2)).content == article(1)
    assert wechat.gaps[0] >= 6


def test_a_page_may_be_as_large_as_real_ones_are(open_fetcher: OpenFetcher) -> None:
    limits = replace(PATIENT, page=Limits().page)
    page = open_fetcher(limits=limits).get(short_link("heavy", 15)).content
    assert 14 << 20 < len(page) < 16 << 20


def test_a_picture_may_be_twice_as_large_as_a_page(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    fetcher = open_fetcher()
    wechat.answer_next(
        Answer(body=bytes(PATIENT.page + 1)), Answer(body=bytes(PATIENT.picture + 1))
    )
    assert len(fetcher.get("https://mmbiz.qpic.cn/mmbiz_png/tower/0").content) == PATIENT.page + 1
    with pytest.raises(FetchError, match="is larger than 2 MB"):
        fetcher.get("https://mmbiz.qpic.cn/mmbiz_png/tower/0")


def test_a_picture_comes_byte_for_byte(open_fetcher: OpenFetcher) -> None:
    response = open_fetcher().get("http://mmbiz.qpic.cn/mmbiz_png/tower/0?wx_fmt=png")
    assert response.content == PNG
    assert response.headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("answer", "has_end"),
    [
        (Answer(body=PNG), True),
        (Answer(body=PNG, gzip=False), True),
        (Answer(body=PNG, gzip=False, pieces=[PNG]), False),
    ],
    ids=["gzip", "length", "neither"],
)
def test_whether_an_answer_says_where_it_ends_is_known(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, answer: Answer, *, has_end: bool
) -> None:
    wechat.answer_next(answer)
    assert open_fetcher().get("https://mmbiz.qpic.cn/mmbiz_png/tower/0").has_end is has_end


@pytest.mark.parametrize("name", ["trailing", "plain"])
def test_what_stands_behind_the_end_or_comes_unpacked_is_no_error(
    open_fetcher: OpenFetcher, name: str
) -> None:
    assert open_fetcher().get(short_link(name, 4)).content == article(4)


@pytest.mark.parametrize("name", ["too_short", "bad_length", "long_head"])
def test_a_head_that_lies_ends_in_an_error_that_names_the_page(
    open_fetcher: OpenFetcher, name: str
) -> None:
    with pytest.raises(FetchError, match=name):
        open_fetcher(attempts=1).get(short_link(name))


@pytest.mark.parametrize("number", range(len(ESCAPES)), ids=lambda number: ESCAPES[number][:60])
def test_a_redirect_that_leads_away_is_refused_before_anything_is_sent(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, number: int
) -> None:
    with pytest.raises(
        FetchError, match=rf"{token('escape', number)}: leads to .*; nothing was sent there"
    ):
        open_fetcher().get(short_link("escape", number))
    assert len(wechat.record) == 1


@pytest.mark.parametrize(("name", "requests"), [("loop", 1), ("ping", 2)])
def test_a_circle_of_redirects_is_left_when_it_closes(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, name: str, requests: int
) -> None:
    with pytest.raises(FetchError, match=f"{token(name)}: redirects in a circle"):
        open_fetcher().get(short_link(name))
    assert len(wechat.record) == requests


def test_five_redirects_are_followed_and_no_sixth(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    fetcher = open_fetcher()
    assert len(fetcher.get(short_link("steps", 5)).redirects) == 5
    with pytest.raises(FetchError, match=f"{token('steps', 6)}: redirects more than 5 times"):
        fetcher.get(short_link("steps", 6))
    assert len(wechat.record) == 6 + 6


def test_a_redirect_to_http_is_followed_as_https(open_fetcher: OpenFetcher) -> None:
    assert open_fetcher().get(short_link("http", 1)).url.startswith("https://")


def test_the_body_of_a_redirect_is_not_read(open_fetcher: OpenFetcher) -> None:
    assert open_fetcher().get(short_link("endless_redirect")).content == article(1)


@pytest.mark.parametrize(
    "url", [*ESCAPES, "", "no address", "https://", "mp.weixin.qq.com\x00.evil.example", "\ud800"]
)
def test_an_address_that_is_not_allowed_is_refused_unsent_and_named(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, url: str
) -> None:
    with pytest.raises(InputError) as caught:
        open_fetcher().get(url)
    assert wechat.record == []
    assert str(caught.value).isprintable()


def test_a_lone_surrogate_in_a_pictures_address_is_refused(open_fetcher: OpenFetcher) -> None:
    with pytest.raises(InputError, match="is no address"):
        open_fetcher().get("https://mmbiz.qpic.cn/\ud800.png")


def test_a_setting_allows_another_host(open_fetcher: OpenFetcher, wechat: FakeWeChat) -> None:
    response = open_fetcher(hosts=("feeds.example.cn",)).get("https://feeds.example.cn/feed")
    assert response.content.startswith(b"<rss")
    assert wechat.record[0].host == "feeds.example.cn"


def test_what_a_stranger_writes_into_a_header_reaches_no_terminal(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    wechat.answer_next(
        Answer(headers={"Content-Type": "text/html; charset=\x1b[31m", "Last-Modified": "\x9b31m"})
    )
    response = open_fetcher().get(long_link(1))
    assert response.charset == ""
    assert all(value.isprintable() for value in response.headers.values())


def test_a_line_of_a_head_that_is_none_is_not_repeated(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    wechat.answer_next(Answer(headers={"Set-Cookie pass_ticket=5ecre0001": "A" * 60_000}))
    with pytest.raises(FetchError, match=r"broke off: illegal header line: \.\.\."):
        open_fetcher(attempts=1).get(long_link(1))


def test_what_a_stranger_writes_beside_the_status_steers_no_terminal() -> None:
    answer = httpx.Response(200, extensions={"reason_phrase": b"\x1b[31m \x07 OK"})
    assert opened(long_link(1), answer).head == "HTTP/1.1 200 ?[31m ? OK"


@pytest.mark.parametrize(
    "told",
    [f"charset*{'9' * 4400}=x", "charset*=%00''x", "charset*=%; charset*0=%"],
    ids=["9s", "null", "two ways"],
)
def test_a_charset_that_pythons_reader_of_mail_falls_over_is_none(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, told: str
) -> None:
    wechat.answer_next(Answer(headers={"Content-Type": f"text/html; {told}"}))
    assert open_fetcher().get(long_link(1)).charset == ""


@pytest.mark.parametrize("length", [500, 2_000])
def test_a_type_is_read_no_further_than_any_has_to_be(
    open_fetcher: OpenFetcher, wechat: FakeWeChat, length: int
) -> None:
    told = f'text/html; a="{";" * length}"; charset=gbk'
    wechat.answer_next(Answer(headers={"Content-Type": told}))
    assert open_fetcher().get(long_link(1)).charset == ("gbk" if length == 500 else "")


def test_what_a_stranger_writes_into_a_redirect_reaches_no_terminal(
    open_fetcher: OpenFetcher, wechat: FakeWeChat
) -> None:
    escapes = "https://evil.example/\x1b[31m\x9b31m\u202e".encode().decode("latin-1")
    wechat.answer_next(Answer(status=302, headers={"Location": escapes}))
    with pytest.raises(FetchError, match=r"evil\.example") as caught:
        open_fetcher().get(long_link(1))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "198.18.0.7", "::1", "::", "fe80::1%eth0", "fc00::1",
        "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "fec0::2", "nonsense",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_when_connecting(address: str) -> None:
    with (
        Fetcher(FetchConfig(attempts=1), resolve=lambda *_: [address]) as fetcher,
        pytest.raises(ConnectionFailed, match=r"was not asked: .* on the open internet") as caught,
    ):
        fetcher.get(long_link(1))
    assert caught.value.subject.startswith("https://mp.weixin.qq.com/s?")


def test_one_inside_address_among_open_ones_condemns_the_name() -> None:
    with (
        Fetcher(FetchConfig(), resolve=lambda *_: ["93.184.216.34", "127.0.0.1"]) as fetcher,
        pytest.raises(FetchError, match=r"resolves to 127\.0\.0\.1"),
    ):
        fetcher.get(long_link(1))


def test_a_name_that_does_not_resolve_is_tried_again_and_then_named() -> None:
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        raise OSError("no such name")

    with (
        Fetcher(
            FetchConfig(interval=0.0, jitter=0.0), resolve=resolve, sleep=lambda _: None
        ) as fetcher,
        pytest.raises(
            FetchError,
            match=r"cannot be reached: mp.weixin.qq.com cannot be resolved .*\(3 tries\)",
        ),
    ):
        fetcher.get(long_link(1))
    assert asked == [("mp.weixin.qq.com", 443)] * 3


def test_proxies_of_the_environment_are_not_used(
    open_fetcher: OpenFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert open_fetcher().get(long_link(1)).content == article(1)


@pytest.mark.parametrize(
    "settings",
    [
        {"gateway": "http://127.0.0.1:8765/path"},
        {"gateway": "http://user@127.0.0.1:8765"},
        {"gateway": "http://"},
        {"gateway": "http://xn--/"},
        {"gateway": "http://127.0.0.1:port"},
        {"user_agent": "line\nbreak"},
        {"user_agent": "灯塔"},
        {"trusted_networks": ("198.18.0.0/99",)},
    ],
)
def test_a_setting_that_cannot_work_is_named_before_anything_is_sent(
    settings: dict[str, str],
) -> None:
    name = next(iter(settings))
    with pytest.raises(ConfigError, match=rf"\[fetch\] {name}"):
        Fetcher(FetchConfig(**settings))  # type: ignore[arg-type]
