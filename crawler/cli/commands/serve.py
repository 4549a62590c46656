"""The archive in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.browse import serve
from crawler.cli.printing import note

if TYPE_CHECKING:
    from crawler.cli.group import Settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="0 takes any free one.",
)
@click.pass_obj
def serve_command(settings: Settings, host: str, port: int) -> None:
    """Browse the archive in Datasette, read-only.

    \b
    Examples:
      crawler serve
      crawler serve --port 8080
    """
    if not host.isascii():
        raise click.BadParameter("is no host's name or address", param_hint="--host")
    serve(settings.db, host, port, ready=lambda address: note(f"open {address} (Ctrl-C ends it)"))
