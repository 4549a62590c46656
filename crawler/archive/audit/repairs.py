"""What an audit can put right by itself, where SQL alone cannot.

Nothing here loses anything that was archived.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from crawler.archive.audit.secrets import remove_secrets
from crawler.archive.audit.shown import is_unknown, undamaged
from crawler.archive.database import WRITTEN, insert, is_packed, pack
from crawler.archive.files import is_place, note_file, read_picture
from crawler.archive.reading import PREFIX, body_of, is_elsewhere, is_hurt, shown_by_others
from crawler.archive.saving import forget_damaged, front_matter_of, join_rows, read_again, read_row
from crawler.archive.search import note_as_held, rebuild_index
from crawler.article import sha256
from crawler.credentials import without_secrets

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from pathlib import Path

_REVISION = insert(
    "revisions", on_conflict="(article_id, body_hash) DO UPDATE SET body = excluded.body"
)

_SHOWN_AGAIN = """
    UPDATE pictures SET state = 'stored'
    WHERE sha256 IN (SELECT sha256 FROM images WHERE {})
"""
_BY_NAME = "sha256 = :digest AND path = :path"
"""The row of a file, by the hash that names it: paths have no index, and there may be many."""
_KEPT = f"""
    SELECT 1 FROM images WHERE {_BY_NAME} UNION ALL SELECT 1 FROM pictures WHERE sha256 = :digest
"""  # noqa: S608  (words from above)
_SHOWS_ALL = "DELETE FROM removed WHERE article_id = ? AND rule_id GLOB ?"


def _index(connection: sqlite3.Connection, _: Path, __: str) -> bool:
    rebuild_index(connection)
    return True


def _front_matter(connection: sqlite3.Connection, _: Path, article_id: str) -> bool:
    row = read_row(connection, article_id)
    if row is None:  # another process took it out meanwhile
        return True
    connection.execute(
        "UPDATE articles SET front_matter = ? WHERE id = ?", (front_matter_of(row), article_id)
    )
    return True


def _body(connection: sqlite3.Connection, _: Path, article_id: str) -> bool:
    """Somebody changed the body with another program.

    Keep what they wrote, as a revision beside ours. Where it is damage for sure, show ours again.
    """
    row = read_row(connection, article_id)
    if row is None:
        connection.execute(_SHOWS_ALL, (article_id, f"{PREFIX}*"))
        return False
    is_whole = sha256(row["body"].encode()) == row["body_hash"]
    if not is_whole and is_unknown(connection, article_id, row["body_hash"]):
        read_again(connection, article_id)
        return False
    body, whole = row["body"], None
    if not is_hurt(connection, article_id, row["body_hash"]):
        whole = body_of(connection, article_id, row["body_hash"])
    shown = undamaged(connection, article_id, body, whole) if whole else ""
    if shown in {whole, ""}:
        connection.execute(_SHOWS_ALL, (article_id, f"{PREFIX}*"))
    if whole and shown:
        values = (shown, len(whole), article_id)
        connection.execute("UPDATE articles SET body = ?, characters = ? WHERE id = ?", values)
        note_as_held(connection, article_id, body, shown)
        return True
    told = {"body_hash": sha256(body.encode()), "characters": len(body)}
    _keep_revision(connection, {**row, **told})
    connection.execute(
        "UPDATE articles SET body_hash = :body_hash, characters = :characters WHERE id = :id",
        {**told, "id": article_id},
    )
    return True


def _keep_revision(connection: sqlite3.Connection, row: Mapping[str, Any]) -> None:
    """Write the body of a row as a revision, over one that has its hash."""
    told = {**row, "article_id": row["id"], "at": row["fetch_date"]}
    told |= {"url": without_secrets(row["url"]), "body": pack(row["body"].encode())}
    connection.execute(_REVISION, [told[name] for name in WRITTEN["revisions"]])


def _revision(connection: sqlite3.Connection, _: Path, article_id: str) -> bool:
    """Write the revision that the row shows anew; others come back with what brought them."""
    row = read_row(connection, article_id)
    if row is None:  # of an article that is gone
        return False
    shown = row["body"].encode()
    if sha256(shown) == row["body_hash"]:
        _keep_revision(connection, row)
    rest = connection.execute(
        "SELECT body_hash, body FROM revisions WHERE article_id = ?", (article_id,)
    ).fetchall()
    if all(is_packed(body, body_hash) for body_hash, body in rest):
        return True
    read_again(connection, article_id)
    return False


def _copy(connection: sqlite3.Connection, _: Path, article_id: str) -> bool:
    """Take out copies that say nothing any more, so that others can be saved beside the row's."""
    forget_damaged(connection, article_id)
    return True


def _two_rows(connection: sqlite3.Connection, _: Path, article_id: str) -> bool:
    found = connection.execute(
        "SELECT DISTINCT article_id FROM urls WHERE canonical = 'https://mp.weixin.qq.com/s/' || ?",
        (article_id[2:],),
    ).fetchall()
    ids = {other for (other,) in found}
    if len(ids) != 1 or not all(isinstance(other, str) for other in ids):  # of a damaged row
        return False
    join_rows(connection, min(ids), {article_id, *ids})
    return True


def _picture_back(connection: sqlite3.Connection, _: Path, path: str) -> bool:
    """Show a picture again that had been gone from the disk."""
    named = connection.execute(_SHOWN_AGAIN.format(_BY_NAME), _named(path))
    if not named.rowcount:  # as where its row says another hash
        connection.execute(_SHOWN_AGAIN.format("path = ?"), (path,))
    return True


def _picture_row(connection: sqlite3.Connection, root: Path, path: str) -> bool:
    """Know a picture again whose row is gone: its file's name says what it must hold."""
    content = read_picture(root / path, lambda _: None) if is_place(path) else None
    return content is not None and bool(note_file(connection, path, content))


def _stray_file(connection: sqlite3.Connection, root: Path, path: str) -> bool:
    """Remove a file that a run left when it was killed before its row.

    The picture is still wanted. Whoever kept it while others were looked at has brought its row.
    """
    if is_elsewhere(root, path):
        return False
    others = shown_by_others(root, connection, [path])
    if others is None or path in others or _is_shown(connection, path):
        return False
    try:
        (root / path).unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _is_shown(connection: sqlite3.Connection, path: str) -> bool:
    return connection.execute(_KEPT, _named(path)).fetchone() is not None


def _named(path: str) -> dict[str, str]:
    return {"path": path, "digest": PurePath(path).stem}


def _secrets(connection: sqlite3.Connection, _: Path, __: str) -> bool:
    remove_secrets(connection)
    return True


REPAIRS: dict[str, Callable[[sqlite3.Connection, Path, str], bool]] = {
    "index": _index,
    "front-matter": _front_matter,
    "body-hash": _body,
    "characters": _body,
    "no-revision": _body,
    "revision": _revision,
    "copy": _copy,
    "secrets": _secrets,
    "two-rows": _two_rows,
    "picture-back": _picture_back,
    "picture-row": _picture_row,
    "stray-file": _stray_file,
}
"""Check -> what puts it right, given the database, the archive's folder and the subject.

Says whether it did.
"""
