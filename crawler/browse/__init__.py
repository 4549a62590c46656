"""An archive as one likes to browse it.

Datasette, read-only, with a front page, search with facets, and a reader.

Datasette and what the reader needs are the optional extra `browse`; this module imports without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.browse.clients import bookmarklet, extension_folder
from crawler.browse.door import Door
from crawler.errors import ArchiveError, extra_missing
from crawler.inputs import is_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from datasette.app import Datasette  # type: ignore[import-untyped]

__all__ = ["Door", "bookmarklet", "datasette_app", "extension_folder", "serve"]


def datasette_app(
    path: Path, clock: Callable[[], str] | None = None, *, has_door: bool = False
) -> Datasette:
    """Datasette on one archive, opened read-only, with our pages.

    With a clock, which gives the moment as the archive writes it, a reader may add stars, tags and
    notes. `has_door`: with the page that tells how a browser brings pages in.

    Raises ConfigError where the extra is not installed, ArchiveError where there is no such file.
    """
    if not is_file(path):
        raise ArchiveError(str(path), "no such archive", "make one with: crawler reclean")
    try:
        from crawler.browse.server import build_app  # noqa: PLC0415 -- it needs the extra
    except ModuleNotFoundError as error:
        raise extra_missing("crawler serve", error, "browse") from None
    return build_app(path, clock, has_door=has_door)


def serve(  # noqa: PLR0913  (how a server is started)
    path: Path,
    host: str = "127.0.0.1",
    port: int = 8001,
    *,
    clock: Callable[[], str] | None = None,
    ready: Callable[[str], None] = lambda _: None,
    door: Door | None = None,
    names: Collection[str] = (),
) -> None:
    """Serve an archive until the process is interrupted.

    `ready` is told the address once it can be opened. `door` takes pages in that a reader's own
    browser shows. `names` are those by which others ask for it, as behind a proxy.

    `clock` is that of `datasette_app`. Port 0 takes any free one. Raises as `datasette_app`, and
    ConfigError where nothing can listen there, or where others than this machine could write.
    """
    app = datasette_app(path, clock, has_door=door is not None)
    from crawler.browse.server import run  # noqa: PLC0415 -- it needs the extra

    run(app, host, port, ready=ready, door=door, names=names)
