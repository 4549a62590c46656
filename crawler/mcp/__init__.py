"""The archive for programs that ask by the Model Context Protocol, read-only and bounded.

The official package of the protocol is the optional extra `mcp`; this module imports without it.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from crawler.errors import ArchiveError, extra_missing
from crawler.inputs import is_file
from crawler.mcp.lines import Answers, Lines, Questions

if TYPE_CHECKING:
    from pathlib import Path

    from mcp.server import MCPServer

__all__ = ["make_server", "run_server"]


def make_server(path: Path) -> MCPServer:
    """A server of one archive, which each question opens for reading.

    Raises ConfigError where the extra is not installed, ArchiveError where there is no such file.
    """
    if not is_file(path):
        raise ArchiveError(str(path), "no such archive", "make one with: crawler reclean")
    try:
        from crawler.mcp.server import build_server  # noqa: PLC0415 -- it needs the extra
    except ModuleNotFoundError as error:
        raise extra_missing("crawler mcp", error, "mcp") from None
    return build_server(path)


def run_server(path: Path) -> None:
    """Answer on standard output what is asked on standard input, until that ends.

    Raises as `make_server`.
    """
    server = make_server(path)
    asked, told = sys.stdin, sys.stdout
    questions = Questions()
    lines, answers = Lines(asked.buffer, questions), Answers(told.buffer, questions)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(lines), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(answers), encoding="utf-8")
    try:
        server.run("stdio")
    finally:  # what is let go of closes the buffer below it
        sys.stdin, sys.stdout = asked, told
