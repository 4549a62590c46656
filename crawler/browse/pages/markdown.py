"""An article's document, as `crawler show` prints it, to be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from datasette import Response  # type: ignore[import-untyped]

from crawler.archive.files import file_name, plain_name
from crawler.browse.visit import Page
from crawler.fields import harmless
from crawler.marks import with_cut_mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.browse.visit import Visit

_DOCUMENT = """
    SELECT id, source, title, date, state, front_matter || body AS document FROM articles
    WHERE id = :id AND body <> ''
"""


async def _markdown(visit: Visit) -> Response:
    key = visit.named("key")
    found = await visit.archive.execute(_DOCUMENT, {"id": key})
    row = found.first()
    if row is None:
        return await visit.page("missing.html", {"key": key}, status=404)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{_file_name(row)}"}
    document = harmless(with_cut_mark(row["document"], row["state"]))  # else to the letter
    return Response(document, headers=headers, content_type="text/markdown; charset=utf-8")


def _file_name(row: Mapping[str, str]) -> str:
    """The name that `crawler export` gives it, as a header can say it."""
    stem = plain_name(row["source"], row["title"])
    return quote(file_name(stem, row["id"], shared=False), safe="")


MARKDOWN_PAGE = Page("markdown", r"/(?P<key>[^/]+)", _markdown)
