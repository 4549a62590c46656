"""What packing texts promises to whoever does it in several threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from crawler.archive.database.packing import pack, pack_tight, unpack

TEXTS = [f"{number}渡轮与灯塔".encode() * 40_000 for number in range(12)]


def test_threads_that_unpack_at_once_each_get_their_own_text() -> None:
    packed = [pack(text) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(unpack, packed * 8)) == TEXTS * 8


def test_what_threads_pack_at_once_is_whole() -> None:
    with ThreadPoolExecutor(4) as pool:
        packed = [*pool.map(pack, TEXTS * 8), *pool.map(pack_tight, TEXTS)]
    assert [unpack(one) for one in packed] == TEXTS * 9


def test_a_bit_of_a_stored_page_that_fell_gives_no_other_page() -> None:
    page = "".join(f"<p>第 {number} 夜，渡轮靠岸，灯塔亮了。</p>" for number in range(60)).encode()
    packed = pack_tight(page)
    read = set()
    for bit in range(len(packed) * 8):
        damaged = bytearray(packed)
        damaged[bit // 8] ^= 1 << bit % 8
        with suppress(ValueError):
            read.add(unpack(bytes(damaged)))
    assert read <= {page}
