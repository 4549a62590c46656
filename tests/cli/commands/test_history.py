from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crawler.archive.reading.history import History
from tests.fake_answers import Answer, article, long_link

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat


def test_history_shows_each_body_and_each_look(crawler: Crawler, wechat: FakeWeChat) -> None:
    crawler("fetch", long_link(1))
    wechat.answer_next(Answer(body=article(1, "<p>潮水退了，守塔人改写了这一夜。</p>")))
    crawler("fetch", long_link(1), "--again")
    lines = [
        json.loads(line) for line in crawler("history", long_link(1), "--json").stdout.splitlines()
    ]
    assert [line["type"] for line in lines] == ["revision", "revision", "event", "event"]
    assert "+潮水退了，守塔人改写了这一夜。" in crawler("history", long_link(1), "--diff").stdout


def test_history_reads_no_text_that_it_does_not_show_for_there_may_be_thousands(
    crawler: Crawler, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawler("fetch", long_link(1))
    read: list[str] = []
    monkeypatch.setattr(History, "body", lambda _self, _id, digest: read.append(digest))
    assert crawler("history", long_link(1)).exit_code == 0
    assert read == []
    assert crawler("history", long_link(1), "--diff").exit_code == 0
    assert len(read) == len(wechat.names)
