"""Other people's converters, each given what it asks for; one that is not installed is left out."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from crawler.clean.pages import read_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from selectolax.lexbor import LexborNode


@dataclass(frozen=True, slots=True)
class Input:
    """One page in the forms that converters take."""

    page: bytes
    body: LexborNode

    def body_html(self) -> str:
        """The HTML in the body's container (itself hidden until it loads), lazy pictures loaded."""
        for picture in self.body.css("img[data-src]"):
            picture.attrs["src"] = picture.attributes["data-src"]
        return self.body.inner_html or ""


def _ours(given: Input) -> str:
    return read_page(given.page).text


def _markdownify(given: Input) -> str:
    return str(
        importlib.import_module("markdownify").markdownify(given.body_html(), heading_style="ATX")
    )


def _html_to_markdown(given: Input) -> str:
    result = importlib.import_module("html_to_markdown").convert(given.body_html())
    return str(result.content)


def _trafilatura(given: Input) -> str:
    extract = importlib.import_module("trafilatura").extract
    written = extract(
        given.page.decode("utf-8", "replace"),
        output_format="markdown",
        include_links=True,
        include_images=True,
        include_formatting=True,
        include_tables=True,
    )
    return written or ""


def _wechat_article_parser(given: Input) -> str:
    parser = importlib.import_module("wechat_article_parser.parser")
    result = parser._parse_html(  # noqa: SLF001
        "https://mp.weixin.qq.com/s/abc", given.page.decode("utf-8", "replace")
    )
    return result.article_markdown or ""


def _wechat_article_to_markdown(given: Input) -> str:
    tool = importlib.import_module("wechat_article_to_markdown")
    soup = importlib.import_module("bs4").BeautifulSoup(
        given.page.decode("utf-8", "replace"), "html.parser"
    )
    content, blocks, _ = tool.process_content(soup)
    return str(tool.convert_to_markdown(content, blocks))


CONVERTERS: dict[str, tuple[str, Callable[[Input], str]]] = {
    # name in the table -> (distribution that it needs, how it is called)
    "**this crawler**": ("", _ours),
    "plain markdownify on the body": ("markdownify", _markdownify),
    "html-to-markdown (Rust)": ("html-to-markdown", _html_to_markdown),
    "trafilatura": ("trafilatura", _trafilatura),
    "wechat-article-parser": ("wechat-article-parser", _wechat_article_parser),
    "wechat-article-to-markdown": ("wechat-article-to-markdown", _wechat_article_to_markdown),
}


def installed() -> dict[str, Callable[[Input], str]]:
    """The converters that can be run here."""
    return {
        name: convert for name, (needs, convert) in CONVERTERS.items() if not needs or _has(needs)
    }


def missing() -> list[str]:
    """The distributions that are not installed."""
    return [needs for needs, _ in CONVERTERS.values() if needs and not _has(needs)]


def _has(distribution: str) -> bool:
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True
