"""What is cut out of a page, and what is left: the words that a browser shows of the whole."""

from __future__ import annotations

import pytest

from crawler.clean.markup import cut_page


@pytest.mark.parametrize(
    ("page", "left"),
    [
        (b"a<script>b</script>c", b"ac"),
        (b"a<style>b</style>c<!-- d -->e", b"ace"),
        (b"&am<!-- -->p;", b"&am<!---->p;"),
        (b"<<style></style>p>", b"<<!---->p>"),
        (b"a<!-- never ends", b"a"),
        (b"a<script>never ends", b"a"),
        (b"a</", b"a</"),
        (b"<mpvoice name='a'/>b", b"<mpvoice name='a'/></mpvoice>b"),
        (b"<MP-miniprogram />b", b"<MP-miniprogram /></mp-miniprogram>b"),
        (b"<qqmusic/></qqmusic>b", b"<qqmusic/></qqmusic>b"),
        (b"<mpvoice a=b/>c</mpvoice>", b"<mpvoice a=b/>c</mpvoice>"),
        (b"<qqmusic a=b>c", b"<qqmusic a=b></qqmusic>c"),
        (b"<QQMusic>a<qqmusic>b</qqmusic>c", b"<QQMusic></qqmusic>a<qqmusic>b</qqmusic>c"),
        (b"<mpvoice>a<qqmusic>b</qqmusic>", b"<mpvoice></mpvoice>a<qqmusic>b</qqmusic>"),
    ],
)
def test_scripts_styles_and_comments_go(page: bytes, left: bytes) -> None:
    assert cut_page(page).markup == left


def test_where_scripts_stand_is_told_also_of_one_that_is_kept() -> None:
    page = b"<script>a</script><script>bb</script>"
    cut = cut_page(page, lambda start, end: end - start == 2)
    assert [page[start:end] for start, end in cut.scripts] == [b"a", b"bb"]
    assert cut.markup == b"<script>bb</script>"


def test_a_page_that_falls_into_too_many_pieces_is_refused() -> None:
    assert cut_page(b"<!-- -->" * 30_000).refusal
