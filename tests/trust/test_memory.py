"""Inputs at their size limit, made to take memory: one of them takes less than 300 MB.

What takes most is a text with one character of four bytes, for then each of the others has four.
"""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
import tracemalloc
import zipfile
from contextlib import closing
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from crawler.clean.captures import read_cdx
from crawler.fetch.web_archive import INDEX_LIMITS
from tests.clean.listings.samples import spreadsheet
from tests.flows.test_adopt import PNG
from tests.lookalikes import link
from tests.trust.test_no_files import MOST_MEMORY, crawl

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells of memory"),
]

MB = 1 << 20
WIDE = "😀".encode()
LINK = link(1).encode()
FRONT = (
    b"---\ntitle: a\nurl: %s\nsource: a\ndate: 2024-05-08\nfetch_date: 2024-05-08T00:00:00\n---\n\n"
    b"# a\n\n" % LINK
)
HTML = b"<html><body><h1 id='activity-name'>a</h1><div id='js_content'>%s%s</div></body></html>"
KNOWN = HTML.replace(b"<body>", b'<head><meta property="og:url" content="%s"></head><body>' % LINK)
GIF = b"<img data-src='https://mmbiz.qpic.cn/a/%d/640' src='data:image/gif;base64,%s'>"
B64 = b"R0lG"
BEHIND = b"<p style='background:url(data:image/gif;base64,%s)'>"
FILM = b"<video src='data:video/mp4;base64,%s'></video>"
MAIL = (
    b"MIME-Version: 1.0\nSnapshot-Content-Location: %s\nContent-Type: multipart/related;"
    b' boundary="B"\n\n--B\nContent-Type: text/html; charset=utf-8\n\n%s\n--B\n'
    b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n"
    b"Content-Location: https://mmbiz.qpic.cn/a\n\n%s\n--B--\n"
)
NOTE = b"<en-export><note><title>a</title><source-url>%s</source-url><content>%s</content>%s</note>"
JOURNAL = bytes.fromhex("d9d505f920a163d7").ljust(512, b"\0")  # of a write that changed nothing
OURS = b'{"archive": "wechat-article-archive", "version": 1}\n'


def _fill(size: int, unit: bytes) -> bytes:
    return unit * (size // len(unit))


def _entries(size: int, form: bytes) -> bytes:
    """A list of JSON with so many bytes of objects that each name an article."""
    one = form % (LINK, WIDE)
    return b"[%s]" % b",".join([one] * (size // (len(one) + 1)))


def _zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return packed.getvalue()


def _words(number: int, count: int) -> bytes:
    """A text that has little in common with others: all pairs of its letters are indexed."""
    chance = Random(number)
    letters = [chr(place) for place in range(0x4E00, 0x5DA0)]
    return ("".join(chance.choices(letters, k=count)) + "。\n").encode()


def _telling(number: int) -> bytes:
    """A text of 1 MB in which all of five letters that follow one another are others."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    words = "".join(Random(1).choices(letters, k=1_020_000))
    lines = [words[start : start + 1000] for start in range(0, len(words), 1000)]
    lines[number] = f"{number}" * 900
    return FRONT.replace(LINK, link(number).encode()) + "\n".join(lines).encode()


def _database(folder: Path) -> bytes:
    path = folder / "made.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE feeds (id, mp_name)")
        columns = "id, mp_id, title, url, content, publish_time, created_at"
        database.execute(f"CREATE TABLE articles ({columns})")
        html = (HTML % (WIDE, _fill(15 * MB, b"<p>a</p>"))).decode()
        rows = [(f"1-{number}_1", "", "a", link(number), html, "", "") for number in range(6)]
        database.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        database.commit()
    content = path.read_bytes()
    path.unlink()
    return content


MADE: dict[str, Callable[[], bytes]] = {
    "a.md": lambda: FRONT + WIDE + b"![](data:image/png;base64," + _fill(7 * MB, b"AAAA") + b")\n",
    "b.html": lambda: HTML % (WIDE, _fill(63 * MB, b"<p>a</p>")),
    "p.html": lambda: (
        KNOWN % (WIDE, GIF % (0, _fill(42 * MB, B64)) + FILM % _fill(20 * MB, B64)) + b"\xff"
    ),
    "y.html": lambda: (
        HTML.replace(b"<html>", b"<meta itemprop='source-url' content='%s'>" % LINK).replace(
            b"js_content", b"x"
        )
        % (WIDE, BEHIND % _fill(31 * MB, B64) + FILM % _fill(31 * MB, B64))
    ),
    "z.html": lambda: b"---\nsource: %s\n---\n%s%s" % (LINK, WIDE, _fill(7 * MB, b"a b\n\n")),
    "x.html": lambda: (
        HTML.replace(b"<html>", b"<html><meta charset=gbk>")
        % (b"", _fill(15 * MB, "渡口的灯亮了".encode("gbk")) + b"\xff")
    ),
    "c.json": lambda: b'[{"url":"%s","title":"%s%s"}]' % (LINK, WIDE, _fill(11 * MB, b"x")),
    "d.json": lambda: _entries(24 * MB, b'{"url":"%s","title":"%s","a":"b","c":"d","e":"f"}'),
    "v.json": lambda: _fill(31 * MB, b'{"a":'),
    "w.json": lambda: b'["%s"%s]' % (LINK, _fill(31 * MB, b',""')),
    "e.json": lambda: _entries(11 * MB, b'"%s","%s"'),
    "f.jsonl": lambda: _fill(31 * MB, b'{"url":"%s","text":"%s"}\n' % (LINK, WIDE + b"x" * 9999)),
    "g.csv": lambda: "标题,链接\n".encode() + _fill(31 * MB, WIDE + b"x" * 99 + b",%s\n" % LINK),
    "h.csv": lambda: b"title,url\n" + _fill(31 * MB, WIDE + b"x" * (MB - 9) + b",%s\n" % LINK),
    "i.csv": lambda: b"title,url\n" + WIDE + _fill(31 * MB, b"x") + b",%s\n" % LINK,
    "j.html": lambda: _fill(15 * MB, b"<DT><A HREF='%s'>%s</A>\n" % (LINK, WIDE)),
    "aa.html": lambda: b"<a href='%s'>%s</a>" % (LINK, WIDE) + _fill(15 * MB, b"a b c d "),
    "ab.xml": lambda: (
        b"<rss xmlns:g='http://www.georss.org/georss'><channel><item><link>%s</link><g:line>" % LINK
        + _fill(7 * MB, b"11 ")
        + b"</g:line></item></channel></rss>"
    ),
    "k.xml": lambda: (
        b"<rss><channel>%s</channel></rss>"
        % _fill(2 * MB, b"<item><title>%s</title><link>%s</link></item>" % (WIDE, LINK))
    ),
    "l.enex": lambda: NOTE % (LINK, WIDE, _fill(126 * MB, b"AAAA")),
    "m.enex": lambda: NOTE % (LINK, WIDE + _fill(126 * MB, b"AAAA"), b""),
    "n.mht": lambda: (
        MAIL
        % (
            LINK,
            HTML % (WIDE, _fill(9 * MB, b"<p>a</p>" * 9 + b"\n")),
            _fill(20 * MB, b"A" * 76 + b"\n"),
        )
    ),
    "o.zip": lambda: _zip({"a.html": HTML % (WIDE, _fill(63 * MB, b"<p>a</p>"))}),
    "p.zip": lambda: _zip(
        {
            "a.md": FRONT + b"".join(b"![](%d.png)\n" % number for number in range(9)),
            **{f"{number}.png": b"\x89PNG\r\n\x1a\n" + bytes(30 * MB) for number in range(9)},
        }
    ),
    "s.zip": lambda: _zip(
        {
            f"{number}.md": FRONT.replace(LINK, link(number).encode()) + _words(number, 10_000)
            for number in range(250)
        }
    ),
    "u.zip": lambda: _zip({f"{number}.md": _telling(number) for number in range(6)}),
    "q.jsonl": lambda: OURS + b'{"id":"s:a","title":"%s"}\n' % (WIDE + _fill(23 * MB, b"x")),
    "t.xlsx": lambda: spreadsheet(
        [
            ["aid", "链接", "文章内容"],
            *(
                [f"{number}_1", link(number), "x" * (MB * 12 // 10)]
                for number in range(10**6, 10**6 + 104)
            ),
        ]
    ),
    "r.jsonl": lambda: OURS + b'{"table":"images","content":"%s"}\n' % _fill(46 * MB, b"A"),
}
"""Name of a file -> what stands in it: as much as its kind may have, or a little less."""


@pytest.mark.parametrize("name", MADE)
def test_an_input_at_its_limit_takes_less_than_300_mb(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(MADE[name]())
    done = crawl(tmp_path, "reclean", "--workers", "1", name)
    assert done.code in (0, 1), done.said
    assert "Traceback" not in done.said
    assert done.memory < MOST_MEMORY


def test_a_database_at_its_limit_takes_less_than_300_mb(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(_database(tmp_path))
    assert crawl(tmp_path, "reclean", "--workers", "1", "a.db").memory < MOST_MEMORY


def test_the_pictures_beside_a_page_take_less_than_300_mb_together(tmp_path: Path) -> None:
    tags = b"".join(b"<img src='%d.png'>" % number for number in range(9))
    words = "渡口的灯亮了。".encode() * 30
    page = KNOWN % (words, tags)
    (tmp_path / "a.html").write_bytes(page)
    for number in range(9):
        (tmp_path / f"{number}.png").write_bytes(PNG + bytes([number]) * (30 * MB))
    done = crawl(tmp_path, "reclean", "a.html")
    assert done.memory < MOST_MEMORY
    assert len(list(tmp_path.glob("**/images/*/*.png"))) == 9, done.said


def test_long_titles_of_a_database_take_less_than_300_mb(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.execute("CREATE TABLE feeds (id, mp_name)")
        database.execute("CREATE TABLE articles (id, title, mp_id, publish_time, created_at)")
        title = WIDE.decode() + "x" * (4 * MB)
        rows = [(f"{number:022d}", title, "", "", "") for number in range(20)]
        database.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", rows)
        database.commit()
    done = crawl(tmp_path, "reclean", "a.db")
    assert "20 articles" in done.said
    assert done.memory < MOST_MEMORY


def test_a_page_that_names_files_which_are_not_there_takes_less_than_300_mb(
    tmp_path: Path,
) -> None:
    tags = b"".join(b"<img src=%d>" % number for number in range(400_000))
    head = b'<head><meta property="og:url" content="%s"></head><body>' % LINK
    page = HTML.replace(b"<body>", head) % ("渡口的灯亮了。".encode() * 30, tags)
    (tmp_path / "a.html").write_bytes(page)
    assert crawl(tmp_path, "reclean", "a.html").memory < MOST_MEMORY


def test_a_view_of_a_database_is_never_read(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.execute("CREATE TABLE feeds (id, mp_name)")
        database.execute(
            "CREATE VIEW articles AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n)"
            " SELECT x AS id, 1 AS mp_id, 1 AS title, 1 AS url, 1 AS publish_time,"
            " hex(zeroblob(900000000)) AS content, 1 AS created_at FROM n"
        )
    done = crawl(tmp_path, "reclean", "a.db")
    assert done.memory < MOST_MEMORY
    assert "not_wechat" in done.said


def test_the_largest_index_of_a_web_archive() -> None:
    form = b'{"timestamp": "20200101000000", "url": "%s&x=%s", "digest": "%d"}\n'
    line = form % (LINK, WIDE + b"a" * 40_000, 9)
    content = line * (INDEX_LIMITS.page // len(line))
    tracemalloc.start()
    listed = read_cdx(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert listed.captures
    assert most + 2 * len(content) < 200 * MB  # the program itself takes the rest


# In a process of its own: other tests bound for good what SQLite may take in theirs.
_ENDLESS_TABLE = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
for setting in ("journal_mode = DELETE", "journal_mode = OFF", "writable_schema = ON"):
    database.execute(f"PRAGMA {setting}")
row = "'table', 'x', 'x', 0, CAST(zeroblob(320000000) AS TEXT)"
database.execute(f"INSERT INTO sqlite_master VALUES ({row})")
database.commit()
"""


def test_a_list_of_tables_without_end_beside_a_journal_takes_less_than_300_mb(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    assert crawl(tmp_path, "queue", "add", link(1)).code == 0
    subprocess.run([sys.executable, "-c", _ENDLESS_TABLE, str(path)], check=True)  # noqa: S603
    path.with_name("archive.db-journal").write_bytes(JOURNAL)
    assert crawl(tmp_path, "list").memory < MOST_MEMORY
