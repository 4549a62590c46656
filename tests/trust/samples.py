"""Small inputs of our own, of every kind that is read; in parts, so that damage goes inside."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.archive import Archive
from crawler.archive.lines import each_line
from crawler.archive.saving import arrival_of
from tests.archive.specimens import make_article, make_page
from tests.clean.containers.samples import PAGE, PNG, mail, tarred, zipped
from tests.clean.exports.test_read import DOCUMENTS
from tests.clean.listings.samples import long, short, spreadsheet
from tests.fake_answers import article, gallery, short_link
from tests.lookalikes import deleted_seed, hollow_seed, whole_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TEXT = "<p>灯塔的光每隔七秒扫过一次海面。</p><p><a href='https://example.com/a?b=1'>海图</a></p>"


@dataclass(frozen=True, slots=True)
class Sample:
    """One input: its parts by name, and what makes a file of them."""

    parts: Mapping[str, bytes]
    build: Callable[[Mapping[str, bytes]], bytes]


def _plain(*contents: str | bytes) -> tuple[Sample, ...]:
    def whole(parts: Mapping[str, bytes]) -> bytes:
        return parts["whole"]

    given = (one if isinstance(one, bytes) else one.encode() for one in contents)
    return tuple(Sample({"whole": one}, whole) for one in given)


_HEADERS = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")


def _warc(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    writer = WARCWriter(packed, gzip=False)
    for number, (name, content) in enumerate(parts.items()):
        record = writer.create_warc_record(
            short_link("article", number),
            name,
            payload=io.BytesIO(content),
            length=len(content),
            warc_content_type="text/html",
            http_headers=_HEADERS if name == "response" else None,
        )
        writer.write_record(record)
    return packed.getvalue()


def _arc(parts: Mapping[str, bytes]) -> bytes:
    return b"".join(_records_of_arc(parts))


def _records_of_arc(parts: Mapping[str, bytes]) -> tuple[bytes, bytes]:
    about = b"1 0 crawler\nURL IP-address Archive-date Content-type Archive-length\n"
    first = b"filedesc://a.arc 0.0.0.0 20240508120000 text/plain %d\n" % len(about)
    content = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + parts["page"]
    link = short_link("article", 3).encode()
    record = b"%s 10.0.0.1 20240508120000 text/html %d\n" % (link, len(content))
    return first + about + b"\n", record + content + b"\n"


def _packed_warc(parts: Mapping[str, bytes]) -> bytes:
    return b"".join(_gzip(_warc({name: content})) for name, content in parts.items())


def _packed_arc(parts: Mapping[str, bytes]) -> bytes:
    return b"".join(map(_gzip, _records_of_arc(parts)))


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=1, mtime=0)


def _database(parts: Mapping[str, bytes]) -> bytes:
    """A database of we-mp-rss; what is no UTF-8 stands in it all the same, as its bytes do."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.db")
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE feeds (id, mp_name)")
            database.execute("INSERT INTO feeds VALUES ('MP_WXS_3090000000', ?)", (parts["name"],))
            columns = "id, mp_id, title, url, content, publish_time, created_at"
            database.execute(f"CREATE TABLE articles ({columns})")
            database.execute(
                "INSERT INTO articles SELECT CAST(? AS TEXT), 'MP_WXS_3090000000',"
                " CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ''",
                tuple(parts[name] for name in ("key", "title", "url", "content", "published")),
            )
            database.commit()
        return path.read_bytes()


def _sheet(parts: Mapping[str, bytes]) -> bytes:
    rows = [row.split("\t") for row in parts["rows"].decode("utf-8", "replace").split("\n")]
    clean = [["".join(filter(str.isprintable, cell)) for cell in row] for row in rows]
    return spreadsheet(clean)


@cache
def _lines() -> bytes:
    """What an archive of ours is exported to."""
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder, "a.db")) as archive:
        archive.save_all([arrival_of(make_article(), "a.md")])
        archive.save(make_page(), snapshot=b"<html></html>")
        return "".join(f"{line}\n" for line in each_line(archive.connection, Path(folder))).encode()


_ROWS = [
    ["标题", "链接", "公众号", "发布时间"],
    ["潮水", short(1), "灯塔通讯", "2024-05-08"],
    ["雾号", long(2), "灯塔通讯", "1715164200"],
]
_ENTRIES = [{"title": "潮水", "url": short(1), "published": "2024-05-08", "tags": ["a", {"b": 1}]},
            {"data": {"item": [{"link": long(2), "公众号": "灯塔通讯"}]}}]  # fmt: skip
_WALLABAG = [{"title": "潮水", "url": short(3), "given_url": short(3), "content": TEXT,
              "created_at": "2024-05-08T20:30:00", "domain_name": "mp.weixin.qq.com"}]  # fmt: skip
_OMNIVORE = [{"slug": "tide-1", "title": "潮水", "url": short(4), "savedAt": "x"}]
_JSON_FEED = {"version": "https://jsonfeed.org/version/1", "title": "灯塔通讯",
              "items": [{"id": "1", "url": short(5), "title": "潮水", "content_html": TEXT,
                         "date_published": "2024-05-08T20:30:00+08:00"}]}  # fmt: skip
_RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>灯塔通讯</title><item><title>潮水'
    f"</title><link>{short(6)}</link><pubDate>Wed, 08 May 2024 12:30:00 GMT</pubDate>"
    f"<description><![CDATA[{TEXT}]]></description></item></channel></rss>"
)
_ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>灯塔通讯</title><entry><title>潮水</title>'
    f'<link href="{short(7)}"/><updated>2024-05-08T12:30:00Z</updated>'
    '<content type="html">&lt;p&gt;灯塔的光每隔七秒扫过一次海面。&lt;/p&gt;</content>'
    "</entry></feed>"
)
_OPML = (
    '<opml version="1.0"><body><outline text="灯塔" xmlUrl="https://example.com/f"/></body></opml>'
)
_ENEX = (
    '<?xml version="1.0"?><!DOCTYPE en-export><en-export><note><title>潮水</title><created>20240508'
    f"T203000Z</created><note-attributes><source-url>{short(8)}</source-url></note-attributes>"
    f"<content><![CDATA[<en-note>{TEXT}</en-note>]]></content></note></en-export>"
)
_BOOKMARKS = f'<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p><DT><A HREF="{short(9)}">潮水</A></DL>'
_TABLE = "\n".join("\t".join(row) for row in _ROWS)
_CSV = _plain(_TABLE.replace("\t", ","), f'url,title\n"{short(10)}","潮\n水"\n')
_TREES = _plain(*(json.dumps(value) for value in (_ENTRIES, _WALLABAG, _OMNIVORE, _JSON_FEED)))
_JSON_LINES = _plain("\n".join(map(json.dumps, _ENTRIES)), _lines())
_FEEDS = _plain(_RSS, _ATOM)
_SEEDS = _plain(
    whole_seed(), hollow_seed(), deleted_seed(), *(text for text, _ in DOCUMENTS.values())
)
_PAGES = _plain(article(1), gallery(2), PAGE % "one.png", _BOOKMARKS)
_ZIP = Sample(
    {
        "a/潮水.md": whole_seed().encode(),
        "b.html": (PAGE % "b_files/one.png").encode(),
        "b_files/one.png": PNG,
        "list.csv": _TABLE.replace("\t", ",").encode(),
        "feed.xml": _RSS.encode(),
        "c.warc": _warc({"resource": article(3)}),
    },
    zipped,
)
_JEX = Sample(
    {
        "n.md": f"潮水\n\n灯塔的光。\n\nid: 1\nsource_url: {short(11)}\ntype_: 1".encode(),
        "r/x.png": PNG,
    },
    tarred,
)
_WARC = Sample({"resource": article(1), "response": article(2)}, _warc)
_ARC = Sample({"page": article(1)}, _arc)
_MAIL = _plain(mail(short(12)), mail(short(12), located=False))
_DATABASE = Sample(
    {
        "name": "灯塔通讯".encode(),
        "key": b"3090000000-2247000001_2",
        "title": "潮水".encode(),
        "url": short(13).encode(),
        "content": TEXT.encode(),
        "published": b"1715164200",
    },
    _database,
)
_ODS = Sample(
    {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<office:spreadsheet><text:p>{short(15)}</text:p>".encode(),
    },
    zipped,
)
_XLSX = Sample({"rows": _TABLE.encode()}, _sheet)

SAMPLES: dict[str, tuple[Sample, ...]] = {
    **dict.fromkeys((".md", ".markdown", ".txt"), (*_SEEDS, *_plain(f"- [潮水]({short(14)})\n"))),
    **dict.fromkeys((".html", ".htm", ".shtml", ".xht", ".xhtml"), _PAGES),
    **dict.fromkeys((".csv", ".xls"), _CSV),
    ".tsv": _plain(_TABLE),
    ".xlsx": (_XLSX,),
    ".ods": (_ODS,),
    ".json": _TREES,
    **dict.fromkeys((".jsonl", ".ndjson"), _JSON_LINES),
    **dict.fromkeys((".xml", ".rss", ".atom"), _FEEDS),
    ".opml": _plain(_OPML),
    **dict.fromkeys((".zip", ".wacz"), (_ZIP,)),
    ".jex": (_JEX,),
    **dict.fromkeys((".mht", ".mhtml"), _MAIL),
    **dict.fromkeys((".db", ".sqlite", ".sqlite3"), (_DATABASE,)),
    ".enex": _plain(_ENEX),
    ".warc": (_WARC,),
    ".arc": (_ARC,),
    ".warc.gz": (Sample(_WARC.parts, _packed_warc),),
    ".arc.gz": (Sample(_ARC.parts, _packed_arc),),
}
"""Suffix -> what may stand behind it."""
