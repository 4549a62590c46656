from __future__ import annotations

import re

import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Kind, State
from crawler.browse.words import (
    CHINESE,
    ENGLISH,
    IN_CHINESE,
    Words,
    asked_language,
    language_of,
)
from tests.conftest import ROOT

BROWSE = ROOT / "crawler" / "browse"
SOURCES = (*BROWSE.glob("templates/archive/*.html"), *BROWSE.rglob("*.py"))
SAID = re.compile(
    r"""\b_\(\s*"([^"]+)"|words\(\s*"([^"]+)"|_\.count\([^,]+, "([^"]+)", "([^"]+)"\)"""
)


def _said() -> set[str]:
    """Every English text that a template or a page asks the words for."""
    texts = [path.read_text(encoding="utf-8") for path in SOURCES]
    found = (match.groups() for text in texts for match in SAID.finditer(text))
    return {text for groups in found for text in groups if text}


def test_all_that_our_pages_say_is_said_in_chinese() -> None:
    assert {text for text in _said() if text not in IN_CHINESE} == set()
    assert {kind.value for kind in Kind} <= set(IN_CHINESE)


def test_both_languages_put_in_the_same_values() -> None:
    for english, chinese in IN_CHINESE.items():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", chinese)), english


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", ENGLISH),
        ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("zh-TW", CHINESE),
        ("en-GB,en;q=0.9,zh;q=0.8", ENGLISH),
        ("en;q=0.5, zh;q=0.9", CHINESE),
        ("de,fr;q=0.9", ENGLISH),
        ("de,zh;q=0.1", CHINESE),
        ("zh;q=0", ENGLISH),
        ("zh;q=nan", ENGLISH),
    ],
)
def test_a_browser_gets_the_language_that_it_asks_for(accept: str, language: str) -> None:
    assert asked_language(accept) == language


@given(accept=st.text())
def test_any_header_asks_for_one_of_the_two(accept: str) -> None:
    assert asked_language(accept) in {ENGLISH, CHINESE}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("安全 notes", "zh"),
        ("Weekly notes", "en"),
        ("カタカナと漢字", "ja"),
        ("한국어", "ko"),
        ("", "en"),
    ],
)
def test_a_text_is_marked_as_what_its_letters_are_of(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        ("2026-02-03", '<time datetime="2026-02-03">3 February 2026</time>', "2026年2月3日"),
        (
            "2026-02-03T09:30:00.123456",
            '<time datetime="2026-02-03T09:30:00+08:00">3 February 2026 09:30</time>',
            "2026年2月3日 09:30",
        ),
        ("soon <b>", "soon &lt;b&gt;", "soon &lt;b&gt;"),
        ("", "", ""),
    ],
)
def test_a_date_is_a_date_to_people_and_machines(written: str, english: str, chinese: str) -> None:
    assert Words(ENGLISH).moment(written) == english
    assert chinese in Words(CHINESE).moment(written)


@given(written=st.text(max_size=30))
def test_no_text_breaks_a_date(written: str) -> None:
    assert "<script" not in Words(CHINESE).moment(written)


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_words(state: State) -> None:
    assert Words(CHINESE).state(state.value) == Words(CHINESE).meaning(state.value)
    assert Words(ENGLISH).state(state.value) == state.value
    assert Words(ENGLISH).meaning(state.value)
