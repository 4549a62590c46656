"""The options by which articles are chosen: the same ones for a list and for a search."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from crawler.archive.search import Filter, is_day
from crawler.article import Kind, State
from crawler.cli.words import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from click import Context, Parameter


class Day(click.types.StringParamType):
    """A day, a month or a year."""

    name = "date"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> str:
        """The value itself. Fails where it is none of YYYY-MM-DD, YYYY-MM and YYYY."""
        if value and not is_day(str(value)):
            self.fail(f"{value!r} is no date; write 2024-03-05, 2024-03 or 2024", param, ctx)
        return str(value)


ACCOUNT_AND_DAYS = (
    click.option("--account", type=TEXT, default="", help="Of this account: name, WeChat ID, biz."),
    click.option("--since", type=Day(), default="", help="Published on this day, or later."),
    click.option("--until", type=Day(), default="", help="Published on this day, or before."),
)
KIND = click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in Kind]),
    help="Of this kind; may be given again.",
)
_OPTIONS = (
    *ACCOUNT_AND_DAYS,
    click.option(
        "--state",
        "states",
        multiple=True,
        type=click.Choice([state.value for state in State]),
        metavar="STATE",
        help="In this state, such as ok or deleted; may be given again.",
    ),
    KIND,
)


def filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options, and what they choose as its argument `chosen`."""

    @wraps(command)
    def choosing(*arguments: Any, account: str, since: str, until: str, **others: Any) -> None:
        chosen = Filter(
            account=account,
            since=since,
            until=until,
            states=others.pop("states"),
            kinds=others.pop("kinds"),
        )
        command(*arguments, chosen=chosen, **others)

    wrapped: Callable[..., None] = choosing
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped
