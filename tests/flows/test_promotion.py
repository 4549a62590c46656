from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.archive.store import Archive
from crawler.config import PromoConfig
from crawler.flows import promotion
from crawler.flows.promotion import strip_promotion
from crawler.flows.recleaning import reclean
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACCOUNTS = ["东港灯塔", "南港灯塔", "西港灯塔"]
INVITATION = "长按二维码关注"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Three accounts with eight articles each, all of which end in an invitation."""
    for number in range(24):
        account = ACCOUNTS[number // 8]
        body = f"第{number}夜，灯塔看守记事{'甲乙丙丁戊己庚辛'[number % 8]}则。\n\n**{INVITATION}{account}**"
        seed = whole_seed(body, title=f"记事 {number}", url=link(number + 1), source=account, account=account)
        (tmp_path / f"{number}.md").write_text(seed, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        assert not any(outcome.failed for outcome in reclean(sorted(tmp_path.glob("*.md")), archive))
        yield archive


def _inviting(path: Path) -> dict[str, int]:
    """How many articles of each account show their invitation, as another process sees it."""
    with Archive.open(path, read_only=True) as other:
        rows = other.database.execute(
            "SELECT account, count(*) FROM articles WHERE body LIKE '%二维码%' GROUP BY account ORDER BY account"
        )
        return dict(rows.fetchall())


def test_every_account_is_told_with_how_many_of_its_articles_changed(archive: Archive) -> None:
    assert list(strip_promotion(archive, ACCOUNTS, PromoConfig())) == [(account, 8) for account in ACCOUNTS]
    assert _inviting(archive.path) == {}
    assert [hit.id for hit in archive.search(INVITATION)] == []
    assert list(strip_promotion(archive, ACCOUNTS, PromoConfig())) == [(account, 0) for account in ACCOUNTS]


@pytest.mark.parametrize("bound", ["CHANGES", "ACCOUNTS"])
def test_an_account_that_was_told_stays_done_when_the_run_ends_there(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(promotion, bound, 1)
    assert next(strip_promotion(archive, ACCOUNTS, PromoConfig())) == (ACCOUNTS[0], 8)
    assert _inviting(archive.path) == dict.fromkeys(ACCOUNTS[1:], 8)


def test_no_accounts_are_no_work(archive: Archive) -> None:
    assert list(strip_promotion(archive, [], PromoConfig())) == []
