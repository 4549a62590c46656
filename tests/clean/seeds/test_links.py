from __future__ import annotations

from collections import Counter

import pytest

from crawler.clean.seeds.links import close_cut_link, link_each_block, mend_links
from crawler.clean.seeds.repair import repair


@pytest.mark.parametrize(
    ("cut", "closed"),
    [
        ("见[说明](https://a.exam...", "见说明..."),
        ("见[![图](https://a.example/p)](https://b...", "见![图](https://a.example/p)..."),
        ("见![图](https://a...", "见..."),
        ("* [[译] 夜航](https://a...", "* [译] 夜航..."),
        ("[![](https://a.example/p)\n\n夜航](https://b...", "![](https://a.example/p)\n\n夜航..."),
        ("没有链接...", "没有链接..."),
    ],
)
def test_half_a_link_leaves_its_words(cut: str, closed: str) -> None:
    assert close_cut_link(cut) == closed


@pytest.mark.parametrize("unit", ["![", "[![", "![a](b", "[a](b", "[a]"])
@pytest.mark.parametrize("end", ["", "]...", ")..."])
def test_a_cut_link_is_looked_for_where_one_may_stand_and_not_in_all_of_a_line(
    unit: str, end: str
) -> None:
    line = unit * (1 << 18)  # for days, if each of these were read to the end of the line
    assert len(close_cut_link(line + end)) > len(line) - 5000


def test_each_block_of_a_spread_link_leads_where_the_whole_did() -> None:
    spread = "[\n\n## 一\n\n二\n\n](https://a.example/)"
    assert link_each_block(spread) == "## [一](https://a.example/)\n\n[二](https://a.example/)"
    titled = '[\n\n一\n\n![](https://a.example/p)](https://a.example/ "又是地址")'
    assert link_each_block(titled).count('](https://a.example/ "又是地址")') == 2


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("见 https://a.example/x\\_y 一文", "见 https://a.example/x_y 一文"),
        ("见https://a.example/s/\\_x，一文", "见<https://a.example/s/_x>，一文"),
        ("**https://a.example/\\_x**后", "<strong><https://a.example/_x></strong>后"),
        ("https://a.example/\\*x", "<https://a.example/*x>"),
        (
            "[https://a.example/\\_x](https://b.example/)",
            "[https://a.example/\\_x](https://b.example/)",
        ),
        ("见：_https://a.example/x\\_y_。", "见：_https://a.example/x_y_。"),
        ("_见 https://a.example/\\_x_ 后", "_见 <https://a.example/_x>_ 后"),
        ("见 https://a.example/\\_x_ 后", "见 <https://a.example/_x_> 后"),
        ("https://a.example/\\_x![](u.png)", "<https://a.example/_x>![](u.png)"),
        ("_https://a.example/x\\_y\\_ 后", "_<https://a.example/x_y_> 后"),
        ("`https://a.example/\\_x`", "`https://a.example/\\_x`"),
        ("[\\_x](https://a.example/\\_x)", "[\\_x](https://a.example/\\_x)"),
    ],
)
def test_a_bare_address_loses_its_backslashes(written: str, shown: str) -> None:
    assert repair(written).text == shown


def test_wechats_pictures_are_asked_for_over_https() -> None:
    counts: Counter[str] = Counter()
    assert mend_links("![](http://mmbiz.qpic.cn/a)", counts) == "![](https://mmbiz.qpic.cn/a)"
    assert mend_links("[x](http://a.example/)", counts) == "[x](http://a.example/)"
    assert not counts
