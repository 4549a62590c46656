"""What reading TimeMaps promises."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.clean.captures import read_timemap

LINK = "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstuv"
BASE = "https://web.archive.org/web"
MAP = f"""<{LINK}>; rel="original",
<{BASE}/timemap/link/{LINK}>; rel="self"; type="application/link-format"; from="Sat, 20 Jun 2020",
<{BASE}/{LINK}>; rel="timegate",
<{BASE}/20200620180259/{LINK}>; rel="first memento"; datetime="Sat, 20 Jun 2020 18:02:59 GMT",
<{BASE}/20210101000000/{LINK}>; rel="last memento"; datetime="Fri, 01 Jan 2021 00:00:00 GMT"
"""


def test_the_mementos_of_a_timemap_are_captures() -> None:
    listed = read_timemap(MAP.encode())
    assert [one.at for one in listed.captures] == ["20200620180259", "20210101000000"]
    assert {one.url for one in listed.captures} == {LINK}
    assert (listed.maps, listed.flaws, listed.problem) == ((), (), "")


def test_another_timemap_is_what_follows_and_never_itself() -> None:
    listed = read_timemap(MAP.encode() + f",<{BASE}/timemap/link/2/{LINK}>;rel=timemap".encode())
    assert listed.maps == (f"{BASE}/timemap/link/2/{LINK}",)


def test_a_timemap_in_another_form_says_the_same_once_more() -> None:
    other = f',<{BASE}/timemap/json/{LINK}>;rel="timemap";type="application/json"'
    assert read_timemap(MAP.encode() + other.encode()).maps == ()


def test_a_memento_that_cannot_be_replayed_is_a_flaw() -> None:
    listed = read_timemap(f'<https://archive.example/x/{LINK}>; rel="memento"'.encode())
    assert listed.flaws == ("link 1 is no memento that can be replayed",)


def test_a_timemap_that_ends_within_a_link_is_no_whole_answer() -> None:
    whole = MAP.rstrip().encode()
    assert not read_timemap(whole).problem
    assert not read_timemap(b"").problem
    target = whole.rindex(b"<")
    quoted = whole.rindex(b'"')
    for place in (*range(target + 1, whole.rindex(b">")), *range(quoted - 9, quoted)):
        assert read_timemap(whole[:place]).problem == "was cut short: its last link is broken"


def test_a_link_may_hold_commas_and_semicolons() -> None:
    odd = f"{LINK}?a=1,2;b"
    listed = read_timemap(f'<{BASE}/20200620180259/{odd}>; rel="memento"'.encode())
    assert [one.url for one in listed.captures] == [odd]


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><p class=a>Sorry</p>", b"no captures"])
def test_a_page_or_words_are_no_timemap(content: bytes) -> None:
    assert read_timemap(content).problem == "was answered with no TimeMap"


def test_of_a_link_is_kept_what_is_read_of_it_whatever_else_it_says() -> None:
    others = ";".join(f"p{number}=q{number}" for number in range(19))
    content = f"<x>;rel=a;{others},\n".encode() * 20_000 + "😀".encode()
    tracemalloc.start()
    assert read_timemap(content).lines == 20_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2 * len(content)


@given(some.binary(max_size=300) | some.text(max_size=300).map(lambda text: text.encode()))
def test_nothing_that_a_server_sends_breaks_the_reader(content: bytes) -> None:
    assert read_timemap(content).captures is not None


@pytest.mark.parametrize("day", ["Wed, 30 Jun 99999999999999999999 21:36:20 GMT", "9" * 5000])
def test_of_a_day_that_is_none_the_moment_of_the_address_counts(day: str) -> None:
    memento = f'<{BASE}/20200620180259/{LINK}>; rel="memento"; datetime="{day}"'
    assert [one.at for one in read_timemap(memento.encode()).captures] == ["20200620180259"]
