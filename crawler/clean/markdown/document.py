"""The body as the archive keeps it: the title's heading, the cover, the text.

Put together, and taken apart again.
"""

from __future__ import annotations

import re

_BODY = re.compile(
    r"# (?P<title>[^\n]*)\n(?:\n!\[cover_image\]\((?P<cover>[^\n]*)\)\n)?(?:\n(?P<text>.*))?\Z",
    re.DOTALL,
)


def assemble_document(title: str, cover: str, text: str) -> str:
    """The Markdown of a whole article; ends with one newline."""
    parts = [f"# {title}", f"![cover_image]({cover})" if cover else "", text.strip("\n")]
    return "\n\n".join(part for part in parts if part) + "\n"


def split_document(body: str) -> tuple[str, str, str]:
    """Title, cover and text of a body that `assemble_document` made."""
    match = _BODY.match(body)
    if not match:
        return "", "", body.strip("\n")
    return match["title"], match["cover"] or "", (match["text"] or "").strip("\n")
