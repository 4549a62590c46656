"""Inputs that are damaged at random, by a seed: each is read in words, in bounded work."""

from __future__ import annotations

import gzip
import io
import random
from typing import TYPE_CHECKING

import pytest
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.archive import Archive
from crawler.flows import find_seeds, is_page_file, read_pages, reclean
from tests.fake_answers import article, gallery, short_link
from tests.growth import count_lines
from tests.lookalikes import deleted_seed, hollow_seed, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.flows import Outcome

INPUTS = 5_000
AT_ONCE = 250
LINES = 40_000  # of Python for one input of some KB, its share of the saving included
SPLICES = (
    b"![", b"](", b"**", b"`" * 3, b"<", b"</section>", b"<!--", b"\x00", b"\xff\xfe", b"---\n",
    b"| a | b |\n", b"&#x110000;", "\u202e\ue000".encode(), b"\\", b"\r", b"[" * 50, b"> " * 50,
)  # fmt: skip


def _warc() -> bytes:
    packed = io.BytesIO()
    writer = WARCWriter(packed, gzip=False)
    for number in range(2):
        record = writer.create_warc_record(
            short_link("article", number),
            "resource",
            payload=io.BytesIO(article(number)),
            length=len(article(number)),
            warc_content_type="text/html",
        )
        writer.write_record(record)
    return packed.getvalue()


KINDS: dict[str, tuple[bytes, ...]] = {
    "md": (whole_seed().encode(), hollow_seed().encode(), deleted_seed().encode()),
    "html": (article(1), gallery(2)),
    "warc": (_warc(),),
    "warc.gz": (gzip.compress(_warc()),),
}


def _mutated(content: bytes, chance: random.Random) -> bytes:
    """One input with a few bytes changed, cut, doubled or spliced in."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((1, 8, 200)))
        match chance.randrange(4):
            case 0:
                data[start:end] = b""
            case 1:
                data[start:end] = chance.randbytes(end - start)
            case 2:
                data[start:start] = data[start:end] * 4
            case _:
                data[start:start] = chance.choice(SPLICES)
    return bytes(data)


def _read_all(folder: Path) -> list[Outcome]:
    files, errors = find_seeds([folder])
    assert not errors
    with Archive.open(folder.with_suffix(".db")) as archive:
        outcomes = list(reclean([path for path in files if not is_page_file(path)], archive))
        for path in filter(is_page_file, files):
            outcomes += read_pages(path, archive)
    return outcomes


def _check(folder: Path, chance: random.Random, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        kind = chance.choice(sorted(KINDS))
        content = _mutated(chance.choice(KINDS[kind]), chance)
        (folder / f"{number}.{kind}").write_bytes(content)
    outcomes: list[Outcome] = []
    lines = count_lines(lambda: outcomes.extend(_read_all(folder)))
    assert lines < LINES * count
    assert all(outcome.state or outcome.error or outcome.taken_for for outcome in outcomes)


def test_damaged_inputs_are_read_in_words(tmp_path: Path) -> None:
    _check(tmp_path / "inputs", random.Random(20261126), 60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(INPUTS // AT_ONCE))
def test_thousands_of_damaged_inputs_are_read_in_words(tmp_path: Path, seed: int) -> None:
    _check(tmp_path / "inputs", random.Random(seed), AT_ONCE)
