from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import Rendered, render_body
from crawler.clean.body.widgets import WIDGETS, Widget


def rendered(markup: str) -> Rendered:
    return render_body(body_of_markup(markup))


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: f"{widget.id}:{min(widget.tags)}")
def test_every_widget_is_one_readable_line_and_is_counted(widget: Widget) -> None:
    found = rendered(f"<p>前</p>{widget.example}<p>后</p>")
    assert found.text == f"前\n\n{widget.shows}\n\n后"
    assert found.removed == {widget.id: 1}


def test_a_mark_of_an_editor_that_says_nothing_does_not_break_a_line() -> None:
    mark = "<mpchecktext contenteditable='false' id='1_0.3'></mpchecktext>"
    assert rendered(f"<p>潮{mark}水</p>").text == "潮水"
    assert rendered(f"<pre><code>a = {mark}1</code></pre>").text == "```\na = 1\n```"


@pytest.mark.parametrize(("tag", "said"), [("video", "视频"), ("audio", "音频")])
def test_a_player_leads_to_its_first_source_where_it_has_no_address_of_its_own(
    tag: str, said: str
) -> None:
    source = '<source src="https://example.com/a"><source src="https://example.com/b">'
    assert rendered(f"<{tag}>{source}</{tag}>").text == f"[{said}](https://example.com/a)"
    own = f'<{tag} src="https://example.com/own">{source}</{tag}>'
    assert rendered(own).text == f"[{said}](https://example.com/own)"
    assert rendered(f"<{tag}></{tag}>").text == said
