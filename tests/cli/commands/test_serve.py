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


def test_a_page_is_kept_in_a_thread_of_the_server(
    crawler: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[httpx.Response] = []

    def start(*_: object, door: Door, **__: Any) -> None:
        token = (folder / "archive.db.capture-token").read_text(encoding="utf-8").strip()
        answers.append(asyncio.run(_brought(door, token)))
        door.close()

    monkeypatch.setattr(serve, "serve", start)
    assert crawler("serve", "--capture").exit_code == 0
    [answer] = answers
    assert answer.status_code == 200, answer.text
    assert rows_of(folder, "SELECT count(*) FROM articles") == [(1,)]
