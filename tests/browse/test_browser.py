"""What a person sees, in a real browser.

Needs chromium (`apt-get install chromium`) and playwright.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browse.conftest import find_chromium
from tests.browse.library import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browse.browser import Visit

browser = pytest.importorskip(
    "tests.browse.browser", reason="playwright is not installed: pip install playwright"
)
CHROMIUM = find_chromium()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no chromium: apt-get install chromium, or name one in CHROMIUM"
    ),
]


@pytest.fixture(scope="module")
def visit(address: str) -> Iterator[Visit]:
    with browser.visit(address, CHROMIUM) as found:
        yield found


def test_the_front_page_shows_a_chart_accounts_and_states(visit: Visit) -> None:
    visit.open("/")
    assert visit.page.locator("h1").inner_text() == "71 articles"
    bars = visit.page.locator("svg.chart rect")
    assert bars.count() > 20
    assert all(
        (box := bars.nth(place).bounding_box()) and box["height"] > 1
        for place in range(bars.count())
    )
    assert visit.page.get_by_text("江畔安全观察").first.is_visible()
    assert visit.page.get_by_text("truncated").first.is_visible()
    assert (
        visit.page.evaluate("getComputedStyle(document.querySelector('.chart rect')).fill")
        != "rgb(0, 0, 0)"
    )


def test_a_search_leads_to_an_article_with_text_and_picture(visit: Visit) -> None:
    visit.open("/")
    visit.page.fill("input[name=q]", "诈骗")
    visit.page.click("header button")
    assert visit.page.locator("ol mark").first.inner_text() == "诈骗"
    visit.page.click("ol li h2 a >> nth=0")
    visit.page.wait_for_load_state("networkidle")
    assert "诈骗" in visit.page.locator(".body").inner_text()
    picture = visit.page.locator(".body img").first
    assert picture.evaluate("picture => picture.complete && picture.naturalWidth") == 640
    assert visit.pictures
    assert not any("referer" in headers for headers in visit.pictures)


def test_facets_narrow_a_search_and_can_be_given_up(visit: Visit) -> None:
    visit.open("/articles?q=诈骗")
    everything = visit.page.locator(".count").inner_text()
    visit.page.click(".facets a:text-is('2024')")
    narrowed = visit.page.locator(".count").inner_text()
    assert int(narrowed.split()[0]) < int(everything.split()[0])
    assert all(" 2024" in about for about in visit.page.locator("ol .about").all_inner_texts())
    visit.page.click("a.chosen >> nth=0")
    assert visit.page.locator(".count").inner_text() == everything


@pytest.mark.parametrize(
    "path", ["/article/MzB4%3A9%3A1", "/articles?q=恶意", "/archive/articles/MzB4:9:1", "/"]
)
def test_a_hostile_article_runs_nothing_and_asks_nobody(visit: Visit, path: str) -> None:
    visit.open(path)
    for link in visit.page.locator(".body a").all():
        link.click(no_wait_after=True)
    assert visit.page.evaluate("window.ran") is None
    assert visit.dialogs == []
    assert visit.leaks == []
    assert (
        visit.page.locator("main script, main iframe, .body form, .body style, .body svg").count()
        == 0
    )


def test_a_hostile_article_can_still_be_read(visit: Visit) -> None:
    visit.open("/article/MzB4%3A9%3A1")
    text = visit.page.locator(".body").inner_text()
    assert "结尾的一段" in HOSTILE
    assert "开头的一段" in text
    assert "结尾的一段，讲的是诈骗话术。" in text


def test_the_page_policy_would_stop_a_script_that_got_through(visit: Visit) -> None:
    visit.open("/article/MzB4%3A9%3A1")
    visit.page.evaluate(
        "() => { const late = document.createElement('script');"
        " late.textContent = 'window.ran = 1';"
        " document.body.append(late) }"
    )
    assert visit.page.evaluate("window.ran") is None


def test_the_box_of_datasette_itself_finds_chinese(visit: Visit) -> None:
    visit.open("/archive/articles")
    visit.page.fill("input[name=_search]", "电信网络诈骗")
    visit.page.press("input[name=_search]", "Enter")
    visit.page.wait_for_load_state("networkidle")
    assert "7 rows" in visit.page.locator("main h2, [role=main] h2").first.inner_text()


def test_filters_fold_on_a_phone_and_stand_open_on_a_desk(visit: Visit) -> None:
    visit.open("/articles")
    year = visit.page.locator(".facets a:text-is('2024')")
    assert year.is_visible()
    visit.page.set_viewport_size({"width": 390, "height": 844})
    assert not year.is_visible()
    visit.page.click(".facets summary")
    assert year.is_visible()
    visit.page.set_viewport_size({"width": 1200, "height": 860})


def test_keys_lead_through_a_list_into_an_article_and_on(visit: Visit) -> None:
    visit.open("/articles?account=北岸读书会")
    titles = visit.page.locator("[data-list] h2 a").all_inner_texts()
    focused = "document.activeElement.textContent"
    for key, place in (("j", 0), ("j", 1), ("k", 0), ("j", 1)):
        visit.page.keyboard.press(key)
        assert visit.page.evaluate(focused) == titles[place]
    visit.page.keyboard.press("o")
    visit.page.wait_for_url("**/article/**")
    assert visit.page.locator("h1").inner_text() == titles[1]
    with visit.page.expect_navigation():
        visit.page.keyboard.press("j")
    assert visit.page.locator("h1").inner_text() == titles[0]  # the later one
    visit.page.keyboard.press("/")
    assert visit.page.evaluate("document.activeElement.name") == "q"
    visit.page.keyboard.type("jk")
    assert visit.page.locator("input[name=q]").input_value() == "jk"


def test_a_chinese_browser_reads_chinese(visit: Visit) -> None:
    visit.page.context.set_extra_http_headers({"Accept-Language": "zh-CN,zh;q=0.9"})
    visit.open("/")
    assert visit.page.locator("html").get_attribute("lang") == "zh-CN"
    assert visit.page.locator("h1").inner_text() == "71 篇文章"
    visit.page.context.set_extra_http_headers({"Accept-Language": "en"})
