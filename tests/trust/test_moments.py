"""A date that is still to come when its input is read was never the day of a look."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from itertools import permutations, product
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.archive.carrying import carry_in, carry_over
from crawler.archive.lines import each_line
from crawler.article import State
from crawler.flows import read_pages, reclean
from crawler.times import SHANGHAI, can_have_been
from tests.archive.specimens import ID, make_article, make_page, tables_of
from tests.lookalikes import deleted_seed, link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from crawler.article import Article

NOW = datetime(2026, 3, 1, tzinfo=SHANGHAI)
LATER = datetime(2100, 1, 1, tzinfo=SHANGHAI)
TO_COME = "2099-01-01T00:00:00.000000"
NO_MOMENTS = (TO_COME, "9999-12-31T23:59:59", "2025-13-45", "zzzz", "3000", "2026-03-03T00:00:00")


PAGE = f"""<html><head><title>渡口夜话</title><meta property="og:url" content="{link()}"></head>
<body><h1 id="activity-name">渡口夜话</h1>
<div id="js_content"><p>船六点开。</p></div></body></html>"""


def _seed(fetched: str, words: str = "", seed: str = "") -> str:
    seed = seed or whole_seed(f"港口今晨恢复通航，{words}首班渡轮准点离岸。")
    return seed.replace("2025-10-06T17:17:02.990516", fetched)


def _reclean(folder: Path, seeds: Iterable[tuple[str, datetime]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "archive.db"
    with Archive.open(path) as archive:
        for number, (seed, now) in enumerate(seeds):
            file = folder / f"{number}.md"
            file.write_text(seed, encoding="utf-8")
            list(reclean([file], archive, now=lambda now=now: now))  # type: ignore[misc]
    return path


def _row(path: Path) -> dict[str, Any]:
    with Archive.open(path, read_only=True) as archive:
        [row] = archive.database["articles"].rows
    return row


def _content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with Archive.open(path, read_only=True) as archive:
        tables = tables_of(archive.database)
    del tables["seeds"]  # which names the files
    return tables


@pytest.mark.parametrize("fetched", NO_MOMENTS)
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_seed_of_a_day_to_come_is_not_shown_before_the_latest(
    order: tuple[int, ...], fetched: str, tmp_path: Path
) -> None:
    seeds = [_seed(fetched, "甲"), _seed("2025-01-01T00:00:00", "乙"), _seed("2024-01-01", "丙")]
    row = _row(_reclean(tmp_path, [(seeds[index], NOW) for index in order]))
    assert "乙" in row["body"]
    assert row["fetch_date"] == row["checked_at"] == "2025-01-01T00:00:00"


def test_what_a_seed_says_of_its_day_is_kept_as_it_was_said(tmp_path: Path) -> None:
    path = _reclean(tmp_path, [(_seed(TO_COME), NOW)])
    row = _row(path)
    assert row["fetch_date"] == TO_COME
    assert f"fetch_date: {TO_COME}" in row["front_matter"]
    assert row["checked_at"] == ""
    with Archive.open(path) as archive:
        [event] = archive.database["events"].rows
        assert event["at"] == ""
        assert event["detail"].endswith(f"{TO_COME}, which cannot have been")
        assert not list(archive.audit(today="2026-03-01"))


def test_a_clock_that_is_ahead_by_hours_is_no_lie() -> None:
    assert can_have_been("2026-03-01T23:00:00", NOW)
    assert not can_have_been("2026-03-02T01:00:00", NOW)
    assert not can_have_been("", NOW)


def test_a_notice_of_a_day_to_come_is_not_the_latest_word(tmp_path: Path) -> None:
    notice = _seed(TO_COME, seed=deleted_seed(url=link()))
    for order in permutations([(notice, NOW), (_seed("2025-01-01T00:00:00"), NOW)]):
        folder = tmp_path / str(order[0][0] == notice)
        row = _row(_reclean(folder, order))
        assert (row["state"], row["state_now"]) == ("ok", "ok")


def _looks() -> list[Article]:
    early = make_article(body="# 灯塔\n\n甲。\n", fetch_date=TO_COME, evidence="e1" * 32)
    return [
        replace(early, undated=True),
        early,  # as whoever reads it after that day does
        make_article(body="# 灯塔\n\n乙。\n", fetch_date="2025-01-01T00:00:00", evidence="e2" * 32),
        make_page(state=State.DELETED, fetch_date="2026-01-01T00:00:00"),
    ]


def test_no_order_and_no_day_of_reading_makes_a_difference(tmp_path: Path) -> None:
    contents = []
    for number, order in enumerate(permutations(_looks())):
        with Archive.open(tmp_path / f"{number}.db") as archive:
            for look in order:
                archive.save(look)
            tables = tables_of(archive.database)
            del tables["accounts"]  # was seen until 2099, where that was believed first
            contents.append(tables)
            record = archive.get(ID)
            assert record
            assert "乙" in record.body
            assert not list(archive.audit(today="2026-03-01"))
    assert all(content == contents[0] for content in contents)


def test_archives_that_were_read_before_and_after_that_day_are_joined_alike(tmp_path: Path) -> None:
    seeds = [_seed(TO_COME, "甲"), _seed("2025-01-01T00:00:00", "乙")]
    for number, (first, second) in enumerate(product((NOW, LATER), repeat=2)):
        parts = [
            _reclean(tmp_path / f"{number}-a", [(seeds[0], first)]),
            _reclean(tmp_path / f"{number}-b", [(seeds[0], second), (seeds[1], second)]),
        ]
        joined = [
            _joined(tmp_path / f"{number}-{order}", order, parts) for order in ((0, 1), (1, 0))
        ]
        assert joined[0] == joined[1]
        [row] = joined[0]["articles"]
        was_early = NOW in (first, second)
        assert any("乙" in str(value) for value in row) is was_early


def _joined(
    folder: Path, order: tuple[int, ...], parts: list[Path], now: datetime = LATER
) -> dict[str, list[tuple[Any, ...]]]:
    folder.mkdir()
    with Archive.open(folder / "archive.db") as archive:
        for index in order:
            with Archive.open(parts[index], read_only=True) as other:
                carried = list(carry_over(archive, other, now=now))
                assert not [one.error for one in carried if one.error]
    return _content(folder / "archive.db")


def test_an_older_archive_that_believed_a_day_to_come_is_read_and_not_believed(
    tmp_path: Path,
) -> None:
    believed = _reclean(tmp_path / "a", [(_seed(TO_COME, "甲"), LATER)])
    known = _reclean(tmp_path / "b", [(_seed("2025-01-01T00:00:00", "乙"), NOW)])
    for order in ((0, 1), (1, 0)):
        contents = _joined(tmp_path / f"to-{order}", order, [believed, known], now=NOW)
        assert "乙" in repr(contents["articles"])
        assert "甲" not in repr(contents["articles"])
    alone = _joined(tmp_path / "alone", (0,), [believed], now=NOW)
    honest = _content(_reclean(tmp_path / "c", [(_seed(TO_COME, "甲"), NOW)]))
    assert alone == honest


def test_lines_of_json_are_joined_as_archives_are(tmp_path: Path) -> None:
    with Archive.open(_reclean(tmp_path / "a", [(_seed(TO_COME, "甲"), LATER)])) as other:
        lines = tmp_path / "lines.jsonl"
        told = each_line(other.connection, other.images.root)
        lines.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
    known = _reclean(tmp_path / "b", [(_seed("2025-01-01T00:00:00", "乙"), NOW)])
    with Archive.open(known) as archive:
        assert not [one.error for one in carry_in(archive, lines, now=NOW) if one.error]
    assert "乙" in _row(known)["body"]


def test_the_account_of_a_seed_of_a_day_to_come_gives_way_to_a_later_one(tmp_path: Path) -> None:
    seeds = [
        whole_seed(account="假名").replace("2025-10-06T17:17:02.990516", TO_COME),
        _seed("2025-01-01T00:00:00"),
    ]
    for number, order in enumerate(permutations(seeds)):
        path = _reclean(tmp_path / str(number), [(seed, NOW) for seed in order])
        with Archive.open(path, read_only=True) as archive:
            [account] = archive.database["accounts"].rows
        assert account["name"] == "临港日志"
        assert account["first_seen"] == account["last_seen"] == "2025-01-01T00:00:00"


def test_the_day_of_a_file_that_is_to_come_is_not_that_of_its_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    os.utime(page, (4_070_908_800, 4_070_908_800))  # 2099
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(page, archive)
        assert outcome.state is State.OK
        [row] = archive.database["articles"].rows
        assert row["fetch_date"] == row["checked_at"] == ""
