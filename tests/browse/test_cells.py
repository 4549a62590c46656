"""A spreadsheet that opens what `crawler serve` gives as CSV runs nothing."""

from __future__ import annotations

import asyncio
import csv
import io
import sqlite3
import warnings
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from crawler.archive import Archive
from crawler.browse import datasette_app
from crawler.browse.cells import tamed_row
from tests.archive.specimens import make_article
from tests.lookalikes import link
from tests.test_fields import MARKS, SECRET, UNSEEN

if TYPE_CHECKING:
    from pathlib import Path

WORDS = '潮水，"退去"。'
FORMULA = '=HYPERLINK("http://e","x")'


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

    async def fetch() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Datasette's own
            app = datasette_app(path)
        await app.invoke_startup()
        return await app.client.get(address)

    text = asyncio.run(fetch()).text
    csv.field_size_limit(1 << 20)
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert row["title"].startswith(f"'{FORMULA} 灯[31m塔 ")
    assert row["body"].count(WORDS) == 20_000
    assert (UNSEEN.findall(text), SECRET in text) == ([], False)
