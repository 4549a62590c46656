"""Lines of JSON with every column of every table made odd: none breaks the reading, or what reads.

What is taken of them is worked with by every command, as a person would do it next.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive, carry_in
from crawler.archive.database import our_tables
from crawler.archive.lines import each_line
from crawler.archive.lines.parts import OF_ARTICLE
from tests.archive.test_carrying import NOW, fill
from tests.trust.invocations import CONFIG, invocations_on_archives

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Crawler

pytestmark = pytest.mark.slow

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 2**62, 2**70, -0.5, 1e308, "", " ", "x", "\x1b[2J\u202e", "\x00", "a\nb",
    "../../x", "/etc/passwd", "9999-12-31T00:00:00", "zzz", "page:x", "=cmd|'x'!A1", "<script>",
    "https://mp.weixin.qq.com/s?__biz=MTIzNDU2Nzg5MA==&mid=1&idx=1", "http://10.0.0.1/", "[" * 999,
    "[]", "{}", "%s%n", "'; DROP TABLE articles; --", "\U0001f600" * 99, [], {}, ["a"], {"a": 1},
)  # fmt: skip
"""What somebody may put into a column."""

LEFT_OUT = {"init", "serve", "restore", "backup"}


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What an archive with something in every table is written to."""
    folder = tmp_path_factory.mktemp("filled")
    with Archive.open(folder / "archive.db") as archive:
        fill(archive)
        return [json.loads(line) for line in each_line(archive.connection, folder)]


def _odd(lines: list[dict[str, Any]], table: str) -> Iterator[dict[str, Any]]:
    """Lines in which one column of a table has each of the values, one after the other."""
    for name in (column.name for column in our_tables()[table]):
        for value in VALUES:
            yield from _with(lines, table, name, value)


def _with(
    lines: list[dict[str, Any]], table: str, name: str, value: Any
) -> Iterator[dict[str, Any]]:
    keys = {part.table: part.key for part in OF_ARTICLE}
    for line in lines:
        if line.get("table") == table or (table == "articles" and "id" in line):
            yield {**line, name: value}
            return
        if line.get(keys.get(table, "")):
            first, *rest = line[keys[table]]
            yield {**line, keys[table]: [{**first, name: value}, *rest]}
            return


GROUPS = tuple(sorted(our_tables())[start::6] for start in range(6))
"""The tables, some at a time: the commands that are run afterwards take most of the time."""


@pytest.mark.parametrize("tables", GROUPS, ids="-".join)
def test_whatever_stands_in_a_column_breaks_nothing(
    lines: list[dict[str, Any]],
    tables: list[str],
    crawler: Crawler,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    odd = [lines[0], *chain.from_iterable(_odd(lines, one) for one in tables), *lines[1:]]
    text = "".join(f"{json.dumps(line)}\n" for line in odd)
    (tmp_path / "odd.jsonl").write_text(text, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        taken = list(carry_in(archive, tmp_path / "odd.jsonl", now=NOW))
        assert len([one for one in taken if one.error]) < len(odd)
    for words in invocations_on_archives():
        if words[0] not in LEFT_OUT:
            result = crawler(*words)
            assert result.exit_code in (0, 1, 2, 3), (words, result.output)
            assert result.exception is None or isinstance(result.exception, SystemExit), words
