"""What is asked of the archive: records, history, numbers, snapshots, whole texts."""

from crawler.archive.reading.history import (
    Event,
    Revision,
    body_of,
    compare,
    events_of,
    revisions_of,
)
from crawler.archive.reading.overview import Overview, overview
from crawler.archive.reading.record import Record
from crawler.archive.reading.snapshots import Snapshot, each_snapshot, save_snapshot
from crawler.archive.reading.whole_texts import (
    PREFIX,
    Body,
    WholeText,
    accounts_with_texts,
    bodies_of,
    is_whole,
    show_body,
    texts_with,
    whole_texts,
)

__all__ = [
    "PREFIX",
    "Body",
    "Event",
    "Overview",
    "Record",
    "Revision",
    "Snapshot",
    "WholeText",
    "accounts_with_texts",
    "bodies_of",
    "body_of",
    "compare",
    "each_snapshot",
    "events_of",
    "is_whole",
    "overview",
    "revisions_of",
    "save_snapshot",
    "show_body",
    "texts_with",
    "whole_texts",
]
