"""Letters of a stored text that a fallen bit made others, and what an audit knows them by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.archive.audit.shown import undamaged
from crawler.archive.database import pack
from crawler.archive.search import SEARCH_STATEMENTS, rebuild_index, sync_index
from tests.archive.specimens import ID, make_article
from tests.growth import assert_linear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.archive import Archive

TODAY = "2026-11-29"
SHOWN = "# 渡口\n\n天\n\n1月6日 the IIS pier（1 月）开。\n\n![](https://mmbiz.qpic.cn/aQ7/640)\n"
PROMOTION = "扫码关注我们\n"


@pytest.fixture(params=[False, True], ids=["whole", "without promotion"])
def stored(archive: Archive, request: pytest.FixtureRequest) -> Archive:
    """An archive of one text, of which promotion was taken off or not."""
    whole = f"{SHOWN}{PROMOTION}" if request.param else SHOWN
    archive.save(make_article(body=whole))
    if request.param:
        with archive.transaction():
            archive.connection.execute("UPDATE articles SET body = ?", (SHOWN,))
            archive.connection.execute("INSERT INTO removed VALUES (?, 'promo:tail', 1)", (ID,))
    sync_index(archive.connection)
    assert list(archive.audit(today=TODAY)) == []
    return archive


def _write(archive: Archive, body: str, *, noted: bool) -> None:
    """Put a text in the place of another, as damage does it or as a program does."""
    with archive.transaction():
        if not noted:
            archive.connection.execute("DROP TRIGGER search_update")
        archive.connection.execute("UPDATE articles SET body = ?", (body,))
        if not noted:
            archive.connection.execute(SEARCH_STATEMENTS["search_update"])


def _fallen(letter: str) -> Iterator[str]:
    """The control characters that one bit makes of a letter."""
    made = (chr(ord(letter) ^ 1 << bit) for bit in range(7))
    return (other for other in made if other < " " or other == "\x7f")


@pytest.mark.parametrize("at", [SHOWN.index(one) for one in ("1月", "IIS", "1 月")])
def test_a_letter_that_a_bit_made_a_control_character_is_put_right(
    stored: Archive, at: int
) -> None:
    before = list(stored.records())
    for other in (*_fallen(SHOWN[at]), chr(ord(SHOWN[at]) ^ 0x10)):
        _write(stored, SHOWN[:at] + other + SHOWN[at + 1 :], noted=False)
        told = [(one.check, one.fixed) for one in stored.audit(today=TODAY, fix=True)]
        assert told == [("body-hash", True)], other
        assert list(stored.records()) == before
    assert list(stored.audit(today=TODAY, deep=True)) == []
    assert stored.database["revisions"].count == 1


def test_a_letter_that_fell_in_what_is_not_shown_gives_no_text_that_nobody_wrote(
    stored: Archive,
) -> None:
    before = list(stored.records())
    hurt = pack(f"{SHOWN}扫码关汨我们\n".encode())
    with stored.transaction():
        stored.connection.execute("UPDATE revisions SET body = ?", (hurt,))
    assert [one.check for one in stored.audit(today=TODAY)] == ["revision"]
    list(stored.audit(today=TODAY, fix=True))
    assert list(stored.records()) == before
    assert stored.database["revisions"].count == 1


def test_what_is_shown_of_a_text_that_is_lost_is_no_text_of_its_own(archive: Archive) -> None:
    article = make_article(body=f"{SHOWN}{PROMOTION}")
    archive.save(article)
    with archive.transaction():
        archive.connection.execute("UPDATE articles SET body = ?", (SHOWN,))
        archive.connection.execute("INSERT INTO removed VALUES (?, 'promo:tail', 1)", (ID,))
        archive.connection.execute("DELETE FROM revisions")
    before = list(archive.records())
    [told] = archive.audit(today=TODAY, fix=True)
    assert (told.check, told.fixed) == ("no-revision", False)
    assert list(archive.records()) == before
    archive.save(article)
    assert list(archive.audit(today=TODAY)) == []
    assert archive.database["revisions"].count == 1


def test_a_control_character_in_an_address_is_nobodys_and_another_letter_may_be(
    stored: Archive,
) -> None:
    for other, expected in (("\x11", SHOWN), ("P", SHOWN.replace("Q7", "P7"))):
        _write(stored, SHOWN.replace("Q7", f"{other}7"), noted=False)
        list(stored.audit(today=TODAY, fix=True))
        [record] = stored.records()
        assert record.body == expected


@pytest.mark.parametrize("right", ["!月6日", "1月6\t日"])
def test_what_somebody_wrote_stays_though_it_is_one_bit_of_it(stored: Archive, right: str) -> None:
    mended = SHOWN.replace("1月6日", right)
    for noted in (True, False):
        _write(stored, mended, noted=True)
        if not noted:
            sync_index(stored.connection)
        list(stored.audit(today=TODAY, fix=True))
        [record] = stored.records()
        assert record.body == mended


_SIGNS = "=" * 30
_WORD = "5d41402ab" * 3 + "{}" + "2a76b9719" * 3
_OTHERS = "1 月 0 日\n\n"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (
            f"甲\n\n|{'   |' * 9} 0 |{'   |' * 9}\n\n乙",
            f"甲\n\n|{'   |' * 9}   |{'   |' * 9}\n\n乙",
        ),
        (f"{_SIGNS} 1 {_SIGNS} 乙", f"{_SIGNS} ! {_SIGNS} 乙"),
        (_WORD.format("1"), _WORD.format("3")),
        ("pier 1 is open", "pier \x11 is open"),
    ],
    ids=["a cell", "signs", "a long word", "a control character"],
)
def test_what_somebody_put_right_stays_where_few_words_stand_around_it(
    archive: Archive, text: str, right: str
) -> None:
    assert (len(text), text.count("\n")) == (len(right), right.count("\n"))
    archive.save(make_article(body=f"{_OTHERS}{text}"))
    for noted in (False, True):
        mended = f"{_OTHERS}{right}"
        _write(archive, mended, noted=noted)
        sync_index(archive.connection)
        list(archive.audit(today=TODAY, fix=True))
        [record] = archive.records()
        assert record.body == (mended if noted else f"{_OTHERS}{text}")
    assert list(archive.audit(today=TODAY, deep=True)) == []


def test_an_index_that_was_made_of_a_damaged_text_stays_in_step_with_it(stored: Archive) -> None:
    _write(stored, SHOWN.replace("1月6日", "\x11月6日"), noted=False)
    rebuild_index(stored.connection)
    list(stored.audit(today=TODAY, fix=True))
    assert list(stored.audit(today=TODAY, deep=True)) == []


def test_an_end_of_a_line_that_a_bit_made_another_is_told(stored: Archive) -> None:
    _write(stored, SHOWN.replace("天\n", "天\x0b"), noted=False)
    assert [one.check for one in stored.audit(today=TODAY)] == ["body-hash"]


def test_twice_the_lines_are_twice_the_work(stored: Archive) -> None:
    def look(lines: int) -> None:
        whole = "".join(f"line {at}\n" for at in range(lines))
        undamaged(stored.connection, ID, whole.replace("line", "link"), whole)
        undamaged(stored.connection, ID, whole.replace("line 1", "line 0", 1), whole)

    assert_linear(look, 300)
