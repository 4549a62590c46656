"""Lines of JSON that somebody made up: what would steer later work is named, and not taken."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive, carry_in
from crawler.archive.lines import each_line
from crawler.archive.saving import queue_key
from crawler.article import CLEANER_VERSION, State
from crawler.fetch.pace import HOUR, Gate, settled
from crawler.times import SHANGHAI, as_written
from crawler.urls import parse_url
from tests.archive.specimens import (
    BIZ,
    ID,
    OTHER_SHORT,
    SHORT,
    SIGNED,
    UNSIGNED,
    make_article,
    make_page,
)

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 26, 12, tzinfo=SHANGHAI)
SECONDS = NOW.timestamp()
LATER = as_written(NOW + timedelta(days=2))
LOOSE_KEY = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=7&idx=1"
NEVER = "9999-12-31T00:00:00.000000"
HEADER = {"archive": "wechat-article-archive", "version": 1}
HASH = "0a" * 32

PACE: dict[str, Any] = {
    "host": "mp.weixin.qq.com", "started_at": SECONDS, "dice": 0.5, "not_before": 0.0, "day": 20783,
    "used": 3, "trips": 1, "closed_until": SECONDS + HOUR, "why": "verification", "probe_at": 0.0,
}  # fmt: skip
QUERY: dict[str, Any] = {
    "server": "https://web.archive.org/web", "query": f"mp.weixin.qq.com/s?__biz={BIZ}",
    "at": "2026-01-02", "captures": 1, "following": "",
}  # fmt: skip
QUEUED: dict[str, Any] = {
    "url": SHORT, "request": SHORT, "article_id": None, "state": "", "needs_link": 0,
    "attempts": 3, "not_before": as_written(NOW + timedelta(days=8)), "last_error": "", "why": "",
    "date": "",
}  # fmt: skip
LOOSE: dict[str, dict[str, Any]] = {
    "pace": PACE,
    "web_queries": QUERY,
    "queue": QUEUED,
    "forgotten": {"name": SHORT, "article": ID, "at": "2026-01-02"},
    "mentions": {"url": queue_key(parse_url(SIGNED)), "link": SIGNED},
    "learned": {"account": "江畔手记", "fingerprint": "f", "spared": json.dumps([ID])},
    "seeds": {"sha256": HASH, "path": "a.md", "state": "", "cleaner_version": 1},
    "events": {"at": "2026-01-02", "url": SHORT, "state": "", "http_status": None,
               "origin": "fetch", "detail": "", "evidence": ""},
    "accounts": {"biz": BIZ, "name": "灯塔", "alias": "", "description": "", "avatar": "",
                 "told_at": "2026-01-02", "first_seen": "", "last_seen": ""},
}  # fmt: skip
"""Table -> a row as our own runs write it."""

FORGED: dict[str, list[dict[str, Any]]] = {
    "pace": [
        *({name: SECONDS + 10 * 365 * 86400} for name in ("started_at", "closed_until")),
        *({name: value} for name in ("not_before", "probe_at") for value in (1e300, -1.0)),
        *({name: float(word)} for name in ("started_at", "dice") for word in ("inf", "-inf")),
        {"day": 10**9}, {"day": -1}, {"used": -1}, {"used": 10**12}, {"watched": -1},
        {"trips": 10**18},
        {"dice": 2.0}, {"why": "\x1b[2J"}, {"why": "because"}, {"host": "a\nb"}, {"host": ""},
    ],
    "web_queries": [
        {"at": LATER}, {"at": NEVER}, {"at": "zzz"}, {"captures": -1},
        {"server": "file:///etc/passwd"}, {"server": "https://a@b/web"}, {"server": "x"},
        {"query": ""}, {"query": "example.com/mp.weixin.qq.com"}, {"following": "page:x"},
        {"query": "http://10.0.0.1/?mp.weixin.qq.com"}, {"following": "a b"},
        {"query": SHORT, "following": "http://10.0.0.1/timemap/link/x"},
    ],
    "queue": [
        {"not_before": NEVER}, {"not_before": "zzz"}, {"attempts": -1}, {"attempts": 10**12},
        {"needs_link": 7}, {"state": "splendid"}, {"request": "http://10.0.0.1/"},
        {"url": "https://example.com/"}, {"request": OTHER_SHORT}, {"request": SIGNED},
    ],
    "forgotten": [
        {"at": LATER}, {"at": NEVER}, {"name": "anything"}, {"article": "../x"}, {"name": ""},
    ],
    "mentions": [
        {"link": SHORT}, {"link": UNSIGNED}, {"link": "https://example.com/"}, {"url": SHORT},
        {"url": LOOSE_KEY},
    ],
    "learned": [
        {"spared": "[" * 50_000}, {"spared": "{}"}, {"spared": "[1]"}, {"spared": '["x y"]'},
    ],
    "seeds": [
        {"cleaner_version": CLEANER_VERSION + 1}, {"cleaner_version": -1}, {"sha256": "x"},
        {"state": "splendid"},
    ],
    "events": [{"at": NEVER}, {"at": NEVER, "origin": "capture"}, {"state": "splendid"},
               {"origin": "sky"}],
}  # fmt: skip
"""Table -> what somebody may have changed in such a row."""

LATE = {"fetch_date": NEVER}
OF_ARTICLE: dict[str, dict[str, Any]] = {
    "a look to come": LATE,
    "a check to come": {"checked_at": LATER},
    "a cleaner to come": {"cleaner_version": CLEANER_VERSION + 1},
    "a length of its own": {"characters": 1 << 30},
    "a length below none": {"characters": -1},
}
PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "a revision to come": ("revisions", {"at": NEVER}),
    "an event to come": ("events", {"at": NEVER}),
    "a page to come": ("snapshots", {"fetched_at": NEVER}),
    "a page from elsewhere": ("snapshots", {"url": "http://10.0.0.1/\r\nx: y"}),
    "a page of no hash": ("snapshots", {"sha256": "x"}),
}


def _lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in (HEADER, *rows)), encoding="utf-8")
    return path


def _taken(tmp_path: Path, path: Path) -> tuple[list[str], dict[str, list[Any]]]:
    """What is wrong with the lines of a file, and what a new archive holds of them."""
    with Archive.open(tmp_path / "new.db") as archive:
        done = list(carry_in(archive, path, now=NOW))
        rows = {table: list(archive.database[table].rows) for table in (*LOOSE, "articles")}
    return [str(one.error) for one in done if one.error], rows


@pytest.mark.parametrize("table", LOOSE)
def test_a_row_as_our_own_runs_write_it_is_taken(tmp_path: Path, table: str) -> None:
    wrong, rows = _taken(tmp_path, _lines(tmp_path / "a.jsonl", {"table": table, **LOOSE[table]}))
    assert wrong == []
    assert len(rows[table]) == 1


@pytest.mark.parametrize("table", FORGED)
def test_what_somebody_made_up_is_named_and_not_taken(tmp_path: Path, table: str) -> None:
    forged = [{"table": table, **LOOSE[table], **change} for change in FORGED[table]]
    wrong, rows = _taken(tmp_path, _lines(tmp_path / "a.jsonl", *forged))
    assert len(wrong) == len(forged)
    assert all(f"a.jsonl, line {number}: " in said for number, said in enumerate(wrong, start=2))
    assert rows[table] == []


@pytest.mark.parametrize("column", ["told_at", "first_seen", "last_seen"])
@pytest.mark.parametrize("moment", [NEVER, LATER, "zzz"])
def test_an_account_that_was_seen_in_days_to_come_is_known_without_a_day(
    tmp_path: Path, moment: str, column: str
) -> None:
    forged = {"table": "accounts", **LOOSE["accounts"], column: moment}
    wrong, rows = _taken(tmp_path, _lines(tmp_path / "a.jsonl", forged))
    assert (wrong, [row[column] for row in rows["accounts"]]) == ([], [""])


def _article(tmp_path: Path) -> dict[str, Any]:
    with Archive.open(tmp_path / "old.db") as archive:
        archive.save(make_page(), snapshot=b"<html></html>")
        lines = map(json.loads, each_line(archive.connection, tmp_path))
        return next(line for line in lines if "id" in line)


def test_an_article_as_we_write_it_is_taken(tmp_path: Path) -> None:
    wrong, rows = _taken(tmp_path, _lines(tmp_path / "a.jsonl", _article(tmp_path)))
    assert wrong == []
    assert len(rows["articles"]) == 1


@pytest.mark.parametrize("how", [*OF_ARTICLE, *PARTS])
def test_an_article_that_would_outlast_every_later_look_is_not_taken(
    tmp_path: Path, how: str
) -> None:
    line = _article(tmp_path)
    if how in OF_ARTICLE:
        line.update(OF_ARTICLE[how])
    else:
        table, change = PARTS[how]
        line[table] = [{**line[table][0], **change}]
    wrong, rows = _taken(tmp_path, _lines(tmp_path / "a.jsonl", line))
    assert len(wrong) == 1
    assert rows["articles"] == []


@pytest.mark.parametrize("key", [OTHER_SHORT, queue_key(parse_url(SIGNED))])
def test_an_article_waits_at_the_address_of_no_other(tmp_path: Path, key: str) -> None:
    with Archive.open(tmp_path / "old.db") as archive:
        archive.save(make_article(SHORT, state=State.TRUNCATED))
        line = next(
            json.loads(one) for one in each_line(archive.connection, tmp_path) if "id" in one
        )
    line["queue"] = [{**QUEUED, "url": key}]
    _lines(tmp_path / "a.jsonl", line)
    with Archive.open(tmp_path / "new.db") as archive:
        assert not [
            one.error for one in carry_in(archive, tmp_path / "a.jsonl", now=NOW) if one.error
        ]
        assert [entry.url for entry in archive.queue.entries()] == [SHORT]


@pytest.mark.parametrize("link", [OTHER_SHORT, SIGNED.replace("idx=1", "idx=2")])
def test_no_link_of_another_takes_the_place_of_one_that_waits(tmp_path: Path, link: str) -> None:
    waiting = f"{SIGNED}&scene=27"
    with Archive.open(tmp_path / "old.db") as archive:
        refused = make_article(f"{SIGNED}&scene=0", state=State.BAD_LINK, body="")
        archive.save(refused)
        line = next(
            json.loads(one) for one in each_line(archive.connection, tmp_path) if "id" in one
        )
    line["queue"] = [{**QUEUED, "url": queue_key(parse_url(SIGNED)), "request": link}]
    _lines(tmp_path / "a.jsonl", line)
    with Archive.open(tmp_path / "new.db") as archive:
        archive.save(refused)
        archive.queue.enqueue(waiting)
        list(carry_in(archive, tmp_path / "a.jsonl", now=NOW))
        assert [entry.request for entry in archive.queue.entries()] == [waiting]


@pytest.mark.parametrize(
    "change",
    [LATE, {"cleaner_version": 99}, {"characters": 1 << 40}, {"body_hash": "f" * 64}],
)
def test_a_copy_that_would_win_for_ever_is_not_taken(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    line = _article(tmp_path)
    fields = {name: line[name] for name in ("url", "state", "origin", "kind", "fetch_date")}
    known = {"evidence": line["evidence"], "body_hash": line["body_hash"]}
    copy = {**fields, **known, "characters": line["characters"], **change}
    line["copies"] = [{"copy": line["evidence"], "fields": json.dumps(copy)}]
    wrong, rows = _taken(tmp_path, _lines(tmp_path / "a.jsonl", line))
    assert len(wrong) == 1
    assert rows["articles"] == []


def test_a_copy_may_not_claim_the_length_of_another_text(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "two.db") as archive:
        archive.save(make_article())
        archive.save(make_page(body="# 夜航的灯塔\n\n后来改过。\n"))
        lines = list(map(json.loads, each_line(archive.connection, tmp_path)))
    line = next(line for line in lines if "id" in line)
    copies = [json.loads(row["fields"]) for row in line["copies"]]
    assert len(copies) == 2
    for copy, row in zip(copies, line["copies"], strict=True):
        row["fields"] = json.dumps({**copy, "characters": 10**6})
    wrong, _ = _taken(tmp_path, _lines(tmp_path / "a.jsonl", line))
    assert "another length" in wrong[0]


def test_whatever_stands_in_the_file_itself_closes_a_host_for_a_day_at_most() -> None:
    far = dict.fromkeys(("closed_until", "not_before", "started_at", "probe_at"), 1e15)
    row: dict[str, Any] = {**far, "trips": 10**9, "day": 10**8, "used": 5, "why": "x"}
    gate = settled(Gate.from_row(row), SECONDS)
    assert gate.closed_until <= SECONDS + 24 * HOUR
    assert gate.not_before <= SECONDS + HOUR
    assert max(gate.started_at, gate.probe_at) <= SECONDS
