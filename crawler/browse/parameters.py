"""Which of Datasette's own parameters a visitor may give.

All of them begin with an underscore, and there are more than anybody knows: by one of them what
SQLite said of a visitor's SQL stood in a page, with the scripts in it. So those are taken that its
pages write, or that it offers to whoever reads in another form, and no other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_TAKEN = frozenset(
    {
        *("_blob_column", "_blob_hash"),
        *("_col", "_nocol"),
        *("_dl", "_header", "_labels", "_nl", "_shape", "_stream"),
        *("_facet", "_facet_array", "_facet_date", "_facet_size", "_nofacet", "_nosuggest"),
        *("_filter_column", "_filter_op", "_filter_value"),
        *("_hide_sql", "_show_hidden", "_show_sql"),
        *("_next", "_nocount", "_size"),
        *("_search", "_searchmode"),
        *("_sort", "_sort_by_desc", "_sort_desc"),
        "_where",
    }
)
_OF_A_COLUMN = re.compile(r"_search_.++|_filter_(?:column|op|value)_[0-9]++", re.DOTALL)


def not_taken(names: Iterable[str]) -> str:
    """The first name of a parameter that is not taken; "" where all are."""
    return next((name for name in names if name.startswith("_") and not _is_taken(name)), "")


def _is_taken(name: str) -> bool:
    # `_id__exact` chooses by a column `_id`; none of its own parameters is written so
    is_filter = "__" in name[1:]
    return is_filter or name in _TAKEN or bool(_OF_A_COLUMN.fullmatch(name))
