"""A reader's stars, tags and notes of an article: what is there, and the forms that change it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from datasette import Response  # type: ignore[import-untyped]

from crawler.browse.selection import Selection
from crawler.browse.visit import Page, address_of
from crawler.errors import CrawlerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.browse.visit import Visit

_MOST_BYTES = 200_000  # of a form; the longest note has a third of that
_STAR = "SELECT at FROM reader_stars WHERE article_id = :id"
_TAGS = "SELECT tag FROM reader_tags WHERE article_id = :id ORDER BY tag"
_NOTES = "SELECT text, at FROM reader_notes WHERE article_id = :id ORDER BY at, text"


async def own_of(visit: Visit, key: str) -> dict[str, Any]:
    """What a reader added to an article, and the token with which more may be added."""
    desk = visit.desk
    values = {"id": key}
    tags = [row["tag"] for row in await visit.rows_of("reader_tags", _TAGS, values)]
    return {
        "starred": bool(await visit.rows_of("reader_stars", _STAR, values)),
        "tags": [(tag, Selection().address(toggle=("tag", tag))) for tag in tags],
        "notes": await visit.rows_of("reader_notes", _NOTES, values),
        "token": desk.token if desk else "",
    }


async def _own(visit: Visit) -> Response:
    """Take a form. The answer leads back to the article."""
    request, desk = visit.request, visit.desk
    if desk is None:
        return Response.text("Nothing is written here: crawler serve --write", status=403)
    if request.method != "POST":
        return Response.text("A form is sent here", status=405)
    if not _is_short(request.headers):
        return Response.text("That is too much", status=413)
    try:
        form = await request.post_vars()
    except UnicodeDecodeError:
        return Response.text("This is no form", status=400)
    if not desk.is_from_our_page(request.headers, form.get("token", "")):
        return Response.text("This form is none of this site's: load its page again", status=403)
    key = visit.named("key")
    try:
        await asyncio.to_thread(desk.write, key, form.get("action", ""), form.get("text", ""))
    except CrawlerError as error:
        return Response.text(str(error), status=400)
    return Response.redirect(address_of(key), status=303)


def _is_short(headers: Mapping[str, str]) -> bool:
    """Whether a form says how long it is, and that is little; one in chunks may be any longer."""
    length = headers.get("content-length", "")
    is_told = length.isdecimal() and "transfer-encoding" not in headers
    return is_told and int(length) <= _MOST_BYTES


OWN_PAGE = Page("own", r"/(?P<key>[^/]+)", _own)
