"""Tables that were made to take memory: whoever reads one has less than 300 MB."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pyarrow", reason="the extra is not installed: pip install .[parquet]")

import pyarrow.parquet as pq  # type: ignore[import-untyped]

from tests.batch.pages import page, table
from tests.conftest import ROOT
from tests.trust.test_no_files import MOST_MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells of memory"),
]

MB = 1 << 20
# No least and no greatest value is looked for: they are too long to be written.
SMALL = {"compression": "zstd", "write_statistics": False}
PLAIN = {"use_dictionary": False, **SMALL}

# Its own memory, and the most that any process had which it started.
_MEASURED = """
import json, re, resource, sys
from pathlib import Path
from crawler.batch import clean_group, find_groups
groups, errors = find_groups(Path("in"), Path("out"))
cleaned = [clean_group(group) for group in groups]
status = Path("/proc/self/status").read_text()
own = int(re.search("VmHWM:\\\\s+([0-9]+)", status)[1])
others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({
    "memory": max(own, others) << 10,
    "errors": [str(error) for error in (*errors, *(one.error for one in cleaned)) if error],
    "rows": sum(sum(one.states.values()) for one in cleaned),
    "failed": [words for one in cleaned for words in one.failed],
}))
"""


def _measured(folder: Path) -> dict[str, Any]:
    program = [sys.executable, "-c", _MEASURED]
    done = subprocess.run(program, cwd=folder, env=_here(), capture_output=True, check=True)  # noqa: S603
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _here() -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT), "PATH": ""}


def _of(size: int, count: int = 1) -> Any:
    """A table with so many pages of so many bytes, no two of them alike."""
    return table([(bytes([number]) * size, None, f"{number}") for number in range(count)])


def _lying(path: Path) -> None:
    """A file whose footer says that a list of a million columns follows."""
    footer = b"\x15\x02\x19\xfc\xc0\x84\x3d" + b"\x48\x01a\x00" * 250_000
    path.write_bytes(b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1")


MADE: dict[str, Callable[[Path], None]] = {
    "one value": lambda path: pq.write_table(_of(250 * MB), path, **PLAIN),
    "one piece of many": lambda path: pq.write_table(_of(5 * MB, 60), path, **PLAIN),
    "one dictionary": lambda path: pq.write_table(_of(5 * MB, 60), path, **SMALL),
    "a footer": _lying,
}


@pytest.mark.parametrize("name", MADE)
def test_what_takes_too_much_memory_is_named_and_the_rest_goes_on(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "in").mkdir()
    MADE[name](tmp_path / "in" / "bad.parquet")
    pq.write_table(table([page(1), page(2)]), tmp_path / "in" / "good.parquet")
    told = _measured(tmp_path)
    assert told["memory"] < MOST_MEMORY
    [error] = told["errors"]
    assert "bad.parquet" in error
    assert "needs more than 176 MB of memory to be read" in error
    assert told["rows"] == 2


def test_row_groups_of_the_same_file_go_on(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pq.ParquetWriter(tmp_path / "in" / "a.parquet", table([page(1)]).schema, **PLAIN) as file:
        for rows in (table([page(1)]), _of(250 * MB), table([page(2)])):
            file.write_table(rows)
    told = _measured(tmp_path)
    assert told["memory"] < MOST_MEMORY
    assert ["row group 1" in error for error in told["errors"]] == [True]
    assert told["rows"] == 2


def test_many_rows_out_of_few_bytes_are_one_in_memory_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    same = table([(b"\n" * (20 * MB), None, None)] * 20)
    encoding = {"html": "DELTA_BYTE_ARRAY"}
    path = tmp_path / "in" / "a.parquet"
    pq.write_table(
        same, path, use_dictionary=False, column_encoding=encoding, write_statistics=False
    )
    told = _measured(tmp_path)
    assert told["memory"] < MOST_MEMORY
    assert (told["errors"], told["rows"]) == ([], 20)


def test_a_page_near_its_limit_is_cleaned_within_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    pq.write_table(_of(55 * MB), tmp_path / "in" / "a.parquet", **PLAIN)
    told = _measured(tmp_path)
    assert told["memory"] < MOST_MEMORY
    assert (told["errors"], told["rows"]) == ([], 1)
