"""Pages by the million: tables of bytes in, tables of records out, on any number of machines.

A name is loaded when it is first asked for: who cleans single documents needs no pyarrow, which is
the optional extra `parquet`, and nobody but `crawler clean-parquet` needs Dask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.lazy import loaded_when_asked

if TYPE_CHECKING:
    from crawler.batch.documents import FIELDS, clean_document
    from crawler.batch.tables import SCHEMA, clean_table

__all__ = ["FIELDS", "SCHEMA", "clean_document", "clean_table"]

__getattr__ = loaded_when_asked(
    __name__,
    {
        "crawler.batch.documents": ("FIELDS", "clean_document"),
        "crawler.batch.tables": ("SCHEMA", "clean_table"),
    },
)
