"""What export promises of names and of files."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.documents import export, plan
from crawler.archive.files.atomic import write_file
from crawler.archive.files.names import collision_key, folder_of, plain_name, safe_part
from crawler.archive.saving.arrival import arrival_of
from crawler.article import State, sha256
from crawler.errors import ArchiveError
from tests.archive.specimens import BIZ, make_article

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive.archive import Archive

_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?\Z", re.IGNORECASE)

NASTY = st.one_of(
    st.text(max_size=120),
    st.text(alphabet="aA.~- _ẞßçｃ\u0301\u200b\u202e诈骗0123456789", max_size=40),
    st.sampled_from(
        [
            "CON",
            "nul.txt",
            "..",
            ".",
            "-rf",
            "/etc/passwd",
            "a\x00b",
            "a\u202egpj.exe",
            "诈" * 200,
            "",
            "COM¹",
        ]
    ),
)
ARTICLES = st.lists(
    st.tuples(st.sampled_from(["2024-05-08", "2024-05-09", ""]), NASTY, NASTY),
    min_size=1,
    max_size=12,
)


def _articles(given_ones: list[tuple[str, str, str]]) -> list[tuple[str, str, str, str]]:
    return [(f"{BIZ}:{number}:1", *article) for number, article in enumerate(given_ones)]


@given(ARTICLES)
def test_no_name_is_unsafe_on_any_file_system(articles: list[tuple[str, str, str]]) -> None:
    for path in plan(_articles(articles)).values():
        name = path.name
        assert len(f".{name}.part".encode()) <= 255
        assert not re.search(r'[<>:"/\\|?*#^\[\]\x00-\x1f\x7f-\x9f]', name)
        assert not any(
            unicodedata.category(character) in ("Cf", "Cs", "Zl", "Zp") for character in name
        )
        assert not _DEVICES.match(name)
        assert name == name.strip(" ")
        assert name[0] not in ".-"
        assert name.endswith(".md")
        assert name[:-3].rstrip(" .") == name[:-3]
        assert ".." not in path.parts


@given(ARTICLES)
def test_no_two_articles_share_a_file_even_where_case_and_width_do_not_count(
    articles: list[tuple[str, str, str]],
) -> None:
    paths = plan(_articles(articles)).values()
    assert len({(path.parent, collision_key(path.name)) for path in paths}) == len(articles)


@given(ARTICLES, st.randoms())
def test_names_do_not_depend_on_the_order(
    articles: list[tuple[str, str, str]], dice: object
) -> None:
    rows = _articles(articles)
    shuffled = list(rows)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan(rows) == plan(shuffled)


@given(NASTY)
def test_making_a_name_safe_twice_changes_nothing_more(text: str) -> None:
    assert safe_part(safe_part(text)) == safe_part(text)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("两会|专题: 第1/2期?", "两会_专题_ 第1_2期_"),
        ("[一] C#^2 二", "_一_ C__2 二"),
        ("..", "_"),
        ("CON", "_CON"),
        ("con.prn", "_con.prn"),
        ("-rf", "_-rf"),
        (".ssh", "ssh"),
        ("结尾. . ", "结尾"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("灯\u200b塔\ufeff", "灯塔"),
        ("e\u0301te\u0301", "été"),
        ("一\n二\t三", "一 二 三"),
    ],
)
def test_what_a_file_system_refuses_is_replaced(text: str, safe: str) -> None:
    assert safe_part(text) == safe


@pytest.mark.parametrize(
    ("date", "folder"),
    [("2024-05-08", "2024/05/08"), ("", "undated"), ("2024-13-01", "undated"), ("..", "undated")],
)
def test_a_document_lies_under_its_day_and_without_one_among_the_undated(
    date: str, folder: str
) -> None:
    assert folder_of(date) == folder


def test_a_name_is_the_seeds_own_where_nothing_is_in_the_way() -> None:
    assert plain_name("江畔手记", "夜航的灯塔") == "江畔手记_夜航的灯塔"


def _save_two_of_one_name(archive: Archive) -> None:
    archive.save(make_article())
    archive.save(
        make_article(
            f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000002&idx=1",
            body="# 夜航的灯塔\n\n又。\n",
        )
    )


def test_exported_files_are_the_stored_documents(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article())
    (exported,) = export(archive, tmp_path / "out")
    assert exported.path == tmp_path / "out/2024/05/08/江畔手记_夜航的灯塔.md"
    record = archive.get(exported.article_id)
    assert record
    assert exported.path.read_text(encoding="utf-8") == record.document
    assert record.document.startswith("---\ntitle: 夜航的灯塔\nurl: http://mp.weixin.qq.com/s?")


def test_exporting_again_rewrites_nothing(archive: Archive, tmp_path: Path) -> None:
    _save_two_of_one_name(archive)
    first = {one.path: one.path.stat().st_mtime_ns for one in export(archive, tmp_path / "out")}
    again = list(export(archive, tmp_path / "out"))
    assert not any(one.written for one in again)
    assert {one.path: one.path.stat().st_mtime_ns for one in again} == first
    assert len(list((tmp_path / "out").rglob("*"))) == 2 + 3


def test_two_articles_of_one_name_get_two_files_and_no_stale_third(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article())
    list(export(archive, tmp_path))
    _save_two_of_one_name(archive)
    exported = list(export(archive, tmp_path))
    assert sorted(tmp_path.rglob("*.md")) == sorted(one.path for one in exported)
    assert len(exported) == 2


def test_an_export_never_writes_over_the_seeds_that_the_archive_was_made_of(
    archive: Archive, tmp_path: Path
) -> None:
    seed = tmp_path / "seeds/2024/05/08/江畔手记_夜航的灯塔.md"
    seed.parent.mkdir(parents=True)
    seed.write_text("the seed as its tool wrote it", encoding="utf-8")
    archive.save_all([arrival_of(make_article(evidence=sha256(seed.read_bytes())), str(seed))])
    with pytest.raises(ArchiveError, match="is a seed that the archive was made of"):
        list(export(archive, tmp_path / "seeds"))
    assert seed.read_text(encoding="utf-8") == "the seed as its tool wrote it"


@pytest.mark.parametrize("length", [60, 81, 82, 83, 84, 85, 86, 300])
def test_a_title_of_any_length_is_exported_and_exported_again(
    archive: Archive, tmp_path: Path, length: int
) -> None:
    archive.save(make_article(title="灯" * length))
    for written in (True, False):
        [exported] = export(archive, tmp_path)
        assert exported.written is written
        assert exported.path.is_file()
    assert len(list(tmp_path.rglob("*.md"))) == 1


def test_articles_without_a_body_are_not_exported(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article(state=State.HOLLOW))
    assert list(export(archive, tmp_path / "out")) == []


def test_a_file_is_old_or_new_and_never_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    write_file(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ArchiveError, match="No space left on device"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.md"]


def test_a_folder_that_is_a_file_is_a_clear_error(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article())
    (tmp_path / "out").write_text("not a folder")
    with pytest.raises(ArchiveError, match="cannot be written"):
        list(export(archive, tmp_path / "out"))
