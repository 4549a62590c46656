"""The commands: words in, words out. The only room that prints."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line; the entry point of the `crawler` script."""
    from crawler.cli.group import cli  # noqa: PLC0415 -- here, so that what starts it is guarded

    cli(prog_name="crawler")
