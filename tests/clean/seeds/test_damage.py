from __future__ import annotations

from collections import Counter

import pytest

from crawler.clean.seeds.damage import DAMAGE, Damage
from crawler.clean.seeds.repair import repair

ROWS = pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.id)


@ROWS
def test_every_row_mends_its_matches_and_leaves_its_spares(damage: Damage) -> None:
    for before, after in damage.matches:
        counts: Counter[str] = Counter()
        assert damage.apply(before, counts) == after
        assert counts == {damage.id: 1}
    for text in damage.spares:
        assert damage.apply(text, Counter()) == text
    assert damage.evidence


@ROWS
def test_mending_a_body_counts_the_damage_under_its_row(damage: Damage) -> None:
    for before, _ in damage.matches:
        assert repair(f"前文\n\n{before}\n\n后文").removed.get(damage.id) == 1


def test_every_row_has_an_id_of_its_own() -> None:
    assert len({damage.id for damage in DAMAGE}) == len(DAMAGE)
