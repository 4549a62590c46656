"""One run at a time, where two would ask a host for the same."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from crawler.archive.files import asking_alone

if TYPE_CHECKING:
    from pathlib import Path

HOST = "mp.weixin.qq.com"


def _never(seconds: float) -> None:
    pytest.fail(f"nobody is to wait {seconds} seconds")


def test_a_run_waits_until_another_on_its_archive_has_its_answer(tmp_path: Path) -> None:
    archive, looks = tmp_path / "archive.db", []
    with ExitStack() as other:
        assert not other.enter_context(asking_alone(archive, HOST, _never))
        with asking_alone(archive, "mmbiz.qpic.cn", _never) as was_held:
            assert not was_held
        with asking_alone(tmp_path / "another.db", HOST, _never) as was_held:
            assert not was_held
        (tmp_path / "by_link.db").symlink_to(archive)

        def sleep(seconds: float) -> None:
            looks.append(seconds)
            if len(looks) == 3:
                other.close()

        with asking_alone(tmp_path / "by_link.db", HOST, sleep) as was_held:
            assert was_held
    assert len(looks) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["by_link.db"]


def test_a_run_that_was_halted_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    archive, looks, again = tmp_path / "archive.db", list[float](), list[float]()
    with ExitStack() as halted:
        halted.enter_context(asking_alone(archive, HOST, _never))
        with asking_alone(archive, HOST, looks.append) as was_held:
            assert was_held
        assert sum(looks) == pytest.approx(180, abs=1)
        with asking_alone(archive, HOST, _never) as was_held:  # at the next request
            assert not was_held
            halted.close()  # it goes on, and takes no lock of another along
            with asking_alone(archive, HOST, again.append):
                assert again
    assert not list(tmp_path.iterdir())


def test_where_no_lock_can_be_made_nobody_waits(tmp_path: Path) -> None:
    for _ in range(2):
        with asking_alone(tmp_path / "none" / "archive.db", HOST, _never) as was_held:
            assert not was_held
