"""Files beside the database: pictures, WARC, and how a file is written whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive.files.atomic import (
    alone,
    asking_alone,
    clear_aside,
    holds,
    move_file,
    whole_file,
    write_blocks,
    write_file,
    write_files,
)
from crawler.archive.files.foreign import ForeignArticle, read_foreign
from crawler.archive.files.image_ends import is_cut
from crawler.archive.files.image_rows import UNSEEN, count_gone, note_file
from crawler.archive.files.image_types import measure
from crawler.archive.files.images import (
    FOLDER,
    Images,
    Wanted,
    is_place,
    picture_links,
    place_of,
    read_picture,
    relative,
)
from crawler.archive.files.judging import MAX_BYTES, PictureState, is_loaded
from crawler.archive.files.names import (
    SUFFIX,
    collision_key,
    cut,
    file_name,
    folder_of,
    is_plain,
    plain_name,
    safe_part,
)
from crawler.archive.files.places import folder_for_a_while, place_of_output
from crawler.archive.files.tokens import capture_token, kept_token, token_file
from crawler.lazy import loaded_when_asked

if TYPE_CHECKING:
    from crawler.archive.files.outputs import FileKind, check_apart, check_output
    from crawler.archive.files.wacz import write_wacz
    from crawler.archive.files.warc import SavedPage, read_warc, write_warc

__all__ = [
    "FOLDER",
    "MAX_BYTES",
    "SUFFIX",
    "UNSEEN",
    "FileKind",
    "ForeignArticle",
    "Images",
    "PictureState",
    "SavedPage",
    "Wanted",
    "alone",
    "asking_alone",
    "capture_token",
    "check_apart",
    "check_output",
    "clear_aside",
    "collision_key",
    "count_gone",
    "cut",
    "file_name",
    "folder_for_a_while",
    "folder_of",
    "holds",
    "is_cut",
    "is_loaded",
    "is_place",
    "is_plain",
    "kept_token",
    "measure",
    "move_file",
    "note_file",
    "picture_links",
    "place_of",
    "place_of_output",
    "plain_name",
    "read_foreign",
    "read_picture",
    "read_warc",
    "relative",
    "safe_part",
    "token_file",
    "whole_file",
    "write_blocks",
    "write_file",
    "write_files",
    "write_wacz",
    "write_warc",
]

__getattr__ = loaded_when_asked(  # for warcio takes long to load
    __name__,
    {
        "crawler.archive.files.outputs": ("FileKind", "check_apart", "check_output"),
        "crawler.archive.files.wacz": ("write_wacz",),
        "crawler.archive.files.warc": ("SavedPage", "read_warc", "write_warc"),
    },
)
