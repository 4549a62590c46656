"""axe-core on every page, wide and narrow, light and dark, in both languages.

Needs chromium, playwright, and the package that brings axe-core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

import pytest

from tests.browse.conftest import find_chromium, serving, serving_door
from tests.browse.library import SECTIONS, make_article, make_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browse.browser import Visit

browser = pytest.importorskip(
    "tests.browse.browser", reason="playwright is not installed: pip install playwright"
)
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright",
    reason="axe-core is not installed: pip install axe-playwright-python",
)
CHROMIUM = find_chromium()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no chromium: apt-get install chromium, or name one in CHROMIUM"
    ),
]

KEY = quote(make_article(0).id, safe="")
ROW = KEY.replace("%", "~")
ARTICLES = (
    f"/article/{KEY}",
    "/article/MzB4%3A9%3A1",  # which means harm
    "/article/MzB4%3A10%3A1",  # which has no text
    "/article/MzB4%3A11%3A1",  # which is long, with formulas
    "/article/none",
)
OURS = (
    *("/", "/articles", "/articles?q=诈骗&since=2024-01-01&sort=longest", "/articles?q=AND"),
    *("/articles?q=诈骗案", "/articles?q=诈骗案&all=1&no-fold=1"),
    *ARTICLES,
    *(f"/revisions/{KEY}", "/account/北岸读书会", "/account/none", "/states", "/deaths"),
)
DATASETTES = (
    *("/archive", "/archive/articles", f"/archive/articles/{ROW}", "/archive/events"),
    *("/archive?sql=select+1", "/archive/articles?_search=诈骗", "/nowhere"),
)
WIDTHS = {"phone": 390, "desk": 1280}
LOOKS: dict[int, tuple[Literal["light", "dark"], str]] = {
    WIDTHS["phone"]: ("dark", "zh-CN"),
    WIDTHS["desk"]: ("light", "en"),
}
"""The colours and the language in which axe-core looks at a width: each with one of the other."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site as `crawler serve --write` shows it, with something of a reader's."""
    path: Path = tmp_path_factory.mktemp("written") / "archive.db"
    make_library(path, personal=True)
    with serving(path, write=True) as address:
        yield address


@pytest.fixture(scope="module", params=WIDTHS)
def visit(request: pytest.FixtureRequest, written: str) -> Iterator[Visit]:
    with browser.visit(written, CHROMIUM, width=WIDTHS[request.param]) as found:
        yield found


def _found(visit: Visit, path: str, language: str) -> list[str]:
    visit.page.context.set_extra_http_headers({"Accept-Language": language})
    visit.open(path)
    violations = axe.Axe().run(visit.page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in violations]


@pytest.mark.parametrize("path", OURS)
def test_axe_finds_nothing_on_a_page_of_ours(visit: Visit, path: str) -> None:
    window = visit.page.viewport_size
    assert window
    scheme, language = LOOKS[window["width"]]
    visit.page.emulate_media(color_scheme=scheme)
    assert _found(visit, path, language) == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("path", OURS)
def test_no_page_of_ours_is_wider_than_its_window(visit: Visit, path: str, language: str) -> None:
    visit.page.context.set_extra_http_headers({"Accept-Language": language})
    visit.open(path)
    assert visit.page.locator("html").get_attribute("lang") == language
    assert visit.overflow() == ""
    assert visit.leaks == []


@pytest.mark.parametrize("path", DATASETTES)
def test_axe_finds_nothing_on_a_page_of_datasettes(visit: Visit, path: str) -> None:
    visit.page.emulate_media(color_scheme="light")
    assert _found(visit, path, "en") == []


def test_counts_stand_on_one_line_beside_names_of_any_length(visit: Visit) -> None:
    visit.open("/articles")
    visit.page.evaluate(
        "() => { document.querySelector('.facets').open = true;"
        " for (const name of document.querySelectorAll('.facets li a'))"
        " name.textContent = '很长的账号名'.repeat(9) }"
    )
    for number in visit.page.locator(".facets .number").all()[:8]:
        box = number.bounding_box()
        assert box
        assert box["height"] < 30
    assert visit.overflow() == ""


def test_a_formula_is_drawn(visit: Visit) -> None:
    visit.open("/article/MzB4%3A11%3A1")
    fraction = visit.page.locator("math mfrac").first.bounding_box()
    assert fraction
    assert fraction["height"] > 20
    assert visit.page.locator(".contents a").all_inner_texts() == list(SECTIONS)


def test_axe_finds_nothing_on_the_page_of_capture(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.db"
    make_library(path)
    with serving_door(path, "t" * 43) as address:
        monkeypatch.setattr(visit, "address", address)
        assert _found(visit, "/capture", "zh-CN") == []
        visit.page.evaluate(
            "() => { for (const code of document.querySelectorAll('code'))"
            " code.textContent = '/a/folder/of/any/length'.repeat(9) }"
        )
        assert visit.overflow() == ""
