from __future__ import annotations

import random
import tracemalloc
from base64 import b64encode

import pytest

from crawler.clean.stories import Shelf, Signed, are_same, letters_of, shingles_of, sign

CHARACTERS = [chr(0x4E00 + place) for place in range(600)]


def text(seed: int, sentences: int = 40) -> str:
    """Sentences of characters at random, which no two texts share."""
    dice = random.Random(seed)
    return "".join("".join(dice.choices(CHARACTERS, k=20)) + "。" for _ in range(sentences))


def signed(words: str) -> Signed:
    return sign(letters_of(f"# 灯塔\n\n{words}\n"))


def like(one: str, other: str, *, cut: bool = False) -> bool:
    shelf = Shelf()
    shelf.add(signed(one), cut=cut)
    return any(shelf.like(signed(other), cut=False))


def same(one: str, other: str, *, cut: bool = False) -> bool:
    pieces = (shingles_of(letters_of(words)) for words in (one, other))
    return are_same(*pieces, cut=(cut, False))


def test_a_signature_follows_from_the_letters_alone() -> None:
    assert signed(text(1)) == signed(text(1).replace("，", " ， "))
    assert signed(text(1)) != signed(text(2))


def test_a_signature_is_the_same_on_every_machine_and_in_every_version() -> None:
    assert signed("灯塔" * 40).signature.startswith("9NCgwSiyrNPqF5bFsVaIx049")


def test_a_text_of_few_letters_is_not_compared() -> None:
    assert sign("短" * 59) == Signed("", "")


@pytest.mark.parametrize("seed", range(20))
def test_a_text_that_was_passed_on_is_found_and_is_the_same(seed: int) -> None:
    whole = text(seed, 60)
    passed_on = f"本文转自江畔手记，版权归原作者所有。{whole}点击关注我们。"
    assert like(whole, passed_on)
    assert same(whole, passed_on)


@pytest.mark.parametrize("seed", range(20))
def test_another_text_of_the_same_frame_is_not_the_same(seed: int) -> None:
    frame = "每周一期，汇总灯塔、航标与雾号的消息，欢迎转发给值班的同事。" * 3
    assert not same(frame + text(seed, 12), frame + text(seed + 100, 12))


def test_a_copy_that_was_cut_is_a_part_of_the_whole_one() -> None:
    whole = text(7, 120)
    part = whole[: len(whole) // 2]
    assert like(part, whole, cut=True)
    assert same(part, whole, cut=True)
    assert not same(part, whole)


def test_a_text_that_is_like_no_other_takes_2_kb_of_a_shelf() -> None:
    dice = random.Random(1)
    texts = [Signed(f"{n:032x}", b64encode(dice.randbytes(320)).decode()) for n in range(500)]
    shelf = Shelf()
    tracemalloc.start()
    try:
        for one in texts:
            shelf.add(one, cut=False)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 2_500 * len(texts)


def test_a_text_that_is_put_on_a_shelf_again_is_found_once_beside_the_others() -> None:
    one, other = signed(text(1)), Signed("another", signed(text(1)).signature)
    shelf = Shelf()
    for signature in (one, one, other, one):
        shelf.add(signature, cut=False)
    assert shelf.like(Signed("a third", one.signature), cut=False) == sorted(
        [(one, False), (other, False)], key=lambda found: found[0].text
    )
