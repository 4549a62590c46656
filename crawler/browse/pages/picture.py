"""Our own copy of a picture, where it is one of the kinds that hold nothing but pixels."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from datasette import Response  # type: ignore[import-untyped]

from crawler.archive.files import is_place, read_picture
from crawler.browse.visit import Page
from crawler.inputs import resolved

if TYPE_CHECKING:
    from crawler.browse.visit import Visit
    from crawler.errors import CrawlerError

PIXELS = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"}
)
"""Kinds of picture that cannot run anything, as SVG can."""

_PICTURE = "SELECT path, type FROM images WHERE sha256 = :sha256"


async def _picture(visit: Visit) -> Response:
    rows = await visit.rows(_PICTURE, {"sha256": visit.named("sha256")})
    archive = visit.archive.path
    content = await asyncio.to_thread(picture_at, archive, rows[0]["path"]) if rows else None
    if content is None or rows[0]["type"] not in PIXELS:
        return Response.text("There is no such picture in this archive", status=404)
    headers = {"cache-control": "max-age=31536000, immutable"}
    return Response(content, content_type=rows[0]["type"], headers=headers)


def picture_at(archive: str, path: str) -> bytes | None:
    """The picture at a path below the folder of an archive.

    None where it is elsewhere or not there, cannot be read, or is not what was kept.
    """
    return read_picture(resolved(Path(archive)).parent / path, _no_word) if is_place(path) else None


def _no_word(_: CrawlerError) -> None:
    """Whoever looks at a page sees that its picture is not there."""


PICTURE_PAGE = Page("picture", r"/(?P<sha256>[0-9a-f]{64})", _picture)
