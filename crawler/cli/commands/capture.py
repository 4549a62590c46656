"""What a browser needs to bring pages in: the token, the bookmarklet, the extension."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.archive.files import capture_token, token_file
from crawler.browse import bookmarklet, extension_folder
from crawler.cli.printing import note, print_json, print_line

if TYPE_CHECKING:
    from crawler.cli.group import Settings


@click.command("capture")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8001,
    show_default=True,
    help="Where crawler serve --capture listens.",
)
@click.option("--new-token", is_flag=True, help="Make another token, in place of the old one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def capture_command(settings: Settings, port: int, new_token: bool, as_json: bool) -> None:
    """Show what a browser needs to bring the article that it shows into the archive.

    Whoever has the token can bring pages in, and read no text; it stands in a file beside the
    archive that only you may read. The page is one of crawler serve --capture, from which the
    bookmarklet can be dragged to a browser's bar.

    \b
    Examples:
      crawler capture
      crawler capture --new-token
    """
    token = capture_token(settings.db, anew=new_token)
    address = f"http://127.0.0.1:{port}"
    told = {
        "token": token,
        "page": f"{address}/capture#{token}",
        "bookmarklet": bookmarklet(address, token),
        "extension": str(extension_folder()),
    }
    if as_json:
        print_json(told)
        return
    for name, what in told.items():
        print_line(f"{name + ':':13}{what}")
    note(f"the token is kept in {token_file(settings.db)}; start: crawler serve --capture")
