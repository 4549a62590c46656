"""How Markdown is written, whatever it is made of."""

from crawler.clean.markdown.addresses import (
    link_target,
    picture_address,
    picture_target,
    safe_address,
    to_https,
)
from crawler.clean.markdown.code import code_fence, code_span
from crawler.clean.markdown.document import assemble_document, split_document, title_of_line
from crawler.clean.markdown.escapes import escape_line_start, escape_text
from crawler.clean.markdown.inline import (
    BREAK,
    join_lines,
    linked,
    picture,
    ready,
    styled,
    write_heading,
    write_line,
)
from crawler.clean.markdown.runs import (
    BOLD,
    ELEMENT,
    ITALIC,
    LINE_BREAK,
    NESTING,
    STRIKE,
    Run,
    join_runs,
)

__all__ = [
    "BOLD",
    "BREAK",
    "ELEMENT",
    "ITALIC",
    "LINE_BREAK",
    "NESTING",
    "STRIKE",
    "Run",
    "assemble_document",
    "code_fence",
    "code_span",
    "escape_line_start",
    "escape_text",
    "join_lines",
    "join_runs",
    "link_target",
    "linked",
    "picture",
    "picture_address",
    "picture_target",
    "ready",
    "safe_address",
    "split_document",
    "styled",
    "title_of_line",
    "to_https",
    "write_heading",
    "write_line",
]
