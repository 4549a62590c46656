"""The commands: words in, words out. The only room that prints."""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; the entry point of the `crawler` script, and the end of its process."""
    try:
        from crawler.cli.guard import run_guarded  # noqa: PLC0415 -- Ctrl-C may come while it loads

        code = run_guarded()
    except KeyboardInterrupt:  # while it loads, or once more while it ends: there is no more to say
        os._exit(130)
    sys.exit(code)
