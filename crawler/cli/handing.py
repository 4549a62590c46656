"""The options by which articles are chosen to be handed on: those of a list, a search, or ids."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from crawler.archive.search import Filter
from crawler.article import State
from crawler.cli.choosing import ACCOUNT_AND_DAYS, KIND
from crawler.cli.words import AT_MOST, TEXT
from crawler.flows import ALL, Choice

if TYPE_CHECKING:
    from collections.abc import Callable

_OPTIONS = (
    *ACCOUNT_AND_DAYS,
    click.option(
        "--state",
        "states",
        multiple=True,
        type=click.Choice([*(state.value for state in State), "all"]),
        metavar="STATE",
        help="In this state, such as deleted, or all; may be given again; ok if none is.",
    ),
    KIND,
    click.option("--search", "words", type=TEXT, default="", help="That hold these words."),
    click.option(
        "--id", "ids", type=TEXT, multiple=True, help="This one, by id or link; may be given again."
    ),
    click.option("--limit", type=AT_MOST, default=ALL, help="Articles at the most."),
)
_FILTER = ("account", "since", "until", "kinds")


def choice_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options, and what they choose as its argument `choice`.

    Beside it `states` is what was said of states. Where nothing was, and no article is named, those
    in state ok are meant.
    """

    @wraps(command)
    def choosing(*arguments: Any, states: tuple[str, ...], **others: Any) -> None:
        told = {name: others.pop(name) for name in _FILTER}
        ids = others.pop("ids")
        chosen = Filter(**told, states=_meant(states, ids))
        choice = Choice(
            ids=ids, words=others.pop("words"), chosen=chosen, limit=others.pop("limit")
        )
        command(*arguments, choice=choice, states=states, **others)

    wrapped: Callable[..., None] = choosing
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def is_told(choice: Choice) -> bool:
    """Whether a choice says more than states."""
    return choice != Choice(chosen=Filter(states=choice.chosen.states))


def _meant(states: tuple[str, ...], ids: tuple[str, ...]) -> tuple[str, ...]:
    if "all" in states or ids:
        return ()
    return states or (State.OK.value,)
