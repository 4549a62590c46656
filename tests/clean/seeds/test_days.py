from __future__ import annotations

from datetime import date

import pytest

from crawler.clean.seeds import read_seed
from crawler.clean.seeds.days import STATED_DAYS, StatedDay, day_by, stated_day
from crawler.flows.articles import article_of_seed
from tests.conftest import SEEDS, index_of, needs_shared
from tests.lookalikes import whole_seed

FOUND = date(2024, 3, 6)
STATED = date(2024, 3, 5)
every_row = pytest.mark.parametrize("row", STATED_DAYS, ids=lambda row: row.id)


@every_row
def test_each_row_reads_the_day_that_its_examples_state(row: StatedDay) -> None:
    assert [day_by(row, words, FOUND) for words in row.matches] == [STATED] * len(row.matches)
    assert [day_by(row, words, FOUND) for words in row.spares] == [None] * len(row.spares)


def test_title_and_first_lines_prove_a_day_before_the_collectors() -> None:
    assert stated_day("安全日报（2024.03.05）", "潮水", "2024-03-06") == ("2024-03-05", "title")
    assert stated_day("看潮", "**时间：2024年3月5日**\n\n潮水", "2024-03-06") == (
        "2024-03-05",
        "text",
    )
    assert stated_day("一月看潮", "12月31日 星期二\n\n潮水", "2025-01-01") == ("2024-12-31", "text")


@pytest.mark.parametrize(
    ("title", "text", "given"),
    [
        ("日报 2024-03-06", "", "2024-03-06"),
        ("日报 2024-03-05", "", "2024-03-20"),
        ("日报 2024-03-08", "", "2024-03-06"),
        ("日报 2024-03-05", "发布日期：2024-03-04", "2024-03-06"),
        ("看潮", "时间：2024年3月5日\n\n地点：青石堤", "2024-03-06"),
        ("看潮", "活动回顾\n\n2024年3月5日，潮水涨了三尺。", "2024-03-06"),
        ("看潮", "潮\n\n" * 12 + "2024年3月5日", "2024-03-06"),
        ("看潮", "各位：" + "潮水一天涨落两回，" * 8 + "\n\n2024年3月5日", "2024-03-06"),
        ("看潮", "2024年3月5日", ""),
        ("看潮", "2024年2月30日", "2024-03-01"),
    ],
    ids=[
        "same",
        "long ago",
        "to come",
        "two",
        "event",
        "prose",
        "far down",
        "signed",
        "no day",
        "none",
    ],
)
def test_nothing_is_proved_by(title: str, text: str, given: str) -> None:
    assert stated_day(title, text, given) == ("", "")


def test_a_bulletin_keeps_the_day_that_it_was_found_beside_the_one_that_it_states() -> None:
    seed = read_seed(whole_seed("发布日期：2024-05-07\n\n潮水涨了三尺。").encode())
    assert seed.front
    article = article_of_seed(seed, seed.front, evidence="")
    told = (article.date, article.published_at, article.date_source)
    assert told == ("2024-05-08", "2024-05-07", "text")
    plain = read_seed(whole_seed().encode())
    assert (plain.published_at, plain.date_source) == ("", "")


@needs_shared
def test_about_one_real_seed_in_thirty_states_another_day() -> None:
    seeds = [
        read_seed((SEEDS / row["path"]).read_bytes())
        for row in index_of(SEEDS)
        if row["kind"] == "full"
    ]
    stated = [seed.date_source for seed in seeds if seed.published_at]
    assert 0.02 < len(stated) / len(seeds) < 0.06
    assert set(stated) == {"title", "text"}
