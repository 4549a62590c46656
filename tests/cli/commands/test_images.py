from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crawler.fetch import Fetcher
from tests.fake_answers import Answer, short_link

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat


def test_pictures_come_with_an_article_and_are_linked_in_its_export(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    assert crawler("fetch", short_link("article", 1), "--images").exit_code == 0
    assert {seen.host for seen in wechat.record} == {"mp.weixin.qq.com", "mmbiz.qpic.cn"}
    assert list((folder / "images").rglob("*.*"))
    assert crawler("export", "out", "--local-images").exit_code == 0
    [path] = (folder / "out").rglob("*.md")
    assert "https://mmbiz.qpic.cn/mmbiz_png/tower" not in path.read_text(encoding="utf-8")
    assert crawler("images").exit_code == 0
    assert "0 pictures" in crawler("images").stdout


def test_a_picture_that_several_articles_of_a_run_show_is_asked_for_once(
    crawler: Crawler, wechat: FakeWeChat
) -> None:
    links = [short_link("article", number) for number in (1, 2)]
    told = crawler("fetch", *links, "--images")
    assert told.exit_code == 0
    pictures = [seen.path for seen in wechat.record if seen.host == "mmbiz.qpic.cn"]
    assert len(pictures) == len(set(pictures)) == 3  # one of each, and the cover of both
    assert "3 of 3 pictures came" in told.stderr
    assert "0 pictures" in crawler("images").stdout


def test_pictures_that_the_network_keeps_back_are_asked_for_when_it_is_back(
    crawler: Crawler, wechat: FakeWeChat, folder: Path
) -> None:
    assert crawler("fetch", short_link("article", 1)).exit_code == 0
    settings = (folder / "config.toml").read_text(encoding="utf-8")
    (folder / "config.toml").write_text(settings.replace(wechat.url, "http://127.0.0.1:1"))
    done = crawler("images")
    assert done.exit_code == 1
    assert "2 pictures" in done.stdout
    assert "no connection came about for 2 pictures (at last: cannot be reached" in done.stderr
    assert "none was marked missing" in done.stderr
    (folder / "config.toml").write_text(settings, encoding="utf-8")
    assert "stored" in crawler("images").stdout


@pytest.mark.parametrize("again", [(), ("--again",)])
def test_a_picture_that_another_run_had_while_this_one_waited_is_not_asked_for_again(
    crawler: Crawler, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch, again: tuple[str, ...]
) -> None:
    assert crawler("fetch", short_link("article", 1)).exit_code == 0
    if again:
        wechat.answer_next(*[Answer(status=404)] * 2)
        assert "missing" in crawler("images").stdout
    get = Fetcher.get

    def wait_for_another(self: Fetcher, url: str, **named: Any) -> object:
        monkeypatch.setattr(Fetcher, "get", get)
        assert crawler("images", *again).exit_code == 0
        wechat.record.clear()
        return get(self, url, **named)

    monkeypatch.setattr(Fetcher, "get", wait_for_another)
    told = crawler("images", *again)
    assert told.exit_code == 0
    assert "stored" in told.stdout
    assert not wechat.record
