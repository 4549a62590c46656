"""Which migrations an archive has seen, asked in plain SQL; sqlite-utils is loaded to apply them.

Loading it is a third of what a search costs before it begins, and more for programs that use this
package and have pandas, which it loads as well.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from types import ModuleType

    from sqlite_utils import Database

    Step = Callable[[sqlite3.Connection], None]

LEDGER = (
    """CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
)""",
    """CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name")""",
)
"""Where sqlite-utils keeps what was applied, as it makes that; a test holds this to it."""

_HAS_TABLE = """
SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations' AND rootpage
    AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo('_sqlite_migrations') WHERE hidden)
"""  # and nothing that would compute what it says, as a virtual table may
_APPLIED = "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid"


class Migrations:
    """A list of migrations in order, kept as sqlite-utils keeps them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._steps: dict[str, Step] = {}

    def __call__(self, *, name: str) -> Callable[[Step], Step]:
        """Put a migration at the end, as a decorator of what it does."""

        def added(step: Step) -> Step:
            self._steps[name] = step
            return step

        return added

    def applied(self, connection: sqlite3.Connection) -> list[str]:
        """The names of those that a database has seen, also those of a newer version."""
        if not connection.execute(_HAS_TABLE).fetchone():
            return []
        return [name for (name,) in connection.execute(_APPLIED, (self._name,))]

    def pending(self, connection: sqlite3.Connection) -> list[str]:
        """The names of those that it has not seen yet."""
        applied = self.applied(connection)
        return [name for name in self._steps if name not in applied]

    def latest(self, connection: sqlite3.Connection) -> str | None:
        """The last of ours that a database has seen; None where it tells of none."""
        applied = self.applied(connection)
        return next((name for name in reversed(self._steps) if name in applied), None)

    def strange(self, connection: sqlite3.Connection) -> list[str]:
        """The names of those that a newer version of this program made."""
        return [name for name in self.applied(connection) if name not in self._steps]

    def apply(self, connection: sqlite3.Connection) -> None:
        """Apply those that are pending, each a step that can be undone alone."""
        sqlite_utils = _load_sqlite_utils()
        made = sqlite_utils.Migrations(self._name)
        for name, step in self._steps.items():
            made(name=name)(_of_database(step))
        made.apply(sqlite_utils.Database(connection))

    def make(self, connection: sqlite3.Connection, latest: str | None = None) -> None:
        """Make all that they make in an empty database, or up to one; note none of them."""
        for statement in LEDGER:
            connection.execute(statement)
        for name, step in self._steps.items():
            step(connection)
            if name == latest:
                return


def tables_of(connection: sqlite3.Connection) -> Database:
    """A connection of ours as sqlite-utils knows it."""
    made: Database = _load_sqlite_utils().Database(connection, recursive_triggers=False)
    return made  # the triggers are on already


def _load_sqlite_utils() -> ModuleType:
    """The library, without pandas: half a second for a type that no table of ours has.

    Pandas is hidden for that moment alone: pyarrow breaks on one that is not to be found.
    """
    hidden = not {"pandas", "sqlite_utils"} & sys.modules.keys()
    if hidden:
        sys.modules["pandas"] = None  # type: ignore[assignment]  # "not there", to `import`
    try:
        import sqlite_utils  # noqa: PLC0415 -- see above
    finally:
        if hidden:
            sys.modules.pop("pandas", None)
    return sqlite_utils


def _of_database(step: Step) -> Callable[[Database], None]:
    """A migration as sqlite-utils calls it."""

    def applied(db: Database) -> None:
        step(db.conn)

    return applied
