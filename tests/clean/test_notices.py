"""The table of notices, row by row, and what no row may take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import State
from crawler.clean.notices import NOTICES, Notice, judge_notice


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.id)
def test_a_notice_takes_its_matches_and_leaves_its_spares(notice: Notice) -> None:
    for text in notice.matches:
        assert judge_notice(text) == (notice.state, notice.id), text
    for text in notice.spares:
        assert judge_notice(text) is None, text
    assert notice.evidence


def test_every_notice_has_an_id_of_its_own() -> None:
    assert len({notice.id for notice in NOTICES}) == len(NOTICES)


def test_white_space_and_the_spelling_of_account_make_no_difference() -> None:
    assert judge_notice("\n  此账号已被屏蔽 ,\u200b 内容无法查看 \t") == (
        State.ACCOUNT_GONE,
        "account-blocked",
    )


def test_a_long_text_that_begins_like_a_notice_is_none() -> None:
    assert judge_notice("该内容已被发布者删除。接相关投诉" + "，后来的事大家都知道" * 60) is None


@given(st.text(max_size=2000))
def test_no_text_breaks_the_judge(text: str) -> None:
    verdict = judge_notice(text)
    assert verdict is None or verdict[0] is not State.OK
