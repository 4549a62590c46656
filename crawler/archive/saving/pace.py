"""How fast each host may be asked, kept so that all runs on one archive keep one pace."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from crawler.archive.database import ArchivePart

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils.db import Table

T = TypeVar("T")
Pace = Mapping[str, "str | int | float | None"]
"""A row of table `pace` without its host: columns to plain scalars."""


class Paces(ArchivePart):
    """The pace of every host that was ever asked."""

    @cached_property
    def _table(self) -> Table:
        from sqlite_utils import Database  # noqa: PLC0415 -- who asks no host loads none of it

        return Database(self._connection, recursive_triggers=False).table("pace")

    def by_host(self) -> dict[str, Pace]:
        """What is known of every host's pace, as it was written last."""
        return {str(row["host"]): _without_host(row) for row in self._table.rows}

    def exchange(self, host: str, step: Callable[[Pace | None], tuple[Pace, T]]) -> T:
        """Read, change and write the pace of one host as one step, whoever else does so.

        `step` gets the row as it was written last (None at first) and gives the row to write and
        its own answer, which is returned.
        """
        with self._transaction():
            rows = list(self._table.rows_where("host = ?", [host]))
            known = _without_host(rows[0]) if rows else None
            row, answer = step(known)
            self._table.upsert({**row, "host": host}, pk="host")
        return answer


def _without_host(row: Mapping[str, Any]) -> Pace:
    return {name: value for name, value in row.items() if name != "host" and value is not None}
