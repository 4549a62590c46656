from __future__ import annotations

from bench.shown import body_of_markup
from crawler.clean.body import Rendered, render_body


def rendered(markup: str) -> Rendered:
    return render_body(body_of_markup(markup))


def test_a_wide_span_does_not_fill_the_memory() -> None:
    assert (
        len(
            rendered(
                "<table><tr><td colspan=99999999 rowspan=99999>a</td><td>b</td></tr>"
                "<tr><td>c</td></tr></table>"
            ).text
        )
        < 5_000
    )
