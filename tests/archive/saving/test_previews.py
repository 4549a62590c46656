"""The key of a preview stays while a fetch may bring more of its article, and no longer."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from crawler.article import Origin, State
from tests.archive.specimens import (
    BIZ,
    ID,
    SHORT,
    SIGNED,
    UNSIGNED,
    make_article,
    make_page,
    tables_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.archive import Archive
    from crawler.article import Article

PREVIEW = f"{SIGNED}&tempkey=5ecre7"
BEHIND = f"{SIGNED}#rd&tempkey=5ecre7"
NAMELESS = f"https://mp.weixin.qq.com/s?__biz={BIZ}&tempkey=5ecre7"
ORDERS = tuple(permutations(("preview", "whole", "queued")))


def _bring(archive: Archive, what: str, link: str) -> None:
    if what == "preview":
        archive.save(make_page(link, state=State.HOLLOW, body="", aliases=(link,)))
    elif what == "whole":
        archive.save(make_article(UNSIGNED, account="", fetch_date="2024-05-09T00:00:00"))
    elif what == "gone":
        later = "2026-03-04T00:00:00"
        archive.save(make_page(UNSIGNED, state=State.DELETED, body="", fetch_date=later))
    else:
        archive.queue.enqueue(link)


@pytest.mark.parametrize("link", [PREVIEW, NAMELESS, BEHIND])
@pytest.mark.parametrize("end", ["whole", "gone"])
@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_an_article_that_no_fetch_would_better_keeps_no_key_of_a_preview_in_any_order(
    archive: Archive, order: Sequence[str], end: str, link: str
) -> None:
    for what in order:
        _bring(archive, end if what == "whole" else what, link)
    archive.queue.drop(link)
    assert archive.find(ID) == ID
    tables = tables_of(archive.database)
    assert [name for name in tables if "5ecre7" in repr(tables[name])] == []
    assert [one.check for one in archive.audit(today="2026-05-06")] == []


@pytest.mark.parametrize("link", [PREVIEW, NAMELESS, BEHIND])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_text_of_a_preview_that_broke_off_keeps_no_key_of_it(
    archive: Archive, order: Sequence[int], link: str
) -> None:
    part = make_page(link, state=State.TRUNCATED, body="# 夜航的灯塔\n\n光。\n", aliases=(link,))
    looks = (part, make_article(UNSIGNED, fetch_date="2024-05-09T00:00:00"))
    for index in order:
        archive.save(looks[index], snapshot=b"<html>" if looks[index] is part else None)
    tables = tables_of(archive.database)
    assert (len(tables["revisions"]), len(tables["snapshots"])) == (2, 1)
    assert [name for name in tables if "5ecre7" in repr(tables[name])] == []
    assert [one.check for one in archive.audit(today="2026-05-06")] == []


def _part() -> Article:
    body = "# 夜航的灯塔\n\n光。\n"
    return make_page(PREVIEW, state=State.TRUNCATED, body=body, aliases=(PREVIEW,))


def test_a_copy_that_joins_a_preview_that_broke_off_keeps_no_key_of_it(archive: Archive) -> None:
    archive.save(_part())
    copy = make_article(SHORT, body="# 夜航的灯塔\n\n灯。\n")
    archive.save(replace(copy, id="u:1", url="", biz="", mid="", idx=""))
    archive.join_copy(
        "u:1", ID, {"url": PREVIEW, "sn": "", "biz": BIZ, "mid": "2650000001", "idx": "1"}
    )
    tables = tables_of(archive.database)
    assert len(tables["revisions"]) == 2
    assert [name for name in tables if "5ecre7" in repr(tables[name])] == []


def test_the_text_of_a_preview_that_an_audit_mends_keeps_no_key_of_it(archive: Archive) -> None:
    archive.save(_part())
    archive.connection.execute("DELETE FROM revisions")
    assert [one.fixed for one in archive.audit(today="2026-05-06", fix=True)] == [True]
    revisions = tables_of(archive.database)["revisions"]
    assert len(revisions) == 1
    assert "5ecre7" not in repr(revisions)


def test_no_key_of_a_preview_is_left_where_the_notice_that_it_is_gone_names_no_article(
    archive: Archive,
) -> None:
    archive.save(make_page(NAMELESS, state=State.HOLLOW, body="", aliases=(NAMELESS, SHORT)))
    gone = {"state": State.DELETED, "origin": Origin.FETCH, "fetch_date": "2026-03-04T00:00:00"}
    archive.save(make_article(SHORT, title="", body="", **gone))
    tables = tables_of(archive.database)
    assert [name for name in tables if "5ecre7" in repr(tables[name])] == []


def test_a_preview_that_waits_as_nobodys_waits_no_more_once_a_whole_article_is_there(
    archive: Archive,
) -> None:
    archive.save(make_article(SIGNED))
    archive.queue.enqueue(NAMELESS)
    archive.save(make_page(SIGNED, state=State.HOLLOW, body="", aliases=(NAMELESS,)))
    assert not archive.queue.entries()
    assert "5ecre7" not in repr(tables_of(archive.database))


def test_what_stands_at_a_preview_is_found_by_its_address_without_the_key(archive: Archive) -> None:
    for what in ("preview", "whole"):
        _bring(archive, what, PREVIEW)
    assert archive.find(SIGNED) == ID
    assert archive.signed_form(ID) == SIGNED


def test_a_preview_that_somebody_asks_for_of_a_whole_article_is_fetched_by_its_key(
    archive: Archive,
) -> None:
    _bring(archive, "whole", PREVIEW)
    assert "tempkey=5ecre7" in archive.queue.enqueue(PREVIEW).request
