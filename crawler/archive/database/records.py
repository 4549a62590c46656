"""Rows as records: what a damaged file holds in a column is looked at before it is worked with."""

from __future__ import annotations

from dataclasses import fields
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar

from crawler.archive.database.connection import damaged
from crawler.archive.database.packing import unpack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

Kind = TypeVar("Kind")

_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (int,),
    "float": (int, float),
    "bytes": (bytes,),
    "str | None": (str, NoneType),
    "int | None": (int, NoneType),
    "bool | None": (int, NoneType),
}
"""What may stand in a field, by its annotation, which the record's module keeps as text."""


def record_of(
    connection: sqlite3.Connection,
    table: str,
    kind: type[Kind],
    names: Sequence[str],
    row: tuple[Any, ...],
    **others: object,
) -> Kind:
    """A row of a table as a dataclass; `others` are fields that it tells as flags.

    Raises ArchiveError where it holds what a field may not.
    """
    values = {**dict(zip(names, row, strict=True)), **others}
    for field in fields(kind):  # type: ignore[arg-type]  # (a dataclass)
        allowed = _TYPES.get(str(field.type))
        if allowed and field.name in values and not isinstance(values[field.name], allowed):
            what = f"column {field.name} holds what it may not"
            raise damaged(connection, table, str(row[0]), what)
    return kind(**values)


def text_of(connection: sqlite3.Connection, packed: bytes | None, article_id: str) -> str:
    """The text that a row of table `revisions` keeps compressed.

    Raises ArchiveError, which names archive, table and row, where it is damaged or missing.
    """
    if packed is None:
        raise damaged(connection, "revisions", article_id, "its text is missing")
    try:
        return unpack(packed).decode()
    except (ValueError, TypeError) as error:
        raise damaged(connection, "revisions", article_id, "its text is damaged") from error
