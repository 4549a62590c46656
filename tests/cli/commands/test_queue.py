from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.conftest import rows_of
from tests.fake_answers import short_link
from tests.lookalikes import link

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


def test_the_queue_is_listed_added_to_dropped_from_and_retried(
    crawler: Crawler, folder: Path
) -> None:
    assert crawler("queue", "add", short_link("article", 1), link(5, signed=False)).exit_code == 0
    listed = crawler("queue", "list").stdout
    assert "ready" in listed
    assert "needs a link" in listed
    assert crawler("queue", "add", "https://example.com/").exit_code == 1
    assert crawler("queue", "drop", short_link("article", 1)).exit_code == 0
    assert crawler("queue", "drop", short_link("article", 1)).exit_code == 1
    assert crawler("queue", "retry").exit_code == 0
    assert rows_of(folder, "select count(*) from queue") == [(1,)]


def test_a_list_is_added_with_what_it_says_and_its_broken_lines_are_named(
    crawler: Crawler, folder: Path
) -> None:
    good, broken = short_link("article", 1), short_link("article", 2) + "x"
    table = f"标题,链接,公众号,发布时间\n晚潮,{good},灯塔,2024-05-08\n坏,{broken},,\n"
    (folder / "list.csv").write_text(table, encoding="gb18030")
    result = crawler("queue", "add", "-f", "list.csv")
    assert result.exit_code == 1
    assert "list.csv, line 3" in result.stderr
    said = rows_of(folder, "select title, source, date, why from queue")
    assert said == [("晚潮", "灯塔", "2024-05-08", "added by hand")]
