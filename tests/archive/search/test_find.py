from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import pytest

from crawler.archive.search import find as search
from crawler.archive.search import index
from crawler.errors import ArchiveError, InputError
from tests.archive.search.conftest import add_article, found

if TYPE_CHECKING:
    import sqlite3


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("诈骗", {"a:1"}),
        ("电信网络诈骗", {"a:1"}),
        ('"电信网络诈骗"', {"a:1"}),
        ("骗", {"a:1", "a:3"}),
        ("话", {"a:3"}),
        ("Apache 日志", {"a:2"}),
        ("日志 诈骗", set()),
        ("日志 OR 诈骗", {"a:1", "a:2"}),
        ("骗 NOT 诈骗", {"a:3"}),
        ("SQL注入", {"a:2"}),
        ("sql数据库", {"a:3"}),
        ("CVE-2024-3094", {"a:2"}),
        ("CVE-2024-3095", set()),
        ("mysql", {"a:4"}),
        ("sql", {"a:2", "a:3"}),
        ("rotat*", {"a:4"}),
        ("title:骗局", {"a:3"}),
        ("account:江畔安全", {"a:1", "a:3"}),
        ("body:云端", set()),
        ("secretpicture", set()),
        ("targetword", set()),
        ("链接转账", {"a:1"}),
    ],
)
def test_a_search_finds_what_holds_the_words_and_nothing_else(
    archive: sqlite3.Connection, words: str, ids: set[str]
) -> None:
    assert found(archive, words) == ids


@pytest.mark.parametrize(
    "words",
    ["诈骗", "话", "Apache 日志", "SQL注入", "sql数据库", "CVE-2024-3094", "电信网络诈骗案件"],
)
def test_an_index_of_six_grams_finds_the_same(archive: sqlite3.Connection, words: str) -> None:
    before = found(archive, words)
    index.rebuild_index(archive, ngram=6)
    assert found(archive, words) == before != set()


@pytest.mark.parametrize("ngram", [2, 6])
@pytest.mark.parametrize("word", ["résumé", "学résumé写", "resume", "résu*"])
def test_accents_that_follow_their_letters_are_found_as_those_on_them(
    archive: sqlite3.Connection, word: str, ngram: int
) -> None:
    body = "# 别的\n\n学résumé写，résumé。"
    add_article(archive, "a:5", "别的", "账号", normalize("NFC", body))
    add_article(archive, "a:6", "别的", "账号", normalize("NFD", body))
    index.rebuild_index(archive, ngram=ngram)
    for typed in (normalize("NFC", word), normalize("NFD", word)):
        assert found(archive, typed) == {"a:5", "a:6"}


def test_a_word_in_the_title_ranks_before_one_in_the_body(archive: sqlite3.Connection) -> None:
    add_article(archive, "a:5", "别的", "账号", "# 别的\n\n手册手册手册里顺便提到")
    index.sync_index(archive)
    assert [hit.id for hit in search.search(archive, "手册")] == ["a:3", "a:5"]


def test_a_hit_names_the_article_and_shows_the_original_words(archive: sqlite3.Connection) -> None:
    (hit,) = search.search(archive, "电信网络诈骗", marks=("<", ">"))
    assert hit == search.Hit(
        id="a:1",
        title="公安通报三起<电信网络诈骗>案",
        account="江畔安全观察",
        date="2026-01-02",
        url="https://mp.weixin.qq.com/s/a:1",
        state="ok",
        snippet="近日，某市警方通报三起<电信网络诈骗>案件。 请勿点击链接转账。",
    )


def test_a_broken_search_is_an_input_error(archive: sqlite3.Connection) -> None:
    with pytest.raises(InputError, match="needs a word after AND"):
        search.search(archive, "诈骗 AND")


def test_of_words_that_very_many_articles_hold_the_latest_are_shown_by_title_and_day(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5, 9):
        add_article(archive, f"a:{number}", "别的", "账号", "顺便提到骗子，再说些别的")
    add_article(archive, "a:9", "骗子", "账号", "# 骗子\n\n" + "说" * 500)
    archive.execute("UPDATE articles SET date = '2026-03-04' WHERE id = 'a:7'")
    index.sync_index(archive)
    monkeypatch.setattr(search, "RANKED", 3)
    monkeypatch.setattr(search, "ENOUGH", 3)
    found = [hit.id for hit in search.search(archive, "骗")]
    assert found[:4] == ["a:9", "a:7", "a:8", "a:3"]  # then the best of the others
    assert len(found) == len(set(found)) == 7


def test_the_best_come_first_where_few_of_the_latest_have_a_text(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5, 9):
        add_article(archive, f"a:{number}", "别的", "账号", "顺便提到骗子" if number < 6 else "")
    index.sync_index(archive)
    monkeypatch.setattr(search, "RANKED", 3)
    assert search.search(archive, "骗")[0].id == "a:3"


@pytest.mark.parametrize("ranked", [2, 1_000])
@pytest.mark.parametrize("shells", [False, True])
def test_a_list_begins_alike_whatever_its_length_and_goes_on_where_it_ended(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, ranked: int, *, shells: bool
) -> None:
    for number in range(5, 25):
        add_article(archive, f"a:{number}", "手册", "账号", "手册" * (number % 7))
    index.sync_index(archive)
    monkeypatch.setattr(search, "RANKED", ranked)
    monkeypatch.setattr(search, "ENOUGH", 1)
    whole = search.search(archive, "手册", limit=100, shells=shells)
    assert len(whole) == (21 if shells else 18)
    for limit in range(len(whole)):
        begin = search.search(archive, "手册", limit=limit, shells=shells)
        rest = search.search(archive, "手册", limit=100, offset=limit, shells=shells)
        assert begin + rest == whole


@pytest.mark.parametrize("order", search.ORDERS)
def test_articles_without_a_text_come_last_in_every_order(
    archive: sqlite3.Connection, order: str
) -> None:
    archive.execute("ALTER TABLE articles ADD COLUMN characters INTEGER DEFAULT 0")
    add_article(archive, "a:0", "手册", "账号", "手册")
    _add_shells(archive, 2)
    found = [hit.id for hit in search.search(archive, "手册", shells=True, order=order)]
    assert {*found[:2]} == {"a:0", "a:3"}
    assert {*found[2:]} == {"b:0", "b:1"}


def test_of_very_many_articles_only_the_latest_are_counted(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add_shells(archive, 5)
    monkeypatch.setattr(search, "RANKED", 3)
    assert search.count_shells(archive, "手册") == (3, False)


def test_an_index_of_another_version_is_named_and_not_searched(archive: sqlite3.Connection) -> None:
    archive.execute("UPDATE search_index SET folding = 'other tables'")
    with pytest.raises(ArchiveError, match="another version"):
        search.search(archive, "手册")


def test_the_work_of_a_search_does_not_grow_with_what_it_finds(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RANKED", 50)
    steps = [_work_on(archive, number) for number in (200, 2_000)]
    assert steps[1] < 1.5 * steps[0]


def test_twice_the_articles_with_one_text_are_twice_the_work(archive: sqlite3.Connection) -> None:
    archive.execute("CREATE TABLE stories (article_id TEXT PRIMARY KEY, earliest TEXT, signature)")
    archive.execute("CREATE INDEX stories_earliest ON stories (earliest)")
    steps = []
    for number in (200, 400):
        archive.execute("DELETE FROM articles")
        for place in range(number):
            add_article(archive, f"{number}:{place}", f"手册{place}", "账号", "手册")
        archive.execute("INSERT OR REPLACE INTO stories SELECT id, ?, '' FROM articles", (number,))
        steps.append(_steps_of_a_search(archive))
    assert steps[1] < 2.5 * steps[0]
    assert [hit.more for hit in search.search(archive, "手册")] == [399]


def test_an_article_that_another_process_takes_out_meanwhile_is_not_shown(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    latest = search._latest
    for number in range(4):
        add_article(archive, f"b:{number}", "手册", "账号", "手册")
    index.sync_index(archive)

    def late(*asked: Any) -> list[int]:
        found = latest(*asked)
        archive.execute("DELETE FROM articles WHERE id = 'b:2'")
        return found

    monkeypatch.setattr(search, "RANKED", 3)
    monkeypatch.setattr(search, "ENOUGH", 1)
    monkeypatch.setattr(search, "_latest", late)
    hits = search.search(archive, "手册", fold=False, limit=3)
    assert [hit.id for hit in hits] == ["b:3", "b:1"]


def _work_on(archive: sqlite3.Connection, number: int) -> int:
    """SQLite's own steps, with so many articles that hold the word."""
    for place in range(number):
        add_article(
            archive, f"{number}:{place}", f"手册{place}", "账号", "手册" if place % 2 else ""
        )
    return _steps_of_a_search(archive)


def _steps_of_a_search(archive: sqlite3.Connection) -> int:
    index.sync_index(archive)
    steps = [0]
    archive.set_progress_handler(lambda: steps.append(1), 1)
    search.search(archive, "手册")
    search.count_shells(archive, "手册")
    archive.set_progress_handler(None, 1)
    return len(steps)


def _add_shells(archive: sqlite3.Connection, count: int) -> None:
    for number in range(count):
        add_article(archive, f"b:{number}", "手册", "账号", "")
    index.sync_index(archive)


def test_articles_without_a_text_are_left_out_and_counted(archive: sqlite3.Connection) -> None:
    _add_shells(archive, 5)
    assert [hit.id for hit in search.search(archive, "手册")] == ["a:3"]
    assert search.count_shells(archive, "手册") == (5, True)
    assert search.count_shells(archive, "诈骗") == (0, True)


def test_articles_without_a_text_come_last_where_they_are_asked_for(
    archive: sqlite3.Connection,
) -> None:
    _add_shells(archive, 5)
    hits = search.search(archive, "手册", shells=True)
    assert [hit.id for hit in hits] == ["a:3", *(f"b:{number}" for number in range(5))]
    assert len(search.search(archive, "手册", limit=3, shells=True)) == 3


def test_a_text_is_found_though_all_of_the_latest_have_none(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add_shells(archive, 5)
    monkeypatch.setattr(search, "RANKED", 3)
    assert [hit.id for hit in search.search(archive, "手册", limit=3)] == ["a:3"]
