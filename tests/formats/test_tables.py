from __future__ import annotations

import io
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="the extra is not installed: pip install .[parquet]")

import pyarrow.parquet as pq  # type: ignore[import-untyped]

from crawler.formats import tables


def _written(rows: list[dict[str, Any]]) -> Any:
    file = io.BytesIO()
    assert tables.write_articles(file, iter(rows)) == len(rows)
    return pq.ParquetFile(file)


def _row(number: int, **fields: Any) -> dict[str, Any]:
    named = dict.fromkeys(("date", "published_day", "published_at", "modified_at"), "")
    return {"id": f"s:{number}", "fetched_at": "", **named, **fields}


def test_a_group_of_rows_has_a_bounded_number_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS", 10)
    file = _written([_row(number) for number in range(25)])
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [10, 10, 5]
    assert file.read().column("id").to_pylist() == [f"s:{number}" for number in range(25)]


def test_a_group_of_long_texts_has_a_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BYTES", 10_000)
    file = _written([_row(number, text="光" * 1_500) for number in range(7)])
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [3, 3, 1]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-05-08T23:30:00+08:00", "2024-05-08 23:30:00+08:00"),
        ("2025-10-06T17:17:02.990516", "2025-10-06 17:17:02.990516+08:00"),
        ("2024-05-08", "None"),
        ("", "None"),
        ("昨天", "None"),
    ],
)
def test_a_moment_is_shanghais_and_what_is_none_is_null(written: str, moment: str) -> None:
    [value] = _written([_row(1, published_at=written)]).read().column("published_at").to_pylist()
    assert str(value) == moment
