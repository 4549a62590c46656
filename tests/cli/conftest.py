"""The commands as a user runs them: in a folder of their own, in front of the fake WeChat."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Protocol

import pytest
from click.testing import CliRunner

from crawler.archive import Archive
from crawler.cli.group import cli
from tests.fake_wechat import FakeWeChat
from tests.lookalikes import deleted_seed, hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result


def rows_of(folder: Path, query: str) -> list[tuple[object, ...]]:
    """What a query of the archive in a folder gives."""
    with Archive.open(folder / "archive.db") as archive:
        return archive.database.execute(query).fetchall()


class Crawler(Protocol):
    def __call__(self, *arguments: str, stdin: str = "") -> Result: ...


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory of the test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def crawler(folder: Path) -> Crawler:
    """Runs a command there."""
    assert folder.is_dir()

    def run(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(cli, arguments, input=stdin)

    return run


@pytest.fixture
def wechat(folder: Path) -> Iterator[FakeWeChat]:
    """The fake WeChat, with a config.toml that sends every request there without waiting."""
    with FakeWeChat() as fake:
        settings = (
            f'[fetch]\ngateway = "{fake.url}"\ninterval = 0\njitter = 0\npicture_interval = 0\n'
        )
        (folder / "config.toml").write_text(settings, encoding="utf-8")
        yield fake


@pytest.fixture(scope="session")
def _seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose archive holds three seeds."""
    folder = tmp_path_factory.mktemp("seeded")
    (folder / "seeds").mkdir()
    seeds = {
        "a": whole_seed(),
        "b": hollow_seed(url=link(2, signed=False)),
        "c": deleted_seed(url=link(3)),
    }
    for name, text in seeds.items():
        (folder / "seeds" / f"{name}.md").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert CliRunner().invoke(cli, ["reclean"]).exit_code == 0
    return folder


@pytest.fixture
def seeded(_seeded: Path, crawler: Crawler, folder: Path) -> Crawler:
    """A command in a copy of that folder."""
    shutil.copytree(_seeded, folder, dirs_exist_ok=True)
    return crawler
