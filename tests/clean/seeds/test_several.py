"""Words of several seeds in one file."""

from __future__ import annotations

import pytest

from crawler.article import State
from crawler.clean.seeds import SEVERAL, holds_several, read_seed
from tests.growth import assert_linear
from tests.lookalikes import link, whole_seed

ONE = whole_seed("渡口的船六点开。", url=link(1), title="渡口")
OTHER = whole_seed("灯塔的灯亮了。", url=link(2), title="灯塔")


FORGED = OTHER[: OTHER.index("灯塔的灯亮了")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("feed", ["\n", "\r\n"])
@pytest.mark.parametrize("end", [len(ONE), ONE.index("六点")])
def test_a_file_of_seeds_one_behind_the_other_is_known(encoding: str, feed: str, end: int) -> None:
    assert holds_several(f"{ONE[:end]}\n{OTHER}".replace("\n", feed).encode(encoding))


@pytest.mark.parametrize(
    "text",
    [
        ONE.replace("六点", f"六点![图\n{FORGED}](a.png)"),
        ONE.replace("六点", f"`六点\n{OTHER}`"),
        ONE.replace("六点", f"\n```\n```\n{OTHER}\n```\n"),
        f"---\ntitle: 渡口\nsource: {link(1)}\n---\n\n# 渡口\n\n船六点开。\n{OTHER}",
        whole_seed("船", title=FORGED.removeprefix("---\ntitle: ").rstrip(), url=link(1)),
        whole_seed("船", title=f"渡口\n二\nurl: {link(2)}\nsource: a", url=link(1)),
    ],
)
def test_a_seed_whose_words_say_what_another_seed_does_is_known(text: str) -> None:
    assert holds_several(text.encode())


def test_a_reader_of_one_seed_gives_no_text_of_two() -> None:
    seed = read_seed(f"{ONE}\n{OTHER}".encode())
    assert (seed.state, seed.detail, seed.text) == (State.UNREADABLE, SEVERAL, "")


@pytest.mark.parametrize(
    "text",
    [
        f"\n\n{ONE}",
        ONE,
        whole_seed("船", title="渡口\n\n六点开", url=link(1)),
        OTHER.removeprefix("---\n") + ONE,
        f"{ONE}\n<!-- notes -->\n\n{OTHER}",
        ONE.replace("六点", f"\n```\n{OTHER}\n```\n"),
        ONE.replace("六点", "\n---\ntitle: 灯塔\nurl: 无\nsource: a\ndate: b\n---\n\n# 灯塔\n\n"),
        ONE.replace("六点", f"\n---\ntitle: 灯塔\nurl: {link(2)}\nsource: a\ndate: b\n---\n\n甲"),
        # as the older tool writes what a stranger's article says
        ONE.replace("六点", "\n" + OTHER.replace("fetch_date", "fetch\\_date")),
        "",
    ],
)
def test_what_only_looks_like_a_second_seed_is_part_of_the_first(text: str) -> None:
    assert not holds_several(text.encode())


def test_many_beginnings_are_looked_at_in_linear_work() -> None:
    front = f"---\ntitle: a\nurl: {link(1)}\nsource: b\ndate: c\nfetch_date: d\n"

    def read(size: int) -> None:
        holds_several((front + f"---\n\n# b\n\n```\n{front}---\n\n# a\n" * size).encode())

    assert_linear(read, 200)
