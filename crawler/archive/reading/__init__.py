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
from crawler.archive.reading.whole_texts import PREFIX, Body, Texts

__all__ = [
    "PREFIX",
    "Body",
    "Event",
    "Overview",
    "Record",
    "Revision",
    "Snapshot",
    "Texts",
    "body_of",
    "compare",
    "each_snapshot",
    "events_of",
    "overview",
    "revisions_of",
    "save_snapshot",
]
