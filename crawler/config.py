"""config.toml -> frozen dataclasses.

Every setting, its default and what it may be stand here and nowhere else.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from reprlib import Repr
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.errors import ConfigError, InputError
from crawler.inputs import read_input

if TYPE_CHECKING:
    from pathlib import Path

USER_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
    " Safari/537.36"
)
MAX_CONFIG_BYTES = 256 << 10
_ADVICE = "compare it with one that crawler init writes"


def _setting(default: Any, about: str, **limits: Any) -> Any:
    """A field, its comment in config.toml, and limits: `low`, `high`, `choices`, `item`, `url`."""
    if isinstance(default, tuple):
        limits.setdefault("item", str)
    return field(default=default, metadata={"about": about, **limits})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveConfig:
    """Section [archive]."""

    path: str = _setting("archive.db", "the SQLite file, relative to the current directory")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedsConfig:
    """Section [seeds]."""

    path: str = _setting("seeds", "the folder that `crawler reclean` reads when it is given none")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchConfig:
    """Section [fetch]."""

    gateway: str = _setting(
        "",
        'e.g. "http://127.0.0.1:8765": send every request there, Host and path unchanged',
        url=True,
    )
    interval: float = _setting(
        6.0, "seconds between the starts of two requests to one host", low=0.0, high=3600.0
    )
    jitter: float = _setting(4.0, "up to so many seconds more, at random", low=0.0, high=3600.0)
    picture_interval: float = _setting(
        1.0, "the same for the hosts of pictures", low=0.0, high=3600.0
    )
    attempts: int = _setting(3, "tries for one URL in one run", low=1, high=10)
    daily_limit: int = _setting(
        2000, "pages a day, after which a run stops kindly", low=1, high=1_000_000
    )
    unsigned: str = _setting(
        "skip", 'long links without chksm: "skip" them, or "try"', choices=("skip", "try")
    )
    discover: bool = _setting(
        default=False, about="whether an album's page may add the articles that it lists"
    )
    user_agent: str = _setting(USER_AGENT, "one fixed browser-like name, never rotated")
    hosts: tuple[str, ...] = _setting((), "hosts that may be asked beside WeChat's own")
    feeds: tuple[str, ...] = _setting(
        (),
        'servers of your own that `--feed` may ask, e.g. "http://127.0.0.1:1200" of RSSHub',
        url=True,
    )
    trusted_networks: tuple[str, ...] = _setting(
        (),
        'networks that names may resolve to though they are not public, e.g. "198.18.0.0/15" of a'
        " TUN proxy",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchConfig:
    """Section [watch]: when `crawler watch` looks again, and how often in a day."""

    steps: tuple[int, ...] = _setting(
        (1, 3, 7, 14, 30),
        "days after publication at which an article is looked at again",
        item=int,
        low=1,
        high=36_500,
    )
    every: int = _setting(
        60,
        "days between two looks at an older article, as far as the day allows",
        low=1,
        high=36_500,
    )
    share: float = _setting(
        0.5, "of [fetch] daily_limit that looking again may take in a day", low=0.001, high=1.0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverConfig:
    """Section [recover]: what `crawler recover --web` asks, and who we say we are there."""

    archives: tuple[str, ...] = _setting(
        ("https://web.archive.org/web",),
        'where web archives replay; of a pywb its collection, e.g. "http://127.0.0.1:8080/mine", of'
        ' one without an index its TimeMaps, e.g. "https://example.org/timemap/link"',
        url=True,
    )
    contact: str = _setting(
        "", "an address at which the archives' keepers reach you; nothing is sent without one"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchConfig:
    """Section [search]."""

    ngram: int = _setting(
        2,
        "6 finds words up to six characters even without our plugin, with an index some seven times"
        " larger",
        low=2,
        high=6,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoConfig:
    """Section [promo]: an account's own repeated head and tail blocks."""

    enabled: bool = _setting(
        default=True, about="take off what an account repeats at the edges of its articles"
    )
    min_articles: int = _setting(
        5,
        "so many articles must have a block at their edge, a closing picture 3 in 5 of that, and"
        " 2 in 5 where they end alike",
        low=2,
        high=1000,
    )
    min_share: float = _setting(
        0.25, "and of this share of what was published around that time", low=0.01, high=1.0
    )
    add: tuple[str, ...] = _setting(
        (), "blocks that always go where they stand at an edge, as they read"
    )
    pin: tuple[str, ...] = _setting((), "blocks that always stay, as they read")
    exempt: tuple[str, ...] = _setting((), "accounts whose articles are left whole, by name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All of config.toml."""

    archive: ArchiveConfig = field(default_factory=ArchiveConfig)
    seeds: SeedsConfig = field(default_factory=SeedsConfig)
    fetch: FetchConfig = field(default_factory=FetchConfig)
    watch: WatchConfig = field(default_factory=WatchConfig)
    recover: RecoverConfig = field(default_factory=RecoverConfig)
    search: SearchConfig = field(default_factory=SearchConfig)
    promo: PromoConfig = field(default_factory=PromoConfig)


_SECTIONS: dict[str, type[Any]] = {
    section.name: type(getattr(Config(), section.name)) for section in fields(Config)
}


def load_config(path: Path) -> Config:
    """Read a config.toml.

    Raises ConfigError that names the key, the value and what is allowed.
    """
    try:
        data = _parsed(read_input(path, MAX_CONFIG_BYTES).decode("utf-8-sig"))
    except InputError as error:
        advice = "leave --config out to use the defaults"
        raise ConfigError(error.subject, error.what, advice) from None
    except ValueError as error:  # no UTF-8, no TOML, or a number of thousands of digits
        what = f"cannot be read as TOML: {error}"
        raise ConfigError(str(path), what, _ADVICE) from None
    except RecursionError:
        what = "cannot be read as TOML: it is nested too deeply"
        raise ConfigError(str(path), what, _ADVICE) from None
    return read_config(data, str(path))


def _parsed(text: str) -> dict[str, Any]:
    """What some TOML says. Raises ValueError, and RecursionError where it is nested too deeply."""
    if _DEEP_KEY.search(text):
        raise ValueError("a key has more than sixteen dots")
    return tomllib.loads(text)


# of ours none has more than one, and for thousands of them tomllib takes minutes
_DEEP_KEY = re.compile(
    r"""(?<![\w-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){17}"""
)


def read_config(data: Mapping[str, Any], where: str) -> Config:
    """Turn parsed TOML into a Config; `where` names it in errors."""
    for name, table in data.items():
        if name not in _SECTIONS:
            raise ConfigError(
                where, f"unknown section [{name}]", f"the sections are {_listed(_SECTIONS)}"
            )
        if not isinstance(table, Mapping):
            raise ConfigError(
                where,
                f"{name} = {_shown(table)} stands outside a section",
                f"write it below [{name}]",
            )
    built: dict[str, Any] = {
        name: _read_section(where, name, data.get(name, {})) for name in _SECTIONS
    }
    return Config(**built)


def _read_section(where: str, name: str, table: Mapping[str, Any]) -> object:
    settings = {setting.name: setting for setting in fields(_SECTIONS[name])}
    values = {}
    for key, value in table.items():
        if key not in settings:
            raise ConfigError(
                where, f"unknown key {key} in [{name}]", f"the keys are {_listed(settings)}"
            )
        allowed = _allowed(settings[key].default, settings[key].metadata)
        values[key] = _checked(value, settings[key].default, settings[key].metadata)
        if values[key] is None:
            raise ConfigError(
                where, f"[{name}] {key} = {_shown(value)} is not allowed", f"it takes {allowed}"
            )
    built: object = _SECTIONS[name](**values)
    return built


def _shown(value: Any) -> str:
    """A value as Python writes it, but for what is long or lies deep."""
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return _LONG_NUMBER
    shown = Repr()
    shown.maxstring = shown.maxother = _MOST_SHOWN
    try:
        return shown.repr(_without_user(value))
    except ValueError:  # of one in a list; Python 3.14 shows it in words of its own
        return _LONG_NUMBER


def _without_user(value: Any) -> Any:
    """A value less what stands before the host of an address, also of one that is broken by it."""
    if isinstance(value, list):
        return [_without_user(item) for item in value[:_MOST_ITEMS]]
    if not isinstance(value, str):
        return value
    before, _, host = value.rpartition("@")
    scheme, is_address, _ = before.partition("://")
    if is_address:
        return f"{scheme}://***@{host}"
    return f"***@{host}" if ":" in before else value


_MOST_ITEMS = 10  # of a list; Python's Repr shows fewer
_MOST_SHOWN = 200  # characters
_MOST_BITS = 10_000  # some 3,000 digits; Python writes 4,300 at most
_LONG_NUMBER = "a number of thousands of digits"


def _checked(value: Any, default: Any, limits: Mapping[str, Any]) -> Any:
    """The value as its field holds it, or None where it is not allowed."""
    if isinstance(default, float) and type(value) is int:
        value = _as_float(value)
    if isinstance(default, tuple):
        whole = isinstance(value, list) and all(type(item) is limits["item"] for item in value)
        if whole and limits.get("url"):
            whole = all(map(_is_address, value))
        if whole and "low" in limits:
            whole = all(limits["low"] <= item <= limits["high"] for item in value)
        return tuple(value) if whole else None
    if type(value) is not type(default):
        return None
    if "choices" in limits:
        return value if value in limits["choices"] else None
    if "low" in limits:
        return value if limits["low"] <= value <= limits["high"] else None
    if limits.get("url"):
        return value if not value or _is_address(value) else None
    is_cut = isinstance(value, str) and "\0" in value  # by whatever is told it: a path ends there
    return None if is_cut else value


def _as_float(value: int) -> float:
    """A whole number as the float that it is; one of hundreds of digits is none."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _is_address(text: str) -> bool:
    """Whether a text is an address of HTTP whose host a resolver takes, and its port, if any."""
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode("idna")
        _ = parts.port
    except ValueError:
        return False
    is_plain = text.isprintable() and " " not in text and len(text) <= _MAX_ADDRESS
    return is_plain and bool(host) and parts.scheme in ("http", "https")


_MAX_ADDRESS = 2_000  # characters


def _allowed(default: Any, limits: Mapping[str, Any]) -> str:
    if "choices" in limits:
        return " or ".join(f'"{choice}"' for choice in limits["choices"])
    if "low" in limits and isinstance(default, tuple):
        return f"a list of whole numbers from {limits['low']} to {limits['high']}"
    if "low" in limits:
        noun = "a whole number" if isinstance(default, int) else "a number"
        return f"{noun} from {limits['low']} to {limits['high']}"
    if limits.get("url") and isinstance(default, tuple):
        return 'a list of addresses like "https://example.org" or "http://127.0.0.1:8080"'
    if limits.get("url"):
        return 'an address like "http://127.0.0.1:8765", or ""'
    if isinstance(default, bool):
        return "true or false"
    return "a list of texts in quotes" if isinstance(default, tuple) else "a text in quotes"


def _listed(names: Mapping[str, Any]) -> str:
    return ", ".join(names)


def render_config(config: Config) -> str:
    """The text of a config.toml that says the same.

    The one that ships is `render_config(Config())`.
    """
    parts = ["# Every setting with its default. Flags on the command line win over this file.\n"]
    for section in fields(config):
        values = getattr(config, section.name)
        lines = [
            f"{setting.name} = {_toml(getattr(values, setting.name))}  #"
            f" {setting.metadata['about']}"
            for setting in fields(values)
        ]
        parts.append(f"[{section.name}]\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + _ESCAPED.sub(lambda found: _ESCAPES[found[0]], value) + '"'
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return repr(value)


_ESCAPES = {"\\": "\\\\", '"': '\\"'} | {
    chr(code): f"\\u{code:04x}" for code in (*range(0x20), 0x7F)
}
_ESCAPED = re.compile(r"""[\\"\x00-\x1f\x7f]""")
