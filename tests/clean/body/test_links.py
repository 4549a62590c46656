"""Where the links of a body lead."""

from __future__ import annotations

from bench.shown import body_of_markup
from crawler.clean.body import render_body


def markdown(markup: str) -> str:
    return render_body(body_of_markup(markup)).text


def test_of_links_in_a_piece_of_code_the_first_that_leads_somewhere_is_kept() -> None:
    links = "<a href='#1'>a</a><a data-link='https://a.cn'>b</a>"
    assert markdown(f"<p>潮<code>{links}</code></p>") == "潮[`ab`](https://a.cn)"
