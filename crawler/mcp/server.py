"""The server: four tools, each with its bounds."""

from __future__ import annotations

import os
import re
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations, jsonrpc_message_adapter
from pydantic import Field, ValidationError

from crawler import __version__
from crawler.archive import Archive
from crawler.archive.search import Filter
from crawler.credentials import without_passwords, without_secrets
from crawler.errors import ArchiveError, CrawlerError
from crawler.inputs import resolved
from crawler.mcp import answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Answer = dict[str, Any]

AT_ONCE = 4
"""Questions that are answered at once: each may fill a cache of the archive's own."""

_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_INSTRUCTIONS = f"""An archive of WeChat Official Account articles, to be read and cited.
{answers.NOTICE}
Quote texts as they stand, and name with each quote the id, the date, the state and the sha256 that
came with it. `state` says what the archive has: ok is a whole text, truncated and paid a part of
one, all others have none."""

_Article = Annotated[str, Field(max_length=4096, description="an id, or a link in any spelling")]
_Words = Annotated[
    str, Field(max_length=500, description='Chinese of any length; AND, OR, NOT and "quotes" work')
]
_Fold = Annotated[
    bool, Field(description="of articles with the same text, or nearly, the best hit alone")
]
_Limit = Annotated[int, Field(ge=1, le=answers.MOST_HITS)]
_Day = Annotated[str, Field(max_length=10, description="YYYY-MM-DD, or the beginning of one")]
_Start = Annotated[int, Field(ge=0)]
_Characters = Annotated[int, Field(ge=1, le=answers.MOST_CHARACTERS)]
_Name = Annotated[str, Field(max_length=200)]


def build_server(path: Path) -> MCPServer:
    """A server whose tools open the archive for reading, each time anew."""
    server = MCPServer(
        "wechat-article-archive",
        version=__version__,
        instructions=_INSTRUCTIONS,
        log_level="ERROR",
    )
    tools = _Tools(path)
    for tool in (tools.search, tools.get, tools.history, tools.cite):
        server.tool(annotations=_READS)(tool)
    return server


def is_message(line: str) -> bool:
    """Whether the package of the protocol reads a message there; it says nothing of others."""
    try:
        jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValidationError:
        return False
    return True


class _Tools:
    """What may be asked; the first line of each is what programs are told of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turns = BoundedSemaphore(AT_ONCE)

    def search(  # noqa: PLR0913, PLR0917  (all that a search can be asked)
        self,
        words: _Words,
        limit: _Limit = 10,
        account: _Name = "",
        since: _Day = "",
        until: _Day = "",
        state: _Name = "",
        *,
        fold: _Fold = True,
    ) -> Answer:
        """Find articles by their words, best first: ids, dates, states, hashes and snippets."""
        states = (state,) if state else ()
        chosen = Filter(account=account, since=since, until=until, states=states)
        return self._ask(lambda archive: answers.search(archive, words, limit, chosen, fold=fold))

    def get(self, article: _Article, start: _Start = 0, characters: _Characters = 8000) -> Answer:
        """Read the text of one article as Markdown, in parts: `next` is where to go on."""
        return self._ask(lambda archive: answers.get(archive, article, start, characters))

    def history(self, article: _Article) -> Answer:
        """Tell each text that an article had, each look at it, and what was found elsewhere."""
        return self._ask(lambda archive: answers.history(archive, article))

    def cite(self, article: _Article, style: _Name = "gbt7714") -> Answer:
        """Make a reference with archive date and hash; style gbt7714, bibtex or csl."""
        return self._ask(lambda archive: answers.cite(archive, article, style))

    def _ask(self, question: Callable[[Archive], Answer]) -> Answer:
        """What the archive answers; the protocol's own error where it cannot."""
        try:
            with (
                self._turns,
                Archive.open(self._path, read_only=True, create=False) as archive,
            ):
                return question(archive)
        except CrawlerError as error:
            raise ToolError(self._without_folder(_told(error))[:_MOST_SAID]) from None

    def _without_folder(self, told: str) -> str:
        """What went wrong, less where on this machine the archive lies."""
        paths = (resolved(self._path), self._path.absolute(), self._path)
        for folder in sorted({f"{path.parent}{os.sep}" for path in paths}, key=len, reverse=True):
            told = told.replace(folder, "")
        return without_passwords(without_secrets(told))


def _told(error: CrawlerError) -> str:
    """What went wrong, in words of ours or of whoever asked.

    What an archive itself calls its tables, rows and versions, as somebody else may have written
    it, stands behind the first bracket, colon or, of a row, comma: that is for a person's eyes.
    """
    what = error.what
    if isinstance(error, ArchiveError):
        what = _OF_OTHERS.split(what)[0].strip()
        what = {_SQLITE: "cannot be read"}.get(what, what)
        what = f"{what.partition(',')[0]} is damaged" if what.startswith("table ") else what
    return f"{error.subject}: {what}"


_OF_OTHERS, _SQLITE = re.compile(r"[(:]"), "SQLite says"
_MOST_SAID = 1_000  # characters
