"""What can be wrong with an archive, and what puts it right."""

from crawler.archive.audit.audit import DAMAGE, NO_FAULT, Audit
from crawler.archive.audit.checks import Finding
from crawler.archive.audit.hurt import find_hurt
from crawler.archive.audit.pictures import find_damaged
from crawler.archive.audit.salvage import Salvaged, salvage

__all__ = [
    "DAMAGE",
    "NO_FAULT",
    "Audit",
    "Finding",
    "Salvaged",
    "find_damaged",
    "find_hurt",
    "salvage",
]
