from __future__ import annotations

import sys
import tempfile
from concurrent.futures import CancelledError
from functools import partial
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("distributed", reason="the extra is not installed: pip install .[dask]")

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from crawler import batch
from crawler.batch import clean_group
from tests.batch import hostile
from tests.batch.pages import table, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from crawler.batch import Cleaned, RowGroup
    from tests.cli.conftest import Crawler


CLEAN_GROUPS, OPEN_CLUSTER = batch.clean_groups, batch.open_cluster


@pytest.fixture(autouse=True)
def _no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process does what workers would; `batch/test_cluster.py` has the real ones."""

    def clean_here(
        _: object, groups: Sequence[RowGroup], *, seconds: float, memory: int
    ) -> Iterator[Cleaned]:
        how = partial(clean_group, seconds=seconds, memory=memory, clean=hostile.clean)
        return map(how, groups)

    monkeypatch.setattr(batch, "clean_groups", clean_here)
    monkeypatch.setattr(batch, "open_cluster", _Nowhere)


class _Nowhere:
    """No cluster."""

    def __init__(self, scheduler: str, workers: int, *, on_nobody: Callable[[], None]) -> None:
        assert not scheduler
        assert workers > 0
        on_nobody()

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


def test_pages_become_records_and_a_summary_says_so(crawler: Crawler, folder: Path) -> None:
    write(folder / "pages.parquet", 10, row_group=4)
    result = crawler("clean-parquet", "pages.parquet", "cleaned")
    assert result.exit_code == 0, result.stderr
    assert "10 pages of 3 row groups cleaned, 0 row groups skipped as done" in result.stderr
    assert "deleted" in result.stderr
    assert len(list((folder / "cleaned").glob("pages-0000?.parquet"))) == 3


def test_the_same_command_again_skips_what_is_there(crawler: Crawler, folder: Path) -> None:
    write(folder / "pages.parquet", 10, row_group=4)
    crawler("clean-parquet", "pages.parquet", "cleaned")
    (folder / "cleaned" / "pages-00001.parquet").unlink()
    result = crawler("clean-parquet", "pages.parquet", "cleaned")
    assert "4 pages of 1 row group cleaned, 2 row groups skipped as done" in result.stderr
    result = crawler("clean-parquet", "pages.parquet", "cleaned")
    assert "0 pages of 0 row groups cleaned, 3 row groups skipped as done" in result.stderr


def test_records_that_a_worker_wrote_where_nobody_looks_are_told(
    crawler: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clean_elsewhere(_: object, groups: Sequence[RowGroup], **__: object) -> Iterator[Cleaned]:
        for group in groups:
            yield clean_group(group)
            if group.number:
                group.target.rename(folder / group.target.name)

    write(folder / "pages.parquet", 6, row_group=2)
    monkeypatch.setattr(batch, "clean_groups", clean_elsewhere)
    result = crawler("clean-parquet", "pages.parquet", "cleaned")
    assert result.exit_code == 1
    assert "cleaned: lacks 2 files of records that workers wrote elsewhere" in result.stderr
    assert "no worker is at that scheduler" in result.stderr


def test_documents_and_files_that_fail_are_named(crawler: Crawler, folder: Path) -> None:
    (folder / "in").mkdir()
    pages = [(b"die", None, "https://x.cn/1"), *[(b"fail", None, None)] * 21, (b"", None, None)]
    pq.write_table(table(pages), folder / "in" / "pages.parquet")
    pq.write_table(pa.table({"page": [b""]}), folder / "in" / "other.parquet")
    result = crawler("clean-parquet", "in", "cleaned")
    assert result.exit_code == 1
    assert "other.parquet: has not one column html (it has: page)" in result.stderr
    named = "row group 0: row 0: https://x.cn/1: it killed the process that cleaned it (SIGKILL)"
    assert named in result.stderr
    assert "row group 0: and 2 more, in column error of" in result.stderr
    assert pq.read_table(folder / "cleaned" / "pages-00000.parquet").num_rows == 23


def test_a_row_group_that_needs_more_memory_is_named_until_it_is_given_more(
    crawler: Crawler, folder: Path
) -> None:
    pages = table([(b"\n" * (30 << 20), None, None)])
    pq.write_table(pages, folder / "pages.parquet", compression="zstd", use_dictionary=False)
    result = crawler("clean-parquet", "pages.parquet", "cleaned", "--memory", "50")
    assert result.exit_code == 1
    assert "row group 0: needs more than 50 MB of memory to be read" in result.stderr
    assert not list((folder / "cleaned").iterdir())
    assert crawler("clean-parquet", "pages.parquet", "cleaned").exit_code == 0


def test_what_is_no_table_is_an_error_in_one_line(crawler: Crawler, folder: Path) -> None:
    (folder / "pages.html").write_text("<p>", encoding="utf-8")
    result = crawler("clean-parquet", "pages.html", "cleaned")
    assert result.exit_code == 1
    assert "pages.html: cannot be read as Parquet" in result.stderr
    result = crawler("clean-parquet", ".", "cleaned")
    assert result.exit_code == 2, result.stderr
    assert "lie one within the other" in result.stderr


@pytest.mark.parametrize("name", ["distributed", "pyarrow"])
def test_without_the_extra_one_line_says_how_to_get_it(
    crawler: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in ("cluster", "columns", "groups", "tables"):
        monkeypatch.delitem(sys.modules, f"crawler.batch.{module}", raising=False)
    for shown in ("clean_groups", "open_cluster"):
        monkeypatch.delattr(batch, shown)
    for shown in ("clear_left", "find_groups", "find_unseen", "plan"):
        monkeypatch.delitem(vars(batch), shown, raising=False)  # it would be loaded to be looked at
    monkeypatch.setitem(sys.modules, name, None)
    result = crawler("clean-parquet", str(folder / "pages.parquet"), "cleaned")
    assert result.exit_code == 2, result.stderr
    assert f"needs {name}, which is not installed; install it with: pip install" in result.stderr


def test_a_configuration_of_dasks_that_it_cannot_read_is_named(
    crawler: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine.yaml").write_text("distributed: [unclosed\n")
    for module in [*sys.modules]:
        if module.startswith("dask.config") or module == "crawler.batch.cluster":
            monkeypatch.delitem(sys.modules, module)
    for shown in ("clean_groups", "open_cluster"):
        monkeypatch.delattr(batch, shown)
    monkeypatch.setenv("DASK_CONFIG", str(folder))
    result = crawler("clean-parquet", "pages.parquet", "cleaned")
    assert result.exit_code == 2, result.stderr
    assert "mine.yaml' is malformed" in result.stderr


class _Lost:
    """A future of a cluster whose scheduler went away."""

    def result(self) -> None:
        raise CancelledError

    def release(self) -> None:
        """There is nobody to be told."""


@pytest.mark.parametrize("seen_as", ["closed", "connecting"])
def test_a_cluster_that_goes_away_ends_the_run_in_words(
    crawler: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch, seen_as: str
) -> None:
    class Client:
        status = "running"

        def map(self, _: object, groups: Sequence[RowGroup], **__: object) -> list[_Lost]:
            if self.status != "running":
                self.status = "closed"
                raise RuntimeError("Tried sending message after closing")  # as Dask's own error
            self.status = seen_as
            return [_Lost() for _ in groups]

    class Cluster(_Nowhere):
        def __enter__(self) -> Client:  # type: ignore[override]
            return Client()

    write(folder / "pages.parquet", 3, row_group=1)
    monkeypatch.setattr(batch, "clean_groups", CLEAN_GROUPS)
    monkeypatch.setattr(batch, "open_cluster", Cluster)
    monkeypatch.setitem(CLEAN_GROUPS.__globals__, "as_completed", iter)
    result = crawler("clean-parquet", "pages.parquet", "cleaned")
    assert result.exit_code == 1
    assert "the cluster: went away before all row groups were cleaned" in result.stderr
    assert "run the same command again: it goes on from here" in result.stderr


def test_without_a_place_for_temporary_files_that_is_said(
    crawler: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "pages.parquet", 2, row_group=1)
    monkeypatch.setattr(batch, "open_cluster", OPEN_CLUSTER)
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "gone"))
    result = crawler("clean-parquet", "pages.parquet", "out")
    assert (result.exit_code, "TMPDIR" in result.stderr) == (1, True), result.output


@pytest.mark.parametrize("name", ["archive.db", "archive.db-wal", "images", "images/below"])
def test_records_take_no_name_that_the_archive_needs(
    crawler: Crawler, folder: Path, name: str
) -> None:
    write(folder / "pages.parquet", 2, row_group=1)
    before = sorted(folder.rglob("*"))
    result = crawler("clean-parquet", "pages.parquet", name)
    assert result.exit_code == 1
    assert "cannot be written: it is" in result.stderr
    assert sorted(folder.rglob("*")) == before
