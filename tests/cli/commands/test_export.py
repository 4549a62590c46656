from __future__ import annotations

import json
import os
import sys
import zipfile
from typing import TYPE_CHECKING

import feedparser  # type: ignore[import-untyped]
import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from crawler.archive import Archive
from crawler.archive.database import pack
from tests.archive.files.test_images import png
from tests.archive.specimens import ID, make_article
from tests.fake_answers import short_link
from tests.lookalikes import link, whole_seed
from tests.trust.faults import SICK

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat


@pytest.mark.parametrize(
    ("options", "states"),
    [
        (["--state", "ok"], ["ok"]),
        (["--state", "deleted"], ["deleted"]),
        (["--state", "ok", "--state", "deleted"], ["deleted", "ok"]),
        (["--state", "all"], ["deleted", "ok"]),
    ],
)
def test_jsonl_has_the_articles_in_the_states_that_were_asked_for(
    crawler: Crawler, wechat: FakeWeChat, options: list[str], states: list[str]
) -> None:
    crawler("fetch", short_link("article", 1), short_link("deleted", 1))
    assert wechat.record
    lines = crawler("export", "--jsonl", *options).stdout.splitlines()
    assert sorted(json.loads(line)["state"] for line in lines) == states


def test_a_state_without_jsonl_is_a_wrong_use(crawler: Crawler) -> None:
    assert crawler("export", "out", "--state", "ok").exit_code == 2


def _hurt_one_page_of_three(crawler: Crawler, wechat: FakeWeChat, folder: Path) -> None:
    crawler("fetch", *(short_link("article", number) for number in range(3)))
    assert len(wechat.record) == 3
    with Archive.open(folder / "archive.db") as archive:
        hurt = "UPDATE snapshots SET content = x'28b52ffd00' WHERE rowid = 1"
        archive.database.conn.execute(hurt)
        archive.database.conn.commit()


def test_a_stored_page_that_is_damaged_is_told_and_the_others_leave(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    _hurt_one_page_of_three(crawler, wechat, folder)
    result = crawler("export", "--warc", "pages.warc", "--wacz", "pages.wacz")
    assert result.exit_code == 1
    assert result.stderr.count("is damaged") == 1
    assert "2 pages in pages.warc" in result.stderr
    assert (folder / "pages.warc").read_bytes().count(b"WARC-Type: response") == 2
    assert (folder / "pages.wacz").exists()


def test_an_article_whose_stored_page_is_damaged_leaves_in_lines_and_by_a_merge_without_it(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    _hurt_one_page_of_three(crawler, wechat, folder)
    lines = crawler("export", "--jsonl")
    assert lines.exit_code == 1
    assert "is damaged" in lines.stderr
    (folder / "all.jsonl").write_text(lines.stdout, encoding="utf-8")
    assert "3 added" in crawler("--db", "one.db", "reclean", "all.jsonl").stderr
    merged = crawler("--db", "two.db", "merge", "archive.db")
    assert "3 added" in merged.stderr
    assert "is damaged" in merged.stderr


def test_an_article_whose_text_is_damaged_keeps_no_other_from_lines_or_a_merge(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    _hurt_one_page_of_three(crawler, wechat, folder)
    with Archive.open(folder / "archive.db") as archive:
        hurt = "UPDATE revisions SET body = ? WHERE rowid = 2"
        archive.database.conn.execute(hurt, (pack("夜航".encode()[:-1]),))
        archive.database.conn.commit()
    lines = crawler("export", "--jsonl")
    assert (lines.exit_code, lines.stdout.count('{"id"')) == (1, 2)
    assert lines.stderr.count("has a text that is damaged, and is left out") == 1
    merged = crawler("--db", "two.db", "merge", "archive.db")
    assert merged.exit_code == 1
    assert "2 added" in merged.stderr
    assert merged.stderr.count("has a text that is damaged, and is left out") == 1
    assert "its text is damaged" in crawler("export", "out").stderr
    assert not (folder / "out" / "archive.jsonl").exists()


def test_pages_leave_as_warc_and_as_wacz(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    crawler("fetch", short_link("article", 1), short_link("deleted", 1))
    assert wechat.record
    assert "1 page in a.warc.gz" in crawler("export", "--warc", "a.warc.gz").stderr
    with (folder / "a.warc.gz").open("rb") as file:
        about, record = list(ArchiveIterator(file))
    assert (about.rec_type, record.rec_type) == ("warcinfo", "response")
    assert "1 page in a.wacz" in crawler("export", "--wacz", "a.wacz").stderr
    with zipfile.ZipFile(folder / "a.wacz") as packed:
        last = packed.read("pages/pages.jsonl").splitlines()[-1]
    assert json.loads(last)["title"] == "灯塔日记 1"
    assert crawler("reclean", "a.wacz").exit_code == 0


@pytest.mark.parametrize("option", ["--warc", "--wacz"])
@pytest.mark.parametrize(
    "name", ["archive.db", "other.db", "archive.db-wal", "folder", "pipe", "."]
)
def test_pages_are_never_written_over_a_database_or_what_is_no_file(
    seeded: Crawler, folder: Path, option: str, name: str
) -> None:
    (folder / "other.db").write_bytes((folder / "archive.db").read_bytes())
    (folder / "archive.db-wal").write_bytes(b"\x37\x7f\x06\x82 and pages")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    before = (folder / name).lstat()
    result = seeded("export", option, name)
    assert result.exit_code == 1
    assert "cannot be written: it is " in result.stderr
    assert (folder / name).lstat().st_ino == before.st_ino


def test_export_writes_the_seed_layout_and_cleaning_it_again_changes_nothing(
    seeded: Crawler, folder: Path
) -> None:
    assert seeded("export", "out").exit_code == 0
    [path] = (folder / "out").rglob("*.md")
    assert path.relative_to(folder).as_posix() == "out/2024/05/08/临港日志_渡轮恢复通航.md"
    before = _everything(folder)
    assert seeded("reclean", "out").exit_code == 0
    assert _everything(folder) == before
    assert "0 files written" in seeded("export", "out").stderr


def test_an_export_below_another_archives_writes_nothing_unless_it_is_told_to(
    seeded: Crawler, folder: Path
) -> None:
    assert seeded("export", "out").exit_code == 0
    told = (folder / "out" / "archive.jsonl").read_bytes()
    with Archive.open(folder / "other.db") as other:
        other.save(make_article())
    refused = seeded("--db", "other.db", "export", "out")
    assert refused.exit_code == 1
    assert "1 article that this archive does not hold" in refused.stderr
    assert len(list((folder / "out").rglob("*.md"))) == 1
    assert (folder / "out" / "archive.jsonl").read_bytes() == told
    assert seeded("--db", "other.db", "export", "out", "--overwrite").exit_code == 0
    assert len(list((folder / "out").rglob("*.md"))) == 2


def test_two_files_of_one_name_are_a_wrong_use(seeded: Crawler, folder: Path) -> None:
    result = seeded("export", "--atom", "a.xml", "--epub", "./a.xml")
    assert result.exit_code == 2
    assert "one name" in result.stderr
    assert not (folder / "a.xml").exists()


def _everything(folder: Path) -> list[object]:
    with Archive.open(folder / "archive.db") as archive:
        tables = ("articles", "revisions", "events", "urls", "queue", "removed", "accounts")
        return [archive.database.execute(f"select * from {table}").fetchall() for table in tables]  # noqa: S608


def _entries(folder: Path, *, name: str = "a.xml") -> list[str]:
    return [entry.title for entry in feedparser.parse((folder / name).read_bytes()).entries]


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        ([], ["渡轮恢复通航"]),
        (["--account", "临港日志"], ["渡轮恢复通航"]),
        (["--account", "别人"], []),
        (["--search", "渡轮"], ["渡轮恢复通航"]),
        (["--id", link()], ["渡轮恢复通航"]),
        (["--id", link(3)], []),  # which has no text
        (["--state", "deleted"], []),
    ],
)
def test_a_feed_holds_the_articles_with_a_text_that_were_chosen(
    seeded: Crawler, folder: Path, options: list[str], titles: list[str]
) -> None:
    result = seeded("export", "--atom", "a.xml", *options)
    assert result.exit_code == 0
    assert f"{len(titles)} article" in result.stderr
    assert _entries(folder) == titles


def test_a_search_leaves_out_nothing_that_is_handed_on_though_another_has_the_same_text(
    crawler: Crawler, folder: Path
) -> None:
    text = "\n".join(f"浮标在第{number}号航道漂流，守塔人彻夜未眠。" for number in range(12))
    for name, number in (("one", 5), ("two", 6)):
        seed = whole_seed(text, url=link(number), title=f"灯塔日记 {name}", account=name)
        (folder / f"{name}.md").write_text(seed, encoding="utf-8")
    crawler("reclean", "one.md", "two.md")
    assert "and 1 more with this text" in crawler("search", "浮标").stdout
    assert "2 articles in" in crawler("export", "--atom", "a.xml", "--search", "浮标").stderr
    assert sorted(_entries(folder)) == ["灯塔日记 one", "灯塔日记 two"]
    crawler("export", "--epub", "a.epub", "--search", "浮标")
    with zipfile.ZipFile(folder / "a.epub") as book:
        assert len([name for name in book.namelist() if "/chapter-" in name]) == 2


def test_a_feed_that_says_the_same_is_not_written_again(seeded: Crawler, folder: Path) -> None:
    seeded("export", "--atom", "a.xml")
    before = (folder / "a.xml").stat().st_mtime_ns
    seeded("export", "--atom", "a.xml")
    assert (folder / "a.xml").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["--warc", "a.warc", "--account", "临港日志"],
        ["out", "--search", "渡轮"],
        ["--jsonl", "--limit", "1"],
    ],
)
def test_a_choice_for_what_holds_all_is_a_wrong_use(crawler: Crawler, arguments: list[str]) -> None:
    assert crawler("export", *arguments).exit_code == 2


def test_an_article_to_export_that_is_not_there_is_named(seeded: Crawler, folder: Path) -> None:
    result = seeded("export", "--atom", "a.xml", "--id", link(77))
    assert result.exit_code == 1
    assert "is not in the archive" in result.stderr
    assert not (folder / "a.xml").exists()


def test_a_book_holds_the_articles_that_were_chosen(seeded: Crawler, folder: Path) -> None:
    assert "1 article in a.epub" in seeded("export", "--epub", "a.epub", "--search", "渡轮").stderr
    with zipfile.ZipFile(folder / "a.epub") as book:
        assert "渡轮恢复通航" in book.read("EPUB/nav.xhtml").decode()
        assert "首班渡轮准点离岸" in book.read("EPUB/chapter-00001.xhtml").decode()


def test_a_book_leaves_out_a_picture_that_is_cut_short(crawler: Crawler, folder: Path) -> None:
    cut, whole = (f"https://mmbiz.qpic.cn/{name}?wx_fmt=png" for name in ("cut", "whole"))
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_article(body=f"# 夜航的灯塔\n\n![一]({cut})![二]({whole})\n"))
        archive.images.keep(ID, cut, png(640, 480)[:8], at="2026-01-02")
        archive.images.keep(ID, whole, png(640, 480), at="2026-01-02")
    assert crawler("export", "--epub", "a.epub").exit_code == 0
    with zipfile.ZipFile(folder / "a.epub") as book:
        assert len([name for name in book.namelist() if "pictures/" in name]) == 1


def test_a_book_of_no_article_is_refused_and_not_written(seeded: Crawler, folder: Path) -> None:
    result = seeded("export", "--epub", "a.epub", "--account", "别人")
    assert result.exit_code == 1
    assert "would be an empty book" in result.stderr
    assert not (folder / "a.epub").exists()


@pytest.fixture
def half_sick(crawler: Crawler, folder: Path) -> Crawler:
    """A command in a folder whose archive has two articles, and a picture that no disk gives."""
    if sys.platform != "linux":
        pytest.skip("it reads a file of /proc")
    with Archive.open(folder / "archive.db") as archive:
        for number in (1, 2):
            picture = f"https://mmbiz.qpic.cn/{number}/640"
            url = link(number)
            archive.save(
                make_article(url, title=f"渡口 {number}", body=f"一。\n\n![]({picture})\n")
            )
            archive.images.keep(
                archive.find(url) or "", picture, png(number, 9), at="2026-01-02T03:04:05"
            )
        [file] = archive.images.local(archive.find(link(1)) or "").values()
    file.unlink()
    file.symlink_to(SICK)
    return crawler


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        (("out", "--local-images"), ["](https://mmbiz.qpic.cn/1/640)", "](../../../images/"]),
        (("--vault", "out"), ["](https://mmbiz.qpic.cn/1/640)", "](../attachments/"]),
    ],
)
def test_a_picture_that_cannot_be_read_is_named_and_everything_else_is_exported(
    half_sick: Crawler, folder: Path, words: tuple[str, ...], holds: list[str]
) -> None:
    done = half_sick("export", *words)
    assert done.exit_code == 1
    [line] = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert ".png: cannot be read: Input/output error" in line
    assert "2 articles below out: " in done.stderr
    written = [path.read_text(encoding="utf-8") for path in sorted((folder / "out").rglob("*.md"))]
    assert len(written) == 2
    for text, picture in zip(written, holds, strict=True):
        assert picture in text


@pytest.mark.parametrize("words", [("--jsonl",), ("--epub", "out.epub")])
def test_a_picture_that_cannot_be_read_is_missing_in_one_file_and_named(
    half_sick: Crawler, words: tuple[str, ...]
) -> None:
    done = half_sick("export", *words)
    assert done.exit_code == 1
    assert done.stderr.count("cannot be read: Input/output error") == 1
    if words == ("--jsonl",):
        rows = [json.loads(line) for line in done.stdout.splitlines() if '"images"' in line]
        assert sorted(row["content"] is None for row in rows if "table" in row) == [False, True]
