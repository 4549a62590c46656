"""Which files of those that a user names are read, and as what."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
PAGE_SUFFIXES = frozenset({".html", ".htm"})
LIST_SUFFIXES = frozenset(
    {".csv", ".tsv", ".xlsx", ".xls", ".ods", ".json", ".jsonl", ".ndjson", ".opml", ".xml"}
    | {".rss", ".atom"}
)
WARC_SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
_SUFFIXES = (*sorted(SEED_SUFFIXES), *sorted(PAGE_SUFFIXES), *sorted(LIST_SUFFIXES), *WARC_SUFFIXES)


def is_page_file(path: Path) -> bool:
    """Whether a file holds pages, not a seed."""
    return path.suffix.lower() in PAGE_SUFFIXES or path.name.lower().endswith(WARC_SUFFIXES)


def is_list_file(path: Path) -> bool:
    """Whether a file names articles or carries several of them, by its name."""
    return path.suffix.lower() in LIST_SUFFIXES


def find_seeds(paths: Sequence[Path]) -> tuple[list[Path], list[InputError]]:
    """Find every seed file that the paths name or hold.

    Returns the files in a fixed order, each once, and what is wrong with a path.
    """
    found: dict[Path, None] = {}
    errors = []
    for path in paths:
        below = sorted(_seeds_below(path)) if path.is_dir() else []
        found.update(dict.fromkeys(below or ([path] if path.is_file() else [])))
        if path.is_dir() and not below:
            kinds = ", ".join(sorted(SEED_SUFFIXES))
            errors.append(InputError(str(path), "holds no seeds", f"seeds are {kinds} files"))
        elif not path.exists():
            advice = "give seed files, or folders of them"
            errors.append(InputError(str(path), "no such file or folder", advice))
    return list(found), errors


def _seeds_below(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        for name in names:
            if name.lower().endswith(_SUFFIXES):
                yield Path(where, name)
