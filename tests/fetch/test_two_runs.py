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
with Archive.open(Path(sys.argv[2])) as archive, Fetcher(config, exchange=archive.exchange_pace) as fetcher:
    for number in range(4):
        fetcher.get(long_link(number))
"""


def test_two_processes_on_one_archive_go_no_faster_than_one(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    with FakeWeChat() as fake:
        command = [sys.executable, "-c", RUN, fake.url, str(path)]
        # (our own interpreter)
        runs = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]  # noqa: S603
        assert [run.wait(30) for run in runs] == [0, 0]
    assert len(fake.record) == 8
    # A request reaches the server some milliseconds after its start; the gaps are those of the
    # starts but for that.
    assert all(later.at - sooner.at > 0.15 for sooner, later in pairwise(fake.record))
    assert fake.record[-1].at - fake.record[0].at > 7 * 0.2 - 0.05


def test_a_cool_down_is_kept_in_the_archive(tmp_path: Path, fake_time: FakeTime) -> None:
    path = tmp_path / "archive.db"
    with FakeWeChat(clock=fake_time) as fake:
        for number in range(3):
            config = FetchConfig(gateway=fake.url)
            with (
                Archive.open(path) as archive,
                Fetcher(
                    config, exchange=archive.exchange_pace, clock=fake_time, sleep=fake_time.sleep
                ) as fetcher,
            ):
                if number:
                    with pytest.raises(CoolingDown, match="WeChat asked to slow down"):
                        fetcher.get(long_link(number))
                else:
                    fetcher.get(long_link(number))
                    fetcher.judge(State.RATE_LIMITED)
    assert len(fake.record) == 1
