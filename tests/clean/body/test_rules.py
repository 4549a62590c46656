from __future__ import annotations

import re

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import Rendered, render_body
from crawler.clean.body.hiding import HIDING
from crawler.clean.body.rules import RULES
from crawler.clean.body.widgets import WIDGETS
from tests.conftest import GOLDEN


def rendered(markup: str) -> Rendered:
    return render_body(body_of_markup(markup))


@pytest.mark.parametrize(
    ("rule", "markup"), [(rule.id, markup) for rule in RULES for markup in rule.matches]
)
def test_every_rule_takes_what_it_says_and_counts_it(rule: str, markup: str) -> None:
    assert rendered(f"<p>前</p>{markup}<p>后</p>").removed[rule] >= 1


@pytest.mark.parametrize(
    ("rule", "markup"), [(rule.id, markup) for rule in RULES for markup in rule.spares]
)
def test_no_rule_takes_what_it_is_to_spare(rule: str, markup: str) -> None:
    assert rule not in rendered(f"<p>前</p>{markup}<p>后</p>").removed


def test_every_id_that_golden_pages_count_has_its_row() -> None:
    counted = {
        line.split(" ")[0]
        for path in (GOLDEN / "pages").glob("*/removed.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert counted <= {row.id for row in (*RULES, *HIDING, *WIDGETS)}


def test_every_row_tells_its_evidence_in_a_sentence() -> None:
    assert all(re.search(r"[a-z]{3}", rule.evidence) for rule in RULES)
