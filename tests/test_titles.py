"""Titles by their looks against labels, held at the goal."""

from __future__ import annotations

from functools import lru_cache

from bench.titles import (
    MADE,
    TitleScore,
    headings,
    measure,
    rates,
    read_labels,
    score_page,
    title_hash,
)

PRECISION, RECALL = 0.95, 0.90


@lru_cache(maxsize=1)
def scores() -> list[TitleScore]:
    return measure(read_labels())


def test_what_becomes_a_heading_is_a_title_and_few_titles_stay_text() -> None:
    made = [score for score in scores() if score.name.startswith("made/")]
    for group in (scores(), made):
        precision, recall = rates(group)
        assert precision >= PRECISION, [score for score in group if score.wrong]
        assert recall >= RECALL, [score for score in group if score.missed]


def test_every_page_that_was_made_has_labels() -> None:
    labels = read_labels()
    assert {f"made/{path.stem}" for path in MADE.glob("*.html")} <= labels.keys()
    assert {label.half for label in labels.values()} == {"seen", "unseen"}
    assert len(labels) > 60


def test_a_wrong_heading_and_a_missed_title_are_counted() -> None:
    page = "<div id=js_content><h2>时辰</h2><p>潮水一天涨落两回。</p></div>".encode()
    labels = read_labels()["made/no-poem"]
    labels.titles = {title_hash("地方")}
    score = score_page("a", page, labels)
    assert (score.right, score.wrong, score.missed) == (0, ("时辰",), 1)
    assert rates([score]) == (0, 0)


def test_a_title_is_known_by_its_letters_whatever_number_stands_before_it() -> None:
    assert title_hash("01 **时 辰**") == title_hash("1、时辰")
    assert headings("## 01 时辰\n\n文\n\n### *人*") == ["01 时辰", "人"]
