"""The extension and the bookmarklet in a real browser, before the fake WeChat and the real server.

Needs chromium (`apt-get install chromium`), playwright, and openssl for the fake's certificate.
"""

from __future__ import annotations

import json
import shutil
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import pytest

from crawler.archive import Archive
from crawler.browse import bookmarklet
from crawler.config import FetchConfig
from crawler.errors import CoolingDown
from crawler.fetch import Fetcher
from crawler.flows import ArticleFetch
from tests.browse.conftest import find_chromium, serving_door
from tests.browse.painting import paint
from tests.conftest import PATIENCE, ROOT
from tests.fake_answers import NOTICES, PNG, Answer, article, long_link, short_link
from tests.fake_wechat import FakeWeChat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Dialog, Page, Playwright

    from tests.browse.capturing import Reader

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install playwright"
)
capturing = pytest.importorskip("tests.browse.capturing")
pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")
CHROMIUM = find_chromium() or ""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM, reason="no chromium: apt-get install chromium, or name one in CHROMIUM"
    ),
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate"),
]

TOKEN = "T" + "o" * 42
EXTENSION = ROOT / "extension"


class Place(NamedTuple):
    """Where everything is in these tests."""

    path: Path
    address: str
    wechat: FakeWeChat
    reader: Reader


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    found: tuple[Path, str] = capturing.make_certificate(tmp_path_factory.mktemp("tls"))
    return found


@pytest.fixture(scope="module")
def player() -> Iterator[Playwright]:
    with playwright_api.sync_playwright() as started:  # one at a time is all that it allows
        yield started


@pytest.fixture(scope="module")
def _place(
    player: Playwright, certificate: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("capture")
    path = folder / "archive.db"
    Archive.open(path).close()
    extension = capturing.with_leave(EXTENSION, folder)
    with (
        FakeWeChat(certificate=certificate[0]) as wechat,
        serving_door(path, TOKEN) as address,
        capturing.reading(player, CHROMIUM, extension, wechat.port, certificate[1]) as reader,
    ):
        yield Place(path, address, wechat, reader)


@pytest.fixture
def place(_place: Place) -> Place:
    """The same, with the extension set up as it is at first."""
    _place.reader.set_up(_place.address, TOKEN)
    return _place


@pytest.fixture
def archive(place: Place) -> Iterator[Archive]:
    with Archive.open(place.path, read_only=True) as opened:
        yield opened


KINDS = {
    name: 100 + number
    for number, name in enumerate(
        (
            *("article", "gallery", "text", "repost", "heavy", "plain", "trailing"),
            *("unsigned", "private", "verification", "verification_error", "limited", "migrated"),
            *NOTICES,
        )
    )
}


def test_the_extension_as_it_is_needs_no_leave_for_the_tab_that_is_pressed(
    player: Playwright, certificate: tuple[Path, str], tmp_path: Path
) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    with (
        FakeWeChat(certificate=certificate[0]) as wechat,
        serving_door(path, TOKEN) as address,
        capturing.reading(player, CHROMIUM, EXTENSION, wechat.port, certificate[1]) as reader,
        reader.tab(short_link("article", 1)) as page,
    ):
        assert reader.press(page)[1] == "Set the token first: crawler capture shows it"
        reader.set_up(address, TOKEN)
        assert reader.press(page)[0] == "✓"
    with Archive.open(path, read_only=True) as archive:
        assert archive.get(short_link("article", 1))


def test_every_kind_of_page_is_stored_as_fetch_stores_it(place: Place, archive: Archive) -> None:
    for name, number in KINDS.items():
        with place.reader.tab(short_link(name, number)) as page:
            assert place.reader.press(page)[0] == "✓", name
    differs = {
        name: differs
        for name, number in KINDS.items()
        if (differs := _differing(archive, short_link(name, number)))
    }
    assert differs == {}


def _differing(archive: Archive, url: str) -> list[str]:
    """What is stored of an article otherwise than when it is fetched; the looks apart."""
    with FakeWeChat() as wechat, Archive.scratch() as other:
        config = FetchConfig(gateway=wechat.url, interval=0, jitter=0)
        with Fetcher(config) as fetcher, suppress(CoolingDown):
            _ = list(ArticleFetch(archive=other, fetcher=fetcher).run([url]))
        fetched, captured = _stored(other, url), _stored(archive, url)
    return [name for name in fetched if fetched[name] != captured[name]]


def _stored(archive: Archive, url: str) -> dict[str, Any]:
    record = archive.get(url)
    assert record, url
    looks = {"origin", "fetch_date", "checked_at", "evidence", "front_matter"}
    found = {
        name: getattr(record, name) for name in record.__dataclass_fields__ if name not in looks
    }
    revisions = archive.history.revisions(record.id)
    events = archive.history.events(record.id)
    entry = archive.queue.get(url)
    return found | {
        "revisions": [(one.body_hash, one.state, one.characters) for one in revisions],
        "events": [(one.state, one.http_status, one.detail) for one in events],
        "snapshots": len(list(archive.history.snapshots(record.id))),
        "queue": (entry.state, entry.attempts, entry.last_error) if entry else None,
        "front matter": record.front_matter.replace(record.fetch_date, ""),
    }


LAZY = """
<script>
addEventListener("scroll", () => {
    for (const image of document.images) {
        if (!image.src && image.getBoundingClientRect().top < innerHeight) {
            image.src = image.dataset.src + "&tp=webp&wxfrom=5";
        }
    }
});
</script>
"""


def test_pictures_that_the_browser_loaded_need_no_second_request(
    place: Place, archive: Archive
) -> None:
    links = [f"https://mmbiz.qpic.cn/mmbiz_png/lazy{n}/640?wx_fmt=png" for n in range(3)]
    body = "".join(
        f'<p style="height: 1500px">第{n}张照片下的一段话。</p><p><img data-src="{link}"></p>'
        for n, link in enumerate(links)
    )
    page_source = article(300, body).replace(b"</body>", f"{LAZY}</body>".encode())
    place.reader.set_up(place.address, TOKEN, pictures=True)
    place.wechat.answer_next(Answer(body=page_source))
    with place.reader.tab(short_link("article", 300)) as page:
        badge, line = place.reader.press(page)
    assert (badge, "4 pictures; missing: 1 of 4 pictures" in line) == ("✓", True), line
    asked = [name for name in place.wechat.names if "/mmbiz_png/lazy" in name]
    assert len(asked) == len(set(asked)) == 3
    kept = archive.images.local(archive.find(short_link("article", 300)) or "")
    assert sorted(kept) == links
    assert {path.read_bytes() for path in kept.values()} == {PNG}


def test_a_picture_that_never_comes_to_its_end_keeps_no_page_waiting(
    place: Place, archive: Archive
) -> None:
    is_over = threading.Event()
    big = paint(640, 240)

    def stalling() -> Iterator[bytes]:
        yield big[: len(big) // 2]  # by which the browser knows already how wide it is
        is_over.wait()

    head = {"Content-Length": str(len(big)), "Access-Control-Allow-Origin": "*"}
    source = article(301, f'<p>照片还在路上的一段话。</p><p><img src="{STALLING}"></p>')
    place.reader.set_up(place.address, TOKEN, pictures=True)
    place.wechat.answer_next(Answer(body=source), Answer(pieces=stalling(), headers=head))
    with place.reader.tab(short_link("article", 301), until="commit") as page:
        page.wait_for_function("document.images[0]?.naturalWidth")
        badge, line = place.reader.press(page)
        is_over.set()
    assert (badge, "missing: 2 of 2 pictures" in line) == ("✓", True), line
    assert archive.get(short_link("article", 301))


STALLING = "https://mmbiz.qpic.cn/mmbiz_png/stalling/640?wx_fmt=png"


def test_a_page_that_never_ends_or_broke_off_is_refused_and_nothing_is_stored(
    place: Place, archive: Archive
) -> None:
    source = article(400)
    inside = source.rindex("潮水".encode())
    is_shown = threading.Event()

    def breaking_off() -> Iterator[bytes]:
        yield source[:inside]
        is_shown.wait(PATIENCE)  # what ends at once a busy browser may not show at all

    whole = str(len(source))
    endless = Answer(body=source[:inside], gzip=False, length=len(source))
    broken = Answer(pieces=breaking_off(), headers={"Content-Length": whole})
    for number, answer in enumerate((endless, broken)):
        place.wechat.answer_next(answer)
        with place.reader.tab(short_link("article", 400 + number), until="commit") as page:
            page.wait_for_selector("#js_content p", state="attached")
            if answer is broken:
                is_shown.set()
            badge, line = place.reader.press(page)
        assert (badge, "half loaded" in line) == ("!", True), line
        assert archive.get(short_link("article", 400 + number)) is None


def test_a_page_of_another_site_and_a_translated_one_are_refused(
    place: Place, archive: Archive
) -> None:
    with place.reader.tab("https://evil.example/s/article-1") as page:
        assert "no page of mp.weixin.qq.com" in place.reader.press(page)[1]
    with place.reader.tab(short_link("article", 410)) as page:
        page.evaluate("document.documentElement.className = 'translated-ltr'")
        assert "is translated" in place.reader.press(page)[1]
    assert archive.get(short_link("article", 410)) is None


def test_a_page_of_more_than_16_mb_is_not_sent(place: Place, archive: Archive) -> None:
    with place.reader.tab(short_link("article", 415)) as page:
        # in a comment, which a browser need not lay out
        page.evaluate("document.body.append(document.createComment('x'.repeat(17 << 20)))")
        assert "has at most 16 MB" in place.reader.press(page)[1]
        assert "has at most 16 MB" in _said(page, bookmarklet(place.address, TOKEN))
    assert archive.get(short_link("article", 415)) is None


def test_what_does_not_answer_and_a_wrong_token_are_said(place: Place) -> None:
    with place.reader.tab(short_link("article", 420)) as page:
        place.reader.set_up(f"http://127.0.0.1:{_closed_port()}", TOKEN)
        badge, line = place.reader.press(page)
        assert (badge, line.startswith("Nothing answers at port")) == ("×", True)
        place.reader.set_up(place.address, "x" * 43)
        badge, line = place.reader.press(page)
        assert (badge, line) == ("!", "the token is not this archive's; crawler capture shows it")


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_all_tabs_of_the_window_come_one_after_another_and_no_title_runs(
    place: Place, archive: Archive
) -> None:
    title = '<img src=x onerror="document.title = 1"> 灯塔'
    place.wechat.answer_next(Answer(body=article(430, title=title)))
    with (
        place.reader.tab(short_link("article", 430)),
        place.reader.tab(short_link("deleted", 431)),
        place.reader.tab("https://evil.example/"),
        place.reader.tab(capturing.POPUP) as popup,
    ):
        popup.wait_for_selector("li.refused")  # the popup in a tab is no page that may be kept
        popup.click("#all")
        popup.wait_for_selector("li.kept")
        lines = popup.locator("li.kept").all_inner_texts()
        assert popup.locator("img").count() == 0
        assert popup.title() == "Keep this article"
    assert len(lines) == 2
    assert lines[0].startswith(f"kept {title} · 青石电台")
    assert lines[1].startswith("noted https://mp.weixin.qq.com/s/deleted-")
    assert archive.get(short_link("article", 430))


def test_a_tab_that_answers_nothing_keeps_no_tab_behind_it_waiting(
    place: Place, archive: Archive
) -> None:
    (worker,) = place.reader.context.service_workers
    worker.evaluate(_HOLD_PATIENCE)
    with (
        place.reader.tab(short_link("article", 470)) as asking,
        place.reader.tab(short_link("article", 471)),
        place.reader.tab(capturing.POPUP) as popup,
    ):
        asking.on("dialog", lambda _: None)  # which nobody answers
        asking.evaluate("setTimeout(() => alert('?'), 0); 0")
        popup.click("#all")
        while not worker.evaluate("held.length"):
            popup.wait_for_timeout(50)
        worker.evaluate("held[0]()")
        popup.wait_for_selector("li.kept")
        (line,) = popup.locator("li.failed").all_inner_texts()
    assert "does not answer" in line
    assert archive.get(short_link("article", 471))


def test_of_a_tab_that_sleeps_it_is_said_what_wakes_it(place: Place) -> None:
    (worker,) = place.reader.context.service_workers
    tab = {"id": 0, "url": short_link("article", 472), "discarded": True}
    told = worker.evaluate("tab => captured(tab, { token: 'x' })", tab)
    assert "This tab sleeps" in told["line"]


_HOLD_PATIENCE = """
(() => {
  const real = setTimeout;
  self.held = [];
  self.setTimeout = (run, time) => (time < 60000 ? real(run, time) : self.held.push(run));
})()
"""


def _said(page: Page, program: str) -> str:
    """What the bookmarklet says when it is pressed on a page."""
    said: list[str] = []

    def hear(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.accept()

    page.once("dialog", hear)
    page.evaluate(unquote(program.removeprefix("javascript:")))
    while not said:
        page.wait_for_timeout(50)
    return said[0]


def test_the_bookmarklet_keeps_a_page_and_says_where_a_policy_forbids_it(
    place: Place, archive: Archive
) -> None:
    program = bookmarklet(place.address, TOKEN)
    with place.reader.tab(long_link(440)) as page:
        assert _said(page, program).startswith("kept 灯塔日记 440 · 青石电台")
        assert "another token or port" in _said(page, bookmarklet(place.address, "x" * 43))
    policy = {"Content-Security-Policy": "connect-src https:"}
    place.wechat.answer_next(Answer(body=article(441), headers=policy))
    with place.reader.tab(long_link(441)) as page:
        assert "policy lets no bookmark speak" in _said(page, program)
    assert archive.get(long_link(440))
    assert archive.get(long_link(441)) is None


def test_the_page_that_tells_of_it_learns_the_token_from_its_link_alone(place: Place) -> None:
    with place.reader.tab(f"{place.address}/capture") as page:
        assert page.locator("#bookmarklet").is_hidden()
    with place.reader.tab(f"{place.address}/capture#{TOKEN}") as page:
        link = page.locator("#bookmarklet")
        assert link.is_visible()
        assert link.get_attribute("href") == bookmarklet(place.address, TOKEN)
        assert page.url == f"{place.address}/capture"


HOSTILE = """async ([port, token]) => {
    const at = (path) => `http://127.0.0.1:${port}${path}`;
    const html = "<html><body><div id='js_content'>x</div></body></html>";
    const body = JSON.stringify({ url: "https://mp.weixin.qq.com/s/x", html, whole: true });
    const JSON_TYPE = { "Content-Type": "application/json" };
    const guess = { ...JSON_TYPE, Authorization: `Bearer ${token}` };
    const post = { method: "POST", body };
    const asked = (path, options) => fetch(at(path), options).then((answer) => answer.type, String);
    const put = (tag, fields) => new Promise((done) => {
        const element = document.createElement(tag);
        element.onload = () => done("load");
        element.onerror = () => done("error");
        Object.assign(element, fields);
        document.documentElement.append(element);
    });
    const form = (type) => new Promise((done) => {
        const frame = document.createElement("iframe");
        frame.name = type;
        const sheet = document.createElement("form");
        const action = at("/capture");
        Object.assign(sheet, { action, method: "POST", enctype: type, target: type });
        const field = document.createElement("input");
        Object.assign(field, { name: body.slice(0, -1) + ',"x":"', value: '"}' });
        sheet.append(field);
        document.documentElement.append(frame, sheet);
        frame.onload = () => done("load");
        sheet.submit();
    });
    const query = "?url=https://mp.weixin.qq.com/s/x&html=" + encodeURIComponent(html);
    return {
        "fetch": await asked("/capture", { ...post, headers: guess }),
        "fetch without asking first": await asked("/capture", { ...post, mode: "no-cors" }),
        "fetch with cookies": await asked("/capture", { ...post, credentials: "include" }),
        "read the page": await asked("/capture", {}),
        "read the page unseen": await asked("/capture", { mode: "no-cors" }),
        "read an article": await asked("/archive.json?sql=select+1", {}),
        "beacon": String(navigator.sendBeacon(at("/capture"), body)),
        "image": await put("img", { src: at("/capture" + query) }),
        "style": await put("link", { rel: "stylesheet", href: at("/archive-static/style.css") }),
        "script": await put("script", { src: at("/archive-static/capture.js") }),
        "data as a script": await put("script", { src: at("/-/databases.json") }),
        "frame": await put("iframe", { src: at("/capture" + query) }),
        "form": await form("application/x-www-form-urlencoded"),
        "form of text": await form("text/plain"),
        "form with files": await form("multipart/form-data"),
        "socket": await new Promise((done) => {
            const socket = new WebSocket(at("/capture").replace("http", "ws"));
            socket.onopen = () => done("open");
            socket.onerror = () => done("error");
        }),
    };
}"""


def _learned(place: Place, where: str, port: int) -> dict[str, str]:
    with place.reader.tab(where) as page:
        found: dict[str, str] = page.evaluate(HOSTILE, [port, "x" * 43])
        return found


@pytest.mark.parametrize("where", ["https://evil.example/", short_link("article", 450)])
def test_a_hostile_page_that_holds_no_token_stores_and_learns_nothing(
    place: Place, archive: Archive, where: str
) -> None:
    before = _rows(archive)
    ports = (_closed_port(), int(place.address.rpartition(":")[2]))
    at_closed, at_ours = (_learned(place, where, port) for port in ports)
    assert len(at_ours) == 16
    # whether there is an archive behind a port, or nothing at all, looks the same from there
    assert at_ours == at_closed
    assert _rows(archive) == before


def test_a_hostile_page_under_a_name_that_leads_here_gets_no_answer(
    place: Place, archive: Archive
) -> None:
    before = _rows(archive)
    port = place.address.rpartition(":")[2]
    with place.reader.tab(f"http://evil.example:{port}/capture") as page:
        assert page.inner_text("body") == (
            "This archive is known by the names localhost and 127.0.0.1,"
            " and by what crawler serve --name gives it"
        )
        answers = page.evaluate(
            "token => Promise.all(['/capture', '/', '/archive.json'].map((path) =>"
            " fetch(path, {method: 'POST', headers: {Authorization: `Bearer ${token}`}})"
            ".then((answer) => answer.status)))",
            TOKEN,
        )
    assert answers == [403, 403, 403]
    assert _rows(archive) == before


def _rows(archive: Archive) -> str:
    names = ("events", "revisions", "urls", "queue", "pictures", "copies", "snapshots")
    found = {
        name: archive.database.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
        for name in names
    }
    return json.dumps(found, default=repr)
