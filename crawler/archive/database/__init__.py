"""Opening the file, its tables, and what a transaction is."""

from crawler.archive.database.connection import text_of
from crawler.archive.database.opening import BUSY_TIMEOUT, open_database
from crawler.archive.database.packing import is_packed, pack, pack_tight, unpack
from crawler.archive.database.transaction import transaction

__all__ = [
    "BUSY_TIMEOUT",
    "is_packed",
    "open_database",
    "pack",
    "pack_tight",
    "text_of",
    "transaction",
    "unpack",
]
