"""Our cleaning as a step of datatrove, with what its readers and writers ask for.

datatrove is the optional extra `datatrove`, and is loaded with this module, which raises
ConfigError where it is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.article import State
from crawler.batch.isolated import SECONDS, IsolatedCleaner
from crawler.errors import extra_missing

try:
    from datatrove.data import Document, MediaType
    from datatrove.pipeline.filters.base_filter import BaseFilter

    from crawler.batch.columns import SCHEMA
    from crawler.formats import table_of
except ModuleNotFoundError as error:
    raise extra_missing("crawler.batch", error, "datatrove") from None

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatrove.pipeline.base import PipelineStep
    from datatrove.pipeline.writers.disk_base import DiskWriter

_ELSEWHERE = {"id": "article_id", "text": "plain_text"}
"""Field -> its key in a document's metadata, where a document has a field of that name itself."""


class ArticleStep(BaseFilter):  # type: ignore[misc]  # it has no types
    """Documents that carry a page -> the same with its Markdown as text, its record as metadata.

    The page is the bytes of a document's first medium of type DOCUMENT (`page_of_row` puts them
    there), which is taken out; else the document's text, as WarcReader gives it. Each document
    stays: `state` in its metadata says what its page is, `error` what went wrong. With `only_ok`
    all but articles are dropped, counted by state, and go to `exclusion_writer` where there is
    one. A page that takes longer than `seconds`, or ends its process, costs itself alone.
    """

    name = "📰 WeChat articles"
    type = "🛢 - EXTRAC"

    def __init__(
        self,
        *,
        only_ok: bool = False,
        exclusion_writer: DiskWriter | None = None,
        seconds: float = SECONDS,
    ) -> None:
        super().__init__(exclusion_writer)
        self.only_ok = only_ok
        self.seconds = seconds

    def run(
        self, data: Iterator[Document], rank: int = 0, world_size: int = 1
    ) -> Iterator[Document]:
        """Clean all documents in a process beside this one, and yield those that are kept."""
        with IsolatedCleaner(seconds=self.seconds) as self._cleaner:
            yield from super().run(data, rank, world_size)

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Clean a document in place; returns whether it is kept, and else its state."""
        record = self._cleaner.clean(*_page_out_of(doc))
        state = str(record["state"])
        self.stat_update(f"state_{state}")
        doc.text = record.pop("markdown")
        doc.metadata |= {_ELSEWHERE.get(field, field): value for field, value in record.items()}
        return (False, state) if self.only_ok and state != State.OK else True


def _page_out_of(doc: Document) -> tuple[bytes, str, str]:
    for number, medium in enumerate(doc.media):
        if medium.type == MediaType.DOCUMENT and medium.media_bytes is not None:
            del doc.media[number]
            return medium.media_bytes, medium.metadata.get("charset") or "", medium.url or ""
    html = doc.text.encode("utf-8", "surrogatepass")
    return html, "utf-8", doc.metadata.get("url") or ""


def page_of_row(_: PipelineStep, row: dict[str, Any], path: str, number: int) -> dict[str, Any]:
    """A reader's `adapter`: a row of a table of pages -> a document that carries its bytes.

    Its text is its id, for readers skip documents that have none.
    """
    name = row.pop("id", None) or f"{path}/{number}"
    page = {
        "id": name,
        "type": MediaType.DOCUMENT,
        "url": row.pop("url", None) or "",
        "media_bytes": row.pop("html") or b"",
        "metadata": {"charset": row.pop("charset", None)},
    }
    return {"text": name, "id": name, "media": [page], "metadata": row}


def row_of_document(_: PipelineStep, doc: Document) -> dict[str, Any]:
    """ParquetWriter's `adapter`, beside `schema=SCHEMA`: the very row that `clean_table` makes."""
    own = {field: doc.metadata[key] for field, key in _ELSEWHERE.items()}
    [row] = table_of(SCHEMA, [{**doc.metadata, **own, "markdown": doc.text}]).to_pylist()
    return dict(row)
