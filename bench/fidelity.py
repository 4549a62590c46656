"""The scoreboard: `python -m bench.fidelity [FOLDER] [--ours]`.

Every article of a folder of pages (with an INDEX.tsv, as `shared/pages` has one) is converted by
this crawler and by every rival that is installed (`pip install .[rivals]`); each result is rendered
with markdown-it-py and compared with what the page's body shows. Prints the table of the README,
and every metric of ours below its goal.

For galleries, text posts and reposts the body is the page data's `content_noencode`, with the
gallery's pictures. Above an authorised reprint stands whose article it is, which a reader sees.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import html
import re
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bench.rivals import Input, installed, missing
from bench.scoring import Score, below_goal, score
from bench.shown import Shown, body_of_markup, shown
from crawler.clean.pages.split import split_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGES = Path(__file__).resolve().parent.parent.parent / "shared" / "pages"
KINDS_WITHOUT_ARTICLE = frozenset(
    {
        "account_page",
        "album",
        "deleted",
        "error_other",
        "verify",
        "violation",
        "migrated",
        "rate_limited",
    }
)


WRITTEN = re.compile(
    r"js_(?:video_desc|share_notice)'\)\.innerHTML\s*\+?=\s*[\"']((?:[^\"'\\\n]|\\.){4,4000})[\"']"
)


SOURCE = re.compile(rb"<p[^<>]*original_primary_card_tips[^<>]*>.{1,400}?</p>", re.DOTALL)
CONTAINER = re.compile(rb'id="js_content"[^<>]*>')


@dataclass(frozen=True, slots=True)
class Case:
    """One page and what it shows."""

    name: str
    page: bytes
    reference: Shown

    def given(self) -> Input:
        """What a converter is given, parsed anew, for some change it."""
        return Input(self.page, body_of_page(self.page))


def cases(folder: Path) -> Iterator[Case]:
    """Every page of the folder that holds an article."""
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        if row["kind"] in KINDS_WITHOUT_ARTICLE:
            continue
        page = gzip.decompress((folder / row["file"]).read_bytes())
        if row["scope"] == "fragment":
            page = b'<html><body><div id="js_content">%s</div></body></html>' % page
        reference = shown(body_of_page(with_source(page)))
        yield Case(row["file"].removesuffix(".html.gz"), page, reference)


def with_source(page: bytes) -> bytes:
    """The page with the line above a reprint set into its container."""
    source, container = SOURCE.search(page), CONTAINER.search(page)
    if source is None or container is None or source.start() > container.start():
        return page
    return page[: container.end()] + source[0] + page[container.end() :]


def body_of_page(page: bytes) -> LexborNode:
    """Where the article stands.

    The page's data for posts that scripts write, `#js_content`, or a whole fragment.
    """
    data = split_page(page).data
    tree = LexborHTMLParser(page)
    container = tree.css_first("#js_content")
    kind = data.text("item_show_type")
    content = data.text("content_noencode") or data.object("text_page_info").text(
        "content_noencode"
    )
    if kind in ("8", "10") and content:
        pictures = (
            [each.text("cdn_url") for each in data.objects("picture_page_info_list")]
            if kind == "8"
            else []
        )
        shown_pictures = "".join(f'<img src="{html.escape(address)}">' for address in pictures)
        return body_of_markup(f"<p>{content}</p>{shown_pictures}")
    if container is None:
        return body_of_markup(_meta(tree, "og:description"))
    written = _written(page) or _meta(tree, "og:description")
    if content and not container.text(strip=True):
        return body_of_markup(f"<p>{written}</p>{_repost_source(tree)}{content}")
    if kind == "5":  # a player's card: the words that a script writes, and the video's title
        return body_of_markup(
            f"<p>{written}</p><p>{data.text('title', 'msg_title')}</p><iframe></iframe>"
        )
    return container


def _meta(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f'meta[property="{name}"]')
    return ((node.attributes.get("content") or "") if node else "").replace("\\x0a", "\n")


def _written(page: bytes) -> str:
    """The words that a script writes into a shared post."""
    match = WRITTEN.search(page.decode("utf-8", "replace"))
    return match[1].replace("\\x0a", "\n") if match else ""


def _repost_source(tree: LexborHTMLParser) -> str:
    parts = (tree.css_first(name) for name in ("#js_share_author", "#original_panel_title"))
    return "".join(f"<p>{html.escape(part.text())}</p>" for part in parts if part)


def run(case: Case, convert: Callable[[Input], str]) -> Score:
    """One converter on one page; one that breaks has found nothing."""
    given = case.given()
    start = time.perf_counter()
    try:
        markdown = convert(given)
    except Exception as error:  # noqa: BLE001 - whatever a rival raises
        print(f"<!-- {type(error).__name__} on {case.name}: {str(error)[:80]} -->")
        markdown = ""
    return score(markdown, case.reference, (time.perf_counter() - start) * 1000)


def table(results: dict[str, list[Score]]) -> str:
    """The scoreboard in Markdown; means over pages, leaks summed, the median of the times."""
    head = ("recall", "precision", "images", "links", "code", "cells", "bold")
    rows = [
        f"| | {' | '.join(head)} | leaks | ms/page (median) |",
        "|---|" + "---|" * (len(head) + 2),
    ]
    for name, scores in results.items():
        means = [
            f"{statistics.fmean(getattr(each, metric) for each in scores):.3f}" for metric in head
        ]
        leaks = sum(each.leaks for each in scores)
        median = statistics.median(each.milliseconds for each in scores)
        rows.append(f"| {name} | {' | '.join(means)} | {leaks} | {median:.1f} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Score converters on a folder of pages.")
    parser.add_argument("folder", nargs="?", type=Path, default=PAGES)
    parser.add_argument("--ours", action="store_true", help="leave the rivals out")
    options = parser.parse_args()
    found = list(cases(options.folder))
    converters = installed()
    if options.ours:
        converters = {name: convert for name, convert in converters.items() if "crawler" in name}
    results = {name: [run(case, convert) for case in found] for name, convert in converters.items()}
    print(f"{len(found)} pages\n\n{table(results)}\n")
    if missing() and not options.ours:
        print(f"Not installed, so not measured: {', '.join(missing())}\n")
    ours = next(iter(results.values()))
    misses = [
        (case.name, below)
        for case, each in zip(found, ours, strict=True)
        if (below := below_goal(each))
    ]
    print(f"Below the goal: {len(misses)} pages")
    for name, below in misses:
        print(f"- {name}: " + ", ".join(f"{metric} {value:.4g}" for metric, value in below.items()))


if __name__ == "__main__":
    main()
