from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("datatrove", reason="the extra is not installed: pip install .[datatrove]")

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from datatrove.data import Document, Media, MediaType
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.readers import ParquetReader
from datatrove.pipeline.writers import ParquetWriter

from crawler.batch import (
    FIELDS,
    SCHEMA,
    ArticleStep,
    IsolatedCleaner,
    clean_document,
    clean_table,
    page_of_row,
    row_of_document,
)
from crawler.batch import datatrove as step_module
from tests.batch import hostile
from tests.batch.absent import said_without
from tests.batch.examples import run_example
from tests.batch.pages import table
from tests.batch.test_tables import ELSEWHERE, PAGES
from tests.clean.pages.lookalikes import LINK, modern, old

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files of pages, the second one's rows turned round."""
    (tmp_path / "pages").mkdir()
    pq.write_table(table(PAGES), tmp_path / "pages" / "1.parquet")
    pq.write_table(table(PAGES[::-1]), tmp_path / "pages" / "2.parquet")
    return tmp_path


def documents(folder: Path) -> list[Any]:
    return list(ParquetReader(str(folder / "pages"), adapter=page_of_row).run())


def cleaned(step: ArticleStep, docs: list[Any]) -> list[Any]:
    return list(step.run(iter(docs)))


def test_it_is_a_step_as_datatrove_has_them() -> None:
    assert isinstance(ArticleStep(), PipelineStep)
    assert repr(ArticleStep()) == "🛢 - EXTRAC: 📰 WeChat articles"


def test_a_document_gets_its_markdown_as_text_and_its_record_as_metadata(folder: Path) -> None:
    read = documents(folder)
    record = clean_document(modern(), "", LINK)
    doc = cleaned(ArticleStep(), read[:1])[0]
    assert doc.text == record.pop("markdown")
    assert doc.metadata.pop("file_path").endswith("1.parquet")
    assert doc.metadata.pop("article_id") == record.pop("id")
    assert doc.metadata.pop("plain_text") == record.pop("text")
    assert doc.metadata == record
    assert doc.id.endswith("1.parquet/0")
    assert doc.media == []


def test_every_row_of_a_table_becomes_a_document_even_without_a_page(folder: Path) -> None:
    docs = cleaned(ArticleStep(), documents(folder))
    states = ["ok", "deleted", "unreadable", "ok", "unreadable"]
    assert [doc.metadata["state"] for doc in docs] == [*states, *states[::-1]]
    assert {doc.metadata["error"] for doc in docs} == {None}


@pytest.mark.slow
def test_two_tasks_of_the_page_on_scale_write_the_very_rows_of_one_process(folder: Path) -> None:
    run_example("datatrove", folder)
    for number, pages in enumerate((PAGES, PAGES[::-1])):
        whole = clean_table(table(pages))
        is_article = pc.equal(whole.column("state"), "ok")
        name = f"000_{number:05}.parquet"
        assert pq.read_table(folder / "articles" / name).equals(whole.filter(is_article))
        assert pq.read_table(folder / "others" / name).equals(whole.filter(pc.invert(is_article)))


def test_a_step_writes_the_very_rows_of_one_process(folder: Path) -> None:
    docs = cleaned(ArticleStep(), documents(folder))
    writer = ParquetWriter(str(folder / "out"), adapter=row_of_document, schema=SCHEMA)
    assert list(writer.run(iter(docs))) == docs
    [written] = (folder / "out").iterdir()
    assert pq.read_table(written).equals(clean_table(table([*PAGES, *PAGES[::-1]])))


def test_asked_for_articles_alone_it_drops_the_rest_as_filters_do(folder: Path) -> None:
    out = ParquetWriter(str(folder / "dropped"), adapter=row_of_document, schema=SCHEMA)
    step = ArticleStep(only_ok=True, exclusion_writer=out)
    docs = cleaned(step, documents(folder))
    assert [doc.metadata["state"] for doc in docs] == ["ok"] * 4
    [written] = (folder / "dropped").iterdir()
    dropped = pq.read_table(written).column("state").to_pylist()
    assert sorted(dropped) == ["deleted"] * 2 + ["unreadable"] * 4
    assert (step.stats["dropped"].total, step.stats["dropped_deleted"].total) == (6, 2)


def test_a_page_that_is_text_is_read_from_the_text() -> None:
    html = modern().decode().replace("<head>", '<head><meta charset="gbk">')
    [doc] = cleaned(ArticleStep(), [Document(html, "1", metadata={"url": LINK})])
    assert doc.text.startswith("# 雾中的电台\n")
    assert (doc.metadata["state"], doc.metadata["url"]) == ("ok", LINK)
    [half] = cleaned(ArticleStep(), [Document("\ud800", "2")])
    assert (half.metadata["state"], half.metadata["error"]) == ("unreadable", None)


def test_media_that_are_no_page_stay() -> None:
    image = Media("i", MediaType.IMAGE, "https://example.com/i.png", media_bytes=b"png")
    page = Media("p", MediaType.DOCUMENT, LINK, media_bytes=old())
    [doc] = cleaned(ArticleStep(), [Document("1", "1", [image, page])])
    assert doc.metadata["state"] == "ok"
    assert doc.media == [image]


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (b"hang", "it took longer than 3 seconds"),
        (b"die", "it killed the process that cleaned it (SIGKILL)"),
        (b"fail", "ValueError: no page of ours"),
    ],
)
def test_a_page_that_hangs_kills_or_fails_costs_itself_and_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, html: bytes, why: str
) -> None:
    pages = table([PAGES[0], (html, None, ELSEWHERE), PAGES[0]])
    pq.write_table(pages, folder / "pages" / "1.parquet")
    monkeypatch.setattr(step_module, "IsolatedCleaner", partial(IsolatedCleaner, hostile.clean))
    first, second, third, *_ = cleaned(ArticleStep(seconds=3), documents(folder))
    assert (first.metadata["error"], third.metadata["error"]) == (None, None)
    assert first.text == third.text != ""
    assert (second.metadata["error"], second.metadata["url"]) == (why, ELSEWHERE)


def test_without_datatrove_one_line_says_how_to_get_it() -> None:
    assert said_without("datatrove", "ArticleStep") == (
        "ConfigError crawler.batch: needs datatrove, which is not installed; install it with: pip"
        ' install "wechat-article-archive[datatrove]"\n'
    )


def test_a_row_has_all_fields() -> None:
    [doc] = cleaned(ArticleStep(), [Document("<p>", "1")])
    assert list(row_of_document(ParquetWriter, doc)) == list(FIELDS)
    assert pa.Table.from_pylist([row_of_document(ParquetWriter, doc)], schema=SCHEMA).num_rows == 1
