"""What only the raw inputs can tell of an archive: seeds that were read, judged once more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.audit import Finding
from crawler.article import sha256
from crawler.clean.exports import Document
from crawler.errors import InputError
from crawler.flows.seeds import judge_again
from crawler.inputs import MAX_DOCUMENT_BYTES, read_input

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.archive import Archive

_AGAIN = "run: crawler reclean, on its folder"


def judge_seeds_again(archive: Archive) -> Iterator[Finding]:
    """Every seed file of which today's judgement is not what the archive has.

    A file that is gone, or is another one now, says nothing.
    """
    for name, digest, state in archive.seeds.all():
        try:
            content = read_input(Path(name), MAX_DOCUMENT_BYTES)
            if sha256(content) != digest:
                continue
        except (OSError, InputError):
            continue
        now = judge_again(Document(name=name, content=content))
        if now and now != state:
            what = f"the archive has it as {state}, and it is {now}"
            yield Finding(check="deep", subject=name, what=what, advice=_AGAIN)
