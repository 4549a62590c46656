"""A headless Chromium that speaks to one address only, and notes what else a page asks for."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.browse.painting import paint
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Dialog, Page, Route

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_OVERFLOW = """() => {
    const page = document.documentElement;
    const more = page.scrollWidth - page.clientWidth;
    if (!more) return "";
    const isOut = (one) => one.getBoundingClientRect().right > page.clientWidth;
    const name = (one) => `<${one.tagName} ${one.className}> ${one.textContent.slice(0, 60)}`;
    const all = [...document.body.querySelectorAll("*")];
    return [`${more} pixels`, ...all.filter(isOut).map(name)].join("; ");
}"""
PICTURE_HOST = "https://mmbiz.qpic.cn/"


@dataclass  # no slots: playwright keeps its wrapper of `answer` on it
class Visit:
    """A page, what it asked other hosts for, and what it said on its console."""

    page: Page
    address: str
    # the headers of each request for a picture
    pictures: list[dict[str, str]] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)  # requests that went anywhere else
    dialogs: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open a page of the site and wait until it is all there."""
        self.page.goto(self.address + path, wait_until="networkidle")

    def overflow(self) -> str:
        """By how many pixels a page is wider than its window, and what sticks out; or nothing."""
        return str(self.page.evaluate(_OVERFLOW))

    def hear(self, dialog: Dialog) -> None:
        """Note a dialog, which nothing of ours opens."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def answer(self, route: Route) -> None:
        """Let the site's own requests through, paint WeChat's pictures, and refuse the rest."""
        url = route.request.url
        if url.startswith(self.address + "/"):
            route.continue_()
        elif url.startswith(PICTURE_HOST):
            self.pictures.append(route.request.all_headers())
            route.fulfill(content_type="image/png", body=paint(640, 240))
        else:
            self.leaks.append(url)
            route.abort()


@contextmanager
def visit(address: str, chromium: str, *, width: int = 1200, height: int = 860) -> Iterator[Visit]:
    """Open a browser with an empty profile for the site at an address."""
    with TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium,
            headless=True,
            args=list(ARGUMENTS),
            viewport={"width": width, "height": height},
            timeout=PATIENCE * 1000,
        )
        context.set_default_timeout(PATIENCE * 1000)
        found = Visit(page=context.pages[0], address=address)
        context.route("**/*", found.answer)
        found.page.on("dialog", found.hear)
        try:
            yield found
        finally:
            context.close()
