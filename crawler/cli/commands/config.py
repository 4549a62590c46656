"""The settings in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.cli.group import config_files
from crawler.cli.printing import note, on_screen, print_line
from crawler.config import render_config
from crawler.credentials import without_passwords

if TYPE_CHECKING:
    from crawler.cli.group import Settings


@click.command("config")
@click.pass_obj
def config_command(settings: Settings) -> None:
    """Print the settings in force, and where they come from.

    What is printed is a whole config.toml, each setting with what it does. A user and a password in
    an address are left out.

    \b
    Examples:
      crawler config
      crawler --config other.toml config
    """
    for line in render_config(settings.config).splitlines():
        print_line(without_passwords(on_screen(line)))
    places = " and ".join(str(path) for path in config_files())
    defaults = f"the defaults, for there is no file at {places}"
    note(f"settings: {settings.config_path or defaults}")
    note(f"archive: {settings.db.absolute()}")
