"""The commands as a user runs them, for the tables of this folder."""

import pkgutil
from contextlib import suppress
from importlib import import_module

import pytest
from click.testing import CliRunner

import crawler as package
from crawler.cli.group import cli
from crawler.errors import CrawlerError
from tests.cli.conftest import crawler, folder, wechat
from tests.lookalikes import whole_seed

__all__ = ["crawler", "folder", "wechat"]

_OF_EXTRAS = ("crawler.__main__", "crawler.batch", "crawler.browse", "crawler.mcp")


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """This process as one that has run a command, for copies of it: half a second for each."""
    ours = (found.name for found in pkgutil.walk_packages(package.__path__, "crawler."))
    later = ("rich.progress", "rich._emoji_codes", "stringprep", "concurrent.futures.process")
    for name in (*ours, *later):
        if not name.startswith(_OF_EXTRAS):
            with suppress(ImportError, CrawlerError):
                import_module(name)
    seeds = tmp_path_factory.mktemp("loaded")
    (seeds / "a.md").write_text(whole_seed(), encoding="utf-8")
    words = ("--db", str(seeds / "archive.db"), "reclean", str(seeds / "a.md"))
    assert CliRunner().invoke(cli, words).exit_code == 0
