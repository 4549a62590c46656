"""What the queue promises.

One entry an article, under an address that WeChat answers as soon as one is known.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from crawler.archive.saving.addresses import IS_OWN
from crawler.archive.saving.queue import Queue
from crawler.archive.saving.tried import NEEDS_LINK
from crawler.article import State
from crawler.errors import ArchiveError, InputError
from tests.archive.specimens import (
    BIZ,
    ID,
    OTHER_SHORT,
    SHORT,
    SIGNED,
    UNSIGNED,
    long_form_of,
    make_article,
    make_page,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.archive.archive import Archive

NOW = "2026-06-01T12:00:00"


def test_a_hollow_seed_of_an_unsigned_link_waits_for_a_better_link(archive: Archive) -> None:
    archive.save(make_article(state=State.HOLLOW))
    (entry,) = archive.queue.entries()
    assert (entry.url, entry.article_id, entry.needs_link) == (long_form_of(ID), ID, True)
    assert (entry.why, entry.date) == (NEEDS_LINK, "2024-05-08")
    assert archive.queue.due(now=NOW) == []
    assert archive.queue.due(now=NOW, with_unsigned=True) == [entry]


@pytest.mark.parametrize("link", [SIGNED, SHORT])
def test_an_entry_becomes_fetchable_once_any_save_brings_a_better_form(
    archive: Archive, link: str
) -> None:
    archive.save(make_article(state=State.HOLLOW))
    archive.save(make_page(link, state=State.SYSTEM, aliases=()))
    (entry,) = archive.queue.due(now=NOW)
    assert (entry.request, entry.needs_link) == (link, False)


def test_an_entry_becomes_fetchable_once_a_signed_link_is_enqueued(archive: Archive) -> None:
    archive.queue.enqueue(UNSIGNED, state=State.UNSIGNED)
    assert archive.queue.due(now=NOW) == []
    archive.queue.enqueue(SIGNED)
    assert [(entry.request, entry.why) for entry in archive.queue.due(now=NOW)] == [(SIGNED, "")]


def test_a_better_form_is_not_forgotten_for_a_worse_one(archive: Archive) -> None:
    archive.queue.enqueue(SIGNED)
    archive.queue.enqueue(UNSIGNED)
    (entry,) = archive.queue.entries()
    assert entry.request == SIGNED


def test_an_article_that_came_leaves_the_queue_under_every_form(archive: Archive) -> None:
    archive.queue.enqueue(UNSIGNED)
    archive.queue.enqueue(SHORT)
    archive.save(make_page())
    assert archive.queue.entries() == []


@pytest.mark.parametrize("state", [State.OK, State.DELETED])
@pytest.mark.parametrize("before", [[], [State.HOLLOW]])
def test_a_link_that_waited_stays_an_address_of_its_article_as_one_does_that_comes_after_it(
    archive: Archive, state: State, before: list[State]
) -> None:
    archive.queue.offer(SIGNED)
    for known in before:
        archive.save(make_article(state=known))
    archive.save(make_article(state=state, fetch_date="2026-01-02T00:00:00"))
    assert archive.queue.entries() == []
    assert archive.signed_form(ID) == SIGNED


def test_a_preview_that_waited_is_no_address_of_an_article_that_is_whole(archive: Archive) -> None:
    archive.queue.enqueue(f"{UNSIGNED.removesuffix('#rd')}&tempkey=ab12&chksm={'ab' * 38}")
    archive.save(make_article())
    assert archive.queue.entries() == []
    assert archive.signed_form(ID) == ""


def test_an_article_that_is_gone_leaves_the_queue(archive: Archive) -> None:
    archive.save(make_article(state=State.HOLLOW))
    archive.save(make_page(state=State.DELETED))
    assert archive.queue.entries() == []


def test_a_cut_article_waits_for_its_whole_though_it_has_a_body(archive: Archive) -> None:
    archive.save(make_article(SIGNED, state=State.TRUNCATED))
    assert [entry.state for entry in archive.queue.due(now=NOW)] == ["truncated"]


def test_entries_of_a_short_and_a_long_link_become_one_when_the_rows_do(archive: Archive) -> None:
    archive.save(make_article(state=State.HOLLOW))
    archive.save(make_article(SHORT, state=State.VERIFICATION, title="", date=""))
    archive.queue.postpone(
        SHORT, "2026-07-01T00:00:00", state=State.VERIFICATION, error="asked for verification"
    )
    archive.save(make_page(state=State.SYSTEM))
    (entry,) = archive.queue.entries()
    assert (entry.url, entry.request, entry.attempts) == (long_form_of(ID), SHORT, 1)
    assert (entry.not_before, entry.last_error) == ("2026-07-01T00:00:00", "asked for verification")


def test_what_was_postponed_is_not_due_until_its_moment(archive: Archive) -> None:
    archive.queue.enqueue(SHORT)
    assert archive.queue.postpone(SHORT, "2026-06-01T18:00:00", error="no answer")
    assert archive.queue.due(now=NOW) == []
    assert [entry.attempts for entry in archive.queue.due(now="2026-06-01T18:00:00")] == [1]
    assert archive.queue.retry() == 1
    assert [entry.attempts for entry in archive.queue.due(now=NOW)] == [0]


def test_the_newest_articles_come_first_and_undated_ones_last(archive: Archive) -> None:
    for mid, date in ((1, "2023-01-01"), (2, "2026-01-01"), (3, ""), (4, "2024-01-01")):
        link = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={mid}&idx=1&chksm=ab"
        archive.queue.enqueue(link, date=date)
    assert [entry.date for entry in archive.queue.due(now=NOW)] == [
        "2026-01-01",
        "2024-01-01",
        "2023-01-01",
        "",
    ]
    assert [entry.date for entry in archive.queue.due(2, now=NOW)] == ["2026-01-01", "2024-01-01"]
    assert [entry.date for entry in archive.queue.due(now=NOW, oldest="2024-01-01")] == [
        "2026-01-01",
        "2024-01-01",
        "",
    ]


def test_an_entry_is_found_and_dropped_by_any_form_of_its_address(archive: Archive) -> None:
    archive.queue.enqueue(UNSIGNED)
    entry = archive.queue.get(SIGNED)
    assert entry
    assert archive.queue.get(OTHER_SHORT) is None
    assert archive.queue.drop(long_form_of(ID))
    assert not archive.queue.drop(long_form_of(ID))


def test_what_leads_to_no_article_is_not_queued(archive: Archive) -> None:
    with pytest.raises(InputError, match="leads to no article"):
        archive.queue.enqueue("https://mp.weixin.qq.com/mp/appmsgalbum?action=getalbum&album_id=1")
    with pytest.raises(InputError):
        archive.queue.enqueue("https://example.com/")
    assert archive.queue.entries() == []


def test_an_entry_that_another_process_takes_off_at_once_was_there_all_the_same(
    archive: Archive,
) -> None:
    @contextmanager
    def beside_another() -> Iterator[None]:
        with archive.transaction():
            yield
        archive.connection.execute("DELETE FROM queue")

    entry = Queue(archive.connection, beside_another).enqueue(SIGNED)
    assert entry.request == SIGNED
    assert archive.queue.entries() == []


def test_no_entry_of_the_queue_is_looked_through_for_each_article(archive: Archive) -> None:
    asked = f"EXPLAIN QUERY PLAN SELECT 1 FROM queue WHERE {IS_OWN}"  # noqa: S608
    plan = [row[3] for row in archive.connection.execute(asked, ("a", "[]"))]
    assert [step for step in plan if "queue" in step] == [
        "SEARCH queue USING INDEX queue_article (article_id=?)",
        "SEARCH queue USING INDEX sqlite_autoindex_queue_1 (url=?)",
    ]


def test_a_preview_s_key_that_a_list_names_is_not_kept_of_an_article_that_is_whole(
    archive: Archive,
) -> None:
    article = make_article()
    archive.save(article)
    assert not archive.queue.offer(f"{article.url}&tempkey=5ecre7", why="named in a list")
    assert archive.queue.entries() == []
    addresses = [url for (url,) in archive.connection.execute("SELECT url FROM urls")]
    assert addresses
    assert not [url for url in addresses if "5ecre7" in url]


@pytest.mark.parametrize("damage", ["DELETE FROM articles", "UPDATE urls SET article_id = '7'"])
def test_an_address_whose_article_damage_took_ends_in_words(archive: Archive, damage: str) -> None:
    archive.save(make_article(SHORT))
    archive.connection.execute("PRAGMA foreign_keys = OFF")
    archive.connection.execute(damage)
    archive.connection.execute("PRAGMA foreign_keys = ON")
    for ask in (archive.queue.enqueue, archive.queue.offer):
        with pytest.raises(ArchiveError):
            ask(SHORT)


@pytest.mark.parametrize("damage", ["CAST(x'68FF' AS TEXT)", "x'68'"])
def test_a_damaged_look_at_an_article_keeps_no_link_of_it_from_waiting(
    archive: Archive, damage: str
) -> None:
    refused = make_page(SIGNED, state=State.EXPIRED, body="", aliases=())
    archive.save(refused)
    archive.connection.execute(f"UPDATE events SET url = {damage}")  # noqa: S608
    assert archive.queue.offer(SHORT)
    assert archive.queue.offer(SIGNED.replace("chksm=", "chksm=0"))
    archive.save(refused)
    assert archive.queue.due(now=NOW)


def test_words_before_a_link_take_no_place_of_a_title_that_came_with_its_account(
    archive: Archive,
) -> None:
    for title, source in (("看这篇", ""), ("潮水", "灯塔通讯"), ("【好文】必看", "")):
        archive.queue.offer(SHORT, title=title, source=source)
    (entry,) = archive.queue.entries()
    assert (entry.title, entry.source) == ("潮水", "灯塔通讯")
    archive.queue.offer(SHORT, title="潮水（更正）", source="灯塔通讯")
    (entry,) = archive.queue.entries()
    assert entry.title == "潮水（更正）"
