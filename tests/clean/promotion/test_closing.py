"""What closes an article by its own words, seen once. All accounts and texts are invented."""

from __future__ import annotations

from crawler.clean.promotion.closing import closings, name_card
from crawler.clean.promotion.walks import Edge, read_known

ACCOUNT = "山间周刊"
STORY = "山路很长，走了一整天才到村口，天已经黑了。"
CODE = "![](https://mmbiz.qpic.cn/mmbiz_jpg/QrCode0001/640)"


def link(number: int, account: str = "MzI1MDA1MjcxNw==") -> str:
    return f"[旧事{number}](https://mp.weixin.qq.com/s?__biz={account}&mid={number})"


def left_of(*texts: str, has_company: bool = False) -> list[str]:
    """The blocks that stay of a text, after one look at its tail."""
    tail = [read_known(text) for text in reversed(texts)]
    taken = closings(tail, ACCOUNT, (), has_company=has_company)
    return [text for index, text in enumerate(reversed(texts)) if index not in taken][::-1]


def test_an_end_mark_goes_with_the_pictures_links_and_lines_behind_it() -> None:
    assert left_of(STORY, "**END**", CODE, "山里人的朋友", link(1)) == [STORY]


def test_an_end_mark_set_letter_by_letter_is_one() -> None:
    assert left_of(STORY, "E", "N", "D", CODE) == [STORY]


def test_the_editors_and_prose_behind_an_end_mark_stay() -> None:
    credits_ = ["素材：山间某队", "审稿：某某", "题图：某某"]
    assert left_of(STORY, "END", *credits_, CODE) == [STORY, *credits_]
    after = "后来我们又去了一次，那棵树还在，树下多了一块石碑。"
    assert left_of(STORY, "END", after, CODE) == [STORY, "END", after, CODE]


def test_references_behind_an_end_mark_stay() -> None:
    references = ["参考链接", "https://example.com/one", "https://example.com/two"]
    assert left_of(STORY, "END", *references) == [STORY, "END", *references]


def test_notes_the_author_and_the_day_of_writing_behind_an_end_mark_stay() -> None:
    notes = ["注释", "[1] 某某：《渡口》，某社2001年，第5页", "[2] 某某：《桥》"]
    author = ["写于2020年冬", "作者简介", "某某，写诗的人，长期与乐团合作，有诗集三种。"]
    assert left_of(STORY, "（完）", *notes) == [STORY, "（完）", *notes]
    assert left_of(STORY, "（完）", *author) == [STORY, "（完）", *author]
    books = ["参考书目", "《某村记》", "《江上的人》"]
    assert left_of(STORY, "END", *books, CODE) == [STORY, "END", *books, CODE]


def test_the_day_and_the_place_of_writing_alone_behind_an_end_mark_stay() -> None:
    for words in ("写于五月，渡口旧屋", "作于某年秋"):
        assert left_of(STORY, "（全文完）", words) == [STORY, words]


def test_prose_behind_an_end_mark_that_only_holds_a_word_of_calls_stays() -> None:
    after = "后来村里和电站合作，分享那条河的水，老人们说推荐谁来看都行。"
    assert left_of(STORY, "END", after) == [STORY, "END", after]
    assert left_of(STORY, "END", "山里的事每周一期，扫码就能读到。") == [STORY]


def test_a_list_of_links_goes_with_its_heading_and_one_link_only_under_one() -> None:
    assert left_of(STORY, "往期推荐", link(1)) == [STORY]
    assert left_of(STORY, link(1), link(2)) == [STORY]
    assert left_of(STORY, link(1)) == [STORY, link(1)]


def test_a_list_that_the_article_says_it_gives_is_its_own() -> None:
    index = "这一年写了不少山里的事，挑出十二篇，汇总在这里，想看哪篇看哪篇。"
    assert left_of(STORY, index, link(1), link(2)) == [STORY, index, link(1), link(2)]


def test_titles_under_linked_pictures_and_links_in_part_of_a_title_are_listed() -> None:
    card = f"[{CODE}](https://mp.weixin.qq.com/s?__biz=MzI1MDA1MjcxNw==&mid=3)"
    assert left_of(STORY, "往期回顾", card, "村口的老树", card, "夏天的河") == [STORY]
    assert left_of(STORY, "推荐阅读", f"2024 {link(1)}的前半生和后半生") == [STORY]


def test_references_and_reviews_of_many_accounts_stay() -> None:
    references = ["【参考资料】", link(1), link(2)]
    assert left_of(STORY, *references) == [STORY, *references]
    review = [link(1, "MzAAAAAAAAAAAA=="), link(2, "MzBBBBBBBBBBBB==")]
    assert left_of(STORY, *review) == [STORY, *review]


def test_three_ways_to_reach_the_account_are_its_card_and_two_are_not() -> None:
    ways = ["网站：www.example.com", "电话：000-12345678", "邮箱：a@example.com"]
    assert left_of(STORY, *ways) == [STORY]
    assert left_of(STORY, *ways[1:]) == [STORY, *ways[1:]]


def test_where_a_shop_or_a_show_is_found_stays() -> None:
    show = ["地址：东街五号", "电话：000-12345678", "网站：www.example.com"]
    assert left_of(STORY, *show) == [STORY, *show]
    shops = ["电话：000-12345678", "电话：000-12345679", "电话：000-12345680"]
    assert left_of(STORY, *shops) == [STORY, *shops]


def test_another_of_the_same_town_is_not_the_account() -> None:
    other = "山间小学由村民创办，三十年里送走了九百个孩子，最后一个走的那年，桥修通了。"
    assert left_of(STORY, other) == [STORY, other]


def test_the_account_on_itself_goes_and_news_of_it_stay() -> None:
    about = "山间周刊由某某山会主办，分享山里的事情，每周一期，出了很多年。"
    news = "未来，山间周刊将继续走下去，带着大家看更多的山，也看更多的人。"
    assert left_of(STORY, about) == [STORY]
    assert left_of(STORY, news) == [STORY, news]


def test_the_other_half_of_a_call_goes_only_beside_promotion() -> None:
    half = "如需更多山里的消息"
    assert left_of(STORY, half) == [STORY, half]
    assert left_of(STORY, half, has_company=True) == [STORY]
    assert left_of(STORY, "培训报名咨询", has_company=True) == [STORY, "培训报名咨询"]


def test_an_address_inside_of_promotion_may_be_what_the_article_speaks_of() -> None:
    address = "官网：https://example.com/"
    assert left_of(STORY, address, has_company=True) == [STORY, address]


def test_the_name_of_the_account_goes_where_it_is_a_card() -> None:
    name, code, story = (read_known(text) for text in (ACCOUNT, CODE, STORY))
    assert name_card([code, name, story], Edge.TAIL, ACCOUNT) == {1}
    assert name_card([name, story], Edge.TAIL, ACCOUNT) == set()
    assert name_card([name, story], Edge.HEAD, ACCOUNT) == {0}
    assert name_card([name, story], Edge.HEAD, "") == set()
