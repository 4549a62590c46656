"""What `crawler serve` hands to the site that it starts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from crawler.cli.commands import serve
from tests.cli.conftest import rows_of
from tests.fake_answers import article, long_link

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crawler.browse import Door
    from tests.cli.conftest import Crawler


async def _brought(door: Door, token: str) -> httpx.Response:
    """What a browser is told that brings a page to the door."""
    headers = {"Origin": "https://mp.weixin.qq.com", "Authorization": f"Bearer {token}"}
    page = {"url": long_link(1), "html": article(1).decode(), "whole": True}
    transport = httpx.ASGITransport(door.before(None))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.post("/capture", headers=headers, json=page)


@pytest.fixture
def bring(
    crawler: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., httpx.Response]:
    """Brings a page to the door of `crawler serve --capture`, after something else was done."""

    def answer_after(first: Callable[[], object] = lambda: None) -> httpx.Response:
        answers: list[httpx.Response] = []

        def start(*_: object, door: Door, **__: Any) -> None:
            token = (folder / "archive.db.capture-token").read_text(encoding="utf-8").strip()
            first()
            answers.append(asyncio.run(_brought(door, token)))
            door.close()

        monkeypatch.setattr(serve, "serve", start)
        assert crawler("serve", "--capture").exit_code == 0
        [answer] = answers
        return answer

    return answer_after


def test_a_page_is_kept_in_a_thread_of_the_server(
    bring: Callable[..., httpx.Response], folder: Path
) -> None:
    answer = bring()
    assert answer.status_code == 200, answer.text
    assert rows_of(folder, "SELECT count(*) FROM articles") == [(1,)]


def test_a_token_that_was_replaced_or_removed_opens_nothing_any_more(
    bring: Callable[..., httpx.Response], crawler: Crawler, folder: Path
) -> None:
    answer = bring(lambda: crawler("capture", "--new-token"))
    assert (answer.status_code, answer.json()["line"]) == (
        401,
        "the token is not this archive's; crawler capture shows it",
    )
    token = folder / "archive.db.capture-token"
    answer = bring(token.unlink)
    assert answer.status_code == 401
    assert not token.exists()
    assert rows_of(folder, "SELECT count(*) FROM articles") == [(0,)]


def test_no_archive_is_made_of_a_page_in_the_place_of_one_that_was_moved(
    bring: Callable[..., httpx.Response], folder: Path
) -> None:
    answer = bring(lambda: (folder / "archive.db").rename(folder / "moved.db"))
    assert answer.status_code == 503, answer.text
    assert "no such archive" in answer.json()["line"]
    assert not (folder / "archive.db").exists()


def test_names_are_handed_on_and_what_can_be_none_is_refused(
    crawler: Crawler, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    monkeypatch.setattr(serve, "serve", lambda *_, names, **__: seen.append(names))
    assert crawler("serve", "--capture").exit_code == 0  # which makes an archive
    assert crawler("serve", "--name", "a.example", "--name", "NAS").exit_code == 0
    assert seen == [(), ("a.example", "NAS")]
    for name in ("https://a.example", "a.example:80", "灯塔.cn", ""):
        answer = crawler("serve", "--name", name)
        assert (answer.exit_code, "is no host's name" in answer.stderr) == (2, True)
