"""Articles over time, as an SVG that needs no script and no style of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH, HEIGHT = 760, 190
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_LEFT, _TOP, _BOTTOM = 46, 10, 24
_YEAR = 24  # half of what the longest label takes
_MAX_BARS = 120  # ten years of months; what is longer is shown by year


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, in the units of the picture."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float


SAID = "{number} articles from {first} to {last}"


def chart(months: Mapping[str, int], said: str = SAID) -> str:
    """An SVG element for counts by month (YYYY-MM); the empty string where there are none.

    `said` is what it says of itself: `number`, `first` and `last` are put in.
    """
    counts = {month: count for month, count in months.items() if _is_month(month) and count > 0}
    if not counts:
        return ""
    periods = _filled(counts)
    top = _round_up(max(periods.values()))
    bars = _bars(periods, top)
    parts = [_scale(top), *(_drawn(bar) for bar in bars), *_year_marks(bars)]
    total, first, last = f"{sum(counts.values()):,}", min(counts), max(counts)
    title = escape(said.format(number=total, first=first, last=last))
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    return (
        f'<svg class="chart" {box} role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _name(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _is_month(text: str) -> bool:
    return _MONTH.fullmatch(text) is not None


def _filled(counts: Mapping[str, int]) -> dict[str, int]:
    """Every month from the first to the last, with zeros between.

    Every year where there are too many months.
    """
    first, last = _number(min(counts)), _number(max(counts))
    if last - first < _MAX_BARS:
        names = [_name(number) for number in range(first, last + 1)]
        return {name: counts.get(name, 0) for name in names}
    years: dict[str, int] = {f"{year:04}": 0 for year in range(first // 12, last // 12 + 1)}
    for month, count in counts.items():
        years[month[:4]] += count
    if len(years) <= 2 * _MAX_BARS:
        return years
    return {year: count for year, count in years.items() if count}


def _round_up(highest: int) -> int:
    """The scale's end: 1, 2 or 5 times a power of ten, or four fifths of the next."""
    power = int(10 ** (len(str(highest)) - 1))
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= highest)


def _bars(periods: Mapping[str, int], top: int) -> list[Bar]:
    room = WIDTH - _LEFT
    step = room / len(periods)
    width = min(step * 0.8, 40)
    height = HEIGHT - _TOP - _BOTTOM
    return [
        Bar(
            label=label,
            count=count,
            x=_LEFT + step * (index + 0.5) - width / 2,
            y=_TOP + height * (1 - count / top),
            width=width,
            height=height * count / top,
        )
        for index, (label, count) in enumerate(periods.items())
    ]


def _drawn(bar: Bar) -> str:
    shape = (
        f'<rect x="{bar.x:.1f}" y="{bar.y:.1f}" width="{bar.width:.1f}" height="{bar.height:.1f}">'
    )
    return f"{shape}<title>{bar.label}: {bar.count:,}</title></rect>" if bar.count else ""


def _scale(top: int) -> str:
    lines = []
    for part in sorted({0, top // 2, top}):
        y = _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - part / top)
        lines.append(f'<line x1="{_LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(f'<text class="scale" x="{_LEFT - 6}" y="{y + 4:.1f}">{part:,}</text>')
    return "".join(lines)


def _year_marks(bars: list[Bar]) -> list[str]:
    """A year below its first bar, as many as there is room for.

    Months where all is within a year or two.
    """
    labels = [bar for bar in bars if len(bar.label) == 4 or bar.label.endswith("-01")]
    if len(labels) < 3:
        labels = bars
    every = -(-len(labels) // 14)
    return [_year_mark(bar, whole=labels is bars) for bar in labels[::every]]


def _year_mark(bar: Bar, *, whole: bool) -> str:
    text = bar.label if whole else bar.label[:4]
    middle = min(bar.x + bar.width / 2, WIDTH - _YEAR)
    return f'<text class="year" x="{middle:.1f}" y="{HEIGHT - 6}">{text}</text>'
