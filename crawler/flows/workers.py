"""Pure work on every core: items in, results out in the same order, never far ahead of who takes them."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext

Item = TypeVar("Item")
Result = TypeVar("Result")
Shared = TypeVar("Shared")

BATCH = 500  # items a transaction: the sync to disk costs 4 % of the whole then, and 14 % with 200
POOL_FROM = 400  # fewer items than that are done sooner than worker processes start


def in_batches(
    work: Callable[[Item, Shared], Result], items: Iterable[Item], shared: Shared, *, workers: int
) -> Iterator[list[Result]]:
    """`work(item, shared)` of every item, a batch at a time.

    `work` must be a function of a module; `shared` is handed to each worker once. Only a few batches are ever in
    memory, however many items there are.
    """
    batches = _batched(items)
    first = list(islice(batches, 1))
    if workers == 1 or sum(map(len, first)) <= POOL_FROM:
        yield from ([work(item, shared) for item in batch] for batch in first)
        yield from ([work(item, shared) for item in batch] for batch in batches)
        return
    with _Pool(workers, work, shared) as pool:
        yield from pool.results(first)
        yield from pool.results(batches)


def _batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


class _Pool:
    """Worker processes that inherit neither the database nor the progress bar's thread."""

    def __init__(self, workers: int, work: Callable[..., Any], shared: object) -> None:
        self._ahead = workers * 2
        context = _context()
        context.set_forkserver_preload([work.__module__])  # imported once, not by each worker
        self._executor = ProcessPoolExecutor(workers, context, _start, (work, shared))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    def results(self, batches: Iterable[list[Any]]) -> Iterator[list[Any]]:
        waiting: deque[Future[list[Any]]] = deque()
        for batch in batches:
            waiting.append(self._executor.submit(_work_batch, batch))
            if len(waiting) > self._ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _context() -> BaseContext:
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")


_job: list[Any] = []  # in a worker: the work, and what it shares


def _start(work: Callable[..., Any], shared: object) -> None:
    _job[:] = [work, shared]
    gc.freeze()
    gc.disable()  # what cleaning makes holds no cycles to speak of; they are looked for once a batch
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the writer, which ends the workers itself


def _work_batch(batch: list[Any]) -> list[Any]:
    work, shared = _job
    results = [work(item, shared) for item in batch]
    gc.collect()
    return results
