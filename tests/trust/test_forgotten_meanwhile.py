"""An article that another process takes out while a run works on it is left alone by that run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.archive.saving import Evidence, ExportedFile, ListedCapture, Query, StoryRow
from crawler.errors import InputError
from tests.archive.files.test_images import png
from tests.archive.specimens import ID, OTHER_SHORT, make_article, make_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/lamp/0"
AT = "2026-01-01T00:00:00"
OTHER = f"s:{OTHER_SHORT.rpartition('/')[2]}"
QUERY = Query(server="https://web.example", query="mp.weixin.qq.com/s", at=AT, captures=1)
CAPTURE = ListedCapture(
    server="https://web.example", captured_at="20260101000000", url=OTHER_SHORT, article_id=ID,
    status="200", digest="", looked_at="", outcome="",
)  # fmt: skip
LATE: dict[str, Callable[[Archive, Path], Any]] = {
    "exported": lambda archive, folder: archive.exported.note(
        folder, [ExportedFile(article_id=key, path="a.md", sha256="0a" * 32) for key in (ID, OTHER)]
    ),
    "a picture": lambda archive, _: archive.images.keep(ID, PICTURE, png(640, 480), at=AT),
    "no picture": lambda archive, _: archive.images.miss(ID, PICTURE, at=AT, why="404"),
    "evidence": lambda archive, _: archive.evidence.note(
        Evidence(article_id=ID, way="from", source="x.md", verdict="candidate", at=AT),
        make_article(),
    ),
    "a capture": lambda archive, _: archive.web.note_answer(QUERY, [CAPTURE]),
    "an unchanged look": lambda archive, _: archive.note_unchanged(make_page()),
    "a signature": lambda archive, _: archive.stories.keep(
        [StoryRow(ID, "0a" * 32, cut=False, version=1, text="t", signature="s")]
    ),
    "a group": lambda archive, _: archive.stories.join(
        [{ID, OTHER}, {ID}, {"u:x"}], compared=["t"]
    ),
    "the name of a group": lambda archive, _: archive.stories.name(OTHER, earliest=ID, best=OTHER),
    "a body less promotion": lambda archive, _: archive.texts.show(ID, "# 灯\n", {"promo:x": 1}),
    "a look without an article": lambda archive, _: archive.history.note_look(ID, at=AT),
    "the same article": lambda archive, _: archive.note_same_as(ID, OTHER),
    "a copy without a link": lambda archive, _: archive.join_copy(ID, OTHER, {"url": OTHER_SHORT}),
}


@pytest.mark.parametrize("what", LATE)
def test_whoever_comes_late_writes_nothing_of_it_and_goes_on(tmp_path: Path, what: str) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_page())
        archive.save(make_article(OTHER_SHORT, title="别的", body="# 别的\n\n无关。\n"))
        with Archive.open(path) as other:
            other.forgotten.add(ID, at=AT)
        LATE[what](archive, tmp_path / "out")
        assert archive.get(ID) is None
        assert archive.get(OTHER) is not None
        left = {one.check for one in archive.audit(today="2026-11-26")}
        assert left <= {"free-pages"}
        assert archive.database["images"].count == 0
        assert list(tmp_path.rglob("*.png")) == []
        assert archive.database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_of_several_only_those_that_are_gone_are_left_out(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article(OTHER_SHORT))
        LATE["exported"](archive, tmp_path)
        assert archive.exported.below(tmp_path).keys() == {OTHER}
        archive.web.note_answer(QUERY, [CAPTURE, replace(CAPTURE, article_id=OTHER)])
        assert archive.database["web_captures"].count == 1


def test_a_person_is_told_that_an_article_is_gone(tmp_path: Path) -> None:
    with (
        Archive.open(tmp_path / "archive.db") as archive,
        pytest.raises(InputError, match="no such article"),
    ):
        archive.personal.star(ID, at=AT)
