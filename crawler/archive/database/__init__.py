"""Opening the file, its tables, and what a transaction is."""

from crawler.archive.database.additions import acting, stand_ins
from crawler.archive.database.connection import (
    RESTORE,
    ArchiveConnection,
    Place,
    damaged,
    is_damage,
    named,
    text_of,
)
from crawler.archive.database.damage import (
    Column,
    Lost,
    check_row,
    each_row,
    in_order,
    our_objects,
    our_tables,
    tables_at,
)
from crawler.archive.database.migrations import tables_of
from crawler.archive.database.opening import (
    BUSY_TIMEOUT,
    FORGED,
    LOGS,
    MAX_VALUE,
    beside_of,
    check_place,
    connect,
    has_log,
    names_file,
    open_database,
    part_of,
    replacing,
    restoring_of,
    sqlite_build,
    stands_still,
)
from crawler.archive.database.packing import is_packed, pack, pack_tight, unpack
from crawler.archive.database.records import record_of
from crawler.archive.database.schema import fill_mentions
from crawler.archive.database.sql import WRITTEN, insert, insert_if_there
from crawler.archive.database.transaction import ArchivePart, transaction

__all__ = [
    "BUSY_TIMEOUT",
    "FORGED",
    "LOGS",
    "MAX_VALUE",
    "RESTORE",
    "WRITTEN",
    "ArchiveConnection",
    "ArchivePart",
    "Column",
    "Lost",
    "Place",
    "acting",
    "beside_of",
    "check_place",
    "check_row",
    "connect",
    "damaged",
    "each_row",
    "fill_mentions",
    "has_log",
    "in_order",
    "insert",
    "insert_if_there",
    "is_damage",
    "is_packed",
    "named",
    "names_file",
    "open_database",
    "our_objects",
    "our_tables",
    "pack",
    "pack_tight",
    "part_of",
    "record_of",
    "replacing",
    "restoring_of",
    "sqlite_build",
    "stand_ins",
    "stands_still",
    "tables_at",
    "tables_of",
    "text_of",
    "transaction",
    "unpack",
]
