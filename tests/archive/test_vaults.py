"""What a vault promises of names, of links and of what a person adds to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.documents import CHANGED, Exported, export
from crawler.archive.files.names import collision_key
from crawler.archive.layouts import ExportOptions
from crawler.archive.vaults import as_vault, plan_vault
from crawler.marks import NOTES
from tests.archive.files.test_images import png
from tests.archive.specimens import BIZ, ID, SIGNED, make_article
from tests.archive.test_documents import NASTY

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive.archive import Archive

ARTICLES = st.lists(
    st.tuples(NASTY, NASTY, st.sampled_from(["2024-05-08", "2024-05-09", ""]) | NASTY),
    min_size=1,
    max_size=12,
)
OTHER = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000002&idx=1"
PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/a/640?wx_fmt=png"
NAME = "江畔手记/夜航的灯塔.md"


def _keyed(articles: list[tuple[str, str, str]]) -> list[tuple[str, str, str, str]]:
    return [(f"{BIZ}:{number}:1", *article) for number, article in enumerate(articles)]


@given(ARTICLES, st.randoms())
def test_every_note_has_a_name_of_its_own_that_obsidian_can_link_in_any_order(
    articles: list[tuple[str, str, str]], dice: object
) -> None:
    rows = _keyed(articles)
    paths = plan_vault(rows)
    names = {(collision_key(path.parent.name), collision_key(path.name)) for path in paths.values()}
    assert len(names) == len(rows)
    for path in paths.values():
        assert len(path.parts) == 2
        assert not re.search(r"[#^\[\]|\\/:\x00-\x1f]", "".join(path.parts))
        assert collision_key(path.parts[0]) != "attachments"
        assert not path.parts[0].startswith(".")
    shuffled = list(rows)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan_vault(shuffled) == paths


@pytest.mark.parametrize(
    ("articles", "names"),
    [
        ([("一", "江畔", "2024-05-08")], ["江畔/一.md"]),
        (
            [("早报", "江畔", "2024-05-08"), ("早报", "江畔", "2024-05-09")],
            ["江畔/早报 2024-05-08.md", "江畔/早报 2024-05-09.md"],
        ),
        ([("一", "江畔", ""), ("一", "渡口", "")], ["江畔/一.md", "渡口/一.md"]),
        ([("一", "ABC", ""), ("二", "abc", "")], ["ABC/一.md", "ABC/二.md"]),
        (
            [("一", "江畔", "x/../../../../a"), ("一", "江畔", "\0"), ("一", "江畔", "2024-05-08")],
            ["江畔/一~2abf4df0a9.md", "江畔/一~42fe54e994.md", "江畔/一 2024-05-08.md"],
        ),
        ([("a#b|c", "", "")], ["未知公众号/a_b_c.md"]),
        ([("一", "Attachments", "")], ["Attachments_/一.md"]),
    ],
)
def test_a_note_lies_in_its_accounts_folder_under_its_title(
    articles: list[tuple[str, str, str]], names: list[str]
) -> None:
    assert [path.as_posix() for path in plan_vault(_keyed(articles)).values()] == names


def test_no_day_of_another_archive_leads_a_note_out_of_the_vault(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article())
    archive.save(make_article(OTHER))
    archive.connection.execute("UPDATE articles SET date = 'x/../../../' || substr(id, -3, 1)")
    vault = tmp_path / "deep" / "vault"
    written = _write(archive, vault)
    assert len(written) == 2
    assert all(one.path.resolve().is_relative_to(vault.resolve()) for one in written)
    assert {path.parent.parent for path in tmp_path.rglob("*.md")} == {vault}


def _write(archive: Archive, folder: Path, *, overwrite: bool = False) -> list[Exported]:
    options = ExportOptions(overwrite=overwrite)
    return list(export(archive, folder, options, as_vault(archive, folder)))


def _later(**fields: str) -> dict[str, str]:
    return {"fetch_date": "2026-05-06T07:08:09.000001", **fields}


def test_a_second_run_writes_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article())
    archive.images.keep(ID, PICTURE, png(640, 480), at="2026-01-02T03:04:05")
    assert [one.written for one in _write(archive, tmp_path / "v")] == [True]
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "v").rglob("*")}
    assert [one.written for one in _write(archive, tmp_path / "v")] == [False]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "v").rglob("*")} == before


def test_pictures_that_the_archive_has_lie_in_attachments(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article(body=f"# 夜航的灯塔\n\n![灯]({PICTURE})\n"))
    archive.images.keep(ID, PICTURE, png(640, 480), at="2026-01-02T03:04:05")
    _write(archive, tmp_path)
    [picture] = (tmp_path / "attachments").rglob("*.png")
    assert picture.read_bytes() == png(640, 480)
    where = picture.relative_to(tmp_path).as_posix()
    assert f'![灯](../{where} "{PICTURE}")' in (tmp_path / NAME).read_text(encoding="utf-8")


def test_no_sign_that_is_left_out_of_a_note_stood_between_those_of_a_command(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article())
    body = "# 夜航的灯塔\n\n<\x07% 一 %> #\u200b二\n"  # as somebody else's archive may hold it
    archive.database.execute("UPDATE articles SET body = ?", [body])
    _write(archive, tmp_path)
    assert "\n<\u034f% 一 %> \\#二\n" in (tmp_path / NAME).read_text(encoding="utf-8")


def test_a_link_to_an_archived_article_names_its_note_also_when_that_is_called_anew(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article(body=f"# 夜航的灯塔\n\n见[渡口]({OTHER})。\n"))
    archive.save(make_article(OTHER, title="渡口", body="# 渡口\n\n一。\n"))
    _write(archive, tmp_path)
    assert "见[[渡口|渡口]]。" in (tmp_path / NAME).read_text(encoding="utf-8")
    archive.save(make_article(OTHER, **_later(title="旧渡口", body="# 旧渡口\n\n一。\n")))
    assert [one.written for one in _write(archive, tmp_path)] == [True, True]
    assert "见[[旧渡口|渡口]]。" in (tmp_path / NAME).read_text(encoding="utf-8")
    assert not (tmp_path / "江畔手记" / "渡口.md").exists()


def test_what_a_person_adds_stays_when_the_note_is_written_anew(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article())
    _write(archive, tmp_path)
    path = tmp_path / NAME
    text = path.read_text(encoding="utf-8")
    text = text.replace("state: ok\n", "state: ok\ntags:\n  - 读过\nrating: 5\n")
    path.write_text(f"{text}\n{NOTES}\n\n#自己的 [[想法]]\n", encoding="utf-8")
    assert [one.left for one in _write(archive, tmp_path)] == [""]
    archive.save(make_article(**_later(body="# 夜航的灯塔\n\n改过。\n")))
    assert [one.written for one in _write(archive, tmp_path)] == [True]
    properties, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    told = yaml.safe_load(properties.removeprefix("---\n"))
    assert (told["rating"], told["tags"], told["state"]) == (5, ["读过"], "ok")
    assert body == f"\n# 夜航的灯塔\n\n改过。\n\n{NOTES}\n\n#自己的 [[想法]]\n"
    assert [one.written for one in _write(archive, tmp_path)] == [False]


def test_properties_that_obsidian_wrote_in_its_own_way_are_no_change(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article(title="一: 二", body=f"# 一: 二\n\n见[渡口]({OTHER})。\n"))
    archive.save(make_article(OTHER, title="渡口", body="# 渡口\n\n一。\n"))
    _write(archive, tmp_path)
    path = tmp_path / "江畔手记" / "一_ 二.md"
    text = path.read_text(encoding="utf-8").replace("'", '"')
    text = re.sub(r"(?m)^(url|source): (.+)$", r'\1: "\2"', text)
    path.write_text(text.replace("state: ok", "rating: 5\nstate: ok"), encoding="utf-8")
    archive.save(
        make_article(title="一: 二", **_later(body=f"# 一: 二\n\n见[新渡口]({OTHER})。\n"))
    )
    assert {one.left for one in _write(archive, tmp_path)} == {""}
    assert "[[渡口|新渡口]]" in path.read_text(encoding="utf-8")


def test_a_note_whose_text_was_changed_is_left_and_named(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article())
    _write(archive, tmp_path)
    path = tmp_path / NAME
    path.write_text(path.read_text(encoding="utf-8") + "一句。\n", encoding="utf-8")
    archive.save(make_article(**_later(body="# 夜航的灯塔\n\n改过。\n")))
    assert [one.left for one in _write(archive, tmp_path)] == [CHANGED]
    assert [one.written for one in _write(archive, tmp_path, overwrite=True)] == [True]


def test_notes_of_one_name_are_linked_with_their_folders(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article(account="渡口"))
    archive.save(make_article(OTHER, body=f"# 夜航的灯塔\n\n[见]({SIGNED})\n"))
    _write(archive, tmp_path)
    assert "[[渡口/夜航的灯塔|见]]" in (tmp_path / NAME).read_text(encoding="utf-8")


def test_a_note_that_takes_the_name_of_another_is_written_at_once(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article(OTHER))
    list(export(archive, tmp_path, None, as_vault(archive, tmp_path)))
    archive.save(make_article(date=""))
    done = list(export(archive, tmp_path, None, as_vault(archive, tmp_path)))
    assert [(one.article_id, one.path.stem, one.left) for one in done] == [
        (ID, "夜航的灯塔", ""),
        (f"{BIZ}:2650000002:1", "夜航的灯塔 2024-05-08", ""),
    ]
    assert len(list(tmp_path.rglob("*.md"))) == 2
