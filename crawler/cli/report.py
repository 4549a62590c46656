"""What came of a run: counted as it passes, summed up at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawler.archive import Change
from crawler.cli.printing import (
    note,
    on_screen,
    print_json,
    print_line,
    print_table,
    progress_bar,
    warn,
)
from crawler.credentials import without_passwords
from crawler.flows import finish_run, group_stories, settle
from crawler.telling import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from crawler.archive import Archive
    from crawler.errors import CrawlerError
    from crawler.flows import Outcome, Stripping


_LEFT_NAMED = 5
_TO_SEE_THEM = (
    "--json has each, and table events those of articles, where detail like '%no part of the text%'"
)


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
    left: list[str] = field(default_factory=list)  # what is said of inputs of which lines are left
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
        if outcome.left and outcome.change is not Change.UNCHANGED:
            self.left.append(f"{outcome.input}: {outcome.left}")
        if outcome.error:
            self.failures += 1
            warn(outcome.error)
        if self.as_json:
            print_json(_record_of(outcome))
        elif self.each and not outcome.error:
            print_line(_line_of(outcome))

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

    def finish(
        self, archive: Archive, stripping: Stripping, article_ids: Collection[str] | None = None
    ) -> None:
        """Close a run: names, promotion, the summary.

        `article_ids` are the articles that were written; None stands for all of the archive.
        """
        settle(archive)
        total, texts = group_stories(archive)
        with progress_bar() as bar:
            for _ in bar.track(texts, total=total, description="same text"):
                pass
        total, accounts = finish_run(archive, stripping, article_ids)
        with progress_bar() as bar:
            for _ in bar.track(accounts, total=total, description="promotion"):
                pass
        if stripping.changed:
            articles = counted(stripping.changed, "article")
            note(
                f"promotion: more or less of it is shown in {articles}; see: crawler promo ACCOUNT"
            )
        self._summary()

    def _summary(self) -> None:
        """A table by state, and what was written."""
        if self.states:
            print_table("by state", ("state", "inputs"), self.states.most_common(), err=True)
        if self.taken_for:
            rows = ((*key, count) for key, count in sorted(self.taken_for.items()))
            print_table("taken for", ("tool", "state", "inputs"), rows, err=True)
        written = ", ".join(f"{count:,} {change}" for change, count in sorted(self.changes.items()))
        note(f"{counted(self.states.total(), 'input')}: {written or 'nothing written'}")
        if self.queued:
            note(f"new in the queue: {counted(self.queued, 'article')} that they name")

        for told in self.left[:_LEFT_NAMED]:
            note(told)
        if len(self.left) > _LEFT_NAMED:
            note(f"{len(self.left) - _LEFT_NAMED:,} more say so; {_TO_SEE_THEM}")

    @property
    def exit_code(self) -> int:
        """1 where an input failed, else 0."""
        return 1 if self.failures else 0


def _record_of(outcome: Outcome) -> dict[str, Any]:
    """An outcome as `--json` prints it."""
    return {
        "input": without_passwords(outcome.input),
        "state": outcome.state,
        "change": outcome.change,
        "id": outcome.article_id,
        "title": outcome.title,
        "detail": outcome.detail,
        "taken_for": outcome.taken_for,
        "queued": outcome.queued,
        "left": outcome.left,
        "error": without_passwords(str(outcome.error)) if outcome.error else None,
    }


def _state_of(outcome: Outcome) -> str:
    """What a summary counts an outcome under; a list or a note has no state of its own."""
    if outcome.state:
        return outcome.state.value
    return "failed" if outcome.error else "names articles"


def _line_of(outcome: Outcome) -> str:
    """An outcome as one line: state, change, key, title."""
    words = outcome.title or outcome.detail
    parts = (outcome.state or "", outcome.change or "", outcome.article_id, words)
    return on_screen("  ".join(part for part in parts if part))
