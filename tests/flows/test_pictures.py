"""Pictures that do not come: by their own fault, or by the network's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from crawler.archive import Archive
from crawler.article import Origin
from crawler.config import FetchConfig
from crawler.errors import (
    BudgetSpent,
    ConnectionFailed,
    CoolingDown,
    FetchError,
    InputError,
    Offline,
)
from crawler.fetch import Fetcher, Response, SupersededError
from crawler.flows import fetch_pictures
from crawler.urls import HOST
from tests.archive.specimens import ID, OTHER_SHORT, make_article
from tests.fake_answers import PNG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crawler.article import State

GONE, ALIVE, ODD = "https://gone.qpic.cn", "https://mmbiz.qpic.cn", "https://odd.example"


@dataclass
class _Asked:
    """A fetcher that is answered by one host, refuses one, and cannot reach the third."""

    is_online: Callable[[int], bool] = lambda _: True
    urls: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)

    def judge(self, state: State, *, host: str) -> CoolingDown | None:
        self.judged.append(f"{state} {host}")
        return CoolingDown(host, "is asked too often") if state.stops_the_run else None

    def get(self, url: str, *, is_wanted: Callable[[], bool]) -> Response:
        if not is_wanted():
            raise SupersededError
        self.urls.append(url)
        if url.startswith(ODD):
            raise InputError(url, "is not asked")
        if url.startswith(GONE) or not self.is_online(len(self.urls)):
            raise ConnectionFailed(url, "cannot be reached")
        if "spent" in url:
            raise BudgetSpent("vpic.video.qq.com", "the daily limit is reached")
        if "broken" in url:
            raise FetchError(url, "broke off")
        if "busy" in url or "none" in url:
            return Response(url=url, status=429 if "busy" in url else 404)
        if "half" in url:
            return Response(url=url, status=200, content=PNG[:-8], has_end=False)
        return Response(url=url, status=200, content=PNG + url.encode(), has_end="open" not in url)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as archive:
        yield archive


def _fetch(archive: Archive, asked: _Asked | Fetcher, *urls: str) -> dict[str, str]:
    """What came of pictures by their addresses, by a run that ends online."""
    body = "# 灯塔\n\n" + "\n\n".join(f"![]({url})" for url in urls) + "\n"
    archive.save(make_article(body=body))
    wanted = archive.images.wanted(ID)
    return {
        one.url: state for one, state in fetch_pictures(wanted, archive, cast("Fetcher", asked))
    }


def _wanted(archive: Archive) -> list[str]:
    return [one.url for one in archive.images.wanted(ID)]


def test_without_a_network_no_picture_is_missing_and_few_are_asked_for(archive: Archive) -> None:
    urls = [f"{ALIVE}/{number}" for number in range(9)]
    asked = _Asked(lambda _: False)
    with pytest.raises(Offline, match="9 pictures"):
        _fetch(archive, asked, *urls)
    assert _wanted(archive) == urls
    assert len(asked.urls) == 3
    assert archive.history.events(ID)[1:] == []


def test_a_network_that_goes_away_leaves_the_rest_wanted(archive: Archive) -> None:
    urls = [f"{ALIVE}/{number}" for number in range(5)]
    with pytest.raises(Offline, match="3 pictures"):
        _fetch(archive, _Asked(lambda number: number <= 2), *urls)
    assert _wanted(archive) == urls[2:]


def test_a_host_that_is_gone_while_others_answer_has_no_picture(archive: Archive) -> None:
    came = _fetch(archive, _Asked(), f"{GONE}/1", f"{ALIVE}/1", f"{GONE}/2", f"{ALIVE}/broken")
    assert came == {
        f"{GONE}/1": "missing",
        f"{ALIVE}/1": "stored",
        f"{GONE}/2": "missing",
        f"{ALIVE}/broken": "missing",
    }
    assert _wanted(archive) == []


def test_half_a_picture_that_came_without_its_length_is_missing_and_asked_for_again(
    archive: Archive,
) -> None:
    came = _fetch(archive, _Asked(), f"{ALIVE}/half", f"{ALIVE}/open")
    assert came == {f"{ALIVE}/half": "missing", f"{ALIVE}/open": "stored"}
    assert "stops before its end" in archive.history.events(ID)[-1].detail
    assert [one.url for one in archive.images.wanted(again=True)] == [f"{ALIVE}/half"]


def test_a_picture_that_is_not_even_asked_for_says_nothing_of_the_network(archive: Archive) -> None:
    with pytest.raises(Offline, match="1 picture"):
        _fetch(archive, _Asked(), f"{GONE}/1", f"{ODD}/1")
    assert _wanted(archive) == [f"{GONE}/1"]


def test_a_picture_is_not_asked_for_that_only_articles_show_which_were_just_forgotten(
    archive: Archive,
) -> None:
    other = make_article(OTHER_SHORT, body=f"# 渡口\n\n![]({ALIVE}/1)\n")
    archive.save(make_article(body=f"# 灯塔\n\n![]({ALIVE}/1)\n\n![]({ALIVE}/2)\n"))
    archive.save(other)
    wanted, asked = list(archive.images.wanted()), _Asked()
    archive.forgotten.add(ID, at="2026-11-26")
    came = dict(fetch_pictures(wanted, archive, cast("Fetcher", asked)))
    assert asked.urls == [f"{ALIVE}/1"]
    assert {one.url: state for one, state in came.items()} == {
        f"{ALIVE}/1": "stored",
        f"{ALIVE}/2": "missing",
    }
    assert archive.images.local(other.id).keys() == {f"{ALIVE}/1"}
    assert archive.database["images"].count == 1


def test_a_host_that_was_gone_three_times_is_not_asked_again_in_the_run(archive: Archive) -> None:
    asked = _Asked()
    with pytest.raises(Offline, match="2 pictures"):
        _fetch(archive, asked, *(f"{GONE}/{number}" for number in range(5)), f"{ALIVE}/1")
    assert asked.urls == [f"{GONE}/0", f"{GONE}/1", f"{GONE}/2", f"{ALIVE}/1"]
    assert _wanted(archive) == [f"{GONE}/3", f"{GONE}/4"]


def test_in_a_network_that_answers_for_all_names_itself_no_picture_is_missing(
    archive: Archive,
) -> None:
    urls = [f"{ALIVE}/{number}" for number in range(2)]
    inside = Fetcher(FetchConfig(attempts=1), resolve=lambda *_: ["10.0.0.1"])
    with inside as fetcher, pytest.raises(Offline, match=r"resolves to 10\.0\.0\.1"):
        _fetch(archive, fetcher, *urls)
    assert _wanted(archive) == urls


def test_a_host_that_asks_for_patience_is_left_alone_and_its_picture_stays_wanted(
    archive: Archive,
) -> None:
    asked = _Asked()
    urls = [f"{ALIVE}/1", f"{ALIVE}/busy", f"{ALIVE}/2"]
    with pytest.raises(CoolingDown):
        _fetch(archive, asked, *urls)
    assert asked.judged == ["ok mmbiz.qpic.cn", "rate_limited mmbiz.qpic.cn"]
    assert _wanted(archive) == urls[1:]


def test_a_host_that_asks_for_patience_keeps_no_picture_of_another_host_away(
    archive: Archive,
) -> None:
    asked = _Asked()
    other = "https://vpic.video.qq.com"
    with pytest.raises(CoolingDown, match="vpic"):
        _fetch(archive, asked, f"{other}/busy", f"{ALIVE}/1", f"{other}/2", f"{ALIVE}/2")
    assert asked.urls == [f"{other}/busy", f"{ALIVE}/1", f"{ALIVE}/2"]
    assert _wanted(archive) == [f"{other}/busy", f"{other}/2"]


def test_where_one_host_may_be_asked_no_more_today_pictures_come_from_other_hosts(
    archive: Archive,
) -> None:
    asked = _Asked()
    other = "https://vpic.video.qq.com"
    urls = [f"{other}/spent/1", f"{ALIVE}/1", f"{other}/spent/2"]
    with pytest.raises(BudgetSpent):
        _fetch(archive, asked, *urls)
    assert asked.urls == urls[:2]
    assert _wanted(archive) == [urls[0], urls[2]]


def test_a_host_is_left_alone_in_whatever_spelling_a_picture_names_it(archive: Archive) -> None:
    asked = _Asked()
    with pytest.raises(CoolingDown):
        _fetch(archive, asked, "https://MMBIZ.qpic.cn:443/busy")
    assert asked.judged == ["rate_limited mmbiz.qpic.cn"]


def test_no_picture_asks_for_what_stands_where_wechats_articles_are(archive: Archive) -> None:
    captcha, article = f"https://{HOST}/mp/wappoc_appmsgcaptcha", f"http://{HOST.upper()}:80/s?a=b"
    asked = _Asked()
    outcomes = _fetch(archive, asked, captcha, article, f"{ALIVE}/1")
    assert list(outcomes.values()) == ["missing", "missing", "stored"]
    assert asked.urls == [f"{ALIVE}/1"]
    assert _wanted(archive) == []


@pytest.mark.parametrize("url", [f"{ALIVE}/broken", f"{ALIVE}/none", f"{GONE}/1"])
def test_a_picture_that_did_not_come_is_asked_for_once_however_many_articles_show_it(
    archive: Archive, url: str
) -> None:
    """Each run asked for it anew, once for each article."""
    for mid in range(3):
        link = f"https://mp.weixin.qq.com/s?__biz=MzA3MTIzNDU2Nw==&mid={mid + 1}&idx=1"
        archive.save(make_article(link, body=f"# b\n\n![]({url})\n\n![]({ALIVE}/{mid})\n"))
    asked = _Asked()
    came = dict(fetch_pictures(archive.images.wanted(), archive, cast("Fetcher", asked)))
    assert [came[one] for one in came if one.url == url] == ["missing"]
    assert asked.urls.count(url) == 1
    assert list(archive.images.wanted()) == []
    [again] = archive.images.wanted(again=True)
    assert len(again.others) == 2


def test_a_picture_of_several_accounts_is_asked_for_once(archive: Archive) -> None:
    """Nothing tells later whether it was asked for, or came with a page that somebody saved."""
    url, asked = f"{ALIVE}/line.png", _Asked()
    for number in "AQg":
        link = f"https://mp.weixin.qq.com/s?__biz=MzA3MTIzNDU2N{number}==&mid=2650000002&idx=1"
        article = make_article(
            link, origin=Origin.SEED, account=f"号{number}", body=f"# b\n\n![]({url})\n"
        )
        archive.save(article)
    wanted = list(archive.images.wanted())
    assert len(wanted) == 1
    list(fetch_pictures(wanted, archive, cast("Fetcher", asked)))
    assert asked.urls == [url]
    assert list(archive.images.wanted()) == []
    shown = "SELECT COUNT(*) FROM pictures WHERE url = ? AND state = 'stored'"
    assert archive.connection.execute(shown, (url,)).fetchone()[0] == 3
