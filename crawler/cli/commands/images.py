"""The pictures of articles."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from crawler.cli.finding import record_of
from crawler.cli.printing import print_table, progress_bar
from crawler.cli.web import manners_of
from crawler.cli.words import AT_MOST, TEXT
from crawler.fetch import Fetcher
from crawler.flows import fetch_pictures
from crawler.telling import counted

if TYPE_CHECKING:
    from crawler.cli.group import Settings


@click.command("images")
@click.argument("article", type=TEXT, metavar="[URL-OR-ID]", required=False)
@click.option("--limit", type=AT_MOST, default=None, help="Pictures at the most in this run.")
@click.option(
    "--again", is_flag=True, help="Ask again for pictures that did not come, or are gone."
)
@click.pass_obj
def images_command(settings: Settings, article: str | None, limit: int | None, again: bool) -> None:
    """Fetch the pictures of one article, or of all, the newest first.

    Each is kept once, by its content.

    \b
    Examples:
      crawler images --limit 500
      crawler images https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
    """
    config = settings.to_fetch()
    with (
        ExitStack() as bar_is_gone,
        settings.open_archive() as archive,
        Fetcher(config, **manners_of(archive)) as fetcher,
        progress_bar() as bar,
    ):
        named = [record_of(archive, article).id] if article else []
        # all of them, for so each knows which other articles show it
        wanted = list(archive.images.wanted(*named, again=again))[:limit]
        task = bar.add_task("pictures", total=len(wanted))
        counts: Counter[str] = Counter()
        # however the run ends, once the bar is gone
        bar_is_gone.callback(_say_what_came, len(wanted), counts)
        for _, state in fetch_pictures(wanted, archive, fetcher):
            counts[state] += 1
            bar.advance(task)


def _say_what_came(wanted: int, counts: Counter[str]) -> None:
    print_table(counted(wanted, "picture"), ("what came", "pictures"), counts.most_common())
