"""Datasette's own pages, mended where they stand: their templates, changed as they are loaded.

What axe-core finds on them is little (no language, no main part, fields without a name, levels of
headings left out), and a copy of each template would have to follow Datasette's. So a mend is a
row: in which template, what stands there, and what shall. Where a later Datasette says it another
way nothing is changed; a test says so then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from jinja2 import BaseLoader
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jinja2 import Environment

    Source = tuple[str, str | None, Callable[[], bool] | None]


class Mend(NamedTuple):
    """A part of a template of Datasette's, and what stands in its place."""

    template: str
    before: str
    after: str


_CSS = '<link rel="stylesheet" href="{{ urls.path(\'/archive-static/tables.css\') }}">\n'
MENDS = (
    Mend("base.html", "<html>", '<html lang="en">'),
    Mend("base.html", '<section class="content">', '<section class="content" role="main">'),
    Mend("base.html", "</head>", _CSS + "</head>"),
    Mend("table.html", "<h3>", "<h2>"),
    Mend("table.html", "</h3>", "</h2>"),
    Mend("table.html", 'name="_filter_column', 'aria-label="Column" name="_filter_column'),
    Mend("table.html", 'name="_filter_op', 'aria-label="Comparison" name="_filter_op'),
    Mend("table.html", 'name="_filter_value', 'aria-label="Value" name="_filter_value'),
    Mend("table.html", 'name="_sort"', 'aria-label="Sort" name="_sort"'),
    Mend("table.html", "in display_columns -%}", "in display_columns|title_first -%}"),
    Mend("row.html", "in columns %}", "in columns|title_first %}"),
    Mend("_table.html", "in display_columns %}", "in display_columns|title_first %}"),
    Mend("_table.html", "in row %}", "in row|title_first %}"),
    Mend("_table.html", '<div class="table-wrapper"', '<div tabindex="0" class="table-wrapper"'),
    Mend("query.html", "<h3>", "<h2>"),
    Mend("query.html", "</h3>", "</h2>"),
    Mend("query.html", 'id="sql-editor"', 'aria-label="SQL" id="sql-editor"'),
    Mend("query.html", '<div class="table-wrapper"', '<div tabindex="0" class="table-wrapper"'),
    Mend("database.html", "<h3>Custom SQL query</h3>", "<h2>Custom SQL query</h2>"),
    Mend("database.html", 'id="sql-editor"', 'aria-label="SQL" id="sql-editor"'),
    Mend(
        "_codemirror_foot.html",
        "cmResize(editor",
        'editor.getInputField().setAttribute("aria-label", "SQL");\n        cmResize(editor',
    ),
)

_FIRST = ("title", "date")
"""Columns with which a table of rows begins: a person knows an article by them, not by its key."""

_LONG = 48  # characters of a link that are shown at once
_LONGEST = 8_192  # of one at all
# any other host is composed to be looked at, which takes the square of its marks
_HOST = re.compile(r"https?://[a-z0-9.:-]{1,260}+(?=[/?#]|\Z)", re.IGNORECASE | re.ASCII)


class MendedLoader(BaseLoader):
    """The templates of another loader, with the mends made."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> Source:
        """As jinja2 asks for it."""
        text, name, is_current = self._loader.get_source(environment, template)
        return mended(template, text), name, is_current

    def list_templates(self) -> list[str]:
        """As jinja2 asks for it."""
        return self._loader.list_templates()


def mended(template: str, text: str) -> str:
    """A template's text with its mends made."""
    for mend in MENDS:
        if mend.template == template:
            text = text.replace(mend.before, mend.after)
    return text


def title_first(items: Iterable[Any]) -> list[Any]:
    """Columns, or the cells of a row, with title and date before all others."""

    def place(item: Any) -> int:
        name = item if isinstance(item, str) else item.get("name", item.get("column"))
        return _FIRST.index(name) if name in _FIRST else len(_FIRST)

    return sorted(items, key=place)


def folded_link(value: object) -> Markup | None:
    """A long address as a link with its host and its end; None for all else."""
    if not isinstance(value, str) or not _LONG < len(value) <= _LONGEST or not _HOST.match(value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or value.split() != [value]:
        return None
    if "@" in parts.netloc or "\\" in value:  # a browser ends a host at a backslash
        return None
    shown = f"{parts.hostname}/…{value[-12:]}"
    return Markup('<a href="{}" title="{}" rel="noopener noreferrer nofollow">{}</a>').format(
        value, value, shown
    )
