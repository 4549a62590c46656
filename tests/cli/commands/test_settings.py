from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from crawler.config import Config, render_config
from tests.lookalikes import whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


@pytest.fixture(autouse=True)
def _settings_of_nobody(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file of whoever runs the tests."""
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path_factory.mktemp("home")))


def test_init_writes_every_setting_and_an_archive_and_nothing_twice(
    crawler: Crawler, folder: Path
) -> None:
    assert crawler("init").exit_code == 0
    written = (folder / "config.toml").read_text(encoding="utf-8")
    assert written == render_config(Config())
    assert (folder / "archive.db").is_file()
    (folder / "config.toml").write_text("[search]\nngram = 3\n", encoding="utf-8")
    result = crawler("init")
    assert result.exit_code == 0
    assert "left as it is" in result.stderr.replace("was left as it is", "left as it is")
    assert (folder / "config.toml").read_text(encoding="utf-8") == "[search]\nngram = 3\n"


def test_config_prints_what_is_in_force_and_from_where(crawler: Crawler, folder: Path) -> None:
    nothing = crawler("config")
    assert nothing.exit_code == 0
    assert "the defaults" in nothing.stderr
    (folder / "mine.toml").write_text("[search]\nngram = 3\n", encoding="utf-8")
    result = crawler("--config", "mine.toml", "config")
    assert tomllib.loads(result.stdout)["search"]["ngram"] == 3
    assert "mine.toml" in result.stderr


def test_settings_of_the_platform_hold_where_none_are_here(
    crawler: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = folder / "home" / "wechat-article-archive"
    own.mkdir(parents=True)
    (own / "config.toml").write_text('[archive]\npath = "kept.db"\n', encoding="utf-8")
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: folder / "home" / name)
    assert "kept.db" in crawler("config").stderr
    (folder / "config.toml").write_text('[archive]\npath = "here.db"\n', encoding="utf-8")
    assert "here.db" in crawler("config").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--db", "other.db", "status"),
        ("status", "--db", "other.db"),
        ("queue", "list", "--db", "other.db"),
        ("queue", "--db", "other.db", "list"),
        ("status", "--config", "other.toml"),
    ],
)
def test_archive_and_settings_may_be_named_before_a_command_and_behind_it(
    crawler: Crawler, folder: Path, arguments: tuple[str, ...]
) -> None:
    (folder / "other.toml").write_text('[archive]\npath = "other.db"\n', encoding="utf-8")
    (folder / "a.md").write_text(whole_seed(), encoding="utf-8")
    assert crawler("reclean", "a.md", "--db", "other.db").exit_code == 0
    assert not (folder / "archive.db").exists()
    assert crawler(*arguments).exit_code == 0


def test_the_archive_that_was_named_wins_over_settings_behind_the_command(
    crawler: Crawler, folder: Path
) -> None:
    (folder / "other.toml").write_text('[archive]\npath = "wrong.db"\n', encoding="utf-8")
    assert crawler("--db", "right.db", "init", "--config", "other.toml").exit_code == 0
    assert (folder / "right.db").exists()
    assert not (folder / "wrong.db").exists()


@pytest.mark.parametrize(
    ("setting", "command"),
    [
        ("[fetch]\ngateway", "fetch https://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA"),
        ("[fetch]\nfeeds", "fetch --feed http://127.0.0.1:9/feed"),
        ("[recover]\ncontact = 'me@h.example'\narchives", "recover --web"),
    ],
)
def test_a_password_in_a_setting_is_shown_neither_by_config_nor_by_an_error(
    crawler: Crawler, folder: Path, setting: str, command: str
) -> None:
    crawler("init")
    address = '"http://ann:s3cr\\"et@127.0.0.1:9/web"'
    value = address if "gateway" in setting else f"[{address}]"
    (folder / "config.toml").write_text(f"{setting} = {value}\n", encoding="utf-8")
    shown, result = crawler("config"), crawler(*command.split())
    assert "http://***@127.0.0.1:9/web" in shown.stdout
    assert tomllib.loads(shown.stdout)
    assert result.exit_code == 2
    assert "***@127.0.0.1:9" in result.stderr
    for one in (shown, result):
        assert "ann" not in one.output.replace("channel", "").replace("cannot", "")
        assert "s3cr" not in one.output


def test_a_password_in_a_link_that_was_typed_is_not_in_the_error(crawler: Crawler) -> None:
    crawler("init")
    result = crawler("fetch", "https://ann:s3cret@example.org/a", "--feed", "http://a:s3cret@h/x")
    assert result.exit_code
    assert "s3cret" not in result.output
