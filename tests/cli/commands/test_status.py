from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crawler.cli.commands.status import sparkline

if TYPE_CHECKING:
    from tests.cli.conftest import Crawler


def test_status_counts_states_queue_and_accounts(seeded: Crawler) -> None:
    seen = json.loads(seeded("status", "--json").stdout)
    assert seen["states"] == {"deleted": 1, "hollow": 1, "ok": 1}
    assert (seen["ready"], seen["needs_link"]) == (0, 1)
    text = seeded("status").stdout
    assert "临港日志" in text
    assert "1 need a better link" in text


def test_a_sparkline_has_a_bar_for_each_month_and_gaps_between() -> None:
    assert sparkline({"2024-11": 8, "2025-01": 1}) == "█ ▁"
