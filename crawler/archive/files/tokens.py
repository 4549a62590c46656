"""The word that lets a reader's own browser bring pages into an archive, in a file beside it.

Only who made the file may read it. It is there whole or not at all, and never made twice.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from crawler.archive.database import check_place
from crawler.errors import ArchiveError
from crawler.inputs import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ENDING = ".capture-token"
_TOKEN = re.compile(rb"([A-Za-z0-9_-]{43})\n?")
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_ADVICE = "make a new one: crawler capture --new-token"


def token_file(archive: Path) -> Path:
    """Where the token of an archive is kept."""
    return archive.absolute().with_name(f"{archive.name}{_ENDING}")


def capture_token(archive: Path, *, anew: bool = False) -> str:
    """The token of an archive, which is made where there is none, or with `anew`.

    Raises ArchiveError where it cannot be made or read, or where others may read it, and where no
    archive can be.
    """
    check_place(archive)
    path = token_file(archive)
    with _named(path):
        if anew:
            _write(path, replace=True)
        elif not os.path.lexists(path):
            with suppress(FileExistsError):  # somebody else made it meanwhile
                _write(path, replace=False)
    return kept_token(archive)


def kept_token(archive: Path) -> str:
    """The token that is kept beside an archive now; raises ArchiveError where none can be read."""
    path = token_file(archive)
    with _named(path):
        return _read(path)


def _write(path: Path, *, replace: bool) -> None:
    """Write aside and move into its place, so that no kill leaves half a token."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(f"{secrets.token_urlsafe(32)}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        if replace:
            aside.replace(path)
        else:
            os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _read(path: Path) -> str:
    descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        seen = os.fstat(descriptor)
        if not stat.S_ISREG(seen.st_mode):
            raise ArchiveError(name_of(path), "is no regular file", _ADVICE)
        if seen.st_mode & 0o077 or seen.st_uid != os.geteuid():
            raise ArchiveError(name_of(path), "may be read or changed by others", _ADVICE)
        token = _TOKEN.fullmatch(file.read(100))
    if not token:
        raise ArchiveError(name_of(path), "holds no token", _ADVICE)
    return token[1].decode()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"cannot be used: {error.strerror or error}"
        advice = "check the folder's permissions and the free space"
        raise ArchiveError(name_of(path), what, advice) from error
