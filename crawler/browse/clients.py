"""The two things that bring a page in from a browser: a bookmarklet, and the extension's folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "extension", _HERE.parents[1] / "extension")  # installed, and in a clone
_UNWRITTEN = "!*'()~;/?:@&=+$,"  # what an address of a bookmark may hold as it stands


def extension_folder() -> Path:
    """The folder of the extension, which a browser loads as it is."""
    return next((place for place in _PLACES if place.is_dir()), _PLACES[0])


def bookmarklet(address: str, token: str) -> str:
    """The address of a bookmark that sends the page at hand to `POST /capture` below `address`."""
    source = (extension_folder() / "bookmarklet.js").read_text(encoding="utf-8")
    lines = [line.strip() for line in source.splitlines() if not line.startswith("//")]
    program = "\n".join(lines).replace("ADDRESS", f"{address}/capture").replace("TOKEN", token)
    return f"javascript:{quote(program, safe=_UNWRITTEN)}"
