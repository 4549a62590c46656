"""References to articles, with the day of the archived copy and its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.cli.finding import record_of
from crawler.cli.printing import document_on_screen
from crawler.cli.words import TEXT
from crawler.flows import work_of
from crawler.formats import STYLES

if TYPE_CHECKING:
    from crawler.cli.group import Settings


@click.command("cite")
@click.argument("articles", type=TEXT, nargs=-1, required=True, metavar="URL-OR-ID...")
@click.option(
    "--as",
    "style",
    type=click.Choice(list(STYLES)),
    default="gbt7714",
    show_default=True,
    help="A line of GB/T 7714-2015, entries of BibTeX, or CSL-JSON.",
)
@click.pass_obj
def cite_command(settings: Settings, articles: tuple[str, ...], style: str) -> None:
    """Print references to articles, with archive date and hash.

    Each says when the copy was archived, and the SHA-256 of the text that the archive has, by which
    anybody can tell that a text is the one that was cited.

    \b
    Examples:
      crawler cite https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler cite MzA5MzE5MDAzOA==:2664212556:5 --as bibtex >> references.bib
      crawler cite MzA5MzE5MDAzOA==:2664212556:5 --as csl > references.json
    """
    with settings.open_archive(read_only=True) as archive:
        works = [work_of(record_of(archive, article)) for article in articles]
    click.echo(document_on_screen(STYLES[style](works)))
