"""Which of two copies is the better one: the whole truth, as a table."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import pytest

from crawler.article import Origin, Rank, State, supersedes


def _copy(
    state: str, origin: str = "seed", day: int = 1, characters: int = 100, evidence: str = ""
) -> Rank:
    return Rank(
        state=State(state),
        origin=Origin(origin),
        fetch_date=f"2026-01-{day:02}",
        characters=characters if State(state).has_body else 0,
        evidence=evidence or f"{state}-{origin}-{day}-{characters}",
    )


def _adopted(producer: str, day: int = 1) -> Rank:
    return replace(
        _copy("ok", "adopted", day, evidence=f"{producer}-{day}"),
        producer=producer,
    )


# Better copy, worse copy, and why.
TABLE = (
    (
        _copy("ok"),
        _copy("truncated", "fetch", 9, 9000),
        "a whole article beats a part, however long and late",
    ),
    (_copy("ok", day=1), _copy("deleted", "fetch", 9), "a notice is no copy"),
    (_copy("ok", day=1), _copy("verification", "fetch", 9), "a notice is no copy"),
    (_copy("truncated", day=1), _copy("hollow", day=9), "a part beats nothing"),
    (_copy("paid", "fetch", 1), _copy("deleted", "fetch", 9), "a preview beats nothing"),
    (_copy("ok", "fetch", 1), _copy("ok", "seed", 9), "a page beats a seed of it"),
    (
        _copy("ok", "fetch", 9),
        _copy("ok", "fetch", 1),
        "the later page shows what the author changed",
    ),
    (_copy("ok", "seed", 1), _adopted("exporter", 9), "a seed beats another tool's copy"),
    (_adopted("exporter"), _adopted("jina", 9), "a whole page's copy beats a reader's"),
    (_adopted("simpread"), _adopted("unknown", 9), "a known tool beats anybody's note"),
    (_adopted("unknown"), _adopted("text", 9), "a note beats plain text"),
    (_adopted("exporter", 9), _adopted("jackwener", 1), "of two like tools the later copy"),
    (_copy("ok", "seed", 9), _copy("ok", "seed", 1), "the later seed wins"),
    (
        replace(_copy("ok", "seed", 1, 10), has_page=True),
        _copy("ok", "seed", 1, 99),
        "of one look a page's seed beats a document that somebody wrote in",
    ),
    (
        _copy("ok", "fetch", 9, 10),
        _copy("ok", "fetch", 1, 99),
        "a whole article may have become shorter",
    ),
    (
        _copy("truncated", "seed", 1, 200),
        _copy("truncated", "seed", 9, 199),
        "of two parts the longer one",
    ),
    (
        _copy("truncated", "seed", 1, 8000),
        _copy("paid", "fetch", 9, 300),
        "of two parts the longer one",
    ),
    (
        _copy("paid", "fetch", 1, 300),
        _copy("truncated", "seed", 9, 300),
        "of two equal parts the page",
    ),
    (
        _copy("deleted", "fetch", 9),
        _copy("hollow", "seed", 1),
        "without a body, the web's latest word",
    ),
    (
        _copy("hollow", "seed", 9),
        _copy("deleted", "fetch", 1),
        "without a body, the web's latest word",
    ),
)

SAMPLES = [
    _copy(state, origin, day, characters)
    for state, origin, day, characters in product(
        ("ok", "truncated", "paid", "hollow", "deleted"), ("seed", "fetch"), (1, 2), (50, 60)
    )
]


@pytest.mark.parametrize(("better", "worse", "why"), TABLE, ids=[row[2] for row in TABLE])
def test_a_worse_copy_never_takes_the_place_of_a_better_one(
    better: Rank, worse: Rank, why: str
) -> None:
    assert supersedes(better, worse), why
    assert not supersedes(worse, better), why


def test_the_same_evidence_cleaned_again_takes_its_own_place() -> None:
    assert supersedes(_copy("deleted", evidence="e"), _copy("ok", evidence="e"))


def test_a_state_that_promises_a_body_and_has_none_is_no_copy() -> None:
    empty = Rank(
        state=State.OK, origin=Origin.FETCH, fetch_date="2026-09-09", characters=0, evidence="e"
    )
    assert supersedes(_copy("truncated"), empty)


def test_of_two_different_copies_exactly_one_is_the_better() -> None:
    for left, right in permutations({copy.evidence: copy for copy in SAMPLES}.values(), 2):
        assert supersedes(left, right) != supersedes(right, left)


def test_better_than_better_is_better() -> None:
    copies = list({copy.evidence: copy for copy in SAMPLES}.values())
    for first, second, third in permutations(copies[::2], 3):
        if supersedes(first, second) and supersedes(second, third):
            assert supersedes(first, third)


def test_every_state_that_has_a_body_beats_every_state_that_has_none() -> None:
    with_body = [state for state in State if state.has_body]
    without = [state for state in State if not state.has_body]
    for good, bad in product(with_body, without):
        assert supersedes(_copy(good, day=1), _copy(bad, "fetch", day=9))
