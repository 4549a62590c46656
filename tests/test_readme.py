from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from crawler.archive.archive import Archive
from crawler.article import State
from crawler.flows import find_seeds, reclean
from tests.conftest import ROOT

COMMANDS = re.findall(
    r"^\$ (sqlite-utils .*)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
)
OTHERS = [
    (path.name, query)
    for path in sorted((ROOT / "docs").glob("*.md"))
    for query in re.findall(
        r'(?:sqlite-utils archive\.db "|^)(select .*?)(?:"|;$)',
        path.read_text("utf-8"),
        re.MULTILINE,
    )
]


@pytest.fixture
def archived(tmp_path: Path) -> Path:
    """A folder whose archive.db holds the seeds that ship."""
    files, _ = find_seeds([ROOT / "seeds"])
    with Archive.open(tmp_path / "archive.db") as archive:
        assert list(reclean(files, archive))
    return tmp_path


def _outline(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [
        mark for mark in re.findall(r"^(#+|```\w*|\$ \S+ \S+)(?: |$)", text, re.MULTILINE) if mark
    ]


def test_the_chinese_readme_says_all_that_the_english_one_says() -> None:
    assert _outline("README.zh.md") == _outline("README.md")


@pytest.mark.parametrize(("name", "heading"), [("README.md", "States"), ("README.zh.md", "状态")])
def test_the_readme_names_every_state_among_its_like(name: str, heading: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    paragraph = text.partition(f"### {heading}\n\n")[2].partition("\n\n")[0]
    told = [re.findall(r"`([a-z_]+)`", part) for part in re.split(r"[.。](?=\s|`|不)", paragraph)]
    articles = [state for state in State if state.is_article]
    assert told[:4] == [
        [state.value for state in State if state.has_body],
        [state.value for state in State if state.worth_fetching and not state.has_body],
        [state.value for state in articles if not (state.worth_fetching or state.has_body)],
        [state.value for state in State if not state.is_article],
    ]


def test_the_readme_shows_five_queries_and_one_for_fts_query() -> None:
    assert len(COMMANDS) == 6


@pytest.mark.parametrize("command", COMMANDS)
def test_every_query_of_the_readme_works_as_it_stands(command: str, archived: Path) -> None:
    shell = shutil.which("sh")
    assert shell
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(  # noqa: S603  (the README's own words)
        [shell, "-c", command],
        cwd=archived,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
    )
    assert done.returncode == 0, done.stderr
    assert "缅北" in done.stdout or "中国信息安全" in done.stdout


def test_every_query_of_the_other_pages_is_one_of_this_archive(archived: Path) -> None:
    assert {name for name, _ in OTHERS} == {"recover.md", "rules.md", "watch.md"}
    with Archive.open(archived / "archive.db") as archive:
        for _, query in OTHERS:
            archive.database.execute(query).fetchall()


def test_the_seed_that_ships_comes_out_whole_and_without_furniture(archived: Path) -> None:
    with Archive.open(archived / "archive.db") as archive:
        [record] = archive.records()
    front, body = record.front_matter, record.body
    [path] = (ROOT / "seeds").glob("*.txt")
    seed = path.read_text(encoding="utf-8")
    assert seed.startswith(front)
    assert body.startswith("# 关注 | 92名缅北跨境电诈嫌犯被移交我方\n\n![cover_image](https://")
    assert (body.count("# 关注"), body.count("cover_image")) == (1, 1)
    start, end = (
        seed.index("为持续深入打击"),
        seed.index("（来源：公安部网站）") + len("（来源：公安部网站）"),
    )
    assert seed[start:end] in body
    for line in ("预览时标签不可点", "微信扫一扫", "知道了", "取消", "轻点两下取消赞", "![]()"):
        assert line not in body
    assert record.account == "中国信息安全"


def test_the_tables_of_sqlite_utils_align_chinese(archived: Path) -> None:
    query = "select account, title, date from articles union select '一', 'b', '2024-01-01'"
    tool = Path(sys.executable).with_name("sqlite-utils")
    done = subprocess.run(  # noqa: S603  (our own words)
        [tool, "query", "archive.db", query, "--table"],
        cwd=archived,
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    rows = done.stdout.splitlines()
    assert len(rows) == 4
    assert len({_column_of_the_date(row) for row in rows[2:]}) == 1


def _column_of_the_date(row: str) -> int:
    """How many columns of a terminal stand before the date at the end of a row."""
    return cell_len(row[: row.rindex("202")])
