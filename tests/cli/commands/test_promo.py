from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import rows_of
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


@pytest.fixture
def promoted(crawler: Crawler, folder: Path) -> Crawler:
    """An archive of eight articles of one account, each with the same head and tail of its own."""
    for number in range(8):
        middle = f"第{number}天，码头记事{'一二三四五六七八'[number]}则。"
        body = f"**长按二维码关注临港日志**\n\n{middle}\n\n商务合作请致电码头值班室"
        text = whole_seed(body, title=f"码头记事 {number}", url=link(number + 1))
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    assert crawler("reclean", ".").exit_code == 0
    return crawler


def test_what_an_account_repeats_at_its_edges_goes_and_can_come_back(
    promoted: Crawler, folder: Path
) -> None:
    shown = promoted("show", link(1)).stdout
    assert "第0天" in shown
    assert "二维码" not in shown
    assert "值班室" not in shown
    assert "长按二维码关注临港日志" in promoted("promo", "临港日志").stdout
    assert rows_of(folder, "select count(*) from removed where rule_id glob 'promo:*'") == [(16,)]
    promoted("reclean", ".", "--no-promo")
    assert "二维码" in promoted("show", link(1)).stdout
    assert rows_of(folder, "select count(*) from revisions") == [(8,)]


def test_cleaning_again_changes_nothing_of_what_promotion_left(
    promoted: Crawler, folder: Path
) -> None:
    before = promoted("show", link(3)).stdout
    promoted("reclean", ".")
    assert promoted("show", link(3)).stdout == before
    assert promoted("audit").exit_code == 0
    assert folder.is_dir()


def test_promotion_comes_back_and_goes_where_there_is_no_folder_of_seeds(
    promoted: Crawler, folder: Path
) -> None:
    assert promoted("reclean").exit_code == 1
    assert promoted("reclean", "--no-promo").exit_code == 0
    assert "二维码" in promoted("show", link(1)).stdout
    assert promoted("reclean", "--promo").exit_code == 0
    assert "二维码" not in promoted("show", link(1)).stdout
    assert not (folder / "seeds").exists()


def test_promotion_alone_makes_no_archive(crawler: Crawler, folder: Path) -> None:
    result = crawler("reclean", "--no-promo")
    assert result.exit_code == 1
    assert "no such archive" in result.stderr
    assert list(folder.iterdir()) == []
