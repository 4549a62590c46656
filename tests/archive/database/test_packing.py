"""What packing texts promises to whoever does it in several threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

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
