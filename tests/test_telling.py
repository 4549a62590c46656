from __future__ import annotations

import pytest

from crawler.telling import counted, for_people, on_the_clock, said_by


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 inputs"), (1, "1 input"), (2, "2 inputs"), (2000, "2,000 inputs")]
)
def test_a_number_stands_with_its_noun(number: int, words: str) -> None:
    assert counted(number, "input") == words


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert (counted(1, "entry", "entries"), counted(2, "entry", "entries")) == (
        "1 entry",
        "2 entries",
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-11-26T21:17:02.990516", "2026-11-26 21:17 +08:00"),
        ("2024-12-18T18:08:00+08:00", "2024-12-18 18:08 +08:00"),
        ("2026-11-26T13:17:00+00:00", "2026-11-26 21:17 +08:00"),
        ("2024-12-18", "2024-12-18"),
        ("", ""),
        ("the day before yesterday", "the day before yesterday"),
    ],
)
def test_people_read_every_moment_on_one_clock_with_its_offset(written: str, shown: str) -> None:
    assert for_people(written) == shown


def test_a_moment_in_seconds_is_shown_on_the_same_clock() -> None:
    assert on_the_clock(1_734_516_480) == "2024-12-18 18:08 +08:00"


def test_seconds_that_no_calendar_has_are_shown_as_its_last_day() -> None:
    assert on_the_clock(1e15) == "9999-12-31 08:00 +08:00"


NO_MEMBER = "There is no item named 'a.xml' in the archive"
CODEC = "'utf-8' codec can't decode byte 0xe4 in position 0: unexpected end of data"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("illegal header line: bytearray(b'Set-Cookie key=5')", "illegal header line: ..."),
        ("Unknown, first line: ['a', \"b' c\"]", "Unknown, first line: ..."),
        (
            "File name in directory 'x' and header b'y' differ.",
            "File name in directory ... differ.",
        ),
        ("Bad CRC-32 for file 'a/b.md'", "Bad CRC-32 for file 'a/b.md'"),
        (CODEC, CODEC),
        ("near 'words\nof two lines' of \x1b[2Jothers", "near ... of [2Jothers"),
        ("unknown encoding: pass_ticket=5ecre1", "unknown encoding: ..."),
        ("one line\nand another", "one line"),
        ("broken 'words that nothing ends", "broken ..."),
        ("x" * 60_000, "x" * 200 + "..."),
        ("", "ValueError"),
        ("'a name of others'", "ValueError"),
        ("key=5ecre00012345678", "ValueError"),
        (str(KeyError("There is no item named 'a.xml' in the archive")), NO_MEMBER),
    ],
)
def test_words_of_a_library_are_short_and_repeat_nothing_of_an_input(
    message: str, told: str
) -> None:
    assert said_by(ValueError(message)) == told
