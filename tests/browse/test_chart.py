from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from crawler.browse.chart import HEIGHT, WIDTH, chart

MONTHS = st.builds(
    lambda year, month: f"{year:04}-{month:02}", st.integers(0, 9999), st.integers(1, 12)
)


def _bars(svg: str) -> list[ET.Element]:
    # our own SVG
    return [element for element in ET.fromstring(svg) if element.tag.endswith("rect")]  # noqa: S314


def test_an_empty_archive_has_no_chart() -> None:
    assert chart({}) == chart({"": 4, "soon": 1}) == ""
    assert chart({"2024-0:": 1, '2024-1"': 1, "2024+01": 1, "٢٠٢٤-٠١": 1}) == ""


def test_every_month_has_its_bar_and_says_its_count() -> None:
    svg = chart({"2025-11": 3, "2026-02": 1200})
    assert re.findall(r"<title>([^<]*)</title>", svg) == [
        "1,203 articles from 2025-11 to 2026-02",
        "2025-11: 3",
        "2026-02: 1,200",
    ]


def test_a_bar_is_as_high_as_its_count() -> None:
    low, high = _bars(chart({"2026-01": 5, "2026-02": 10}))
    assert float(high.get("height", 0)) == 2 * float(low.get("height", 0))


def test_more_than_ten_years_are_shown_by_year() -> None:
    svg = chart({"2012-05": 1, "2012-06": 2, "2026-01": 4})
    assert "2012: 3" in svg
    assert len(_bars(svg)) == 2


@given(months=st.dictionaries(MONTHS, st.integers(0, 10**9), max_size=30))
def test_any_counts_make_a_picture_whose_bars_lie_inside_it(months: dict[str, int]) -> None:
    svg = chart(months)
    for bar in _bars(svg) if svg else []:
        x, y, width, height = (
            float(bar.get(name, "nan")) for name in ("x", "y", "width", "height")
        )
        assert 0 <= x <= x + width <= WIDTH + 1
        assert 0 <= y <= y + height <= HEIGHT
