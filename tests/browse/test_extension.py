"""What stores ask of an extension: it may little, brings all its code, and no page gets into it."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from base64 import b64decode
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from crawler.browse import bookmarklet, extension_folder
from crawler.browse.clients import CHROMIUM_ID
from scripts.pack_extension import pack
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

EXTENSION = ROOT / "extension"
MANIFEST = json.loads((EXTENSION / "manifest.json").read_text(encoding="utf-8"))
SCRIPTS = sorted(EXTENSION.glob("*.js"))
PAGES = sorted(EXTENSION.glob("*.html"))
KEYS = {
    *("manifest_version", "name", "version", "description", "key", "permissions", "icons"),
    *("host_permissions", "optional_host_permissions", "background", "action", "options_ui"),
    *("content_security_policy", "browser_specific_settings"),
}
FORBIDDEN = re.compile(
    r"\beval\b|\bnew Function\b|innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write"
    r"|\bimport\s*\(|setTimeout\(\s*[\"'`]|createElement\(\s*[\"']script|executeScript\([^)]*code:"
)
ADDRESS = re.compile(r"(?:https?|wss?|data|blob):[^\s\"'`]*")


def test_it_may_look_at_the_tab_that_is_pressed_and_speak_to_this_machine() -> None:
    assert MANIFEST["manifest_version"] == 3
    assert MANIFEST["permissions"] == ["activeTab", "scripting", "storage"]
    assert MANIFEST["host_permissions"] == ["http://127.0.0.1/*"]
    # asked for when a reader wants all tabs of a window, and not before
    assert MANIFEST["optional_host_permissions"] == ["https://mp.weixin.qq.com/*"]
    assert set(MANIFEST) == KEYS


def test_both_kinds_of_browser_find_its_background() -> None:
    assert MANIFEST["background"] == {
        "service_worker": "background.js",
        "scripts": ["page.js", "background.js"],
    }
    gecko = MANIFEST["browser_specific_settings"]["gecko"]
    assert set(gecko) == {"id", "strict_min_version", "data_collection_permissions"}


def test_its_key_makes_the_name_that_the_server_knows() -> None:
    digest = hashlib.sha256(b64decode(MANIFEST["key"])).hexdigest()[:32]
    assert "".join(chr(ord("a") + int(digit, 16)) for digit in digest) == CHROMIUM_ID


def test_every_file_that_it_names_is_there_and_no_other() -> None:
    named = {"manifest.json", "bookmarklet.js"}
    named |= set(MANIFEST["background"]["scripts"]) | set(MANIFEST["icons"].values())
    named |= set(MANIFEST["action"]["default_icon"].values())
    named |= {MANIFEST["action"]["default_popup"], MANIFEST["options_ui"]["page"]}
    for page in PAGES:
        named |= set(re.findall(r'(?:src|href)="([^"]+)"', page.read_text(encoding="utf-8")))
    assert {file.name for file in EXTENSION.iterdir()} == named


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_runs_words_or_writes_markup_or_speaks_to_another_host(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert not FORBIDDEN.search(text)
    assert '"use strict";' in text or script.name == "bookmarklet.js"
    hosts = {address for address in ADDRESS.findall(text) if "//" in address}
    allowed = ("http://127.0.0.1", "https://mp.weixin.qq.com/")
    assert all(address.startswith(allowed) for address in hosts), hosts


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str, str]] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.in_script = tag == "script"

    def handle_data(self, data: str) -> None:
        assert not (self.in_script and data.strip())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_no_page_of_it_has_code_in_it_or_loads_any_from_elsewhere(page: Path) -> None:
    tags = _Tags()
    tags.feed(page.read_text(encoding="utf-8"))
    assert not [name for _, name, _ in tags.attributes if name.startswith("on")]
    assert not [value for _, name, value in tags.attributes if "//" in value and name != "charset"]


def test_its_policy_lets_it_speak_to_this_machine_alone() -> None:
    policy = MANIFEST["content_security_policy"]["extension_pages"]
    said = dict(part.split(None, 1) for part in policy.split("; "))
    assert said["default-src"] == "'none'"
    assert said["connect-src"] == "http://127.0.0.1:*"
    assert "unsafe" not in policy


def test_the_packed_one_holds_these_files_and_is_the_same_every_time(tmp_path: Path) -> None:
    first, second = pack(tmp_path / "a"), pack(tmp_path / "b")
    assert first.name == f"wechat-article-archive-capture-{MANIFEST['version']}.zip"
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as packed:
        files = {file.name for file in EXTENSION.iterdir()} - {"bookmarklet.js"}
        assert set(packed.namelist()) == files


def test_the_folder_that_is_shown_is_the_extension_and_a_wheel_carries_all_of_it() -> None:
    shown = {path.name: path.read_bytes() for path in extension_folder().iterdir()}
    assert shown == {path.name: path.read_bytes() for path in EXTENSION.iterdir()}


def test_the_bookmarklet_has_no_comment_that_would_end_it() -> None:
    assert "//%20" not in bookmarklet("http://127.0.0.1:1", "x" * 43)
