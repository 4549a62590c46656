"""Articles by their words."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crawler.characters import HIT
from crawler.cli.choosing import filter_options
from crawler.cli.printing import has_colour, note, on_screen, print_json, print_line
from crawler.cli.words import AT_MOST, TEXT
from crawler.telling import quoted

if TYPE_CHECKING:
    from crawler.archive.search import Filter, Hit
    from crawler.cli.group import Settings


class _Words(click.Command):
    """A command whose words may begin with a dash, as -x does; an option misspelt is none."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take what begins with one dash and is no option for a word."""
        known = {name for option in self.params for name in option.opts}
        long = {arg.partition("=")[0] for arg in args if arg.startswith("--")}
        ctx.ignore_unknown_options = long <= {*known, *ctx.help_option_names, "--"}
        return super().parse_args(ctx, args)


@click.command("search", cls=_Words)
@click.argument("words", type=TEXT, nargs=-1, required=True)
@click.option("--limit", type=AT_MOST, default=20, show_default=True, help="Hits at the most.")
@filter_options
@click.option("--all", "shells", is_flag=True, help="Also articles without a text, last.")
@click.option("--no-fold", is_flag=True, help="Each of the articles that have the same text.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each hit.")
@click.pass_obj
def search_command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    settings: Settings,
    words: tuple[str, ...],
    chosen: Filter,
    limit: int,
    shells: bool,
    no_fold: bool,
    as_json: bool,
) -> None:
    """Find articles by their words, best first.

    Articles of which the archive has no text are counted, and shown with --all. Of articles with
    the same text, or nearly, whichever account they are of, the best hit is shown, with the number
    of the others. Traditional and simplified characters are one.

    Words may be Chinese of any length, English, or both; AND, OR, NOT, "quotes" and title: work as
    in SQLite. The same from the CLI of sqlite-utils: sqlite-utils search archive.db articles WORDS

    \b
    Examples:
      crawler search 诈骗
      crawler search 'Apache 日志'
      crawler search 'title: 漏洞 NOT 预警' --limit 5
      crawler search -x C++ -- --help
      crawler search 渡轮 --account 临港日志 --since 2024-03 --until 2024-06
    """
    query = " ".join(words)
    # what others changed is indexed on opening, where that may be
    with settings.open_to_read() as archive:
        marks = ("", "") if as_json else HIT
        hits = archive.search(
            query, limit=limit, shells=shells, fold=not no_fold, chosen=chosen, marks=marks
        )
        left_out = archive.count_shells(query, chosen=chosen)
    for hit in hits:
        if as_json:
            print_json(asdict(hit))
        else:
            print_line(_on_screen(hit))
    if left_out.number and not shells:
        at_least = "" if left_out.are_all else "at least "
        note(f"without a text: {at_least}{left_out.number:,} more, which --all shows")
    elif not hits:
        note(f"nothing found for {query}")


def _on_screen(hit: Hit) -> str:
    """Title, where and when, id and link ready for a shell, the words in their place."""
    where = "  ".join(part for part in (hit.date, hit.account, hit.state) if part)
    names = "  ".join(quoted(name) for name in (hit.id, hit.url) if name)
    lines = (
        _in_bold(hit.title),
        "  " + on_screen(where),
        "  " + on_screen(names),
        "  " + _in_bold(hit.snippet),
        *([f"  and {hit.more:,} more with this text"] if hit.more else ()),
    )
    return "\n".join(lines) + "\n"


def _in_bold(marked: str) -> str:
    """A line of a hit, in which only search's own marks make anything bold."""
    start, end = ("\x1b[1;33m", "\x1b[0m") if has_colour() else ("【", "】")
    shown = {HIT[0]: start, HIT[1]: end}
    parts = re.split(f"([{''.join(HIT)}])", marked)
    return "".join(shown.get(part) or on_screen(part) for part in parts)
