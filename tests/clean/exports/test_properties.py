from __future__ import annotations

from crawler.clean.exports import own_source
from crawler.clean.exports.properties import with_properties
from crawler.clean.exports.records import Link
from crawler.clean.markup import parse_whole

ROW = '<tr class="property-row"><th>{}</th><td>{}</td></tr>'
BOTH = '<span class="selected-value">阿岭</span><span class="selected-value">小舟</span>'
SAID = {"公众号": "青石电台", "作者": BOTH, "发布时间": "<time>@March 5, 2024</time>"}
ROWS = "".join(ROW.format(*each) for each in SAID.items())
PAGE = (
    '<article class="page sans"><header><table class="properties"><tbody>{}</tbody></table>'
    '</header><div class="page-body">船</div></article>'
)


def test_properties_of_html_tell_what_those_of_markdown_do() -> None:
    link = with_properties(Link(url="u"), parse_whole(PAGE.format(ROWS).encode()).tree)
    assert (link.account, link.author, link.date) == ("青石电台", "阿岭, 小舟", "2024-03-05")


def test_what_a_tool_said_stays_and_a_table_of_the_text_says_nothing() -> None:
    tree = parse_whole(PAGE.format(ROWS).encode()).tree
    link = with_properties(Link(url="u", account="雾号", date="2024-01-01"), tree)
    assert (link.account, link.date) == ("雾号", "2024-01-01")
    page = f'<link rel="canonical" href="https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv">{ROWS}'
    source = own_source(page.encode())
    assert source is not None
    assert (source.account, source.date) == ("", "")
