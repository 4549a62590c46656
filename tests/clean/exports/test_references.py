from __future__ import annotations

import pytest

from crawler.clean.exports.mend import mend_text, pictures_named

WORDS = "光扫过海面。"


@pytest.mark.parametrize(
    ("used", "defined"),
    [
        ("![灯][1]", "[1]: a/灯.png"),
        ("![灯][]", "[灯]: a/灯.png"),
        ("![灯]", '  [灯]: a/灯.png "塔"'),
        ("![灯][Fig  A]", "[fig a]: <a/灯.png> 'at night'"),
        ("![灯][1]", "   [1]: a/灯.png (塔)"),
        ("![灯][1]", '[1]: a/灯.png "a \\" b" {width="3in"}'),
        ("![灯][1]", "[1]: a/灯.png\n[1]: a/灯.png"),
    ],
)
def test_a_picture_whose_address_stands_elsewhere_is_one_that_has_it(
    used: str, defined: str
) -> None:
    text = f"{WORDS}{used}\n\n{WORDS}\n\n{defined}"
    assert mend_text(text).text == f"{WORDS}![灯](a/灯.png)\n\n{WORDS}"
    assert pictures_named(text) == ["a/灯.png"]


@pytest.mark.parametrize(
    ("used", "written", "defined"),
    [
        ("![灯][1] [塔][1]", "![灯](a.png) [塔][1]", "[1]: a.png"),
        ("![灯] [灯]", "![灯](a.png) [灯]", "[灯]: a.png"),
        ("[![灯][1]][2]", "[![灯](a.png)][2]", "[1]: a.png\n[2]: https://example.org/b"),
        ("[见\n此][见 此] ![见 此]", "[见\n此][见 此] ![见 此](a.png)", "[见 此]: a.png"),
        ("`[1]` ![灯][1]", "`[1]` ![灯](a.png)", "[1]: a.png"),
    ],
)
def test_what_something_else_may_use_stays_defined(used: str, written: str, defined: str) -> None:
    kept = defined.splitlines()[-1]
    assert mend_text(f"{used}\n\n{defined}").text == f"{written}\n\n{kept}"


@pytest.mark.parametrize(
    "text",
    [
        "![灯][1]",
        "![灯][2]\n\n[1]: a.png",
        "![灯][^1]\n\n[^1]: a.png",
        "![灯](b.png)\n\n[灯]: a.png",
        "\\![灯][1]\n\n[1]: a.png",
        "`![灯][1]`\n\n[1]: a.png",
        "```\n![灯][1]\n```\n\n[1]: a.png",
        "![灯][1]\n\n```\n[1]: a.png\n```",
        "![注]\n\n[注]: 摄于渡口",
        "![注]\n\n[注]: 摄于 a.png 旁",
        "![灯][1]，写法见\n[1]: a.png",
        "!\\[灯\\]\n\n[灯]: b.png",
        "![灯][1]\n\n    [1]: a.png",
        "[塔][1]\n\n[1]: a.png",
    ],
)
def test_what_is_no_such_picture_or_defines_none_is_left_as_it_stands(text: str) -> None:
    assert mend_text(text).text == text


def test_the_first_of_two_definitions_counts_and_the_other_stays() -> None:
    text = "![灯][1]\n\n[1]: a.png\n[1]: b.png"
    assert mend_text(text).text == "![灯](a.png)\n\n[1]: b.png"


def test_a_picture_is_defined_on_either_side_of_code() -> None:
    code = "```\n![灯][1]\n[1]: c.png\n```"
    text = f"[1]: a.png\n\n![灯][1]\n\n{code}\n\n![塔][2]\n\n[2]: b.png"
    assert mend_text(text).text == f"![灯](a.png)\n\n{code}\n\n![塔](b.png)"


def test_words_of_a_picture_that_a_tool_broke_stand_on_one_line() -> None:
    assert (
        mend_text("![a light\nhouse][]\n\n[a light house]: a.png").text == "![a light house](a.png)"
    )


def test_names_with_spaces_and_brackets_are_written_as_inline() -> None:
    defined = "[1]: <a b.png>\n[2]: a(1.png"
    assert mend_text(f"![灯][1]![灯][2]\n\n{defined}").text == "![灯](a%20b.png)![灯](a%281.png)"


def test_a_picture_within_the_text_itself_is_lost_as_an_inline_one() -> None:
    mended = mend_text(f"{WORDS}![灯][1]\n\n[1]: data:image/png;base64,{'A' * 5000}")
    assert (mended.text, mended.pictures_lost) == (WORDS, 1)


def test_an_address_that_is_named_in_every_line_makes_no_text_of_many_times_its_length() -> None:
    text = f"[1]: a/{'b' * 1900}.png\n\n" + "![][1]\n\n" * 2000
    written = mend_text(text).text
    assert len(written) < 3 * len(text) + 100_000
    assert "[1]: a/" in written
    assert written.count("![") == 2000
