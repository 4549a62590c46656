"""The name that an article's account gets from other articles is nothing that its copies told."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from crawler.article import Origin
from tests.archive.specimens import BIZ, ID, SIGNED, make_article, make_page

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.article import Article

OTHER = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000002&idx=1"


def _adopted(day: str, account: str) -> Article:
    return make_article(
        SIGNED,
        origin=Origin.ADOPTED,
        producer="web-clipper",
        fetch_date=f"{day}T00:00:00",
        account=account,
        source=account,
    )


LOOKS = {
    "nameless": _adopted("2026-06-05", ""),
    "named": _adopted("2026-05-04", "江畔旧名"),
    "another": make_page(
        OTHER, id=f"{BIZ}:2650000002:1", mid="2650000002", account="江畔新名", aliases=()
    ),
}
ORDERS = tuple(permutations(LOOKS))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_what_a_copy_tells_of_its_account_counts_before_the_name_of_others_in_any_order(
    archive: Archive, order: tuple[str, ...]
) -> None:
    for name in order:
        archive.save(LOOKS[name])
        archive.name_articles()
    record = archive.get(ID)
    assert record
    assert (record.account, record.fetch_date[:10]) == ("江畔旧名", "2026-06-05")


def test_a_copy_that_is_read_again_leaves_the_name_that_its_row_has(archive: Archive) -> None:
    for name in ("nameless", "another"):
        archive.save(LOOKS[name])
    assert archive.name_articles() == 1
    archive.save(LOOKS["nameless"])
    record = archive.get(ID)
    assert record
    assert record.account == "江畔手记"
