"""Two processes with one archive.

Real ones, on the real clock, with an interval short enough to wait for.
"""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from crawler.archive.archive import Archive
from crawler.article import State
from crawler.config import FetchConfig
from crawler.errors import CoolingDown
from crawler.fetch.client import Fetcher
from tests.conftest import ROOT
from tests.fake_answers import long_link
from tests.fake_wechat import FakeWeChat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fetch.conftest import FakeTime

RUN = """
import sys
from pathlib import Path
from crawler.archive.archive import Archive
from crawler.config import FetchConfig
from crawler.fetch.client import Fetcher
from tests.fake_answers import long_link

config = FetchConfig(gateway=sys.argv[1], interval=0.2, jitter=0.05)

def telling(host, step):
    # the archive's exchange, which prints the start of each request that it grants
    def told(row):
        after, answer = step(row)
        if after["started_at"] != (row or {"started_at": 0.0})["started_at"]:
            print(after["started_at"])
        return after, answer

    return archive.pace.exchange(host, told)

with Archive.open(Path(sys.argv[2])) as archive, Fetcher(config, exchange=telling) as fetcher:
    for number in range(4):
        fetcher.get(long_link(number))
"""


def test_two_processes_on_one_archive_go_no_faster_than_one(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    with FakeWeChat() as fake:
        command = [sys.executable, "-c", RUN, fake.url, str(path)]
        # (our own interpreter)
        runs = [
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
            for _ in range(2)
        ]
        told = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert len(fake.record) == 8
    starts = sorted(float(start) for start in " ".join(told).split())
    assert len(starts) == 8
    assert all(later - sooner >= 0.2 for sooner, later in pairwise(starts))


def test_a_cool_down_is_kept_in_the_archive(tmp_path: Path, fake_time: FakeTime) -> None:
    path = tmp_path / "archive.db"
    with FakeWeChat(clock=fake_time) as fake:
        for number in range(3):
            config = FetchConfig(gateway=fake.url)
            with (
                Archive.open(path) as archive,
                Fetcher(
                    config, exchange=archive.pace.exchange, clock=fake_time, sleep=fake_time.sleep
                ) as fetcher,
            ):
                if number:
                    with pytest.raises(CoolingDown, match="the server asked to slow down"):
                        fetcher.get(long_link(number))
                else:
                    fetcher.get(long_link(number))
                    fetcher.judge(State.RATE_LIMITED)
    assert len(fake.record) == 1
