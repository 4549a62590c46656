"""A file that somebody names, opened as a regular file or not at all, and read up to a limit.

A FIFO would block for ever, a device never ends, and a sparse file is larger than all memory. What
a name stands for is looked at after opening, so that nobody can swap it in between.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

from crawler.errors import InputError

MB = 1 << 20
MAX_PAGE_BYTES = 64 * MB  # as tools save pages, with pictures in them
MAX_DOCUMENT_BYTES = 8 * MB  # with pictures inside; as text 25 times that is in memory
# less pictures, which some tools write as text; the largest of 154,476 real seeds has some 40 KB,
# and 1 MB of nothing but emphasis takes 200 MB of memory to mend
MAX_TEXT_BYTES = MB
_PICTURE_AS_TEXT = re.compile(rb"data:image/[a-z.+-]{2,20};base64,[A-Za-z0-9+/=]*+")
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


def resolved(path: Path) -> Path:
    """The path with no link left in it, as far as that can be told.

    `Path.resolve` breaks on links in a circle, and on a NUL.
    """
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return Path(os.path.abspath(path))  # noqa: PTH100  (with no look at the disk)


def expanded(path: Path) -> Path:
    """The path with a home for its `~`; as it stands where nobody is of that name."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def open_input(path: Path) -> BinaryIO:
    """Open a regular file for reading, unbuffered.

    Raises InputError where there is none, or it may not be read, or is anything but a file.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as failure:
        raise _unreadable(path, failure) from None
    what = _objection(os.fstat(descriptor).st_mode)
    if what:
        os.close(descriptor)
        raise InputError(name_of(path), what, "give a regular file")
    return open(descriptor, "rb", buffering=0)  # noqa: PTH123  (a descriptor has no path)


def read_input(path: Path, limit: int) -> bytes:
    """Read a regular file of `limit` bytes at most.

    Raises InputError as `open_input` does, and where the file is larger: by what the system says,
    before any of it is read, or by what came, where it grew meanwhile.
    """
    with open_input(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise _too_large(path, limit)
        try:
            content = file.read(size)  # at once, for pieces and their whole are twice as much
            while block := file.read(_BLOCK):
                content += block
                if len(content) > limit:
                    raise _too_large(path, limit)
        except OSError as failure:
            raise _unreadable(path, failure) from None
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
