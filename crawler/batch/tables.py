"""A table of pages -> a table of records, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.batch.columns import SCHEMA, check_columns, pages_of
from crawler.batch.documents import attempt, clean_document
from crawler.formats import table_of

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]


def clean_table(table: pa.Table) -> pa.Table:
    """Clean a table of pages: one row of `SCHEMA` for each of its rows, in their order.

    `html` is a page's bytes as they were downloaded, `charset` what the HTTP header said of them
    (null, or no such column: it did not), `url` where the page was had; other columns are ignored.
    Raises InputError where a column is missing or of another type. A row never raises: what went
    wrong with it stands in its `error`.
    """
    check_columns("the table", table.schema)
    batches = table.to_batches(max_chunksize=_AT_ONCE)
    pages = (page for batch in batches for page in pages_of(batch))
    return table_of(SCHEMA, [attempt(clean_document, *page) for page in pages])


_AT_ONCE = 100  # pages that are in memory twice
