"""Where a comment, a script and a tag end."""

from __future__ import annotations

import pytest

from crawler.clean.markup.tokens import TAG, closes_itself, comment_end, raw_end


@pytest.mark.parametrize(
    ("comment", "behind"),
    [
        ("<!-- a -->b", "b"),
        ("<!-- a --!>b-->", "b-->"),
        ("<!-->b-->", "b-->"),
        ("<!--->b-->", "b-->"),
        ("<!--!>a-->b", "b"),
        ("<!-- <!-- a -->b", "b"),
        ("<!-- a -- >", ""),
    ],
)
def test_a_comment_ends_where_the_standard_ends_it(comment: str, behind: str) -> None:
    assert comment[comment_end(comment.encode(), 0) :] == behind


@pytest.mark.parametrize(
    ("script", "behind"),
    [
        ("a</script>b", "</script>b"),
        ("a</scripts></SCRIPT\n>b", "</SCRIPT\n>b"),
        ("<!-- a</script>b", "</script>b"),
        ("<!-- <script>a</script>b</script>c", "</script>c"),
        ("<!-- <script>a-->b</script>c", "</script>c"),
        ("<!--><script>a</script>b", "</script>b"),
        ("<script>a</script>b", "</script>b"),
    ],
)
def test_a_script_within_a_comment_within_a_script_ends_neither(script: str, behind: str) -> None:
    assert script[raw_end(script.encode(), 0, b"script") :] == behind


@pytest.mark.parametrize(
    ("tag", "empty"),
    [
        ("<a/>", True),
        ("<a b=c />", True),
        ("<a b='c'/>", True),
        ("<a b=c/>", False),
        ("<a>", False),
    ],
)
def test_a_slash_that_is_part_of_a_value_closes_no_tag(tag: str, *, empty: bool) -> None:
    found = TAG.fullmatch(tag.encode())
    assert found is not None
    assert closes_itself(found) == empty
