"""How fast each host may be asked, kept so that all runs on one archive keep one pace."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from crawler.archive.database import WRITTEN, ArchivePart, check_row, insert
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_NAMES = WRITTEN["pace"][1:]

T = TypeVar("T")
Pace = Mapping[str, "str | int | float | None"]
"""A row of table `pace` without its host: columns to plain scalars."""


class Paces(ArchivePart):
    """The pace of every host that was ever asked."""

    def by_host(self) -> dict[str, Pace]:
        """What is known of every host's pace, as it was written last."""
        rows = self._connection.execute(f"{_SELECT} ORDER BY host").fetchall()
        return {host: _known(values) for host, *values in rows}

    def exchange(self, host: str, step: Callable[[Pace | None], tuple[Pace, T]]) -> T:
        """Read, change and write the pace of one host as one step, whoever else does so.

        `step` gets the row as it was written last (None at first) and gives the row to write and
        its own answer, which is returned.
        """
        with self._transaction():
            found = self._connection.execute(f"{_SELECT} WHERE host = ?", (host,)).fetchone()
            known = _known(found[1:]) if found else None
            row, answer = step(known)
            self._connection.execute(_UPSERT, (host, *map(row.get, _NAMES)))
        return answer

    def take_later(self, known: Mapping[str, Pace]) -> None:
        """Know of what another archive of the same machine asked later than this one.

        What is damaged there stays there.
        """
        with self._transaction():
            for host, told in known.items():
                row = (host, *map(told.get, _NAMES))
                with suppress(ArchiveError):
                    check_row(self._connection, "pace", WRITTEN["pace"], row)
                    self._connection.execute(_TAKE_LATER, row)


def _known(values: Iterable[Any]) -> Pace:
    named = zip(_NAMES, values, strict=True)
    return {name: value for name, value in named if value is not None}


_SELECT = f"SELECT {', '.join(WRITTEN['pace'])} FROM pace"  # noqa: S608
_NEW = ", ".join(f"{name} = excluded.{name}" for name in _NAMES)
_UPSERT = insert("pace", on_conflict=f"(host) DO UPDATE SET {_NEW}")
_LATER = "excluded.started_at > coalesce(pace.started_at, 0)"
_TAKE_LATER = f"{_UPSERT} WHERE {_LATER}"
