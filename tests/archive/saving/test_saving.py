"""What saving promises.

The better copy stays, nothing is lost, and the order of arrival never matters.
"""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive.archive import Archive, Change
from crawler.archive.saving.arrival import arrival_of
from crawler.archive.saving.copies import copy_of
from crawler.archive.saving.rows import refresh_row
from crawler.article import Article, Origin, State
from crawler.errors import InputError
from tests.archive.specimens import (
    BIZ,
    CHKSM,
    ID,
    OTHER_SHORT,
    SHORT,
    SIGNED,
    UNSIGNED,
    long_form_of,
    make_article,
    make_page,
    new_archive,
    tables_of,
)

if TYPE_CHECKING:
    from pathlib import Path


def _rows(archive: Archive, table: str) -> list[dict[str, object]]:
    return list(archive.database[table].rows)


def test_an_article_becomes_one_row_with_its_revision_event_address_account_and_removals(
    archive: Archive,
) -> None:
    assert archive.save(make_article()) is Change.ADDED
    counted = {
        name: archive.database[name].count
        for name in ("articles", "urls", "revisions", "events", "accounts")
    }
    assert counted == {"articles": 1, "urls": 1, "revisions": 1, "events": 1, "accounts": 1}
    assert _rows(archive, "removed") == [{"article_id": ID, "rule_id": "tail", "count": 31}]


def test_an_article_whose_row_somebody_deleted_by_sql_is_added_with_what_was_known_of_it(
    archive: Archive,
) -> None:
    archive.save(make_page())
    archive.save(make_article(body="# 夜航的灯塔\n\n另一份。\n"))
    addresses = _rows(archive, "urls")
    archive.connection.execute("PRAGMA foreign_keys = OFF")
    archive.connection.execute("DELETE FROM articles")
    archive.connection.execute("PRAGMA foreign_keys = ON")
    again = make_article(SHORT, id=f"s:{SHORT.rpartition('/')[2]}", body="# 短\n\n又一份。\n")
    assert archive.save(again) is Change.ADDED
    record = archive.get(ID)
    assert record
    assert record.body == make_page().body  # the better copy, which was kept beside the row
    assert [row["article_id"] for row in _rows(archive, "urls")] == [ID] * len(addresses)
    assert archive.save(again) is Change.UNCHANGED


def test_saving_the_same_article_again_writes_nothing(archive: Archive) -> None:
    articles = [make_article(), make_page(), make_article(state=State.HOLLOW)]
    for article in articles:
        archive.save(article)
    before = tables_of(archive.database)
    changes = archive.database.conn.total_changes
    assert {archive.save(article) for article in articles} == {Change.UNCHANGED}
    assert archive.database.conn.total_changes == changes
    assert tables_of(archive.database) == before


@pytest.mark.parametrize(
    "state",
    [
        State.DELETED,
        State.VERIFICATION,
        State.HOLLOW,
        State.UNREADABLE,
        State.VIOLATION,
        State.SYSTEM,
    ],
)
def test_a_worse_state_never_overwrites_a_better_copy(archive: Archive, state: State) -> None:
    archive.save(make_article())
    assert archive.save(make_page(state=state, title="")) is Change.KEPT_BETTER
    record = archive.get(ID)
    assert record
    assert (record.state, record.title) == ("ok", "夜航的灯塔")
    assert record.body.endswith("海面。\n")
    assert (record.state_now, record.checked_at) == (state, "2026-01-02T03:04:05.000006")
    assert [event["state"] for event in _rows(archive, "events")] == ["ok", state]


def test_a_shorter_cut_copy_never_replaces_a_longer_one(archive: Archive) -> None:
    archive.save(make_article(state=State.TRUNCATED, body="# 夜航的灯塔\n\n" + "光。" * 90))
    later = make_article(
        state=State.TRUNCATED, body="# 夜航的灯塔\n\n" + "光。" * 80, fetch_date="2026-02-02"
    )
    assert archive.save(later) is Change.KEPT_BETTER
    record = archive.get(ID)
    assert record
    assert record.characters == 189
    assert archive.database["revisions"].count == 2


def test_a_deleted_article_keeps_the_title_that_a_hollow_seed_knew(archive: Archive) -> None:
    archive.save(make_article(state=State.HOLLOW))
    archive.save(
        make_page(state=State.DELETED, title="", source="", account="", date="", account_info=None)
    )
    record = archive.get(ID)
    assert record
    assert (record.state, record.title, record.date) == ("deleted", "夜航的灯塔", "2024-05-08")


def test_cleaning_the_same_evidence_again_takes_its_own_place_and_keeps_the_old_body_as_a_revision(
    archive: Archive,
) -> None:
    first = make_article()
    archive.save(first)
    again = replace(first, body=first.body + "更多。\n", cleaner_version=first.cleaner_version + 1)
    assert archive.save(again) is Change.UPDATED
    assert archive.database["revisions"].count == 2
    assert archive.database["events"].count == 1


def test_a_copy_that_turns_out_to_be_a_notice_gives_way_to_the_next_best(archive: Archive) -> None:
    seed, page = make_article(), make_page(body="# 环境异常\n\n当前环境异常\n")
    archive.save(seed)
    archive.save(page)
    archive.save(
        replace(page, state=State.VERIFICATION, body="", cleaner_version=page.cleaner_version + 1)
    )
    record = archive.get(ID)
    assert record
    assert (record.state, record.body) == ("ok", seed.body)


def test_a_notice_never_brings_a_body(archive: Archive) -> None:
    archive.save(make_page(state=State.DELETED, body="该内容已被发布者删除"))
    record = archive.get(ID)
    assert record
    assert record.body == ""
    assert archive.database["revisions"].count == 0


def test_half_a_character_is_replaced_and_not_refused(archive: Archive) -> None:
    archive.save(make_article(title="灯塔\ud83d", body="# 灯塔\ud83d\n"))
    record = archive.get(ID)
    assert record
    assert record.title == "灯塔\ufffd"


def test_an_address_that_is_not_wechats_is_refused_and_leaves_nothing(archive: Archive) -> None:
    with pytest.raises(InputError):
        archive.save(replace(make_article(), url="https://example.com/s/a"))
    assert archive.database["articles"].count == 0


@pytest.mark.parametrize(
    "text", [UNSIGNED, SIGNED, SHORT, ID, long_form_of(ID), SHORT + "?scene=1"]
)
def test_every_form_of_an_address_leads_to_the_one_row(archive: Archive, text: str) -> None:
    archive.save(make_page())
    assert archive.find(text) == ID


def test_a_short_link_that_turns_out_to_be_a_known_article_becomes_one_row_with_it(
    archive: Archive,
) -> None:
    archive.save(make_article())
    archive.save(make_article(SHORT, state=State.VERIFICATION, title="", date=""))
    assert archive.database["articles"].count == 2
    archive.save(make_page())
    assert [row["id"] for row in _rows(archive, "articles")] == [ID]
    assert {row["article_id"] for row in _rows(archive, "events")} == {ID}
    assert archive.find(SHORT) == archive.find("s:aBcDeFgHiJkLmNoPqRsTu0") == ID


@pytest.mark.parametrize("state", [State.OK, State.DELETED])
def test_the_same_bytes_are_those_of_the_later_look_in_whatever_order_they_come(
    tmp_path: Path, state: State
) -> None:
    body = "# 夜航的灯塔\n\n灯塔的光。\n" if state.has_body else ""
    found = {"state": state, "body": body, "evidence": "ab" * 32}
    looks = [
        make_page(SHORT, fetch_date="2026-01-02T00:00:00", **found),
        make_page(OTHER_SHORT, fetch_date="2026-03-04T00:00:00", **found),
        make_page(SHORT, fetch_date="2026-02-03T00:00:00", title="夜航的灯塔（改）"),
    ]
    contents = []
    for number, order in enumerate(permutations(looks)):
        with new_archive(tmp_path / f"{number}.db") as archive:
            for look in order:
                archive.save(look)
            tables = tables_of(archive.database)
            contents.append((tables["articles"], tables["copies"]))
            record = archive.get(ID)
            assert record
            assert (record.url, record.body) == (OTHER_SHORT, body) or not state.has_body
    assert all(one == contents[0] for one in contents)


@pytest.mark.parametrize(
    "found",
    [{"origin": Origin.ADOPTED}, {"origin": Origin.FETCH, "state": State.PAID}],
    ids=["adopted", "paid"],
)
def test_what_a_person_wrote_into_a_document_is_not_shown_once_its_copy_is_found_again_later(
    tmp_path: Path, found: dict[str, Any]
) -> None:
    body = "# 夜航的灯塔\n\n灯塔的光。\n"
    looks = [
        make_article(**found, body=body, evidence="ab" * 32),
        make_article(**found, body=body, evidence="ab" * 32, fetch_date="2026-03-04T00:00:00"),
        make_article(body=f"{body}\n一句自己的话。\n", evidence="cd" * 32),
    ]
    contents = []
    for number, order in enumerate(permutations(looks)):
        with new_archive(tmp_path / f"{number}.db") as archive:
            for look in order:
                archive.save(replace(look, removed={}))
            contents.append(tables_of(archive.database)["articles"])
            record = archive.get(ID)
            assert record
            assert record.body == body
    assert all(one == contents[0] for one in contents)


@pytest.mark.parametrize("sn", ["", "0f" * 16, "1e" * 16])
def test_a_long_link_leads_to_the_article_that_it_names_whichever_came_first(
    tmp_path: Path, sn: str
) -> None:
    link = f"{long_form_of(ID)}&sn={sn}&chksm={CHKSM}".replace("&sn=&", "&")
    stranger = make_page(link, id=f"{BIZ}:2650000002:1", mid="2650000002", aliases=())
    contents = []
    for number, order in enumerate(permutations([make_article(), stranger])):
        with new_archive(tmp_path / f"{number}.db") as archive:
            for article in order:
                archive.save(article)
            assert archive.find(link) == ID
            contents.append(tables_of(archive.database)["urls"])
    assert contents[0] == contents[1]


def test_two_identities_are_never_one_whatever_a_page_says_of_itself(archive: Archive) -> None:
    other = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000002&idx=1"
    archive.save(make_article(other))
    archive.save(make_page(aliases=(other,)))
    assert archive.database["articles"].count == 2
    assert archive.find(other) == f"{BIZ}:2650000002:1"


def test_a_body_stays_shown_without_its_promotion_until_another_takes_its_place(
    archive: Archive,
) -> None:
    article = make_article(body="# 夜航的灯塔\n\n海面。\n\n扫码关注江畔手记\n")
    archive.save(article)
    archive.texts.show(ID, "# 夜航的灯塔\n\n海面。\n", {"promo:tail": 1})
    assert archive.save(article) is Change.UNCHANGED
    assert archive.save(make_page(state=State.DELETED)) is Change.KEPT_BETTER
    record = archive.get(ID)
    assert record
    assert record.body == "# 夜航的灯塔\n\n海面。\n"
    assert {row["rule_id"] for row in _rows(archive, "removed")} == {"tail", "promo:tail"}
    assert list(archive.audit(today="2026-11-23")) == []
    archive.save(make_page(body="# 夜航的灯塔\n\n海面。\n\n扫码关注江畔手记，又。\n"))
    record = archive.get(ID)
    assert record
    assert record.body.endswith("又。\n")
    assert {row["rule_id"] for row in _rows(archive, "removed")} == {"tail"}


def _histories() -> list[Article]:
    """One article as many inputs give it, and a second one that shares nothing but its title."""
    anonymous = {
        "title": "",
        "account": "",
        "source": "",
        "date": "",
        "biz": "",
        "mid": "",
        "idx": "",
    }
    return [
        make_article(state=State.HOLLOW, account="", fetch_date="2025-01-01T00:00:00"),
        make_article(
            state=State.TRUNCATED, body="# 夜航的灯塔\n\n" + "光。" * 50, account="", author="阿岸"
        ),
        make_article(SIGNED, fetch_date="2024-12-12T12:00:00", account=""),
        make_article(
            SHORT, state=State.VERIFICATION, fetch_date="2026-01-01T00:00:00", **anonymous
        ),
        make_article(
            OTHER_SHORT, state=State.HOLLOW, fetch_date="2025-06-01T00:00:00", title="灯塔，夜航"
        ),
        make_page(aliases=(SHORT, OTHER_SHORT)),
        make_page(
            OTHER_SHORT,
            state=State.DELETED,
            fetch_date="2026-03-03T00:00:00",
            title="",
            account_info=None,
        ),
        make_page(
            body="# 夜航的灯塔\n\n改过的一版。\n", fetch_date="2026-02-02T00:00:00", aliases=()
        ),
        make_article(
            f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000009&idx=2", state=State.UNSIGNED
        ),
    ]


@pytest.mark.parametrize("seed", range(24))
def test_any_order_of_arrival_gives_the_same_archive(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    shuffled = _histories()
    dice.shuffle(shuffled)
    shuffled = shuffled[: dice.randint(3, len(shuffled))]
    contents = []
    for number, order in enumerate(
        (shuffled, shuffled[::-1], dice.sample(shuffled, len(shuffled)))
    ):
        with Archive.open(tmp_path / f"{number}.db", ngram=None) as archive:
            archive.database.conn.execute("PRAGMA synchronous = OFF")
            for article in order:
                archive.save(article)
            contents.append(tables_of(archive.database))
    assert contents[0] == contents[1] == contents[2]


@pytest.mark.parametrize("seed", range(24))
def test_saving_many_at_once_gives_the_archive_that_saving_one_by_one_gives(
    tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    articles = dice.choices(_histories(), k=dice.randint(2, 12))
    waiting = dice.sample([SIGNED, SHORT, long_form_of(ID)], dice.randint(0, 3))
    contents = []
    for size in (1, 2, 5, 12):
        with Archive.open(tmp_path / f"{size}.db", ngram=None) as archive:
            archive.database.conn.execute("PRAGMA synchronous = OFF")
            for address in waiting:
                archive.queue.enqueue(address)
            for start in range(0, len(articles), size):
                some = articles[start : start + size]
                archive.save_all(
                    [arrival_of(article, f"{article.evidence}.md") for article in some]
                )
            contents.append(tables_of(archive.database))
    assert all(content == contents[0] for content in contents)


def test_an_article_whose_address_leads_to_another_is_kept_all_the_same(archive: Archive) -> None:
    archive.save(make_page(SHORT))
    other = UNSIGNED.replace("mid=2650000001", "mid=2650000077")
    stranger = make_article(other, aliases=(SHORT,), body="# 夜航的灯塔\n\n另一篇。\n")
    assert archive.save(stranger) is Change.ADDED
    assert archive.find(other) != archive.find(SHORT) == ID


@pytest.mark.parametrize("of_each", [800, 2])
def test_naming_articles_takes_steps_as_there_are_articles_and_not_as_their_square(
    tmp_path: Path, of_each: int
) -> None:
    few, many = (_steps_of_naming(tmp_path / f"{count}.db", count, of_each) for count in (200, 800))
    assert many < 6 * few


def _steps_of_naming(path: Path, count: int, of_each: int) -> int:
    """So many hundreds of SQLite's steps does it take to name so many articles.

    Of each account there are so many, the first of which says its name.
    """
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with Archive.open(path, ngram=None) as archive:
        arrivals = []
        for mid in range(count):
            biz = f"MzI0NTk5{mid // of_each:04}MA=="
            link = f"https://mp.weixin.qq.com/s?__biz={biz}&mid={mid + 1}&idx=1"
            named = {"account": ""} if mid % of_each else {}
            arrivals.append(arrival_of(make_article(link, **named), f"{mid}.md"))
        archive.save_all(arrivals)
        archive.database.conn.set_progress_handler(step, 100)
        assert archive.name_articles() == count - -(-count // of_each)
    return steps


def test_a_row_that_is_not_there_is_not_refreshed(archive: Archive) -> None:
    copy = copy_of(make_article())
    connection = archive.database.conn
    assert not refresh_row(connection, "1:1:1", copy, {})
    assert archive.database.execute("SELECT count(*) FROM articles").fetchone() == (0,)
