"""What is typed: links, keys, names, words to search for, numbers."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.characters import has_halves, without_halves

if TYPE_CHECKING:
    from click import Context, Parameter


class Text(click.types.StringParamType):
    """An argument that must be text: bytes that are no UTF-8 are a mistake in usage."""

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> str:
        """The value itself. Fails where it holds what stands for bytes that are no UTF-8."""
        text = str(value)
        if not has_halves(text):
            return text
        try:  # in a locale that knows ASCII alone, Python takes UTF-8 for strange bytes as well
            return os.fsencode(text).decode("utf-8")
        except UnicodeError:
            shown = without_halves(text)
            self.fail(f"{shown!r} is no text: its bytes are not UTF-8", param, ctx)


class NamedPath(click.Path):
    """A path that somebody meant: an empty one is a variable of the shell's that is not set."""

    def __init__(self, **options: Any) -> None:
        super().__init__(path_type=Path, **options)

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        """The path. Fails where it is empty, which would be the folder at hand."""
        if not os.fspath(value):
            self.fail("is empty; is a variable of the shell not set?", param, ctx)
        return super().convert(value, param, ctx)


class Number(click.FloatRange):
    """A number within bounds, of which "nan" is none: it is neither below nor above them."""

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        """The number. Fails where it is none."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is no number", param, ctx)
        return number


TEXT = Text()
PATH = NamedPath()
FILE = NamedPath(dir_okay=False)
AT_MOST = click.IntRange(1, (1 << 63) - 1)
"""How many of something, at the most; the database counts no further."""

list_option = click.option(
    "-f",
    "--file",
    "list_file",
    type=PATH,
    help="A list of any kind: text, Markdown, CSV, XLSX, JSON, bookmarks; - is stdin.",
)
"""The option of the commands that take a list."""
