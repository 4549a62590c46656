"""What other tools wrote -> `Adopted`: a table of producers, and how the files of each are read."""

from crawler.clean.exports.backgrounds import (
    pictures_beside,
    place_backgrounds,
    place_beside,
)
from crawler.clean.exports.fields import NO_VALUES, key_line, says_nothing
from crawler.clean.exports.mend import pictures_named
from crawler.clean.exports.moments import in_china, local_form, read_moment
from crawler.clean.exports.pages import (
    SavedBy,
    breaks_off,
    headings_of,
    is_page,
    own_source,
    pages_in,
    saved_by,
)
from crawler.clean.exports.pictures import files_meant, local_pictures
from crawler.clean.exports.producers import TEXT
from crawler.clean.exports.read import decode, read_export, with_pictures
from crawler.clean.exports.records import Adopted, Document, Form, Link
from crawler.clean.exports.says import account_in, is_kind, is_place, parts_of, read_count
from crawler.clean.exports.spelled import unspelled
from crawler.clean.exports.strangers import is_strangers

__all__ = [
    "NO_VALUES",
    "TEXT",
    "Adopted",
    "Document",
    "Form",
    "Link",
    "SavedBy",
    "account_in",
    "breaks_off",
    "decode",
    "files_meant",
    "headings_of",
    "in_china",
    "is_kind",
    "is_page",
    "is_place",
    "is_strangers",
    "key_line",
    "local_form",
    "local_pictures",
    "own_source",
    "pages_in",
    "parts_of",
    "pictures_beside",
    "pictures_named",
    "place_backgrounds",
    "place_beside",
    "read_count",
    "read_export",
    "read_moment",
    "saved_by",
    "says_nothing",
    "unspelled",
    "with_pictures",
]
