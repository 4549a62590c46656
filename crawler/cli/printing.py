"""What a terminal gets to see.

Results on stdout, notes on stderr, and never a page's own control characters.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from crawler.characters import SURROGATES, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crawler.errors import CrawlerError
    from crawler.flows.outcome import Outcome

notes = Console(stderr=True, highlight=False, markup=False, emoji=False)

_SURROGATE = re.compile(f"[{SURROGATES}]")


def on_screen(text: str) -> str:
    """One line of a page's text, safe for a terminal.

    A title with an escape sequence in it could rewrite what stands above it on the screen.
    """
    return document_on_screen(text.replace("\n", " ").replace("\t", " "))


def document_on_screen(text: str) -> str:
    """A whole document, safe for a terminal: its line ends and tabs stay."""
    return visible(_SURROGATE.sub("", text))


def print_json(record: object) -> None:
    """One JSON object on one line of stdout."""
    click.echo(json.dumps(record, ensure_ascii=False, default=str))


def warn(error: CrawlerError) -> None:
    """Say on stderr what went wrong with which input, and what to do."""
    notes.print(f"error: {on_screen(str(error))}", style="red", soft_wrap=True)


def note(text: str) -> None:
    """Say something on stderr."""
    notes.print(on_screen(text), soft_wrap=True)


def print_table(title: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """A small table on stderr."""
    notes.print(title, style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, name in enumerate(header):
        table.add_column(
            name, justify="left" if number == 0 else "right", style="dim" if number else None
        )
    for row in rows:
        table.add_row(
            *(on_screen(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row)
        )
    notes.print(table)


@dataclass(slots=True, kw_only=True)
class Report:
    """Counts the outcomes of a run as they pass, and says at the end what came of it."""

    as_json: bool = False
    each: bool = False  # one line on stdout for every input
    states: Counter[str] = field(default_factory=Counter)
    taken_for: Counter[tuple[str, str]] = field(default_factory=Counter)  # producer and state
    queued: int = 0  # articles that notes and lists name, new to the queue
    changes: Counter[str] = field(default_factory=Counter)
    failures: int = 0
    article_ids: set[str] = field(default_factory=set)  # of what was written

    def take(self, outcome: Outcome) -> None:
        """Count one outcome, and print what a user wants to see of it."""
        state = _state_of(outcome)
        self.states[state] += 1
        self.queued += outcome.queued
        if outcome.taken_for:
            self.taken_for[outcome.taken_for, state] += 1
        if outcome.change:
            self.changes[outcome.change.value] += 1
            self.article_ids.add(outcome.article_id)
        if outcome.error:
            self.failures += 1
            warn(outcome.error)
        if self.as_json:
            print_json(as_record(outcome))
        elif self.each and not outcome.error:
            click.echo(_line(outcome))

    def take_errors(self, errors: Iterable[CrawlerError]) -> None:
        """Count inputs that were wrong before anything was read."""
        for error in errors:
            self.failures += 1
            warn(error)

    def follow(self, outcomes: Iterable[Outcome], *, total: int | None, label: str) -> None:
        """Take every outcome behind a progress bar with its rate and the time left."""
        with progress_bar() as bar:
            task = bar.add_task(label, total=total)
            for outcome in outcomes:
                self.take(outcome)
                bar.advance(task)

    def summary(self) -> None:
        """A table by state, and what was written."""
        print_table("by state", ("state", "inputs"), self.states.most_common())
        if self.taken_for:
            rows = ((*key, count) for key, count in sorted(self.taken_for.items()))
            print_table("taken for", ("tool", "state", "inputs"), rows)
        written = ", ".join(f"{count:,} {change}" for change, count in sorted(self.changes.items()))
        note(f"{sum(self.states.values()):,} inputs: {written or 'nothing written'}")
        if self.queued:
            note(f"{self.queued:,} articles that they name were put into the queue")

    @property
    def exit_code(self) -> int:
        """1 where an input failed, else 0."""
        return 1 if self.failures else 0


def progress_bar() -> Progress:
    """A bar on stderr, shown only on a terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
        console=notes,
        disable=not sys.stderr.isatty(),
        transient=True,
    )


def as_record(outcome: Outcome) -> dict[str, Any]:
    """An outcome as `--json` prints it."""
    return {
        "input": outcome.input,
        "state": outcome.state,
        "change": outcome.change,
        "id": outcome.article_id,
        "title": outcome.title,
        "detail": outcome.detail,
        "taken_for": outcome.taken_for,
        "queued": outcome.queued,
        "error": str(outcome.error) if outcome.error else None,
    }


def _state_of(outcome: Outcome) -> str:
    """What a summary counts an outcome under; a list or a note has no state of its own."""
    if outcome.state:
        return outcome.state.value
    return "failed" if outcome.error else "names articles"


def _line(outcome: Outcome) -> str:
    parts = (
        outcome.state or "",
        outcome.change or "",
        outcome.article_id,
        outcome.title or outcome.detail,
    )
    return on_screen("  ".join(part for part in parts if part))


_BARS = "▁▂▃▄▅▆▇█"


def sparkline(counts: Mapping[str, int], *, width: int = 60) -> str:
    """Counts by month as a line of bars, the latest `width` months; months without any are gaps."""
    first, last = min(counts), max(counts)
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    months = [
        f"{number // 12:04}-{number % 12 + 1:02}"
        for number in range(max(start, end - width + 1), end + 1)
    ]
    most = max(counts.values())
    return "".join(
        _BARS[(counts[month] * len(_BARS) - 1) // most] if counts.get(month) else " "
        for month in months
    )
