from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from crawler.archive import Archive
from tests.fake_answers import short_link
from tests.lookalikes import whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat


def test_an_audit_of_a_sound_archive_finds_nothing(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    (folder / "a.md").write_text(whole_seed(), encoding="utf-8")
    crawler("reclean", "a.md")
    crawler("fetch", short_link("article", 1), short_link("deleted", 1))
    assert wechat.record
    result = crawler("audit")
    assert (result.exit_code, "all is well" in result.stderr) == (0, True), result.output


def test_what_an_audit_names_and_is_no_fault_does_not_fail_it(
    crawler: Crawler, folder: Path
) -> None:
    (folder / "a.md").write_text(whole_seed(), encoding="utf-8")
    crawler("reclean", "a.md")
    with Archive.open(folder / "archive.db") as archive:
        archive.database.execute(
            "INSERT OR REPLACE INTO learned SELECT account, 'f', json_array(id) FROM articles"
        )
        archive.database.commit()
    result = crawler("audit")
    assert "promo-spared" in result.stdout
    assert (result.exit_code, "all is well" in result.stderr) == (0, True), result.output


def test_an_audit_names_a_body_that_is_a_notice(crawler: Crawler, folder: Path) -> None:
    (folder / "a.md").write_text(whole_seed(), encoding="utf-8")
    crawler("reclean", "a.md")
    with Archive.open(folder / "archive.db") as archive:
        archive.database.execute(
            "update articles set body = '# 渡轮恢复通航\n\n该内容已被发布者删除\n'"
        )
        archive.database.commit()
    result = crawler("audit")
    assert result.exit_code == 1
    assert "notice" in result.stdout


def test_a_deep_audit_judges_what_another_tool_wrote_as_that_was_read(
    crawler: Crawler, folder: Path
) -> None:
    clipping = whole_seed().replace("url:", "source_url:").replace("---\n", "---\r", 1)
    (folder / "a.md").write_text(clipping.replace("\n", "\r"), encoding="utf-8", newline="")
    (folder / "b.md").write_text(whole_seed(), encoding="utf-8")
    assert crawler("reclean", "a.md", "b.md").exit_code == 0
    with Archive.open(folder / "archive.db") as archive:
        assert archive.seeds.all()
    result = crawler("audit", "--deep")
    assert "the archive has it as" not in result.stdout, result.output


def test_a_seed_says_once_more_what_a_salvage_lost_with_the_row_of_its_article(
    seeded: Crawler, folder: Path
) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        before = database.execute("SELECT * FROM articles ORDER BY id").fetchall()
        database.execute("DELETE FROM articles")
        database.commit()
    seeded("audit", "--salvage", "new.db")
    seeded("--db", "new.db", "reclean")
    with closing(sqlite3.connect(folder / "new.db")) as database:
        assert database.execute("SELECT * FROM articles ORDER BY id").fetchall() == before


def test_a_salvage_tells_of_what_others_added_and_it_leaves_behind(
    seeded: Crawler, folder: Path
) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as tool, tool:
        tool.execute("ALTER TABLE articles ADD COLUMN mine TEXT")
        tool.execute("CREATE TABLE reading_list (id TEXT)")
    done = seeded("audit", "--salvage", "new.db")
    assert (done.exit_code, "0 rows could not be saved" in done.stderr) == (0, True)
    assert "this program did not make it: articles.mine, reading_list" in done.stderr
