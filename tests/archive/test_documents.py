"""What export promises of names and of files."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import documents
from crawler.archive.documents import CHANGED, NO_TEXT, SEED, export
from crawler.archive.files.atomic import (
    move_file,
    whole_file,
    write_blocks,
    write_file,
    write_files,
)
from crawler.archive.files.names import collision_key, folder_of, plain_name, safe_part
from crawler.archive.layouts import BROKEN, ExportOptions, plan
from crawler.archive.saving import ExportedFile
from crawler.archive.saving.arrival import arrival_of
from crawler.article import State, sha256
from crawler.clean.seeds import read_seed
from crawler.errors import ArchiveError
from crawler.flows import reclean
from crawler.marks import CUT, NOTES, OWN
from tests.archive.specimens import BIZ, ID, make_article, make_page
from tests.lookalikes import whole_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
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


def _change(archive: Archive, *, day: int = 3, **fields: str) -> None:
    """Let a later look bring something new of the article."""
    archive.save(make_page(fetch_date=f"2026-03-0{day}T03:04:05.000006", **fields))


def _only(folder: Path) -> Path:
    [path] = folder.rglob("*.md")
    return path


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


NEW = "# 夜航的灯塔\n\n灯塔换了新灯。\n"


def test_a_document_that_a_person_changed_is_left_and_named(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article())
    list(export(archive, tmp_path))
    _edit(_only(tmp_path), "七秒", "九秒")
    for change in (False, True):
        if change:
            _change(archive, body=NEW)
        [left] = export(archive, tmp_path)
        assert (left.written, left.left) == (False, CHANGED)
        assert "九秒" in _only(tmp_path).read_text(encoding="utf-8")
    [taken] = export(archive, tmp_path, ExportOptions(overwrite=True))
    assert taken.written
    assert "新灯" in _only(tmp_path).read_text(encoding="utf-8")
    assert not any(one.written or one.left for one in export(archive, tmp_path))


def test_own_keys_and_notes_go_along_when_the_document_is_written_anew(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article())
    list(export(archive, tmp_path))
    path = _only(tmp_path)
    _edit(path, "\n---\n\n#", "\ntags:\n  - 海\nstars: 5\n---\n\n#")
    _edit(path, "title: 夜航的灯塔", 'title: "夜航的灯塔"')  # as editors quote it
    path.write_text(path.read_text(encoding="utf-8") + f"\n{NOTES}\n我的笔记\n", encoding="utf-8")
    [same] = export(archive, tmp_path)
    assert not same.left
    _change(archive, body=NEW)
    [new] = export(archive, tmp_path)
    assert new.written
    text = path.read_text(encoding="utf-8")
    assert "新灯" in text
    assert "\ntags:\n  - 海\nstars: 5\n---\n" in text
    assert text.endswith(f"\n\n{NOTES}\n我的笔记\n")
    assert not any(one.written or one.left for one in export(archive, tmp_path))


def test_an_article_with_a_new_title_has_its_file_renamed_with_what_was_added(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article())
    list(export(archive, tmp_path))
    path = _only(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + f"\n{NOTES}\n我的笔记\n", encoding="utf-8")
    _change(archive, title="新的灯塔", body="# 新的灯塔\n\n亮了。\n")
    list(export(archive, tmp_path))
    renamed = _only(tmp_path)
    assert "新的灯塔" in renamed.name
    assert "我的笔记" in renamed.read_text(encoding="utf-8")


def test_articles_that_change_titles_with_each_other_keep_their_own_notes(
    archive: Archive, tmp_path: Path
) -> None:
    urls = [f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=265000000{n}&idx=1" for n in (1, 2)]
    for round_, titles in enumerate((("甲", "乙"), ("乙", "甲"))):
        for url, title, own in zip(urls, titles, ("一号", "二号"), strict=True):
            body = f"# {title}\n\n{own}，第{round_}轮。\n"
            day = f"2026-0{round_ + 1}-02T03:04:05.000006"
            archive.save(make_article(url, title=title, body=body, fetch_date=day))
        files = {one.title: one.path for one in export(archive, tmp_path)}
        if round_ == 0:
            for path in files.values():
                own = path.read_text(encoding="utf-8").split("\n\n")[-1][:2]
                with path.open("a", encoding="utf-8") as file:
                    file.write(f"\n{NOTES}\n{own}的笔记\n")
    assert len(list(tmp_path.rglob("*.md"))) == 2
    for path in files.values():
        text = path.read_text(encoding="utf-8")
        assert ("一号的笔记" in text) == ("一号，第1轮" in text)
        assert ("二号的笔记" in text) == ("二号，第1轮" in text)


def test_a_file_that_nobody_knows_is_left(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article())
    [exported] = export(archive, tmp_path / "other")
    path = tmp_path / "out" / exported.path.relative_to(tmp_path / "other")
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    [left] = export(archive, tmp_path / "out")
    assert left.left
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_kill_between_file_and_manifest_makes_nobodys_change_of_it(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.save(make_article())
    list(export(archive, tmp_path))
    _change(archive, body=NEW)
    noted: list[object] = []
    note = archive.exported.note

    def killed_at_the_second(folder: Path, files: object) -> None:
        noted.append(files)
        if len(noted) == 2:
            raise KeyboardInterrupt
        note(folder, files)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(archive.exported, "note", killed_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            list(export(archive, tmp_path))
    assert "新灯" in _only(tmp_path).read_text(encoding="utf-8")
    _change(archive, day=4, body=NEW.replace("新", "旧"))
    [exported] = export(archive, tmp_path)
    assert (exported.written, exported.left) == (True, "")


def test_properties_say_what_the_five_keys_cannot(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article(author="林川", published_at="2024-05-08T09:00:00+08:00"))
    [one] = export(archive, tmp_path, ExportOptions(properties=True))
    text = one.path.read_text(encoding="utf-8")
    assert "\nstate: ok\naccount: 江畔手记\nauthor: 林川\npublished: '2024-05-08T09:00" in text
    [plain] = export(archive, tmp_path)
    assert plain.written
    assert "state:" not in one.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("state", [State.TRUNCATED, State.PAID])
@pytest.mark.parametrize("options", [ExportOptions(), ExportOptions(properties=True)])
def test_a_cut_article_says_so_in_its_file_and_is_read_back_as_it_was(
    archive: Archive, tmp_path: Path, state: State, options: ExportOptions
) -> None:
    archive.save(make_article(state=state))
    [one] = export(archive, tmp_path, options)
    assert one.path.read_text(encoding="utf-8").rstrip().endswith(CUT[state])
    seed = read_seed(one.path.read_bytes())
    assert seed.state is state
    assert CUT[state] not in seed.text
    assert seed.text.strip() == "灯塔的光每隔七秒扫过一次海面。"


@pytest.mark.parametrize("options", [ExportOptions(), ExportOptions(properties=True)])
@pytest.mark.parametrize("state", [State.OK, *CUT])
@pytest.mark.parametrize(
    "line", [*CUT.values(), f"> {OWN}{CUT[State.PAID][2:]}", f">  ={CUT[State.PAID][2:]}= ^a"]
)
def test_a_line_like_ours_that_an_article_has_says_whose_it_is_and_comes_back(
    archive: Archive, tmp_path: Path, options: ExportOptions, state: State, line: str
) -> None:
    code = f"```\n{CUT[State.TRUNCATED]}\n```"
    body = f"灯塔的光每隔七秒扫过一次海面。\n\n{line}\n\n雾来的时候船不开。\n\n{code}\n\n{line}\n"
    archive.save(make_article(state=state, body=body))
    [one] = export(archive, tmp_path, options)
    written = one.path.read_text(encoding="utf-8")
    assert f"\n{line}\n" not in written.removesuffix(f"\n{CUT.get(state)}\n")
    seed = read_seed(one.path.read_bytes())
    assert seed.state is state
    assert seed.text.strip() == body.strip()


@pytest.mark.parametrize("options", [ExportOptions(), ExportOptions(properties=True)])
@pytest.mark.parametrize("state", CUT)
@pytest.mark.parametrize(
    "line",
    [
        *("{}", "{} ^abc123", "{}[^1]", "{} %% 已读 %%", ">  ==✂\ufe0f {:.2}=="),
        *("> [!quote] ✂{:.2}", f"{NOTES}\n\n{{}}"),
    ],
)
def test_what_a_person_wrote_around_the_mark_of_a_cut_is_no_part_of_the_text(
    archive: Archive, tmp_path: Path, options: ExportOptions, state: State, line: str
) -> None:
    archive.save(make_article(state=state))
    [one] = export(archive, tmp_path, options)
    written = line.replace("{:.2}", CUT[state][3:].replace("，", ",")).replace("{}", CUT[state])
    for below in ("", "\n\n我的一句批注。", "\n^abc123", "\n\n---"):
        document = one.path.read_text("utf-8").replace(CUT[state], f"{written}{below}")
        seed = read_seed(document.encode())
        assert (seed.state, seed.text.strip()) == (state, "灯塔的光每隔七秒扫过一次海面。")
        assert bool(seed.disclosures) is bool(below or NOTES in line)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _gigabytes(path: Path) -> None:
    os.truncate(path, 3 << 30)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("make", [_pipe, _device, _folder, _gigabytes])
@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_no_file_of_ours_in_the_folder_is_named_and_left(
    archive: Archive, tmp_path: Path, make: Callable[[Path], None], *, overwrite: bool
) -> None:
    archive.save(make_article())
    list(export(archive, tmp_path))
    path = _only(tmp_path)
    make(path)
    before = path.lstat()
    _change(archive, body=NEW)
    [left] = export(archive, tmp_path, ExportOptions(overwrite=overwrite))
    assert left.left
    assert not left.written
    assert path.lstat().st_ino == before.st_ino


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_where_a_file_is_written_aside_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".a.md.part")
    with pytest.raises(ArchiveError, match="cannot be written"):
        write_file(tmp_path / "a.md", b"new")
    write_file(tmp_path / "a.md", b"new")
    assert (tmp_path / "a.md").read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="Windows moves no file that is open")
def test_two_who_write_one_file_at_once_write_it_whole_the_later_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    with whole_file(path) as one:
        one.write(b"the longer text of one")
        one.flush()
        with whole_file(path) as other:
            other.write(b"other")
        assert path.read_bytes() == b"other"
        with pytest.raises(ArchiveError):
            write_blocks(path, _cut_short())
    assert path.read_bytes() == b"the longer text of one"
    assert [left.name for left in tmp_path.iterdir()] == ["a.md"]


def _cut_short() -> Iterator[bytes]:
    yield b"third"
    raise OSError(errno.ENOSPC, "no space")


def test_what_a_killed_run_left_aside_is_taken_and_none_of_it_kept(tmp_path: Path) -> None:
    (tmp_path / ".a.md.part").write_bytes(b"half of a longer text")
    assert write_file(tmp_path / "a.md", b"new")
    assert (tmp_path / "a.md").read_bytes() == b"new"
    assert [left.name for left in tmp_path.iterdir()] == ["a.md"]


def test_what_another_run_wrote_alike_meanwhile_was_changed_by_nobody(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"new")
    assert write_files([(path, b"new", None)]) == set()
    assert write_files([(path, b"new", b"old")]) == set()
    assert write_files([(path, b"newer", b"old")]) == {path}
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize(
    "title", ["[" * 9000, "{a: " * 9000, '"\\UFFFFFFFF"', '"\\uD800"', "!!python/object:os 一"]
)
def test_front_matter_that_yaml_breaks_on_is_a_persons_change(
    archive: Archive, tmp_path: Path, title: str
) -> None:
    archive.save(make_article())
    list(export(archive, tmp_path))
    _edit(_only(tmp_path), "title: 夜航的灯塔", f"title: {title}")
    [left] = export(archive, tmp_path)
    assert left.left == CHANGED
    assert title in _only(tmp_path).read_text(encoding="utf-8")
    read_seed(_only(tmp_path).read_bytes()).title.encode()


@pytest.mark.parametrize("path", ["../victim.md", "{}/victim.md", "a/../../victim.md"])
def test_a_manifest_of_another_archive_leads_to_no_file_outside_of_the_folder(
    archive: Archive, tmp_path: Path, path: str
) -> None:
    archive.save(make_article())
    victim = tmp_path / "victim.md"
    victim.write_text("mine", encoding="utf-8")
    forged = ExportedFile(article_id=ID, path=path.format(tmp_path), sha256="x")
    archive.exported.note(tmp_path / "out", [forged])
    list(export(archive, tmp_path / "out", ExportOptions(overwrite=True)))
    assert victim.read_text(encoding="utf-8") == "mine"


MINE = {
    "a diary": "mine\n",
    "another article's": "---\ntitle: 灯塔\nurl: https://mp.weixin.qq.com/s/AnotherOne0000000000A\n"
    "source: 江\ndate: 2025-10-06\nfetch_date: 2025-10-06T00:00:00\n---\n\n# 灯塔\n",
    "no text": "\x00\udcff",
}


@pytest.mark.parametrize("forged", [True, False])
@pytest.mark.parametrize("kind", MINE)
@pytest.mark.parametrize("place", ["diary.md", "target"])
def test_a_manifest_of_another_archive_replaces_and_removes_no_file_of_a_person(
    archive: Archive, tmp_path: Path, place: str, kind: str, *, forged: bool
) -> None:
    archive.save(make_article())
    [first] = export(archive, tmp_path / "elsewhere")
    path = first.path.relative_to(tmp_path / "elsewhere").as_posix()
    victim = tmp_path / "out" / (path if place == "target" else place)
    victim.parent.mkdir(parents=True)
    content = MINE[kind].encode("utf-8", "surrogateescape")
    victim.write_bytes(content)
    name = victim.relative_to(tmp_path / "out").as_posix()
    known = sha256(content) if forged else ""
    archive.exported.note(tmp_path / "out", [ExportedFile(article_id=ID, path=name, sha256=known)])
    for overwrite in (False, True):
        list(export(archive, tmp_path / "out", ExportOptions(overwrite=overwrite)))
        assert victim.read_bytes() == content


def test_a_manifest_of_another_archive_removes_no_seed(archive: Archive, tmp_path: Path) -> None:
    seed = whole_seed(url=make_article().url)
    (tmp_path / "seed.md").write_text(seed, encoding="utf-8")
    list(reclean([tmp_path / "seed.md"], archive))
    [article_id] = [row[0] for row in archive.database.conn.execute("SELECT id FROM articles")]
    forged = ExportedFile(article_id=article_id, path="seed.md", sha256=sha256(seed.encode()))
    archive.exported.note(tmp_path, [forged])
    for overwrite in (False, True):
        list(export(archive, tmp_path, ExportOptions(overwrite=overwrite)))
        assert (tmp_path / "seed.md").read_text(encoding="utf-8") == seed


def test_a_document_that_was_changed_and_read_back_is_left_and_called_a_seed(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "seed.md").write_text(whole_seed(url=make_article().url), encoding="utf-8")
    list(reclean([tmp_path / "seed.md"], archive))
    [one] = export(archive, tmp_path / "out")
    one.path.write_text(one.path.read_text(encoding="utf-8") + "我的一句\n", encoding="utf-8")
    list(reclean([one.path], archive))
    for overwrite, why in ((False, CHANGED), (True, SEED)):
        [left] = export(archive, tmp_path / "out", ExportOptions(overwrite=overwrite))
        assert (left.written, left.left) == (False, why)


def test_a_forged_owner_has_no_file_of_a_person_renamed(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article())
    archive.save(make_article(OTHER_ARTICLE, title="渡口", body="# 渡口\n"))
    [one, _] = export(archive, tmp_path / "elsewhere")
    path = one.path.relative_to(tmp_path / "elsewhere")
    victim = tmp_path / "out" / path
    victim.parent.mkdir(parents=True)
    victim.write_text("mine", encoding="utf-8")
    owner = next(row.id for row in archive.records() if row.id != one.article_id)
    archive.exported.note(
        tmp_path / "out", [ExportedFile(article_id=owner, path=path.as_posix(), sha256="x")]
    )
    list(export(archive, tmp_path / "out", ExportOptions(overwrite=True)))
    assert victim.read_text(encoding="utf-8") == "mine"


OTHER_ARTICLE = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000009&idx=1&sn=aa"


def test_the_line_of_notes_in_a_block_of_code_is_the_articles_own(
    archive: Archive, tmp_path: Path
) -> None:
    body = f"# 夜航的灯塔\n\n```\n{NOTES}\n灯\n```\n\n末段。\n"
    archive.save(make_article(body=body))
    [one] = export(archive, tmp_path)
    assert "末段" in read_seed(one.path.read_bytes()).text
    with one.path.open("a", encoding="utf-8") as file:
        file.write(f"\n{NOTES}\n我的笔记\n")
    assert "我的笔记" not in read_seed(one.path.read_bytes()).text
    _change(archive, body=NEW)
    [new] = export(archive, tmp_path)
    assert new.written
    assert one.path.read_text(encoding="utf-8").endswith(f"新灯。\n\n{NOTES}\n我的笔记\n")


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("```a``b`c``` 是代码。", NOTES),  # a span of code, not a fence
        ("```\n- ```\n```", NOTES),  # a block that shows a fence
        ("```\n> ```\n```", NOTES),
        ("- ```\n  灯\n  ```", NOTES),
        ("> ~~~ 灯\n> 灯\n> ~~~", NOTES),
        ("末段。", f"{NOTES} "),  # as an editor leaves it
        ("末段。", "  <!--Notes-->"),  # as people type it
    ],
)
def test_notes_stay_behind_any_text_and_are_no_part_of_it(
    archive: Archive, tmp_path: Path, before: str, line: str
) -> None:
    archive.save(make_article(body=f"# 夜航的灯塔\n\n{before}\n"))
    [one] = export(archive, tmp_path)
    with one.path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n我的笔记\n")
    assert "我的笔记" not in read_seed(one.path.read_bytes()).text
    _change(archive, body=NEW)
    [new] = export(archive, tmp_path)
    assert (new.written, new.left) == (True, "")
    assert one.path.read_text(encoding="utf-8").endswith(f"新灯。\n\n{line}\n我的笔记\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("source: ", "# 我的话\nsource: "),
        ("title: 夜航的灯塔", "title: 夜航的灯塔 # 我的话"),
        ("title: 夜航的灯塔", "title: 我的话\ntitle: 夜航的灯塔"),
    ],
)
def test_comments_and_second_values_among_our_keys_are_not_lost(
    archive: Archive, tmp_path: Path, old: str, new: str
) -> None:
    archive.save(make_article())
    list(export(archive, tmp_path))
    _edit(_only(tmp_path), old, new)
    _change(archive, body=NEW)
    list(export(archive, tmp_path))
    assert "我的话" in _only(tmp_path).read_text(encoding="utf-8")


@pytest.mark.parametrize("title", ["it's # it's", "一 # 二\u2028三", "# 一", "C# 一", "'一' # 二"])
def test_a_hash_in_a_title_is_nobodys_remark(archive: Archive, tmp_path: Path, title: str) -> None:
    archive.save(make_article(title=title))
    list(export(archive, tmp_path))
    _change(archive, title=title, body=NEW)
    [one] = export(archive, tmp_path)
    assert (one.written, one.left) == (True, "")


def test_notes_are_never_read_as_a_part_of_the_article(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article())
    [one] = export(archive, tmp_path)
    with one.path.open("a", encoding="utf-8") as file:
        file.write(f"\n{NOTES}\n我的笔记\n")
    assert "我的笔记" not in read_seed(one.path.read_bytes()).text


def test_what_is_saved_while_an_export_writes_is_left(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.save(make_article())
    archive.save(make_article(id=f"{BIZ}:2650000009:1", url=OTHER_ARTICLE, title="港"))
    [one, _] = export(archive, tmp_path)
    new = next(path for path in tmp_path.rglob("*.md") if path != one.path)
    new.unlink()
    _change(archive, body=NEW)

    def save_and_write(files: Sequence[tuple[Path, bytes, bytes | None]]) -> set[Path]:
        for path in (one.path, new):
            path.write_text("我的话", encoding="utf-8")
        return write_files(files)

    monkeypatch.setattr(documents, "write_files", save_and_write)
    assert [(one.written, one.left) for one in export(archive, tmp_path)] == [(False, CHANGED)] * 2
    assert {path.read_text(encoding="utf-8") for path in (one.path, new)} == {"我的话"}


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


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP, errno.EBADF])
def test_a_file_is_written_where_the_system_syncs_no_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    sync = os.fsync

    def of_files_alone(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", of_files_alone)
    assert write_file(tmp_path / "a.md", b"new")
    move_file(tmp_path / "a.md", tmp_path / "sub" / "b.md")
    assert (tmp_path / "sub" / "b.md").read_bytes() == b"new"


def test_a_disk_that_fails_to_sync_a_folder_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def broken(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, "Input/output error")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(ArchiveError, match="Input/output error"):
        write_file(tmp_path / "a.md", b"new")


def test_a_folder_that_is_a_file_is_a_clear_error(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article())
    (tmp_path / "out").write_text("not a folder")
    with pytest.raises(ArchiveError, match="cannot be written"):
        list(export(archive, tmp_path / "out"))


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(
    ("encoding", "end"),
    [
        ("gb18030", "\n"),
        ("utf-16", "\r\n"),
        ("utf-16-le", "\n"),
        ("utf-8-sig", "\r\n"),
        ("utf-8", "\r"),
    ],
)
def test_notes_and_own_keys_stay_in_whatever_encoding_an_editor_saved_them(
    archive: Archive, tmp_path: Path, encoding: str, end: str, *, overwrite: bool
) -> None:
    archive.save(make_article())
    [one] = export(archive, tmp_path)
    _edit(one.path, "\n---\n\n#", "\nstars: 5\n---\n\n#")
    text = one.path.read_text(encoding="utf-8") + f"\n{NOTES}\n我的笔记\n"
    one.path.write_bytes(text.replace("\n", end).encode(encoding))
    _change(archive, body=NEW)
    [new] = export(archive, tmp_path, ExportOptions(overwrite=overwrite))
    assert (new.written, new.left) == (True, "")
    after = one.path.read_text(encoding="utf-8")
    assert ("新灯" in after, "stars: 5" in after, "我的笔记" in after) == (True, True, True)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"\n---\n\n#", b"\nmine: \xff\n---\n\n#", NO_TEXT),
        (b"title: ", b"mine: 5\ntitle: [", BROKEN),
    ],
)
def test_what_cannot_be_read_of_a_persons_document_is_left_and_named(
    archive: Archive, tmp_path: Path, old: bytes, new: bytes, why: str
) -> None:
    archive.save(make_article())
    [one] = export(archive, tmp_path)
    mine = one.path.read_bytes().replace(old, new, 1) + f"\n{NOTES}\n我的笔记\n".encode()
    one.path.write_bytes(mine)
    _change(archive, body=NEW)
    [left] = export(archive, tmp_path, ExportOptions(overwrite=True))
    assert (left.written, left.left) == (False, why)
    assert one.path.read_bytes() == mine


@pytest.mark.parametrize(
    "own",
    [
        "dc:creator: 守塔人",
        "a:b:c: d",
        "stars: 5\nstars: 6",
        "note: |\n  一\n  ---\n  title: 不是\n\n  二",
        "tags:\n- 海\n- b: c",
        '"键: 一": "值: #1"',
        "m: [a,\n  b]",
        "? 复杂\n: 值",
    ],
)
def test_own_keys_of_any_form_are_never_lost(archive: Archive, tmp_path: Path, own: str) -> None:
    archive.save(make_article())
    [one] = export(archive, tmp_path)
    _edit(one.path, "\n---\n\n#", f"\n{own}\n---\n\n#")
    _change(archive, body=NEW)
    for overwrite in (False, True):
        [new] = export(archive, tmp_path, ExportOptions(overwrite=overwrite))
        after = one.path.read_text(encoding="utf-8")
        assert own in after
        assert bool(new.left) == ("新灯" not in after) == own.startswith("?")
