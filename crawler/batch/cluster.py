"""Row groups on Dask: on this machine's cores, or on the cluster that is named.

Dask is the optional extra `dask`, and is loaded with this module.
"""

from __future__ import annotations

import logging
import signal
import threading
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

from crawler.archive.files import folder_for_a_while
from crawler.batch.documents import clean_document
from crawler.batch.groups import Cleaned, RowGroup, clean_group
from crawler.batch.reader import MEMORY
from crawler.errors import ConfigError, CrawlerError, extra_missing

try:
    import dask.config
    from distributed import Client, Future, LocalCluster, Nanny, Status, as_completed
    from tornado.ioloop import PeriodicCallback
except ModuleNotFoundError as error:
    raise extra_missing("crawler clean-parquet", error, "dask") from None
except Exception as error:  # noqa: BLE001  (whatever it makes of a configuration)
    said = (str(error).splitlines() or [""])[0]
    raise ConfigError(
        "Dask",
        f"cannot be loaded as it is configured ({type(error).__name__}: {said.rstrip(':')})",
        "mend what it reads: ~/.config/dask, /etc/dask, and what variables named DASK_... say",
    ) from None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crawler.batch.isolated import Clean

_LOOPBACK = "127.0.0.1"
_PATIENCE = 20  # seconds until a scheduler that does not answer is none
_LOOK_AGAIN = 10.0  # seconds between two looks whether workers are there, and all of our own
_LOST = (Status.failed, Status.closed)
_CONNECTIONS = 3  # to the scheduler, one after the other, that one run may take
_CONNECTED = ("running", "connecting")  # what Dask says of its client
_SETTINGS = {
    # a worker that starts anew takes a minute on a busy machine; Dask gives it 15 s, and no other
    "distributed.deploy.lost-worker-timeout": "120s",
    # where none comes back at all, the row groups are named
    "distributed.scheduler.no-workers-timeout": "600s",
    # what Dask keeps of its own doings grows with each second, by a third in 200,000 pages
    "distributed.worker.profile.enabled": False,
    "distributed.admin.log-length": 100,
    "distributed.admin.low-level-log-length": 100,
    "distributed.admin.system-monitor.log-length": 100,
}


class _Keeper(Nanny):  # type: ignore[misc]  # Dask has no types
    """Keeps one worker of our own; each is killed that does not end when it is told to."""

    async def instantiate(self) -> Status:
        """Start a worker that hears no Ctrl-C, which is for who started it, and ends it then.

        A terminal gives it to every process, and each would show a traceback. What a thread does
        not hear, as this one of Dask's from now on, its processes do not.
        """
        if threading.current_thread() is not threading.main_thread():
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        return await super().instantiate()

    async def kill(self, timeout: float = 5, reason: str = "nanny-kill") -> None:  # noqa: ASYNC109
        """Go on where it is not seen to end in time: on a busy machine a whole run failed of it."""
        with suppress(TimeoutError):
            await super().kill(timeout, reason)


class _Cluster(LocalCluster):  # type: ignore[misc]  # as above
    """A cluster on this machine; one that was only begun is no concern of the end of Python.

    Dask would close it there, and fall over workers that are not there yet.
    """

    def __init__(self, **settings: Any) -> None:
        try:
            super().__init__(**settings)
        except BaseException:
            self.shutdown_on_close = False
            raise


@contextmanager
def open_cluster(
    scheduler: str, workers: int, *, on_nobody: Callable[[], None] = lambda: None
) -> Iterator[Client]:
    """The cluster whose scheduler is named, else one of so many processes on this machine.

    One that is named may have no worker, or lose its last, and all wait for one: `on_nobody` is
    told, by a thread of Dask's.

    That one listens on loopback only, has no dashboard, and speaks TLS with keys of its own: else
    any other user of the machine could give it code to run. Raises ConfigError where no scheduler
    answers, ArchiveError where there is no place for temporary files, and CrawlerError where no
    process can be started.
    """
    if scheduler:
        with _named_cluster(scheduler) as client, _watched(client, on_nobody):
            yield client
        return
    with (
        folder_for_a_while() as scratch,
        dask.config.set(_SETTINGS),
        _cluster(scratch, workers) as cluster,
        _all_there(cluster, workers),
        Client(cluster) as client,
    ):
        yield client


def _cluster(scratch: str, workers: int) -> _Cluster:
    """Raises CrawlerError where its processes cannot be started, as in a folder that is gone."""
    try:
        resource_tracker.ensure_running()  # whose start lets a thread hear Ctrl-C again
        return _Cluster(
            worker_class=_Keeper,
            local_directory=scratch,
            n_workers=workers,
            threads_per_worker=1,
            host=_LOOPBACK,
            security=True,
            dashboard_address=f"{_LOOPBACK}:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
        )
    except Exception as error:  # whatever Dask makes of its settings
        what = f"cannot be started: {_first_of(error)}"
        raise CrawlerError("the processes that clean", what, _CHECK) from error


def _first_of(error: BaseException) -> BaseException:
    """The error with which it began."""
    while before := error.__cause__ or error.__context__:
        error = before
    return error


_CHECK = (
    "check that the current folder is there, the limits of this shell (ulimit -a), and what"
    " ~/.config/dask, /etc/dask and variables named DASK_... say"
)


@contextmanager
def _all_there(cluster: _Cluster, workers: int) -> Iterator[None]:
    """Start workers anew that Dask has given up: with none left, all would wait for ever."""

    def replace_lost() -> None:
        for name, worker in [*cluster.workers.items()]:
            if worker.status in _LOST:  # as where one did not start: Dask would keep its place
                del cluster.workers[name]
        cluster.scale(workers)

    with _each_time(cluster.loop, replace_lost):
        yield


@contextmanager
def _each_time(loop: Any, look: Callable[[], Any]) -> Iterator[None]:
    """Look again and again, in a loop of Dask's."""
    again = PeriodicCallback(look, _LOOK_AGAIN * 1000)
    loop.add_callback(again.start)
    try:
        yield
    finally:
        loop.add_callback(again.stop)


def _named_cluster(scheduler: str) -> Client:
    try:
        return Client(scheduler, timeout=_PATIENCE)
    except (OSError, ValueError, TypeError) as error:
        what = f"no scheduler of Dask answers there ({type(error).__name__}: {error})"
        advice = "give its address, as in tcp://10.0.0.1:8786"
        raise ConfigError(f"--scheduler {scheduler}", what, advice) from None


@contextmanager
def _watched(client: Client, on_nobody: Callable[[], None]) -> Iterator[None]:
    """Tell each time that nobody works for a cluster any more, or yet."""
    is_told = False

    async def count_workers() -> None:
        nonlocal is_told
        with suppress(OSError, AttributeError):  # where it goes away
            is_nobody = not await client.scheduler.ncores()
            if is_nobody and not is_told:
                on_nobody()
            is_told = is_nobody

    with _each_time(client.loop, count_workers):
        yield


def clean_groups(
    client: Client,
    groups: Sequence[RowGroup],
    *,
    seconds: float,
    memory: int = MEMORY,
    clean: Clean = clean_document,
) -> Iterator[Cleaned]:
    """Clean row groups on a cluster; yields what came of each as it ends, in any order.

    Raises CrawlerError where the cluster goes away.
    """
    work = partial(clean_group, seconds=seconds, memory=memory, clean=clean)
    lost = list(groups)
    for _ in range(_CONNECTIONS):
        waiting, lost = lost, []
        try:
            futures = client.map(work, waiting, pure=False)
        except Exception:  # older ones have no name for it
            if client.status in _CONNECTED:
                raise
            break  # it has given up connecting meanwhile
        yield from _as_they_end(futures, waiting, lost)
        if not lost:
            return
        if client.status not in _CONNECTED:
            break
    raise CrawlerError("the cluster", "went away before all row groups were cleaned", _AGAIN)


def _as_they_end(
    futures: list[Future], groups: Sequence[RowGroup], lost: list[RowGroup]
) -> Iterator[Cleaned]:
    """What came of each row group; `lost` gets those that Dask forgot, as its connection broke."""
    group_of = dict(zip(futures, groups, strict=True))
    for future in as_completed(futures):
        group = group_of.pop(future)
        try:
            yield _result(future, group)
        except CancelledError:
            lost.append(group)
        future.release()


_AGAIN = "run the same command again: it goes on from here"


def _result(future: Future, group: RowGroup) -> Cleaned:
    """What came of a row group; where its worker failed, and no document of it, that is named.

    Raises CancelledError where the connection to the scheduler was lost meanwhile.
    """
    try:
        cleaned: Cleaned = future.result()
    except CancelledError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever Dask says of a worker)
        what = f"was not cleaned: {type(error).__name__}: {error}"
        return Cleaned(group=group, error=CrawlerError(str(group), what, _AGAIN))
    return cleaned
