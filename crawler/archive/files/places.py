"""Where files lie: an output that somebody names, and what is needed for a while."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crawler.archive.files.atomic import unwritable
from crawler.errors import ArchiveError
from crawler.inputs import objection, resolved

if TYPE_CHECKING:
    from pathlib import Path


def place_of_output(path: Path) -> Path:
    """Where an output is written that somebody names: where a link leads, which stays a link.

    So does `/dev/stdout`, whatever file it stands for. Raises ArchiveError where a device, a pipe
    or a folder would be replaced.
    """
    what = objection(path)
    if what:
        raise unwritable(path, what)
    try:
        path.readlink()
    except (OSError, ValueError):
        return path
    return resolved(path)


def folder_for_a_while() -> TemporaryDirectory[str]:
    """A folder that is gone after the block. Raises ArchiveError where there is no place for it."""
    try:
        return TemporaryDirectory(prefix="crawler-", ignore_cleanup_errors=True)
    except OSError as error:
        what = f"cannot be used: {error.strerror}"
        advice = "let TMPDIR name one that may be written to"
        raise ArchiveError("the folder for temporary files", what, advice) from error
