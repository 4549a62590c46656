"""A spreadsheet that opens what `crawler serve` gives as CSV runs nothing."""

from __future__ import annotations

import asyncio
import base64
import csv
import io
import re
import sqlite3
import warnings
from contextlib import closing
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from crawler.archive import Archive
from crawler.archive.database import pack, unpack
from crawler.browse import datasette_app
from crawler.browse.cells import tamed_row
from tests.archive.specimens import make_article
from tests.lookalikes import link
from tests.test_fields import MARKS, SECRET, UNSEEN

if TYPE_CHECKING:
    from pathlib import Path

WORDS = '潮水，"退去"。'
FORMULA = '=HYPERLINK("http://e","x")'


def _fetched(path: Path, *addresses: str) -> list[Any]:
    """What the site on an archive answers at each address."""

    async def fetch() -> list[Any]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Datasette's own
            app = datasette_app(path)
        await app.invoke_startup()
        answers = [await app.client.get(address) for address in addresses]
        assert {answer.status_code for answer in answers} == {200}
        return answers

    return asyncio.run(fetch())


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ("一,二\r\n", "一,二"),
        ('"=HYPERLINK(""http://e"",""x"")",-5,1.5e3\r\n', '\'=HYPERLINK("http://e","x"),-5,1.5e3'),
        (' =1+1,-a,"@b,=c",,+\r\n', "' =1+1,'-a,'@b,=c,,'+"),
        ('"一\n=1",x\r\n', "一\n=1,x"),
    ],
)
def test_a_cell_that_begins_as_a_formula_does_is_a_text(row: str, shown: str) -> None:
    [cells] = csv.reader(io.StringIO(tamed_row(row), newline=""))
    assert ",".join(cells) == shown


@pytest.mark.parametrize(
    "address", ["/archive/articles.csv", "/archive.csv?sql=select+title,+body+from+articles"]
)
def test_no_csv_of_the_site_holds_a_formula_a_mark_or_a_credential(
    tmp_path: Path, address: str
) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article(body=f"# 灯塔\n\n{WORDS * 20_000}\n"))
    with closing(sqlite3.connect(path)) as database, database:
        odd = f"{FORMULA} 灯{MARKS}塔 {link(5)}&key={SECRET}"
        database.execute("UPDATE articles SET title = ?", (odd,))

    [answer] = _fetched(path, address)
    text = answer.text
    csv.field_size_limit(1 << 20)
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert row["title"].startswith(f"'{FORMULA} 灯[31m塔 ")
    assert row["body"].count(WORDS) == 20_000
    assert (UNSEEN.findall(text), SECRET in text) == ([], False)


EXITS = (
    "/archive/queue",
    "/archive/queue.json",
    "/archive/queue.json?_shape=array&_nl=on",
    "/archive/queue.json?_facet=url&_size=1",
    "/archive/queue.blob?_blob_column=url",
    "/archive.json?sql=select+url+from+queue",
    "/archive/articles.json?_shape=arrays",
    "/archive/articles?_facet=title&_size=1",
)


def test_no_answer_of_the_site_holds_a_credential_in_what_is_kept_packed(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    text = f"# 灯塔\n\n{WORDS}{link(5)}&key={SECRET}\n"
    with Archive.open(path) as archive:
        archive.save(make_article())
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE revisions SET body = ?", (pack(text.encode()),))
        [(kept,)] = database.execute("SELECT body FROM revisions")
    half = "/archive.json?sql=select+substr(body,1,60)+from+revisions&_shape=arrayfirst"
    asked = "/archive.json?sql=select+body+from+revisions&_shape=arrayfirst"
    table, rows, cut = _fetched(path, "/archive/revisions", asked, half)
    blob = re.search(r'href="([^"]+\.blob[^"]*)"', table.text)
    assert blob
    [file] = _fetched(path, unescape(blob[1]))
    told = base64.b64decode(rows.json()[0]["encoded"])
    assert {unpack(told), unpack(file.content)} == {text.replace(f"&key={SECRET}", "").encode()}
    assert cut.json()[0].get("encoded") == ""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE revisions SET body = ?", (told,))
    assert base64.b64decode(_fetched(path, asked)[0].json()[0]["encoded"]) == told != kept


def test_no_answer_of_the_site_holds_a_credential_in_whatever_form(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    preview = f"https://mp.weixin.qq.com/s?__biz=MzA5MzE5MDAzOA==&tempkey={SECRET}&chksm={{}}#rd"
    with Archive.open(path) as archive:
        archive.save(make_article())
        assert all(archive.queue.offer(preview.format(one * 76)) for one in "ab")
    odd = f"晚\u202e潮，{link(5)}&key={SECRET}，接口?token=1"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE articles SET title = ?", (odd,))
    for address, answer in zip(EXITS, _fetched(path, *EXITS), strict=True):
        assert SECRET not in f"{answer.headers}{answer.text}", address
        assert "weixin" in answer.text
    [rows] = _fetched(path, "/archive.json?sql=select+title+from+articles&_shape=arrayfirst")
    assert rows.json() == [odd.replace(f"&key={SECRET}", "")]


def test_addresses_that_are_sent_without_credentials_lead_where_they_did(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    preview = f"https://mp.weixin.qq.com/s?__biz=MzA5MzE5MDAzOA==&tempkey={SECRET}{{}}&chksm={{}}"
    with Archive.open(path) as archive:
        archive.save(make_article())
        assert all(archive.queue.offer(preview.format(one, one * 76)) for one in "abc")
    address, seen = "/archive/queue.json?_sort=state&_size=1", []
    for _ in range(3):
        [page] = _fetched(path, address)
        seen += [row[0][-76:-75] for row in page.json()["rows"]]
        address = (page.json()["next_url"] or "").removeprefix("http://localhost")
    assert (seen, address) == (["a", "b", "c"], "")
    [page] = _fetched(path, "/archive/queue")
    [row, *_] = re.findall(r'href="(/archive/queue/[^"]+)"', page.text)
    for shown in _fetched(path, row, f"{row}.json", f"{row}.blob?_blob_column=url"):
        assert SECRET not in f"{row}{shown.headers}{shown.text}"
        assert "chksm" in shown.text


def test_no_address_in_csv_holds_a_credential(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE own (url TEXT PRIMARY KEY, file BLOB)")
        database.execute("INSERT INTO own VALUES (?, x'ff00')", (f"{link(5)}&key={SECRET}",))
    [answer] = _fetched(path, "/archive/own.csv")
    [row] = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert SECRET not in answer.text
    [file] = _fetched(path, row["file"].removeprefix("http://localhost"))
    assert file.content == b"\xff\x00"
