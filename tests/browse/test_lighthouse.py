"""Lighthouse's measure of accessibility, where it is installed: npm install -g lighthouse."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.browse.conftest import find_chromium
from tests.browse.library import make_article
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

LIGHTHOUSE = shutil.which(os.environ.get("LIGHTHOUSE", "lighthouse"))
CHROMIUM = find_chromium()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium"),
    pytest.mark.skipif(
        LIGHTHOUSE is None,
        reason="no lighthouse: npm install -g lighthouse, or name one in LIGHTHOUSE",
    ),
]


@pytest.mark.parametrize(
    "path",
    ["/", "/articles?q=" + quote("诈骗"), "/article/" + quote(make_article(0).id, safe="")],
)
def test_lighthouse_gives_a_page_at_least_95_of_100(
    address: str, tmp_path: Path, path: str
) -> None:
    report = tmp_path / "report.json"
    command = [
        *(str(LIGHTHOUSE), address + path, "--quiet", "--only-categories=accessibility"),
        *("--output=json", f"--output-path={report}"),
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    subprocess.run(  # noqa: S603 -- the one that the machine has
        command, check=True, timeout=PATIENCE, env={**os.environ, "CHROME_PATH": str(CHROMIUM)}
    )
    found = json.loads(report.read_text(encoding="utf-8"))["categories"]["accessibility"]
    assert found["score"] >= 0.95
