"""All tables of rules together; what each row takes and spares is tested beside its table."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from scripts.rules import COUNTED, TABLES
from tests.conftest import GOLDEN

ROWS = [(table.title, row) for table in TABLES for row in table.rows]
every_row = pytest.mark.parametrize("row", [row for _, row in ROWS], ids=lambda row: row.id)


@every_row
def test_every_row_has_its_proof(row: Any) -> None:
    has_mark = bool(getattr(row, "keys", ()) or getattr(row, "mark", ""))
    assert getattr(row, "matches", ()) or getattr(row, "example", "") or has_mark


def test_an_id_is_counted_in_one_table_only() -> None:
    tables = Counter(
        (row.id, table.title) for table in TABLES if table.counted for row in table.rows
    )
    ids = Counter(rule for rule, _ in tables)
    assert [rule for rule, count in ids.items() if count > 1] == []


def test_whatever_a_golden_case_counts_is_a_row() -> None:
    counted = {
        line.split()[0]
        for path in GOLDEN.glob("*/*/removed.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert len(counted) > 30
    assert counted <= COUNTED
