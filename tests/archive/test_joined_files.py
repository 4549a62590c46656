"""An export of an archive that nobody edits leaves one file an article, and none as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from crawler.archive import Archive
from crawler.archive.backups import back_up, restore
from crawler.archive.documents import CHANGED, STRANGE, export
from crawler.archive.joined import SEVERAL
from crawler.archive.layouts import ExportOptions
from crawler.archive.saving.exported import ExportedFiles
from crawler.archive.vaults import as_vault
from crawler.article import Origin, own_key
from crawler.marks import NOTES
from tests.archive.specimens import BIZ, ID, SHORT, UNSIGNED, make_article, make_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROPERTIES = ExportOptions(properties=True)
LINK = {"url": UNSIGNED, "sn": "0f" * 16, "biz": BIZ, "mid": "2650000001", "idx": "1"}


def _save_two(archive: Archive, short: str, long: str) -> None:
    """Two articles, of which nobody knows yet that they are one."""
    for day, url, title in ((1, SHORT, short), (2, UNSIGNED, long)):
        body = f"# {title}\n\n灯塔亮了{day}次。\n"
        at = f"2026-01-0{day}T03:04:05.000006"
        archive.save(make_article(url, title=title, body=body, fetch_date=at))


def _join(archive: Archive, title: str) -> None:
    """A page under the one's link that says the other's identity."""
    body = f"# {title}\n\n灯塔又亮了，比从前更久。\n"
    archive.save(make_page(title=title, body=body, fetch_date="2026-01-03T03:04:05.000006"))


def _export(archive: Archive, folder: Path) -> dict[str, str]:
    """What there is after an export that leaves nothing."""
    assert [one for one in export(archive, folder) if one.left] == []
    return _texts(folder)


def _texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}


def _write_into(folder: Path, words: str, text: str) -> None:
    """A person's words at the end of the file in which others stand."""
    [path] = [path for path in folder.rglob("*.md") if words in path.read_text(encoding="utf-8")]
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


@pytest.mark.parametrize("titles", ["甲乙甲", "甲乙乙", "甲乙丙", "甲甲甲", "甲甲乙"])
def test_two_articles_that_become_one_leave_one_file_and_no_old_text(
    archive: Archive, tmp_path: Path, titles: str
) -> None:
    _save_two(archive, *titles[:2])
    assert len(_export(archive, tmp_path)) == 2
    _join(archive, titles[2])
    [text] = _export(archive, tmp_path).values()
    assert "比从前更久" in text
    assert not any(one.written or one.left for one in export(archive, tmp_path))
    assert archive.exported.former(tmp_path) == []


@pytest.mark.parametrize("titles", ["甲乙甲", "甲甲甲", "甲甲乙"])
@pytest.mark.parametrize("tags", ["", "tags:\n  - 我的\n", "mine: 我的\n"])
def test_two_notes_of_a_vault_that_become_one_leave_one_with_what_a_person_added(
    archive: Archive, tmp_path: Path, titles: str, tags: str
) -> None:
    def in_vault() -> dict[str, str]:
        done = export(archive, tmp_path, None, as_vault(archive, tmp_path))
        assert [one for one in done if one.left] == []
        return _texts(tmp_path)

    _save_two(archive, *titles[:2])
    assert len(in_vault()) == 2
    [path] = [path for path in tmp_path.rglob("*.md") if "亮了1次" in path.read_text("utf-8")]
    path.write_text(path.read_text("utf-8").replace("\n---\n", f"\n{tags}---\n", 1), "utf-8")
    _join(archive, titles[2])
    [text] = in_vault().values()
    assert "比从前更久" in text
    assert ("我的" in text) == bool(tags)


@pytest.mark.parametrize("words", ["亮了1次", "亮了2次"])
def test_notes_in_a_file_of_either_article_go_along_when_they_become_one(
    archive: Archive, tmp_path: Path, words: str
) -> None:
    _save_two(archive, "甲", "乙")
    _export(archive, tmp_path)
    _write_into(tmp_path, words, f"\n{NOTES}\n我的笔记\n")
    _join(archive, "甲")
    [text] = _export(archive, tmp_path).values()
    assert "比从前更久" in text
    assert text.endswith(f"\n\n{NOTES}\n我的笔记\n")


@pytest.mark.parametrize("text", [f"\n{NOTES}\n我的笔记\n", "\n我改了它。\n"])
def test_a_second_file_in_which_a_person_wrote_is_left_and_named(
    archive: Archive, tmp_path: Path, text: str
) -> None:
    _save_two(archive, "甲", "乙")
    _export(archive, tmp_path)
    _write_into(tmp_path, "亮了1次", text)
    _write_into(tmp_path, "亮了2次", f"\n{NOTES}\n也是我的\n")
    _join(archive, "丙")
    for _ in range(2):
        assert [one.path.name[-4:] for one in export(archive, tmp_path) if one.left == SEVERAL] == [
            "甲.md"
        ]
        one, other = sorted(_texts(tmp_path).values(), key=lambda found: "也是我的" in found)
        assert one.endswith(text)
        assert "比从前更久" in other
    next(path for path in tmp_path.rglob("*甲.md")).unlink()
    assert len(_export(archive, tmp_path)) == 1


def test_a_kill_while_files_of_one_article_are_joined_leaves_what_the_next_export_ends(
    archive: Archive, tmp_path: Path
) -> None:
    _save_two(archive, "甲", "乙")
    _export(archive, tmp_path)
    _write_into(tmp_path, "亮了1次", f"\n{NOTES}\n我的笔记\n")
    _join(archive, "丙")
    for name in ("settle", "note"):
        with (
            mock.patch.object(ExportedFiles, name, side_effect=KeyboardInterrupt),
            pytest.raises(KeyboardInterrupt),
        ):
            list(export(archive, tmp_path))
    [text] = _export(archive, tmp_path).values()
    assert "我的笔记" in text
    assert "比从前更久" in text


def test_many_articles_that_become_one_leave_one_file(archive: Archive, tmp_path: Path) -> None:
    shorts = [f"{SHORT[:-1]}{number}" for number in range(1, 5)]
    for number, url in enumerate([*shorts, UNSIGNED]):
        archive.save(make_article(url, title=f"第{number}篇", body=f"# 灯\n\n亮了{number}次。\n"))
    assert len(_export(archive, tmp_path)) == 5
    for url in shorts:
        archive.save(make_page(url))
    assert len(list(archive.named())) == 1
    assert len(archive.exported.former(tmp_path)) == 4
    assert len(_export(archive, tmp_path)) == 1


@pytest.mark.parametrize("title", ["夜航的灯塔", "新的灯塔"])
def test_a_backup_that_is_put_back_knows_what_was_exported_since(
    tmp_path: Path, title: str
) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.save(make_article())
        wanted = _export(archive, tmp_path / "out")
        back_up(archive.path, tmp_path / "backup.db")
        body, at = f"# {title}\n\n灯塔又亮了，比从前更久。\n", "2026-01-03T03:04:05.000006"
        archive.save(make_article(title=title, body=body, fetch_date=at))
        assert _export(archive, tmp_path / "out") != wanted
    restore(tmp_path / "a.db", tmp_path / "backup.db")
    with Archive.open(tmp_path / "a.db") as archive:
        assert _export(archive, tmp_path / "out") == wanted


@pytest.mark.parametrize("had_file", [False, True])
@pytest.mark.parametrize("notes", ["", f"\n\n{NOTES}\n我的笔记\n"])
def test_a_copy_whose_link_is_found_leaves_no_document_without_link(
    archive: Archive, tmp_path: Path, notes: str, *, had_file: bool
) -> None:
    linkless = _save_without_link(archive)
    at = "2026-01-03T03:04:05.000006"
    article = make_article(body="# 夜航的灯塔\n\n灯塔亮了，比从前更久。\n", fetch_date=at)
    if had_file:
        archive.save(article)
    _export(archive, tmp_path)
    _write_into(tmp_path, "url: ''", notes)
    archive.save(article)
    archive.join_copy(linkless, ID, LINK)
    [text] = _export(archive, tmp_path).values()
    assert "比从前更久" in text
    assert text.endswith(notes or "更久。\n")
    assert not any(one.written or one.left for one in export(archive, tmp_path))


def test_a_document_without_link_that_a_person_changed_is_left_though_it_may_be_overwritten(
    archive: Archive, tmp_path: Path
) -> None:
    linkless = _save_without_link(archive)
    _export(archive, tmp_path)
    _write_into(tmp_path, "url: ''", "\n我改了它。\n")
    archive.save(make_article(body="# 夜航的灯塔\n\n灯塔亮了，比从前更久。\n"))
    archive.join_copy(linkless, ID, LINK)
    before = _texts(tmp_path)
    for options, why in ((None, CHANGED), (ExportOptions(overwrite=True), STRANGE)):
        assert [one.left for one in export(archive, tmp_path, options)] == [why]
        assert _texts(tmp_path) == before


def test_a_document_without_link_makes_room_for_another_article_of_its_name(
    archive: Archive, tmp_path: Path
) -> None:
    linkless = _save_without_link(archive)
    _export(archive, tmp_path)
    _join(archive, "雾中的灯塔")
    archive.join_copy(linkless, ID, LINK)
    archive.save(make_article(f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2600000001&idx=1"))
    assert sorted(_export(archive, tmp_path)) == [
        "江畔手记_夜航的灯塔.md",
        "江畔手记_雾中的灯塔.md",
    ]


def _save_without_link(archive: Archive) -> str:
    """A copy of which nobody knows the link; its key."""
    key = own_key("夜航的灯塔", "江畔手记", "2024-05-08")
    said: dict[str, Any] = {"url": "", "biz": "", "mid": "", "idx": "", "origin": Origin.ADOPTED}
    archive.save(replace(make_article(), id=key, evidence="aa" * 32, **said))
    return key


@pytest.mark.parametrize("titles", ["灯灯灯", "灯塔塔", "灯塔灯", "灯塔光"])
def test_a_later_archive_that_is_put_in_the_place_of_an_earlier_one_knows_what_it_exported_itself(
    tmp_path: Path, titles: str
) -> None:
    folder = tmp_path / "out"
    for day, name in enumerate(["a.db", "b.db", "a.db"]):
        with Archive.open(tmp_path / name) as archive:
            body, at = f"# 灯塔\n\n亮了{day}次。\n", f"2026-01-0{day + 1}T03:04:05.000006"
            archive.save(make_article(title=titles[day], body=body, fetch_date=at))
            [text] = _export(archive, folder).values()
        if day == 0:
            back_up(tmp_path / "a.db", tmp_path / "b.db")
        if day == 1:
            restore(tmp_path / "a.db", tmp_path / "b.db")
    assert "亮了2次" in text


@pytest.mark.parametrize("step", ["write_files", "_Run._finished"])
@pytest.mark.parametrize("options", [(None, PROPERTIES), (PROPERTIES, None)])
def test_an_export_with_other_keys_that_is_killed_makes_nobodys_keys_of_them(
    archive: Archive, tmp_path: Path, options: tuple[ExportOptions | None, ...], step: str
) -> None:
    archive.save(make_article())
    before, killed = options
    list(export(archive, tmp_path, before))
    [wanted] = _texts(tmp_path).values()
    with (
        mock.patch(f"crawler.archive.documents.{step}", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        list(export(archive, tmp_path, killed))
    for again in (killed, before):
        assert [one.left for one in export(archive, tmp_path, again)] == [""]
    assert list(_texts(tmp_path).values()) == [wanted]


def test_what_a_person_changed_is_left_as_before(archive: Archive, tmp_path: Path) -> None:
    _save_two(archive, "甲", "乙")
    _export(archive, tmp_path)
    _write_into(tmp_path, "亮了2次", "\n我改了它。\n")
    _join(archive, "乙")
    assert [(one.article_id, one.left) for one in export(archive, tmp_path)] == [(ID, CHANGED)]
    assert len(_texts(tmp_path)) == 1
