"""What can be wrong with an archive, and what puts it right."""

from crawler.archive.audit.audit import Audit, Finding

__all__ = [
    "Audit",
    "Finding",
]
