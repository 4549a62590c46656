"""What a terminal gets to see.

Results on stdout, notes on stderr, and never a page's own control characters. While a progress bar
is drawn, lines for the terminal go through the bar's own console, so that neither garbles the
other. rich takes 0.1 s to load, so that only tables and bars load it.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.characters import SURROGATES, escaped_in_json, visible
from crawler.credentials import without_passwords, without_secrets
from crawler.telling import on_the_clock, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rich.console import Console
    from rich.progress import Progress

    from crawler.errors import CrawlerError

Row = TypeVar("Row")

_SURROGATE = re.compile(f"[{SURROGATES}]")
_MANY = 1_000  # articles: what takes a second
_WIDE = 200  # columns of a table that goes into a file or a pipe, where nothing need be folded
_LONG = 2_000  # characters of a message; two links as long as a server takes stand in it whole
_bars: list[Console] = []  # where a progress bar is drawn at the moment


def on_screen(text: str) -> str:
    """One line of a page's text, safe for a terminal.

    A title with an escape sequence in it could rewrite what stands above it on the screen.
    """
    return document_on_screen(text.replace("\n", " ").replace("\t", " "))


def document_on_screen(text: str) -> str:
    """A whole document, safe for a terminal: its line ends and tabs stay."""
    return visible(_SURROGATE.sub("", text))


def message_on_screen(text: str) -> str:
    """A message that may quote any argument: no credential of it, and only its ends if it is long.

    What went wrong stands at the end, and what it is about at the beginning.
    """
    told = without_passwords(without_secrets(document_on_screen(text)))
    if len(told) <= _LONG:
        return told
    half = _LONG // 2
    return f"{told[:half]} [...] {told[-half:]}"


def has_colour(*, err: bool = False) -> bool:
    """Whether stdout, or stderr, is a terminal on which colours are wanted."""
    stream = sys.stderr if err else sys.stdout
    is_terminal = stream is not None and stream.isatty()
    return is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_line(line: str) -> None:
    """One line of a result, on stdout; what it quotes is safe for a terminal already."""
    _write(line, err=False)


def print_json(record: object) -> None:
    """One JSON object on one line of stdout."""
    _write(escaped_in_json(json.dumps(record, ensure_ascii=False, default=str)), err=False)


def print_page(page: bytes) -> None:
    """A page as it is stored, on stdout; on a terminal less what would steer that."""
    text = without_secrets(page.decode("utf-8", "surrogateescape"))
    if sys.stdout is not None and sys.stdout.isatty():
        click.echo(document_on_screen(text), nl=False)
    else:
        click.echo(text.encode("utf-8", "surrogateescape"), nl=False)


def warn(error: CrawlerError) -> None:
    """Say on stderr what went wrong with which input, and what to do."""
    line = f"error: {message_on_screen(on_screen(str(error)))}"
    if has_colour(err=True):
        line = click.style(line, fg="red")
    _write(line, err=True)


class Unread:
    """Files that a command goes on without; each is said once, and the exit code tells of it."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def __call__(self, error: CrawlerError) -> None:
        """Say why one cannot be read."""
        if error.subject not in self._said:
            warn(error)
        self._said.add(error.subject)

    def end(self) -> None:
        """End the command, which is done, with exit code 1 where there is any."""
        if self._said:
            sys.exit(1)


def note(text: str) -> None:
    """Say something on stderr."""
    _write(on_screen(text), err=True)


def _write(line: str, *, err: bool) -> None:
    """Write a line, whatever it quotes: no credential of a link leaves by a terminal or a pipe."""
    line = without_passwords(without_secrets(line)) if err else without_secrets(line)
    stream = sys.stderr if err else sys.stdout
    if _bars and stream is not None and stream.isatty():
        _bars[-1].out(line, highlight=False)
    else:
        click.echo(line, err=err)


def print_table(
    title: str, header: Iterable[str], rows: Iterable[Iterable[Any]], *, err: bool = False
) -> None:
    """A small table: a report's on stdout, the summary of a run on stderr."""
    from rich.table import Table  # noqa: PLC0415 -- see above

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in header:
        if not table.columns or name == "meaning":
            table.add_column(name)
        else:
            table.add_column(name, justify="right", style="dim")
    for row in rows:
        table.add_row(*(on_screen(without_secrets(_cell(cell))) for cell in row))
    console = _console(err=err)
    console.print(on_screen(without_secrets(title)), style="bold", soft_wrap=True)
    console.print(table)


def print_card(title: str, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """What is told of several things side by side, on stdout; long cells are folded."""
    from rich.table import Table  # noqa: PLC0415 -- see above

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in header:
        ratio = 1 if name else None
        table.add_column(name, overflow="fold", ratio=ratio)
    for row in rows:
        table.add_row(*map(on_screen, map(without_secrets, row)))
    console = _console(err=False)
    console.print(on_screen(without_secrets(title)), style="bold", soft_wrap=True)
    console.print(table)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _console(*, err: bool) -> Console:
    from rich.console import Console  # noqa: PLC0415 -- see above

    console = Console(stderr=err, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDE
    return console


def track_index(rows: Iterable[Row], total: int) -> Iterator[Row]:
    """Show articles pass that are indexed anew, where these are many."""
    if total < _MANY:
        yield from rows
        return
    with progress_bar() as bar:
        yield from bar.track(rows, total=total, description="index")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar, shown only where stderr is a terminal; on stdout's console where that is one too."""
    from rich.progress import (  # noqa: PLC0415 -- see above
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    is_shown = sys.stderr is not None and sys.stderr.isatty()
    console = _console(err=not (sys.stdout is not None and sys.stdout.isatty()))
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
        console=console,
        disable=not is_shown,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with bar:
        if is_shown:
            _bars.append(console)
        try:
            yield bar
        finally:
            if is_shown:
                _bars.remove(console)


def say_wait(host: str, seconds: float) -> None:
    """Say that nothing happens for a while, because a server or a setting asks for that."""
    note(f"{host}: the next request waits until {on_the_clock(time.time() + seconds)}")


def say_locked(path: Path, seconds: float) -> None:
    """Say that an archive is being written by another program, and how long this may wait."""
    busy = f"{path} is being written by another program"
    note(f"{busy}; this command waits for that, {seconds:.0f} seconds at the most")


def say_statistics(path: Path) -> None:
    """Say that a file holds what may make reading it take hours, and what takes it out."""
    what = "SQLite's statistics (sqlite_stat1), by which it may be read slowly"
    note(f"{path} holds {what}; if so, run: crawler --db {quoted(str(path))} audit --fix")
