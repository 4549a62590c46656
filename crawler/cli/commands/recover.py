"""Bring back what has no body, with proof."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.article import Verdict
from crawler.cli.printing import (
    note,
    on_screen,
    print_json,
    print_line,
    print_table,
    progress_bar,
    warn,
)
from crawler.cli.review import decide, review
from crawler.cli.web import clients_of, tell_plans, tell_what_is_left, web_way
from crawler.cli.words import AT_MOST, PATH, TEXT
from crawler.errors import InputError
from crawler.flows import (
    OURS,
    ElsewhereWay,
    LinksWay,
    Recovery,
    StoryWay,
    Stripping,
    TitlesWay,
    find_seeds,
    finish_run,
    settle,
    shanghai_now,
)
from crawler.telling import counted
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import Progress, TaskID

    from crawler.archive import Archive
    from crawler.cli.group import Settings
    from crawler.errors import CrawlerError
    from crawler.fetch import ArchiveClient
    from crawler.flows import Outcome, Recovered, Stage, Way


@click.command("recover")
@click.argument("words", nargs=-1, type=TEXT, metavar="[PATH...] | [accept|refuse NUMBER...]")
@click.option(
    "--from",
    "from_paths",
    multiple=True,
    type=PATH,
    help="Somebody else's files, folders or exports; more may follow.",
)
@click.option(
    "--web",
    is_flag=True,
    help="Ask the web archives that [recover] archives names; they are told who asks.",
)
@click.option("--again", is_flag=True, help="With --web: ask what was answered before.")
@click.option("--review", "wants_review", is_flag=True, help="Decide on candidates, key by key.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and why; keep nothing.")
@click.option("--limit", type=AT_MOST, help="Articles to bring back, at the most.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=None,
    help="Processes that read files (default: one a core).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each finding.")
@click.pass_obj
def recover_command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    settings: Settings,
    words: tuple[str, ...],
    from_paths: tuple[Path, ...],
    web: bool,
    again: bool,
    wants_review: bool,
    dry_run: bool,
    limit: int | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Bring back articles that have no text, with proof.

    Without --from it asks the archive itself: links in the texts of others, whole articles under
    the same title, and whole ones that begin as a text which was cut. What has the article's own
    identity, or its title, account and day while nothing else can be meant, becomes its text. What
    agrees in less waits for a decision (--review), and the same title alone is only pointed at. A
    run that was stopped goes on where it was, and one that finds nothing new writes nothing.
    docs/recover.md says more.

    \b
    Examples:
      crawler recover
      crawler recover --from ~/somebodys-archive export.zip --dry-run
      crawler recover --web
      crawler recover --review
      crawler recover --review --json
      crawler recover accept 12 15
      crawler recover refuse 13
    """
    decides = _decides(words, from_paths, wants_review=wants_review)
    if decides and dry_run:
        raise click.UsageError("--dry-run keeps nothing, and a decision is kept; leave one out")
    report = _Report(as_json=as_json, each=dry_run)
    with settings.open_archive() as archive, ExitStack() as stack:
        archive.images.on_unread = lambda error: report.take_errors([error])
        asked = clients_of(archive, settings.config)
        clients = stack.enter_context(asked) if web else []
        recovery = Recovery(archive, now=_now, limit=limit, told=report.look)
        if decides:
            _decide(archive, recovery, words, as_json=as_json)
            return
        paths = [*from_paths, *map(Path, words)]
        ways = _ways(archive, paths, report, workers=workers or os.cpu_count() or 1)
        try:
            with report.shown():
                results = recovery.rehearse(ways) if dry_run else recovery.go(ways)
                report.follow(results)
            if clients:
                _ask_the_web(clients, recovery, archive, report, again=again)
        finally:
            if not dry_run:
                _strip(archive, Stripping(archive, settings.config.promo), report.restored)
            report.summary(archive, dry_run=dry_run)
            if not dry_run:
                tell_what_is_left(archive, clients)
    sys.exit(report.exit_code)


def _decides(words: Sequence[str], from_paths: Sequence[Path], *, wants_review: bool) -> bool:
    """Whether candidates are decided on. Raises UsageError where words say neither that nor files.

    Or both: a run with --from comes first.
    """
    if words and not from_paths and words[0] not in _DONE:
        raise click.UsageError(f"{words[0]!r} is neither accept nor refuse; paths follow --from")
    if wants_review and from_paths:
        raise click.UsageError("--review decides on what was found before; leave --from out")
    return wants_review or bool(words and not from_paths)


def _now() -> str:
    return as_written(shanghai_now())


def _decide(archive: Archive, recovery: Recovery, words: Sequence[str], *, as_json: bool) -> None:
    """Accept or refuse candidates: those that were named, or one after the other."""
    if words:
        decided = decide(archive, recovery, words[0], words[1:])
        note(f"{counted(len(decided), 'candidate')} {_DONE[words[0]]}")
    elif as_json:
        for found in archive.evidence.candidates():
            print_json(asdict(found))
    else:
        accepted, refused = review(archive, recovery)
        left = sum(1 for _ in archive.evidence.candidates())
        note(f"{accepted:,} accepted, {refused:,} refused, {left:,} left to decide")


_DONE = {"accept": "accepted", "refuse": "refused"}


def _ways(archive: Archive, paths: Sequence[Path], report: _Report, *, workers: int) -> list[Way]:
    """The ways to go, the best evidence first."""
    if not paths:
        return [LinksWay(archive), TitlesWay(archive), StoryWay(archive)]
    files, errors = find_seeds(paths)
    report.take_errors(errors)
    return [ElsewhereWay(files, workers=workers, follow=report.reading)] if files else []


def _ask_the_web(
    clients: Sequence[ArchiveClient],
    recovery: Recovery,
    archive: Archive,
    report: _Report,
    *,
    again: bool,
) -> None:
    """Tell what will be asked, then ask; of a rehearsal only tell, for nothing would be kept."""
    is_anew = again and not report.each
    with web_way(archive, clients, again=is_anew, unanswered=report.take_error) as way:
        tell_plans(way.plans(recovery.missing()), contact=clients[0].contact)
        if not report.each:
            report.follow(recovery.go([way]))


def _strip(archive: Archive, stripping: Stripping, article_ids: set[str]) -> None:
    """Take promotion off the accounts that got articles back, in a run that was killed, too."""
    if article_ids or archive.texts.unlearned():
        settle(archive)
        _, accounts = finish_run(archive, stripping, article_ids)
        for _ in accounts:
            pass


@dataclass(slots=True, kw_only=True)
class _Report:
    """Counts what comes of a run, and says at the end what came back and what is left."""

    as_json: bool
    each: bool
    found: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    restored: set[str] = field(default_factory=set)
    failures: int = 0
    bar: Progress | None = None
    tasks: dict[str, TaskID] = field(default_factory=dict)  # of the bar, by way

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show a bar while the ways are gone."""
        with progress_bar() as self.bar:
            yield
        self.bar = None

    def look(self, way: str) -> None:
        """Advance the bar by one find of a way."""
        if self.bar:
            if way not in self.tasks:
                self.tasks[way] = self.bar.add_task(f"judging {way}", total=None)
            self.bar.advance(self.tasks[way])

    def take_errors(self, errors: Sequence[CrawlerError]) -> None:
        for error in errors:
            self.take_error(error)

    def take_error(self, error: CrawlerError) -> None:
        self.failures += 1
        warn(error)

    def reading(self, stage: Stage) -> Iterator[Outcome]:
        """Hand on what comes of reading files, and advance the bar."""
        bar = self.bar
        task = bar.add_task(on_screen(stage.label), total=stage.total) if bar else None
        for outcome in stage.outcomes:
            if outcome.error:
                self.take_errors([outcome.error])
            if outcome.taken_for == OURS:
                what = "is an archive of this tool, and no file of texts"
                self.take_error(InputError(outcome.input, what, outcome.detail))
            if bar and task is not None:
                bar.advance(task)
            yield outcome

    def follow(self, results: Iterator[Recovered]) -> None:
        for result in results:
            self._take(result)

    def _take(self, result: Recovered) -> None:
        if self.as_json:
            print_json(asdict(result))
        elif self.each:
            print_line(on_screen(_line_of(result)))
        if result.is_new:
            self.found[result.way, _what(result)].add(result.article_id)
        if result.change:
            self.restored.add(result.article_id)

    def summary(self, archive: Archive, *, dry_run: bool) -> None:
        """What came back by which way, what is left, and what to do next."""
        for key in self.found:
            if key[1] == _WAITS:
                self.found[key] -= self.restored
        rows = [(*key, len(ids)) for key, ids in sorted(self.found.items()) if ids]
        if rows:
            title = "what would come of it" if dry_run else "what came of it"
            print_table(title, ("way", "what", "articles"), rows, err=True)
        back = len({one for (_, what), ids in self.found.items() if what == _BACK for one in ids})
        left = archive.evidence.count_missing() - (back if dry_run else 0)
        verb = "would come" if dry_run else "came"
        note(f"{counted(back, 'article')} {verb} back; {left:,} without a text are left")
        if not dry_run:
            _say_next(archive)

    @property
    def exit_code(self) -> int:
        """1 where an input failed, else 0."""
        return 1 if self.failures else 0


_BACK = "came back"
_WAITS = "waits for a decision"


def _what(result: Recovered) -> str:
    """What a finding is, in the words of the summary."""
    if result.verdict.restores:
        return _BACK if result.brings_body else "got a link that works"
    return _WAITS if result.verdict is Verdict.CANDIDATE else "pointed at"


def _line_of(result: Recovered) -> str:
    differs = f"; differs: {result.differs}" if result.differs else ""
    why = f"({result.agreed or 'nothing'} agrees{differs})"
    where = f"{result.source} {result.version}".strip()
    return f"{result.verdict}  {result.article_id}  {result.title}  {where}  {why}"


def _say_next(archive: Archive) -> None:
    waiting = sum(1 for _ in archive.evidence.candidates())
    if waiting:
        note(f"{counted(waiting, 'candidate')} to decide on: crawler recover --review")
    ready = archive.overview(now=_now()).ready
    if ready:
        note(f"{counted(ready, 'article')} can be had by fetching: crawler fetch --queued")
    if not waiting and not ready:
        note("somebody else's files may have more: crawler recover --from PATH")
