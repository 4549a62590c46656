"""The columns of tables of pages and of records: typed, checked, and their values one by one.

pyarrow is the optional extra `parquet`, and is loaded with this module, which raises ConfigError
where it is not there. Nothing that cleans is: the process that only reads tables has no use for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.batch.fields import FIELDS
from crawler.errors import InputError, extra_missing

try:
    import pyarrow as pa  # type: ignore[import-untyped]

    from crawler.formats import ARTICLES
except ModuleNotFoundError as error:
    raise extra_missing("crawler.batch", error, "parquet") from None

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONLY_HERE = pa.schema([(name, pa.string()) for name in ("detail", "error")])
_KNOWN = pa.unify_schemas([ARTICLES, _ONLY_HERE])
SCHEMA = pa.schema([_KNOWN.field(name) for name in FIELDS])
"""The columns of records, typed as `crawler export --parquet` types them."""

BYTES, TEXT = "bytes (binary)", "text (string)"
COLUMNS = {"html": BYTES, "charset": TEXT, "url": TEXT}
"""What a table of pages has, and of which type; `charset` may be left out, others are ignored."""
_OPTIONAL = {"charset"}
_IS = {
    BYTES: (pa.types.is_binary, pa.types.is_large_binary),
    TEXT: (pa.types.is_string, pa.types.is_large_string, pa.types.is_null),
}


def check_columns(subject: str, schema: pa.Schema) -> None:
    """Raises InputError where a table of this schema is not one of pages."""
    for name, kind in COLUMNS.items():
        place = schema.get_field_index(name)  # -1 where there are several, too
        if place < 0 and (name in schema.names or name not in _OPTIONAL):
            has = ", ".join(schema.names[:_NAMED]) or "none"
            raise InputError(subject, f"has not one column {name} (it has: {has})", _ADVICE)
        if place >= 0 and not _is(kind, schema.field(place).type):
            what = f"column {name} holds {schema.field(place).type}, not {kind}"
            raise InputError(subject, what, _ADVICE)


_NAMED = 12  # columns
_ADVICE = "a table of pages has html (bytes), url and perhaps charset (text)"


def _is(kind: str, found: pa.DataType) -> bool:
    plain = found.value_type if pa.types.is_dictionary(found) else found
    return any(test(plain) for test in _IS[kind])


def pages_of(batch: pa.RecordBatch) -> Iterator[tuple[bytes, str, str]]:
    """The pages of some rows: html, charset and URL; null is nothing."""
    for html, charset, url in views_of(batch):
        yield bytes(html), charset, url


def views_of(batch: pa.RecordBatch) -> Iterator[tuple[memoryview, str, str]]:
    """The same, with each page where it stands."""
    for html, charset, url in zip(*(_values(batch, name) for name in COLUMNS), strict=True):
        yield _view(html), _words(charset), _words(url)


def _values(batch: pa.RecordBatch, name: str) -> Iterator[pa.Scalar]:
    """The values of a column, one by one, or as many nulls where there is none."""
    if name in batch.schema.names:
        yield from batch.column(name)
    else:
        yield from pa.nulls(batch.num_rows)


def _view(value: pa.Scalar) -> memoryview:
    plain = value.value if isinstance(value, pa.DictionaryScalar) else value
    content = plain.as_buffer() if plain.is_valid else b""
    return memoryview(content)


def _words(value: pa.Scalar) -> str:
    """What a column calls text; it need be no UTF-8, and is cut where it is no address any more."""
    return bytes(_view(value)[:_LONGEST]).decode(errors="replace")


_LONGEST = 1 << 16  # bytes of an address
