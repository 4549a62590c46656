"""Articles and evidence as tables of Parquet: rows in, one file out, in groups of bounded size.

pyarrow is the optional extra `parquet`, and is loaded with this module.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from crawler.times import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Row = Mapping[str, Any]

ROWS = 2_000
BYTES = 32 << 20
"""What a group of rows has at most (less than one row over): readers hold one in memory."""

_MOMENT = pa.timestamp("us", tz="Asia/Shanghai")
_TEXT, _NUMBER, _FLAG, _DAY = pa.string(), pa.int64(), pa.bool_(), pa.date32()

ARTICLES = pa.schema(
    [
        *((name, _TEXT) for name in ("id", "url", "title", "source", "account", "author")),
        ("date", _DAY),
        ("published_day", _DAY),
        ("published_at", _MOMENT),  # null where only the day is known
        ("modified_at", _MOMENT),
        ("fetched_at", _MOMENT),
        *((name, _TEXT) for name in ("kind", "state", "origin", "producer")),
        *((name, _TEXT) for name in ("biz", "mid", "idx", "sn")),
        *((name, _TEXT) for name in ("digest", "cover", "source_url", "original", "album")),
        ("topics", pa.list_(_TEXT)),
        *((name, _TEXT) for name in ("place", "item_type")),
        *((name, _NUMBER) for name in ("read_count", "like_count", "image_count", "characters")),
        *((name, _TEXT) for name in ("body_hash", "evidence", "recovered_from", "same_as")),
        ("cleaner_version", _NUMBER),
        ("promotion_removed", _NUMBER),  # blocks of its account's promotion that the text lacks
        ("promotion_kept", _FLAG),  # true: it keeps them, for too little would be left
        ("story", _TEXT),  # the earliest article of those with the same text; null: it is alone
        ("story_best", _TEXT),
        ("text", _TEXT),
        ("markdown", _TEXT),
    ]
)
EVIDENCE = pa.schema(
    [
        (name, _TEXT)
        for name in (
            *("article_id", "way", "source", "version", "url", "title", "account", "date"),
            *("sha256", "agreed", "differs", "verdict", "at"),
        )
    ]
)


def write_articles(file: IO[bytes], rows: Iterable[Row]) -> int:
    """Write articles to a file that is open for writing; returns how many.

    A row has the columns of `ARTICLES` under their names, moments and days as text.
    """
    return write_rows(file, ARTICLES, rows)


def write_evidence(file: IO[bytes], rows: Iterable[Row]) -> int:
    """The same for evidence."""
    return write_rows(file, EVIDENCE, rows)


def write_rows(file: IO[bytes], schema: pa.Schema, rows: Iterable[Row]) -> int:
    """The same for rows of any schema, whose metadata goes along."""
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_table(table_of(schema, group), row_group_size=len(group))
            count += len(group)
    return count


def table_of(schema: pa.Schema, rows: Sequence[Row]) -> pa.Table:
    """Rows as one table in memory."""
    columns = {
        field.name: [_value(field.type, row.get(field.name)) for row in rows] for field in schema
    }
    return pa.table(columns, schema=schema)


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(len(value) * 3 for value in row.values() if isinstance(value, str))
        if len(group) >= ROWS or size >= BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _value(kind: pa.DataType, value: Any) -> Any:
    """A value as its column has it; what is no moment, or no day, is null."""
    if kind == _MOMENT:
        return _moment(value)
    if kind == _DAY:
        return _day(value)
    return value


def _moment(written: str) -> datetime | None:
    return None if len(written) <= len("2024-05-08") else moment_of(written)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None
