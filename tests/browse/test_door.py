"""Nobody who holds no token brings anything in, and nobody learns anything at the way in.

Against the real server. What a hostile page in a browser can do is in `test_capture.py`.
"""

from __future__ import annotations

import gzip
import json
import socket
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import httpx
import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from crawler.archive import Archive
from crawler.browse import Door, serve
from crawler.browse.clients import CHROMIUM_ID
from crawler.browse.door import MAX_BODY
from crawler.errors import ConfigError
from tests.browse.conftest import serving, serving_door
from tests.browse.library import make_article
from tests.conftest import PATIENCE
from tests.fake_answers import article, long_link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TOKEN = "T" + "o" * 42
WECHAT = "https://mp.weixin.qq.com"
EXTENSIONS = (
    f"chrome-extension://{CHROMIUM_ID}",
    "moz-extension://0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d",
)
OURS = {"Origin": WECHAT, "Authorization": f"Bearer {TOKEN}"}
KEYS = ["stored", "state", "title", "account", "characters", "pictures", "missing", "line"]
SCRIPT = "<script>alert(1)</script>"
KNOWN = make_article(0)  # what the archive holds, of which nobody is to learn


def _page(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"url": long_link(number), "html": article(number).decode(), "whole": True, **more}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("door") / "archive.db"
    with Archive.open(path) as archive:
        archive.save(KNOWN)
    return path


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[httpx.Client]:
    with (
        serving_door(path, TOKEN) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        yield client


def _answered(site: httpx.Client) -> httpx.Response:
    """What the next one gets, once whoever came before is gone."""
    while True:
        answer = site.post("/capture", headers=OURS, json=[])
        if answer.status_code != 503:
            return answer


def _held(path: Path) -> dict[str, list[Any]]:
    """All that a page leaves behind, whatever it is; not what the end of a run makes of it."""
    names = ("events", "urls", "revisions", "copies", "snapshots", "queue", "pictures", "images")
    with closing(sqlite3.connect(path)) as database:
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608


def _post(headers: dict[str, str], **more: Any) -> Callable[[httpx.Client], httpx.Response]:
    """A page of WeChat's, brought with these headers alone."""
    return lambda site: site.post("/capture", headers=headers, json=_page(**more))


def _posted(**request: Any) -> Callable[[httpx.Client], httpx.Response]:
    """Something else than a page, from one who may."""
    headers = OURS | request.pop("headers", {})
    return lambda site: site.post("/capture", headers=headers, **request)


def _raw(*parts: bytes, head: str = "", length: int | None = None) -> Callable[..., bytes]:
    """Bytes that no client would send, from one who may; the line is held until it is closed."""

    def send(site: httpx.Client) -> bytes:
        size = sum(map(len, parts)) if length is None else length
        lines = [
            "POST /capture HTTP/1.1",
            head or "Host: localhost",
            *(f"{name}: {value}" for name, value in OURS.items()),
            "Content-Type: application/json",
            f"Content-Length: {size}",
        ]
        with socket.create_connection(
            (site.base_url.host, site.base_url.port or 80), PATIENCE
        ) as line:
            line.sendall("\r\n".join([*lines, "", ""]).encode())
            for part in parts:
                line.sendall(part)
            return b"".join(iter(lambda: line.recv(65536), b""))

    return send


def _cut(site: httpx.Client) -> bytes:
    """A page that breaks off on its way, with the line."""
    body = json.dumps(_page()).encode()
    head = "\r\n".join(f"{name}: {value}" for name, value in OURS.items())
    text = f"POST /capture HTTP/1.1\r\nHost: localhost\r\n{head}\r\n"
    text += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((site.base_url.host, site.base_url.port or 80), PATIENCE) as line:
        line.sendall(text.encode() + body[: len(body) // 2])
    return b""


def _endless(site: httpx.Client) -> httpx.Response:
    """A page that does not say how long it is, and is too long."""
    headers = OURS | {"Content-Type": "application/json"}
    pieces = (b" " * (1 << 20) for _ in range(17))
    return site.post("/capture", headers=headers, content=pieces)


def _without(name: str) -> dict[str, str]:
    return {key: value for key, value in OURS.items() if key != name}


ATTACKS: dict[str, tuple[int | None, Callable[[httpx.Client], httpx.Response | bytes]]] = {
    # what comes back; None where nothing need
    "no token": (401, _post(_without("Authorization"))),
    "an empty token": (401, _post(OURS | {"Authorization": "Bearer"})),
    "a wrong token": (401, _post(OURS | {"Authorization": f"Bearer {TOKEN[:-1]}x"})),
    "the token in another place": (
        401,
        lambda site: site.post(
            f"/capture?token={TOKEN}", headers={"Origin": WECHAT, "Cookie": TOKEN}, json=_page()
        ),
    ),
    "another origin": (403, _post(OURS | {"Origin": "https://evil.example"})),
    "no origin": (403, _post(_without("Origin"))),
    "a hidden origin": (403, _post(OURS | {"Origin": "null"})),
    "an origin that looks like WeChat's": (
        403,
        _post(OURS | {"Origin": f"{WECHAT}.evil.example"}),
    ),
    "WeChat's page by http": (403, _post(OURS | {"Origin": "http://mp.weixin.qq.com"})),
    "another extension": (403, _post(OURS | {"Origin": f"chrome-extension://{'a' * 32}"})),
    "two origins": (
        403,
        lambda site: site.post(
            "/capture",
            headers=[*OURS.items(), ("Origin", "https://evil.example")],
            json=_page(),
        ),
    ),
    "rebinding": (403, _post(OURS | {"Host": "evil.example:8001"})),
    "rebinding, two names": (None, _raw(head="Host: localhost\r\nHost: evil.example")),
    "a form": (415, _posted(data=_page())),
    "a form of plain text": (
        415,
        _posted(content=json.dumps(_page()), headers={"Content-Type": "text/plain"}),
    ),
    "a form with files": (415, _posted(files={"html": article(1)}, data={"url": long_link(1)})),
    "an image": (
        200,
        lambda site: site.get("/capture", params={"url": long_link(1), "token": TOKEN}),
    ),
    "another method": (405, lambda site: site.put("/capture", headers=OURS, json=_page())),
    "oversized": (413, _raw(b"", length=MAX_BODY + 1)),
    "oversized, and not said": (413, _endless),
    "packed": (
        415,
        _posted(
            content=gzip.compress(json.dumps(_page()).encode()),
            headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
        ),
    ),
    "cut": (None, _cut),
    "nested": (422, _raw(b"[" * 1_000_000)),
    "no JSON": (422, _raw(b"\xff\xfe{")),
    "not WeChat's": (422, _posted(json=_page(url="https://evil.example/s"))),
    "not WeChat's, at an address of theirs": (422, _posted(json=_page(html="<html>x</html>"))),
    "script in every field": (
        422,
        _posted(json=dict.fromkeys(("url", "html", "whole", "status", "pictures"), SCRIPT)),
    ),
    "script in every field that takes words": (
        422,
        _posted(json=_page(url=f"javascript:{SCRIPT}", html=SCRIPT, pictures={SCRIPT: SCRIPT})),
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_stores_nothing_and_learns_nothing(
    name: str, site: httpx.Client, path: Path
) -> None:
    status, attack = ATTACKS[name]
    before = _held(path)
    answer = attack(site)
    told = answer if isinstance(answer, bytes) else answer.text.encode()
    if isinstance(answer, bytes) and answer:
        assert status in {None, int(answer.split(b" ", 2)[1])}
    elif not isinstance(answer, bytes):
        assert answer.status_code == status
        is_ours = answer.request.headers.get("Origin") == WECHAT
        # who may not come in may not read why
        assert is_ours or "access-control-allow-origin" not in answer.headers
        assert status != 401 or "access-control-allow-origin" not in answer.headers
    assert TOKEN.encode() not in told
    assert KNOWN.title.encode() not in told
    assert KNOWN.id.encode() not in told
    assert _held(path) == before
    assert _answered(site).status_code == 422


def test_who_is_slow_is_not_waited_for(path: Path) -> None:
    before = _held(path)
    with (
        serving_door(path, TOKEN, seconds=1) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as site,
    ):
        said = _raw(b'{"url":', length=1000)(site)
        assert said.startswith(b"HTTP/1.1 408 ")
        assert b"took too long" in said
    assert _held(path) == before


@pytest.mark.parametrize("origin", [WECHAT, *EXTENSIONS])
def test_whoever_holds_the_token_brings_a_page_in(
    origin: str, site: httpx.Client, path: Path
) -> None:
    number = 10 + len(origin)
    answer = site.post("/capture", headers=OURS | {"Origin": origin}, json=_page(number))
    assert answer.status_code == 200
    assert list(answer.json()) == KEYS
    assert answer.json()["stored"]
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["content-type"] == "application/json"
    with Archive.open(path, read_only=True) as archive:
        record = archive.get(long_link(number))
    assert record
    assert record.origin == "capture"


def test_a_refusal_has_the_same_keys(site: httpx.Client) -> None:
    answer = site.post("/capture", json=_page())
    assert list(answer.json()) == KEYS
    assert answer.json()["line"] == "only WeChat's pages and the extension may bring pages in"


@pytest.mark.parametrize("origin", [WECHAT, *EXTENSIONS])
def test_a_browser_that_asks_first_is_told_that_it_may(origin: str, site: httpx.Client) -> None:
    asks = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Private-Network": "true",
    }
    headers = site.options("/capture", headers=asks).headers
    assert headers["access-control-allow-origin"] == origin
    assert headers["access-control-allow-headers"] == "authorization, content-type"
    assert headers["access-control-allow-private-network"] == "true"
    assert headers["vary"] == "Origin"


def test_a_browser_that_asks_for_another_is_told_nothing(site: httpx.Client) -> None:
    asks = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = site.options("/capture", headers=asks)
    assert answer.status_code == 403
    assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("page", ["/", "/articles", "/archive.json", "/archive-static/style.css"])
def test_no_other_page_may_be_read_or_embedded_from_elsewhere(
    page: str, site: httpx.Client
) -> None:
    headers = site.get(page, headers={"Origin": WECHAT}).headers
    assert "access-control-allow-origin" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_the_page_that_tells_of_it_does_not_know_the_token(site: httpx.Client) -> None:
    answer = site.get("/capture")
    assert TOKEN not in answer.text
    assert "bookmarklet" in answer.text
    assert "extension" in answer.text
    assert 'href="/capture"' in site.get("/").text
    assert "script-src 'self' 'sha256-" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_without_the_option_there_is_no_way_in(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    before = path.read_bytes()
    with serving(path) as address:
        for method in ("POST", "OPTIONS", "GET", "PUT"):
            answer = httpx.request(
                method, f"{address}/capture", headers=OURS, json=_page(), timeout=PATIENCE
            )
            assert answer.status_code in {404, 405}, method
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["archive.db"]


def test_the_database_of_the_site_stays_read_only(site: httpx.Client) -> None:
    answer = site.get("/archive.json", params={"sql": "DELETE FROM articles"})
    assert answer.status_code == 400


class _Nobody:
    def __init__(self) -> None:
        self.finished = 0

    def take(self, body: bytes) -> dict[str, Any]:
        raise AssertionError(body)

    def finish(self) -> None:
        self.finished += 1


def test_what_was_begun_is_finished_when_the_server_ends() -> None:
    nobody = _Nobody()
    Door(lambda: TOKEN, nobody).close()
    assert nobody.finished == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.cn"])  # noqa: S104
def test_no_other_machine_may_come_to_the_way_in(host: str, path: Path) -> None:
    with pytest.raises(ConfigError, match="would let whoever reaches"):
        serve(path, host, door=Door(lambda: TOKEN, _Nobody()))
