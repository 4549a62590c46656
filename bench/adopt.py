"""How fast other tools' documents come in: `python -m bench.adopt [FOLDER] [--repeat N]`.

Prints documents a second for judging what a file is, for reading one, and for the whole way into
an archive. The documents are real seeds (../shared/seeds) in the dress of two other tools, each
round with identities of its own, so that their texts are as long and as odd as real ones.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from crawler.archive import Archive
from crawler.clean.exports import Document, read_export
from crawler.clean.exports.read import decode, identify
from crawler.flows import find_seeds, reclean
from crawler.frontmatter import split_front_matter

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "seeds"


def in_other_dress(folder: Path, rounds: int) -> list[bytes]:
    """The seeds below a folder as jackwener's tool and wechatmp2markdown would write them."""
    documents = []
    for number, path in enumerate(find_seeds([folder])[0] * rounds):
        front, text = split_front_matter(path.read_bytes().decode("utf-8", "replace"))
        if front is None:
            continue
        title, account = front.title, front.source or "渡口"
        url = f"https://mp.weixin.qq.com/s/{number:022}"
        if number % 2:
            lines = f"> 公众号: {account}\n> 发布时间: {front.date}\n> 原文链接: {url}"
            head = f"# {title}\n\n{lines}\n\n---\n"
        else:
            head = f"> **原文链接**: {url}\n\n#  {title}   \n {account}   {front.date} 11:29  \n  "
        documents.append(f"{head}\n{text}".encode())
    return documents


def rate(what: str, count: int, start: float) -> None:
    """Print how many documents a second that was."""
    print(f"{what:<40} {count / (time.perf_counter() - start):>9,.0f} a second")


def main() -> None:
    """Measure the three rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--repeat", type=int, default=1)
    arguments = parser.parse_args()
    documents = in_other_dress(arguments.folder, arguments.repeat)
    size = sum(map(len, documents)) / max(1, len(documents))
    print(f"{len(documents):,} documents of {size:,.0f} bytes in the mean")
    start = time.perf_counter()
    known = sum(identify(decode(each) or "").id != "unknown" for each in documents)
    rate(f"judged ({known:,} known)", len(documents), start)
    start = time.perf_counter()
    for each in documents:
        read_export(Document(name="a.md", content=each))
    rate("read, one process", len(documents), start)
    with tempfile.TemporaryDirectory() as scratch:
        _adopt(documents, Path(scratch))


def _adopt(documents: list[bytes], scratch: Path) -> None:
    for number, each in enumerate(documents):
        (scratch / f"{number}.md").write_bytes(each)
    files = sorted(scratch.glob("*.md"))
    workers = os.cpu_count() or 1
    start = time.perf_counter()
    with Archive.open(scratch / "archive.db") as archive:
        outcomes = list(reclean(files, archive, workers=workers))
    rate(f"adopted, {workers} processes", len(outcomes), start)


if __name__ == "__main__":
    main()
