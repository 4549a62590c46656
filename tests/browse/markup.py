"""The HTML that the reader makes of an article's body, alone."""

from __future__ import annotations

from crawler.browse.reader import read_body


def render_markdown(body: str, **pictures: dict[str, str]) -> str:
    """As `read_body`, less the headings."""
    return read_body(body, "", **pictures).html
