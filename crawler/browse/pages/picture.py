"""Our own copy of a picture, where it is one of the kinds that hold nothing but pixels."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from datasette import Response  # type: ignore[import-untyped]

from crawler.archive.files import MAX_BYTES
from crawler.browse.visit import Page
from crawler.errors import InputError
from crawler.inputs import read_input, resolved

if TYPE_CHECKING:
    from crawler.browse.visit import Visit

PIXELS = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"}
)
"""Kinds of picture that cannot run anything, as SVG can."""

_PICTURE = "SELECT path, type FROM images WHERE sha256 = :sha256"


async def _picture(visit: Visit) -> Response:
    rows = await visit.rows(_PICTURE, {"sha256": visit.named("sha256")})
    archive = visit.archive.path
    content = await asyncio.to_thread(read_picture, archive, rows[0]["path"]) if rows else None
    if content is None or rows[0]["type"] not in PIXELS:
        return Response.text("There is no such picture in this archive", status=404)
    headers = {"cache-control": "max-age=31536000, immutable"}
    return Response(content, content_type=rows[0]["type"], headers=headers)


def read_picture(archive: str, path: str) -> bytes | None:
    """The file at a path below `images/`, beside the archive.

    None where it is elsewhere or not there, or cannot be read.
    """
    folder = resolved(Path(archive)).parent
    file = resolved(folder / path)
    if not file.is_relative_to(folder / "images"):
        return None
    try:
        return read_input(file, MAX_BYTES)
    except InputError:
        return None


PICTURE_PAGE = Page("picture", r"/(?P<sha256>[0-9a-f]{64})", _picture)
