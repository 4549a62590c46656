"""NeMo Curator brings gigabytes, so that `dev` does not have it.

In an environment of its own: `pip install ".[nemo]" pytest pytest-randomly hypothesis`, then
`pytest -m "" tests/batch/test_nemo.py`.
"""

from __future__ import annotations

import importlib.util
import json
import pickle
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.batch import FIELDS, IsolatedCleaner, clean_document
from tests.batch import hostile
from tests.batch.absent import said_without
from tests.batch.examples import run_example
from tests.clean.pages.lookalikes import LINK, modern, notice, old

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IS_HERE = importlib.util.find_spec("nemo_curator") is not None
needs_nemo = pytest.mark.skipif(
    not IS_HERE, reason='the extra is not installed: pip install ".[nemo]", in an own environment'
)
# what ray and the text tools warn of is theirs
pytestmark = pytest.mark.filterwarnings("default")

ELSEWHERE = "https://example.com/blog"
PAGES: list[dict[str, Any]] = [
    {"content": modern(), "url": LINK},
    {"content": notice("该内容已被发布者删除"), "charset": "utf-8", "url": LINK},
    {"content": b"<p>my blog</p>", "charset": None, "url": ELSEWHERE},
    {"content": old().decode().encode("gbk"), "charset": "gbk", "url": None},
    {"content": None, "url": None},
]
RECORDS = [
    clean_document(page["content"] or b"", page.get("charset") or "", page["url"] or "")
    for page in PAGES
]
STATES = ["ok", "deleted", "unreadable", "ok", "unreadable"]


def extractor(**options: Any) -> Any:
    from crawler.batch import ArticleExtractor  # noqa: PLC0415  (which needs the extra)

    return ArticleExtractor(**options)


def stage(**options: Any) -> Any:
    """The package's own stage of iterating and extracting, over `PAGES` three times a file."""
    from nemo_curator.stages.text.download import DocumentIterator  # noqa: PLC0415
    from nemo_curator.stages.text.download.base.iterator import (  # noqa: PLC0415
        DocumentIterateExtractStage,
    )

    class Pages(DocumentIterator):  # type: ignore[misc]
        def iterate(self, file_path: str) -> Iterator[dict[str, Any]]:
            assert file_path
            return iter([dict(page) for page in PAGES])

        def output_columns(self) -> list[str]:
            return ["content", "url", "charset"]

    return DocumentIterateExtractStage(iterator=Pages(), extractor=extractor(**options))


def files(folder: Path) -> Any:
    from nemo_curator.tasks import FileGroupTask  # noqa: PLC0415

    return FileGroupTask(dataset_name="pages", data=[str(folder / "1"), str(folder / "2")])


def rows(batch: Any) -> list[dict[str, Any]]:
    """The rows of a batch; a data frame has nan for the None of a number."""
    frame = batch.data.astype(object)
    return list(frame.where(frame.notna(), None)[list(FIELDS)].to_dict("records"))


@needs_nemo
def test_it_keeps_to_the_contract() -> None:
    from nemo_curator.stages.text.download import DocumentExtractor  # noqa: PLC0415

    assert isinstance(extractor(), DocumentExtractor)
    assert extractor().input_columns() == ["content", "url"]
    assert extractor(column="html").input_columns() == ["html", "url"]
    assert extractor().output_columns() == list(FIELDS)


@needs_nemo
def test_each_page_gives_the_very_record_of_one_process() -> None:
    one = extractor()
    assert [one.extract(dict(page)) for page in PAGES] == RECORDS
    assert [record["state"] for record in RECORDS] == STATES


@needs_nemo
def test_asked_for_articles_alone_it_skips_the_rest() -> None:
    one = extractor(only_ok=True)
    assert [one.extract(page) for page in PAGES if one.extract(page)] == [RECORDS[0], RECORDS[3]]


@needs_nemo
def test_a_page_that_is_text_is_read_as_text() -> None:
    html = modern().decode().replace("<head>", '<head><meta charset="gbk">')
    assert extractor().extract({"content": html, "url": LINK})["title"] == "雾中的电台"


@needs_nemo
@pytest.mark.parametrize(
    ("html", "why"),
    [
        (b"hang", "it took longer than 3 seconds"),
        (b"die", "it killed the process that cleaned it (SIGKILL)"),
        (b"fail", "ValueError: no page of ours"),
    ],
)
def test_a_page_that_hangs_kills_or_fails_costs_itself_and_is_named(html: bytes, why: str) -> None:
    one = extractor()
    one._cleaner = IsolatedCleaner(hostile.clean, seconds=3)
    assert one.extract({"content": html, "url": ELSEWHERE})["error"] == why
    assert one.extract(PAGES[0]) == RECORDS[0]


@needs_nemo
def test_it_goes_to_another_process_even_after_use() -> None:
    one = extractor(only_ok=True)
    one.extract(PAGES[0])
    other = pickle.loads(pickle.dumps(one))  # noqa: S301  (our own)
    assert other.extract(PAGES[0]) == RECORDS[0]
    assert other.extract(PAGES[1]) is None


@needs_nemo
def test_the_packages_own_stage_takes_it(tmp_path: Path) -> None:
    batch = stage().process(files(tmp_path))
    assert rows(batch) == [*RECORDS, *RECORDS]
    assert batch.data["file_name"].tolist() == ["1"] * 5 + ["2"] * 5


@needs_nemo
@pytest.mark.slow
def test_the_pipeline_of_the_page_on_scale_gives_the_very_records(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    with (tmp_path / "pages" / "1.warc.gz").open("wb") as file:
        warc = WARCWriter(file, gzip=True)
        for html, link in ((modern(), LINK), (notice("该内容已被发布者删除"), LINK), (old(), LINK)):
            headers = StatusAndHeaders("200 OK", [], protocol="HTTP/1.1")
            body = BytesIO(html)
            warc.write_record(
                warc.create_warc_record(link, "response", payload=body, http_headers=headers)
            )
    run_example("NeMo Curator", tmp_path)
    [written] = (tmp_path / "articles").iterdir()
    records = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    assert {record.pop("file_name") for record in records} == {"1.warc.gz"}
    assert records == [clean_document(modern(), "", LINK), clean_document(old(), "", LINK)]


def test_without_the_package_one_line_says_how_to_get_it() -> None:
    assert said_without("nemo_curator", "ArticleExtractor") == (
        "ConfigError crawler.batch: needs nemo_curator, which is not installed; install it with:"
        ' pip install "wechat-article-archive[nemo]"\n'
    )
