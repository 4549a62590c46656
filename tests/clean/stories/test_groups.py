from __future__ import annotations

import random
from itertools import permutations

from crawler.article import Origin, Rank, State
from crawler.clean.stories import Member, best_of, earliest_of, join_pairs


def member(key: str, published: str, state: State = State.OK, characters: int = 10) -> Member:
    rank = Rank(
        state=state, origin=Origin.SEED, fetch_date="2026", characters=characters, evidence=key
    )
    return Member(id=key, published=published, rank=rank)


def test_whoever_is_joined_to_a_member_is_one_in_whatever_order() -> None:
    pairs = [("a", "b"), ("c", "d"), ("e", "f"), ("b", "c")]
    for order in permutations(pairs):
        groups = join_pairs(order)
        assert sorted(map(sorted, groups)) == [["a", "b", "c", "d"], ["e", "f"]]


def test_a_long_chain_is_one_group() -> None:
    pairs = [(str(number), str(number + 1)) for number in range(300)]
    random.Random(1).shuffle(pairs)
    assert [len(group) for group in join_pairs(pairs)] == [301]


def test_a_story_that_was_told_fifty_thousand_times_is_one_group() -> None:
    pairs = [("0", str(number)) for number in range(1, 50_000)]
    assert [len(group) for group in join_pairs(pairs)] == [50_000]


def test_the_earliest_is_published_first_and_one_without_a_day_last() -> None:
    members = [member("c", ""), member("b", "2024-05-08T09:00:00+08:00"), member("a", "2024-05-09")]
    for order in permutations(members):
        assert earliest_of(order).id == "b"


def test_the_best_is_whole_and_the_same_in_whatever_order() -> None:
    members = [
        member("a", "2024", State.TRUNCATED, 8000),
        member("b", "2025", characters=9000),
        member("c", "2025", characters=9000),
    ]
    assert len({best_of(order).id for order in permutations(members)}) == 1
    assert best_of(members).id != "a"
