"""A reader's stars, tags and notes: written by a form of ours, and by nobody else."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx
import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from crawler.archive import Archive
from crawler.browse import serve
from crawler.errors import ConfigError
from tests.browse.conftest import SERVE, serving
from tests.browse.library import make_article
from tests.browse.test_attacks import live
from tests.browse.vectors import VECTORS
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = make_article(1).id
PAGE = f"/article/{quote(KEY, safe='')}"
OWN = f"/own/{quote(KEY, safe='')}"
PERSONAL = ("reader_stars", "reader_tags", "reader_notes")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "archive.db"
    with Archive.open(path) as made:
        for number in range(3):
            made.save(make_article(number))
    return path


@pytest.fixture(scope="module")
def site(archive: Path) -> Iterator[httpx.Client]:
    with (
        serving(archive, write=True) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        yield client


@pytest.fixture(autouse=True)
def _nothing_added_yet(archive: Path) -> None:
    """No test leans on what another one added, whichever came first."""
    with closing(sqlite3.connect(archive)) as database, database:
        for table in PERSONAL:
            database.execute(f"DELETE FROM {table}")  # noqa: S608


def _token(site: httpx.Client) -> str:
    match = re.search(r'name="token" value="([^"]+)"', site.get(PAGE).text)
    assert match
    return match[1]


def _send(site: httpx.Client, action: str, text: str = "", **headers: str) -> httpx.Response:
    form = {"token": _token(site), "action": action, "text": text}
    return site.post(OWN, data=form, headers=headers)


def _rows(archive: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(archive)) as database:
        return {
            table: database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
            for table in PERSONAL
        }


def test_what_a_reader_adds_is_shown_found_and_removed_again(
    site: httpx.Client, archive: Path
) -> None:
    for action, text in (("star", ""), ("tag", " 读过  两遍 "), ("note", "第一行\r\n第二行")):
        answer = _send(site, action, text)
        assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    page = site.get(PAGE).text
    assert "★" in page
    assert ">读过 两遍</a>" in page
    assert "第一行\n第二行" in page
    for query in ("tag=读过 两遍", "starred=1", "noted=1"):
        found = site.get(f"/articles?{query}").text
        assert '<h1 class="count">1 article</h1>' in found, query
        assert PAGE in found
    assert 'title="give up">starred ×' in site.get("/articles?starred=1").text
    for action, text in (("unstar", ""), ("untag", "读过 两遍"), ("unnote", "第一行\r\n第二行")):
        _send(site, action, text)
    assert not any(_rows(archive).values())


def test_what_another_program_wrote_goes_as_it_is_shown(site: httpx.Client, archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as database, database:
        database.execute("INSERT INTO reader_tags VALUES (?, '潮\u200b汐', '2026')", [KEY])
        database.execute("INSERT INTO reader_notes VALUES (?, '甲\r\n乙\u202e', '2026')", [KEY])
    _send(site, "untag", "潮汐")
    _send(site, "unnote", "甲\r\n乙")
    assert not any(_rows(archive).values())


@pytest.mark.parametrize(
    ("action", "text", "why"),
    [
        ("tag", "  ", "is empty"),
        ("tag", "字" * 61, "has over 60 characters"),
        ("note", "字" * 20_001, "has over 20,000 characters"),
        ("delete", "", "is none of"),
    ],
)
def test_what_cannot_be_added_is_said(
    site: httpx.Client, archive: Path, action: str, text: str, why: str
) -> None:
    answer = _send(site, action, text)
    assert answer.status_code == 400
    assert why in answer.text
    assert not any(_rows(archive).values())


def test_what_is_no_form_is_said(site: httpx.Client) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = site.post(OWN, content=b"\xff\xfe", headers=headers)
    assert (answer.status_code, answer.text) == (400, "This is no form")


def test_no_form_is_longer_than_it_says(site: httpx.Client, archive: Path) -> None:
    form = f"token={_token(site)}&action=star"
    head = f"POST {OWN} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 9\r\n"
    sent = f"{head}Transfer-Encoding: chunked\r\n\r\n{len(form):x}\r\n{form}\r\n0\r\n\r\n"
    with socket.create_connection((site.base_url.host, site.base_url.port or 80), PATIENCE) as line:
        line.sendall(sent.encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.split(b" ", 2)[1] in {b"400", b"413"}
    assert not any(_rows(archive).values())


def test_no_other_site_can_write(site: httpx.Client, archive: Path) -> None:
    token = _token(site)
    refused = [
        site.post(OWN, data={"action": "star"}),
        site.post(OWN, data={"action": "star", "token": token[:-1]}),
        site.post(OWN, data={"action": "star", "token": "é"}),
        _send(site, "star", **{"Sec-Fetch-Site": "cross-site"}),
        _send(site, "star", **{"Sec-Fetch-Site": "same-site"}),
        _send(site, "star", Host="evil.example"),
    ]
    assert {answer.status_code for answer in refused} == {403}
    assert site.get(OWN, params={"action": "star", "token": token}).status_code == 405
    assert _send(site, "note", "字" * 100_000).status_code == 413
    assert not any(_rows(archive).values())


def test_an_article_that_is_not_there_takes_nothing(site: httpx.Client, archive: Path) -> None:
    form = {"token": _token(site), "action": "star"}
    assert site.post("/own/x%3A1%3A1", data=form).status_code == 400
    assert not any(_rows(archive).values())


def test_without_write_nothing_is_offered_and_nothing_taken(library: Path, address: str) -> None:
    page = httpx.get(f"{address}{PAGE}", timeout=PATIENCE).text
    assert "token" not in page.partition("<script>")[0]
    answer = httpx.post(f"{address}{OWN}", data={"action": "star", "token": ""}, timeout=PATIENCE)
    assert answer.status_code == 403
    assert not any(_rows(library).values())


def test_a_site_that_others_reach_is_not_written_through(archive: Path) -> None:
    with pytest.raises(ConfigError, match=r"whoever reaches 0\.0\.0\.0"):
        serve(archive, host="0.0.0.0", port=0, clock=lambda: "2026-01-01")  # noqa: S104
    with pytest.raises(ConfigError, match=r"whoever reaches archive\.example"):
        serve(archive, port=0, clock=lambda: "2026-01-01", names=["archive.example"])


@pytest.mark.slow
def test_no_tag_and_no_note_runs(site: httpx.Client) -> None:
    for vector in VECTORS:
        assert _send(site, "tag", vector[:60]).status_code == 303
        assert _send(site, "note", vector).status_code == 303
        shown = quote(vector[:60], safe="")
        for page in (
            PAGE,
            f"/articles?tag={shown}",
            "/archive/reader_tags",
            "/archive/reader_notes",
        ):
            answer = site.get(page)
            assert live(answer.text) == [], (page, vector)
            assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    "sent", [f"POST {OWN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nto", "GET / HTT"]
)
def test_no_request_that_never_ends_keeps_ctrl_c_from_ending_the_site(
    archive: Path, sent: str
) -> None:
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", SERVE, str(archive), "write"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        place = urlsplit(process.stdout.readline().strip())
        assert place.hostname
        assert place.port
        try:
            with socket.create_connection((place.hostname, place.port)) as visitor:
                visitor.sendall(sent.encode())
                httpx.get(place.geturl(), timeout=PATIENCE)  # what was sent has been read by now
                process.send_signal(signal.SIGINT)
                process.wait(PATIENCE)
        finally:
            process.kill()
