"""The way back from a backup."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from crawler.archive import restore
from crawler.cli.printing import note, say_locked
from crawler.cli.words import FILE
from crawler.telling import counted

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.cli.group import Settings


@click.command("restore")
@click.argument("file", type=FILE)
@click.pass_obj
def restore_command(settings: Settings, file: Path) -> None:
    """Put a backup in the place of the archive, which is kept beside it.

    The backup is checked as a database before anything is moved; whether each text in it is whole
    crawler audit tells then. What was forgotten after it was made comes back with it.

    \b
    Examples:
      crawler restore ~/backups/archive-2026-11-26.db
    """
    articles, kept = restore(settings.db, file, on_wait=partial(say_locked, file))
    note(f"{settings.db}: {counted(articles, 'article')} restored from {file}")
    if kept is not None:
        note(f"what was there before is kept as {kept}")
