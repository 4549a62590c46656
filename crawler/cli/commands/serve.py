"""The archive in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.browse import serve
from crawler.cli.printing import note
from crawler.flows import shanghai_now
from crawler.times import as_written

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
@click.option("--write", is_flag=True, help="Let the reader add stars, tags and notes.")
@click.pass_obj
def serve_command(settings: Settings, host: str, port: int, write: bool) -> None:
    """Browse the archive in Datasette, read-only.

    With --write you can add stars, tags and notes to articles, from this machine alone; they stand
    in tables of their own, and nothing else is written.

    \b
    Examples:
      crawler serve
      crawler serve --port 8080
      crawler serve --write
    """
    if not host.isascii():
        raise click.BadParameter("is no host's name or address", param_hint="--host")
    clock = _now if write else None
    serve(settings.db, host, port, clock=clock, ready=_ready)


def _now() -> str:
    return as_written(shanghai_now())


def _ready(address: str) -> None:
    note(f"open {address} (Ctrl-C ends it)")
