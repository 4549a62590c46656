"""A folder to begin in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.archive.files import write_file
from crawler.cli.group import DEFAULT_CONFIG
from crawler.cli.printing import note
from crawler.config import Config, render_config
from crawler.inputs import is_there

if TYPE_CHECKING:
    from crawler.cli.group import Settings


@click.command("init")
@click.pass_obj
def init_command(settings: Settings) -> None:
    """Write a config.toml with every setting, and make an empty archive.

    What is there already is left as it is.

    \b
    Examples:
      crawler init
      crawler --db ~/wechat.db init
    """
    if is_there(DEFAULT_CONFIG):
        note(f"{DEFAULT_CONFIG} is there already, and was left as it is")
    else:
        write_file(DEFAULT_CONFIG, render_config(Config()).encode())
        note(f"wrote {DEFAULT_CONFIG}: every setting with its default")
    was_there = is_there(settings.db)
    settings.open_archive(create=True).close()
    note(f"{settings.db} {'is there already' if was_there else 'is an empty archive now'}")
    note("go on with: crawler reclean FOLDER, or: crawler fetch URL")
