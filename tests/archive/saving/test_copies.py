"""Which copy is shown: a function of the set of copies, whatever was dropped on the way."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.saving.copies import (
    MOST,
    Copy,
    copy_of,
    dump_copy,
    front_matter_of,
    key_of,
    load_copy,
    prune_copies,
    shown_copy,
)
from crawler.article import CLEANER_VERSION, Origin, State, sha256
from crawler.frontmatter import split_front_matter
from tests.archive.specimens import make_article

TEXTS = st.sampled_from(["", "甲", "乙"])
DAYS = st.sampled_from(["", "2026-01-01", "2026-01-01T19:15:00+08:00", "2026-01-02T07:00:00+08:00"])
LENGTHS = st.sampled_from([1, 2, 3, 40])


@st.composite
def _copies(draw: st.DrawFn) -> dict[str, Copy]:
    copies = {}
    for number in range(draw(st.integers(1, 6))):
        state = draw(st.sampled_from([State.OK, State.TRUNCATED, State.HOLLOW, State.DELETED]))
        fields = {name: draw(TEXTS) for name in ("title", "account", "author", "date", "digest")}
        article = make_article(
            state=state,
            origin=draw(st.sampled_from([Origin.SEED, Origin.SEED, Origin.FETCH, Origin.ADOPTED])),
            removed=draw(st.sampled_from([{}, {"tail:mark": 1}])),
            fetch_date=f"2026-01-0{draw(st.integers(1, 3))}",
            evidence=sha256(bytes([number, draw(st.integers(0, 9))])),
            published_at=draw(DAYS),
            **fields,
            **({"body": "光" * draw(LENGTHS)} if state.has_body else {}),
        )
        copy = copy_of(article)
        copies[key_of(copy)] = copy
    return copies


@given(_copies())
def test_what_is_dropped_never_mattered(copies: dict[str, Copy]) -> None:
    assert shown_copy(prune_copies(copies)) == shown_copy(copies)


@given(_copies(), _copies())
def test_dropping_early_or_late_comes_to_the_same(
    first: dict[str, Copy], second: dict[str, Copy]
) -> None:
    second = {key: copy for key, copy in second.items() if key not in first}
    assert prune_copies({**prune_copies(first), **second}) == prune_copies({**first, **second})


@given(_copies())
def test_a_copy_comes_back_from_its_text_as_it_was(copies: dict[str, Copy]) -> None:
    for copy in copies.values():
        assert load_copy(dump_copy(copy)) == copy
        assert "" not in json.loads(dump_copy(copy)).values()


NO_COPIES = [None, "", "7", "[]", '"a"', "{", "[" * 100_000, '{"x":' * 100_000]
NOT_OF_A_COPY = [
    {"title": 5},
    {"title": "\ud800"},
    {"fetch_date": ["a"]},
    {"state": "lost"},
    {"state": None},
    {"kind": 1},
    {"mid": 1 << 63},
    {"removed": []},
    {"removed": {"a": None}},
    {"evidence": {}},
]


@pytest.mark.parametrize(
    "text", [*NO_COPIES, *map(json.dumps, NOT_OF_A_COPY)], ids=lambda text: str(text)[:20]
)
def test_what_is_no_copy_raises_one_kind_of_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each says something else
        load_copy(text)


@given(_copies())
def test_the_shown_copy_lacks_nothing_that_another_knows_of_the_article(
    copies: dict[str, Copy],
) -> None:
    shown = shown_copy(copies)
    for name in ("account", "author", "date"):
        assert bool(shown[name]) == any(copy[name] for copy in copies.values())


@given(_copies())
def test_what_a_copy_with_a_text_tells_counts_before_what_one_without_tells(
    copies: dict[str, Copy],
) -> None:
    told = {copy["account"] for copy in copies.values() if copy["body_hash"] and copy["account"]}
    assert not told or shown_copy(copies)["account"] in told


def test_a_body_keeps_its_own_cover_or_none_and_its_title_where_it_has_one() -> None:
    whole = copy_of(make_article(title="", cover="", body="光", evidence="a"))
    hollow = copy_of(
        make_article(
            state=State.HOLLOW, title="别的题目", cover="https://mmbiz.qpic.cn/a", evidence="b"
        )
    )
    shown = shown_copy({"a": whole, "b": hollow})
    assert (shown["title"], shown["cover"]) == ("别的题目", "")
    named = copy_of(make_article(title="夜航", cover="", body="光", evidence="a"))
    shown = shown_copy({"a": named, "b": hollow})
    assert (shown["title"], shown["cover"]) == ("夜航", "")


def test_front_matter_says_what_the_row_says() -> None:
    copy = copy_of(make_article(title="是: #吗"))
    front, rest = split_front_matter(front_matter_of(copy) + "# 是: #吗\n")
    assert front
    assert (front.title, front.source, front.date) == ("是: #吗", "江畔手记", "2024-05-08")
    assert rest == "\n# 是: #吗\n"


def test_what_states_a_day_is_told_only_beside_that_day() -> None:
    seed = copy_of(
        make_article(body="光", evidence="a", published_at="2024-05-07", date_source="text")
    )
    page = make_article(
        body="光", evidence="b", origin=Origin.FETCH, published_at="2024-05-07T08:00:00+08:00"
    )
    shown = shown_copy({"a": seed, "b": copy_of(page)})
    assert (shown["published_at"], shown["date_source"]) == ("2024-05-07T08:00:00+08:00", "")
    silent = shown_copy({"a": seed, "b": copy_of(replace(page, published_at=""))})
    assert (silent["published_at"], silent["date_source"]) == ("2024-05-07", "text")


def test_a_day_alone_leaves_the_hour_of_that_day_to_another_copy() -> None:
    told = {"2017-12-13": 3, "2017-12-13T19:15:00+08:00": 2, "2017-12-12T08:00:00+08:00": 1}
    copies = [
        copy_of(
            make_article(published_at=moment, body="光" * length, evidence=sha256(moment.encode()))
        )
        for moment, length in told.items()
    ]
    shown = shown_copy({key_of(copy): copy for copy in copies})
    assert (shown["characters"], shown["published_at"]) == (3, "2017-12-13T19:15:00+08:00")
    alone = shown_copy({key_of(copies[0]): copies[0], key_of(copies[2]): copies[2]})
    assert alone["published_at"] == "2017-12-13"


def test_of_very_many_copies_the_best_are_kept_and_those_that_alone_tell_something() -> None:
    looks = [
        make_article(
            fetch_date=f"2026-01-01T00:00:{number:02}",
            evidence=sha256(bytes([number])),
            body="光" * (number + 1),
            author="" if number else "林远",
        )
        for number in range(MOST + 15)
    ]
    copies = {key_of(copy): copy for copy in map(copy_of, looks)}
    early = prune_copies(dict(list(copies.items())[: MOST + 5]))
    late = dict(list(copies.items())[MOST + 5 :])
    kept = prune_copies(copies)
    assert len(kept) == MOST + 1
    assert shown_copy(kept) == shown_copy(copies)
    assert shown_copy(kept)["author"] == "林远"
    assert prune_copies({**early, **late}) == kept


def test_of_very_many_copies_one_that_today_s_cleaner_read_outlives_what_is_read_as_notices() -> (
    None
):
    late = [
        make_article(fetch_date=f"2026-01-01T00:00:{number:02}", evidence=sha256(bytes([number])))
        for number in range(1, MOST + 5)
    ]
    before = [copy_of(replace(one, cleaner_version=CLEANER_VERSION - 1)) for one in late]
    whole = copy_of(make_article(fetch_date="2025-12-01", evidence=sha256(b"0")))
    notices = [copy_of(replace(one, state=State.DELETED, body="")) for one in late]
    copies: dict[str, Copy] = {}
    for copy in (*before, whole, *notices):
        copies = prune_copies({**copies, key_of(copy): copy})
    assert shown_copy(copies)["evidence"] == sha256(b"0")
    assert len(copies) <= 2 * MOST


def test_what_a_text_knows_counts_before_a_notice_also_where_a_person_wrote_it() -> None:
    written = make_article(origin=Origin.SEED, body="光光", account="甲", evidence="1")
    notice = make_article(
        origin=Origin.FETCH, state=State.DELETED, account="乙", fetch_date="", evidence="2"
    )
    looked_at = make_article(origin=Origin.ADOPTED, body="光", account="", evidence="3")
    first, second, third = map(copy_of, (written, notice, looked_at))
    early = prune_copies({"3": third, **prune_copies({"1": first, "2": second})})
    shown = shown_copy({"1": first, "2": second, "3": third})
    assert (shown["characters"], shown["account"]) == (1, "甲")
    assert shown_copy(early) == shown


def _of(
    length: int,
    origin: Origin = Origin.ADOPTED,
    state: State = State.OK,
    day: int = 1,
    by: str = "",
) -> Copy:
    article = make_article(
        body="光" * length,
        origin=origin,
        state=state,
        evidence=sha256(f"{origin}{length}".encode()),
        fetch_date=f"2026-01-0{day}",
        producer=by,
    )
    return copy_of(article)


@pytest.mark.parametrize(
    ("new", "old", "shown"),
    [
        (_of(9), _of(100, state=State.TRUNCATED), 100),
        (_of(9), _of(100, Origin.SEED, State.TRUNCATED, day=2), 100),
        (_of(9), _of(100, by="text"), 100),  # whose tool is trusted less
        (_of(9, Origin.RECOVERED), _of(100, state=State.TRUNCATED), 100),
        (_of(10), _of(100, state=State.TRUNCATED), 10),
        (_of(9, Origin.SEED, day=2), _of(100), 9),
        (_of(9, Origin.FETCH, day=2), _of(100, Origin.FETCH), 9),  # an edit
        (_of(9), _of(100, Origin.SEED), 9),  # whose document a person wrote in
    ],
)
def test_a_scrap_of_another_tool_s_stays_behind_a_text(new: Copy, old: Copy, shown: int) -> None:
    assert shown_copy({key_of(copy): copy for copy in (new, old)})["characters"] == shown
