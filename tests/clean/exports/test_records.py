"""What the room hands out of another tool's export."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from crawler.article import Kind, State, told_by
from crawler.clean.exports.records import Adopted, Document, Form, Link


def test_a_copy_that_says_nothing_has_empty_texts_and_no_numbers() -> None:
    copy = Adopted(producer="unknown", form=Form.BODY)
    assert (copy.state, copy.kind, copy.links, dict(copy.removed)) == (
        State.OK,
        Kind.NORMAL,
        (),
        {},
    )
    assert set(told_by(copy).values()) == {"", None}


def test_what_was_read_does_not_change_afterwards() -> None:
    link = Link(url="https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTuV")
    document = Document(name="潮.md", content=b"", known=link)
    with pytest.raises(FrozenInstanceError):
        document.known = None  # type: ignore[misc]


def test_two_mentions_are_equal_where_they_say_the_same() -> None:
    assert Link(url="a", title="潮") == Link(url="a", title="潮")
    assert Link(url="a", number=1) != Link(url="a", number=2)
