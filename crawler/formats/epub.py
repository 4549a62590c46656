"""Books (EPUB 3.3): chapters in, one file out, the same bytes for the same chapters.

Written with the standard library's ZIP: the kept library for it, EbookLib, is under the AGPL, which
whoever installs this would take over, and needs all of a book in memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import IO, TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from crawler.article import sha256
from crawler.characters import on_one_line
from crawler.formats.xhtml import render_xhtml, web_address, without_controls
from crawler.times import as_utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crawler.formats.works import Work

_EPOCH = (1980, 1, 1, 0, 0, 0)  # ZIP's own; the package says when it was made
_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
"""Suffixes of pictures that every reader shows, and their types (the core media types)."""

_LINE = 12  # characters of the cover's title in a line
_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The content of a picture, and the suffix of its kind."""

    suffix: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """An article, and its pictures by the addresses that its text has for them."""

    work: Work
    pictures: Mapping[str, Picture] = field(default_factory=dict)


def write_epub(file: IO[bytes], title: str, chapters: Iterable[Chapter]) -> int:
    """Write a book to a file that is open for writing; returns how many chapters it has.

    Chapters are taken one after the other, in their order, and none is kept.
    """
    with ZipFile(file, "w") as archive:
        book = _Book(archive, on_one_line(title) or "微信公众号")
        for chapter in chapters:
            book.add(chapter)
        book.close()
    return len(book.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What the contents say of a chapter."""

    file: str
    name: str
    account: str
    day: str
    archived: str
    id: str


class _Book:
    """A book while it is written."""

    def __init__(self, archive: ZipFile, title: str) -> None:
        self.entries: list[_Entry] = []
        self._archive = archive
        self._title = title
        self._pictures: dict[str, str] = {}  # content's hash -> its file
        self._items = [
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
            '<item id="style" href="style.css" media-type="text/css"/>',
            '<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>',
            '<item id="svg" href="cover.svg" media-type="image/svg+xml" properties="cover-image"/>',
        ]
        self._write("mimetype", "application/epub+zip", method=ZIP_STORED)
        self._write("META-INF/container.xml", _CONTAINER)
        self._write("EPUB/style.css", _STYLE)

    def add(self, chapter: Chapter) -> None:
        """Write a chapter and those of its pictures that no other had."""
        work, number = chapter.work, len(self.entries) + 1
        name = f"chapter-{number:05}.xhtml"
        places: dict[str, str] = {}
        for address, picture in chapter.pictures.items():
            if picture.suffix in _TYPES:
                places[address] = self._keep(picture)
        text = render_xhtml(work.text, lambda address: places.get(address, ""))
        head = f"<h1>{_xml(work.name)}</h1>\n{_byline(work)}"
        self._write(f"EPUB/{name}", _page(work.name, f"<article>\n{head}\n{text}</article>"))
        self._items.append(
            f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>'
        )
        entry = _Entry(
            file=name,
            name=work.name,
            account=on_one_line(work.account),
            day=work.day,
            archived=work.archived,
            id=work.id,
        )
        self.entries.append(entry)

    def _keep(self, picture: Picture) -> str:
        """The file of a picture in the book."""
        digest = sha256(picture.content)
        if digest not in self._pictures:
            number = len(self._pictures) + 1
            name = f"pictures/{number:05}{picture.suffix}"
            media_type = _TYPES[picture.suffix]
            self._write(f"EPUB/{name}", picture.content, method=ZIP_STORED)
            self._items.append(f'<item id="p{number}" href="{name}" media-type="{media_type}"/>')
            self._pictures[digest] = name
        return self._pictures[digest]

    def close(self) -> None:
        """Write what is known when all chapters are: cover, contents, and the list of files."""
        accounts = list(dict.fromkeys(entry.account for entry in self.entries if entry.account))
        days = sorted(entry.day for entry in self.entries if entry.day)
        span = " – ".join(dict.fromkeys((days[0], days[-1]))) if days else ""
        self._write("EPUB/cover.svg", _cover(self._title, accounts, span))
        self._write("EPUB/cover.xhtml", _page(self._title, _COVER))
        self._write("EPUB/nav.xhtml", _page(self._title, _contents(self._title, self.entries)))
        self._write("EPUB/package.opf", self._package(accounts, span))

    def _package(self, accounts: Sequence[str], span: str) -> str:
        name = uuid5(NAMESPACE_URL, "\n".join([self._title, *(one.id for one in self.entries)]))
        archived = max((entry.archived for entry in self.entries), default="")
        told = [
            f'<dc:identifier id="id">urn:uuid:{name}</dc:identifier>',
            f"<dc:title>{_xml(self._title)}</dc:title>",
            "<dc:language>zh-CN</dc:language>",
            *(f"<dc:creator>{_xml(account)}</dc:creator>" for account in accounts),
            "<dc:publisher>微信公众号</dc:publisher>",
            *([f"<dc:date>{_xml(span[-10:])}</dc:date>"] if span else ()),
            f'<meta property="dcterms:modified">{as_utc(archived)[:19]}Z</meta>',
        ]
        order = ["cover", "nav", *(f"c{number}" for number, _ in enumerate(self.entries, 1))]
        spine = "\n".join(f'<itemref idref="{one}"/>' for one in order)
        return _PACKAGE.format(
            metadata="\n".join(told), manifest="\n".join(self._items), spine=spine
        )

    def _write(self, name: str, content: str | bytes, *, method: int = ZIP_DEFLATED) -> None:
        info = ZipInfo(name, _EPOCH)
        info.compress_type = method
        info.external_attr = 0o644 << 16
        self._archive.writestr(info, content)


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=_xml(title), body=body)


def _byline(work: Work) -> str:
    """Who wrote it, when, where it stood, and what of it is archived."""
    told = " · ".join(filter(None, (on_one_line(work.account), on_one_line(work.author), work.day)))
    address = web_address(work.url)
    source = f'<br/><a href="{_xml(address)}">原文</a>' if address else ""
    archived = f"<br/>存档于 {work.archived_day}" if work.archived_day else ""
    return f'<p class="byline">{_xml(told)}{source}{archived}</p>'


def _contents(title: str, entries: Sequence[_Entry]) -> str:
    """The contents, in the order of the chapters.

    By account where there are several and each one's articles stand together, else a plain list.
    """
    groups = [(name, list(some)) for name, some in groupby(entries, lambda one: one.account)]
    accounts = {name for name, _ in groups}
    if 1 < len(accounts) == len(groups):
        lists = "\n".join(_group(name, some) for name, some in groups)
    else:
        lists = "\n".join(map(_line, entries)) or '<li><a href="cover.xhtml">封面</a></li>'
    return f'<nav epub:type="toc"><h1>{_xml(title)}</h1>\n<ol>\n{lists}\n</ol></nav>'


def _group(name: str, entries: Iterable[_Entry]) -> str:
    lines = "\n".join(map(_line, entries))
    return f"<li><span>{_xml(name or '未知公众号')}</span>\n<ol>\n{lines}\n</ol></li>"


def _line(entry: _Entry) -> str:
    name = " ".join(filter(None, (entry.day, entry.name)))
    return f'<li><a href="{entry.file}">{_xml(name)}</a></li>'


def _cover(title: str, accounts: Sequence[str], span: str) -> str:
    """A cover of words: the title in lines, the accounts, the days."""
    lines = re.findall(f".{{1,{_LINE}}}", without_controls(title))[:_LINES]
    words = "\n".join(
        f'<text x="60" y="{200 + 70 * number}" font-size="44">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    some = "、".join(accounts[:3]) + (" 等" if len(accounts) > 3 else "")
    return _SVG.format(title=words, accounts=_xml(some[:28]), span=_xml(span))


def _xml(text: str) -> str:
    return escape(without_controls(text))


_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="zh-CN">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{metadata}
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="zh-CN" \
xml:lang="zh-CN">
<head>
<meta charset="UTF-8"/>
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="style.css"/>
</head>
<body>
{body}
</body>
</html>
"""
_COVER = '<section epub:type="cover"><img src="cover.svg" alt="封面" class="cover"/></section>'
_SVG = """<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 800" width="600" height="800">
<rect width="600" height="800" fill="#f7f5ef"/>
<rect width="16" height="800" fill="#07c160"/>
<g font-family="serif" fill="#222222">
{title}
<text x="60" y="690" font-size="24">{accounts}</text>
<text x="60" y="730" font-size="20">{span}</text>
</g>
</svg>
"""
_STYLE = """body { line-height: 1.7; }
img { max-width: 100%; }
img.cover { height: 95vh; }
h1 { font-size: 1.4em; }
.byline { color: #666666; font-size: 0.85em; }
pre { white-space: pre-wrap; }
table { border-collapse: collapse; }
td, th { border: 1px solid #cccccc; padding: 0.2em 0.5em; }
blockquote { border-left: 3px solid #cccccc; margin-left: 0; padding-left: 1em; }
"""
