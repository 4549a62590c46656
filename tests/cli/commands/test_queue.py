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
