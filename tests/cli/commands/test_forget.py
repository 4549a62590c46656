from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, cast

import pytest
from click.testing import CliRunner

from crawler.cli.group import cli
from tests.cli.conftest import rows_of
from tests.fake_answers import short_link
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import WriteableBuffer

    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat


def test_a_forgotten_article_is_gone_and_no_reclean_brings_it_back(
    seeded: Crawler, folder: Path
) -> None:
    result = seeded("forget", link(3), link(2, signed=False), "--yes")
    assert result.exit_code == 0
    assert rows_of(folder, "SELECT count(*) FROM articles") == [(1,)]
    again = seeded("reclean")
    assert again.exit_code == 0
    assert "2 forgotten" in again.stderr
    assert rows_of(folder, "SELECT count(*) FROM articles") == [(1,)]


def test_forgetting_asks_first(seeded: Crawler, folder: Path) -> None:
    assert "kept" in seeded("forget", link(3), stdin="n\n").stderr
    assert rows_of(folder, "SELECT count(*) FROM forgotten") == [(0,)]
    assert "forgotten" in seeded("forget", link(3), stdin="y\n").stdout


class _Endless(io.RawIOBase):
    """Zeros, as /dev/zero and /dev/full give them."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, room: WriteableBuffer) -> int:
        asked = memoryview(room)
        asked[:] = bytes(len(asked))
        self.taken += len(asked)
        assert self.taken <= 100_000
        return len(asked)


@pytest.mark.usefixtures("seeded")
def test_an_answer_without_an_end_is_none(folder: Path) -> None:
    arguments = ["--db", str(folder / "archive.db"), "forget", link(3)]
    endless = io.BufferedReader(_Endless())
    result = CliRunner().invoke(cli, arguments, input=cast("IO[bytes]", endless))
    assert (result.exit_code, "Aborted" in result.stderr) == (1, True)
    assert rows_of(folder, "SELECT count(*) FROM forgotten") == [(0,)]


def test_the_question_shows_no_credential_of_a_link_that_was_typed(seeded: Crawler) -> None:
    result = seeded("forget", f"{link(7)}&key=geheim&uin=MTIzNDU2&pass_ticket=auch", stdin="n\n")
    assert "forget https://mp.weixin.qq.com/s?" in result.stderr
    for secret in ("geheim", "MTIzNDU2", "auch"):
        assert secret not in result.output


def test_what_was_forgotten_is_gone_to_the_last_byte_where_the_next_question_is_not_answered(
    seeded: Crawler, folder: Path
) -> None:
    result = seeded("forget", link(), link(3), stdin="y\n")
    assert (result.exit_code, "forgotten" in result.stdout) == (1, True)
    assert "the file is written anew" in result.stderr
    assert rows_of(folder, "PRAGMA freelist_count") == [(0,)]


def test_what_was_forgotten_is_listed_and_may_come_back(seeded: Crawler, folder: Path) -> None:
    key = rows_of(folder, "SELECT id FROM articles WHERE state = 'ok'")[0][0]
    seeded("forget", str(key), "--yes")
    assert str(key) in seeded("forget", "--list").stdout
    assert "may come back" in seeded("forget", "--undo", str(key)).stderr
    seeded("reclean")
    assert rows_of(folder, "SELECT id FROM articles WHERE state = 'ok'") == [(key,)]


def test_a_forgotten_link_is_not_fetched(crawler: Crawler, wechat: FakeWeChat) -> None:
    address = short_link("article", 1)
    assert crawler("fetch", address).exit_code == 0
    asked = len(wechat.record)
    assert crawler("forget", address, "--yes").exit_code == 0
    result = crawler("fetch", address)
    assert result.exit_code == 1
    assert "crawler forget --undo" in result.stderr
    assert "not_wechat" not in result.stderr
    for command in ("show", "history"):
        assert "crawler forget --undo" in crawler(command, address).stderr
    assert len(wechat.record) == asked


def test_what_is_no_article_is_named(seeded: Crawler) -> None:
    result = seeded("forget", "渡轮", "--yes")
    assert result.exit_code == 1
    assert "渡轮" in result.stderr
    assert seeded("forget").exit_code == 2
    assert seeded("forget", "--undo", link(3)).exit_code == 1


@pytest.mark.parametrize("answers", ["y\ny\n", "y\n"], ids=["to the end", "until it is broken off"])
def test_the_file_holds_no_word_of_what_was_forgotten(
    crawler: Crawler, folder: Path, answers: str
) -> None:
    for number, word in enumerate(("quokkazeppelin", "灯塔", "渡轮")):
        text = whole_seed(f"{word}。", url=link(number))
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    crawler("reclean", "0.md", "1.md", "2.md")
    assert b"quokkazeppelin" in (folder / "archive.db").read_bytes()
    crawler("forget", link(0), link(1), stdin=answers)
    assert crawler("search", "quokkazeppelin", "--all").stdout == ""
    for file in folder.glob("archive.db*"):
        assert b"quokkazeppelin" not in file.read_bytes()


_COPY = "#  {}   \n原创 阿青  江畔手记   2024-05-07 11:29  \n  \n{}"


def test_what_another_archive_has_of_the_day_before_is_kept_away_with_a_word(
    crawler: Crawler, folder: Path
) -> None:
    text = "".join(
        f"第{number}班渡轮在雾里鸣笛，码头上的人都抬起头来。  \n" for number in range(40)
    )
    text += '![](https://mmbiz.qpic.cn/mmbiz_png/S1/640?wx_fmt=png "")  \n'
    (folder / "copy.md").write_text(_COPY.format("每日早报", text), encoding="utf-8")
    crawler("--db", "other.db", "reclean", "copy.md")
    lines = crawler("--db", "other.db", "export", "--jsonl").stdout
    (folder / "other.jsonl").write_text(lines, encoding="utf-8")
    seed = whole_seed(url=link(), title="每日早报", source="江畔手记", account="江畔手记")
    (folder / "seed.md").write_text(seed, encoding="utf-8")
    crawler("reclean", "seed.md")
    crawler("forget", link(), "--yes")
    for words in (("merge", "other.db"), ("reclean", "other.jsonl"), ("reclean", "copy.md")):
        told = crawler(*words).stderr
        assert "1 forgotten" in told
        assert "a day later was forgotten" in told


def test_marks_that_lines_of_another_archive_bring_are_told(crawler: Crawler, folder: Path) -> None:
    for number in range(2):
        seed = whole_seed(url=link(number), title=f"第{number}夜", account="江畔手记")
        (folder / f"{number}.md").write_text(seed, encoding="utf-8")
    crawler("--db", "other.db", "reclean", "0.md", "1.md")
    crawler("--db", "other.db", "forget", link(0), "--yes")
    lines = crawler("--db", "other.db", "export", "--jsonl").stdout
    (folder / "other.jsonl").write_text(lines, encoding="utf-8")
    told = "1 article that somebody forgot where these lines were written"
    assert told in crawler("reclean", "other.jsonl").stderr
    assert "somebody forgot" not in crawler("reclean", "other.jsonl").stderr
    assert "somebody forgot" not in crawler("--db", "third.db", "merge", "other.db").stderr
    refused = crawler("reclean", "0.md", "1.md").stderr
    assert "1 forgotten" in refused
