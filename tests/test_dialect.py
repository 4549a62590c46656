from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler import dialect
from crawler.dialect import TAG, TAGS, fence_after

if TYPE_CHECKING:
    import re


@pytest.mark.parametrize("name", sorted(TAGS))
def test_an_element_of_the_dialect_is_known_by_its_bare_tag(name: str) -> None:
    assert TAG.fullmatch(f"<{name}>")


@pytest.mark.parametrize(
    "tag", ["<script>", "<br/>", "</br>", "<strong >", '<em class="a">', "<STRONG>", "<img>"]
)
def test_nothing_else_is_a_tag_of_the_dialect(tag: str) -> None:
    assert not TAG.fullmatch(tag)


@pytest.mark.parametrize(
    ("text", "open_at_the_end"),
    [
        ("```", True),
        ("```python", True),
        ("~~~ 灯 `", True),
        ("  1. - ```", True),
        ("> > ```", True),
        ("灯 ```", False),
        ("```a``b``` 灯", False),
        ("```\n灯\n```", False),
        ("```\n````  ", False),
        ("````\n```", True),
        ("```\n~~~", True),
        ("```\n``` 灯", True),
        ("```\n    ```", True),
        ("```\n- ```", True),
        ("```\n> ```", True),
        ("> ```\n```", True),
        ("> ```\n灯", False),
        ("> ```\n\n> 灯", False),
        ("> ```\n> 灯\n>", True),
        ("> > ```\n> 灯", False),
        ("- > ```\n  > 灯", True),
        ("- - ```\n    灯\n    ```", False),
    ],
)
def test_a_block_of_code_ends_where_markdown_ends_it(text: str, *, open_at_the_end: bool) -> None:
    fence = ""
    for line in text.split("\n"):
        fence = fence_after(line, fence)
    assert bool(fence) is open_at_the_end


def test_the_marks_before_a_fence_are_read_once_however_many_lines_stand_below(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opening = dialect._OPENING
    read: list[str] = []

    class Counting:
        def match(self, text: str) -> re.Match[str] | None:
            read.append(text)
            return opening.match(text)

    monkeypatch.setattr(dialect, "_OPENING", Counting())
    fence = fence_after("> " * 99 + "~~~", "")
    for _ in range(99):
        fence = fence_after("> " * 99 + "```", fence)
    assert fence == "> " * 99 + "~~~"
    assert len(read) == 1


@pytest.mark.parametrize(
    ("opening", "line"), [("> " * 99 + "~~~", "> " * 99 + "```"), ("~" * 99, "~~~")]
)
def test_an_opened_fence_is_measured_once_however_many_lines_stand_below(
    opening: str, line: str
) -> None:
    measured: list[str] = []

    class Counting(str):
        __slots__ = ()
        __hash__ = None  # type: ignore[assignment]

        def rstrip(self, marks: str | None = None, /) -> str:
            measured.append(self)
            return super().rstrip(marks)

    for fence in (Counting(opening), Counting(opening)):  # two readers of one text
        measured.clear()
        for _ in range(99):
            assert fence_after(line, fence) == opening
        assert measured == [fence]
