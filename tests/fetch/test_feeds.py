"""Feeds from the user's own servers, which nothing else may reach."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from crawler.config import FetchConfig
from crawler.errors import ConfigError, FetchError, InputError
from crawler.fetch import FeedFetcher, Fetcher
from crawler.fetch.addresses import is_inside, origin_of
from tests.fake_answers import Answer, short_link
from tests.fake_wechat import FakeWeChat
from tests.fetch.conftest import PATIENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fetch.conftest import FakeTime


@pytest.fixture
def own(fake_time: FakeTime) -> Iterator[FakeWeChat]:
    """A server of the user's own, which has a feed at /feed."""
    with FakeWeChat(clock=fake_time) as fake:
        yield fake


@contextmanager
def feeds(fake_time: FakeTime, **settings: Any) -> Iterator[FeedFetcher]:
    config = FetchConfig(**({"attempts": 1} | settings))
    seams: dict[str, Any] = {"clock": fake_time, "sleep": fake_time.sleep, "limits": PATIENT}
    with FeedFetcher(config, **seams) as fetcher:
        yield fetcher


def test_a_server_that_a_setting_names_is_asked_directly_and_as_it_stands(
    fake_time: FakeTime, wechat: FakeWeChat, own: FakeWeChat
) -> None:
    with feeds(fake_time, feeds=(own.url,), gateway=wechat.url) as fetcher:
        response = fetcher.get(f"{own.url}/feed?key=mine&limit=20#top")
    assert response.content.startswith(b"<rss")
    assert own.names == ["/feed?key=mine&limit=20"]
    assert own.record[0].host == own.url.removeprefix("http://")
    assert wechat.record == []


def test_without_the_setting_nothing_is_sent_and_the_error_says_what_to_write(
    fake_time: FakeTime, own: FakeWeChat
) -> None:
    with feeds(fake_time) as fetcher, pytest.raises(InputError) as caught:
        fetcher.get(f"{own.url}/feed")
    assert caught.value.what == "is on a server that no setting names"
    assert f'[fetch] feeds = ["{own.url}"]' in caught.value.advice
    assert own.record == []


@pytest.mark.parametrize("other", ["http://127.0.0.1:1", "http://localhost:{port}", "https://{at}"])
def test_the_setting_opens_that_scheme_host_and_port_alone(
    fake_time: FakeTime, own: FakeWeChat, other: str
) -> None:
    at = own.url.removeprefix("http://")
    address = other.format(at=at, port=at.partition(":")[2])
    with feeds(fake_time, feeds=(own.url,)) as fetcher, pytest.raises(InputError):
        fetcher.get(f"{address}/feed")
    assert own.record == []


def test_what_fetches_articles_never_asks_a_server_of_feeds(own: FakeWeChat) -> None:
    with Fetcher(FetchConfig(feeds=(own.url,))) as fetcher, pytest.raises(InputError):
        fetcher.get(f"{own.url}/feed")
    assert own.record == []


def test_no_redirect_from_elsewhere_leads_to_a_server_of_the_user(
    fake_time: FakeTime, wechat: FakeWeChat, own: FakeWeChat
) -> None:
    wechat.answer_next(Answer(status=302, headers={"Location": f"{own.url}/feed"}))
    with (
        feeds(fake_time, feeds=(own.url,), gateway=wechat.url) as fetcher,
        pytest.raises(FetchError, match="nothing was sent there"),
    ):
        fetcher.get(short_link("article", 1))
    assert own.record == []


def test_a_redirect_of_the_users_server_leads_to_itself_or_to_allowed_hosts_only(
    fake_time: FakeTime, own: FakeWeChat
) -> None:
    with feeds(fake_time, feeds=(own.url,)) as fetcher:
        own.answer_next(Answer(status=302, headers={"Location": "/feed"}))
        assert fetcher.get(f"{own.url}/feeds/all").content.startswith(b"<rss")
        own.answer_next(Answer(status=302, headers={"Location": "http://127.0.0.1:1/feed"}))
        with pytest.raises(FetchError, match="nothing was sent there"):
            fetcher.get(f"{own.url}/feeds/all")


def test_a_public_name_that_leads_inside_is_refused_though_the_setting_names_it(
    fake_time: FakeTime,
) -> None:
    config = FetchConfig(attempts=1, feeds=("https://feeds.example.org",))
    with (
        FeedFetcher(config, clock=fake_time, resolve=lambda *_: ["192.168.1.9"]) as fetcher,
        pytest.raises(FetchError, match="trusted_networks"),
    ):
        fetcher.get("https://feeds.example.org/wechat.xml")


@pytest.mark.parametrize("setting", ["http://127.0.0.1:1200/rss", "http://me@nas:80", "http://"])
def test_a_setting_that_is_no_origin_is_named(setting: str) -> None:
    with pytest.raises(ConfigError, match=r"\[fetch\] feeds"):
        FeedFetcher(FetchConfig(feeds=(setting,)))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTP://LocalHost:80/feed", "http://localhost"),
        ("http://[::1]:1200/x?y", "http://[::1]:1200"),
        ("https://rss.example.org:443", "https://rss.example.org"),
        ("http://you:secret@127.0.0.1/", ""),
        ("ftp://127.0.0.1/", ""),
        ("http://[::1", ""),
        ("http://127.0.0.1:port/", ""),
        ("feed.xml", ""),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("host", ["localhost", "wewe-rss", "127.0.0.1", "::1", "nas.lan"])
def test_a_host_that_only_the_user_can_mean_is_inside(host: str) -> None:
    assert is_inside(host)


@pytest.mark.parametrize("host", ["rss.example.org", "localhost.example.org", "127.0.0.1.nip.io"])
def test_a_name_that_anybody_may_own_is_not(host: str) -> None:
    assert not is_inside(host)
