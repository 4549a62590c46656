from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.fake_answers import Answer, article, long_link

if TYPE_CHECKING:
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
