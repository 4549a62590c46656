"""Several seeds in one file."""

from __future__ import annotations

import pytest

from crawler.clean.seeds import seeds_in
from tests.growth import assert_linear
from tests.lookalikes import link, whole_seed

ONE = whole_seed("渡口的船六点开。", url=link(1), title="渡口")
OTHER = whole_seed("灯塔的灯亮了。", url=link(2), title="灯塔")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("feed", ["\n", "\r\n"])
@pytest.mark.parametrize("end", [len(ONE), ONE.index("六点")])
def test_seeds_one_behind_the_other_are_each_one(encoding: str, feed: str, end: int) -> None:
    first, second = ONE[:end].replace("\n", feed), OTHER.replace("\n", feed)
    parts = seeds_in(f"{first}{feed}{second}{feed}{second}".encode(encoding))
    assert [b"title: " in part for part in parts] == [True, True, True]
    assert [part.decode(encoding).strip() for part in parts] == [first.strip(), second, second]


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        OTHER.removeprefix("---\n") + ONE,
        f"{ONE}\n<!-- notes -->\n\n{OTHER}",
        ONE.replace("六点", f"\n```\n{OTHER}\n```\n"),
        ONE.replace("六点", "\n---\ntitle: 灯塔\nurl: 无\nsource: a\ndate: b\n---\n\n# 灯塔\n\n"),
        ONE.replace("六点", f"\n---\ntitle: 灯塔\nurl: {link(2)}\nsource: a\ndate: b\n---\n\n甲"),
        # as the older tool writes what a stranger's article says
        ONE.replace("六点", "\n" + OTHER.replace("fetch_date", "fetch\\_date")),
        ONE.replace("六点", f"\n```\n```\n{OTHER}\n```\n"),
        ONE.replace("六点", f"`六点\n{OTHER}`"),
        f"---\ntitle: 渡口\nsource: {link(1)}\n---\n\n# 渡口\n\n船六点开。\n{OTHER}",
        "",
    ],
)
def test_what_only_looks_like_a_second_seed_stays_in_its_text(text: str) -> None:
    assert seeds_in(text.encode()) == [text.encode()]


def test_many_beginnings_are_looked_at_in_linear_work() -> None:
    front = f"---\ntitle: a\nurl: {link(1)}\nsource: b\ndate: c\nfetch_date: d\n"

    def read(size: int) -> None:
        seeds_in((front + f"---\n\n# a\n\n{front}" * size).encode())

    assert_linear(read, 200)
