from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from crawler.config import Config, PromoConfig, load_config, read_config, render_config
from crawler.errors import ConfigError
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_the_config_that_ships_says_every_default_with_its_comment() -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    assert text == render_config(Config())
    assert read_config(tomllib.loads(text), "config.toml") == Config()


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[fetch]\ninterval = 9\n", encoding="utf-8")
    config = load_config(path)
    assert config.fetch.interval == 9.0
    assert config.fetch.jitter == Config().fetch.jitter


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"fetch": {"intervall": 1}}, ["unknown key intervall", "[fetch]", "interval, jitter"]),
        ({"fetch": {"interval": "soon"}}, ["interval = 'soon'", "a number from 0.0 to 3600.0"]),
        ({"fetch": {"interval": -1}}, ["interval = -1", "a number from"]),
        ({"fetch": {"interval": float("nan")}}, ["interval = nan", "a number from"]),
        ({"fetch": {"attempts": True}}, ["attempts = True", "a whole number from 1 to 10"]),
        ({"fetch": {"unsigned": "maybe"}}, ["unsigned = 'maybe'", '"skip" or "try"']),
        ({"fetch": {"gateway": "mirror"}}, ["gateway = 'mirror'", "http://127.0.0.1:8765"]),
        ({"watch": {"steps": [1, "3"]}}, ["steps = [1, '3']", "a list of whole numbers from 1 to"]),
        ({"watch": {"steps": [0, 3]}}, ["steps = [0, 3]", "a list of whole numbers from 1 to"]),
        ({"watch": {"share": 2}}, ["share = 2", "a number from"]),
        ({"archive": {"path": "a\0"}}, [r"path = 'a\x00'", "a text in quotes"]),
        ({"fetch": {"interval": 10**400}}, ["interval = 1000", "a number from"]),
        ({"fetch": {"attempts": 10**5000}}, ["attempts = a number of thousands of digits"]),
        ({"fetch": {"gateway": "http://a..b"}}, ["gateway = 'http://a..b'", "an address like"]),
        ({"fetch": {"gateway": "http://[::1"}}, ["gateway = 'http://[::1'", "an address like"]),
        ({"fetch": {"feeds": ["http://xn--/"]}}, ["feeds = ['http://xn--/']", "addresses like"]),
        ({"recover": {"archives": ["http://h:99999"]}}, ["'http://h:99999'", "addresses like"]),
        ({"recover": {"archives": ["http://h/\0"]}}, [r"'http://h/\x00'", "addresses like"]),
        ({"fetching": {}}, ["unknown section [fetching]", "archive, seeds, fetch"]),
        ({"fetch": 3}, ["fetch = 3", "[fetch]"]),
    ],
)
def test_a_bad_setting_names_the_key_the_value_and_what_is_allowed(
    data: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(data, "config.toml")
    for word in ["config.toml", *words]:
        assert word in str(caught.value)


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[fetch\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be read as TOML"):
        load_config(broken)


def test_a_config_has_256_kb_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"#" * (256 << 10))
    assert load_config(path) == Config()
    path.write_bytes(b"#" * ((256 << 10) + 1))
    with pytest.raises(ConfigError, match="is larger than"):
        load_config(path)


def test_settings_that_are_nested_without_end_are_named(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("a = " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(ConfigError, match="nested too deeply"):
        load_config(path)


def test_a_number_of_thousands_of_digits_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f"[fetch]\ninterval = {'9' * 5000}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be read as TOML"):
        load_config(tmp_path / "config.toml")


def test_a_config_may_begin_with_the_mark_that_notepad_writes(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("\ufeff[fetch]\ninterval = 7.5\n", encoding="utf-8")
    assert load_config(path).fetch.interval == 7.5


@pytest.mark.parametrize(
    "key", ["a" + ".a" * 20_000, "[fetch.gateway" + ' . "a" ' * 3_000 + "]", "'a'" + ".'a'" * 17]
)
def test_a_key_of_thousands_of_parts_is_an_error_in_words_before_it_is_parsed(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tomllib, "loads", lambda _: pytest.fail("it was parsed"))
    (tmp_path / "config.toml").write_text(f"{key} = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="a key has more than sixteen dots"):
        load_config(tmp_path / "config.toml")


def test_dots_in_texts_are_no_keys(tmp_path: Path) -> None:
    dots = [
        "......................",
        "第一节.第二节.第三节",
        "1. 一. 2. 二. 3. 三." * 9,
        "a.b.c.d/" * 9,
    ]
    text = "[promo]\nadd = [" + ", ".join(f'"{one}"' for one in dots) + "]\n"
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    assert load_config(tmp_path / "config.toml").promo.add == tuple(dots)


def test_a_value_that_lies_deep_or_is_long_is_shown_in_part() -> None:
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"a": deep}
    for value in (deep, ["x"] * 5_000, "x" * 5_000):
        with pytest.raises(ConfigError, match=r"interval = .* is not allowed") as caught:
            read_config({"fetch": {"interval": value}}, "config.toml")
        assert len(str(caught.value)) < 400


def test_settings_of_any_letters_are_written_so_that_they_are_read_again() -> None:
    add = ("一段\n两行\t", 'a "b" \\ c', "\x1b[31m\x7f\x00", "\u2028é")
    config = Config(promo=PromoConfig(add=add))
    assert read_config(tomllib.loads(render_config(config)), "config.toml") == config


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8765", "https://例子.cn/a?b#c", "http://[::1]:80/", "http://rsshub:1200"],
)
def test_an_address_of_a_server_of_ones_own_is_allowed(url: str) -> None:
    told = {"fetch": {"gateway": url, "feeds": [url]}, "recover": {"archives": [url]}}
    assert read_config(told, "config.toml").fetch.gateway == url


@pytest.mark.parametrize(
    "address",
    [
        "http://ann:s3cret@h:99999",
        "http://ann:s3c/ret@h",
        "http://ann:s3c ret@h",
        "ann:s3cret@127.0.0.1:8080",
        "http://ann:" + "s3cret" * 500 + "@h:99999",
    ],
)
def test_a_bad_address_is_named_without_its_user_and_password(address: str) -> None:
    for told in ({"fetch": {"gateway": address}}, {"fetch": {"feeds": ["http://h", address]}}):
        with pytest.raises(ConfigError, match=r"\*\*\*@") as caught:
            read_config(told, "config.toml")
        assert not any(part in str(caught.value) for part in ("ann", "s3c", "ret@"))
