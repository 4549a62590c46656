"""The full-text index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.cli.printing import note, track_index
from crawler.telling import counted

if TYPE_CHECKING:
    from crawler.cli.group import Settings


@click.command("index")
@click.option("--rebuild", is_flag=True, help="Build the full-text index anew.")
@click.pass_obj
def index_command(settings: Settings, rebuild: bool) -> None:
    """Check the full-text index, or build it anew.

    \b
    Examples:
      crawler index
      crawler index --rebuild
    """
    with settings.open_archive() as archive:
        if rebuild:
            count = archive.rebuild_index(settings.config.search.ngram, track_index)
        else:
            count = archive.indexed()
    verb = "is" if count == 1 else "are"
    note(f"{counted(count, 'article')} {verb} in the index")
