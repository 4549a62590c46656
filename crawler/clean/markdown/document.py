"""The body as the archive keeps it: the title's heading, the cover, the text.

Put together, and taken apart again.
"""

from __future__ import annotations

import re

from crawler.clean.markdown.escapes import escape_text

_BODY = re.compile(
    r"# (?P<title>[^\n]*)\n(?:\n!\[cover_image\]\((?P<cover>[^\n]*)\)\n)?(?:\n(?P<text>.*))?\Z",
    re.DOTALL,
)
_CLOSING = re.compile(r"(?<!\S)(#+)\Z")  # it would end the heading, and not be seen
_LONGEST_TITLE = 64  # characters: what WeChat's own editor allows
_SENTENCE = re.compile(r".{3,}?[。！？!?…](?=.)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def assemble_document(title: str, cover: str, text: str) -> str:
    """The Markdown of a whole article; ends with one newline.

    `title` is plain text, `text` Markdown.
    """
    cover_line = f"![cover_image]({cover})" if cover else ""
    parts = (f"# {_as_heading(title)}", cover_line, text.strip("\n"))
    return "\n\n".join(part for part in parts if part) + "\n"


def split_document(body: str) -> tuple[str, str, str]:
    """Title, cover and text of a body that `assemble_document` made."""
    match = _BODY.match(body)
    if not match:
        return "", "", body.strip("\n")
    title = _ESCAPED.sub(r"\1", match["title"])
    return title, match["cover"] or "", (match["text"] or "").strip("\n")


def _as_heading(title: str) -> str:
    """A title as Markdown that shows it: `vector<int>` and `Q*` as they read."""
    return _CLOSING.sub(r"\\\1", escape_text(title))


def title_of_line(line: str) -> str:
    """A text's first line as its title: whole, or its first sentence, or its beginning and `…`."""
    if len(line) <= _LONGEST_TITLE:
        return line
    sentence = _SENTENCE.match(line[: _LONGEST_TITLE + 1])
    return sentence[0] if sentence else line[: _LONGEST_TITLE - 1].rstrip("，,、：: ") + "…"
