"""kill -9 in the middle of a run: what was reported stays, and the next run goes on from there."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from tests.fake_answers import short_link

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat

URLS = 400
KILLS = 10


@pytest.mark.long
@pytest.mark.slow
def test_each_article_is_fetched_once_over_a_run_that_is_killed_ten_times(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    links = [short_link("article", number) for number in range(URLS)]
    assert crawler("queue", "add", *links).exit_code == 0
    chance = random.Random(20261123)
    reported: list[str] = []
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-u", "-m", "crawler", "fetch", "--queued"],
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
        ) as run:
            assert run.stdout
            reported += list(islice(run.stdout, chance.randint(1, 30)))
            run.send_signal(signal.SIGKILL)
            reported += list(run.stdout)
    assert crawler("fetch", "--queued").exit_code in (0, 1)
    asked = Counter(wechat.names)
    assert len(asked) == URLS
    # what was on its way when the run was killed is asked for again
    assert sum(asked.values()) <= URLS + KILLS
    with Archive.open(folder / "archive.db") as archive:
        assert archive.overview(now="").states == {"ok": URLS}
        assert archive.database.execute("pragma integrity_check").fetchone()[0] == "ok"
        for line in reported:
            assert archive.get(line.split("  ")[2]) is not None
