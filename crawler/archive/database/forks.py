"""The child of a fork has all that its parent has open, and may close none of it.

SQLite would take back there what the parent has not written to the end, and its journal with it.
"""

from __future__ import annotations

import os
from weakref import WeakSet

_OPEN: WeakSet[object] = WeakSet()


def keep_from_children(connection: object) -> None:
    """Let the child of a fork never end what this process has open, not with the end of Python."""
    _OPEN.add(connection)


def _leave_open() -> None:
    from _ctypes import Py_INCREF  # noqa: PLC0415  (which a child alone needs)

    for connection in _OPEN:
        Py_INCREF(connection)


if hasattr(os, "register_at_fork"):  # Windows has no forks
    os.register_at_fork(after_in_child=_leave_open)
