from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from crawler.article import Origin, State
from tests.archive.specimens import CHKSM, ID, SIGNED, make_page

if TYPE_CHECKING:
    from crawler.archive import Archive

DAYS = [f"2026-05-{day:02}T12:00:00.000000" for day in range(1, 20)]


def look(archive: Archive, day: int, state: State, origin: Origin = Origin.FETCH) -> None:
    """Note one look at the article on a day in May, at noon."""
    archive.history.note_look(
        ID, at=DAYS[day - 1], state=state, origin=origin, detail=f".warn says {state} (notice x)"
    )


def deaths(archive: Archive) -> list[tuple[str, str, str, str]]:
    return [
        (row.last_seen_alive[8:10], row.first_seen_dead[8:10], row.confirmed[8:10], row.state)
        for row in archive.watched.deaths()
    ]


def test_the_view_and_the_states_agree_in_what_tells_something(archive: Archive) -> None:
    view = str(archive.database["deaths"].schema)
    telling = {str(state) for state in State if state.has_body or state.is_death}
    for listed in re.findall(r"state (?:NOT )?IN\s+\(([^)]*)\)", view):
        named = set(re.findall(r"\w+", listed))
        assert named in (
            telling,
            {str(state) for state in State if state.has_body},
            {str(state) for state in State if state.is_death},
        )
    assert telling & {"private", "expired", "bad_link", "migrated", "client_only"} == set()


@pytest.mark.parametrize(
    ("looks", "told"),
    [
        ("1 ok, 3 deleted", []),
        ("1 ok, 3 deleted, 3 deleted", []),
        ("1 ok, 3 deleted, 4 deleted", [("01", "03", "04", "deleted")]),
        ("1 ok, 3 deleted, 4 violation, 9 deleted", [("01", "03", "04", "violation")]),
        ("3 deleted, 5 deleted", [("", "03", "05", "deleted")]),
        ("1 ok, 3 deleted, 4 ok, 5 deleted", []),
        ("1 ok, 3 deleted, 4 verification, 5 deleted", [("01", "03", "05", "deleted")]),
        ("1 ok, 3 verification, 4 hollow, 5 rate_limited, 6 system", []),
        ("1 ok, 3 private, 4 private, 5 private", []),
        ("1 ok, 3 migrated, 4 expired, 5 bad_link, 6 client_only, 7 unavailable", []),
        (
            "1 paid, 2 rumour, 3 rumour, 6 paid, 8 complaint, 9 complaint",
            [("06", "08", "09", "complaint"), ("01", "02", "03", "rumour")],
        ),
    ],
)
def test_a_death_is_two_notices_on_two_days_with_no_text_between(
    archive: Archive, looks: str, told: list[tuple[str, ...]]
) -> None:
    archive.save(make_page(fetch_date="none"))
    for said in looks.split(", "):
        day, state = said.split()
        look(archive, int(day), State(state))
    assert deaths(archive) == told


def test_the_order_in_which_looks_came_into_the_archive_makes_no_difference(
    archive: Archive,
) -> None:
    archive.save(make_page(fetch_date="none"))
    for day, state in ((5, "deleted"), (9, "ok"), (1, "ok"), (4, "deleted")):
        look(archive, day, State(state))
    assert deaths(archive) == [("01", "04", "05", "deleted")]
    [death] = archive.watched.deaths()
    assert death.seen_again == DAYS[8]


def test_what_a_tool_kept_or_was_recovered_later_is_no_resurrection(archive: Archive) -> None:
    archive.save(make_page(fetch_date="none"))
    for day, state in ((1, "ok"), (4, "deleted"), (5, "deleted")):
        look(archive, day, State(state))
    look(archive, 8, State.OK, Origin.ADOPTED)
    look(archive, 9, State.OK, Origin.RECOVERED)
    [death] = archive.watched.deaths()
    assert death.seen_again == ""
    [article] = archive.watched.articles()
    assert article.is_dead


def test_a_death_says_what_is_still_held_of_it(archive: Archive) -> None:
    archive.save(make_page(), snapshot=b"<p>page</p>")
    for day in (4, 5):
        archive.save(make_page(state=State.DELETED, body="", fetch_date=DAYS[day - 1], evidence=""))
    [death] = archive.watched.deaths()
    assert death.characters == make_page().characters
    assert (death.revisions, death.snapshots, death.pictures) == (1, 1, 0)


def test_the_index_of_deaths_is_the_one_that_the_view_goes_by(archive: Archive) -> None:
    plan = archive.database.conn.execute("EXPLAIN QUERY PLAN SELECT * FROM deaths").fetchall()
    assert any("events_deaths" in str(row[-1]) for row in plan)


def test_the_tries_since_the_last_look_that_told_something_are_counted(archive: Archive) -> None:
    archive.save(make_page(fetch_date=DAYS[0]))
    look(archive, 2, State.VERIFICATION)
    look(archive, 3, State.OK)
    for day in (4, 5, 6):
        look(archive, day, State.HOLLOW)
    [article] = archive.watched.articles()
    assert (article.told_at, article.tries, article.tried_at) == (DAYS[2], 3, DAYS[5])
    assert not article.is_gone


def test_what_the_queue_waits_for_is_not_watched(archive: Archive) -> None:
    archive.save(make_page(state=State.HOLLOW, body=""))
    assert archive.watched.articles() == []


def test_an_archive_without_a_look_has_no_latest_one(archive: Archive) -> None:
    assert archive.watched.latest_look() == ""
    archive.save(make_page(fetch_date=DAYS[4]))
    look(archive, 9, State.OK, Origin.SEED)
    assert archive.watched.latest_look() == DAYS[4]


def test_what_was_gone_is_looked_at_though_a_link_that_another_archive_had_was_refused_later(
    archive: Archive,
) -> None:
    """The later look is shown; by another link the article may be there again."""
    refused = make_page(SIGNED.replace(CHKSM, "0" * 76), state=State.BAD_LINK, fetch_date=DAYS[4])
    archive.save(refused)
    assert archive.watched.articles() == []
    archive.save(make_page(state=State.DELETED, fetch_date=DAYS[2]))
    [watched] = archive.watched.articles()
    assert watched.is_gone
    assert "0" * 76 not in archive.signed_form(ID)
