"""Pages by the million: tables of bytes in, tables of records out, on any number of machines.

A name is loaded when it is first asked for: who cleans single documents needs no pyarrow, which is
the optional extra `parquet`, and nobody but `crawler clean-parquet` needs Dask. `ArticleStep` is a
step of datatrove and `ArticleExtractor` an extractor of NeMo Curator; each needs its package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.lazy import loaded_when_asked

if TYPE_CHECKING:
    from crawler.batch.cluster import clean_groups, open_cluster
    from crawler.batch.columns import SCHEMA
    from crawler.batch.datatrove import ArticleStep, page_of_row, row_of_document
    from crawler.batch.documents import clean_document
    from crawler.batch.fields import FIELDS
    from crawler.batch.groups import (
        Cleaned,
        RowGroup,
        clean_group,
        clear_left,
        find_groups,
        find_renamed,
        find_unseen,
        plan,
    )
    from crawler.batch.isolated import SECONDS, IsolatedCleaner
    from crawler.batch.nemo import ArticleExtractor
    from crawler.batch.reader import MEMORY
    from crawler.batch.tables import clean_table

__all__ = [
    "FIELDS",
    "MEMORY",
    "SCHEMA",
    "SECONDS",
    "ArticleExtractor",
    "ArticleStep",
    "Cleaned",
    "IsolatedCleaner",
    "RowGroup",
    "clean_document",
    "clean_group",
    "clean_groups",
    "clean_table",
    "clear_left",
    "find_groups",
    "find_renamed",
    "find_unseen",
    "open_cluster",
    "page_of_row",
    "plan",
    "row_of_document",
]

__getattr__ = loaded_when_asked(
    __name__,
    {
        "crawler.batch.cluster": ("clean_groups", "open_cluster"),
        "crawler.batch.datatrove": ("ArticleStep", "page_of_row", "row_of_document"),
        "crawler.batch.columns": ("SCHEMA",),
        "crawler.batch.documents": ("clean_document",),
        "crawler.batch.fields": ("FIELDS",),
        "crawler.batch.groups": (
            "Cleaned",
            "RowGroup",
            "clean_group",
            "clear_left",
            "find_groups",
            "find_renamed",
            "find_unseen",
            "plan",
        ),
        "crawler.batch.isolated": ("SECONDS", "IsolatedCleaner"),
        "crawler.batch.nemo": ("ArticleExtractor",),
        "crawler.batch.reader": ("MEMORY",),
        "crawler.batch.tables": ("clean_table",),
    },
)
