"""Files that hold several documents -> `Document`s: packed ones, exports of readers, saved mail."""

from crawler.clean.containers.exported import documents_in, slugs_of_omnivore
from crawler.clean.containers.mhtml import read_mhtml
from crawler.clean.containers.packed import BrokenContainerError, Member, Packed

__all__ = [
    "BrokenContainerError",
    "Member",
    "Packed",
    "documents_in",
    "read_mhtml",
    "slugs_of_omnivore",
]
