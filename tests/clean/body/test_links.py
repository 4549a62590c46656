"""Where the links of a body lead."""

from __future__ import annotations

from bench.shown import body_of_markup
from crawler.clean.body import render_body


def markdown(markup: str) -> str:
    return render_body(body_of_markup(markup)).text


def test_of_links_in_a_piece_of_code_the_first_that_leads_somewhere_is_kept() -> None:
    links = "<a href='#1'>a</a><a data-link='https://a.cn'>b</a>"
    assert markdown(f"<p>潮<code>{links}</code></p>") == "潮[`ab`](https://a.cn)"


def test_links_in_a_piece_of_code_that_lead_to_several_places_are_all_kept() -> None:
    links = "<a href='https://a.cn/1'>a*b</a>、<a href='https://a.cn/2'>c</a>"
    kept = "潮[a\\*b](https://a.cn/1)、[c](https://a.cn/2)"
    assert markdown(f"<p>潮<code>{links}</code></p>") == kept
    assert markdown(f"<p>潮<code><kbd>{links}</kbd></code></p>") == kept


def test_a_picture_that_leads_to_itself_is_one() -> None:
    at = "https://mmbiz.qpic.cn/mmbiz_png/a/640"
    assert markdown(f"<p>潮<a href='{at}'><img src='{at}'></a></p>") == f"潮[![]({at})]({at})"
    assert markdown(f"<p>潮<a href='{at}'>{at}</a></p>") == f"潮<{at}>"
