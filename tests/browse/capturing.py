"""A Chromium with the extension, in front of the fake WeChat, at its own address and by TLS."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from crawler.browse.clients import CHROMIUM_ID
from tests.browse.browser import ARGUMENTS
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright


def make_certificate(folder: Path) -> tuple[Path, str]:
    """A certificate with its key for the fake's hosts, and the pin by which a browser takes it."""
    path = folder / "both.pem"
    names = "DNS:mp.weixin.qq.com,DNS:mmbiz.qpic.cn,DNS:evil.example"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        f" -subj /CN=lighthouse -addext subjectAltName={names} -keyout {path} -out {path}.crt"
    )
    _openssl(command)
    path.write_bytes(path.read_bytes() + path.with_name("both.pem.crt").read_bytes())
    _openssl(f"openssl pkey -in {path} -pubout -outform der -out {path}.der")
    public = path.with_name("both.pem.der").read_bytes()
    return path, base64.b64encode(hashlib.sha256(public).digest()).decode()


def _openssl(command: str) -> None:
    subprocess.run(command.split(), check=True, capture_output=True)  # noqa: S603  (fixed words)


POPUP = f"chrome-extension://{CHROMIUM_ID}/popup.html"
_SETTINGS = f"chrome-extension://{CHROMIUM_ID}/options.html"
_BLANK = """async () => {
    const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
    await chrome.action.setBadgeText({ tabId: tab.id, text: "" });
}"""
_OUTCOME = """async () => {
    const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
    const { id: tabId } = tab;
    return [await chrome.action.getBadgeText({ tabId }), await chrome.action.getTitle({ tabId })];
}"""


@dataclass  # no slots: playwright keeps its wrappers on such objects
class Reader:
    """A browser that somebody reads WeChat in, and the extension's page of settings in a tab."""

    context: BrowserContext
    settings: Page
    _session: CDPSession

    def set_up(self, address: str, token: str, *, pictures: bool = False) -> None:
        """Give the extension its settings, as a reader does."""
        self.settings.bring_to_front()
        self.settings.fill("#token", token)
        self.settings.fill("#port", address.rpartition(":")[2])
        self.settings.click("#save")
        self.settings.wait_for_function("document.querySelector('#saved').textContent === 'Saved.'")
        self.settings.evaluate("value => chrome.storage.local.set({withPictures: value})", pictures)

    @contextmanager
    def tab(self, url: str, *, until: Literal["load", "commit"] = "load") -> Iterator[Page]:
        """A page in a tab of its own."""
        page = self.context.new_page()
        try:
            page.goto(url, wait_until=until)
            yield page
        finally:
            page.close()

    def press(self, page: Page) -> tuple[str, str]:
        """Press the extension's button on a page, as the browser's own bar would.

        Returns what the badge says in the end, and the line for people.
        """
        page.bring_to_front()
        self.settings.evaluate(_BLANK)
        tabs = self._session.send("Target.getTargets", {"filter": [{"type": "tab"}]})
        (tab,) = [one for one in tabs["targetInfos"] if one["url"] == page.url]
        named = {"id": CHROMIUM_ID, "targetId": tab["targetId"]}
        self._session.send("Extensions.triggerAction", named)
        badge = ""
        while badge in {"", "…"}:
            page.wait_for_timeout(50)
            badge, line = self.settings.evaluate(_OUTCOME)
        return badge, line


@contextmanager
def reading(
    playwright: Playwright, chromium: str, extension: Path, port: int, pin: str
) -> Iterator[Reader]:
    """Open a browser for which every host is the fake at a port, with the extension."""
    rules = f"MAP *:443 127.0.0.1:{port}, MAP evil.example 127.0.0.1"
    arguments = [
        *ARGUMENTS,
        f"--disable-extensions-except={extension}",
        f"--load-extension={extension}",
        "--enable-unsafe-extension-debugging",
        f"--host-resolver-rules={rules}",
        f"--ignore-certificate-errors-spki-list={pin}",
    ]
    with TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium,
            headless=True,
            args=arguments,
            ignore_default_args=["--disable-extensions"],
            timeout=PATIENCE * 1000,
        )
        context.set_default_timeout(PATIENCE * 1000)
        try:
            if not context.service_workers:
                context.wait_for_event("serviceworker")
            settings = context.pages[0]
            settings.goto(_SETTINGS)
            assert context.browser
            session = context.browser.new_browser_cdp_session()
            yield Reader(context=context, settings=settings, _session=session)
        finally:
            context.close()


def with_leave(extension: Path, folder: Path) -> Path:
    """A copy of the extension whose reader has allowed it already to look at WeChat's tabs."""
    copy = folder / "extension"
    shutil.copytree(extension, copy)
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["host_permissions"] += manifest.pop("optional_host_permissions")
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return copy
