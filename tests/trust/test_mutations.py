"""Inputs that are damaged at random, by a seed: each is read in words, in bounded work."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.config import PromoConfig
from crawler.flows import Stripping, find_seeds, read_files
from crawler.flows.inputs import SUFFIXES
from tests.growth import count_lines
from tests.trust.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crawler.flows import Outcome
    from tests.trust.samples import Sample

INPUTS = 5_000
AT_ONCE = 250
COUNTED = 5  # of so many batches the work of one is counted: that costs five times the work
LINES = 60_000  # of Python for one input of some KB, its share of the saving included
SPLICES = (
    b"![", b"](", b"**", b"`" * 3, b"<", b"</section>", b"<!--", b"\x00", b"\xff\xfe", b"---\n",
    b"| a | b |\n", b"&#x110000;", "\u202e\ue000".encode(), b"\\", b"\r", b"\n--", b"]]>",
    b'":{"', b"&amp;", b"https://mp.weixin.qq.com/s?", b"\xe6\xbd", b"\x1b[2J", b"'", b'"', b";",
)  # fmt: skip
NESTS = (b"[", b"> ", b"{", b'{"a":', b"<div>", b"(", b"![", b"<b>", b"- ", b"*", b"<!DOCTYPE ")
NUMBERS = (b"9" * 5000, b"-1", b"1e999", b"9223372036854775808", b"0", b"00000000000000000001")
_DIGITS = re.compile(rb"[0-9]+")


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 8))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice((1, 8, 200, len(data)))]


def _garble(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start : start + 8] = chance.randbytes(8)


def _double(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = data[start : start + chance.choice((1, 8, 200))] * 4


def _swap(data: bytearray, chance: random.Random) -> None:
    one, two = sorted(chance.randrange(len(data)) for _ in range(2))
    size = min(chance.choice((4, 64)), two - one)
    data[one : one + size], data[two : two + size] = (
        data[two : two + size],
        data[one : one + size],
    )


def _splice(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = chance.choice(SPLICES)


def _nest(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = chance.choice(NESTS) * chance.choice((20, 300))


def _renumber(data: bytearray, chance: random.Random) -> None:
    numbers = list(_DIGITS.finditer(data))
    if numbers:
        start, end = chance.choice(numbers).span()
        data[start:end] = chance.choice(NUMBERS)


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_flip, _cut, _garble, _double),
    *(_swap, _splice, _nest, _renumber),
)


def _mutated(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        if data:
            chance.choice(MUTATIONS)(data, chance)
    return bytes(data)


def _damaged(sample: Sample, chance: random.Random) -> bytes:
    """The file with damage inside one of its parts, or in what is packed of them."""
    if chance.random() < 0.3:
        return _mutated(sample.build(sample.parts), chance)
    name = chance.choice(sorted(sample.parts))
    return sample.build({**sample.parts, name: _mutated(sample.parts[name], chance)})


def _read_all(folder: Path) -> list[Outcome]:
    files, errors = find_seeds([folder])
    assert not errors
    with Archive.open(folder.with_suffix(".archive")) as archive:
        stripping = Stripping(archive, PromoConfig())
        stages = read_files(files, archive, workers=1, stripping=stripping)
        return [outcome for stage in stages for outcome in stage.outcomes]


def _check(folder: Path, chance: random.Random, count: int, *, counted: bool) -> None:
    folder.mkdir()
    for number in range(count):
        suffix = SUFFIXES[number % len(SUFFIXES)]
        content = _damaged(chance.choice(SAMPLES[suffix]), chance)
        (folder / f"{number}{suffix}").write_bytes(content)
    outcomes: list[Outcome] = []
    if counted:
        lines = count_lines(lambda: outcomes.extend(_read_all(folder)))
        assert lines < LINES * count
    else:
        outcomes += _read_all(folder)
    assert all(outcome.state or outcome.error or outcome.taken_for for outcome in outcomes)
    assert not [outcome for outcome in outcomes if "broke its reader" in str(outcome.error)]


def test_there_is_a_sample_of_every_kind_that_is_read() -> None:
    assert set(SAMPLES) == set(SUFFIXES)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_sample_that_is_not_damaged_is_taken_for_something(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "given").mkdir()
    for number, sample in enumerate(SAMPLES[suffix]):
        (tmp_path / "given" / f"{number}{suffix}").write_bytes(sample.build(sample.parts))
    outcomes = _read_all(tmp_path / "given")
    assert any(outcome.change or outcome.queued or outcome.taken_for for outcome in outcomes) or (
        suffix in NAMED and all(outcome.error for outcome in outcomes)
    )


NAMED = (".opml", ".ods")
"""What is not read, but told how it can be."""


def test_damaged_inputs_are_read_in_words(tmp_path: Path) -> None:
    _check(tmp_path / "inputs", random.Random(20261126), 60, counted=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(INPUTS // AT_ONCE))
def test_thousands_of_damaged_inputs_are_read_in_words(tmp_path: Path, seed: int) -> None:
    counted = seed % COUNTED == 0
    _check(tmp_path / "inputs", random.Random(seed), AT_ONCE, counted=counted)


def test_what_is_broken_in_a_web_archive_is_not_printed_as_it_came(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "given").mkdir()
    warc = SAMPLES[".warc"][0]
    whole = warc.build(warc.parts)
    (tmp_path / "given" / "a.warc").write_bytes(
        whole.replace(b"\r\n\r\n\r\nWARC", b"\x1b[2Jx\nWARC")
    )
    page = warc.parts["resource"] + random.Random(1).randbytes(100_000).hex().encode()
    packed = SAMPLES[".warc.gz"][0].build({"resource": page})
    half = len(packed) // 2
    damaged = packed[:half] + bytes(byte ^ 0xFF for byte in packed[half : half + 64])
    (tmp_path / "given" / "b.warc.gz").write_bytes(damaged + packed[half + 64 :])
    outcomes = _read_all(tmp_path / "given")
    assert any("damaged" in str(outcome.error) for outcome in outcomes)
    assert capfd.readouterr() == ("", "")


WRONG: tuple[Any, ...] = (
    None,
    10**30,
    1.5,
    float("nan"),
    True,
    [],
    {},
    "",
    "../../etc/passwd",
    -1,
    [[]],
    [None],
)


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield (*above, key)
        if isinstance(one, dict | list):
            yield from _places(one, (*above, key))


def test_a_wrong_value_in_a_line_of_ours_is_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    head, *lines = SAMPLES[".jsonl"][1].build(SAMPLES[".jsonl"][1].parts).decode().splitlines()
    chance = random.Random(20261126)
    damaged = [head]
    for _ in range(400):
        told = json.loads(chance.choice(lines))
        *above, last = chance.choice(list(_places(told)))
        inside = told
        for key in above:
            inside = inside[key]
        if chance.random() < 0.3:
            del inside[last]
        else:
            inside[last] = chance.choice(WRONG)
        damaged.append(json.dumps(told))
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "a.jsonl").write_text("\n".join([*damaged, *lines]), encoding="utf-8")
    outcomes = _read_all(tmp_path / "given")
    assert sum(1 for outcome in outcomes if outcome.error) > 100
    assert sum(1 for outcome in outcomes if outcome.article_id) >= 1
