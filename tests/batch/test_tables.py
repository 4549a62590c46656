from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pyarrow", reason="the extra is not installed: pip install .[parquet]")

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from crawler.archive import Archive
from crawler.article import CLEANER_VERSION, sha256
from crawler.batch import FIELDS, SCHEMA, clean_document, clean_table
from crawler.batch import documents as batch_documents
from crawler.batch import tables as batch_tables
from crawler.clean.pages import read_page
from crawler.errors import InputError
from crawler.flows import Choice, write_dataset
from crawler.flows.looks import Look, article_of_look
from crawler.urls import parse_url
from tests.batch.pages import table
from tests.clean.pages.lookalikes import BIZ, IDX, LINK, MID, modern, notice, old
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = "https://example.com/blog?id=7&key=theirs"


PAGES = [
    (modern(), None, LINK),
    (
        notice("该内容已被发布者删除"),
        "utf-8",
        "https://mp.weixin.qq.com/s/article-000003xxxxxxxxxx",
    ),
    (b"<html><body>my blog</body></html>", "utf-8", ELSEWHERE),
    (old().decode().encode("gbk"), "gbk", None),
    (None, None, None),
]


def test_every_row_gives_one_in_its_order() -> None:
    cleaned = clean_table(table(PAGES))
    assert cleaned.schema.equals(SCHEMA)
    assert cleaned.column("state").to_pylist() == [
        *("ok", "deleted", "unreadable", "ok", "unreadable")
    ]
    assert cleaned.column("error").to_pylist() == [None] * 5
    assert cleaned.column("evidence").to_pylist() == [sha256(html or b"") for html, *_ in PAGES]


def test_a_row_says_of_its_page() -> None:
    [row] = clean_table(table(PAGES[:1])).to_pylist()
    assert row["id"] == f"{BIZ}:{MID}:{IDX}"
    assert (row["title"], row["account"], row["author"]) == ("雾中的电台", "青石电台", "阿岭")
    assert str(row["published_at"]) == "2025-12-04 18:00:51+08:00"
    assert row["markdown"].startswith("# 雾中的电台\n\n![")
    assert row["text"].rstrip().endswith("山里的雾散得很慢。\n\n电台从早上六点开始播音。")
    assert row["cleaner_version"] == CLEANER_VERSION


def test_a_row_says_what_the_archive_exports(tmp_path: Path) -> None:
    html, _, link = PAGES[0]
    assert html
    assert link
    url = parse_url(link)
    look = Look(
        page=read_page(html, url=link), content=html, charset="", status=200, at="2026-01-02"
    )
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(article_of_look(look, url))
        write_dataset(archive, tmp_path, Choice())
    [exported] = pq.read_table(tmp_path / "articles.parquet").to_pylist()
    [row] = clean_table(table(PAGES[:1])).to_pylist()
    assert {**exported, **row} == {**exported, "detail": "", "error": None}


def test_bytes_are_read_in_the_charset_that_http_named() -> None:
    [row] = clean_table(table(PAGES[3:4])).to_pylist()
    assert row["title"] == "雾中的电台"


def test_the_address_is_the_pages_own_where_none_was_given() -> None:
    [row] = clean_table(table(PAGES[3:4])).to_pylist()
    assert row["id"] == f"{BIZ}:{MID}:{IDX}"
    assert row["url"].startswith("https://mp.weixin.qq.com/s?__biz=")


def test_a_page_of_another_site_keeps_its_address() -> None:
    record = clean_document(b"<p>my blog</p>", "", ELSEWHERE)
    assert record["url"] == ELSEWHERE
    assert record["id"].startswith("u:")
    assert record["markdown"] == ""


def test_what_links_to_wechat_carry_of_their_readers_is_not_kept() -> None:
    given = LINK.replace("#rd", "&key=secret&pass_ticket=secret")
    record = clean_document(modern(source_url=given), "", given)
    assert "secret" not in "".join(str(value) for value in record.values())
    assert record["id"] == f"{BIZ}:{MID}:{IDX}"


def test_a_record_has_these_names_and_no_halves_of_characters() -> None:
    record = clean_document(modern(title="\\ud83d雾"), "", LINK)
    assert tuple(record) == FIELDS == tuple(SCHEMA.names)
    assert clean_table(table([(modern(title="\\ud83d雾"), None, LINK)])).num_rows == 1


def test_a_fault_of_ours_costs_one_row_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(html: bytes, charset: str, url: str) -> dict[str, Any]:
        if url == ELSEWHERE:
            raise RecursionError("too deep")
        return batch_documents.clean_document(html, charset, url)

    expected = clean_table(table(PAGES))
    monkeypatch.setattr(batch_tables, "clean_document", faulty)
    cleaned = clean_table(table(PAGES))
    row = cleaned.slice(2, 1).to_pylist()[0]
    assert (row["state"], row["error"]) == ("unreadable", "RecursionError: too deep")
    assert row["url"] == ELSEWHERE
    assert [n for n in range(5) if not cleaned.slice(n, 1).equals(expected.slice(n, 1))] == [2]


def test_a_table_may_be_empty_lack_the_charset_and_have_more_columns() -> None:
    assert clean_table(table(PAGES).slice(0, 0)).num_rows == 0
    more = table(PAGES[:1]).drop_columns(["charset"]).append_column("mine", pa.array([1]))
    assert clean_table(more).equals(clean_table(table(PAGES[:1])))


def test_columns_of_other_sorts_of_bytes_and_text_are_read_alike() -> None:
    given = table(PAGES)
    large = given.cast(
        pa.schema([("html", pa.large_binary()), ("charset", pa.large_string()), ("url", "string")])
    )
    coded = given.set_column(1, "charset", given.column("charset").dictionary_encode())
    assert clean_table(given) == clean_table(large) == clean_table(coded)


def test_an_address_that_is_a_book_is_cut() -> None:
    cleaned = clean_table(table([(b"<p>my blog</p>", "x" * (1 << 20), "x" * (1 << 20))]))
    assert cleaned.column("url").to_pylist() == ["x" * (1 << 16)]


@pytest.mark.parametrize("is_coded", [False, True])
def test_words_that_are_no_utf8_cost_no_row(*, is_coded: bool) -> None:
    given = pa.array([b"\xff", None, b"https://x.cn/a"], pa.binary())
    words = pa.StringArray.from_buffers(3, *given.buffers()[1:], given.buffers()[0])
    if is_coded:
        words = words.dictionary_encode()
    pages = pa.table({"html": [b"<p>my blog</p>"] * 3, "charset": words, "url": words})
    cleaned = clean_table(pages)
    assert cleaned.column("url").to_pylist()[2] == "https://x.cn/a"
    assert cleaned.column("error").to_pylist() == [None] * 3


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"html": ["<p>"], "url": [""]}, "column html holds string, not bytes"),
        ({"page": [b""], "url": [""]}, r"has not one column html \(it has: page, url\)"),
        ({"html": [b""], "url": [7]}, "column url holds int64, not text"),
        ({}, r"\(it has: none\)"),
    ],
)
def test_a_table_of_other_columns_is_refused_in_words(columns: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError, match=what):
        clean_table(pa.table(columns))


def test_the_columns_that_an_export_has_too_are_of_its_types() -> None:
    from crawler.formats import ARTICLES  # noqa: PLC0415

    shared = set(SCHEMA.names) & set(ARTICLES.names)
    assert set(SCHEMA.names) - shared == {"detail", "error"}
    assert all(SCHEMA.field(name).equals(ARTICLES.field(name)) for name in shared)


def test_single_documents_need_no_pyarrow_and_no_database() -> None:
    program = (
        "import sys; from crawler.batch import clean_document; clean_document(b'');"
        " print({'pyarrow', 'dask', 'sqlite3', 'httpx'} & set(sys.modules))"
    )
    done = subprocess.run(  # noqa: S603  (our own interpreter)
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "set()\n"


def test_without_pyarrow_one_line_says_how_to_get_it() -> None:
    program = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "try:\n    from crawler.batch import clean_table\n"
        "except Exception as error:\n    print(type(error).__name__, error)"
    )
    done = subprocess.run(  # noqa: S603  (our own interpreter)
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == (
        "ConfigError crawler.batch: needs pyarrow, which is not installed; install it with: pip"
        ' install "wechat-article-archive[parquet]"\n'
    )
