"""The front page asks few questions, and an index answers each without reading an article."""

from __future__ import annotations

import asyncio
import sqlite3
import warnings
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from datasette import hookimpl  # type: ignore[import-untyped]

from crawler.browse import datasette_app

if TYPE_CHECKING:
    from pathlib import Path


class _Listener:
    """A plugin that hears every statement of every connection."""

    def __init__(self) -> None:
        self.__name__ = "listener"  # which Datasette asks of a plugin
        self.asked: list[str] = []

    @hookimpl  # type: ignore[untyped-decorator]
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        conn.set_trace_callback(self.asked.append)


async def _fetch(library: Path, path: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Datasette's own
        app = datasette_app(library)
    await app.invoke_startup()
    assert (await app.client.get(path)).status_code == 200


def _asked(library: Path, path: str) -> list[str]:
    """The statements that a page sends to the archive's tables."""
    from datasette.plugins import pm  # type: ignore[import-untyped]  # noqa: PLC0415  (half a second)

    listener = _Listener()
    pm.register(listener)
    try:
        asyncio.run(_fetch(library, path))
    finally:
        pm.unregister(listener)
    asked = listener.asked
    return [statement for statement in asked if "FROM articles" in statement]


def test_the_front_page_is_counted_out_of_indexes(library: Path) -> None:
    asked = _asked(library, "/")
    assert len(asked) == 5
    with closing(sqlite3.connect(library)) as database:
        plans = [database.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in asked]
    steps = [row[3] for plan in plans for row in plan if "articles" in row[3]]
    latest = [step for step in steps if "COVERING INDEX" not in step]
    assert latest == ["SCAN articles USING INDEX articles_date"]  # which ends after ten rows
