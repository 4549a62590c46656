from __future__ import annotations

import pytest

from crawler.dialect import TAG, TAGS


@pytest.mark.parametrize("name", sorted(TAGS))
def test_an_element_of_the_dialect_is_known_by_its_bare_tag(name: str) -> None:
    assert TAG.fullmatch(f"<{name}>")


@pytest.mark.parametrize(
    "tag", ["<script>", "<br/>", "</br>", "<strong >", '<em class="a">', "<STRONG>", "<img>"]
)
def test_nothing_else_is_a_tag_of_the_dialect(tag: str) -> None:
    assert not TAG.fullmatch(tag)
