"""A file that somebody names, opened as a regular file or not at all, and read up to a limit.

A FIFO would block for ever, a device never ends, and a sparse file is larger than all memory. What
a name stands for is looked at after opening, so that nobody can swap it in between.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar, cast
from urllib.parse import quote
from weakref import finalize

from crawler.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

_Read = TypeVar("_Read", bytes, int)

MB = 1 << 20
MAX_PAGE_BYTES = 64 * MB  # as tools save pages, with pictures in them
MAX_DOCUMENT_BYTES = 8 * MB  # with pictures inside; as text 25 times that is in memory
# less pictures, which some tools write as text; the largest of 154,476 real seeds has some 40 KB,
# and 1 MB of nothing but emphasis takes 200 MB of memory to mend
MAX_TEXT_BYTES = MB
_PICTURE_AS_TEXT = re.compile(
    rb"data:(?:image/[a-z.+-]{2,20}|application/octet-stream)(?:;charset=[\w-]{1,20}+)?+;base64,"
    rb"[A-Za-z0-9+/=]*+"
)
_BLOCK = 1 << 18
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_FILES = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a named pipe"),
    (stat.S_ISSOCK, "is a socket"),
    (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
)


def name_of(path: Path) -> str:
    """A path as text: bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def uri_of(path: Path | str) -> str:
    """A path as SQLite takes it for an address: of two slashes the first would begin a host."""
    return f"file:{quote(os.fsencode(path), safe='')}"


LONGEST_PATH = 4096
"""Characters: no system takes a longer path."""


def resolved(path: Path) -> Path:
    """The path with no link left in it, as far as that can be told.

    `Path.resolve` breaks on links in a circle, and on a NUL. At what leads through these, and at
    what is longer than any system takes, is nothing: it stays as it is. With a part taken back by
    the `..` behind it, it would be another path, at which a link may lead anywhere.
    """
    try:
        if len(os.fspath(path)) <= LONGEST_PATH:
            real = os.path.realpath(path)
            if os.path.realpath(real) == real:  # as it is not behind a circle, before Python 3.13
                return Path(real)
    except ValueError:
        pass
    return path.absolute()


def expanded(path: Path) -> Path:
    """The path with a home for its `~`; as it stands where nobody is of that name."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def is_there(path: Path) -> bool:
    """Whether anything is at a path, where a link leads.

    Raises InputError where that cannot be told, as in a folder that may not be entered: of Python's
    own answers one version breaks there, and another one takes it for nothing.
    """
    return bool(_mode_of(path))


def is_file(path: Path) -> bool:
    """Whether a regular file is at a path. Raises InputError where that cannot be told."""
    return stat.S_ISREG(_mode_of(path))


def is_folder(path: Path) -> bool:
    """Whether a folder is at a path. Raises InputError where that cannot be told."""
    return stat.S_ISDIR(_mode_of(path))


def size_of(path: Path) -> int:
    """How many bytes a regular file has; 0 for anything else.

    Raises InputError where that cannot be told.
    """
    told = _told_of(path)
    return told.st_size if told and stat.S_ISREG(told.st_mode) else 0


def _mode_of(path: Path) -> int:
    """What the system says that a path is; 0 for nothing."""
    told = _told_of(path)
    return told.st_mode if told else 0


def _told_of(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except ValueError:  # a NUL, or letters that no name has, where nothing can be
        return None
    except OSError as failure:
        if failure.errno in _NOTHING or getattr(failure, "winerror", None) in _NO_NAMES:
            return None
        raise _unreadable(path, failure) from None


_NOTHING = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EBADF, errno.ENAMETOOLONG)
_NO_NAMES = (21, 123, 1921)  # what Windows says of names that nothing can have


class _Input(io.FileIO):
    """A file whose errors name it, whoever reads: a disk may fail in the middle of one."""

    def __init__(self, descriptor: int, path: Path) -> None:
        super().__init__(descriptor)
        self._path = path

    def read(self, size: int | None = -1, /) -> bytes:
        read: Callable[[int | None], bytes | None] = super().read
        return self._told(lambda: read(size))

    def readall(self) -> bytes:
        return self._told(super().readall)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        read: Callable[[WriteableBuffer], int | None] = super().readinto
        return self._told(lambda: read(buffer))

    def _told(self, read: Callable[[], _Read | None]) -> _Read:
        """What was read; None is what would be waited for, as files of /proc may."""
        try:
            came = read()
        except OSError as failure:
            raise _unreadable(self._path, failure) from None
        if came is None:
            raise _unreadable(self._path, OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)))
        return came


def open_input(path: Path) -> BinaryIO:
    """Open a regular file for reading, unbuffered.

    Raises InputError where there is none, or it may not be read, or is anything but a file, or is
    held here; and whoever reads of it, where the disk fails.
    """
    if is_held(path):
        raise InputError(name_of(path), "is a database that is open here", "leave it out")
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as failure:
        raise _unreadable(path, failure) from None
    except ValueError:  # a NUL, with which nothing can be called
        raise _unreadable(path, FileNotFoundError()) from None
    what = _objection(os.fstat(descriptor).st_mode)
    if what:
        os.close(descriptor)
        raise InputError(name_of(path), what, "give a regular file")
    return cast("BinaryIO", _Input(descriptor, path))


def read_input(path: Path, limit: int) -> bytes:
    """Read a regular file of `limit` bytes at most.

    Raises InputError as `open_input` does, and where the file is larger: by what the system says,
    before any of it is read, or by what came, where it grew meanwhile.
    """
    with open_input(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise _too_large(path, limit)
        content = file.read(size)  # at once, for pieces and their whole are twice as much
        while block := file.read(_BLOCK):
            content += block
            if len(content) > limit:
                raise _too_large(path, limit)
    return content


def too_long(document: bytes) -> str:
    """Why a document of Markdown is larger than any that is read, or the empty string.

    What is exported is measured by the same, so that all of it can be read back.
    """
    if len(document) > MAX_DOCUMENT_BYTES:
        return f"has more than {MAX_DOCUMENT_BYTES // MB} MB of text"
    if len(document) <= MAX_TEXT_BYTES:
        return ""
    text = len(_PICTURE_AS_TEXT.sub(b"", document))
    return f"has more than {MAX_TEXT_BYTES // MB} MB of text" if text > MAX_TEXT_BYTES else ""


class Held:
    """A database that SQLite has open in this process, until this is let go of.

    Where a process closes a file once, POSIX systems take all locks from it that it has there,
    whoever asked for them: others would write at the same time, or undo what is being written.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.stat()
        _HELD[id(self)] = self._file
        self.let_go = finalize(self, _HELD.pop, id(self), None)

    def is_at(self, path: Path) -> bool:
        """Whether a path leads to it, by whatever name. Raises OSError where nothing is there."""
        return os.path.samestat(self._file, path.stat())

    def is_as_it_was(self, path: Path) -> bool:
        """Whether it was not written to since. Raises OSError where nothing is there."""
        now = path.stat()
        return (now.st_mtime_ns, now.st_size) == (self._file.st_mtime_ns, self._file.st_size)


_HELD: dict[int, os.stat_result] = {}


def is_held(path: Path) -> bool:
    """Whether a path leads to such a database, or to the index of its log, where locks are, too."""
    held = list(_HELD.values())  # at once, for other threads
    if not held:
        return False
    try:
        told = Path(str(path).removesuffix(_INDEX)).stat()
    except (OSError, ValueError):
        return False
    return any(os.path.samestat(one, told) for one in held)


_INDEX = "-shm"


def objection(path: Path) -> str:
    """What a path is instead of a regular file, or the empty string; nothing there is none."""
    try:
        return _objection(path.stat().st_mode)
    except OSError:
        return ""


def _objection(mode: int) -> str:
    """What a file is instead of a regular one, or the empty string."""
    if stat.S_ISREG(mode):
        return ""
    found = (what for is_one, what in _NO_FILES if is_one(mode))
    return next(found, "is no regular file")


def _too_large(path: Path, limit: int) -> InputError:
    return InputError(name_of(path), f"is larger than {limit // MB:,} MB", "leave it out")


def _unreadable(path: Path, failure: OSError) -> InputError:
    if isinstance(failure, FileNotFoundError):
        return InputError(name_of(path), "no such file", "check its name")
    why = failure.strerror or type(failure).__name__
    return InputError(name_of(path), f"cannot be read: {why}", "check the file's permissions")
