from __future__ import annotations

import pytest

from crawler.clean.exports import fields, read_count
from crawler.clean.exports.fields import (
    plain_key,
    read_sheet,
    take_lines,
)
from crawler.clean.exports.furniture import take_heading


def test_front_matter_that_yaml_rejects_is_read() -> None:
    sheet = read_sheet('---\ntitle: 甲: 乙 "丙"\ncreated: 2022-05-23 (UTC +08:00)\n---\n正文')
    assert sheet.fields == {"title": '甲: 乙 "丙"', "created": "2022-05-23 (UTC +08:00)"}
    assert sheet.text == "正文"


def test_lists_blocks_and_links_of_obsidian_are_values() -> None:
    sheet = read_sheet('---\nauthor:\n  - "[[甲]]"\n  - "[[folder|乙]]"\ntitle: |\n  丙\n---\n')
    assert sheet.fields == {"author": "甲, 乙", "title": "丙"}


def test_tags_between_keys_do_not_run_into_a_neighbour() -> None:
    sheet = read_sheet("---\ntitle: 甲\ntags: [a, b]\naliases:\n  - 乙\nurl: u\n---\n")
    assert (sheet.fields["title"], sheet.fields["url"]) == ("甲", "u")


@pytest.mark.parametrize(
    "other", ["completed?: no", "📅 created: 2026-05-23", "标题（旧）:", "🔗: x"]
)
def test_a_key_of_other_signs_is_no_part_of_the_value_above(other: str) -> None:
    sheet = read_sheet(f"---\ntitle: 甲\n{other}\nauthor: 乙\n{other}\n---\n")
    assert (sheet.fields["title"], sheet.fields["author"]) == ("甲", "乙")


def test_a_second_block_fills_what_the_first_leaves_empty() -> None:
    sheet = read_sheet("---\na: 1\nb:\n---\n\n---\na: 2\nb: 3\n---\n正文")
    assert (sheet.fields, sheet.text) == ({"a": "1", "b": "3"}, "正文")


def test_a_rule_that_begins_a_text_is_no_front_matter() -> None:
    assert read_sheet("---\n正文，没有键\n---\n").keys == frozenset()


@pytest.mark.parametrize("first", ["---\na: 1\n---\n\n", ""])
@pytest.mark.parametrize(
    "section",
    [
        "\n渡口\n\nTips: 票在船上买。\n\n",
        "\n渡口的船六点开。\nTips:\n\n",
        "\n**渡口**\n\n- a\nb: 1\n\n",
    ],
)
def test_words_between_two_rules_of_a_text_are_no_front_matter(first: str, section: str) -> None:
    sheet = read_sheet(f"{first}---\n{section}---\n\n六点。\n")
    assert sheet.text.strip() == f"---\n{section}---\n\n六点。"


def test_words_behind_a_key_between_two_rules_of_a_text_are_no_front_matter() -> None:
    text = "---\nTips: 票在船上买。\n\n渡口的船六点开。\n\n---\n\n六点。"
    assert read_sheet(f"---\na: 1\n---\n\n{text}").text.strip() == text


def test_front_matter_with_blank_lines_around_it_is_one() -> None:
    assert read_sheet("---\n\ntitle: 甲\n\n---\n正文").fields == {"title": "甲"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r'"\u6e21\u53e3\u201c\u591c\u8bdd\u201d"', "渡口“夜话”"),
        (r'"\ud83c\udf0a \u6e21\u53e3"', "🌊 渡口"),
        (r'"\U0001F30A \u6E21\u53E3"', "🌊 渡口"),
        (r'"a \"b\" \\ c\/d"', 'a "b" \\ c/d'),
        (r'"a \_b \* "c""', r'a \_b \* "c"'),
        (r'"\ud83c"', r"\ud83c"),
        ("'a\n  b: c'", "a b: c"),
        ('"\\u6e21\\\n  \\u53e3"', "渡口"),
        (">-\n  Night talk\n  at the ferry", "Night talk at the ferry"),
        ('"甲\n  乙', '"甲 乙'),
    ],
)
def test_a_value_says_what_was_quoted_escaped_and_folded(written: str, said: str) -> None:
    sheet = read_sheet(f"---\ntitle: {written}\nurl: u\n---\n")
    assert sheet.fields == {"title": said, "url": "u"}


def test_properties_of_logseq_are_fields() -> None:
    sheet = read_sheet("source:: https://a.example\ntags:: x\n\n# 甲\n")
    assert sheet.fields["source"] == "https://a.example"


def test_keys_are_compared_without_case_and_joints() -> None:
    assert {plain_key(key) for key in ("sourceUrl", "source_url", "Source-URL")} == {"sourceurl"}


def test_known_lines_before_a_text_are_taken_and_its_own_first_line_stays() -> None:
    sheet = read_sheet("# 题\n\n> 公众号: 甲\n> **发布时间**：2026-05-23\n\n---\n\n作者的话：乙\n")
    take_heading(sheet)
    assert take_lines(sheet, frozenset({"公众号", "发布时间"})) == 2
    assert (sheet.title, sheet.fields["公众号"]) == ("题", "甲")
    assert sheet.text.strip() == "作者的话：乙"


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("0", 0), ("1,234", 1234), ("57.0", 57), ("10万+", 100_000), ("1.2万", 12_000),
        ("10w+", 100_000), ("", None), ("很多", None), ("1.5", None), ("-3", None),
        ("9" * 30, None),
    ],
)  # fmt: skip
def test_a_count_is_read_as_it_is_written(words: str, count: int | None) -> None:
    assert read_count(words) == count


def test_a_rule_at_the_end_is_looked_for_once_in_a_run_of_blank_lines() -> None:
    rule = fields._RULE_AT_END
    assert rule.sub("", "甲 \n\n \n---") == "甲"
    assert not any(rule.match("甲\n\n\n---", place) for place in (2, 3))


def test_logseqs_properties_are_read_below_the_first_line_of_their_block() -> None:
    sheet = read_sheet("- title:: 渡口夜话\n  author:: 阿青\n- 船六点开。")
    assert sheet.fields == {"title": "渡口夜话", "author": "阿青"}
    assert sheet.text == "- 船六点开。"
