from __future__ import annotations

import pytest

from crawler.clean.exports import read_count


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("0", 0), ("1,234", 1234), ("57.0", 57), ("10万+", 100_000), ("1.2万", 12_000),
        ("10w+", 100_000), ("", None), ("很多", None), ("1.5", None), ("-3", None),
        ("9" * 30, None),
    ],
)  # fmt: skip
def test_a_count_is_read_as_it_is_written(words: str, count: int | None) -> None:
    assert read_count(words) == count
