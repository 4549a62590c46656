from __future__ import annotations

import pytest

from crawler.clean.seeds.characters import as_shown, without_marks
from crawler.clean.seeds.spans import outside_protected


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\x07", "\u202e", "\u2060", "\ufeff"])
def test_marks_that_show_nothing_go(mark: str) -> None:
    assert without_marks(f"甲{mark}乙") == "甲乙"


def test_a_joiner_stays_in_an_emoji_only() -> None:
    assert without_marks("👩\u200d💻甲\u200d乙") == "👩\u200d💻甲乙"


def test_every_wide_space_is_a_plain_one() -> None:
    assert without_marks("a\u00a0b\u2003c") == "a b c"


def test_an_authors_own_backslash_shows() -> None:
    assert as_shown("C:\\{UUID}") == "C:\\\\{UUID}"
    assert as_shown("a\\_b") == "a\\_b"


def test_code_and_targets_are_protected() -> None:
    text = "`a` b [b](https://b.example/)"
    assert outside_protected(text, str.upper) == "`a` B [B](https://b.example/)"
