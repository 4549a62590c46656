"""Take the README's pictures of `crawler serve` and of the extension, from invented articles.

`python -m scripts.screenshots [DIR]`

Needs the extras `browse` and `dev`, chromium, and a font that has Chinese (Debian: fonts-noto-cjk
or fonts-wqy-microhei).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from crawler.archive import Archive
from tests.browse.browser import visit
from tests.browse.capturing import POPUP, make_certificate, reading, with_leave
from tests.browse.conftest import SERVE, find_chromium, serving_door
from tests.browse.library import make_library
from tests.fake_answers import short_link
from tests.fake_wechat import FakeWeChat

TOKEN = "T" + "o" * 42
PAGES = {
    "browse-front.png": "/",
    "browse-search.png": "/articles?q=诈骗",
    "browse-deaths.png": "/deaths",
    "browse-article.png": "/article/MzA0MDAwMDAwMQ%3D%3D%3A2650000000%3A1",
}
HEIGHTS = {"browse-deaths.png": 1000}  # where the list stands below the charts


def main(folder: Path) -> int:
    """Write one PNG for each of PAGES."""
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write(
            "no chromium was found: apt-get install chromium, or name one in CHROMIUM\n"
        )
        return 1
    with TemporaryDirectory() as scratch:
        archive = Path(scratch) / "archive.db"
        make_library(archive, hostile=False)
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", SERVE, str(archive)], stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                address = server.stdout.readline().rstrip("/\n") if server.stdout else ""
                take_pages(address, chromium, folder)
            finally:
                server.terminate()  # or its end would be waited for, for ever
        take_capture(Path(scratch), chromium, folder / "capture.png")
    return 0


def take_pages(address: str, chromium: str, folder: Path) -> None:
    """The pages of the site."""
    with visit(address, chromium, width=1000, height=640) as browser:
        for name, path in PAGES.items():
            browser.open(path)
            browser.page.set_viewport_size({"width": 1000, "height": HEIGHTS.get(name, 640)})
            browser.page.screenshot(path=folder / name)


def take_capture(scratch: Path, chromium: str, picture: Path) -> None:
    """What the extension says after it kept the tabs of a window, a deleted article among them."""
    certificate, pin = make_certificate(scratch)
    extension = with_leave(Path(__file__).resolve().parents[1] / "extension", scratch)
    archive = scratch / "captured.db"
    Archive.open(archive).close()
    with (
        FakeWeChat(certificate=certificate) as wechat,
        serving_door(archive, TOKEN) as address,
        sync_playwright() as playwright,
        reading(playwright, chromium, extension, wechat.port, pin) as reader,
        reader.tab(short_link("article", 1)),
        reader.tab(short_link("gallery", 2)),
        reader.tab(short_link("deleted", 3)),
        reader.tab(POPUP) as popup,
    ):
        reader.set_up(address, TOKEN)
        popup.bring_to_front()
        popup.set_viewport_size({"width": 420, "height": 350})
        popup.click("#all")
        popup.wait_for_selector("li.kept")
        popup.screenshot(path=picture)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs")))
