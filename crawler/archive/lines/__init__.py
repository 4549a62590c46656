"""The whole archive as lines of JSON, and lines of JSON as rows of an archive."""

from crawler.archive.lines.parts import OF_A_MACHINE
from crawler.archive.lines.reading import (
    ADVICE,
    Loose,
    Wrong,
    are_ours,
    is_ours,
    parse_lines,
    read_lines,
)
from crawler.archive.lines.writing import check_beside, check_carried, each_line, write_beside

__all__ = [
    "ADVICE",
    "OF_A_MACHINE",
    "Loose",
    "Wrong",
    "are_ours",
    "check_beside",
    "check_carried",
    "each_line",
    "is_ours",
    "parse_lines",
    "read_lines",
    "write_beside",
]
