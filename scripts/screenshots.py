"""Take the README's pictures of `crawler serve`, from invented articles.

Python -m scripts.screenshots [DIR].

Needs the extras `browse` and `dev`, chromium, and a font that has Chinese (Debian: fonts-noto-cjk
or fonts-wqy-microhei).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browse.browser import visit
from tests.browse.conftest import SERVE, find_chromium
from tests.browse.library import make_library

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
            address = server.stdout.readline().rstrip("/\n") if server.stdout else ""
            with visit(address, chromium, width=1000, height=640) as browser:
                for name, path in PAGES.items():
                    browser.open(path)
                    browser.page.set_viewport_size(
                        {"width": 1000, "height": HEIGHTS.get(name, 640)}
                    )
                    browser.page.screenshot(path=folder / name)
            server.terminate()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs")))
