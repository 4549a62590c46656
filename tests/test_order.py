"""Long tests are begun first: one that is begun last keeps all other workers waiting."""

from __future__ import annotations

from typing import Any, cast

import pytest

from tests.conftest import begin_with_the_long


class _Test:
    """What the ordering asks of a test."""

    def __init__(self, number: int, *, is_long: bool) -> None:
        self.number = number
        self.is_long = is_long

    def get_closest_marker(self, name: str) -> bool:
        return name == "long" and self.is_long


def _shares(tests: list[Any], workers: int) -> list[list[Any]]:
    """What `--dist worksteal` gives each worker."""
    shares, rest = [], list(tests)
    for left in range(workers, 0, -1):
        count = len(rest) // left
        shares.append(rest[:count])
        rest = rest[count:]
    return shares


@pytest.mark.parametrize(("count", "long", "workers"), [(99, 7, 3), (1006, 40, 16), (20, 3, 1)])
def test_every_worker_begins_with_its_share_of_the_long_tests(
    count: int, long: int, workers: int
) -> None:
    tests = [
        _Test(number, is_long=number % 7 == 0 and number < 7 * long) for number in range(count)
    ]
    known = list(tests)
    begin_with_the_long(cast("list[pytest.Item]", tests), workers)
    for share in _shares(tests, workers):
        first = [test.is_long for test in share].index(False)
        assert not any(test.is_long for test in share[first:])
        assert first >= sum(test.is_long for test in tests) // workers
    others = [test.number for test in tests if not test.is_long]
    assert others == sorted(others)
    assert sorted(test.number for test in tests) == [test.number for test in known]


def test_more_workers_than_tests_lose_none() -> None:
    tests = [_Test(number, is_long=number < 5) for number in range(7)]
    begin_with_the_long(cast("list[pytest.Item]", tests), 16)
    assert sorted(test.number for test in tests) == list(range(7))
