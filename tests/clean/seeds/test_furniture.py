from __future__ import annotations

import re

import pytest

from crawler.clean.seeds.furniture import (
    RULES,
    TAIL_MARK,
    Rule,
    Where,
    count_tail,
    rule_of,
    strip_shell,
)
from tests.lookalikes import HOLLOW, TAIL

EXAMPLES = [(rule, text, True) for rule in RULES for text in rule.matches]
EXAMPLES += [(rule, text, False) for rule in RULES for text in rule.spares]


@pytest.mark.parametrize(
    ("rule", "text", "taken"), EXAMPLES, ids=lambda value: getattr(value, "id", None)
)
def test_every_rule_takes_what_it_says_and_spares_what_only_looks_like_it(
    rule: Rule,
    text: str,
    taken: bool,  # noqa: FBT001
) -> None:
    assert bool(re.fullmatch(rule.pattern, text)) is taken


def test_every_rule_has_an_id_of_its_own_and_its_proof() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.matches for rule in RULES)


def test_every_line_of_a_tail_is_counted_under_its_rule() -> None:
    counts = count_tail(TAIL.format(account="临港日志").split("\n"))
    assert counts["tail:page"] == 19
    assert counts["tail:labels"] == 24
    assert counts["tail:other"] == 1  # the account's name
    assert sum(counts.values()) == sum(1 for line in TAIL.split("\n") if line)


def test_the_shell_of_a_page_goes_from_its_end_only() -> None:
    lines = ["小程序", "正文的一行。", *HOLLOW.split("\n")]
    kept, counts = strip_shell(lines)
    assert kept == lines[:2]
    assert counts == {"tail:labels": 9}


def test_an_article_that_ends_in_words_like_those_of_the_buttons_keeps_them() -> None:
    lines = ["按钮有四个：", "", "赞", "", "在看", "", "分享"]
    assert strip_shell(lines) == (lines, {})


def test_the_tail_begins_at_one_line_and_no_other() -> None:
    assert rule_of(TAIL_MARK, Where.TAIL) == "tail:page"
    assert not rule_of(f"{TAIL_MARK}。", Where.TAIL)
