"""`crawler capture` shows what a browser needs, and to nobody else."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


def test_it_makes_a_token_once_and_shows_where_everything_is(
    crawler: Crawler, folder: Path
) -> None:
    result = crawler("capture")
    assert result.exit_code == 0
    lines = dict(line.split(None, 1) for line in result.stdout.splitlines())
    token = lines["token:"]
    assert re.fullmatch(r"[\w-]{43}", token)
    assert lines["page:"] == f"http://127.0.0.1:8001/capture#{token}"
    assert (folder / "archive.db.capture-token").read_text(encoding="utf-8") == f"{token}\n"
    assert f"token:       {token}\n" in crawler("capture").stdout
    assert "crawler serve --capture" in result.stderr


def test_the_bookmarklet_holds_the_address_and_the_token(crawler: Crawler) -> None:
    told = json.loads(crawler("capture", "--port", "8123", "--json").stdout)
    scheme, _, program = told["bookmarklet"].partition(":")
    assert scheme == "javascript"
    assert not re.search(r'[\s"<>`]', program)
    assert '"http://127.0.0.1:8123/capture"' in unquote(program)
    assert f'"Bearer {told["token"]}"' in unquote(program)


def test_a_new_token_takes_the_place_of_the_old_one(crawler: Crawler) -> None:
    old = json.loads(crawler("capture", "--json").stdout)["token"]
    new = json.loads(crawler("capture", "--json", "--new-token").stdout)["token"]
    assert new != old
    assert json.loads(crawler("capture", "--json").stdout)["token"] == new


def test_a_token_that_others_may_read_is_refused_in_words(crawler: Crawler, folder: Path) -> None:
    crawler("capture")
    (folder / "archive.db.capture-token").chmod(0o644)
    result = crawler("capture")
    assert result.exit_code == 1
    assert "may be read or changed by others; make a new one" in result.stderr
