"""What the reader's own browser shows is kept as what is fetched, or refused with why."""

from __future__ import annotations

import base64
import json
import tracemalloc
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.article import State
from crawler.config import FetchConfig, PromoConfig
from crawler.errors import CoolingDown
from crawler.fetch import Fetcher
from crawler.flows import ArticleFetch, Clipper
from crawler.times import SHANGHAI
from tests import fake_answers
from tests.clean.pages.lookalikes import in_its_frame, modern, notice, old
from tests.fake_answers import NOTICES, PNG, article, gallery, long_link, short_link
from tests.fake_wechat import FakeWeChat

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=SHANGHAI)
PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/tower1/640?wx_fmt=png"
TABLES = (
    *("articles", "revisions", "events", "copies", "urls", "accounts", "queue", "snapshots"),
    *("pictures", "images", "mentions", "removed"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def capture(path: Path, archive: Archive) -> Clipper:
    assert archive.path == path
    return Clipper(partial(Archive.open, path), PromoConfig(), now=lambda: NOW)


def sent(url: str, html: bytes | str, **more: Any) -> bytes:
    """A page as a client sends it."""
    text = html if isinstance(html, str) else html.decode()
    return json.dumps({"url": url, "html": text, "whole": True, **more}).encode()


def rows(archive: Archive) -> dict[str, list[Any]]:
    """All that an archive holds of articles."""
    return {
        name: archive.database.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()  # noqa: S608
        for name in TABLES
    }


def test_a_page_is_kept_with_its_snapshot_as_a_capture(capture: Clipper, archive: Archive) -> None:
    receipt = capture.take(sent(f"{short_link('article', 1)}?scene=1#rd", article(1), status=200))
    assert receipt == {
        "stored": True,
        "state": "ok",
        "title": "灯塔日记 1",
        "account": "青石电台",
        "characters": 163,
        "pictures": 2,
        "missing": ("2 of 2 pictures",),
        "line": (
            "kept 灯塔日记 1 · 青石电台: the whole article, 163 characters, 2 pictures;"
            " missing: 2 of 2 pictures"
        ),
    }
    record = archive.get(short_link("article", 1))
    assert record
    assert (record.origin, record.state, record.fetch_date[:16]) == (
        *("capture", "ok"),
        "2026-03-04T05:06",
    )
    (snapshot,) = archive.history.snapshots(record.id)
    assert (snapshot.origin, snapshot.http_status) == ("capture", 200)


FETCHED = {
    "article": article(1),
    "gallery": gallery(2),
    "text": fake_answers.text_post(3),
    "repost": fake_answers.repost(4),
    "unsigned": fake_answers.hollow(5),
    **{name: notice(text) for name, text in NOTICES.items()},
}


@pytest.mark.parametrize("name", FETCHED)
def test_what_fetch_would_store_of_a_page_a_capture_stores_too(
    name: str, capture: Clipper, archive: Archive
) -> None:
    url = short_link(name, 7)
    page = FETCHED[name]
    assert capture.take(sent(url, page, status=200))["stored"]
    with FakeWeChat() as wechat, Archive.scratch() as other:
        wechat.answer_next(fake_answers.Answer(body=page))
        config = FetchConfig(gateway=wechat.url, interval=0, jitter=0)
        with Fetcher(config) as fetcher:
            way = ArticleFetch(archive=other, fetcher=fetcher, now=lambda: NOW)
            with suppress(CoolingDown):
                _ = list(way.run([url]))
        assert _comparable(rows(archive)) == _comparable(rows(other))


def _comparable(found: dict[str, list[Any]]) -> str:
    """All rows, with whose look it was left out; a page is kept without what HTTP said of it."""
    found["snapshots"] = [row[:-1] for row in found["snapshots"]]
    return repr(found).replace("capture", "fetch")


def _capture_at(path: Path, now: datetime) -> Clipper:
    return Clipper(partial(Archive.open, path), PromoConfig(), now=lambda: now)


def test_a_notice_of_a_known_article_is_an_event_beside_its_text(
    path: Path, capture: Clipper, archive: Archive
) -> None:
    url = short_link("article", 1)
    capture.take(sent(url, article(1)))
    receipt = _capture_at(path, NOW + timedelta(days=1)).take(sent(url, notice(NOTICES["deleted"])))
    assert receipt["line"].startswith(f"noted {url}: its author deleted it (")
    record = archive.get(url)
    assert record
    assert (record.state, record.state_now) == ("ok", "deleted")
    assert [event.origin for event in archive.history.events(record.id)] == ["capture", "capture"]


MANY = "16 MB of a letter"  # which nobody keeps who only collects the test
REFUSED: dict[str, tuple[str, bytes | str, dict[str, Any], str]] = {
    "another site": ("https://example.cn/s/x", article(1), {}, "no page of mp.weixin.qq.com"),
    "a file": ("file:///tmp/page.html", article(1), {}, "no page of mp.weixin.qq.com"),
    "a lookalike": ("https://mp.weixin.qq.com.evil.example/s", article(1), {}, "no page of mp."),
    "code": ("javascript:alert(1)", article(1), {}, "no page of mp.weixin.qq.com"),
    "half loaded": (long_link(1), article(1), {"whole": False}, "half loaded"),
    "cut": (long_link(1), article(1)[:700], {}, "half loaded"),
    "closed": (long_link(1), in_its_frame(old()), {}, "half loaded"),
    "firefox reading": (
        *("about:reader?url=https%3A%2F%2Fmp.weixin.qq.com%2Fs", article(1), {}),
        "a view for reading",
    ),
    "reading": (
        *(long_link(1), "<html><sr-rd-content>灯塔</sr-rd-content></html>", {}),
        "a view for reading",
    ),
    "translated": (
        *(long_link(1), article(1).replace(b'<html class="">', b'<html class="translated-ltr">')),
        *({}, "is translated"),
    ),
    "an album": (long_link(1), fake_answers.album_page(), {}, "no article: an album"),
    "another article": (long_link(2), article(1), {}, "leads to another article"),
    "nothing": (long_link(1), "<html></html>", {}, "no page of WeChat's"),
    "an error": (long_link(1), "<html>gone</html>", {"status": 404}, "no page of WeChat's"),
    "too much": (
        *(long_link(1), f"<html>{'<p>x' * 40_000}</html>", {}),
        "no page of WeChat's: the page has",
    ),
    "16 MB": (
        *(long_link(1), f"<html>{MANY}</html>", {}),
        "no page of WeChat's: the page has 16,777,229 bytes, more than",
    ),
    "no address of an article": (
        *("https://mp.weixin.qq.com/cgi-bin/home", notice("系统出错"), {}),
        "not the address of an article",
    ),
    "no article in the address": (
        *("https://mp.weixin.qq.com/s?scene=1", notice("该内容已被发布者删除"), {}),
        "not the address of an article",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_article_is_answered_with_why_and_nothing_is_stored(
    case: str, capture: Clipper, archive: Archive
) -> None:
    url, html, more, why = REFUSED[case]
    if isinstance(html, str):
        html = html.replace(MANY, "x" * (16 << 20))
    before = rows(archive)
    receipt = capture.take(sent(url, html, **more))
    assert why in receipt["line"]
    assert receipt["line"].startswith("not kept: ")
    assert not receipt["stored"]
    assert rows(archive) == before


@pytest.mark.parametrize("place", ["s", "s?scene=1", "mp/appmsgalbum?album_id=1", "cgi-bin/home"])
def test_an_address_that_names_no_article_is_kept_of_none(
    capture: Clipper, archive: Archive, place: str
) -> None:
    address = f"https://mp.weixin.qq.com/{place}"
    for number in (1, 2):
        assert capture.take(sent(address, article(number)))["stored"]
        assert archive.find(long_link(number))
    assert archive.find(address) is None


def test_a_notice_in_place_of_an_album_is_kept_of_no_article(
    capture: Clipper, archive: Archive
) -> None:
    before = rows(archive)
    address = "https://mp.weixin.qq.com/mp/appmsgalbum?album_id=1"
    receipt = capture.take(sent(address, notice("该内容已被发布者删除")))
    assert receipt["line"].startswith("not kept: this is no article")
    assert rows(archive) == before


def test_an_address_that_is_known_to_be_another_articles_brings_nothing_in(
    capture: Clipper, archive: Archive
) -> None:
    assert capture.take(sent(short_link("one"), article(1)))["stored"]
    before = rows(archive)
    receipt = capture.take(sent(short_link("one"), article(2)))
    assert "leads to another article" in receipt["line"]
    assert rows(archive) == before


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"\xff", b"[]", b"null", b"{}", b"[" * 100_000, b'{"url": 1}'),
        sent(long_link(1), article(1), extra=1),
        sent(long_link(1), article(1), whole="yes"),
        sent(long_link(1), article(1), status="200"),
        sent(long_link(1), article(1), pictures=["x"]),
        sent(long_link(1), article(1), pictures=dict.fromkeys(map(str, range(1001)), "")),
    ],
    ids=range(12),
)
def test_what_is_no_page_at_all_is_refused_in_words(
    body: bytes, capture: Clipper, archive: Archive
) -> None:
    before = rows(archive)
    assert capture.take(body)["line"].startswith("not kept: it ")
    assert rows(archive) == before


def test_an_odd_status_and_half_a_character_do_no_harm(capture: Clipper) -> None:
    body = sent(long_link(1), article(1), status=10**400).replace(b"\\u5854", b"\\ud800", 1)
    assert capture.take(body)["stored"]


def _loaded(content: bytes = PNG, link: str = PICTURE) -> dict[str, str]:
    return {link: base64.b64encode(content).decode()}


def test_pictures_that_came_along_need_no_request(capture: Clipper, archive: Archive) -> None:
    pictures = _loaded(link=PICTURE.replace("https:", "http:"))
    receipt = capture.take(sent(long_link(1), article(1), pictures=pictures))
    assert receipt["missing"] == ("1 of 2 pictures",)
    key = archive.find(long_link(1)) or ""
    assert [picture.url for picture in archive.images.wanted(key)] == [
        "https://mmbiz.qpic.cn/mmbiz_jpg/cover/0?wx_fmt=jpeg"
    ]
    assert archive.images.local(key)[PICTURE].read_bytes() == PNG


def test_a_picture_that_failed_to_come_before_is_kept_now(
    capture: Clipper, archive: Archive
) -> None:
    capture.take(sent(long_link(1), article(1)))
    key = archive.find(long_link(1)) or ""
    archive.images.miss(key, PICTURE, at="2026-01-01T00:00:00", why="HTTP status 404")
    capture.take(sent(long_link(1), article(1), pictures=_loaded()))
    assert PICTURE in archive.images.local(key)


@pytest.mark.parametrize(
    "pictures",
    [
        _loaded(fake_answers.PLACEHOLDER),
        _loaded(b"<script>alert(1)</script>"),
        _loaded(link="https://mmbiz.qpic.cn/mmbiz_png/another/0"),
        _loaded(link="images/../../x.png"),
        {PICTURE: "no base64!"},
        {PICTURE: 1},
    ],
    ids=range(6),
)
def test_what_is_no_picture_of_the_article_is_not_kept_nor_noted_as_one_that_failed(
    pictures: dict[str, Any], capture: Clipper, archive: Archive, path: Path
) -> None:
    receipt = capture.take(sent(long_link(1), article(1), pictures=pictures))
    assert receipt["missing"] == ("2 of 2 pictures",)
    assert rows(archive)["pictures"] == []
    assert len(rows(archive)["events"]) == 1
    assert not (path.parent / "images").exists()


def test_the_answer_does_not_tell_whether_the_article_was_there(capture: Clipper) -> None:
    body = sent(long_link(1), article(1), pictures=_loaded())
    assert capture.take(body) == capture.take(body)


def test_an_article_that_was_forgotten_stays_away(capture: Clipper, archive: Archive) -> None:
    archive.forgotten.add(long_link(1), at="2026-01-01T00:00:00")
    receipt = capture.take(sent(long_link(1), article(1)))
    assert receipt["line"].startswith("not kept: it was taken out for good; let it come back")
    by_short_link = capture.take(sent(short_link("article", 1), article(1)))
    assert not by_short_link["stored"]
    assert by_short_link["line"].startswith("not kept: it was taken out for good; let it come back")
    assert rows(archive)["articles"] == []
    assert rows(archive)["snapshots"] == []


def test_a_clock_that_went_back_is_named_and_nothing_is_lost(
    path: Path, capture: Clipper, archive: Archive
) -> None:
    capture.take(sent(long_link(1), article(1)))
    early = _capture_at(path, NOW - timedelta(days=400))
    receipt = early.take(sent(long_link(1), article(1, "<p>另一版正文。</p>")))
    assert receipt["stored"]
    assert "clock stands before an earlier look" in receipt["line"]
    key = archive.find(long_link(1)) or ""
    assert len(archive.history.revisions(key)) == 2
    assert "clock" not in capture.take(sent(long_link(2), article(2)))["line"]


def test_a_tab_that_was_opened_long_before_shows_what_was_there_then(
    path: Path, capture: Clipper, archive: Archive
) -> None:
    served = f"svr_time: '{int((NOW - timedelta(days=5)).timestamp())}', create_timestamp".encode()
    tab = article(1, "<p>伤亡三人。</p>").replace(b"create_timestamp", served, 1)
    _capture_at(path, NOW - timedelta(days=1)).take(sent(long_link(1), article(1)))
    receipt = capture.take(sent(long_link(1), tab))
    assert "WeChat served it on 2026-02-27" in receipt["line"]
    assert "clock" not in receipt["line"]
    [record] = archive.records()
    assert (record.checked_at[:10], "伤亡" in record.body) == ("2026-03-03", False)
    assert len(archive.history.revisions(record.id)) == 2


def test_no_credential_of_the_readers_own_link_or_page_is_kept_or_said(
    capture: Clipper, archive: Archive, path: Path
) -> None:
    secrets = "&key=K3Y0000&uin=U1N0000&pass_ticket=T1CK3T0"
    page = modern(
        f'<p>正文。<a href="{long_link(2)}{secrets}">另一篇</a></p>',
        extra=' key: "K3Y0000", uin: "U1N0000", pass_ticket: "T1CK3T0", wxtoken: "W0X0000",\n',
    )
    page = page.replace(
        b"</body>", b"<script>var uin='U1N0000';window.key='K3Y0000'</script></body>"
    )
    url = f"https://mp.weixin.qq.com/s?src=11&timestamp=1&ver=1&signature=x{secrets}"
    receipt = capture.take(sent(url, page))
    assert receipt["stored"], receipt
    archive.database.conn.execute("PRAGMA wal_checkpoint")
    (snapshot,) = archive.history.snapshots()
    held = repr(receipt) + repr(rows(archive)) + snapshot.content.decode()
    for secret in ("K3Y0000", "U1N0000", "T1CK3T0", "W0X0000"):
        assert secret not in held
        assert secret.encode() not in path.read_bytes()


def test_an_address_that_says_nothing_gives_way_to_the_pages_own(
    capture: Clipper, archive: Archive
) -> None:
    url = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x"
    assert capture.take(sent(url, article(1)))["state"] == State.VERIFICATION
    assert capture.take(sent("https://mp.weixin.qq.com/mp/other", article(1)))["stored"]
    assert archive.find(long_link(1))


def test_names_and_promotion_are_done_once_after_many_pages(
    capture: Clipper, archive: Archive
) -> None:
    tail = "<p>长按二维码关注青石电台公众号</p>"
    for number in range(6):
        body = f"<p>第{number}夜的灯塔，和别处都不一样的一段话，写在第{number}页上。</p>"
        assert capture.take(sent(long_link(number), article(number, body + tail)))["stored"]
    capture.finish()
    capture.finish()
    bodies = [record.body for record in archive.records()]
    assert len(bodies) == 6
    assert not any("长按二维码" in body for body in bodies)


def test_a_page_cleaned_again_stays_a_capture(capture: Clipper, archive: Archive) -> None:
    from crawler.flows import reclean_stored  # noqa: PLC0415  (what this test alone asks)

    capture.take(sent(long_link(1), article(1)))
    assert [outcome.state for outcome in reclean_stored(archive)] == [State.OK]
    record = archive.get(long_link(1))
    assert record
    assert record.origin == "capture"


@pytest.mark.parametrize("form", ['{"url": "a", "pictures": [%s]}', '{"pictures": {"a": [%s]}}'])
@pytest.mark.parametrize("unit", ["[],", "{},", '"",', '{"a":1},'])
def test_what_holds_more_than_a_page_takes_no_more_memory_than_one(
    capture: Clipper, form: str, unit: str
) -> None:
    body = (form % (unit * (600_000 // len(unit)) + "0")).encode()
    capture.take(b"{}")
    tracemalloc.start()
    try:
        receipt = capture.take(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not receipt["stored"]
    assert peak < 6 * len(body)
