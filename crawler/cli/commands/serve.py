"""The archive in a browser."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import click

from crawler.archive.files import capture_token, kept_token
from crawler.browse import Door, serve
from crawler.cli.printing import note
from crawler.flows import Clipper, shanghai_now
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
@click.option(
    "--name", "names", multiple=True, help="A name by which a proxy asks for it; once for each."
)
@click.option("--write", is_flag=True, help="Let the reader add stars, tags and notes.")
@click.option(
    "--capture", "with_door", is_flag=True, help="Take in pages that your own browser shows."
)
@click.pass_obj
def serve_command(  # noqa: PLR0913  (its options)
    settings: Settings,
    *,
    host: str,
    port: int,
    names: tuple[str, ...],
    write: bool,
    with_door: bool,
) -> None:
    """Browse the archive in Datasette, read-only.

    With --write you can add stars, tags and notes to articles, from this machine alone; they stand
    in tables of their own, and nothing else is written.

    With --capture it takes in the articles that your own browser shows, from whoever holds the
    token that crawler capture tells; without it there is no way in.

    Whoever asks for another name than an address, localhost, or one of your own network is refused,
    for any page on the web may point its name at yours: --name says which is yours.

    \b
    Examples:
      crawler serve
      crawler serve --port 8080
      crawler serve --write
      crawler serve --capture
      crawler serve --host 0.0.0.0 --name archive.example.org
    """
    if not host.isascii():
        raise click.BadParameter("is no host's name or address", param_hint="--host")
    if not all(map(_NAME.fullmatch, names)):
        raise click.BadParameter("is no host's name, such as nas.example.org", param_hint="--name")
    clock = _now if write else None
    door = _door(settings) if with_door else None
    settings.open_to_read(notes=False).close()  # or say in words why it cannot be shown
    serve(
        settings.db,
        host,
        port,
        clock=clock,
        ready=partial(_ready, door=door),
        door=door,
        names=names,
    )


_NAME = re.compile(r"[a-z0-9_.-]++", re.ASCII | re.IGNORECASE)


def _now() -> str:
    return as_written(shanghai_now())


def _door(settings: Settings) -> Door:
    """The way in; the archive is made, or brought up to date, before anybody comes.

    One that is moved away later is not made anew: the pages that are shown say that it is gone.
    """
    settings.open_archive(create=True).close()
    keep = Clipper(settings.open_archive, settings.config.promo)
    capture_token(settings.db)
    return Door(partial(kept_token, settings.db), keep)


def _ready(address: str, *, door: Door | None) -> None:
    note(f"open {address} (Ctrl-C ends it)")
    if door:
        note("pages come in by the extension or the bookmarklet; see: crawler capture")
