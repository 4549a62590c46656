"""The whole archive as lines of JSON, and lines of JSON as rows of an archive."""

from crawler.archive.lines.reading import ADVICE, Loose, Wrong, is_ours, read_lines
from crawler.archive.lines.writing import each_line, write_beside

__all__ = ["ADVICE", "Loose", "Wrong", "each_line", "is_ours", "read_lines", "write_beside"]
