"""The commands: words in, words out. The only room that prints."""

from crawler.cli import cleaning, fetching, keeping, looking  # each registers its commands
from crawler.cli.group import cli

__all__ = ["cleaning", "cli", "fetching", "keeping", "looking", "main"]


def main() -> None:
    """Run the command line; the entry point of the `crawler` script."""
    cli(prog_name="crawler")
