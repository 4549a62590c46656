"""What brings a page in from a browser, a bookmarklet and an extension, and how they are known."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

CHROMIUM_ID = "cppkhdbnbkjcjghgjphaijcpmdfknmbh"
"""What Chromium calls the extension, by the `key` in its manifest."""

_ORIGINS = re.compile(
    rf"https://mp\.weixin\.qq\.com|chrome-extension://{CHROMIUM_ID}|"
    # Firefox gives each profile a name of its own for it
    r"moz-extension://[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
)
_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "extension", _HERE.parents[1] / "extension")  # installed, and in a clone
_UNWRITTEN = "!*'()~;/?:@&=+$,"  # what an address of a bookmark may hold as it stands


def is_client(origin: str) -> bool:
    """Whether a request's origin is WeChat's page, where the bookmarklet runs, or the extension."""
    return _ORIGINS.fullmatch(origin) is not None


def extension_folder() -> Path:
    """The folder of the extension, which a browser loads as it is."""
    return next((place for place in _PLACES if place.is_dir()), _PLACES[0])


def bookmarklet(address: str, token: str) -> str:
    """The address of a bookmark that sends the page at hand to `POST /capture` below `address`."""
    source = (extension_folder() / "bookmarklet.js").read_text(encoding="utf-8")
    lines = [line.strip() for line in source.splitlines() if not line.startswith("//")]
    program = "\n".join(lines).replace("ADDRESS", f"{address}/capture").replace("TOKEN", token)
    return f"javascript:{quote(program, safe=_UNWRITTEN)}"
