"""What makes a row of a damaged archive one that others take: such as none reads saves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.archive.database import insert, is_packed, pack, unpack
from crawler.archive.files import FOLDER, UNSEEN, is_place
from crawler.article import Kind, Origin, State, sha256

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from enum import StrEnum


def _with_words(_: sqlite3.Connection, told: dict[str, Any]) -> str:
    """Give an article words that there are, without which nobody would show it. Says which."""
    state = State.OK if told["body_hash"] else State.HOLLOW
    usual: dict[str, StrEnum] = {"state": state, "kind": Kind.NORMAL, "origin": Origin.SEED}
    wrong = [name for name, word in usual.items() if told[name] not in frozenset(type(word))]
    told.update({name: usual[name].value for name in wrong})
    return ", ".join(f"its {name} is none that there is, and {told[name]} now" for name in wrong)


def _with_text(new: sqlite3.Connection, told: dict[str, Any]) -> str:
    """Take the text of a revision that is damaged from its article.

    Raises ValueError where that shows another one, and nothing can be read here.
    """
    if is_packed(told["body"], told["body_hash"]):
        return ""
    shown = new.execute(_SHOWN, (told["article_id"], told["body_hash"])).fetchone()
    if shown and sha256(shown[0].encode()) == told["body_hash"]:
        told["body"] = pack(shown[0].encode())
        return "its text is that of its article now"
    unpack(told["body"]).decode()
    return "its text, or the hash of it, is damaged, and is saved as it stands"


def _with_page(_: sqlite3.Connection, told: dict[str, Any]) -> str:
    """Raises ValueError where nothing can be read of a stored page."""
    unpack(told["content"])
    return ""


def _with_picture(new: sqlite3.Connection, told: dict[str, Any]) -> str:
    """Give a picture a row by which its file stays, where its own is lost. Says so."""
    digest = told["sha256"]
    path = f"{FOLDER}/{digest[:2]}/{digest}.jpg" if digest else ""
    if not is_place(path) or new.execute(_KNOWN, (digest,)).fetchone():
        return ""
    new.execute(insert("images"), (digest, path, UNSEEN, 0, 0, 0))
    return "the row of its picture is lost; crawler audit --fix looks for its file"


_KNOWN = "SELECT 1 FROM images WHERE sha256 = ?"
_SHOWN = "SELECT body FROM articles WHERE id = ? AND body_hash = ?"
MENDS: dict[str, Callable[[sqlite3.Connection, dict[str, Any]], str]] = {
    "articles": _with_words,
    "pictures": _with_picture,
    "revisions": _with_text,
    "snapshots": _with_page,
}
"""Of each table what mends a row before it is written, and says what that was; "" for nothing."""
