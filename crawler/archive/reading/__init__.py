"""What is asked of the archive: records, history, numbers, snapshots, whole texts."""

from crawler.archive.reading.datasets import Beside, beside_articles
from crawler.archive.reading.history import History, body_of, compare, has_text, is_hurt
from crawler.archive.reading.listing import SORTS, Listed, count_listed, listed
from crawler.archive.reading.neighbours import (
    files_of,
    is_elsewhere,
    picture_at,
    shown_by_others,
)
from crawler.archive.reading.overview import Counts, Overview, counts, overview
from crawler.archive.reading.record import COLUMNS, Record
from crawler.archive.reading.snapshots import (
    Snapshot,
    hurt_pages,
    is_sound_page,
    save_snapshot,
)
from crawler.archive.reading.watching import Death, Watched, Watching
from crawler.archive.reading.whole_texts import PREFIX, Body, Texts

__all__ = [
    "COLUMNS",
    "PREFIX",
    "SORTS",
    "Beside",
    "Body",
    "Counts",
    "Death",
    "History",
    "Listed",
    "Overview",
    "Record",
    "Snapshot",
    "Texts",
    "Watched",
    "Watching",
    "beside_articles",
    "body_of",
    "compare",
    "count_listed",
    "counts",
    "files_of",
    "has_text",
    "hurt_pages",
    "is_elsewhere",
    "is_hurt",
    "is_sound_page",
    "listed",
    "overview",
    "picture_at",
    "save_snapshot",
    "shown_by_others",
]
