"""The faults that readers reported, one small input each: ../shared/cases/CASES.tsv.

A row names an input, a pattern that its text must hold, one that it must not, and in words what
is right. Where the words ask for more than a pattern can say, a check of its own stands in CHECKS.
A folder of inputs is read by the function that READERS has for it.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest

from crawler.article import State
from crawler.clean.markdown import assemble_document
from crawler.clean.pages import Page, read_page
from tests.conftest import SHARED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CASES = SHARED / "cases"


def rows() -> list[dict[str, str]]:
    path = CASES / "CASES.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def page_of(name: str) -> Page:
    return read_page((CASES / name).read_bytes())


def text_of_page(name: str) -> str:
    return page_of(name).text


READERS: dict[str, Callable[[str], str]] = {
    "pages": text_of_page,
    "kinds": text_of_page,
}
"""Folder of ../shared/cases -> what reads an input in it to the text that a row is about."""

CHECKS: dict[str, Callable[[str], bool]] = {
    "pages/x04-text-stroke.html": lambda name: "描边标题" in text_of_page(name),
    "pages/x06-hidden-attribute.html": lambda name: text_of_page(name) == "看得见",
    "pages/page-gallery-saved-by-tool.html": lambda name: page_of(name).image_count == 1,
    "pages/page-text-post-without-data.html": lambda name: page_of(name).state is State.HOLLOW,
    "pages/page-author-prefix-2018.html": lambda name: page_of(name).author == "张三",
    "pages/k01-source-url.html": lambda name: (
        page_of(name).source_url == "https://example.com/original?a=1&b=2"
    ),
    "pages/k02-original-album-tags.html": lambda name: (
        (
            page_of(name).original,
            page_of(name).album,
            page_of(name).topics,
            page_of(name).place,
        )
        == ("original", "某合集", ("读书",), "广东")
    ),
    "pages/f06-dollar-prices.html": lambda name: r"\$5 到 \$10" in text_of_page(name),
    "pages/w05-mini-program-span-twin.html": lambda name: text_of_page(name).count("快递") == 1,
    "pages/i03-many-bg.html": lambda name: page_of(name).image_count == 3,
    "pages/l08-ol-value.html": lambda name: (
        text_of_page(name) == "5. 五\n6. 六\n\n- a. 甲\n\n2. 三\n1. 二"
    ),
    "titles/t.html": lambda name: assemble_document(page_of(name).title, "", "").startswith(
        r"# \<script>alert(1)\</script>"
    ),
    "kinds/p4-bold-cjk.html": lambda name: "<" not in text_of_page(name),
}
"""Input -> what is right of it, where no pattern says it."""

KNOWN = [row for row in rows() if row["case"] in CHECKS or row["case"].split("/")[0] in READERS]
PAIRS = sorted((CASES / "page_pairs").glob("*.html"))


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: row["case"])
def test_each_fault_that_was_reported_stays_mended(row: dict[str, str]) -> None:
    name = row["case"]
    reader = READERS.get(name.split("/")[0])
    if reader:
        text = reader(name)
        assert re.search(row["must"], text, re.MULTILINE), row["says"]
        assert not row["mustnot"] or not re.search(row["mustnot"], text), row["says"]
    assert name not in CHECKS or CHECKS[name](name), row["says"]


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_a_body_becomes_exactly_the_markdown_beside_it(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    page = f'<html><body><div id="js_content">{html}</div></body></html>'
    expected = path.with_suffix(".md").read_text(encoding="utf-8")
    assert read_page(page.encode()).text.strip("\n") == expected.strip("\n")
