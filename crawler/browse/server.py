"""Datasette with our metadata, templates and pages, and the server that runs it."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import uvicorn
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.plugins import pm  # type: ignore[import-untyped]
from datasette.utils.sqlite import sqlite3  # type: ignore[import-untyped]

from crawler.archive.database import Place, stands_still
from crawler.browse import plugin, site
from crawler.browse.bounds import Connection, bound_functions, bound_heap
from crawler.browse.cells import BROKE_OFF
from crawler.browse.desk import Desk
from crawler.browse.paging import page_in_order
from crawler.browse.policy import LOOPBACK, known_by_name
from crawler.browse.selection import FACETS
from crawler.browse.visit import DESK, PLACE, PLUGIN, TITLE
from crawler.errors import ConfigError
from crawler.inputs import uri_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from crawler.browse.door import Door

_HERE = Path(__file__).resolve().parent
_SETTINGS = {
    # our own facets over hundreds of thousands of articles; nobody else asks
    "sql_time_limit_ms": 10_000,
    "facet_time_limit_ms": 1_000,
    "truncate_cells_html": 200,
    "default_page_size": 50,
    "allow_download": False,
    "suggest_facets": False,  # it would look through every column of every article
}
_GRACE = 5  # seconds after Ctrl-C for what is being answered; a body may never come to its end
_HIDDEN = ("articles_fts", "search_index", "search_pending")


def build_app(
    path: Path, clock: Callable[[], str] | None = None, *, has_door: bool = False
) -> Datasette:
    """Datasette on one archive, opened read-only, with our pages.

    With a clock a reader may write stars, tags and notes, through a connection of its own.
    """
    _keep_quiet()
    desk = Desk(path=path, clock=clock) if clock else None
    for module in (plugin, site):
        if not pm.is_registered(module):
            pm.register(module)
    place = Place(path, unchanging=stands_still(path))
    files, unchanging = [str(path)], []
    if place.unchanging:
        files, unchanging = [], files
    app = Datasette(
        files,
        immutables=unchanging,
        metadata=_metadata(path.stem, has_door=has_door),
        settings=_SETTINGS,
        template_dir=str(_HERE / "templates"),
        static_mounts=[("archive-static", str(_HERE / "static"))],
    )
    for database in app.databases.values():
        if database.path:
            database.connect = partial(_connect, database)
            page_in_order(database)
    setattr(app, DESK, desk)
    setattr(app, PLACE, place)
    return app


def _connect(database: Any, **_: bool) -> Any:
    """A connection that only reads, to just this file.

    Datasette writes its path into an address as it stands: of `C#/archive.db` it opened `C`, which
    SQLite makes where it is not there.
    """
    how = "mode=ro" if database.is_mutable else "immutable=1"
    address = f"{uri_of(database.path)}?{how}"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False, factory=Connection)
    both = connection, bound_functions(connection)
    database._all_file_connections.extend(both)  # noqa: SLF001  (which it closes)
    return connection


def _keep_quiet() -> None:
    """Datasette prints what fails to the terminal; whoever asks sees it on the page.

    Where `rich` is installed each wrong request is printed with all that its functions held: a
    second's work. And SQLite's words quote the visitor's, escape sequences too.
    """
    silent = SimpleNamespace(print_exc=lambda: None)
    vars(import_module("datasette.handle_exception")).update(rich=None, traceback=silent)
    nowhere = SimpleNamespace(write=lambda _: None, flush=lambda: None)
    vars(import_module("datasette.database"))["sys"] = SimpleNamespace(stderr=nowhere)
    csv = SimpleNamespace(write=lambda _: BROKE_OFF.set(True), flush=lambda: None)
    vars(import_module("datasette.views.base"))["sys"] = SimpleNamespace(stderr=csv)
    sqlite3.enable_callback_tracebacks(False)  # noqa: FBT003  (it takes no name)


# the key, too: the head of its column is a link, whatever is named here
_SORTABLE = ("id", "date", "published_at", "fetch_date", "characters", "image_count")


def _metadata(database: str, *, has_door: bool) -> dict[str, Any]:
    tables: dict[str, Any] = {name: {"hidden": True} for name in _HIDDEN}
    tables["articles"] = {
        "sort_desc": "date",
        "facets": [name for name in FACETS if name != "year"],
        "label_column": "title",
        "sortable_columns": _SORTABLE,
    }
    return {
        "title": TITLE,
        "plugins": {PLUGIN: {"database": database, "has_door": has_door}},
        "databases": {database: {"tables": tables}},
    }


def run(  # noqa: PLR0913  (as `serve`)
    app: Datasette,
    host: str,
    port: int,
    *,
    ready: Callable[[str], None],
    door: Door | None,
    names: Collection[str],
) -> None:
    """Serve until interrupted; `door` takes what comes to it, and finishes that in the end.

    Raises ConfigError where nothing can listen at that host and port, and where others than this
    machine could write.
    """
    bound_heap()
    desk: Desk | None = getattr(app, DESK)
    if desk or door:
        _check_alone(host, *names)
    if desk:
        desk.prepare()
    answering = _started(app)
    if door:
        answering = door.before(answering)
    config = uvicorn.Config(
        known_by_name(answering, host, names),
        host=host,
        port=port,
        ws="none",  # with a library for sockets they would come past all that is asked of requests
        log_level="critical",
        lifespan="on",
        workers=1,
        timeout_graceful_shutdown=_GRACE,
    )
    listener = _listener(config)
    with listener:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{listener.getsockname()[1]}/")
        try:
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            if door:
                door.close()


def _check_alone(*hosts: str) -> None:
    for host in hosts:
        if host not in LOOPBACK:
            what = f"would let whoever reaches {host} write into the archive"
            remedy = "leave out --host and --name, or --write and --capture"
            raise ConfigError("crawler serve", what, remedy)


def _listener(config: uvicorn.Config) -> Any:
    refusal = ConfigError(
        "crawler serve", f"cannot listen at {config.host}:{config.port}", "choose another --port"
    )
    try:
        listener = config.bind_socket()
    except SystemExit:  # uvicorn's way to say so
        raise refusal from None
    try:
        listener.listen()  # where another program listens already, this may be what fails
    except OSError:
        listener.close()
        raise refusal from None
    return listener


def _started(app: Datasette) -> Any:
    asyncio.run(app.invoke_startup())
    return app.app()
