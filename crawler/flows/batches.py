"""Which seed files are read together.

Those of one account, so that its promotion is learned where they are read.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crawler.errors import InputError
from crawler.flows.workers import BATCH
from crawler.inputs import open_input, size_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

# An account is cut that has more: for the sake of memory (some 2,000 texts), and so that no worker
# is waited for.
ACCOUNT_BYTES = 16 << 20
ACCOUNT_FILES = 4000
BATCH_BYTES = 8 << 20  # 500 real seeds have some 4 MB; with its index a text takes many times that
_GLANCE = 1024  # bytes: of 1,987 real seeds one says its source later, after a title of many lines
_SOURCE = re.compile(rb"^source:[ \t]*+([^\r\n]*)", re.MULTILINE)
_BIZ = re.compile(rb"[?&;]__biz=([A-Za-z0-9+/]+)")


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that one worker reads at once."""

    paths: list[Path]
    # holds, as far as a glance tells, every file of the accounts that it holds any of
    complete: bool

    def __len__(self) -> int:
        return len(self.paths)


class Glance(NamedTuple):
    """What the first lines of a seed tell of its account, and the file's size in bytes."""

    path: Path
    source: bytes
    biz: bytes
    size: int


def by_number(files: Iterable[Path]) -> Iterator[Batch]:
    """The files in their order, so many at a time, and so much of them."""
    some: list[Path] = []
    size = 0
    for path in files:
        some.append(path)
        size += _size_of(path)
        if len(some) == BATCH or size > BATCH_BYTES:
            yield Batch(some, complete=False)
            some, size = [], 0
    if some:
        yield Batch(some, complete=False)


def _size_of(path: Path) -> int:
    with suppress(InputError):
        return size_of(path)
    return 0


def by_account(files: Iterable[Path]) -> Iterator[Batch]:
    """The files of one account after the other, in the order in which the accounts come.

    A very large one is cut.
    """
    waiting: list[Path] = []
    waits = 0  # bytes of these
    for glances in _accounts([glance_at(path) for path in files]):
        paths = [glance.path for glance in glances]
        size = sum(glance.size for glance in glances)
        is_large = len(paths) > ACCOUNT_FILES or size > ACCOUNT_BYTES
        is_full = len(waiting) + len(paths) > BATCH or waits + size > BATCH_BYTES
        if waiting and (is_large or is_full):
            yield Batch(waiting, complete=True)
            waiting, waits = [], 0
        if is_large:
            yield from by_number(paths)
        else:
            waiting, waits = [*waiting, *paths], waits + size
    if waiting:
        yield Batch(waiting, complete=True)


def _accounts(glances: Sequence[Glance]) -> Iterable[list[Glance]]:
    """The seeds of each account, by their links: a source may be renamed, or a feed of several.

    Where a link says nothing, the account is the one that the source stands for most often.
    """
    accounts_of: defaultdict[bytes, Counter[bytes]] = defaultdict(Counter)
    for glance in glances:
        if glance.biz:
            accounts_of[glance.source][glance.biz] += 1
    usual = {source: counts.most_common(1)[0][0] for source, counts in accounts_of.items()}
    accounts: defaultdict[bytes, list[Glance]] = defaultdict(list)
    for glance in glances:
        accounts[glance.biz or usual.get(glance.source, glance.source)].append(glance)
    return accounts.values()


def glance_at(path: Path) -> Glance:
    """A look at the first lines of a file; one that cannot be read tells nothing."""
    try:
        with open_input(path) as file:
            head, size = file.read(_GLANCE), os.fstat(file.fileno()).st_size
    except (InputError, OSError):
        return Glance(path, b"", b"", 0)
    source, biz = _SOURCE.search(head), _BIZ.search(head)
    named, own = source[1] if source else b"", biz[1] if biz else b""
    return Glance(path, named, own, size)
