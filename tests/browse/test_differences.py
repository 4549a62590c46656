from __future__ import annotations

import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from hypothesis import given
from hypothesis import strategies as st

from crawler.browse.differences import Line, differences

TEXTS = st.lists(st.sampled_from(["", "甲", "甲乙", "甲丙乙", "丁"]), max_size=8).map("\n".join)


def test_the_part_of_a_line_that_changed_is_told() -> None:
    assert differences("一\n三号开船\n", "一\n五号开船\n") == [
        Line("place", "@ -1,2 +1,2 @@"),
        Line("same", "一"),
        Line("gone", "", "三", "号开船"),
        Line("added", "", "五", "号开船"),
    ]


def test_texts_that_are_the_same_do_not_differ() -> None:
    assert differences("一\n二", "一\n二") == []


@given(old=TEXTS, new=TEXTS)
def test_both_texts_can_be_read_out_of_what_changed(old: str, new: str) -> None:
    lines = differences(old, new)
    for kind, text in (("gone", old), ("added", new)):
        told = [one.before + one.changed + one.after for one in lines if one.kind in {kind, "same"}]
        assert not lines or set(told) <= {*text.splitlines(), ""}
    assert bool(lines) == (old.splitlines() != new.splitlines())
