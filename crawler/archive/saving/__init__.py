"""Everything that writes an article, its links and its place in the queue."""

from crawler.archive.saving.accounts import COMMON_NAME, knows_account, name_articles
from crawler.archive.saving.addresses import (
    find,
    is_provisional,
    known_forms,
    queue_key,
    queue_key_of,
)
from crawler.archive.saving.arrival import Arrival, arrival_of, merged, names_of
from crawler.archive.saving.copies import front_matter_of, rewritten, with_moment
from crawler.archive.saving.evidence import Evidence, EvidenceTable, Missing, is_offer
from crawler.archive.saving.exported import ExportedFile, ExportedFiles
from crawler.archive.saving.forgotten import Forgotten, note_wipe, wipe_due
from crawler.archive.saving.kept_away import is_forgotten
from crawler.archive.saving.linkless import join_copy, note_same_as, without_link
from crawler.archive.saving.mending import read_again, show_best
from crawler.archive.saving.merge import KEYED, REWRITTEN
from crawler.archive.saving.moments import Moments, Seen
from crawler.archive.saving.pace import Paces
from crawler.archive.saving.personal import Personal
from crawler.archive.saving.queue import LONGEST_WAIT, Queue, QueueEntry, put
from crawler.archive.saving.rows import forget_damaged, is_copy, read_row
from crawler.archive.saving.save import Change, join_rows, note_unchanged, save_arrivals
from crawler.archive.saving.seed_files import SeedFiles
from crawler.archive.saving.stories import Stories, StoryMember, StoryRow, Unsigned
from crawler.archive.saving.tried import NEEDS_LINK, proven_form
from crawler.archive.saving.web import (
    BY_PAGE,
    FAILED,
    ListedCapture,
    Query,
    WebMemory,
    asked_for,
)
from crawler.archive.saving.whole import Whole, join_entry, save_loose, save_whole

__all__ = [
    "BY_PAGE",
    "COMMON_NAME",
    "FAILED",
    "KEYED",
    "LONGEST_WAIT",
    "NEEDS_LINK",
    "REWRITTEN",
    "Arrival",
    "Change",
    "Evidence",
    "EvidenceTable",
    "ExportedFile",
    "ExportedFiles",
    "Forgotten",
    "ListedCapture",
    "Missing",
    "Moments",
    "Paces",
    "Personal",
    "Query",
    "Queue",
    "QueueEntry",
    "SeedFiles",
    "Seen",
    "Stories",
    "StoryMember",
    "StoryRow",
    "Unsigned",
    "WebMemory",
    "Whole",
    "arrival_of",
    "asked_for",
    "find",
    "forget_damaged",
    "front_matter_of",
    "is_copy",
    "is_forgotten",
    "is_offer",
    "is_provisional",
    "join_copy",
    "join_entry",
    "join_rows",
    "known_forms",
    "knows_account",
    "merged",
    "name_articles",
    "names_of",
    "note_same_as",
    "note_unchanged",
    "note_wipe",
    "proven_form",
    "put",
    "queue_key",
    "queue_key_of",
    "read_again",
    "read_row",
    "rewritten",
    "save_arrivals",
    "save_loose",
    "save_whole",
    "show_best",
    "wipe_due",
    "with_moment",
    "without_link",
]
