from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.archive.saving import arrival_of
from crawler.article import sha256
from crawler.flows import merge_archive
from tests.archive.journals import held_until_told
from tests.archive.specimens import ID, SHORT, SIGNED, make_article, make_page
from tests.clean.pages.lookalikes import LINK, modern
from tests.cli.conftest import rows_of
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


def test_what_another_archive_holds_is_searched_and_shown_in_this_one(
    seeded: Crawler, folder: Path
) -> None:
    with Archive.open(folder / "other.db") as archive:
        archive.save(make_article(SIGNED))
    result = seeded("merge", "other.db")
    assert result.exit_code == 0, result.output
    assert "1 input: 1 added" in result.stderr
    assert "夜航的【灯塔】" in seeded("search", "灯塔").stdout
    assert "1 unchanged" in seeded("merge", "other.db").stderr
    assert rows_of(folder, "SELECT count(*) FROM articles") == [(4,)]


def test_a_merge_that_is_done_again_brings_no_look_of_a_copy_that_joined(
    crawler: Crawler, folder: Path
) -> None:
    """Which has no link in its archive; and of its article another with the same text is told."""
    text = "\n".join(f"浮标在第{number}号航道漂流，守塔人彻夜未眠。" for number in range(12))
    for name, number in (("one", 5), ("two", 6)):
        account = {"source": name, "account": name}
        seed = whole_seed(text, url=link(number), title="灯塔日记", **account)
        (folder / f"{name}.md").write_text(seed, encoding="utf-8")
    cut = link(5).partition("&")[0]
    head = f"> **原文链接**: {cut}\n\n#  灯塔日记   \n原创 阿青  one   2024-05-08 11:29  \n  \n"
    (folder / "copy.md").write_text(f"{head}{text}\n", encoding="utf-8")
    crawler("--db", "other.db", "reclean", "copy.md")
    crawler("reclean", "one.md", "two.md")
    for _ in range(2):
        assert crawler("merge", "other.db").exit_code == 0
        assert rows_of(folder, "SELECT count(*) FROM articles") == [(2,)]
        assert rows_of(folder, "SELECT count(*) FROM events") == [(3,)]
        assert "and 1 more with this text" in crawler("search", "浮标").stdout


def test_an_archive_is_not_merged_with_itself_nor_with_what_is_none(
    seeded: Crawler, folder: Path
) -> None:
    assert "is the archive itself" in seeded("merge", "archive.db").stderr
    assert seeded("merge", "nobody.db").exit_code == 1
    (folder / "text.db").write_text("no database", encoding="utf-8")
    assert seeded("merge", "text.db").exit_code == 1
    assert not (folder / "nobody.db").exists()


def test_whoever_merges_an_archive_that_is_being_written_is_told_so_and_waits(
    folder: Path,
) -> None:
    with Archive.open(folder / "other.db") as archive:
        archive.save(make_article(SIGNED))
    with (
        held_until_told(folder / "other.db") as (told, end),
        Archive.open(folder / "archive.db") as archive,
    ):
        assert len(list(merge_archive(folder / "other.db", archive, on_wait=end))) == 1
    assert told == [60]


@pytest.mark.parametrize("name", ["true.md", "true.html"])
def test_no_word_of_another_archive_lets_a_file_be_passed_over_that_was_not_read_here(
    crawler: Crawler, folder: Path, name: str
) -> None:
    content = modern() if name.endswith(".html") else whole_seed().encode()
    (folder / "seeds").mkdir()
    (folder / "seeds" / name).write_bytes(content)
    forged = make_article(LINK, evidence=sha256(content), body="# forged\n\nforged\n")
    with Archive.open(folder / "other.db") as archive:
        archive.save_all([arrival_of(forged, "elsewhere.md")])
    assert crawler("merge", "other.db").exit_code == 0
    assert crawler("reclean", "seeds").exit_code == 0
    [(kept,)] = rows_of(folder, "SELECT count(*) FROM articles WHERE body NOT LIKE '%forged%'")
    assert kept == 1


def test_what_was_forgotten_by_one_address_and_came_by_another_is_told_once_both_are_known(
    crawler: Crawler, folder: Path
) -> None:
    known = {"archive": make_article(SHORT), "other": make_article(), "both": make_page()}
    for name, article in known.items():
        with Archive.open(folder / f"{name}.db") as archive:
            archive.save(article)
    crawler("forget", SHORT, "--yes")
    assert "1 added" in crawler("merge", "other.db").stderr
    told = crawler("merge", "both.db").stderr
    assert "1 forgotten" in told
    assert f"{ID} is what was forgotten by another address, and stands here" in told
