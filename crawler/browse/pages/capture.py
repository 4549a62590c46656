"""How a browser brings pages in, where the archive is served so that it may.

The page does not know the token, for whoever reaches it on this machine could read it there; the
link that `crawler capture` shows carries it behind `#`, which no browser sends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette import Response  # type: ignore[import-untyped]

from crawler.browse.clients import bookmarklet, extension_folder
from crawler.browse.visit import Page

if TYPE_CHECKING:
    from crawler.browse.visit import Visit


async def _capture(visit: Visit) -> Response:
    if not visit.has_door:
        return Response.text("This archive takes nothing in: crawler serve --capture", status=404)
    host = visit.request.headers.get("host", "")
    port = host.rpartition(":")[2]
    context = {
        "bookmarklet": bookmarklet(f"http://127.0.0.1:{port}", "TOKEN"),
        "extension": str(extension_folder()),
        "port": port,
    }
    return await visit.page("capture.html", context)


CAPTURE_PAGE = Page("capture", "", _capture)
