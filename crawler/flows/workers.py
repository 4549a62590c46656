"""Pure work on every core.

Batches in, results out in the same order, never far ahead of who takes them.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Sized
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import chain, islice
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any, Self, TypeVar

from crawler.errors import CrawlerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext

Item = TypeVar("Item")
BatchT = TypeVar("BatchT", bound=Sized)
Result = TypeVar("Result")
SharedT = TypeVar("SharedT")

BATCH = 500  # items: the sync to disk costs 4 % of the whole after so many, and 14 % after 200
POOL_FROM = 400  # fewer items than that are done sooner than worker processes start


def in_batches(
    work: Callable[[BatchT, SharedT], Result],
    batches: Iterable[BatchT],
    shared: SharedT,
    *,
    workers: int,
) -> Iterator[Result]:
    """`work(batch, shared)` of every batch, in order.

    `work` must be a function of a module; `shared` is handed to each worker once. Only a few
    batches are ever in memory, however many there are. Where the system lets processes share no
    locks, all is done in this one.
    """
    rest = iter(batches)
    first: list[BatchT] = []
    while sum(map(len, first)) <= POOL_FROM and (batch := next(rest, None)) is not None:
        first.append(batch)
    pool: _Pool | None = None
    if workers > 1 and sum(map(len, first)) > POOL_FROM:
        with suppress(*_NO_LOCKS):
            pool = _Pool(workers, work, shared)
    if pool is None:
        yield from (work(batch, shared) for batch in chain(first, rest))
        return
    with pool:
        yield from pool.results(chain(first, rest))


_NO_LOCKS = (OSError, ImportError, NotImplementedError)
"""What Python raises where /dev/shm is not there, as in a chroot, or the system has no locks."""


def batched(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """The items, so many at a time."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


_MOST = 61  # processes that Windows waits for at once


class _Pool:
    """Worker processes that inherit neither the database nor the progress bar's thread."""

    def __init__(self, workers: int, work: Callable[..., Any], shared: object) -> None:
        self._batches = workers * 4
        self._ahead = self._batches * BATCH
        context = _context()
        # imported once, not by each worker
        context.set_forkserver_preload(["__main__", work.__module__])
        most = min(workers, _MOST) if sys.platform == "win32" else workers
        self._executor = ProcessPoolExecutor(most, context, _start, (work, shared))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._executor.shutdown(wait=True, cancel_futures=True)
        except BaseException:
            # Ctrl-C once more: Python 3.11 takes the thread that says to workers that all is done
            # for ended then, and would wait for them for ever
            for worker in multiprocessing.active_children():
                worker.kill()
            raise

    def results(self, batches: Iterable[Any]) -> Iterator[Any]:
        waiting: deque[tuple[Future[Any], int]] = deque()
        ahead = 0
        for batch in batches:
            waiting.append((self._submit(batch), len(batch)))
            ahead += len(batch)
            while ahead > self._ahead or len(waiting) > self._batches:
                future, size = waiting.popleft()
                yield _result_of(future)
                ahead -= size
        while waiting:
            yield _result_of(waiting.popleft()[0])

    def _submit(self, batch: Any) -> Future[Any]:
        """Raises CrawlerError where no worker can be started: each is reached by a file."""
        try:
            with _ctrl_c_later():
                return self._executor.submit(_work_batch, batch)
        except BrokenProcessPool:
            raise _killed() from None
        except OSError as error:
            what = f"cannot be started: {error.strerror or error}"
            raise CrawlerError("the processes that clean", what, _CHECK) from error


@contextmanager
def _ctrl_c_later() -> Iterator[None]:
    """Hear Ctrl-C when workers are started, which hear none themselves, nor what they are made of.

    A terminal gives it to every process: one that still loads would show a traceback, and so would
    one that finds out that nobody waits for it any more.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # whose start lets this thread hear it again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:  # Python raises here what came just before, and it is to be heard again then, too
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _result_of(future: Future[Any]) -> Any:
    """What came of a batch. Raises CrawlerError where its worker, or another, was killed."""
    try:
        return future.result()
    except BrokenProcessPool:
        raise _killed() from None


def _killed() -> CrawlerError:
    what = "were killed, as by the system where memory runs out; what was reported is kept"
    return CrawlerError("the processes that clean", what, "run it again, with fewer --workers")


_CHECK = (
    "check that the current folder is there, and that TMPDIR is a short path to one that may be"
    " written to; or use --workers 1"
)


def _context() -> BaseContext:
    methods = multiprocessing.get_all_start_methods()
    method = "forkserver" if "forkserver" in methods else "spawn"
    return multiprocessing.get_context(method)


_job: list[Any] = []  # in a worker: the work, and what it shares


def _start(work: Callable[..., Any], shared: object) -> None:
    _job[:] = [work, shared]
    if hasattr(os, "nice"):  # not on Windows
        # the writer is what the others wait for in the end, so it goes first where cores are few
        os.nice(5)
    gc.freeze()
    # what cleaning makes holds no cycles to speak of; they are looked for once a batch
    gc.disable()
    # Ctrl-C is for the writer, which ends the workers itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_writer, daemon=True).start()


def _end_with_writer() -> None:
    """End where the writer was killed: this process would wait for it for ever, its output open."""
    if writer := multiprocessing.parent_process():
        writer.join()
        os._exit(1)


def _work_batch(batch: Any) -> Any:
    work, shared = _job
    result = work(batch, shared)
    gc.collect()
    return result
