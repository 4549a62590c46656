"""The commands that look after what is there.

Queue, promo, history, audit, images, index, serve.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import click

from crawler.archive.reading.history import compare
from crawler.browse import serve
from crawler.cli.group import Settings, cli, command
from crawler.cli.looking import record_of
from crawler.cli.printing import note, on_screen, print_json, print_table, progress_bar
from crawler.errors import InputError
from crawler.fetch.client import Fetcher
from crawler.flows.fetch import shanghai_now
from crawler.flows.pages import why_no_article
from crawler.flows.pictures import fetch_pictures
from crawler.flows.promotion import learn_account
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@command("promo")
@click.argument("account", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each block.")
def promo_command(settings: Settings, account: str | None, as_json: bool) -> None:
    """Show what an account repeats at the edges of its articles, with counts.

    Without ACCOUNT it lists the accounts. Blocks can be added, pinned and exempted in config.toml, section [promo].

    \b
    Examples:
      crawler promo
      crawler promo 中国信息安全
    """
    with settings.open_archive(read_only=True) as archive:
        accounts = archive.accounts_with_texts()
        if account is None:
            for name in accounts:
                click.echo(on_screen(name))
            return
        if account not in accounts:
            raise InputError(
                account,
                "has no article with a text in the archive",
                "list the accounts: crawler promo",
            )
        promo = learn_account(archive, account, settings.config.promo)
    for block in promo.blocks:
        if as_json:
            print_json(asdict(block))
        else:
            click.echo(
                on_screen(
                    f"{block.kind}  {block.count:>4}  {block.key[:12]}  {block.example[:120]}"
                )
            )
    note(f"{len(promo.blocks)} blocks, learned from {promo.total} articles of {account}")


@cli.group("queue")
def queue_group() -> None:
    """List, add, drop and retry what waits to be fetched.

    \b
    Examples:
      crawler queue list --limit 20
      crawler queue add https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler queue drop https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler queue retry
    """


@queue_group.command("list")
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="Entries at the most."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each entry.")
@click.pass_obj
def queue_list(settings: Settings, limit: int, as_json: bool) -> None:
    """List what waits, the newest articles first."""
    with settings.open_archive(read_only=True) as archive:
        entries = archive.queue.entries(limit=limit)
    for entry in entries:
        if as_json:
            print_json(asdict(entry))
        else:
            wait = (
                "needs a link"
                if entry.needs_link
                else f"from {entry.not_before}"
                if entry.not_before
                else "ready"
            )
            click.echo(
                on_screen(
                    f"{entry.date or '-':10}  {entry.state or '-':12}  {wait:12}  {entry.url}"
                )
            )


@queue_group.command("add")
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.pass_obj
def queue_add(settings: Settings, urls: tuple[str, ...]) -> None:
    """Add links; a better form of an article that waits takes the place of the one it has."""
    failed = False
    with settings.open_archive(create=True) as archive:
        for url in urls:
            try:
                entry = archive.queue.enqueue(url, why="added by hand")
            except InputError as error:
                note(f"error: {error}")
                failed = True
                continue
            click.echo(on_screen(f"{'needs a link' if entry.needs_link else 'ready'}  {entry.url}"))
    sys.exit(1 if failed else 0)


@queue_group.command("drop")
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.pass_obj
def queue_drop(settings: Settings, urls: tuple[str, ...]) -> None:
    """Take links off the queue."""
    with settings.open_archive() as archive:
        strange = [url for url in urls if not archive.queue.drop(url)]
    for url in strange:
        note(f"error: {url}: does not wait in the queue; list it with: crawler queue list")
    sys.exit(1 if strange else 0)


@queue_group.command("retry")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.pass_obj
def queue_retry(settings: Settings, urls: tuple[str, ...]) -> None:
    """Forget earlier attempts of these links, or of all, so that they can be fetched at once."""
    with settings.open_archive() as archive:
        count = sum(archive.queue.retry(url) for url in urls) if urls else archive.queue.retry()
    note(f"{count:,} entries may be fetched again: crawler fetch --queued")


@command("history")
@click.argument("article", metavar="URL-OR-ID")
@click.option(
    "--diff", "show_diff", is_flag=True, help="Show what changed from each body to the next."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object for each revision and event."
)
def history_command(settings: Settings, article: str, show_diff: bool, as_json: bool) -> None:
    """Show each body that an article ever had, and each look at its links.

    \b
    Examples:
      crawler history https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler history MzA5MzE5MDAzOA==:2664212556:5 --diff
    """
    with settings.open_archive(read_only=True) as archive:
        record = record_of(archive, article)
        revisions = archive.revisions(record.id)
        events = archive.events(record.id)
        bodies = [archive.revision_body(record.id, revision.body_hash) for revision in revisions]
    if as_json:
        for revision in revisions:
            print_json({"type": "revision", **asdict(revision)})
        for event in events:
            print_json({"type": "event", **asdict(event)})
        return
    print_table(
        f"{record.title or record.id}: looks",
        ("at", "state", "detail"),
        ((e.at, e.state, e.detail) for e in events),
    )
    print_table(
        "bodies",
        ("since", "characters", "hash"),
        ((r.at, r.characters, r.body_hash[:12]) for r in revisions),
    )
    if show_diff:
        for line in _differences(bodies):
            click.echo(_coloured(on_screen(line)))


def _differences(bodies: Sequence[str | None]) -> Iterator[str]:
    for number, (older, newer) in enumerate(pairwise(bodies), 1):
        yield from compare(
            older or "", newer or "", names=(f"body {number}", f"body {number + 1}"), context=1
        )


def _coloured(line: str) -> str:
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=colour) if colour else line


@command("audit")
@click.option("--fix", is_flag=True, help="Repair what is safe to repair, and queue the rest.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each finding.")
def audit_command(settings: Settings, fix: bool, as_json: bool) -> None:
    """Check the archive, and say what is wrong with which row; exit code 1 if anything stands.

    \b
    Examples:
      crawler audit
      crawler audit --fix
    """
    standing = 0
    with settings.open_archive(read_only=not fix) as archive:
        for finding in archive.audit(
            today=as_written(shanghai_now())[:10], judge=why_no_article, fix=fix
        ):
            standing += not finding.fixed
            if as_json:
                print_json(asdict(finding))
            else:
                done = "repaired" if finding.fixed else finding.advice
                click.echo(on_screen(f"{finding.check}  {finding.subject}  {finding.what}  {done}"))
    note("all is well" if not standing else f"{standing:,} findings stand")
    sys.exit(1 if standing else 0)


@command("images")
@click.argument("article", metavar="[URL-OR-ID]", required=False)
@click.option(
    "--limit", type=click.IntRange(1), default=None, help="Pictures at the most in this run."
)
@click.option("--again", is_flag=True, help="Ask again for pictures that did not come.")
def images_command(settings: Settings, article: str | None, limit: int | None, again: bool) -> None:
    """Fetch the pictures of one article, or of all, the newest first; each is kept once, by its content.

    \b
    Examples:
      crawler images --limit 500
      crawler images https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
    """
    with (
        settings.open_archive() as archive,
        Fetcher(settings.config.fetch, exchange=archive.exchange_pace) as fetcher,
        progress_bar() as bar,
    ):
        wanted = list(
            islice(
                archive.images.wanted(article and record_of(archive, article).id, again=again),
                limit,
            )
        )
        task = bar.add_task("pictures", total=len(wanted))
        counts: Counter[str] = Counter()
        for _, state in fetch_pictures(wanted, archive, fetcher):
            counts[state] += 1
            bar.advance(task)
    print_table(f"{len(wanted):,} pictures", ("what came", "pictures"), counts.most_common())


@command("index")
@click.option("--rebuild", is_flag=True, help="Build the full-text index anew.")
def index_command(settings: Settings, rebuild: bool) -> None:
    """Check the full-text index, or build it anew.

    \b
    Examples:
      crawler index
      crawler index --rebuild
    """
    with settings.open_archive() as archive:
        count = (
            archive.rebuild_index(settings.config.search.ngram) if rebuild else archive.indexed()
        )
    note(f"{count:,} articles are in the index")


@command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="0 takes any free one.",
)
def serve_command(settings: Settings, host: str, port: int) -> None:
    """Browse the archive in Datasette, read-only.

    \b
    Examples:
      crawler serve
      crawler serve --port 8080
    """
    serve(settings.db, host, port, ready=lambda address: note(f"open {address} (Ctrl-C ends it)"))
