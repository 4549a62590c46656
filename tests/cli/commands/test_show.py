from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from crawler.cli.printing import print_page
from tests.fake_answers import short_link
from tests.lookalikes import hollow_seed, link
from tests.test_fields import MARKS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat


def test_a_snapshot_can_be_shown_as_the_input_of_a_case(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    crawler("fetch", short_link("article", 1))
    assert wechat.record
    assert "灯塔" in crawler("show", short_link("article", 1), "--snapshot").stdout


def test_a_page_that_is_shown_on_a_terminal_does_not_steer_it(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    page = f"<p>灯{MARKS}塔</p>\n".encode()
    print_page(page)
    assert capfdbinary.readouterr().out == page
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_page(page)
    assert capfdbinary.readouterr().out == "<p>灯[31m塔</p>\n".encode()


def test_show_prints_one_whole_document_by_url_or_key(seeded: Crawler) -> None:
    by_url, by_key = seeded("show", link()), seeded("show", "MzI0NTk5OTk5MA==:2247000001:1")
    assert by_url.stdout == by_key.stdout
    assert by_url.stdout.startswith("---\ntitle: 渡轮恢复通航\n")
    assert by_url.stdout.endswith("岸边的灯一直亮到天明。\n")


@pytest.mark.parametrize(
    ("article", "words"),
    [
        ("nobody", "is not in the archive; bring it in with: crawler fetch URL\n"),
        (link(3), "it is deleted"),
    ],
)
def test_show_says_why_there_is_nothing_to_show(seeded: Crawler, article: str, words: str) -> None:
    result = seeded("show", article)
    assert result.exit_code == 1
    assert words in result.stderr
    assert not result.stdout


@pytest.mark.parametrize("asked", [(link(3),), ("MzI0NTk5OTk5MA==:2247000001:1", "--snapshot")])
def test_what_show_advises_asks_for_what_is_there(
    seeded: Crawler, wechat: FakeWeChat, asked: tuple[str, ...]
) -> None:
    advice = shlex.split(seeded("show", *asked).stderr.rpartition("crawler ")[2])
    seeded(*advice)
    assert len(wechat.record) == 1


@pytest.mark.parametrize("command", ["show", "cite"])
def test_a_command_that_is_told_runs_no_words_of_a_link(
    crawler: Crawler, folder: Path, command: str
) -> None:
    strange = f"{link(7)}&x=';touch${{IFS}}here;'"
    (folder / "a.md").write_text(hollow_seed(url=strange), "utf-8")
    crawler("reclean", "a.md")
    for given in ("MzI0NTk5OTk5MA==:2247000007:1", f"{link(8)}&x=';touch${{IFS}}here;'"):
        told = crawler(command, given).stderr.rpartition("crawler fetch ")[2]
        assert len(shlex.split(told.removeprefix("--again "))) == bool(told)
