from __future__ import annotations

from importlib.resources import files

import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from crawler.browse.mended import MENDS, Mend, folded_link, mended, title_first
from tests.browse.test_attacks import live
from tests.browse.vectors import VECTORS

LONG = "https://mp.weixin.qq.com/s?__biz=MzB4&mid=1&idx=1&sn=0a&chksm=0b#rd"


def _text(template: str) -> str:
    return (files("datasette") / "templates" / template).read_text(encoding="utf-8")


@pytest.mark.parametrize("mend", MENDS, ids=lambda mend: f"{mend.template}-{mend.before[:20]}")
def test_every_mend_finds_what_it_mends_in_the_datasette_that_is_installed(mend: Mend) -> None:
    assert mend.before in _text(mend.template)


@pytest.mark.parametrize("template", sorted({mend.template for mend in MENDS}))
def test_a_template_can_still_be_read_when_it_is_mended(template: str) -> None:
    assert Environment(autoescape=True).parse(mended(template, _text(template)))


def test_columns_begin_with_title_and_date() -> None:
    assert title_first(["id", "date", "url", "title"]) == ["title", "date", "id", "url"]
    cells = [{"column": "Link"}, {"column": "date"}, {"column": "title"}]
    assert [cell["column"] for cell in title_first(cells)] == ["title", "date", "Link"]
    assert title_first([{"name": "at"}, {"name": "url"}]) == [{"name": "at"}, {"name": "url"}]


def test_a_long_link_shows_its_host_and_its_end() -> None:
    link = str(folded_link(LONG))
    assert link.endswith(">mp.weixin.qq.com/…&amp;chksm=0b#rd</a>")
    assert LONG.replace("&", "&amp;") in link
    assert folded_link("https://mp.weixin.qq.com/s/abc") is None


@pytest.mark.parametrize("vector", VECTORS)
def test_no_link_runs(vector: str) -> None:
    for value in (vector, f"https://a.example/{'x' * 60}{vector}", f"javascript:{vector}" * 9):
        assert live(str(folded_link(value) or "")) == []


@given(value=st.text() | st.integers() | st.none())
def test_any_value_is_a_link_or_left_alone(value: object) -> None:
    folded = folded_link(value)
    assert folded is None or folded.startswith("<a href=")


@pytest.mark.parametrize("before", ["https://evil.example\\@", "https://evil.example@"])
def test_no_address_is_folded_to_a_host_to_which_it_does_not_lead(before: str) -> None:
    assert folded_link(before + LONG.removeprefix("https://")) is None


def test_the_host_of_an_address_is_looked_at_where_it_needs_no_composing() -> None:
    for host in ("a" * 300, "灯塔.example" * 9, "a\u0315\u0300" * 99):
        assert folded_link(f"https://{host}/{'x' * 60}") is None
