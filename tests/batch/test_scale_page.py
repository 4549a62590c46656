"""docs/scale.md in use: its program makes tables out of WARC files, which can be cleaned."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyarrow", reason="the extra is not installed: pip install .[parquet]")

import pyarrow.parquet as pq  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.batch import clean_table
from tests.batch.pages import page
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = re.compile(r"```python\n(from pathlib import Path\n\nimport pyarrow.*?)```", re.DOTALL)


def _write_warc(path: Path, numbers: range) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in numbers:
            html, charset, url = page(number)
            kind = f"text/html; charset={charset}" if charset else "text/html"
            head = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(html or b""),
                length=len(html or b""),
                http_headers=head,
            )
            writer.write_record(record)


def test_pages_of_a_warc_file_become_a_table_that_can_be_cleaned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _write_warc(tmp_path / "crawl-00.warc.gz", range(1, 8))
    program = PROGRAM.search((ROOT / "docs" / "scale.md").read_text(encoding="utf-8"))
    assert program
    exec(compile(program[1].replace("ROWS = 500", "ROWS = 3"), "docs/scale.md", "exec"), {})  # noqa: S102
    file = pq.ParquetFile(tmp_path / "pages" / "crawl-00.parquet")
    assert file.num_row_groups == 3
    pages = file.read()
    assert [tuple(row.values()) for row in pages.to_pylist()] == [page(n) for n in range(1, 8)]
    assert clean_table(pages).column("state").to_pylist()[:5] == ["ok"] * 4 + ["deleted"]
