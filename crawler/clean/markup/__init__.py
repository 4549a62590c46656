"""HTML before it is a tree: what of it is cut out, what is refused, and how it is parsed."""

from crawler.clean.markup.cutting import Span, cut_page
from crawler.clean.markup.limits import refuse_markup, refuse_size
from crawler.clean.markup.parsing import (
    less_pictures,
    parse_fragment,
    parse_text,
    parse_whole,
    without_pictures,
)
from crawler.clean.markup.shown import shown_lines

__all__ = [
    "Span",
    "cut_page",
    "less_pictures",
    "parse_fragment",
    "parse_text",
    "parse_whole",
    "refuse_markup",
    "refuse_size",
    "shown_lines",
    "without_pictures",
]
