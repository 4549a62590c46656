"""How fast other tools' documents come in: `python -m bench.adopt [FOLDER] [--repeat N]`.

Prints documents a second for judging what a file is, for reading one, and for the whole way into
an archive, by the clock; where one process does all, also a second of the processor, which counts
where others use the machine. The documents are real seeds (../shared/seeds) in the dress of two
other tools, each round with identities of its own, so that their texts are as long and as odd as
real ones.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from crawler.archive import Archive
from crawler.clean.exports import Document, read_export
from crawler.clean.exports.known import identify
from crawler.clean.exports.read import decode
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


class Rate:
    """Prints how many documents a second that was."""

    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), time.process_time()

    def say(self, what: str, count: int, *, processes: int = 1) -> None:
        """`count` documents were done; of other processes only the clock is known."""
        clock, processor = time.perf_counter(), time.process_time()
        line = f"{what:<40} {count / (clock - self._clock):>9,.0f} a second"
        if processes == 1:
            line += f" {count / (processor - self._processor):>9,.0f} a second of the processor"
        print(line)


def main() -> None:
    """Measure the three rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--repeat", type=int, default=1)
    arguments = parser.parse_args()
    documents = in_other_dress(arguments.folder, arguments.repeat)
    size = sum(map(len, documents)) / max(1, len(documents))
    print(f"{len(documents):,} documents of {size:,.0f} bytes in the mean")
    rate = Rate()
    known = sum(identify(decode(each) or "").id != "unknown" for each in documents)
    rate.say(f"judged ({known:,} known)", len(documents))
    rate = Rate()
    for each in documents:
        read_export(Document(name="a.md", content=each))
    rate.say("read, one process", len(documents))
    for workers in (1, os.cpu_count() or 1):
        with tempfile.TemporaryDirectory() as scratch:
            _adopt(documents, Path(scratch), workers)


def _adopt(documents: list[bytes], scratch: Path, workers: int) -> None:
    for number, each in enumerate(documents):
        (scratch / f"{number}.md").write_bytes(each)
    files = sorted(scratch.glob("*.md"))
    rate = Rate()
    with Archive.open(scratch / "archive.db") as archive:
        outcomes = list(reclean(files, archive, workers=workers))
    processes = "one process" if workers == 1 else f"{workers} processes"
    rate.say(f"adopted, {processes}", len(outcomes), processes=workers)


if __name__ == "__main__":
    main()
