"""The pictures that a tool put beside a page, in files or as `data:` addresses -> archive.

A page may name one file a million times: no file is read for each of them.
"""

from __future__ import annotations

import posixpath
import re
from abc import ABC, abstractmethod
from binascii import a2b_base64
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from crawler.archive.files import SavedPage, is_loaded, place_of
from crawler.clean.exports import pictures_beside, place_backgrounds, place_beside
from crawler.clean.markdown import link_target, picture_address
from crawler.errors import InputError
from crawler.flows.adopt import MAX_PICTURE_BYTES
from crawler.inputs import LONGEST_PATH, is_file, name_of, read_input, resolved
from crawler.telling import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.clean.containers import Packed

OFTEN = 12  # ways in which a page names one file, and pictures for which it does
_LONGEST_COPY = MAX_PICTURE_BYTES * 3 // 2  # as text; no longer one would be kept
_ON_THE_WEB = ("http:", "https:")
_DATA = re.compile(
    r"data:(?:image/[\w.+-]++|application/octet-stream)(?:;charset=[\w-]++)?+;base64,(.*)",
    re.DOTALL,
)


class _Beside(ABC):
    """The files beside a page, by how it names them; of one that is there, so many ways are taken.

    None where there is none, or it is `unread`, with why.
    """

    def __init__(self) -> None:
        self._ways: defaultdict[str, set[str]] = defaultdict(set)  # of files that are there
        self.unread: dict[str, InputError] = {}

    @abstractmethod
    def __call__(self, copy: str) -> bytes | None:
        """The content of one."""

    def _may_read(self, name: str, copy: str) -> bool:
        ways = self._ways[name]
        if len(ways) >= OFTEN and copy not in ways:
            what = f"is named by its page in more than {OFTEN} ways"
            self._note(InputError(name, what, "so many were taken; all else was read"))
            return False
        ways.add(copy)
        return True

    def _note(self, error: InputError) -> None:
        self.unread[error.subject] = error


class FilesBeside(_Beside):
    """Those below the folder of a page."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def __call__(self, copy: str) -> bytes | None:
        """The content of one."""
        if copy.startswith((*_ON_THE_WEB, "data:")) or len(copy) > LONGEST_PATH:
            return None
        path = resolved(self._folder / unquote(copy.partition("?")[0]))
        try:
            is_there = path.is_relative_to(resolved(self._folder)) and is_file(path)
            if is_there and self._may_read(name_of(path), copy):
                return read_input(path, MAX_PICTURE_BYTES)
        except InputError as error:
            self._note(error)
        return None


class PackedBeside(_Beside):
    """Those that are packed with a page of this name: unpacking is work too."""

    def __init__(self, container: str, packed: Packed, page: str) -> None:
        super().__init__()
        self._container, self._packed, self._page = container, packed, page

    def __call__(self, copy: str) -> bytes | None:
        """The content of one."""
        if copy.startswith(_ON_THE_WEB):
            return None
        inside = packed_name(self._page, copy)
        if self._packed.holds(inside) and self._may_read(f"{self._container}/{inside}", copy):
            return self._packed.content(inside)
        return None


def packed_name(text: str, copy: str) -> str:
    """The name of the file that a packed text names by a path from its own folder."""
    path = unquote(copy.partition("?")[0])
    return _ABOVE.sub("", posixpath.normpath(posixpath.join(PurePosixPath(text).parent, path)))


_ABOVE = re.compile(r"\A(?:\.\./)++")  # all that is packed, where nothing is


class Own(NamedTuple):
    """A picture that only a tool has: its address in the page, and its copy.

    That of a file is read when it is kept, for all of them may be larger than memory.
    """

    address: str
    copy: str = ""
    content: bytes = b""

    def load(self, beside: Callable[[str], bytes | None]) -> bytes:
        """The picture; empty where its file is gone."""
        return self.content or beside(self.copy) or b""


def with_own_pictures(
    saved: SavedPage, beside: Callable[[str], bytes | None]
) -> tuple[SavedPage, list[Own]]:
    """The page with pictures that only its tool has under the addresses that they are to have."""
    kept: dict[str, Own] = {}
    places: dict[str, str] = {}  # of files that are there

    def place(copy: str) -> str:
        if copy in places:
            return places[copy]
        content = _content_of(copy, beside) or b""
        address = place_of(content)
        is_data = _DATA.match(copy) is not None
        if address:
            kept[address] = Own(address, content=content) if is_data else Own(address, copy)
        if content and not is_data:
            places[copy] = address
        return address

    content = place_backgrounds(place_beside(saved.content, place), place)
    return replace(saved, content=content), list(kept.values())


def keep_own(
    kept: Iterable[Own],
    archive: Archive,
    article_id: str,
    beside: Callable[[str], bytes | None],
    *,
    at: str,
) -> None:
    """Keep the pictures that only a tool has, and that the article shows."""
    record = archive.get(article_id) if kept else None
    for own in kept:
        content = own.load(beside) if record and own.address in record.body else b""
        if content:
            archive.images.keep(article_id, own.address, content, at=at)


def keep_pictures(
    saved: SavedPage, archive: Archive, article_id: str, beside: Callable[[str], bytes | None]
) -> None:
    """Keep the pictures that a tool put beside a page, under the addresses that the page has.

    A part of a saved mail is called by these themselves. What stands there in the place of one
    tells nothing of it: that is still to be asked for.
    """
    lacking = archive.images.lacking(article_id, again=True)
    wanted = set(lacking)
    times: Counter[str] = Counter()  # that a copy was read, of one picture or of several
    for address, copy in pictures_beside(saved.content):
        key = "" if _DATA.match(copy) else copy
        if address not in wanted or times[key] >= OFTEN:
            continue
        times[key] += bool(key)
        content = _content_of(copy, beside)
        if content and is_loaded(content):
            archive.images.keep(article_id, address, content, at=saved.at)
            wanted.discard(address)
    for address in lacking:
        content = beside(address) if address in wanted else None
        if content and is_loaded(content):
            archive.images.keep(article_id, address, content, at=saved.at)


class PicturesBehind:
    """The pictures that articles out of a WARC lack: they stand behind their pages there.

    Of what it holds otherwise nothing is read, and of very many the first ones wait no more: of
    these is told which come all the same.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lacking: dict[str, list[tuple[str, str]]] = {}  # by what is asked for
        self._count = 0
        self._given_up: set[int] = set()
        self._missed = 0

    def expect(self, article_id: str) -> None:
        """Want the pictures of an article."""
        for address in self._archive.images.lacking(article_id, again=True):
            self._lacking.setdefault(_asked_as(address), []).append((article_id, address))
            self._count += 1
        while self._count > _MOST_LACKING:
            first = next(iter(self._lacking))
            self._count -= len(self._lacking.pop(first))
            if len(self._given_up) < _MOST_GIVEN_UP:
                self._given_up.add(hash(first))

    def wants(self, address: str) -> bool:
        """Whether a picture is one of these, in whatever form it was sent."""
        sent = _sent_as(address)
        self._missed += sent not in self._lacking and hash(sent) in self._given_up
        return sent in self._lacking

    def refuse_missed(self, name: str) -> None:
        """Raise InputError where pictures came that waited no more; once for each of them."""
        missed, self._missed = self._missed, 0
        if missed:
            raise InputError(name, f"has {counted(missed, 'picture')} {_TOO_FAR}", _ONLINE)

    def take(self, address: str, content: bytes, *, at: str) -> None:
        """Keep one, under the address that each of its articles has."""
        if not is_loaded(content):
            return
        found = self._lacking.pop(_sent_as(address), [])
        self._count -= len(found)
        with self._archive.transaction():
            for article_id, lacking in found:
                self._archive.images.keep(article_id, lacking, content, at=at)


_MOST_LACKING = 50_000
_MOST_GIVEN_UP = 500_000
_TOO_FAR = "too far behind their pages, which were left"
_ONLINE = "crawler images brings what is online"
# a page asks for the whole picture in the width and form that suit it (`/640?wx_fmt=png&tp=webp`)
_WHOLE = re.compile(r"/(?:0|640)?+(?:[?#].*)?\Z", re.DOTALL)
_OF_WECHAT = re.compile(r"https?://[a-z]{2,9}\.q(?:pic|logo)\.cn/")


def _asked_as(address: str) -> str:
    return _WHOLE.sub("", address) if _OF_WECHAT.match(address) else address


def _sent_as(address: str) -> str:
    """The same of an address as it was sent, which a text has as a link."""
    return _asked_as(link_target(picture_address(address)))


def _content_of(copy: str, beside: Callable[[str], bytes | None]) -> bytes | None:
    """A picture out of a `data:` address or a file beside its page; None where there is none."""
    data = _DATA.match(copy)
    if not data:
        return beside(copy)
    if len(copy) > _LONGEST_COPY:
        return None
    try:
        return a2b_base64(unquote(data[1]), strict_mode=True)
    except ValueError:
        return None
