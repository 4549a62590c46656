"""What links carry of their readers goes nowhere: no door of the archive lets it out."""

from __future__ import annotations

import gzip
import json
from html import escape
from typing import TYPE_CHECKING

import pytest

from tests.fake_answers import Answer, article, long_link
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat

NAMES = ("key", "uin", "pass_ticket", "exportkey", "appmsg_token", "token")
SECRET = "5ecre7" * 4
TAIL = "".join(f"&{name}={SECRET}" for name in NAMES)
WITHIN = f"{TAIL}&tempkey={SECRET}"  # which an article's own address needs while it lives
WANTED = "港口今晨恢复通航"


def _everything(folder: Path) -> bytes:
    """All bytes of all files, unpacked where they are packed."""
    parts = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent.name != "given":
            content = path.read_bytes()
            parts.append(gzip.decompress(content) if path.suffix == ".gz" else content)
    return b"\n".join(parts)


def _feed() -> str:
    """A feed of one article with its text, whose links carry credentials, in its notes as well."""
    text = escape(f'<p>{WANTED}<a href="{link(21)}{WITHIN}">另见</a></p>')
    item = (
        f"<item><title>潮汐表</title><link>{escape(link(20) + TAIL)}</link>"
        f"<guid>{escape(link(20) + TAIL)}</guid><description>{text}</description></item>"
    )
    return f'<rss version="2.0"><channel><title>临港日志</title>{item}</channel></rss>'


def _list() -> str:
    """A list with one whole link and one that is broken, both with credentials."""
    broken = f"https://mp.weixin.qq.com/s?__biz=x{TAIL}"
    return f"title,url\n一,{link(22)}{TAIL}\n二,{broken}\n"


@pytest.fixture
def told(crawler: Crawler, wechat: FakeWeChat, folder: Path) -> Crawler:
    """An archive of a seed and a page whose links, outside and within, carry credentials."""
    (folder / "given").mkdir()
    within = f"{WANTED}，[另见]({link(5)}{WITHIN})"
    seed = whole_seed(within, url=link(3) + TAIL)
    (folder / "given" / "a.md").write_text(seed, encoding="utf-8")
    (folder / "given" / "feed.xml").write_text(_feed(), encoding="utf-8")
    (folder / "given" / "list.csv").write_text(_list(), encoding="utf-8")
    assert crawler("reclean", "given").exit_code == 1  # for the broken link
    page = article(1, f'<p>{WANTED}<a href="{link(6)}{WITHIN}">另见</a></p>')
    wechat.answer_next(Answer(body=page))
    assert crawler("fetch", long_link(1) + TAIL).exit_code == 0
    return crawler


def test_no_file_of_the_archive_holds_a_credential(told: Crawler, folder: Path) -> None:
    told("export", "out")
    told("export", "--warc", "pages.warc.gz")
    told("export", "--vault", "vault")
    told("export", "--atom", "feed-of-ours.xml")
    told("show", long_link(1), "--snapshot")
    kept = _everything(folder)
    assert b"pages" in "".join(path.name for path in folder.iterdir()).encode()
    assert SECRET.encode() not in kept


@pytest.mark.parametrize(
    "command",
    [
        ("show", link(3) + TAIL),
        ("show", link(99) + TAIL),
        ("show", long_link(1), "--snapshot"),
        ("export", "--jsonl"),
        ("search", WANTED, "--json"),
        ("cite", long_link(1) + TAIL, "--as", "csl"),
        ("history", long_link(1) + TAIL, "--json"),
        ("queue", "list", "--json"),
        ("queue", "add", long_link(8) + TAIL),
        ("queue", "drop", long_link(9) + TAIL),
        ("reclean", "given", "--json"),
        ("reclean", "given/feed.xml", "--json"),
        ("reclean", "given/list.csv"),
        ("queue", "add", "-f", "given/list.csv"),
        ("fetch", "-f", "given/list.csv", "--limit", "1"),
        ("show", f"https://MP.weixin.qq.com/s?__biz=x{WITHIN}"),
        ("fetch", long_link(1) + TAIL, "--json", "--again"),
        ("fetch", f"https://mp.weixin.qq.com/s?__biz=x{TAIL}", "--json"),
        ("status", "--json"),
        ("audit", "--json"),
    ],
    ids=lambda words: " ".join(words).replace(TAIL, " and the rest"),
)
def test_no_line_that_a_command_prints_holds_a_credential(
    told: Crawler, command: tuple[str, ...]
) -> None:
    result = told(*command)
    assert SECRET not in result.output
    if "--json" in command:
        for line in result.stdout.splitlines():
            json.loads(line)


def test_no_request_carries_a_credential(told: Crawler, wechat: FakeWeChat) -> None:
    told("fetch", long_link(4) + TAIL)
    assert all(SECRET not in str(seen) for seen in wechat.record)


def test_the_name_of_a_file_that_was_saved_under_its_link_brings_no_credential(
    crawler: Crawler, folder: Path
) -> None:
    (folder / "given").mkdir()
    name = f"s?__biz=MzI0NTk5OTk5MA==&mid=3&idx=1&key={SECRET}&pass_ticket={SECRET}"
    (folder / "given" / f"{name}.md").write_text(whole_seed(WANTED, url=link(3)), encoding="utf-8")
    (folder / "given" / f"{name}.html").write_bytes(article(1))
    (folder / "given" / f"{name} 2.md").write_text("无题", encoding="utf-8")
    (folder / "given" / f"{name}.zip").write_bytes(b"PK")
    for again in ((), ("--json",)):
        assert SECRET not in crawler("reclean", "given", *again).output
    assert SECRET not in crawler("export", "--jsonl").output
    assert crawler("export", "out").exit_code == 0
    assert SECRET.encode() not in _everything(folder)
