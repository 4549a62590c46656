"""Where a database lies that is open."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from crawler.archive.database.unfinished import beside_of
from crawler.inputs import Held, resolved, size_of

if TYPE_CHECKING:
    from pathlib import Path


class Place(Held):
    """Where a database lies that is open, to know later whether it still does."""

    def __init__(self, path: Path, *, unchanging: bool = False) -> None:
        super().__init__(path)
        self.path, self.unchanging = path, unchanging

    def size(self) -> int:
        """Bytes of the file, and of the log that SQLite keeps beside it."""
        path = resolved(self.path)  # beside which the log of a link lies
        return size_of(path) + size_of(beside_of(path, "-wal"))

    def is_kept(self) -> bool:
        """Whether it was not moved away or replaced, nor, if it is to be unchanging, written to.

        Where the disk does not tell, it is taken for kept: that it is sick is told by what is read.
        """
        try:
            is_there = self.is_at(self.path)
            return is_there and (not self.unchanging or self.is_as_it_was(self.path))
        except OSError as error:
            return error.errno not in _GONE


_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
