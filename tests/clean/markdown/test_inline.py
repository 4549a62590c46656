from __future__ import annotations

from crawler.clean.markdown.inline import (
    BREAK,
    join_lines,
    linked,
    picture,
    ready,
    styled,
    write_line,
)
from crawler.clean.markdown.runs import BOLD, ITALIC, STRIKE


def test_a_line_is_written_once_all_of_it_is_known() -> None:
    line = write_line(f"见{styled('重点', BOLD)}{BREAK}与{linked('此文', 'https://example.org')}")
    assert line == "见**重点**  \n与[此文](https://example.org)"


def test_what_is_ready_is_not_escaped_and_the_rest_is() -> None:
    assert write_line(f"a*b*c{ready('`*`')}") == "a\\*b\\*c`*`"


def test_in_a_cell_a_break_is_an_element_and_a_pipe_is_escaped() -> None:
    assert write_line(f"a|b{BREAK}c", in_cell=True) == "a\\|b<br>c"


def test_a_backslash_at_a_lines_end_does_not_escape_the_break_behind_it() -> None:
    assert join_lines(["a\\", "b\\\\", "c", "d\\"]) == "a\\\\<br>b\\\\<br>c<br>d\\"


def test_two_tildes_in_one_line_do_not_strike_whatever_stands_between() -> None:
    assert write_line(f"3~5{styled('天', BOLD)}7~9") == "3\\~5**天**7\\~9"
    assert write_line(f"3~5{BREAK}7~9") == "3\\~5  \n7\\~9"
    assert write_line("3~5", in_cell=True, strikes=True) == "3\\~5"
    assert (
        write_line(styled("a", BOLD) + styled(styled("~", BOLD), STRIKE)) == "**a<del>\\~</del>**"
    )
    assert write_line(f"3~5{linked('此文', 'https://a.example/~b')}") == (
        "3~5[此文](https://a.example/~b)"
    )


def test_a_picture_needs_no_emphasis_around_it() -> None:
    assert write_line(styled(picture("![](https://a)"), ITALIC)) == "![](https://a)"


def test_a_bracket_in_code_is_no_partner_of_one_in_the_words_of_a_link() -> None:
    assert write_line(linked(f"[潮{ready('`a]`')}", "https://a.cn")) == (
        "[\\[潮`a]`](https://a.cn)"
    )
    assert write_line(linked(f"[潮{ready('`a]`')}]", "https://a.cn")) == "[[潮`a]`]](https://a.cn)"
