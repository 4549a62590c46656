"""What the truth table of recovery promises: a title alone is never the article."""

from __future__ import annotations

import itertools

import pytest

from crawler.article import Verdict
from crawler.clean.recovery.judging import Agreement, compare, judge
from crawler.clean.recovery.records import Known, Offer, day_of
from crawler.folding import title_key

Says = bool | None
YES, NO, UNKNOWN = True, False, None
EVERY = (YES, NO, UNKNOWN)
BIZ = "MzI0NTk5OTk5MA=="
OTHER = "MzI0NTk5OTk5MQ=="

TABLE = [
    # identity, title, account, date, alone -> verdict
    (YES, YES, YES, YES, True, Verdict.PROOF),
    (YES, NO, NO, NO, False, Verdict.PROOF),
    (YES, UNKNOWN, UNKNOWN, UNKNOWN, False, Verdict.PROOF),
    (UNKNOWN, YES, YES, YES, True, Verdict.PROOF),
    (UNKNOWN, YES, YES, YES, False, Verdict.CANDIDATE),
    (UNKNOWN, YES, YES, UNKNOWN, True, Verdict.CANDIDATE),
    (UNKNOWN, YES, UNKNOWN, YES, True, Verdict.CANDIDATE),
    (UNKNOWN, YES, YES, NO, True, Verdict.CANDIDATE),
    (UNKNOWN, YES, NO, YES, True, Verdict.CANDIDATE),
    (UNKNOWN, YES, UNKNOWN, UNKNOWN, True, Verdict.POINTER),
    (UNKNOWN, YES, NO, NO, True, Verdict.POINTER),
    (UNKNOWN, YES, NO, UNKNOWN, True, Verdict.POINTER),
    (UNKNOWN, YES, UNKNOWN, NO, True, Verdict.POINTER),
    (NO, YES, YES, YES, True, Verdict.POINTER),
    (NO, YES, UNKNOWN, UNKNOWN, True, Verdict.POINTER),
    (UNKNOWN, NO, YES, YES, True, None),
    (UNKNOWN, UNKNOWN, YES, YES, True, None),
    (NO, NO, YES, YES, True, None),
]


def _agreement(*values: Says) -> Agreement:
    identity, title, account, date = values
    return Agreement(identity=identity, title=title, account=account, date=date)


@pytest.mark.parametrize("row", TABLE)
def test_the_truth_table(row: tuple[Says, Says, Says, Says, bool, Verdict | None]) -> None:
    *values, alone, verdict = row
    assert judge(_agreement(*values), alone=bool(alone)) is verdict


def test_what_a_person_refused_stays_refused_whatever_agrees() -> None:
    for values in itertools.product(EVERY, repeat=4):
        for alone in (True, False):
            found = judge(_agreement(*values), alone=alone, refused=True)
            assert found is Verdict.REFUSED


def test_only_an_identity_or_all_of_title_account_and_day_without_a_rival_is_proof() -> None:
    for values in itertools.product(EVERY, repeat=4):
        for alone in (True, False):
            is_proof = judge(_agreement(*values), alone=alone) is Verdict.PROOF
            identity, *rest = values
            enough = identity or (identity is None and all(rest) and alone)
            assert is_proof == bool(enough)


def test_another_identity_makes_every_other_agreement_a_pointer() -> None:
    for values in itertools.product(EVERY, repeat=3):
        found = judge(_agreement(NO, *values), alone=True)
        assert found in (Verdict.POINTER, None)


KNOWN = Known(
    id=f"{BIZ}:2650000001:1",
    title=title_key("夜航的灯塔（上）"),
    names=frozenset({"江畔手记", "江畔"}),
    day=day_of("2024-05-08"),
    biz=BIZ,
    sn="0f" * 16,
)


def _offer(**fields: str) -> Offer:
    return Offer(way="from", source="elsewhere.md", **fields)


@pytest.mark.parametrize(
    ("fields", "identity"),
    [
        ({"biz": BIZ, "mid": "2650000001", "idx": "1"}, True),
        ({"biz": BIZ.rstrip("="), "mid": "02650000001", "idx": "1"}, True),
        ({"biz": BIZ, "mid": "2650000001", "idx": "2"}, False),
        ({"biz": OTHER, "mid": "2650000001", "idx": "1", "sn": "0f" * 16}, False),
        ({"biz": BIZ, "mid": "2650000001", "idx": "1", "sn": "1e" * 16}, True),
        ({"sn": "0f" * 16}, True),
        ({"sn": "1e" * 16}, None),
        ({"key": KNOWN.id}, True),
        ({"key": f"{BIZ}:2650000001:2"}, False),
        ({"key": "s:aBcDeFgHiJkLmNoPqRsTu0"}, None),
        ({}, None),
    ],
)
def test_an_identity_is_that_of_the_message_else_of_its_address_or_sn(
    fields: dict[str, str], identity: Says
) -> None:
    assert compare(KNOWN, _offer(**fields)).identity is identity


@pytest.mark.parametrize(
    ("title", "agrees"),
    [
        ("夜航的灯塔（上）", True),
        (" 夜航 的灯塔 (上)", True),
        ("《夜航的灯塔》上！", True),
        ("夜航的灯塔（下）", False),
        ("夜航的灯塔", False),
        ("🌊", None),
        ("", None),
    ],
)
def test_titles_are_compared_without_marks_white_space_width_and_case(
    title: str, agrees: Says
) -> None:
    assert compare(KNOWN, _offer(title=title)).title is agrees


def test_a_title_in_wide_letters_another_case_or_with_accents_is_the_same() -> None:
    assert title_key("ＳＱＬ注入 Café") == title_key("sql 注入：CAFE")


@pytest.mark.parametrize(
    ("date", "agrees"),
    [
        ("2024-05-08", True),
        ("2024-05-07", True),
        ("2024-05-09T23:59:00+08:00", True),
        ("2024-05-10", False),
        ("2023-05-08", False),
        ("2024-13-40", None),
        ("", None),
    ],
)
def test_days_agree_within_one(date: str, agrees: Says) -> None:
    assert compare(KNOWN, _offer(date=date)).date is agrees


def test_an_account_goes_by_every_name_that_it_had_and_by_its_number() -> None:
    assert compare(KNOWN, _offer(account="江畔 ")).account is True
    assert compare(KNOWN, _offer(account="别处")).account is False
    assert compare(KNOWN, _offer(account="别处", biz=BIZ)).account is True
    assert compare(KNOWN, _offer(biz=OTHER)).account is False
    assert compare(KNOWN, _offer()).account is None
