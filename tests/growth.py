"""How work grows with its input, counted and not timed.

Python tells of every line that it runs, so that the count is the same on every machine. Work on
twice the input may be two and a half times as much; what is quadratic does four times as much. What
one line does inside a regular expression is not seen here: `test_patterns` looks at those.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

AT_MOST = 2.5
FREE = 500  # lines: less than that is what a bound or a window costs, and no growth


def assert_linear(work: Callable[[int], object], size: int) -> None:
    """Fail where `work(2 * size)` runs more than `AT_MOST` times the lines of `work(size)`."""
    work(1)  # for what is made once and kept
    once, twice = count_lines(lambda: work(size)), count_lines(lambda: work(2 * size))
    assert twice <= AT_MOST * once + FREE, f"{once:,} lines for {size:,}, {twice:,} for twice that"


def count_lines(work: Callable[[], object]) -> int:
    """How many lines of Python some work runs, those of the libraries in Python too."""
    if sys.version_info >= (3, 12):
        return _monitored(work)
    return _traced(work)


def _traced(work: Callable[[], object]) -> int:
    count = 0

    def on_line(_frame: FrameType, event: str, _value: Any) -> Any:
        nonlocal count
        count += event == "line"
        return on_line

    before = sys.gettrace()
    sys.settrace(on_line)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


if sys.version_info >= (3, 12):
    _TOOL = 4  # of the six that may watch at once, one that no tool claims

    def _monitored(work: Callable[[], object]) -> int:
        count = 0
        own = threading.get_ident()  # the monitor sees the lines of every thread, a runner's too

        def on_line(_code: object, _line: int) -> None:
            nonlocal count
            count += threading.get_ident() == own

        watch = sys.monitoring
        watch.use_tool_id(_TOOL, "growth")
        watch.register_callback(_TOOL, watch.events.LINE, on_line)
        watch.set_events(_TOOL, watch.events.LINE)
        try:
            work()
        finally:
            watch.set_events(_TOOL, 0)
            watch.free_tool_id(_TOOL)
        return count
