"""How web archives are asked."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from crawler.clean.captures import Capture, Server, original_of

PREFIX = "mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA"
LINK = "http://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=1&idx=1&title=灯塔#rd"


def test_the_internet_archives_index_stands_beside_its_replay() -> None:
    query = Server.of("https://web.archive.org/web/").prefix_query(PREFIX)
    assert query.startswith("https://web.archive.org/cdx/search/cdx?url=mp.weixin.qq.com%2Fs%3F")
    asked = parse_qs(urlsplit(query).query)
    assert (asked["url"], asked["matchType"], asked["output"]) == ([PREFIX], ["prefix"], ["json"])
    assert "original" in asked["fl"][0]


def test_a_pywbs_index_stands_below_its_collection_and_has_names_of_its_own() -> None:
    query = Server.of("http://127.0.0.1:8080/mine").prefix_query(PREFIX, page=2)
    assert query.startswith("http://127.0.0.1:8080/mine/cdx?")
    asked = parse_qs(urlsplit(query).query)
    assert (asked["page"], "limit" in asked) == (["2"], False)
    assert "url" in asked["fl"][0].split(",")


def test_a_resumption_key_goes_back_as_it_came() -> None:
    query = Server.of("https://web.archive.org/web").prefix_query(PREFIX, resume_key="com%2Cq+2020")
    assert query.endswith("&resumeKey=com%2Cq+2020")


def test_a_raw_capture_is_asked_for_by_its_moment_and_without_fragment() -> None:
    capture = Capture(at="20200620180259", url=LINK)
    raw = Server.of("https://web.archive.org/web").raw(capture)
    start = "https://web.archive.org/web/20200620180259id_/http://mp.weixin.qq.com/s?__biz="
    assert raw == f"{start}MzI0NTk5OTk5MA==&mid=1&idx=1&title=%E7%81%AF%E5%A1%94"
    assert original_of(raw) == Capture(at=capture.at, url=raw.partition("id_/")[2])


def test_an_address_of_replay_tells_its_capture_whatever_form_it_has() -> None:
    for moment in ("20200620180259", "20200620180259if_", "20200620180259id_"):
        found = original_of(f"https://web.archive.org/web/{moment}/http:/mp.weixin.qq.com/s/a")
        assert found == Capture(at="20200620180259", url="http://mp.weixin.qq.com/s/a")
    assert original_of("https://web.archive.org/web/2020/http://a/") is None
