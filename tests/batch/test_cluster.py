"""`crawler clean-parquet` as a process of its own, on workers of Dask: killed, named, compared."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

if find_spec("distributed") is None:
    pytest.skip("the extra is not installed: pip install .[dask]", allow_module_level=True)

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from crawler import batch
from crawler.batch import clean_table, cluster, find_groups
from crawler.errors import CrawlerError
from tests.batch import hostile
from tests.batch.pages import page, table, write
from tests.conftest import PATIENCE, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from distributed import Client

    from crawler.batch import Cleaned, RowGroup

pytestmark = pytest.mark.slow
PAGES, GROUP = 150, 10
KILLED_AT = (0, 1, 6, 10)  # files that are there


def _command(folder: Path, *options: str) -> list[str]:
    program = [sys.executable, "-m", "crawler", "--db", str(folder / "archive.db")]
    return [*program, "clean-parquet", str(folder / "pages.parquet"), str(folder / "out"), *options]


def _run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        _command(folder, *options), capture_output=True, text=True, check=False, cwd=ROOT
    )


def _made(folder: Path) -> list[Path]:
    return sorted((folder / "out").glob("*.parquet"))


def _read(folder: Path) -> Any:
    return pa.concat_tables([pq.read_table(path) for path in _made(folder)])


@pytest.mark.filterwarnings("default")  # Dask's own
def test_rows_of_two_workers_of_somebody_elses_are_those_of_one_process(tmp_path: Path) -> None:
    from distributed import LocalCluster  # noqa: PLC0415  (45 MB more in each collecting worker)

    pages = write(tmp_path / "pages.parquet", 60, row_group=7)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as theirs:
        done = _run(tmp_path, "--scheduler", theirs.scheduler_address, "--json")
    assert done.returncode == 0, done.stderr
    assert _read(tmp_path).equals(clean_table(pages))
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(one["row_group"] for one in told) == list(range(9))
    assert "60 pages of 9 row groups cleaned, 0 row groups skipped as done" in done.stderr
    assert "next: duckdb" in done.stderr


@pytest.mark.filterwarnings("default")  # Dask's own
def test_where_nobody_works_for_a_scheduler_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster  # noqa: PLC0415  (as above)

    monkeypatch.setattr(cluster, "_LOOK_AGAIN", 0.1)
    told = Event()
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as theirs,
        batch.open_cluster(theirs.scheduler_address, 1, on_nobody=told.set),
    ):
        assert told.wait(PATIENCE)


@pytest.mark.filterwarnings("default")  # Dask's own
def test_documents_and_workers_that_die_are_named_and_nobody_else_is_let_in(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = (b"die", b"hang", b"orphan")
    pages = [page(1), (bad[0], None, None), (bad[1], None, None), page(2), (bad[2], None, None)]
    pq.write_table(table(pages), tmp_path / "pages.parquet", row_group_size=2)
    groups, _ = find_groups(tmp_path / "pages.parquet", tmp_path / "out")
    with batch.open_cluster("", 1) as client:
        told = client.scheduler_info()
        first, profiles = _cleaned(client, groups[:2]), client.run(_profiles)
        done = first | _cleaned(client, groups[2:])
    assert told["address"].startswith("tls://127.0.0.1:")
    assert all(worker.startswith("tls://127.0.0.1:") for worker in told["workers"])
    assert [done[0].failed, done[1].failed] == [
        ["row 1: no url: it killed the process that cleaned it (SIGKILL)"],
        ["row 0: no url: it took longer than 10 seconds"],
    ]
    assert "row group 2: was not cleaned: KilledWorker" in str(done[2].error)
    assert [path.name for path in _made(tmp_path)] == ["pages-00000.parquet", "pages-00001.parquet"]
    assert "Traceback" not in capfd.readouterr().err
    assert [*profiles.values()] == [0]


@pytest.mark.filterwarnings("default")  # Dask's own
def test_a_worker_that_is_given_up_while_it_starts_anew_has_another_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cluster._SETTINGS, "distributed.deploy.lost-worker-timeout", "1ms")
    monkeypatch.setattr(cluster, "_LOOK_AGAIN", 0.2)
    write(tmp_path / "pages.parquet", 2, row_group=2)
    groups, _ = find_groups(tmp_path / "pages.parquet", tmp_path / "out")
    with batch.open_cluster("", 1) as client:
        (worker,) = client.run(os.getpid).values()
        os.kill(worker, signal.SIGKILL)
        done = _cleaned(client, groups)
    assert [one.error for one in done.values()] == [None]


@pytest.mark.filterwarnings("default")  # Dask's own
def test_a_worker_that_is_not_seen_to_end_in_time_fails_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed.nanny import WorkerProcess  # noqa: PLC0415  (as above)

    kill, told = WorkerProcess.kill, []

    async def kill_and_wait_for_nothing(process: Any, **given: Any) -> None:
        told.append(given.pop("timeout"))
        await kill(process, timeout=0, **given)

    monkeypatch.setattr(WorkerProcess, "kill", kill_and_wait_for_nothing)
    write(tmp_path / "pages.parquet", 2, row_group=2)
    groups, _ = find_groups(tmp_path / "pages.parquet", tmp_path / "out")
    with batch.open_cluster("", 1) as client:
        done = _cleaned(client, groups)
    assert [one.error for one in done.values()] == [None]
    assert len(told) == 1


@pytest.mark.filterwarnings("default")  # Dask's own
def test_a_worker_that_does_not_start_has_another_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import Nanny  # noqa: PLC0415

    start = Nanny.start_unsafe
    failed: list[Nanny] = []

    async def fail_once(nanny: Nanny) -> Nanny:
        if not failed:
            failed.append(nanny)
            raise OSError("no memory")
        return await start(nanny)

    monkeypatch.setitem(cluster._SETTINGS, "distributed.deploy.lost-worker-timeout", "1ms")
    monkeypatch.setitem(cluster._SETTINGS, "distributed.scheduler.no-workers-timeout", "90s")
    monkeypatch.setattr(cluster, "_LOOK_AGAIN", 0.2)
    write(tmp_path / "pages.parquet", 2, row_group=2)
    groups, _ = find_groups(tmp_path / "pages.parquet", tmp_path / "out")
    with batch.open_cluster("", 1) as client:
        (worker,) = client.run(os.getpid).values()
        monkeypatch.setattr(Nanny, "start_unsafe", fail_once)
        os.kill(worker, signal.SIGKILL)
        done = _cleaned(client, groups)
    assert [one.error for one in done.values()] == [None]
    assert failed


def _break_connections(client: Client, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Break the client's connection each time that it has given out work, so many times."""
    give_out, left = client.map, [*range(times)]

    async def break_off() -> None:
        while client.status != "running":  # noqa: ASYNC110  (Dask tells nobody)
            await asyncio.sleep(0.01)
        client.scheduler_comm.comm.abort()

    def give_out_and_break(*given: Any, **named: Any) -> Any:
        futures = give_out(*given, **named)
        if left:
            left.pop()
            client.sync(break_off)
        return futures

    monkeypatch.setattr(client, "map", give_out_and_break)


@pytest.mark.filterwarnings("default")  # Dask's own
def test_a_run_goes_on_where_the_connection_to_the_scheduler_breaks_and_comes_back_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "pages.parquet", 4, row_group=2)
    groups, _ = find_groups(tmp_path / "pages.parquet", tmp_path / "out")
    with batch.open_cluster("", 1) as client:
        _break_connections(client, monkeypatch, 2)
        done = _cleaned(client, groups)
        assert [one.error for one in done.values()] == [None, None]
        _break_connections(client, monkeypatch, 3)
        with pytest.raises(CrawlerError, match=r"the cluster: went away.*run the same command"):
            _cleaned(client, groups)


def _cleaned(client: Client, groups: list[RowGroup]) -> dict[int, Cleaned]:
    cleaned = batch.clean_groups(client, groups, seconds=10, clean=hostile.clean)
    return {one.group.number: one for one in cleaned}


def _profiles(dask_worker: Any) -> int:
    """How many profiles of itself a worker keeps; one that makes them has one for each second."""
    return len(dask_worker.profile_history)


def test_killed_again_and_again_it_goes_on_and_does_nothing_twice(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages.parquet", PAGES, row_group=GROUP)
    before: dict[Path, int] = {}
    for files in KILLED_AT:
        _start_and_kill(tmp_path, files)
        made = {path: path.stat().st_mtime_ns for path in _made(tmp_path)}
        assert made | before == made
        before = made
    done = _run(tmp_path, "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert _read(tmp_path).equals(clean_table(pages))
    assert len(_made(tmp_path)) == len(list((tmp_path / "out").iterdir())) == PAGES // GROUP
    assert {path: path.stat().st_mtime_ns for path in before} == before


def _start_and_kill(folder: Path, files: int) -> None:
    """Run the command until so many files are there; its workers go with it, or a little later."""
    running = subprocess.Popen(  # noqa: S603
        _command(folder, "--workers", "1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )
    while running.poll() is None and len(_made(folder)) < files:
        time.sleep(0.01)
    assert running.returncode is None
    running.kill()
    if files % 2 == 0:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def test_ctrl_c_which_a_terminal_gives_to_every_process_ends_a_run_in_one_line(
    tmp_path: Path,
) -> None:
    write(tmp_path / "pages.parquet", PAGES, row_group=GROUP)
    with subprocess.Popen(  # noqa: S603
        _command(tmp_path, "--workers", "2"),
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    ) as running:
        while running.poll() is None and not _made(tmp_path):
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert said.splitlines() == [f"stopped; {_STOPPED}"]


_STOPPED = "what was reported is in the archive, and the same command goes on from here"


@pytest.mark.parametrize("last", [RuntimeError, TypeError])  # the second of an odd setting
def test_processes_that_cannot_be_started_are_told_in_words(
    monkeypatch: pytest.MonkeyPatch, last: type[Exception]
) -> None:
    def no_cluster(**_: object) -> None:  # as Dask does it where the current folder is gone
        raise last("Nanny failed to start.") from FileNotFoundError("it is gone")

    monkeypatch.setattr(cluster, "_Cluster", no_cluster)
    with (
        pytest.raises(CrawlerError, match="cannot be started: it is gone; check that"),
        cluster.open_cluster("", 1),
    ):
        raise AssertionError
