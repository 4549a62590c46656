"""The commands that look into the archive: show, search, status and export."""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler import __version__
from crawler.archive.export import export
from crawler.archive.files.warc import write_warc
from crawler.cli.group import Settings, command
from crawler.cli.printing import (
    document_on_screen,
    note,
    on_screen,
    print_json,
    print_table,
    progress_bar,
    sparkline,
)
from crawler.errors import InputError
from crawler.fetch.pace import Gate
from crawler.flows.fetch import shanghai_now
from crawler.times import as_written

if TYPE_CHECKING:
    from crawler.archive.archive import Archive, Record
    from crawler.archive.search.find import Hit


def record_of(archive: Archive, text: str) -> Record:
    """The article that a key or an address leads to; InputError where the archive has none."""
    record = archive.get(text)
    if record is None:
        raise InputError(text, "is not in the archive", f"bring it in with: crawler fetch '{text}'")
    return record


@command("show")
@click.argument("article", metavar="URL-OR-ID")
@click.option("--local-images", is_flag=True, help="Link the pictures that the archive has.")
@click.option(
    "--snapshot", is_flag=True, help="Print what is stored of its page, as HTML, instead."
)
def show_command(settings: Settings, article: str, local_images: bool, snapshot: bool) -> None:
    """Print one article: front matter and Markdown.

    \b
    Examples:
      crawler show https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler show MzA5MzE5MDAzOA==:2664212556:5 > article.md
      crawler show https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg --snapshot > input.html
    """
    with settings.open_archive(read_only=True) as archive:
        record = record_of(archive, article)
        if snapshot:
            click.echo(_latest_snapshot(archive, article), nl=False)
            return
        text = archive.images.document(record, base=Path.cwd()) if local_images else record.document
    if not record.body:
        what = f"has no text in the archive: it is {record.state}"
        raise InputError(article, what, f"try: crawler fetch '{record.url}'")
    click.echo(document_on_screen(text), nl=False)


def _latest_snapshot(archive: Archive, article: str) -> bytes:
    stored = list(archive.snapshots(article))
    if not stored:
        raise InputError(article, "has no stored page", f"fetch it with: crawler fetch '{article}'")
    return stored[-1].content


@command("search")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="Hits at the most."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each hit.")
def search_command(settings: Settings, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find articles by their words, best first.

    Words may be Chinese of any length, English, or both; AND, OR, NOT, "quotes" and title: work as in SQLite.
    The same search from the CLI of sqlite-utils: sqlite-utils search archive.db articles WORDS

    \b
    Examples:
      crawler search 诈骗
      crawler search 'Apache 日志'
      crawler search 'title: 漏洞 NOT 预警' --limit 5
    """
    query = " ".join(words)
    # For writing where that is allowed, because rows that other tools changed are indexed on
    # opening.
    with settings.open_archive(read_only=not os.access(settings.db, os.W_OK)) as archive:
        hits = archive.search(query, limit=limit, marks=("", "") if as_json else _MARKS)
    for hit in hits:
        if as_json:
            print_json(asdict(hit))
        else:
            click.echo(_on_screen(hit))
    if not hits:
        note(f"nothing found for {query}")


# Private-use characters: `visible` takes them out of every text before search marks its hits.
_MARKS = ("\ue000", "\ue001")


def _on_screen(hit: Hit) -> str:
    """Title, then where and when, then the words in their place; hits in bold on a terminal."""
    where = "  ".join(part for part in (hit.date, hit.account, hit.state, hit.url) if part)
    lines = (_in_bold(hit.title), "  " + on_screen(where), "  " + _in_bold(hit.snippet))
    return "\n".join(lines) + "\n"


def _in_bold(marked: str) -> str:
    """A line of a hit, in which only search's own marks make anything bold."""
    start, end = ("\x1b[1;33m", "\x1b[0m") if sys.stdout.isatty() else ("【", "】")
    shown = {_MARKS[0]: start, _MARKS[1]: end}
    parts = re.split("([\ue000\ue001])", marked)
    return "".join(shown.get(part) or on_screen(part) for part in parts)


@command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status_command(settings: Settings, as_json: bool) -> None:
    """Say what the archive holds: articles by state, queue, accounts, pace.

    \b
    Examples:
      crawler status
      crawler status --json | jq .states
    """
    with settings.open_archive(read_only=True) as archive:
        seen = archive.overview(now=as_written(shanghai_now()))
        pace = {host: Gate.from_row(row) for host, row in archive.paces().items()}
    if as_json:
        print_json({**asdict(seen), "pace": {host: gate.to_row() for host, gate in pace.items()}})
        return
    print_table(f"{settings.db}: articles by state", ("state", "articles"), seen.states.items())
    print_table(
        f"{seen.account_count:,} accounts, the largest",
        ("account", "articles"),
        seen.accounts.items(),
    )
    if seen.months:
        first, last = next(iter(seen.months)), next(reversed(seen.months))
        note(f"by month, {first} to {last}:  {sparkline(seen.months)}")
    note(
        f"queue: {seen.ready:,} can be fetched now, {seen.waiting:,} later, {seen.needs_link:,} need a better link"
    )
    for host, gate in pace.items():
        note(f"pace of {host}: {pace_line(gate, time.time())}")


def pace_line(gate: Gate, now: float) -> str:
    """What the gate of one host says at `now` (epoch seconds)."""
    last = datetime.fromtimestamp(gate.started_at).astimezone().strftime("%Y-%m-%d %H:%M")
    asked = f"last request {last}, {gate.used:,} that day"
    if gate.closed_until <= now:
        return asked
    until = datetime.fromtimestamp(gate.closed_until).astimezone().strftime("%Y-%m-%d %H:%M")
    return f"{asked}; nothing is sent until {until}, because of {gate.why}"


@command("export")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option(
    "--local-images",
    is_flag=True,
    help="Link the pictures that the archive has, copied below FOLDER.",
)
@click.option(
    "--jsonl", is_flag=True, help="Print every article as one JSON object a line instead."
)
@click.option(
    "--warc",
    type=click.Path(path_type=Path),
    help="Write the stored pages to this WARC file instead.",
)
def export_command(
    settings: Settings, folder: Path | None, local_images: bool, jsonl: bool, warc: Path | None
) -> None:
    """Write one Markdown file for each article, in the layout of the seeds: YYYY/MM/DD/source_title.md.

    Files that are up to date are left alone. Cleaning what was exported changes nothing.

    \b
    Examples:
      crawler export articles/
      crawler export articles/ --local-images
      crawler export --jsonl > articles.jsonl
      crawler export --warc pages.warc.gz
    """
    if (folder is None) == (not jsonl and warc is None):
        raise click.UsageError("give FOLDER, or --jsonl, or --warc FILE")
    with settings.open_archive(read_only=True) as archive:
        if jsonl:
            for record in archive.records():
                print_json(asdict(record))
        if warc is not None:
            count = write_warc(
                warc, archive.snapshots(), software=f"wechat-article-archive {__version__}"
            )
            note(f"{count:,} pages in {warc}")
        if folder is not None:
            _export_files(archive, folder, local_images=local_images)


def _export_files(archive: Archive, folder: Path, *, local_images: bool) -> None:
    def localised(record: Record, path: Path) -> str:
        return archive.images.document_with_copies(record, base=path.parent, folder=folder)

    total = sum(1 for _ in archive.named())
    fresh = 0
    with progress_bar() as bar:
        task = bar.add_task("exporting", total=total)
        for exported in export(archive, folder, rewrite=localised if local_images else None):
            fresh += exported.written
            bar.advance(task)
    note(f"{total:,} articles below {folder}: {fresh:,} files written, the rest up to date")
