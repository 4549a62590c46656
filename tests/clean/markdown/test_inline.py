from __future__ import annotations

from crawler.clean.markdown.inline import BREAK, linked, picture, ready, styled, write_line
from crawler.clean.markdown.runs import BOLD, ITALIC


def test_a_line_is_written_once_all_of_it_is_known() -> None:
    line = write_line(f"见{styled('重点', BOLD)}{BREAK}与{linked('此文', 'https://example.org')}")
    assert line == "见**重点**  \n与[此文](https://example.org)"


def test_what_is_ready_is_not_escaped_and_the_rest_is() -> None:
    assert write_line(f"a*b*c{ready('`*`')}") == "a\\*b\\*c`*`"


def test_in_a_cell_a_break_is_an_element_and_a_pipe_is_escaped() -> None:
    assert write_line(f"a|b{BREAK}c", in_cell=True) == "a\\|b<br>c"


def test_a_picture_needs_no_emphasis_around_it() -> None:
    assert write_line(styled(picture("![](https://a)"), ITALIC)) == "![](https://a)"
