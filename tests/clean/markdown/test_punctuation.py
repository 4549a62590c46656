from __future__ import annotations

import pytest

from crawler.clean.markdown.punctuation import outside


@pytest.mark.parametrize(
    ("text", "start", "end", "inside"),
    [
        ("注意：", False, True, "注意"),
        ("“重点”", False, True, "重点"),
        ("（备注）", True, False, "备注"),
        ("注意：", False, False, "注意："),
        ("C++", False, True, "C++"),
        ("90%", False, True, "90%"),
        (".NET", True, False, ".NET"),
        ("[图](https://a.example/)", False, True, "[图](https://a.example/)"),
        ("a &lt;", False, True, "a &lt;"),
        ("路径\\!", False, True, "路径\\!"),
        ("！", False, True, ""),
    ],
)
def test_only_what_belongs_to_no_word_stands_outside(
    text: str,
    start: bool,  # noqa: FBT001
    end: bool,  # noqa: FBT001
    inside: str,
) -> None:
    first, last = outside(text, start=start, end=end)
    assert text[first:last] == inside
