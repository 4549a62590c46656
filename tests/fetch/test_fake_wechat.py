"""The fake WeChat itself: what it serves is what its name says, and it can be run by hand."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from crawler.article import Kind, State
from crawler.clean.pages import read_page
from crawler.fetch.limits import Limits
from tests.conftest import PAGES, PATIENCE, ROOT, index_of, needs_shared
from tests.fake_answers import FIRST_MID, NOTICES, PLACEHOLDER, long_link, short_link
from tests.fake_wechat import FakeWeChat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fetch.conftest import FakeTime, OpenFetcher

STATES = {
    "limited_notice": State.RATE_LIMITED,
    "deleted_english": State.DELETED,
    "blocked": State.ACCOUNT_GONE,
    "cancelled": State.ACCOUNT_GONE,
    "migrating": State.UNAVAILABLE,
    "migrated": State.MIGRATED,
    "verification": State.VERIFICATION,
    "captcha": State.VERIFICATION,
    "unsigned": State.HOLLOW,
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("article", Kind.NORMAL),
        ("gallery", Kind.GALLERY),
        ("text", Kind.TEXT),
        ("heavy", Kind.NORMAL),
    ],
)
def test_a_page_of_each_kind_reads_as_that_kind_with_its_own_identity(
    open_fetcher: OpenFetcher, name: str, kind: Kind
) -> None:
    page = read_page(open_fetcher(limits=Limits()).get(short_link(name, 1)).content)
    assert (page.state, page.kind, page.mid) == (State.OK, kind, str(FIRST_MID + 1))
    assert page.text


@pytest.mark.parametrize("name", [*NOTICES, *STATES])
def test_a_notice_reads_as_its_state(open_fetcher: OpenFetcher, name: str) -> None:
    response = open_fetcher().get(short_link(name))
    page = read_page(response.content, charset=response.charset, url=response.url)
    assert page.state == STATES.get(name, name)


def test_a_picture_needs_no_referer_and_a_foreign_one_gets_a_placeholder(
    wechat: FakeWeChat,
) -> None:
    path = f"{wechat.url}/mmbiz_png/tower/640"
    for referer, placeholder in (
        ("", False),
        ("https://mp.weixin.qq.com/", False),
        ("https://blog.example/", True),
    ):
        headers = {"Host": "mmbiz.qpic.cn"} | ({"Referer": referer} if referer else {})
        content = httpx.get(path, headers=headers, trust_env=False, timeout=PATIENCE).content
        assert (content == PLACEHOLDER) is placeholder


@pytest.mark.parametrize("path", ["mp/appmsgalbum?album_id=1&f=json", "mp/appmsgalbum?album_id=1"])
def test_an_album_lists_signed_links(open_fetcher: OpenFetcher, path: str) -> None:
    content = open_fetcher().get(f"https://mp.weixin.qq.com/{path}").content.decode()
    assert len(re.findall(r"chksm=[0-9a-f]{76}", content)) == 3


def test_it_serves_a_folder_of_pages_by_name(tmp_path: Path, fake_time: FakeTime) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "harbour.html.gz").write_bytes(gzip.compress(b"<p>packed</p>"))
    (tmp_path / "quayside.html").write_bytes(b"<p>plain</p>")
    with FakeWeChat(clock=fake_time, pages=tmp_path) as fake:
        assert (
            httpx.get(f"{fake.url}/s/harbour", trust_env=False, timeout=PATIENCE).content
            == b"<p>packed</p>"
        )
        assert (
            httpx.get(f"{fake.url}/s/quayside", trust_env=False, timeout=PATIENCE).content
            == b"<p>plain</p>"
        )
        assert (
            httpx.get(f"{fake.url}/s/neither", trust_env=False, timeout=PATIENCE).status_code == 404
        )
    assert fake.names == ["/s/harbour", "/s/quayside", "/s/neither"]


def test_it_can_be_run_by_hand() -> None:
    command = [
        sys.executable,
        "-u",
        "-m",
        "tests.fake_wechat",
        "--port",
        "0",
        "--verify-after",
        "1",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:  # noqa: S603  (our own)
        try:
            assert run.stdout
            url = re.search(r'gateway = "(\S+)"', run.stdout.readline())
            assert url
            assert "captcha" in httpx.get(url[1], trust_env=False, timeout=PATIENCE).text
            assert (
                "secitptpage/verify"
                in httpx.get(f"{url[1]}/s/article-1", trust_env=False, timeout=PATIENCE).text
            )
        finally:
            run.terminate()


@needs_shared
@pytest.mark.slow
def test_every_real_page_comes_through_byte_for_byte(
    open_fetcher: OpenFetcher, fake_time: FakeTime
) -> None:
    pages = [PAGES / row["file"] for row in index_of(PAGES)]
    with FakeWeChat(clock=fake_time, pages=PAGES) as fake:
        fetcher = open_fetcher(gateway=fake.url, limits=Limits())
        for path in pages:
            link = f"https://mp.weixin.qq.com/s/{path.name.partition('.html')[0]}"
            assert fetcher.get(link).content == gzip.decompress(path.read_bytes())
    assert len(fake.record) == len(pages) > 0
    assert all(6 <= gap <= 10 for gap in fake.gaps)


def test_a_long_link_is_the_article_of_its_number(open_fetcher: OpenFetcher) -> None:
    assert read_page(open_fetcher().get(long_link(41)).content).mid == str(FIRST_MID + 41)
