"""What is kept of the articles that promotion is learned from."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from crawler.clean.promotion import Sample, gaps, learn, outlines, walks
from crawler.clean.promotion.outlines import outline_of, read_articles
from crawler.clean.promotion.walks import Edge, read_edges, read_known, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

CALL = "扫码关注本刊"
SLOGAN = "山里的灯一直亮着"
PICTURE = "![](https://mmbiz.qpic.cn/mmbiz_jpg/{}/640)"


def _samples(count: int) -> list[Sample]:
    """Articles of 40 paragraphs, of which none stands in another one, and of two lines that do."""
    return [
        Sample(
            id=f"{number:04}",
            text="\n\n".join(
                [
                    *(f"{number:04}、{place:02}：{'山路很长' * 15}。" for place in range(40)),
                    SLOGAN,
                    CALL,
                ]
            ),
        )
        for number in range(count)
    ]


def test_an_article_of_forty_paragraphs_takes_few_kilobytes_beside_its_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(walks, "_LONGEST", 0)  # what is remembered of blocks has a limit of its own
    monkeypatch.setattr(outlines, "_FEW", 0)
    samples = _samples(9)
    learn(samples[:2])
    peaks = []
    for count in (3, 9):
        tracemalloc.start()
        learn(samples[:count])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 6 * 8_000


@pytest.mark.parametrize(
    "text",
    [
        "往期推荐",
        "来源：山间日报",
        "# 第三部分",
        "2024/5/1",
        "---",
        "####",
        "长按识别二维码，回复数字领取第三十六种结绳的图" * 6,
        "山路很长，走了一整天才到村口。" * 9,
        "```\nprint()\n```",
        PICTURE.format("ABCdef"),
        f"{PICTURE.format('ABCdef')} 山里的灯",
        "[甲](https://mp.weixin.qq.com/s/1) [乙](https://mp.weixin.qq.com/s/2)",
        f"[![](https://x/1/0)甲](https://mp.weixin.qq.com/s/1) {PICTURE.format('x')}",
        "https://example.org/reference",
    ],
)
def test_an_outline_answers_what_is_asked_of_a_block_that_stands_once(text: str) -> None:
    block = read_known(text)
    outline = outline_of(block)
    asked = [name for name, what in vars(type(block)).items() if isinstance(what, property)]
    assert len(asked) > 9
    for name in asked:
        assert getattr(outline, name) == getattr(block, name), name
    assert (outline.form, len(outline.words)) == (block.form, len(block.words))
    for shape in gaps.Ending:
        assert gaps.ending([outline] * 2, shape) == gaps.ending([block] * 2, shape)
    assert not outline.key
    assert not set(outline.words + outline.text) - set("\x00x#](")


@pytest.mark.parametrize(
    "tail",
    [
        (SLOGAN, CALL),
        (CALL, PICTURE.format("{}own"), SLOGAN, CALL),
        ("{}号的图", SLOGAN, "[{}](https://mp.weixin.qq.com/s/{})", CALL, "{}年的灯塔"),
        ("第{}部分 总结", SLOGAN, CALL, "扫码关注第{}期"),
        ("来源：{}报", SLOGAN, "---", "请见下图", PICTURE.format("{}own")),
    ],
)
def test_a_walk_goes_as_far_over_outlines_as_over_the_blocks_themselves(
    tail: Sequence[str],
) -> None:
    articles = [
        [f"第{number}天的山路很长。", *(text.replace("{}", str(number)) for text in tail)]
        for number in range(6)
    ]
    samples = [Sample(id=str(n), text="\n\n".join(one)) for n, one in enumerate(articles)]
    known = {read_known(SLOGAN).key, read_known(CALL).key}
    for one, kept in zip(articles, read_articles(samples, "山间周刊")[1], strict=True):
        whole = read_edges(one)
        assert kept.size == whole.size
        for edge in Edge:
            assert walk(kept.side(edge), edge, known) == walk(whole.side(edge), edge, known)
            assert any(not block.key for block in kept.side(edge))
