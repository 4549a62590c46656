"""Of HTML nobody is shown what stands in scripts and drawings, and each block is a line."""

from __future__ import annotations

from crawler.clean.markup import shown_lines


def test_what_is_shown_is_left_and_each_block_begins_a_line() -> None:
    html = "<p>甲<style>p {}</style>乙</p><svg><style>丙</style><text>丁</text></svg><li>戊"
    assert shown_lines(html) == "\n<p>甲乙\n</p>\n<li>戊"


def test_an_element_that_never_ends_takes_the_rest() -> None:
    assert shown_lines("甲<script>乙<p>丙") == "甲"
