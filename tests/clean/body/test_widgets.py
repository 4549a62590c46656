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
