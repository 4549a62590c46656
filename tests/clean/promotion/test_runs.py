"""What two unrelated articles share from an edge on."""

from __future__ import annotations

from crawler.clean.promotion.outlines import read_article
from crawler.clean.promotion.runs import shared_runs
from crawler.clean.promotion.walks import Edge, read_known

CODE = "![](https://mmbiz.qpic.cn/mmbiz_jpg/QrCode0001/640)"
SLOGAN = "山里的灯一直亮着"
OTHERS = ("山路很长，走了一整天才到村口。", "向导说那条河在夏天会改道，要绕很远。")


def own(number: int) -> list[str]:
    return [f"第{number}天的雾从谷底升起来，{OTHERS[number % 2]}" * 3, OTHERS[number % 2]]


def runs(*articles: list[str], edge: Edge = Edge.TAIL, least: int = 2) -> set[str]:
    found = shared_runs([read_article(blocks, "山间周刊") for blocks in articles], edge, least)
    known = {read_known(text).key: text for blocks in articles for text in blocks}
    return {known[key] for key in found}


def test_words_and_the_picture_behind_them_go_where_two_articles_end_in_both() -> None:
    assert runs([*own(0), SLOGAN, CODE], [*own(1), SLOGAN, CODE]) == {SLOGAN, CODE}


def test_one_article_is_no_evidence() -> None:
    assert runs([*own(0), SLOGAN, CODE]) == set()


def test_words_alone_are_the_end_of_a_column() -> None:
    assert runs([*own(0), SLOGAN], [*own(1), SLOGAN]) == set()


def test_words_behind_a_call_that_differs_go() -> None:
    first, second = "长按识别二维码关注我们", "长按识别下方二维码关注我们"
    assert SLOGAN in runs([*own(0), SLOGAN, first], [*own(1), SLOGAN, second])


def test_issues_of_one_story_share_their_end_for_their_own_reasons() -> None:
    story = [f"同一件事的第{number}段，讲的是村口那棵老树和树下的石碑。" for number in range(4)]
    assert runs(["甲", *story, "别的", SLOGAN, CODE], ["乙", *story, SLOGAN, CODE]) == set()


def test_a_post_that_was_sent_twice_with_other_words_before_it_is_no_evidence() -> None:
    post = [f"课程的第{number}节，一共讲三个小时，带上纸和笔。" for number in range(9)]
    assert runs(["春天的开头。", *post, CODE], ["秋天的开头。", *post, CODE]) == set()


def test_what_stands_inside_of_the_source_stays() -> None:
    ends = [CODE, SLOGAN, "来源：山间日报"]
    assert runs([*own(0), *ends], [*own(1), *ends]) == set()


def test_no_run_goes_over_a_heading() -> None:
    ends = ["第三部分 总结", SLOGAN, CODE]
    assert runs([*own(0), "收尾", *ends], [*own(1), "收尾", *ends]) == {SLOGAN, CODE}


def test_of_a_head_only_the_picture_that_opens_it_goes() -> None:
    articles = [[CODE, SLOGAN, *own(number)] for number in range(2)]
    assert runs(*articles, edge=Edge.HEAD) == {CODE}
    assert runs(*articles, edge=Edge.HEAD, least=3) == set()
