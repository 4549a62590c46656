"""The archive for programs, by the Model Context Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.mcp import run_server

if TYPE_CHECKING:
    from crawler.cli.group import Settings


@click.command("mcp")
@click.pass_obj
def mcp_command(settings: Settings) -> None:
    """Answer programs that ask by the Model Context Protocol, over stdin and stdout.

    Four tools, read-only and bounded: search, get, history and cite. Texts come marked as quoted
    material, with id, date, state and hash. A program is told of it as of any such server: its
    command is crawler, its arguments are --db, the path of the archive, and mcp.

    \b
    Examples:
      crawler --db ~/archive.db mcp
    """
    run_server(settings.db)
