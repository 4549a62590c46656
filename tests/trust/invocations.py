"""Ways to call each command, read from the commands themselves: a new one joins by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.cli.commands import COMMANDS
from crawler.cli.group import cli
from tests.lookalikes import link

if TYPE_CHECKING:
    from collections.abc import Iterator

Words = tuple[str, ...]

ENDLESS = ("serve",)
"""Commands that only end when they are interrupted; `tests/browse` attacks that one."""

OF_NO_ARCHIVE = ("clean-parquet",)
"""Commands that never open the archive."""

CONFIG = """\
[fetch]
gateway = "http://127.0.0.1:9"
attempts = 1
interval = 0
jitter = 0
picture_interval = 0
"""
"""Settings with which nothing is sent anywhere."""


def invocations(name: str, given: str = "") -> Iterator[Words]:
    """Ways to call one command: bare, with arguments, and with each of its options.

    `given` stands for every word; else there are paths and links that fit.
    """
    command = cli.get_command(click.Context(cli), name)
    assert command is not None, name
    for path, one in _leaves((name,), command):
        yield from _calls(path, one, given)


def all_invocations(given: str = "") -> list[Words]:
    """Those of every command that ends."""
    names = [name for name in sorted(COMMANDS) if name not in ENDLESS]
    return [words for name in names for words in invocations(name, given)]


def invocations_on_archives() -> list[Words]:
    """Those of every command that opens an archive."""
    return [words for words in all_invocations() if words[0] not in OF_NO_ARCHIVE]


def _leaves(path: Words, command: click.Command) -> Iterator[tuple[Words, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in command.list_commands(click.Context(command)):
        inner = command.get_command(click.Context(command), name)
        assert inner is not None
        yield from _leaves((*path, name), inner)


def _calls(path: Words, command: click.Command, given: str) -> Iterator[Words]:
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    needed = tuple(_value(one, given) for one in arguments if one.required)
    yield (*path, *needed)
    for argument in arguments:
        if not argument.required:
            yield (*path, _value(argument, given))
    for option in command.params:
        if isinstance(option, click.Option) and "--help" not in option.opts:
            value = () if option.is_flag else (_value(option, given),)
            yield (*path, *needed, option.opts[-1], *value)


def _value(parameter: click.Parameter, given: str) -> str:
    if given:
        return given
    if isinstance(parameter.type, click.Path):
        return "new.md" if isinstance(parameter, click.Argument) else f"new-{parameter.name}"
    if isinstance(parameter.type, click.Choice):
        return str(parameter.type.choices[0])
    if isinstance(parameter.type, click.types.IntParamType):
        return "1"
    return link(1)
