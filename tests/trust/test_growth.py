"""Texts made to cost: whatever is done with one of them, twice the text is twice the work.

What is counted are lines of Python, and steps of SQLite where that does the work. What a pattern
costs on its own, `test_patterns` looks at.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.archive.database import connection
from crawler.archive.reading import compare
from crawler.archive.saving import arrival_of
from crawler.archive.saving.copies import MOST
from crawler.archive.search import lenient_query, snippet, tokens_of
from crawler.article import Origin, sha256
from crawler.clean.exports import Document, Link, read_export
from crawler.clean.listings import read_list
from crawler.clean.pages import read_page, shrink_page
from crawler.clean.seeds import read_seed
from crawler.config import PromoConfig
from crawler.credentials import without_secrets
from crawler.flows import group_stories, keep_containers
from crawler.flows.promotion import learn_arrivals
from crawler.flows.same import Known, Titles
from crawler.flows.siblings import Siblings
from crawler.formats.xhtml import render_xhtml
from crawler.frontmatter import FrontMatter
from crawler.links import find_links
from crawler.plain import one_line
from crawler.times import SHANGHAI, as_written
from crawler.urls import parse_url
from crawler.vault import Note, read_note, write_note
from tests.archive.specimens import make_article
from tests.growth import assert_linear
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZE = 150  # of a unit; twice that, and once more for what is made once


@dataclass(frozen=True, slots=True)
class Body:
    """A text that grows: something before, a unit many times over, something behind."""

    before: str
    unit: str
    behind: str = ""

    def of(self, size: int) -> str:
        """The text of that size."""
        return f"{self.before}{self.unit * size}{self.behind}"


MARKDOWN = {
    "pictures that are never closed": Body("", "!["),
    "pictures without their addresses": Body("", "![a](", ")"),
    "links in links": Body("", "[", "](https://example.com)"),
    "closings alone": Body("", "]("),
    "emphasis that is opened": Body("", "**a"),
    "emphasis of one letter": Body("", "*a_b"),
    "emphasis split": Body("", "**0****1**"),
    "struck out": Body("", "~~a"),
    "backticks of growing runs": Body("", "`a``b```"),
    "spaces of a line": Body("a", " ", "b"),
    "spaces of a line of code": Body("```\n", " " * 20 + "\n", "```"),
    "fences in fences": Body("", "```a\n"),
    "quotes in quotes": Body("", "> ", "a"),
    "lists in lists": Body("", "- ", "a"),
    "numbered": Body("", "1. a\n\n"),
    "headings": Body("", "## a\n\n"),
    "hashes": Body("", "#", " a"),
    "rules": Body("", "---\n"),
    "bars": Body("| a |\n|---|\n", "| a |\n"),
    "bars of one row": Body("|", " a |", "\n|---|\n"),
    "breaks": Body("", "a<br>"),
    "tags that are never closed": Body("", "<b>a"),
    "tags that never end": Body("", "<b "),
    "comments that never end": Body("", "<!--"),
    "entities": Body("", "&amp;"),
    "escapes": Body("", "\\*"),
    "backslashes": Body("a", "\\", "b"),
    "invisible marks": Body("", "\u200b\u202e\ue000a"),
    "forged hits": Body("", "\ue000词\ue001"),
    "links glued together": Body("", "https://mp.weixin.qq.com/s?__biz="),
    "links with secrets": Body("", f"{link(1)}&key=a "),
    "the word that is sought": Body("", "词"),
    "lines alone": Body("", "a\n\n"),
    "line feeds": Body("a", "\n", "b"),
    "one line of many words": Body("", "词 a "),
    "full stops": Body("", "。"),
    "front matter again": Body("", "---\ntitle: a\n---\n"),
    "the page's tail again": Body("", "预览时标签不可点\n\n阅读原文\n\n"),
    "brackets": Body("", "(", ")"),
    "repaired runs": Body("", "**a**b**c** **"),
}
HTML = {
    "sections": Body("", "<section>", "a"),
    "styles in one another": Body("", "<b style='color:red'><i>", "a"),
    "drawings in one another": Body("", "<svg><g>", "a"),
    "selectors of drawings": Body("<svg><style>", "svg svg svg{fill:red}", "</style></svg>a"),
    "tables in one another": Body("", "<table><tr><td>", "a"),
    "cells": Body("<table>", "<tr><td>a</td></tr>", "</table>"),
    "lists": Body("", "<ul><li>", "a"),
    "paragraphs": Body("", "<p>a</p>"),
    "breaks": Body("", "a<br>"),
    "pictures": Body("", "<img data-src='https://mmbiz.qpic.cn/a/640'>"),
    "links": Body("", f"<a href='{link(1)}&amp;key=a'>a</a>"),
    "code": Body("<pre>", "<code>a\n</code>", "</pre>"),
    "ruby": Body("", "<ruby>a<rt>b</ruby>"),
    "empty spans": Body("", "<span></span>", "a"),
    "styles of one": Body("<p style='", "color:red;", "'>a</p>"),
    "attributes": Body("<p ", "a=b ", ">a</p>"),
    "marks side by side": Body("<p style='display:flex'>", "<span>·</span>", "</p>"),
    "marks that nobody sees, beside one": Body(
        "<p style='display:flex'><span>·</span>",
        "<b> </b><span style='visibility:hidden'>1</span>",
        "</p>",
    ),
    "marks that nobody sees, behind breaks": Body(
        "", "<br><section style='display:inline-block;visibility:hidden'>·</section>", "a"
    ),
    "boxes to tick behind breaks": Body("<ul><li>", "<br><input type=checkbox>", "</ul>"),
    "cards in boxes of code": Body(
        "",
        "<section style='font-family:monospace;white-space:pre'>",
        "<mp-common-profile data-nickname='a'></mp-common-profile>",
    ),
}


@pytest.fixture(autouse=True)
def _forgets_addresses() -> None:
    """An address that another test had taken apart would cost nothing, and its double all."""
    parse_url.cache_clear()


def _seed(body: Body, size: int) -> object:
    return read_seed(whole_seed(body.of(size)).encode())


def _article(body: Body, size: int) -> str:
    return f"# 标题\n\n{body.of(size)}\n"


def _export(body: Body, size: int) -> object:
    text = f"---\ntitle: a\nsource: {link(1)}\nauthor: b\n---\n{body.of(size)}"
    return read_export(Document(name="a.md", content=text.encode()))


def _note(text: str) -> object:
    front = FrontMatter(title="a", url=link(1), source="b", date="2024-05-08", fetch_date="c")
    note = Note(front=front, state="ok")
    return read_note(write_note(note, text, target_of=lambda _: "", pictures={}))


def _promotion(body: Body, size: int) -> object:
    text = body.of(size)
    articles = [
        make_article(link(number), body=f"# {number}\n\n{text}\n\n第{number}天\n\n{text}\n")
        for number in range(6)
    ]
    return learn_arrivals([arrival_of(article) for article in articles], PromoConfig())


WAYS: dict[str, Callable[[Body, int], object]] = {
    "a seed": _seed,
    "an export": _export,
    "a list": lambda body, size: read_list(body.of(size).encode()),
    "links": lambda body, size: find_links(without_secrets(body.of(size))),
    "a snippet": lambda body, size: snippet(_article(body, size), ("词", "a")),
    "a note": lambda body, size: _note(body.of(size)),
    "a page of a book": lambda body, size: render_xhtml(body.of(size), lambda _: ""),
    "one line": lambda body, size: one_line(body.of(size)),
    "the index": lambda body, size: tokens_of(_article(body, size), "a", "b", "c"),
    "a search": lambda body, size: lenient_query(body.of(size), ngram=2),
    "a comparison": lambda body, size: compare(body.of(size), body.of(size + 1)),
    "promotion": _promotion,
}
PAGE = (
    "<html><head><title>a</title></head><body><h1 id='activity-name'>a</h1>"
    "<div id='js_content'>{}</div></body></html>"
)


def _page(body: Body, size: int) -> object:
    content = PAGE.replace("{}", body.of(size)).encode()
    return read_page(content), shrink_page(content)


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", MARKDOWN)
def test_twice_the_text_is_twice_the_work(name: str, way: str) -> None:
    assert_linear(lambda size: WAYS[way](MARKDOWN[name], size), SIZE)


@pytest.mark.slow
@pytest.mark.parametrize("name", HTML)
def test_twice_the_page_is_twice_the_work(name: str) -> None:
    assert_linear(lambda size: _page(HTML[name], size), SIZE)


def test_twice_the_places_of_words_within_one_another_is_twice_the_work() -> None:
    places = "<div id='js_image_desc'>", "<i style='display:none'>a</i>"
    page = PAGE.replace("<body>", "<body class='page_share_img'>")

    def read(size: int) -> None:
        read_page(page.replace("{}", "".join(place * size for place in places)).encode())

    assert_linear(read, 40)


@pytest.mark.slow
@pytest.mark.parametrize("name", MARKDOWN)
def test_twice_the_text_is_twice_the_work_of_the_reader(name: str) -> None:
    reader = pytest.importorskip("crawler.browse.reader", reason="the extra is not installed")
    assert_linear(lambda size: reader.read_body(MARKDOWN[name].of(size), "题"), SIZE)


def _packed(folder: Path, size: int) -> Path:
    path = folder / f"{size}.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for number in range(size):
            packed.writestr(f"{number}.txt", b"")
    return path


def test_twice_the_members_of_a_packed_file_is_twice_the_work(tmp_path: Path) -> None:
    with Archive.scratch() as archive:
        assert_linear(lambda size: list(keep_containers([_packed(tmp_path, size)], archive)), 150)


def test_twice_the_copies_of_one_article_is_twice_the_work(tmp_path: Path) -> None:
    def save(size: int) -> None:
        looks = [
            make_article(
                link(1),
                body=f"# 渡口\n\n{'灯' * number}\n",
                evidence=sha256(str(number).encode()),
                fetch_date=f"2026-01-01T00:{number // 60:02}:{number % 60:02}",
            )
            for number in range(size)
        ]
        with Archive.open(tmp_path / f"{size}.db", ngram=None) as archive:
            for look in looks:
                archive.save(look)

    assert_linear(save, 3 * MOST)


def _seeds_of_one_article(folder: Path, size: int, seconds: int) -> None:
    """Save copies of one article that lie so many seconds apart."""
    start = datetime(2026, 1, 1, tzinfo=SHANGHAI)
    with Archive.open(folder / f"{size}-{seconds}.db", ngram=None) as archive:
        for number in range(size):
            archive.save(
                make_article(
                    link(1),
                    body=f"# 渡口\n\n{'灯' * number}\n",
                    origin=Origin.SEED,
                    evidence=sha256(str(number).encode()),
                    fetch_date=as_written(start + timedelta(seconds=number * seconds)),
                )
            )


@pytest.fixture
def steps_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], int]:
    """How many steps of its machine SQLite takes for some work, about."""
    every, calls = 100, Counter[str]()

    def count(_: object) -> bool:
        calls["all"] += 1
        return False

    monkeypatch.setattr(connection, "_EVERY", every)
    monkeypatch.setattr(connection.Work, "is_endless", count)

    def steps(work: Callable[[], object]) -> int:
        before = calls["all"]
        work()
        return (calls["all"] - before) * every

    return steps


def test_twice_the_seeds_of_one_article_is_twice_the_work_of_sqlite(
    tmp_path: Path, steps_of: Callable[[Callable[[], object]], int]
) -> None:
    once = steps_of(lambda: _seeds_of_one_article(tmp_path, 3 * MOST, 1))
    twice = steps_of(lambda: _seeds_of_one_article(tmp_path, 6 * MOST, 1))
    assert twice <= 2.5 * once, (once, twice)


def test_the_looks_of_one_moment_are_not_gone_through_for_each_copy_that_is_weighed(
    tmp_path: Path, steps_of: Callable[[Callable[[], object]], int]
) -> None:
    apart = steps_of(lambda: _seeds_of_one_article(tmp_path, 5 * MOST, 1))
    at_once = steps_of(lambda: _seeds_of_one_article(tmp_path, 5 * MOST, 0))
    assert at_once <= 3 * apart, (apart, at_once)


def _issue(number: int) -> Known:
    day = date(2012, 1, 1) + timedelta(number * 3)
    return Known(f"a{number:05}", link(number), "早安", "渡口", day.isoformat())


def test_twice_the_issues_of_one_title_is_twice_the_work() -> None:
    def look(size: int) -> None:
        titles = Titles(map(_issue, range(size)))
        for number in range(size):
            assert titles.look(_issue(number)._replace(id="u", url=""))[0] == _issue(number)
            assert titles.look(_issue(number + size)) == (None, "a00000")

    assert_linear(look, SIZE)


@pytest.mark.parametrize("day", ["", "2012-01-01", "9999-99-99"])
def test_twice_the_links_of_one_title_is_twice_the_work(day: str) -> None:
    def look(size: int) -> None:
        links = [Link(url=link(one), title="早安", date=day) for one in range(size)]
        siblings = Siblings.of_lists([("notes/list.csv", links)])
        for _ in range(size):
            siblings.link_of("notes/a.md", Link(url="", title="早安", date=day))

    assert_linear(look, 3 * SIZE)


def test_a_title_of_as_many_days_or_accounts_as_documents_is_no_search_for_each() -> None:
    def look(size: int) -> None:
        links = [
            Link(url=link(one), title="早安", account=f"渡口{one}", date=_issue(one).date)
            for one in range(size)
        ]
        siblings = Siblings.of_lists([("notes/list.csv", links)])
        strange = Link(url="", title="早安", account="江畔")
        for said in (strange, replace(strange, account="", date="1999-01-01")):
            for _ in range(size):
                assert not siblings.link_of("notes/a.md", said)

    assert_linear(look, SIZE)


def test_twice_the_tellings_of_one_story_is_twice_the_work(tmp_path: Path) -> None:
    base = "".join(chr(0x4E00 + number * 7) for number in range(600))

    def tell(size: int) -> None:
        with Archive.open(tmp_path / f"{size}.db", ngram=None) as archive:
            told = [
                make_article(link(number), body=f"# 潮汛\n\n{base}第{number:04}日{base[:99]}\n")
                for number in range(size)
            ]
            archive.save_all(list(map(arrival_of, told)))
            assert len(list(group_stories(archive)[1])) == size
            assert len(archive.stories.same_as(told[0].id)) == size - 1

    assert_linear(tell, 80)


def test_the_table_has_forty_texts() -> None:
    assert len(MARKDOWN) >= 40
