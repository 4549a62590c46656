"""What an offer says of itself."""

from __future__ import annotations

import pytest

from crawler.clean.recovery.records import Offer, day_of


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-02-30", "gestern", "0000-00-00", "二〇二四年五月八日"]
)
def test_what_is_no_day_has_no_number(text: str) -> None:
    assert day_of(text) is None


def test_two_days_in_a_row_have_numbers_in_a_row() -> None:
    last, first = day_of("2023-12-31"), day_of("2024-01-01T00:00:00+08:00")
    assert last is not None
    assert first == last + 1


def test_an_offer_has_an_identity_only_where_it_states_all_of_one() -> None:
    whole = Offer(way="from", source="x", biz="MzI0NTk5OTk5MA", mid="007", idx="1")
    assert whole.identity
    assert whole.identity.id == "MzI0NTk5OTk5MA==:7:1"
    assert Offer(way="from", source="x", biz="MzI0NTk5OTk5MA", mid="7").identity is None
