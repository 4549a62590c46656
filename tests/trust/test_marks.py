"""Marks that show nothing, or steer what shows others, go alike at every door and at every exit."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.characters import INVISIBLE
from crawler.cli.printing import on_screen
from tests.clean.containers.samples import PAGE, mail
from tests.clean.listings.samples import short
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler

MARKS = {
    "hit": "\ue000",
    "end of a hit": "\ue001",
    "glyph of a font": "\uf0c9",
    "glyph of plane 15": "\U000f0001",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "Arabic letter mark": "\u061c",
    "bell": "\x07",
    "escape": "\x1b",
    "delete": "\x7f",
    "CSI of C1": "\x9b",
    "zero-width space": "\u200b",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "line separator": "\u2028",
    "noncharacter": "\ufdd0",
    "tag": "\U000e0041",
    "loose joiner": "\u200d",
}
UNSEEN = re.compile(f"[{INVISIBLE}\U000e0000-\U000e007f\u200c\u200d]")
"""What no text may hold; the line feed and the tab are not among it."""


def _inputs(mark: str) -> dict[str, bytes]:
    """A file for each door, with the mark in its title, its names and its text."""
    title, words = f"潮{mark}水", f"灯{mark}塔的光每隔七秒扫过一次海面。"
    page = PAGE.replace("潮水", title).replace("灯塔的光", f"灯{mark}塔的光")
    page = page.replace("灯塔通讯", f"灯塔{mark}通讯") % "one.png"
    export = f'---\ntitle: "{title}"\nsource: "{short(2)}"\nauthor:\n  - "[[阿{mark}青]]"\n'
    feed = f"<item><title>{title}</title><link>{short(3)}</link><description>{words}</description>"
    note = f"<title>{title}</title><note-attributes><source-url>{short(4)}</source-url>"
    texts = {
        "seed.md": whole_seed(words, url=link(1), title=title, account=f"临港{mark}日志"),
        "page.html": page.replace("<head>", f'<head><meta property="og:url" content="{short(1)}">'),
        "export.md": f"{export}created: 2026-06-05\n---\n{words}\n",
        "feed.xml": f'<rss version="2.0"><channel>{feed}</item></channel></rss>',
        "notes.enex": f"<en-export><note>{note}</note-attributes><content><![CDATA[<en-note>"
        f"<p>{words}</p></en-note>]]></content></note></en-export>",
        "list.csv": f"标题,链接,公众号\n{title},{short(5)},灯塔{mark}通讯\n",
        "list.json": f'[{{"title": "{title}", "url": "{short(6)}"}}]',
        "list.txt": f"- [{title}]({short(7)})\n",
    }
    return {
        **{name: text.encode() for name, text in texts.items()},
        "saved.mhtml": mail(short(8)).replace("潮水".encode(), title.encode()),
    }


def _stored(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        rows = [
            *database.execute("SELECT title, account, author, source, digest, body FROM articles"),
            *database.execute("SELECT title, source, why FROM queue"),
            *database.execute("SELECT detail FROM events"),
        ]
    return "\n".join(str(value) for row in rows for value in row)


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_a_mark_goes_at_every_door(crawler: Crawler, folder: Path, mark: str) -> None:
    (folder / "given").mkdir()
    for name, content in _inputs(mark).items():
        (folder / "given" / name).write_bytes(content)
    said = [crawler("reclean", "given", "--json").output]
    said += [crawler(*words).output for words in _EXITS]
    stored = _stored(folder)
    assert len(re.findall("灯 ?塔的光", stored)) >= 4  # a space where an end of a line was
    assert UNSEEN.findall(stored) == []
    assert [UNSEEN.findall(text) for text in said] == [[] for _ in said]


_EXITS = (
    ("list",),
    ("search", "灯塔"),
    ("search", "潮水", "--json"),
    ("show", link(1)),
    ("queue", "list"),
    ("export", "--jsonl"),
    ("history", link(1)),
    ("cite", link(1)),
)


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_a_mark_that_another_program_wrote_reaches_no_terminal(mark: str) -> None:
    assert UNSEEN.findall(on_screen(f"a{mark}b")) == []
