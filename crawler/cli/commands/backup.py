"""A copy of the archive that was checked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from crawler.archive import back_up
from crawler.cli.printing import note, say_locked
from crawler.cli.words import FILE
from crawler.telling import counted

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.cli.group import Settings


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--overwrite", is_flag=True, help="Take the place of a file of that name.")
@click.pass_obj
def backup_command(settings: Settings, file: Path, overwrite: bool) -> None:
    """Copy the archive while others use it, and check the copy as a database.

    Whether each text and page in it is whole crawler audit tells: ask it before the last backup
    gives way. Pictures are files beside the archive, in images/: copy that folder, too.

    \b
    Examples:
      crawler backup ~/backups/archive-2026-11-26.db
      crawler backup "archive-$(date -I).db" && crawler audit
    """
    articles = back_up(
        settings.db, file, overwrite=overwrite, on_wait=partial(say_locked, settings.db)
    )
    note(f"{file}: {counted(articles, 'article')}, checked as a database")
