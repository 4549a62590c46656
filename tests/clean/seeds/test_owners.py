from __future__ import annotations

import pytest

from crawler.clean.seeds.owners import CUT_AT
from crawler.clean.seeds.read import Seed, read_seed
from tests.lookalikes import deleted_seed, hollow_seed, whole_seed


def read_text(text: str) -> Seed:
    return read_seed(text.encode())


def cut_seed(text: str) -> str:
    head, heading, converted = text.partition("\n# 渡轮恢复通航\n\n")
    return f"{head}{heading}{converted[:CUT_AT]}..."


@pytest.mark.parametrize("own", ["#待读", "## 我的笔记\n\n见港口志。", "\x1a"])
@pytest.mark.parametrize(
    "seed", [hollow_seed(), deleted_seed(), whole_seed(), cut_seed(whole_seed("灯塔的光。" * 2000))]
)
def test_words_of_its_owner_around_a_page_change_nothing_of_it(seed: str, own: str) -> None:
    page = read_text(seed)
    head, heading, rest = seed.partition("\n# ")
    for owned in (f"{seed.rstrip()}\n\n{own}\n", f"{head}\n{own}\n{heading}{rest}"):
        read = read_text(owned)
        assert (read.state, read.text, read.title) == (page.state, page.text, page.title)
        assert own == "\x1a" or "are no part of the text" in read.disclosures[-1]


def test_an_article_that_its_owner_put_below_an_empty_page_isread_text() -> None:
    text = "\n\n".join(f"灯塔的光第{number}次扫过海面。" for number in range(9))
    assert text in read_text(f"{hollow_seed()}\n\n{text}\n").text
