"""The counter itself: it sees what is quadratic, passes what is linear, and leaves no tracer."""

from __future__ import annotations

import sys

import pytest

from tests.growth import assert_linear, count_lines


def _linear(size: int) -> int:
    total = 0
    for number in range(size):
        total += number
    return total


def _quadratic(size: int) -> int:
    return sum(_linear(number) for number in range(size))


def test_linear_work_passes_and_quadratic_work_does_not() -> None:
    assert_linear(_linear, 100)
    with pytest.raises(AssertionError, match="for twice that"):
        assert_linear(_quadratic, 100)


def test_a_count_is_the_same_every_time() -> None:
    before = sys.gettrace()
    assert count_lines(lambda: _linear(100)) == count_lines(lambda: _linear(100)) > 100
    assert sys.gettrace() is before
