"""The Datasette plugin.

Its own search box finds Chinese in an archive of ours, in any Datasette that opens one.

Registered by the entry point `datasette` of this package. Databases that are not ours are left
alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette import hookimpl  # type: ignore[import-untyped]

from crawler.archive.search import lenient_query, ngram_of, register_functions

if TYPE_CHECKING:
    import sqlite3


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Put our rewriting in the place of Datasette's `escape_fts`, which its search box calls."""
    ngram = ngram_of(conn)
    if ngram is None:
        return
    register_functions(conn)
    conn.create_function(
        "escape_fts", 1, lambda text: lenient_query(str(text or ""), ngram=ngram).match
    )
