"""ZIP, WACZ and tar (Joplin's JEX): what is inside, with bounds that are counted while reading."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
import zlib
from collections import defaultdict
from datetime import datetime
from functools import partial
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from crawler.clean.containers.names import encoding_of, path_of
from crawler.clean.listings import check_packing
from crawler.telling import said_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
MAX_MEMBERS = 200_000
MAX_MEMBER_BYTES = 64 << 20  # unpacked; what is larger is named and passed over
MAX_NAME = 1024  # characters: whoever looks beside a file goes through all the folders in it
MAX_BYTES = 8 << 30  # unpacked, of all members together
MAX_SPARE = 64 << 30  # of what is unpacked in vain, as too large, and again for each that names it
_TOO_MUCH = f"unpacks to more than {MAX_BYTES >> 30} GB"
_CHUNK = 1 << 20
_LONGEST_PART = 64 << 20
_LONGEST_HEAD = 1 << 20
_DIGITS = re.compile(rb"[0-9]{200}")
_LISTED = b"PK\x01\x02"  # before each member in the list of a ZIP
_NAMES_OF_NONE = (
    *("__MACOSX/", ".git/", ".obsidian/"),
    *("datapackage.json", "datapackage-digest.json"),  # what a WACZ says of itself
)
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, zlib.error, EOFError, OSError,
    ValueError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


class _Bounded:
    """What `zipfile` and `tarfile` read from.

    What lists the members of a ZIP, and the long names of a tar, are read at once, whatever length
    they claim: a sparse file has many GB of them. So `read` raises ValueError for more than any.
    Later Pythons read a long name in pieces: what is read without a `seek` between counts together.
    """

    longest = _LONGEST_PART

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.tell, self.seekable = file.tell, file.seekable
        self._since_seek = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go somewhere, where another part begins."""
        self._since_seek = 0
        return self._file.seek(offset, whence)

    def read(self, size: int = -1) -> bytes:
        """Some bytes, or all that are left."""
        wanted = self.longest + 1 if size < 0 else size
        claimed = self._since_seek + wanted
        if claimed > self.longest + 1:
            raise ValueError(f"a part of it claims {claimed:,} bytes")
        content = self._file.read(wanted)
        self._since_seek += len(content)
        if len(content) > self.longest or content.count(_LISTED) > MAX_MEMBERS:
            raise ValueError(f"it holds more than {MAX_MEMBERS:,} files")
        return content


class _Heads(_Bounded):
    """What `tarfile` learns the members of a tar from.

    Pythons before 3.11.10 and 3.12.6 take the square of a number's length to read past it, and
    those before 3.11.14, 3.12.12 and 3.13.6 go back, for ever, over a file that is less than empty.
    """

    longest = _LONGEST_HEAD

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go on. Raises ValueError where that is back, to what was read."""
        if whence or offset < self.tell():
            raise ValueError("a file in it begins before the one before it ends")
        return super().seek(offset)

    def read(self, size: int = -1) -> bytes:
        """As `_Bounded` does it. Raises ValueError for a number that is longer than any, too."""
        content = super().read(size)
        if _DIGITS.search(content):
            raise ValueError("a number in it has hundreds of digits")
        return content


class BrokenContainerError(ValueError):
    """A packed file that cannot be read to its end; says why."""


class Member(NamedTuple):
    """One file of a packed one; `problem` says why its content is missing."""

    name: str
    content: bytes
    problem: str = ""
    changed: str = ""  # as `Article.fetch_date`; when the file was written last


class Packed:
    """The files of a ZIP or tar.

    Raises BrokenContainerError where it is no such file, or holds more files than any.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._entries: dict[str, _Entry] = {}
        self._earlier: list[_Entry] = []
        self._again: defaultdict[str, list[str]] = defaultdict(list)
        self._spare = MAX_SPARE
        self._in_vain: set[str] = set()  # names of which nothing came, for each text may ask again
        self.problem = ""
        """Why there may be more in it than what is read, as a tar may be cut or damaged."""
        try:
            for entry in _bounded(_entries(cast("IO[bytes]", _Bounded(file)))):
                self._keep(entry)
        except BrokenContainerError:
            raise
        except _BROKEN as error:
            self.problem = f"cannot be unpacked ({said_by(error)})"
        if self.problem and not self._entries:
            raise BrokenContainerError(self.problem)
        self._name_earlier()

    def _keep(self, entry: _Entry) -> None:
        entry = entry._replace(name=entry.name.removeprefix("./"))  # as `tar c .` calls all
        is_short = len(entry.name) <= MAX_NAME
        if earlier := self._entries.get(entry.name):
            self._earlier.append(earlier)
        self._entries[entry.name] = entry if is_short else entry._replace(open=_refuse_name)

    def _name_earlier(self) -> None:
        """Give each file that unpacking would lose to a later one of its name a name of its own.

        Python's own writer packs two articles of one title so.
        """
        tried: defaultdict[str, int] = defaultdict(int)
        for entry in self._earlier:
            folder, slash, name = entry.name.rpartition("/")
            stem, dot, suffix = name.partition(".")
            other = entry.name
            while other in self._entries:
                tried[entry.name] += 1
                other = f"{folder}{slash}{stem} ({tried[entry.name]}){dot}{suffix}"
            self._entries[other] = entry
            self._again[entry.name].append(other)

    def members(self, suffixes: tuple[str, ...]) -> Iterator[Member]:
        """Every file whose name ends in one of these, in its order.

        Raises BrokenContainerError where all together are too large; what was yielded before is
        good.
        """
        return self.files(self.names(suffixes))

    def files(self, names: Iterable[str]) -> Iterator[Member]:
        """The files of these names, as `members` gives them."""
        room = MAX_BYTES
        for name in names:
            member = self._read(name)
            room -= len(member.content)
            if room < 0 or self._spare < 0:
                raise BrokenContainerError(_TOO_MUCH)
            yield member

    def names(self, suffixes: tuple[str, ...] = ("",)) -> list[str]:
        """The names of files that end in one of these, or of all, in their order."""
        return [
            name
            for name in self._entries
            if name.lower().endswith(suffixes) and not name.startswith(_NAMES_OF_NONE)
        ]

    def stream(self, name: str) -> io.BufferedReader:
        """One file, read as it is unpacked, for one that is too large for memory.

        Reading it raises OSError where it is broken, or unpacks to more than all may.
        """
        return io.BufferedReader(_Stream(self._entries[name].open))

    def holds(self, name: str) -> bool:
        """Whether there is a file of this name, from which something may come."""
        return name in self._entries and name not in self._in_vain

    def content(self, name: str) -> bytes | None:
        """The content of one file; None where there is none of this name, or it is broken.

        And where too much was unpacked: every text may name the same picture. And where several
        have the name and differ, for nobody knows which of them is meant.
        """
        if not self.holds(name):
            return None
        found: set[bytes] = set()
        for one in (name, *self._again.pop(name, ())):
            if self._spare < 0 or len(found) > 1:
                found.clear()
                break
            content = self._read(one).content
            self._spare -= len(content)
            found.add(content)
        only = found.pop() if len(found) == 1 else b""
        if not only:
            self._in_vain.add(name)
        return only or None

    def _read(self, name: str) -> Member:
        """One file, as far as the bound; a broken one does not spoil the others."""
        chunks: list[bytes] = []
        size = 0
        try:
            with self._entries[name].open() as source:
                while chunk := source.read(_CHUNK):
                    size += len(chunk)
                    if size > MAX_MEMBER_BYTES:
                        self._spare -= size
                        return Member(name, b"", f"is larger than {MAX_MEMBER_BYTES >> 20} MB")
                    chunks.append(chunk)
        except _BROKEN as error:
            return Member(name, b"", f"cannot be unpacked ({said_by(error)})")
        return Member(name, b"".join(chunks), changed=self._entries[name].changed)


class _Stream(io.RawIOBase):
    """A packed file that is unpacked as it is read, and no further than all may be."""

    def __init__(self, opened: Callable[[], IO[bytes]]) -> None:
        self._opened = opened
        self._source: IO[bytes] | None = None
        self._room = MAX_BYTES

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Unpack some more bytes."""
        view = memoryview(buffer).cast("B")
        try:
            self._source = self._source or self._opened()
            chunk = self._source.read(len(view))
        except _BROKEN as error:
            raise OSError(said_by(error)) from None
        self._room -= len(chunk)
        if self._room < 0:
            raise OSError(_TOO_MUCH)
        view[: len(chunk)] = chunk
        return len(chunk)


class _Entry(NamedTuple):
    """One file inside, not read yet."""

    name: str
    changed: str
    open: Callable[[], IO[bytes]]


def _bounded(entries: Iterator[_Entry]) -> Iterator[_Entry]:
    for count, entry in enumerate(entries):
        if count >= MAX_MEMBERS:
            raise BrokenContainerError(f"holds more than {MAX_MEMBERS:,} files")
        yield entry


def _entries(file: IO[bytes]) -> Iterator[_Entry]:
    head = file.read(4)
    file.seek(0)
    if not head.strip(b"\0"):
        raise ValueError("it is no packed file")
    return _in_zip(file) if head.startswith(b"PK") else _in_tar(file)


def _in_zip(file: IO[bytes]) -> Iterator[_Entry]:
    packed = zipfile.ZipFile(file)
    encoding = encoding_of(packed)
    for info in packed.infolist():
        # (asked for a name that is empty, `is_dir` breaks)
        if info.filename and not info.is_dir():
            opened = partial(_open_of_zip, packed, info)
            yield _Entry(path_of(info, encoding), _day_of(info), opened)
    if min((info.header_offset for info in packed.infolist()), default=0) > 0:
        raise ValueError("another file may stand before it, or it is damaged there")


def _in_tar(file: IO[bytes]) -> Iterator[_Entry]:
    # without compression: JEX has none, and so no member can be a bomb
    heads = cast("IO[bytes]", _Heads(file))
    tar = tarfile.open(fileobj=heads, mode="r:")  # noqa: SIM115  (the file is the caller's)
    while entry := tar.next():
        # else it keeps them all, with all that is said of each; typeshed does not know the list
        tar.members.clear()  # type: ignore[attr-defined]
        if entry.size < 0:
            raise ValueError("a file in it is less than empty")
        if entry.isreg():
            opened = partial(_open_of_tar, file, entry.offset_data, entry.size)
            yield _Entry(entry.name, "", opened)
    file.seek(tar.offset)
    if file.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):  # tarfile takes it for the end
        raise ValueError("it was cut, or is damaged, behind what was read of it")
    while behind := file.read(1 << 20):
        if behind.strip(b"\0"):
            raise ValueError("another file may stand behind it, or it is damaged there")


def _day_of(info: zipfile.ZipInfo) -> str:
    try:
        return datetime(*info.date_time).isoformat(timespec="microseconds")  # noqa: DTZ001
    except ValueError:  # a ZIP may say the 31st of month 15
        return ""


def _refuse_name() -> IO[bytes]:
    raise ValueError(f"its name has more than {MAX_NAME:,} characters")


def _open_of_zip(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    check_packing(info)
    return packed.open(info)


def _open_of_tar(file: IO[bytes], start: int, size: int) -> IO[bytes]:
    if size > MAX_MEMBER_BYTES:
        raise ValueError(f"is larger than {MAX_MEMBER_BYTES >> 20} MB")
    file.seek(start)
    return io.BytesIO(file.read(size))
