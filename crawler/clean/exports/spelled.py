r"""A page that a script wrote down as code spells a string: `file.write(str(answer.content))`.

Its marks stand there as they should, but each letter of Chinese as `\xe5\xa4\xa7` or `\u5927`,
which nobody finds and nobody reads.
"""

from __future__ import annotations

import ast
import json
import re

_BEGINS = re.compile(
    rb"\s*+(?:[bB]?(?P<quote>['\"]))\s*+(?:\\[nrt]|\s)*+<(?:!doctype|html|head)", re.IGNORECASE
)
_ONLY_KEY = re.compile(rb"\{\s*+\"\w{1,40}+\"\s*+:\s*+(?=\")")
_ONE = re.compile(r"[bB]?(['\"])(?:[^'\"\\\n]++|\\.|(?!\1)['\"])*+\1", re.DOTALL)
"""One string alone: of an expression Python makes a tree, of hundreds of times its size."""
_LONGEST = 16 << 20  # bytes; a page of today has 3 MB, and spelled so thrice as many


def unspelled(content: bytes) -> bytes:
    """The page that is spelled as one string of Python's or JSON's; any other as it is.

    That may be the only value of an object, as where a program answers with a page.
    """
    spelled = content.strip()
    key = _ONLY_KEY.match(spelled, 0, 200)
    if key and spelled.endswith(b"}"):
        spelled = spelled[key.end() : -1].strip()
    begins = _BEGINS.match(spelled, 0, 200)
    if not begins or len(spelled) > _LONGEST or not spelled.endswith(begins["quote"]):
        return content
    try:
        read = _read(spelled.decode("utf-8", "replace"))
    except (ValueError, SyntaxError, RecursionError):
        return content
    return read if isinstance(read, bytes) else read.encode("utf-8", "replace")


def _read(spelled: str) -> str | bytes:
    if spelled.startswith('"'):
        try:
            return str(json.loads(spelled, strict=False))
        except ValueError:
            pass  # a string of Python's with double quotes, for it holds single ones
    if not _ONE.fullmatch(spelled):
        raise ValueError(spelled[:1])
    read: str | bytes = ast.literal_eval(spelled)
    return read
