"""Articles by account, date, state and kind."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crawler.archive.reading import SORTS
from crawler.cli.choosing import filter_options
from crawler.cli.printing import note, on_screen, print_json, print_line
from crawler.cli.words import AT_MOST
from crawler.telling import counted, quoted

if TYPE_CHECKING:
    from crawler.archive.reading import Listed
    from crawler.archive.search import Filter
    from crawler.cli.group import Settings


@click.command("list")
@filter_options
@click.option(
    "--sort", type=click.Choice(list(SORTS)), default="date", show_default=True, help="What first."
)
@click.option("--limit", type=AT_MOST, default=20, show_default=True, help="Articles at the most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each article.")
@click.pass_obj
def list_command(settings: Settings, chosen: Filter, sort: str, limit: int, as_json: bool) -> None:
    """List articles: date, state, account, title, and the id that other commands take.

    \b
    Examples:
      crawler list --account 临港日志 --since 2024
      crawler list --state deleted --state violation --sort account
      crawler list --kind gallery --limit 100 --json
    """
    with settings.open_archive(read_only=True) as archive:
        found = archive.listed(chosen, sort=sort, limit=limit)
        total = archive.count(chosen)
    for article in found:
        if as_json:
            print_json(asdict(article))
        else:
            print_line(_line_of(article))
    if not as_json and total > len(found):
        note(f"{len(found):,} of {counted(total, 'article')}; --limit shows more")
    elif not total:
        note("no article is like that; see what there is with: crawler status")


def _line_of(article: Listed) -> str:
    what = f"{article.date or '-':10}  {article.state:12}  {article.account}  {article.title}"
    return f"{on_screen(what)}\n  {on_screen(quoted(article.id))}\n"
