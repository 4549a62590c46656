"""Our pages in Datasette: their routes, the filters of their templates, their policy."""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from datasette import Response, hookimpl  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from crawler.archive.database import MAX_VALUE, is_damage, named, take_back
from crawler.browse.bounds import MOST_GIVEN, Rows
from crawler.browse.mended import MendedLoader, folded_link, title_first
from crawler.browse.pages import PAGES
from crawler.browse.pages.own import OWN_PAGE
from crawler.browse.policy import guarded
from crawler.browse.visit import PLACE, PLUGIN, Page, Visit
from crawler.browse.words import language_of
from crawler.characters import HIT
from crawler.errors import InputError
from crawler.fields import harmless

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette  # type: ignore[import-untyped]
    from datasette.utils.asgi import Request  # type: ignore[import-untyped]
    from jinja2 import Environment

    from crawler.archive.database import Place

    Route = tuple[str, Callable[..., Awaitable[Response]]]


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Datasette) -> list[Route]:
    """Our pages and pictures, in a Datasette that `server` made; none in any other."""
    if not datasette.plugin_config(PLUGIN):
        return []
    return [_route(page) for page in PAGES]


def _route(page: Page) -> Route:
    """A page as Datasette knows one, which gives by name what a view takes."""

    async def shown(request: Request, datasette: Datasette) -> Response:
        return await page.view(Visit(request, datasette))

    return page.pattern, shown


@hookimpl  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection, datasette: Datasette) -> None:
    """Let no visitor's SQL make a value that is longer than any of an archive, nor too many."""
    if datasette.plugin_config(PLUGIN):
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        conn.setlimit(sqlite3.SQLITE_LIMIT_FUNCTION_ARG, MOST_GIVEN)
        conn.row_factory = Rows()


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give our templates their filters, and mend Datasette's."""
    env.filters["mark"] = mark
    env.filters["language"] = language_of
    env.filters["title_first"] = title_first
    if datasette.plugin_config(PLUGIN) and env.loader:
        env.loader = MendedLoader(env.loader)
        env.finalize = shown


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: object, table: str | None, datasette: Datasette) -> Markup | None:
    """Fold long links in Datasette's tables; the rest it shows itself.

    But for bytes that SQL gives: each would be a link with all of that SQL.
    """
    if not datasette.plugin_config(PLUGIN):
        return None
    if isinstance(value, bytes) and table is None:
        return Markup("&lt;Binary:&nbsp;{:,}&nbsp;bytes&gt;").format(len(value))
    return folded_link(value)


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Awaitable[Response]] | None:
    """Say what to do where the archive is damaged, or too much is asked; else Datasette does."""
    if datasette.plugin_config(PLUGIN) and isinstance(exception, MemoryError):
        return _too_much
    cause = _of_sqlite(exception)
    if not datasette.plugin_config(PLUGIN) or cause is None or not is_damage(cause):
        return None

    async def told() -> Response:
        if request.path.endswith(".json"):
            words = str(named(cause, "the archive"))
            return Response.json({"ok": False, "status": 500, "error": words}, status=500)
        return await Visit(request, datasette).page("damaged.html", {}, status=500)

    return told


async def _too_much() -> Response:
    return Response.json({"ok": False, "status": 400, "error": _TOO_MUCH}, status=400)


_TOO_MUCH = "This takes more memory than may be taken at once: ask for less"


def _of_sqlite(error: BaseException | None) -> sqlite3.Error | None:
    """What SQLite raised, where Datasette raised its own words for it."""
    while error is not None and not isinstance(error, sqlite3.Error):
        error = error.__cause__ or error.__context__
    return error


@hookimpl  # type: ignore[untyped-decorator]
def skip_csrf(datasette: Datasette, scope: dict[str, Any]) -> bool:
    """Our form has a token of our own, which is asked for without a cookie too."""
    return bool(datasette.plugin_config(PLUGIN)) and _takes_forms(scope["path"])


def _takes_forms(path: str) -> bool:
    return path.startswith(f"/{OWN_PAGE.name}/")


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Give every page its policy."""
    if not datasette.plugin_config(PLUGIN):
        return lambda app: app

    def is_kept() -> bool:
        place: Place = getattr(datasette, PLACE)  # which is told after this is asked for
        if not place.is_kept():
            return False
        with suppress(InputError):  # whoever reads next is told
            take_back(place.path)  # what a run was at that was killed, or no page could be read
        return True

    return lambda app: guarded(app, is_ours=_is_ours, takes_forms=_takes_forms, is_kept=is_kept)


def _is_ours(path: str) -> bool:
    """Whether a path leads to a page of ours; an archive's tables may stand under such a name."""
    return any(re.match(page.pattern, path) for page in PAGES)


def shown(value: object) -> object:
    """What a template writes, ours or Datasette's, as a page may hold it: whoever wrote it."""
    if isinstance(value, Markup):
        return Markup(harmless(value))  # noqa: S704  (less of what it was)
    return harmless(value) if isinstance(value, str) else value


def mark(text: str) -> Markup:
    """Escaped text, with its hits in <mark>."""
    return escape(text).replace(HIT[0], Markup("<mark>")).replace(HIT[1], Markup("</mark>"))
