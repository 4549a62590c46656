"""The process that reads tables of pages.

A file of Parquet says in a few bytes how much is to be unpacked at once, and how often something
repeats: in its footer, in the heads of its data pages, in its encodings. Nobody can tell beforehand
what that comes to. So this process may take so much memory and no more, and ends where a file needs
more; `IsolatedReader` starts it, asks it, and starts another.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.article import sha256
from crawler.batch.columns import COLUMNS, SCHEMA, check_columns, views_of
from crawler.errors import InputError
from crawler.inputs import MAX_PAGE_BYTES, name_of, objection, open_input
from crawler.telling import said_by

import pyarrow as pa  # type: ignore[import-untyped]  # isort: skip -- its absence is told by `columns`
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Callable

MB = 1 << 20
STAMP = b"wechat-article-archive"
OUT_OF_MEMORY = errno.ENOMEM
"""The exit code of this process where memory ran out."""

_READ_AT_ONCE = 1  # page, for a few bytes may unpack to one of 64 MB after the other; 20 us more
_BUFFER = 1 << 20
_STDERR = 2  # which `sys.stderr` does not tell where it was closed
_SAME = "every machine must see the same files under the same paths"


class Footer(NamedTuple):
    """What a file says of itself, before any of it is unpacked."""

    rows: list[int]
    """Of each of its row groups."""
    digest: str
    written: int
    """When the file was, in nanoseconds: a page that is put right may leave the digest the same."""
    stamp: bytes
    """What we wrote into its metadata, where it is ours."""
    objection: InputError | None
    """Why it is no table of pages."""
    is_records: bool
    """Whether it has the columns of our records."""


def read_footer(path: Path) -> Footer:
    """What a file says of itself. Raises InputError where it is no file of Parquet."""
    with _opened(path) as file:
        found, metadata = file.schema_arrow, file.metadata
        try:
            check_columns(name_of(path), found)
            wrong = None
        except InputError as error:
            wrong = error
        digest, written = _digest(path, metadata.serialized_size)
        return Footer(
            rows=[metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)],
            digest=digest,
            written=written,
            stamp=(found.metadata or {}).get(STAMP, b""),
            objection=wrong,
            is_records=found.equals(SCHEMA),
        )


def _digest(path: Path, footer: int) -> tuple[str, int]:
    """The SHA-256 of a file's footer, which has sizes, places and bounds of all that it holds.

    And when the file was written.

    Raises InputError where it cannot be read.
    """
    with open_input(path) as file:
        try:
            file.seek(-footer - 8, os.SEEK_END)
            return sha256(file.read()), os.fstat(file.fileno()).st_mtime_ns
        except OSError as error:
            raise _unreadable(path, error) from None


def _opened(path: Path) -> Any:
    """A Parquet file, open, whose columns have names. Raises InputError where it is none."""
    what = objection(path)
    if what:
        raise InputError(name_of(path), what, _ADVICE)
    try:
        source = pa.OSFile(os.fsencode(path))  # a name that is no UTF-8, too
        file = pq.ParquetFile(
            source, pre_buffer=False, buffer_size=_BUFFER, page_checksum_verification=True
        )
        _ = file.schema_arrow.names  # which need not be UTF-8, as its writer should have seen to
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        _check_memory(error)
        raise _unreadable(path, error) from None
    return file


def _check_memory(error: Exception) -> None:
    """Raises MemoryError where that is what an error says, in one of two ways."""
    if isinstance(error, MemoryError) or "bad_alloc" in str(error):
        raise MemoryError from None


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(name_of(path), f"cannot be read as Parquet: {_first(error)}", _ADVICE)


_ADVICE = "give a file of Parquet"


def _first(error: Exception) -> str:
    """An error's words, as they stand before more."""
    return said_by(error).rstrip(".")


def _send_footer(connection: Connection, path: Path) -> None:
    connection.send(read_footer(path))


def _send_pages(connection: Connection, path: Path, number: int, digest: str, subject: str) -> None:
    """Send the pages of a row group as they are asked for: charset, URL, size, the page if any.

    Raises InputError where they break off.
    """
    try:
        with _opened(path) as file:
            if _digest(path, file.metadata.serialized_size)[0] != digest:
                raise InputError(subject, "is another file here, or changed meanwhile", _SAME)
            names = [name for name in COLUMNS if name in file.schema_arrow.names]
            for batch in file.iter_batches(
                _READ_AT_ONCE, row_groups=[number], columns=names, use_threads=False
            ):
                for html, charset, url in views_of(batch):
                    connection.send((charset, url, len(html)))
                    if 0 < len(html) <= MAX_PAGE_BYTES:
                        connection.send_bytes(html)
                    connection.recv()  # until the next is wanted: a worker keeps one core busy
    except ConnectionError:  # nobody listens any more
        raise EOFError from None
    except (OSError, pa.ArrowException) as error:
        _check_memory(error)
        what = f"cannot be read: {_first(error)}"
        raise InputError(subject, what, "the other row groups are not touched by it") from None
    connection.send(None)


FOOTER, PAGES = "footer", "pages"
_ANSWERS: dict[str, Callable[..., None]] = {FOOTER: _send_footer, PAGES: _send_pages}
"""What may be asked, and what answers it."""


def main(descriptor: int) -> None:
    """Answer until nobody asks any more, or memory runs out."""
    with Connection(descriptor) as connection, suppress(EOFError, ConnectionError):
        sys.path[:] = connection.recv()
        memory = connection.recv()
        connection.send(None)
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDERR)  # C++ says why it ends
        _limit(memory)
        while True:
            question, *told = connection.recv()
            try:
                _ANSWERS[question](connection, *told)
            except InputError as error:
                connection.send(error)
            except MemoryError:  # whoever asked cannot tell what of the answer came
                os._exit(OUT_OF_MEMORY)


def _limit(memory: int) -> None:
    """Take so many bytes more than now, and no more, where the system is Linux."""
    import resource  # noqa: PLC0415 -- Windows has none, and loads this module's names

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):
        size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (size * resource.getpagesize() + memory, most))
