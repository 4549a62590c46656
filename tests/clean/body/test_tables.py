from __future__ import annotations

import tracemalloc

import pytest

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


def test_a_cell_over_several_leaves_empty_ones_behind() -> None:
    first = "<tr><td colspan=2>潮</td><td rowspan=3>汐</td></tr>"
    table = f"<table>{first}<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    assert rendered(table).text.splitlines() == [
        "| 潮 |  | 汐 |",
        "| --- | --- | --- |",
        "| a | b |  |",
        "| c |  |  |",
    ]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr>" + "<td colspan=100 rowspan=100>潮" * 80 + "<tr><td>汐" * 99 + "</table>",
        "<table><tr><td colspan=100 rowspan=100>潮<tr><td>汐</table>" * 500,
        "<table><tr>" + "<td>潮" * 3_000 + "<tr><td>汐" * 3_000 + "</table>",
    ],
)
def test_a_few_kilobytes_of_table_fill_neither_memory_nor_the_text(table: str) -> None:
    root = body_of_markup(table)
    tracemalloc.start()
    text = render_body(root).text
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000
    assert len(text) < 200_000
    assert (text.count("潮"), text.count("汐")) == (table.count("潮"), table.count("汐"))
