"""What each page shows beside the list and the text: accounts, neighbours, states, revisions."""

from __future__ import annotations

import asyncio
import re
import warnings
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from crawler.archive import Archive
from crawler.browse import datasette_app
from crawler.browse.selection import read_selection, rows_of
from crawler.states import MEANINGS
from tests.browse.library import ACCOUNTS, make_article

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY = make_article(0).id
NAME = quote(KEY, safe="")
LISTED = re.compile(r'<li><h2><a href="/article/([^"]+)"')


@pytest.fixture(scope="module")
def get(library: Path) -> Callable[..., Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Datasette's own
        app = datasette_app(library)

    async def fetch(path: str, language: str) -> Any:
        await app.invoke_startup()
        return await app.client.get(path, headers={"Accept-Language": language})

    return lambda path, language="en": asyncio.run(fetch(path, language))


def _keys(page: str) -> list[str]:
    return [unquote(unescape(key)) for key in LISTED.findall(page)]


def _rows(library: Path, sql: str) -> list[tuple[Any, ...]]:
    with Archive.open(library, read_only=True) as archive:
        rows: list[tuple[Any, ...]] = archive.database.execute(sql).fetchall()
        return rows


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", "date DESC, rowid DESC"),
        ("oldest", "date, rowid"),
        ("longest", "characters DESC, rowid"),
        ("nonsense", "date DESC, rowid DESC"),
    ],
)
def test_a_list_is_sorted_as_it_is_asked_for_and_what_has_no_text_comes_last(
    get: Callable[..., Any], library: Path, sort: str, order: str
) -> None:
    pages = [get(f"/articles?sort={sort}&page={page}").text for page in range(1, 5)]
    shown = [key for page in pages for key in _keys(page)]
    sql = f"SELECT id FROM articles ORDER BY body_hash = '', {order}"  # noqa: S608
    assert shown == [key for (key,) in _rows(library, sql)]


@pytest.mark.parametrize(
    ("days", "where"),
    [
        ("since=2024-05-01", "date >= '2024-05-01'"),
        ("until=2024-05-01", "date <= '2024-05-01' AND date <> ''"),
        ("since=2024-01-01&until=2024-12-31", "date LIKE '2024-%'"),
        ("since=soon&until=2024-1-1", "1"),
    ],
)
def test_a_list_holds_the_days_that_are_asked_for(
    get: Callable[..., Any], library: Path, days: str, where: str
) -> None:
    texts = f"SELECT count(*) FROM articles WHERE body_hash <> '' AND {where}"  # noqa: S608
    ((count,),) = _rows(library, texts)
    assert f'<h1 class="count">{count} articles</h1>' in get(f"/articles?{days}").text


def test_a_search_can_be_sorted_by_day(get: Callable[..., Any]) -> None:
    page = get(f"/articles?q={quote('诈骗')}&sort=oldest").text
    days = re.findall(r'<time datetime="([^"]+)"', page)
    assert days == sorted(days)
    assert '<option value="oldest" selected>' in page


def test_an_account_has_its_counts_its_states_and_its_latest(
    get: Callable[..., Any], library: Path
) -> None:
    name = ACCOUNTS[2]
    sql = f"SELECT id, date FROM articles WHERE account = '{name}' ORDER BY date DESC"  # noqa: S608
    rows = _rows(library, sql)
    page = get(f"/account/{quote(name)}").text
    assert f'<h1 lang="zh">{name}</h1>' in page
    assert f'<p class="count">{len(rows)} articles</p>' in page
    assert f"{len(rows)} articles from" in page
    shown = re.findall(r'<li><h3><a href="/article/([^"]+)"', page)
    assert unquote(shown[0]) == rows[0][0]
    assert len(shown) == min(len(rows), 20)
    assert get("/account/nobody").status_code == 404


def test_an_article_leads_to_its_neighbours_of_the_same_account(
    get: Callable[..., Any], library: Path
) -> None:
    name = make_article(0).account
    sql = f"SELECT id FROM articles WHERE account = '{name}' ORDER BY date, rowid"  # noqa: S608
    keys = [key for (key,) in _rows(library, sql)]
    here = keys[0]
    for after in keys[1:]:
        page = get(f"/article/{quote(here, safe='')}").text
        later = re.search(r'rel="next" href="/article/([^"]+)"', page)
        assert later
        assert unquote(later[1]) == after
        here = after
    assert 'rel="next"' not in get(f"/article/{quote(here, safe='')}").text
    earlier = re.search(
        r'rel="prev" href="/article/([^"]+)"', get(f"/article/{quote(here, safe='')}").text
    )
    assert earlier
    assert unquote(earlier[1]) == keys[-2]


def test_the_legend_says_of_every_state_what_it_means(get: Callable[..., Any]) -> None:
    english, chinese = (unescape(get("/states", language).text) for language in ("en", "zh-CN"))
    for meaning in MEANINGS:
        assert f'<tr id="{meaning.state}">' in english
        assert f"<td>{meaning.english}</td>" in english
        assert f"<td>{meaning.chinese}</td>" in chinese
    assert '<a href="/articles?state=truncated">' in english


def test_what_changed_between_two_revisions_is_shown(get: Callable[..., Any]) -> None:
    article = get(f"/article/{NAME}").text
    link = re.search(rf'href="(/revisions/{re.escape(NAME)}\?from=[^"]+)"', article)
    assert link
    page = get(unescape(link[1])).text
    assert "<ins>更正：第三起案件的日期已改。</ins>" in page
    assert page.count("<ins>") >= 1
    assert get(f"/revisions/{NAME}?from=x&to=y").status_code == 200
    assert "There is only one text." in get(f"/revisions/{quote(make_article(1).id)}").text
    assert get("/revisions/none").status_code == 404


def test_the_markdown_to_keep_is_the_document_that_show_prints(
    get: Callable[..., Any], library: Path
) -> None:
    answer = get(f"/markdown/{NAME}")
    with Archive.open(library, read_only=True) as archive:
        record = archive.get(KEY)
        assert record
        assert answer.text == record.document
        name = f"{record.source}_{record.title}.md"
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    )
    assert get("/markdown/MzB4:10:1").status_code == 404  # which has no text


def test_what_was_removed_from_an_article_is_told(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article(1))
        archive.database.execute(
            "INSERT INTO removed VALUES (?, 'tail <b>', 3)", [make_article(1).id]
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Datasette's own
        app = datasette_app(path)
    page = asyncio.run(_one(app, f"/article/{quote(make_article(1).id, safe='')}"))
    assert "<summary>What was removed</summary>" in page
    assert '<td><code>tail &lt;b&gt;</code></td><td class="number">3</td>' in page


async def _one(app: Any, path: str) -> str:
    await app.invoke_startup()
    return str((await app.client.get(path)).text)


def test_a_death_stands_beside_the_text(get: Callable[..., Any], library: Path) -> None:
    ((key, notice),) = _rows(
        library,
        "SELECT article_id, notice FROM deaths WHERE notice LIKE '%已被发布者删除%' LIMIT 1",
    )
    page = get(f"/article/{quote(key, safe='')}").text
    assert "Gone since" in page
    assert f'<q lang="zh">{notice}</q>' in page
    assert '<div class="body" lang="zh">' in page


@pytest.mark.parametrize("path", ["/", "/articles", f"/article/{NAME}", "/states", "/account/x"])
def test_page_and_texts_say_which_language_they_are(get: Callable[..., Any], path: str) -> None:
    for language, tag in (("en", "en"), ("zh-TW,zh;q=0.9,en;q=0.8", "zh-CN")):
        answer = get(path, language)
        assert answer.text.startswith(f'<!DOCTYPE html>\n<html lang="{tag}">')
        assert answer.headers["content-language"] == tag
        assert "accept-language" in answer.headers["vary"]


def test_a_chinese_page_shows_no_english_word_of_ours(get: Callable[..., Any]) -> None:
    page = get(f"/article/{NAME}", "zh-CN").text
    body = page.partition("<main")[2].partition("</main>")[0]
    for word in ("Revisions", "Events", "original", "Earlier", "normal", "state"):
        assert f">{word}<" not in body
    for word in ("版本", "记事", "原文", "图文", "下一篇"):
        assert word in body


def test_datasettes_table_of_articles_begins_with_title_and_date_and_folds_links(
    get: Callable[..., Any],
) -> None:
    page = get("/archive/articles").text
    columns = re.findall(r'data-column="([^"]+)" data-column-type', page)
    assert columns[:2] == ["title", "date"]
    assert ">mp.weixin.qq.com/…" in page


def test_the_same_text_elsewhere_stands_beside_an_article(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    here, there = make_article(1), make_article(2)
    with Archive.open(path) as archive:
        archive.save(here)
        archive.save(there)
        for one in (here, there):
            archive.database.execute(
                "INSERT INTO stories VALUES (?, 'b', 0, 1, 't', 's', 1, ?, ?)",
                [one.id, here.id, there.id],
            )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Datasette's own
        app = datasette_app(path)
    page = asyncio.run(_one(app, f"/article/{quote(here.id, safe='')}"))
    elsewhere = page.partition("The same text elsewhere")[2].partition("</section>")[0]
    assert quote(there.id, safe="") in elsewhere
    assert "the best copy" in elsewhere
    assert quote(here.id, safe="") not in elsewhere


def test_a_list_reads_no_more_of_long_texts_than_it_shows(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(replace(make_article(0), body="潮声。" * 40_000))
        found = archive.connection.execute(*rows_of(read_selection({})))
        names = [name for name, *_ in found.description]
        (row,) = found.fetchall()
    assert len(row[names.index("body")]) == 20_000
