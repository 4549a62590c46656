"""What finding the articles that an offer may be promises: the right ones, in few looks."""

from __future__ import annotations

import pytest

from crawler.clean.recovery.records import Known, Offer, day_of
from crawler.clean.recovery.shelf import MOST, Shelf
from crawler.folding import title_key

BIZ = "MzI0NTk5OTk5MA=="
TITLE = "夜航的灯塔"


def _known(mid: int, *, name: str = "江畔手记", date: str = "2024-05-08", **rest: object) -> Known:
    given = {"title": title_key(TITLE), "biz": BIZ, **rest}
    return Known(
        id=f"{BIZ}:{mid}:1",
        names=frozenset({name}) - {""},
        day=day_of(date),
        **given,  # type: ignore[arg-type]
    )


def _offer(**fields: str) -> Offer:
    said = {"title": TITLE, "account": "江畔手记", "date": "2024-05-08", **fields}
    return Offer(way="from", source="elsewhere.md", **said)


def _found(shelf: Shelf, offer: Offer) -> list[str]:
    return [match.known.id.split(":")[1] for match in shelf.matches(offer)]


def test_an_identity_is_found_whatever_the_title_says() -> None:
    shelf = Shelf([_known(1), _known(2)])
    assert _found(shelf, _offer(title="anders", biz=BIZ, mid="2", idx="1")) == ["2"]


def test_of_several_articles_with_one_title_those_that_agree_the_most_are_found() -> None:
    others = [_known(1, name="别处"), _known(2, date="2023-01-01"), _known(3)]
    assert _found(Shelf(others), _offer()) == ["3"]


def test_a_copy_of_a_whole_article_is_offered_to_no_other() -> None:
    shelf = Shelf([_known(1, missing=False), _known(2, date="2023-01-01")])
    assert _found(shelf, _offer()) == []
    assert _found(shelf, _offer(biz=BIZ, mid="1", idx="1")) == []


def test_an_article_is_never_offered_itself() -> None:
    shelf = Shelf([_known(1), _known(2)])
    offer = Offer(way="titles", source=f"{BIZ}:1:1", title=TITLE)
    assert _found(shelf, offer) == ["2"]


@pytest.mark.parametrize("crowd", [0, 40])
def test_a_second_article_that_can_be_meant_takes_the_proof_away(crowd: int) -> None:
    strangers = [_known(number, name=f"号{number}") for number in range(100, 100 + crowd)]
    known = _known(1)
    assert Shelf([known, *strangers]).is_alone(known, _offer())
    for second in (
        _known(2, date="2024-05-09"),
        _known(2, name="", biz=""),
        _known(2, missing=False),
        _known(2, date=""),
    ):
        assert not Shelf([known, *strangers, second]).is_alone(known, _offer())
    for other in (_known(2, date="2024-05-11"), _known(2, name="别处", biz="")):
        assert Shelf([known, *strangers, other]).is_alone(known, _offer())


@pytest.mark.parametrize("crowd", [0, 40])
def test_of_a_series_the_text_of_the_next_day_may_be_that_of_an_issue_that_is_not_here(
    crowd: int,
) -> None:
    strangers = [_known(number, name=f"号{number}") for number in range(100, 100 + crowd)]
    known, late = _known(1), _offer(date="2024-05-09")
    assert Shelf([known, *strangers]).is_alone(known, late)
    for issue in (_known(2, date="2024-05-02"), _known(2, date="2025-01-01", missing=False)):
        shelf = Shelf([known, *strangers, issue])
        assert not shelf.is_alone(known, late)
        assert shelf.is_alone(known, _offer())


@pytest.mark.parametrize("articles", [400, 4000])
def test_an_offer_meets_a_few_articles_however_many_share_its_title(articles: int) -> None:
    series = [
        _known(number, name=f"号{number % 7}", date=f"20{10 + number % 14}-05-{1 + number % 28:02}")
        for number in range(articles)
    ]
    shelf = Shelf(series)
    found = shelf.matches(_offer(account="号3"))
    assert 0 < len(found) <= MOST
    shelf.is_alone(found[0].known, _offer(account="号3"))
    assert shelf.looks < 80


def test_the_nearest_in_time_are_found_of_a_series() -> None:
    series = [_known(number, date=f"20{number:02}-01-01") for number in range(10, 60)]
    found = _found(Shelf(series), _offer(date="2024-03-01"))
    assert found == ["24", "25", "23"]
