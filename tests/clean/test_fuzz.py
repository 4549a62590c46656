"""Mutated pages and seeds, by the thousand.

Nothing breaks the readers, and nothing live comes out of them.
"""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crawler.characters import INVISIBLE, on_one_line
from crawler.clean.pages import read_page, shrink_page
from crawler.clean.seeds import read_seed
from tests.clean.pages.lookalikes import modern
from tests.fake_answers import ANSWERS
from tests.lookalikes import deleted_seed, hollow_seed, whole_seed

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2000"))
SLOW = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HARMLESS = re.compile(r"</?(?:strong|em|del|sub|sup|br|u|ruby|rt|rp|kbd|mark)\s*/?>")
UNSEEN = re.compile(f"[{INVISIBLE}]")

PAGES = [
    modern(),
    *(ANSWERS[name](1, 0).body for name in ("article", "gallery", "text", "repost", "deleted")),
]
SEEDS = [seed.encode() for seed in (whole_seed(), hollow_seed(), deleted_seed())]
PIECES = st.sampled_from(
    [
        b"<script>alert(1)</script>",
        b"<img src=x onerror=alert(1)>",
        b'<a href="javascript:alert(1)">x</a>',
        b'<a href=" java\nscript:alert(1)">x</a>',
        b'<a href="data:text/html,x">x</a>',
        b'<a href="file:///etc">x</a>',
        b"[x](javascript:alert(1))",
        b"[x](<data:text/html,y>)",
        b"<javascript:alert(1)>",
        b"```",
        b"**",
        b"`",
        b"|",
        b"\\",
        b"&lt;script&gt;",
        b"\xe2\x80\xae",
        b"\x1b[2J",
        b"\x00",
        b"</div>",
        b"<table><tr><td>",
        b"<pre><code>",
        b"<!--",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"'",
        b'"',
        b"}",
        b"\\x3cscript\\x3e",
        b"![x](javascript:y)",
        b"\n# ",
        b"\n---\n",
    ]
)
MUTATIONS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(PIECES, st.binary(max_size=9))),
    max_size=6,
)


def mutated(content: bytes, mutations: list[tuple[float, int, bytes]]) -> bytes:
    """The content with pieces put in, and what stood behind them cut away."""
    for share, cut, piece in mutations:
        place = int(share * len(content))
        content = content[:place] + piece + content[place + cut :]
    return content


def assert_harmless(markdown: str) -> None:
    assert not UNSEEN.search(markdown)
    for token in RENDERER.parse(markdown):
        for part in (token, *(token.children or ())):
            target = str(part.attrGet("href") or part.attrGet("src") or "").lower()
            assert not re.match(r"\s*(javascript|vbscript|file|data:text)", target), target
            if part.type in ("html_block", "html_inline"):
                assert HARMLESS.fullmatch(part.content.strip()), part.content


@pytest.mark.long
@pytest.mark.slow
@SLOW
@given(page=st.sampled_from(PAGES), mutations=MUTATIONS)
def test_no_mutated_page_breaks_the_reader_or_brings_anything_live(
    page: bytes, mutations: list[tuple[float, int, bytes]]
) -> None:
    content = mutated(page, mutations)
    read = read_page(content)
    assert_harmless(read.text)
    assert not UNSEEN.search(
        on_one_line(read.title) + on_one_line(read.account) + on_one_line(read.author)
    )
    assert read_page(shrink_page(content)) == read


@pytest.mark.long
@pytest.mark.slow
@SLOW
@given(seed=st.sampled_from(SEEDS), mutations=MUTATIONS)
def test_no_mutated_seed_breaks_the_reader_or_brings_anything_live(
    seed: bytes, mutations: list[tuple[float, int, bytes]]
) -> None:
    read = read_seed(mutated(seed, mutations))
    assert_harmless(read.text)
