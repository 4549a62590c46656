from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = "import sys, importlib; importlib.import_module(sys.argv.pop(1));"
PROGRAM += "from crawler.cli.group import cli; cli(['init'])"


@pytest.mark.parametrize("module", ["tests.conftest", "bench.startup"])
@pytest.mark.parametrize("named_by", ["CRAWLER_DB", "CRAWLER_CONFIG", "XDG_CONFIG_HOME"])
def test_neither_tests_nor_benchmarks_come_to_the_archive_of_who_runs_them(
    module: str, named_by: str, tmp_path: Path
) -> None:
    theirs, here = tmp_path / "theirs.db", tmp_path / "here"
    settings = tmp_path / "wechat-article-archive" / "config.toml"
    for folder in (settings.parent, here):
        folder.mkdir()
    settings.write_text(f'[archive]\npath = "{theirs}"\n', encoding="utf-8")
    names = {"CRAWLER_DB": theirs, "CRAWLER_CONFIG": settings, "XDG_CONFIG_HOME": tmp_path}
    own = {"XDG_CONFIG_HOME": str(here), "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    environment = {**os.environ, **own, named_by: str(names[named_by])}
    command = [sys.executable, "-c", PROGRAM, module]
    subprocess.run(command, cwd=here, env=environment, capture_output=True, check=True)  # noqa: S603
    assert (here / "archive.db").is_file()
    assert not theirs.exists()
    left = {"here", "wechat-article-archive"}
    assert {path.name for path in tmp_path.iterdir()} == left
