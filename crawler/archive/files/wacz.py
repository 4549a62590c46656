"""Stored pages as one WACZ: a WARC with its index and the list of its pages, in a ZIP.

The index is in blocks of some hundred lines, each compressed alone, with an index of the blocks
beside it, so that a reader in a browser fetches only what it needs of a large file.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from crawler.archive.files.atomic import whole_file
from crawler.archive.files.records import RecordWriter, target_of
from crawler.article import sha256
from crawler.fields import harmless_line
from crawler.times import as_utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from crawler.archive.reading import Snapshot

WACZ_VERSION = "1.1.1"
WARC = "pages.warc.gz"
LINES = 300  # of a block of the index, as others have it
_EPOCH = (1980, 1, 1, 0, 0, 0)  # ZIP's own; the package says when it was made


def write_wacz(
    path: Path,
    snapshots: Iterable[Snapshot],
    *,
    titles: Mapping[str, str],
    software: str,
    created: str,
) -> int:
    """Write snapshots to a WACZ file; returns how many.

    `titles` are those of the articles, by key; `created` is a moment of ours. Raises ArchiveError
    where the file cannot be written; it is whole or not there.
    """
    with whole_file(path) as file, ZipFile(file, "w") as archive:
        package = _Package(archive)
        pages = list(_write_pages(package, snapshots, software))
        index, blocks = _index_of(pages)
        package.add("indexes/index.cdx.gz", index, method=ZIP_STORED)
        package.add("indexes/index.idx", blocks)
        package.add("pages/pages.jsonl", _list_of(pages, titles))
        package.close(software=software, created=created)
    return len(pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One page, and where its record stands."""

    article_id: str
    url: str
    at: str  # as WARC writes it
    http_status: int | None
    digest: str
    offset: int
    length: int

    @property
    def key(self) -> str:
        """What an index is sorted by: the address as SURT has it, and the moment."""
        return f"{surt_of(self.url)} {_digits(self.at)}"

    @property
    def line(self) -> str:
        """Its line of the index."""
        told = {
            "url": self.url,
            "mime": "text/html",
            "digest": f"sha256:{self.digest}",
            "length": str(self.length),
            "offset": str(self.offset),
            "filename": WARC,
        }
        if self.http_status:
            told["status"] = str(self.http_status)
        return f"{self.key} {json.dumps(told)}\n"


def surt_of(url: str) -> str:
    """An address in the order in which indexes sort it, as the SURT of WeChat's addresses is."""
    try:
        parts = urlsplit(url.lower())
    except ValueError:  # a row of somebody else may hold anything
        return url.lower()
    host = ",".join(reversed((parts.hostname or "").split(".")))
    path = parts.path.rstrip("/") or "/"
    query = "&".join(sorted(parts.query.split("&")))
    return f"{host}){path}?{query}" if query else f"{host}){path}"


def _digits(at: str) -> str:
    """A moment as the fourteen digits of an index."""
    return "".join(sign for sign in at if sign.isdigit())[:14]


def _write_pages(
    package: _Package, snapshots: Iterable[Snapshot], software: str
) -> Iterator[_Page]:
    with package.open(f"archive/{WARC}", method=ZIP_STORED) as file:
        writer = RecordWriter(file, packed=True, software=software)  # type: ignore[arg-type]
        for snapshot in snapshots:
            offset = file.written
            digest = writer.write(snapshot)
            yield _Page(
                article_id=snapshot.article_id,
                url=target_of(snapshot),
                at=as_utc(snapshot.fetched_at),
                http_status=snapshot.http_status,
                digest=digest,
                offset=offset,
                length=file.written - offset,
            )


def _index_of(pages: Sequence[_Page]) -> tuple[bytes, bytes]:
    """The index in compressed blocks, and the index of the blocks."""
    lines = sorted((page.key, page.line) for page in pages)
    meta = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
    index = bytearray()
    blocks = [f"!meta 0 {json.dumps(meta)}\n"]
    for start in range(0, len(lines), LINES):
        some = lines[start : start + LINES]
        packed = gzip.compress("".join(line for _, line in some).encode(), mtime=0)
        block = {"offset": len(index), "length": len(packed), "digest": f"sha256:{sha256(packed)}"}
        blocks.append(f"{some[0][0]} {json.dumps(block)}\n")
        index += packed
    return bytes(index), "".join(blocks).encode()


def _list_of(pages: Iterable[_Page], titles: Mapping[str, str]) -> bytes:
    lines: list[dict[str, Any]] = [
        {"format": "json-pages-1.0", "id": "pages", "title": "All pages"}
    ]
    lines += [
        {
            "id": f"{page.digest[:22]}-{number}",
            "url": page.url,
            "ts": page.at,
            "title": harmless_line(titles.get(page.article_id, "")),
        }
        for number, page in enumerate(pages, start=1)
    ]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


@dataclass(slots=True)
class _Member:
    """A file of the package while it is written: counts and digests what goes through."""

    file: IO[bytes]
    written: int = 0
    hash: Any = field(default_factory=hashlib.sha256)

    def write(self, content: bytes) -> int:
        self.file.write(content)
        self.hash.update(content)
        self.written += len(content)
        return len(content)

    def flush(self) -> None:
        """Nothing is held back here."""


class _Package:
    """The ZIP, and what its `datapackage.json` says of each file in it."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._resources: list[dict[str, Any]] = []

    @contextmanager
    def open(self, name: str, *, method: int = ZIP_DEFLATED) -> Iterator[_Member]:
        """A file of that name, to be written within the block."""
        with self._archive.open(_info(name, method), "w", force_zip64=True) as file:
            member = _Member(file)
            yield member
        self._resources.append(
            {
                "name": name.rpartition("/")[2],
                "path": name,
                "hash": f"sha256:{member.hash.hexdigest()}",
                "bytes": member.written,
            }
        )

    def add(self, name: str, content: bytes, *, method: int = ZIP_DEFLATED) -> None:
        """A whole file at once."""
        with self.open(name, method=method) as member:
            member.write(content)

    def close(self, *, software: str, created: str) -> None:
        """Write what the package says of itself, and the digest of that."""
        said = {
            "profile": "data-package",
            "wacz_version": WACZ_VERSION,
            "title": "WeChat articles",
            "software": software,
            "created": f"{as_utc(created)[:19]}Z",
            "resources": self._resources,
        }
        content = json.dumps(said, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(content)}"}
        self._archive.writestr(_info("datapackage.json", ZIP_DEFLATED), content)
        told = json.dumps(digest, indent=2)
        self._archive.writestr(_info("datapackage-digest.json", ZIP_DEFLATED), told)


def _info(name: str, method: int) -> ZipInfo:
    info = ZipInfo(name, _EPOCH)
    info.compress_type = method
    info.external_attr = 0o644 << 16
    return info
