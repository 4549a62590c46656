from __future__ import annotations

from crawler.clean.exports.backgrounds import place_backgrounds


def test_only_pictures_in_the_styles_of_elements_are_placed() -> None:
    copy = b"url(data:image/png;base64,AAAA)"
    page = b'<style>p{background:%b}</style><p style="background:%b">%b</p>' % (copy, copy, copy)
    placed = copy.replace(b"data:image/png;base64,AAAA", b"images/1")
    expected = page.replace(b'="background:' + copy, b'="background:' + placed)
    assert place_backgrounds(page, lambda _: "images/1") == expected
    assert place_backgrounds(page, lambda _: "") == page
