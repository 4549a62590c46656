from __future__ import annotations

import gzip
import itertools
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.limits import MB, Body, CutShortError, Deadline, OverLimitError

CONTENT = "潮水退了。".encode() * 200
CUTS = st.lists(st.integers(0, 400), max_size=6)


def fed(body: Body, raw: bytes, cuts: list[int]) -> bytes:
    places = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]
    for start, end in pairwise(places):
        body.feed(raw[start:end])
    return body.finish()


@given(CUTS, st.integers(0, 9))
def test_a_body_is_the_same_however_it_is_cut_into_pieces(cuts: list[int], level: int) -> None:
    assert fed(Body("gzip", 10_000), gzip.compress(CONTENT, level), cuts) == CONTENT
    assert fed(Body("", 10_000), CONTENT, cuts) == CONTENT


@given(st.binary(max_size=2000), st.integers(0, 500), CUTS)
def test_never_more_than_the_bound_is_kept_whatever_comes(
    content: bytes, limit: int, cuts: list[int]
) -> None:
    body = Body("gzip", limit)
    try:
        kept = fed(body, gzip.compress(content * 10), cuts)
    except OverLimitError:
        assert len(body.so_far) <= limit + 1
    else:
        assert kept == content * 10
        assert len(kept) <= limit


@given(st.binary(max_size=300))
def test_bytes_that_are_no_gzip_are_called_cut_short_and_nothing_else(raw: bytes) -> None:
    with pytest.raises(CutShortError):
        fed(Body("gzip", 1000), b"\x1f\x8b" + raw, [])


@given(st.integers(1, len(gzip.compress(CONTENT)) - 1))
def test_gzip_that_stops_anywhere_is_cut_short(end: int) -> None:
    body = Body("gzip", 10_000)
    with pytest.raises(CutShortError):
        fed(body, gzip.compress(CONTENT)[:end], [])
    assert CONTENT.startswith(body.so_far)


def test_a_content_of_exactly_the_bound_is_whole_and_one_byte_more_is_not() -> None:
    assert len(fed(Body("gzip", 1000), gzip.compress(bytes(1000)), [])) == 1000
    with pytest.raises(OverLimitError, match="is larger than 1 MB"):
        fed(Body("gzip", MB), gzip.compress(bytes(MB + 1)), [])


def test_nothing_at_all_is_an_empty_body() -> None:
    assert fed(Body("gzip", 10), b"", []) == fed(Body("", 10), b"", []) == b""


def test_a_name_of_gzip_is_read_in_any_case() -> None:
    assert fed(Body(" X-GZIP ", 10_000), gzip.compress(CONTENT), []) == CONTENT


def test_a_deadline_runs_only_while_it_is_used() -> None:
    moments = itertools.count(100.0, 1.0)  # each look at the clock is a second later
    deadline = Deadline(10.0, clock=lambda: next(moments))
    with deadline.run():
        assert deadline.shorten(3.0, TimeoutError) == 3.0
        assert deadline.shorten(None, TimeoutError) == 8.0
    next(moments)  # a wait, which does not count
    with deadline.run():
        assert deadline.left == 6.0
    deadline = Deadline(0.0)
    with deadline.run(), pytest.raises(TimeoutError):
        deadline.shorten(3.0, TimeoutError)
