from __future__ import annotations

import pytest

from crawler.article import State
from crawler.clean.exports import Document, read_export
from crawler.clean.exports.whole_pages import WHOLE_PAGES

TEXT = "渡口的船六点开，人都在岸上等，潮水还没有退。"


@pytest.mark.parametrize("original", ["", '<a id="copyright_logo"></a>Original 阿青 '])
def test_a_clipped_page_that_joplin_writes_as_plain_markdown_is_known_by_its_ids(
    original: str,
) -> None:
    ids = '<a id="profileBt"></a><a id="js_name"></a>'
    text = f"# 渡口夜话\n\n{original}{ids}渡口 *2021-11-10 21:13* Posted on 江畔\n\n{TEXT}\n"
    adopted = read_export(Document(name="渡口夜话.md", content=text.encode()))
    assert (adopted.producer, adopted.title) == ("joplin-page", "渡口夜话")
    assert (adopted.account, adopted.date) == ("渡口", "2021-11-10")
    assert adopted.author == ("阿青" if original else "")
    assert adopted.text.strip() == TEXT


def test_the_picture_of_an_account_in_its_card_is_none_that_a_tool_lost() -> None:
    head = "#  渡口夜话\n\n原创 阿青  [ 渡口 ](javascript:void\\(0\\);)\n\n**渡口** ![]()\n\n"
    adopted = read_export(Document(name="x.md", content=f"{head}{TEXT}\n".encode()))
    assert (adopted.producer, adopted.state, adopted.pictures_lost) == ("qiye45", State.OK, 0)
    adopted = read_export(Document(name="x.md", content=f"{head}{TEXT}\n\n![]()\n".encode()))
    assert (adopted.state, adopted.pictures_lost) == (State.TRUNCATED, 1)


def test_no_tool_of_these_asks_for_a_link() -> None:
    assert all(row.only_wechat for row in WHOLE_PAGES)
