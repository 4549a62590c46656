"""The archive: the only room that opens a database or writes a file. No HTML, no HTTP.

Each name is loaded when it is first asked for, because who only searches packs no WARC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.lazy import loaded_when_asked

if TYPE_CHECKING:
    from crawler.archive.archive import Archive
    from crawler.archive.backups import back_up, restore, save_readable
    from crawler.archive.carrying import Carried, carry_in, carry_over
    from crawler.archive.documents import export
    from crawler.archive.layouts import ExportOptions, Layout
    from crawler.archive.reading import Record
    from crawler.archive.saving import Change
    from crawler.archive.vaults import as_vault

__all__ = [
    "Archive",
    "Carried",
    "Change",
    "ExportOptions",
    "Layout",
    "Record",
    "as_vault",
    "back_up",
    "carry_in",
    "carry_over",
    "export",
    "restore",
    "save_readable",
]

__getattr__ = loaded_when_asked(
    __name__,
    {
        "crawler.archive.archive": ("Archive",),
        "crawler.archive.backups": ("back_up", "restore", "save_readable"),
        "crawler.archive.carrying": ("Carried", "carry_in", "carry_over"),
        "crawler.archive.documents": ("export",),
        "crawler.archive.layouts": ("ExportOptions", "Layout"),
        "crawler.archive.reading": ("Record",),
        "crawler.archive.saving": ("Change",),
        "crawler.archive.vaults": ("as_vault",),
    },
)
