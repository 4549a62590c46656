"""How long a vault takes: `python -m bench.vault [FOLDER] [--notes N]`.

Prints the seconds, by the clock and of the processor, in which notes of a vault are written, and
written again where nothing changed. The texts are the whole ones of real seeds (../shared/seeds),
each again and again under identities and titles of its own; every fifth links another article.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive import Archive, as_vault, export
from crawler.archive.saving import arrival_of
from crawler.article import sha256
from crawler.clean.seeds import read_seed
from crawler.flows import find_seeds
from crawler.flows.articles import article_of_seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.article import Article

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "seeds"
BIZ = "MzBenchVault=="
NOTES = 60_000
_AT_ONCE = 2_000


def whole_articles(folder: Path) -> list[Article]:
    """The articles with a text among the seeds below a folder."""
    found = []
    for path in find_seeds([folder])[0]:
        content = path.read_bytes()
        seed = read_seed(content)
        if seed.front and seed.text:
            found.append(article_of_seed(seed, seed.front, evidence=sha256(content)))
    return found


def under_new_names(articles: list[Article], count: int) -> Iterator[Article]:
    """As many as wanted, no two of one identity, title or text."""
    for number, article in zip(range(count), itertools.cycle(articles), strict=False):
        url = _link(number)
        link = f"\n\n见[{number // 2}]({_link(number // 2)})。\n" if number % 5 == 0 else "\n"
        yield replace(
            article,
            id=f"{BIZ}:{number}:1",
            url=url,
            aliases=(),
            biz=BIZ,
            mid=str(number),
            idx="1",
            sn="",
            title=f"{article.title} {number}",
            body=f"{article.body}{link}",
            evidence=sha256(url.encode()),
        )


def _link(number: int) -> str:
    return f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={number}&idx=1"


def fill(path: Path, folder: Path, count: int) -> None:
    """An archive of so many articles."""
    with Archive.open(path, ngram=None) as archive:
        articles = under_new_names(whole_articles(folder), count)
        while some := list(itertools.islice(articles, _AT_ONCE)):
            archive.save_all([arrival_of(article) for article in some])


def write(archive: Archive, folder: Path, what: str) -> None:
    """Write the vault, and print how long that took."""
    clock, processor = time.perf_counter(), time.process_time()
    done = list(export(archive, folder, layout=as_vault(archive, folder)))
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    fresh = sum(one.written for one in done)
    print(
        f"{what:<12} {len(done):>7,} notes, {fresh:>7,} written:"
        f" {clock:>6.1f} s, {processor:>6.1f} s of the processor"
    )


def main() -> None:
    """Fill an archive, and write its vault twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--notes", type=int, default=NOTES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        path = Path(name) / "archive.db"
        fill(path, options.folder, options.notes)
        with Archive.open(path, ngram=None) as archive:
            write(archive, Path(name) / "vault", "first run")
            write(archive, Path(name) / "vault", "second run")


if __name__ == "__main__":
    main()
