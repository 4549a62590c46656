"""Lines against the browser: `python -m bench.lines [FOLDER] [--show]`.

Each article of a folder of pages (as for `bench.fidelity`) is opened in headless Chromium, without
scripts and without the network; `innerText` gives the lines that a reader sees. Our Markdown is
rendered and opened in the same browser. A break is the six characters before it and the six after.
Bodies of tests/css_bodies.tsv, made up for their CSS, are measured beside them. Prints for each
sort of page how many of the page's breaks stand in ours (recall) and how many of ours are the
page's (precision), and with --show those that differ.

Needs chromium (`CHROMIUM` names it, else it is found) and playwright.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import statistics
import unicodedata
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from bench.fidelity import PAGES, body_of_page, cases, with_source
from crawler.clean.pages import read_page
from crawler.clean.pages.split import split_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RECALL, PRECISION = 0.999, 0.998  # the goal on every page
POSTS = ("8", "10")  # galleries and text posts
MADE = Path(__file__).resolve().parent.parent / "tests" / "css_bodies.tsv"
PLAIN_LINES = "<p>清晨的码头还没有醒来。</p><p>渔船排成一列。</p>"  # before each body of those
REACH = 6  # characters on each side of a break

RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202f\u2060\u3000\ufeff]+")
LIST_MARK = re.compile(r"(?:[•·●○▪■◆*-]|[0-9]{1,2}[.、)])(?=.)")
MARK = re.compile(  # of a list or a title, where it stands apart
    r"(?:[•·●○▪■◆*-]|[0-9]{1,2}[.、)]?|(?:part|no|step|chapter)[.]?[0-9]{1,2})\Z", re.IGNORECASE
)
WIDGET = re.compile(
    r"(?:视频|音频|音乐|投票|公众号|小程序|视频号|位置|商品|文章|游戏|商店|公益|搜一搜):"
    r"|(?:视频|音频|投票|红包封面|嵌入内容)\Z"
)
"""Our lines for what a browser without scripts cannot show."""

LINES_OF = """() => {
  const dropped = 'script, style, noscript, template, iframe, mp-common-profile, mp-style-type,'
    + ' mp-common-mpaudio, mpvoice, mp-miniprogram, mp-common-videosnap, mp-common-product,'
    + ' [id^="js_mpvedio_wrapper_"]';
  for (const each of document.querySelectorAll(dropped)) each.remove();
  for (const reading of document.querySelectorAll('rt')) {
    reading.textContent = '(' + reading.textContent + ')';
  }
  for (const each of document.querySelectorAll('#js_content')) {
    each.style.setProperty('visibility', 'visible', 'important');
    each.style.setProperty('opacity', '1', 'important');
  }
  return document.body.innerText;
}"""

Breaks = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineScore:
    """How the breaks of one page compare."""

    name: str
    breaks: int
    recall: float
    precision: float
    lost: tuple[str, ...]  # breaks of the page that ours lacks
    made: tuple[str, ...]  # breaks of ours that the page has not

    @property
    def missed(self) -> bool:
        """Whether the page is below the goal."""
        return self.recall < RECALL or self.precision < PRECISION


_PATIENCE = 600_000  # milliseconds after which a browser hangs; a busy machine is slow


def chromium() -> str:
    """Where the machine has a browser, or the empty string."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return os.environ.get("CHROMIUM", "") or next(filter(None, found), "")


@contextmanager
def browser(executable: str) -> Iterator[Callable[[str], str]]:
    """A browser that gives the lines of some HTML."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only whoever measures has it

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox"], timeout=_PATIENCE
        )
        page = running.new_context(offline=True, viewport={"width": 677, "height": 900}).new_page()

        def show(markup: str) -> str:
            page.set_content(markup, wait_until="domcontentloaded", timeout=_PATIENCE)
            return str(page.evaluate(LINES_OF))

        yield show
        running.close()


def lines(text: str) -> list[str]:
    """The lines of a text that say something, without white space.

    A mark that stands alone goes to the line after it: a browser sets the parts of a row apart.
    """
    split = unicodedata.normalize("NFKC", text).replace("\t", "\n").split("\n")
    dense = [line for line in (SPACE.sub("", line) for line in split) if line]
    joined: list[str] = []
    for line in dense:
        if joined and MARK.match(joined[-1]):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def breaks(dense: list[str]) -> Breaks:
    """Each break by what stands around it; a list's mark at the beginning of a line is no word."""
    words = [LIST_MARK.sub("", line) or line for line in dense]
    return Counter((before[-REACH:], after[:REACH]) for before, after in pairwise(words))


def compare(name: str, page: str, ours: str) -> LineScore:
    """Compare the lines that a page shows with those of our rendering."""
    wanted = breaks(lines(page))
    given = breaks([line for line in lines(ours) if not WIDGET.match(line)])
    common = (wanted & given).total()
    return LineScore(
        name=name,
        breaks=wanted.total(),
        recall=common / wanted.total() if wanted else 1.0,
        precision=common / given.total() if given else 1.0,
        lost=tuple("⏎".join(each) for each in wanted - given),
        made=tuple("⏎".join(each) for each in given - wanted),
    )


def measure(folder: Path, executable: str) -> list[LineScore]:
    """Every article of a folder that has more than one line."""
    scores = []
    with browser(executable) as show:
        for case in cases(folder):
            body = body_of_page(with_source(case.page))
            made = body.tag == "body"  # of the page's data, whose line feeds count
            if made and split_page(case.page).data.text("item_show_type") not in POSTS:
                continue  # a player's card, or a repost: a browser without scripts shows neither
            kept = ' style="white-space:pre-line"' if made else ""
            page = show(f"<meta charset=utf-8><div{kept}>{body.html}</div>")
            ours = show("<meta charset=utf-8>" + RENDERER.render(read_page(case.page).text))
            score = compare(case.name, page, ours)
            if score.breaks:
                scores.append(score)
    return scores


def measure_made(path: Path, executable: str) -> list[LineScore]:
    """Bodies of our own making, one a row, whose CSS decides where lines end."""
    with path.open(encoding="utf-8", newline="") as lines_of:
        rows = list(csv.DictReader(lines_of, delimiter="\t", quoting=csv.QUOTE_NONE))
    with browser(executable) as show:
        return [_score_made(row["name"], row["body"], show) for row in rows]


def _score_made(name: str, written: str, show: Callable[[str], str]) -> LineScore:
    body = PLAIN_LINES + written.replace("\\n", "\n").replace("\\t", "\t")
    page = f'<meta charset=utf-8><div id="js_article"><div id="js_content">{body}</div></div>'
    ours = RENDERER.render(read_page(page.encode()).text)
    return compare(f"made/{name}", show(page), show(f"<meta charset=utf-8>{ours}"))


def main() -> int:
    """Measure, and print the table of the README."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=PAGES)
    parser.add_argument("--show", action="store_true", help="print the breaks that differ")
    given = parser.parse_args()
    executable = chromium()
    if not executable:
        print("no browser: apt-get install chromium, or set CHROMIUM")
        return 1
    scores = measure(given.folder, executable) if given.folder.is_dir() else []
    scores += measure_made(MADE, executable)
    print("| pages | count | breaks | recall | precision |\n|---|---|---|---|---|")
    for kind in sorted({score.name.partition("/")[0] for score in scores}):
        _print_row(kind, [score for score in scores if score.name.partition("/")[0] == kind])
    _print_row("**all**", scores)
    missed = [score for score in scores if score.missed]
    print(f"\nBelow {RECALL} or {PRECISION}: {len(missed)} pages")
    for score in scores if given.show else missed:
        print(f"- {score.name}: recall {score.recall:.4f}, precision {score.precision:.4f}")
        if given.show:
            print(json.dumps({"lost": score.lost, "made": score.made}, ensure_ascii=False))
    return 0


def _print_row(kind: str, scores: list[LineScore]) -> None:
    recall = statistics.mean(score.recall for score in scores)
    precision = statistics.mean(score.precision for score in scores)
    total = sum(score.breaks for score in scores)
    print(f"| {kind} | {len(scores)} | {total} | {recall:.4f} | {precision:.4f} |")


if __name__ == "__main__":
    raise SystemExit(main())
