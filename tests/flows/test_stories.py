"""One story once: groups of articles with the same text, however they came into the archive."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from bench.stories import UNSEEN, fill, read_labels, wrong_pairs
from crawler.archive import Archive
from crawler.archive.saving import arrival_of
from crawler.article import State
from crawler.flows import group_stories, stories
from tests.archive.specimens import make_article
from tests.clean.stories.test_signatures import text
from tests.conftest import SHARED

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive.saving import StoryRow, Unsigned
    from crawler.article import Article


def link(number: int) -> str:
    return f"https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid={2650000100 + number}&idx=1"


def key(number: int) -> str:
    return f"MzI0NTk5OTk5MA==:{2650000100 + number}:1"


def article(number: int, words: str, **fields: Any) -> Article:
    body = f"# 灯塔\n\n{words}\n"
    return make_article(link(number), **{"title": "灯塔", "body": body, **fields})


WHOLE = text(7, 120)
ARTICLES = [
    article(1, text(1), published_at="2024-05-08T09:00:00+08:00"),
    article(2, f"转自江畔手记。{text(1)}", published_at="2024-05-09T09:00:00+08:00"),
    article(3, f"{text(1)}欢迎关注。", published_at="2024-05-10T09:00:00+08:00"),
    article(4, text(2)),
    article(5, WHOLE, published_at="2024-05-12T09:00:00+08:00"),
    article(
        6,
        WHOLE[: len(WHOLE) // 2],
        state=State.TRUNCATED,
        published_at="2024-05-11T09:00:00+08:00",
    ),
    article(7, "短"),
    article(8, "短"),
]


def group(archive: Archive) -> list[str]:
    """Bring the groups up to date; the articles that were signed for it."""
    return list(group_stories(archive)[1])


def groups(archive: Archive) -> dict[str, list[str]]:
    """Of every article in a group the group's earliest and best."""
    rows = archive.database.conn.execute(
        "SELECT article_id, earliest, best FROM stories WHERE earliest IS NOT NULL"
    )
    return {article_id: names for article_id, *names in rows}


def save(archive: Archive, *articles: Article) -> None:
    archive.save_all([arrival_of(one) for one in articles])


def test_articles_with_the_same_text_are_a_group_that_names_the_earliest_and_the_best(
    archive: Archive,
) -> None:
    save(archive, *ARTICLES)
    group(archive)
    found = groups(archive)
    assert set(found) == {key(number) for number in (1, 2, 3, 5, 6)}
    assert {found[key(number)][0] for number in (1, 2, 3)} == {key(1)}
    assert found[key(5)] == found[key(6)] == [key(6), key(5)]
    assert archive.stories.same_as(key(2)) == [key(1), key(3)]
    assert archive.stories.same_as(key(4)) == []


def test_texts_that_were_cut_and_hold_two_whole_ones_make_no_story_of_these(
    archive: Archive,
) -> None:
    one, other = text(11, 120), text(12, 120)
    digests = [
        article(number, f"{first}{second}{text(13, 20)}", state=State.TRUNCATED)
        for number, first, second in [(3, one, other), (4, other, one)]
    ]
    save(archive, article(1, one), article(2, other), *digests)
    group(archive)
    assert set(groups(archive)) == {key(3), key(4)}


def test_texts_that_pass_from_one_article_into_another_hide_neither_in_a_search(
    archive: Archive,
) -> None:
    one, other = ([f"灯塔{text(seed + part, 2)}" for part in range(20)] for seed in (100, 200))
    steps = [other[:part] + one[part:] for part in range(0, 21, 2)]
    save(archive, *(article(number, "\n\n".join(step)) for number, step in enumerate(steps)))
    group(archive)
    assert len({earliest for earliest, _ in groups(archive).values()}) == 1
    shown = [hit.id for hit in archive.search("灯塔")]
    assert 1 < len(shown) < 6
    near = [{key(number) for number in some} for some in (range(4), range(7, 11))]
    assert all(some.intersection(shown) for some in near)
    archive.database.conn.execute("UPDATE stories SET signature = CAST(x'ff00' AS TEXT)")
    assert len(archive.search("灯塔")) == 1


@pytest.mark.parametrize("seed", range(6))
def test_the_same_articles_give_the_same_groups_in_whatever_order_and_portions(
    tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    with Archive.open(tmp_path / "once.db") as once, Archive.open(tmp_path / "some.db") as some:
        save(once, *ARTICLES)
        group(once)
        shuffled = dice.sample(ARTICLES, len(ARTICLES))
        for one in shuffled:
            save(some, one)
            if dice.random() < 0.6:
                group(some)
        group(some)
        assert groups(some) == groups(once)


@pytest.mark.parametrize("portions", [1, 5])
def test_a_crowd_of_one_telling_does_not_hide_another_telling_of_the_same_story(
    archive: Archive, portions: int
) -> None:
    endings = ["海" * 3 + text(51, 5), "潮" * 3 + text(52, 5)]
    told = [
        article(number, f"{WHOLE[:1_000]}{endings[number % 2]}第{number:04}日{text(8, 3)}")
        for number in range(80)
    ]
    for start in range(portions):
        save(archive, *told[start::portions])
        group(archive)
    assert len({earliest for earliest, _ in groups(archive).values()}) == 1
    assert len(groups(archive)) == 80


def test_the_groups_are_the_same_however_few_texts_memory_has_room_for(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(archive, *ARTICLES)
    group(archive)
    monkeypatch.setattr(stories, "_MOST_KEPT", 0)
    with Archive.open(tmp_path / "other.db") as other:
        save(other, *ARTICLES)
        group(other)
        assert groups(other) == groups(archive)


def test_only_what_is_new_is_signed(archive: Archive) -> None:
    save(archive, *ARTICLES[:3])
    assert len(group(archive)) == 3
    assert group(archive) == []
    save(archive, ARTICLES[3])
    assert group(archive) == [key(4)]


@pytest.mark.parametrize(
    "damaged",
    [
        "'@' || substr(signature, 2)",
        "substr(signature, 2)",
        "'='|| substr(signature, 2)",
        "substr(signature, 3) || '=='",
        "'é' || substr(signature, 2)",
        "CAST(X'FF' || substr(signature, 2) AS TEXT)",
        "''",
        "7",
    ],
)
def test_a_signature_that_is_damaged_is_made_anew(archive: Archive, damaged: str) -> None:
    save(archive, *ARTICLES[:3])
    group(archive)
    before = groups(archive)
    with archive.transaction():
        hurt = f"UPDATE stories SET signature = {damaged} WHERE article_id = ?"  # noqa: S608
        archive.database.conn.execute(hurt, (key(2),))
    save(archive, ARTICLES[3])
    assert sorted(group(archive)) == [key(2), key(4)]
    assert groups(archive) == before


def test_a_text_that_changed_leaves_its_group(archive: Archive) -> None:
    save(archive, *ARTICLES[:3])
    group(archive)
    save(archive, article(1, text(9), fetch_date="2027-01-01T00:00:00.000000"))
    group(archive)
    assert set(groups(archive)) == {key(2), key(3)}
    assert groups(archive)[key(3)][0] == key(2)


def test_the_link_between_two_goes_with_the_article_that_was_it(archive: Archive) -> None:
    words = [WHOLE[start : start + 1_600] for start in (0, 200, 400)]
    save(archive, *(article(number, part) for number, part in enumerate(words)))
    group(archive)
    assert set(groups(archive)) == {key(0), key(1), key(2)}
    archive.forgotten.add(link(1), at="2026-01-01")
    group(archive)
    assert groups(archive) == {}


def test_rows_that_become_one_article_are_compared_anew(archive: Archive) -> None:
    save(archive, *ARTICLES[:3])
    group(archive)
    archive.join_copy(key(2), key(1), {"url": link(1), "sn": "", "biz": "", "mid": "", "idx": ""})
    group(archive)
    assert set(groups(archive)) == {key(1), key(3)}
    assert archive.database.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_search_shows_one_of_a_group_and_says_how_many_more(archive: Archive) -> None:
    save(archive, *ARTICLES)
    group(archive)
    hits = archive.search("灯塔")
    assert len(hits) == 5  # two groups, 4, 7 and 8
    assert sorted(hit.more for hit in hits) == [0, 0, 0, 1, 2]
    assert len(archive.search("灯塔", fold=False)) == 8
    assert len(archive.search("灯塔", limit=2)) == 2


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the sample of real seeds")
def test_of_real_pairs_at_least_95_of_100_are_told_as_a_person_told_them(tmp_path: Path) -> None:
    labels, unseen = read_labels(), read_labels(UNSEEN)
    assert len(labels) == len(unseen) == 300
    assert not {label[:2] for label in labels} & {label[:2] for label in unseen}
    with Archive.open(tmp_path / "archive.db", ngram=None) as archive:
        fill(archive, SHARED / "seeds")
        assert len(wrong_pairs(archive, labels)) <= 15
        assert len(wrong_pairs(archive, unseen)) <= 15


def test_a_group_that_another_process_makes_meanwhile_is_joined_and_not_lost(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = [article(number, WHOLE) for number in range(1, 4)]
    save(archive, *same[:2])
    compare = stories._same_texts

    def late(mine: Archive) -> list[tuple[str, str]]:
        pairs = compare(mine)
        monkeypatch.undo()
        with Archive.open(archive.path) as other:
            save(other, same[2], article(4, text(2)))
            group(other)
        return pairs

    monkeypatch.setattr(stories, "_same_texts", late)
    group(archive)
    assert set(groups(archive)) == {key(number) for number in (1, 2, 3)}
    assert {earliest for earliest, _ in groups(archive).values()} == {key(1)}


def test_what_another_process_signed_or_changed_meanwhile_stays_as_it_is(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(archive, article(1, WHOLE), article(2, text(2)))
    sign = stories._signed

    def late(unsigned: Unsigned) -> StoryRow:
        monkeypatch.undo()
        with Archive.open(archive.path) as other:
            group(other)
            other.forgotten.add(link(2), at="2026-11-26T00:00:00.000000")
        return sign(unsigned)

    monkeypatch.setattr(stories, "_signed", late)
    group(archive)
    assert archive.database["stories"].count == 1
