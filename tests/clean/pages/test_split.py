"""A page taken apart: scripts out, data kept, and tags told from what only looks like tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.pages.split import split_page, write_page
from tests.clean.pages.lookalikes import modern, old

_PIECES = (
    *("<", ">", "</", "<!", "<p ", "a=", "'", '"', "/", " ", "x", "\0", "\\n", "é", "\udc80"),
    *("<script>", "</script>", "<style>", "</style>", "<title>", "</title>", "<!--", "-->"),
    *("window.cgiDataNew = {", "title:'t',", "}", "document.write('", "var ct = '1513163700';\n"),
)


def markup(page: str) -> str:
    return split_page(page.encode()).markup.decode()


def test_scripts_styles_and_comments_are_cut_out() -> None:
    assert (
        markup("a<script>x < y</script><STYLE>b{}</Style ><!-- c -->d<script src=x></script>e")
        == "ade"
    )


@pytest.mark.parametrize(
    "kept",
    [
        '<p title="<script>">a</p>',
        "<p title='</script>'>a</p>",
        "<p a=b/c><br/>a</p>",
        "<textarea><script>a</script></textarea>",
        "<title><!-- a </title>",
        "1 < 2 <3 << <a>",
        "&lt;script&gt; is no tag",
    ],
)
def test_what_only_looks_like_a_script_stays(kept: str) -> None:
    assert markup(kept).replace("<!---->", "") == kept


def test_a_second_body_in_a_comment_is_no_body() -> None:
    source = split_page(old())
    assert source.markup.count(b"<body") == 1
    assert source.whole


def test_a_short_script_that_writes_text_is_kept() -> None:
    written = "<p class=share_notice><script>document.write('words')</script></p>"
    assert markup(written) == written


def test_a_cut_never_makes_a_tag_of_what_was_none() -> None:
    assert b"<script" not in split_page(b"<<!-- -->script>x</p>").markup


def test_a_tag_with_more_attributes_than_any_has_is_dropped() -> None:
    assert markup("<p " + " ".join(f"a{n}=1" for n in range(500)) + ">text<b>") == "text<b>"


def test_variables_of_old_pages_are_found_by_their_first_quoted_value() -> None:
    data = split_page(old()).data
    assert data.text("bizuin") == "MzA3MTIzNDU2Nw=="
    assert data.text("mid") == "2650000017"
    assert data.text("title") == "雾中的电台"  # `var title` is the account's name


def test_an_article_about_scripts_gives_no_data() -> None:
    code = "<pre>var biz = \"Mzk5OTk5OTk5OQ==\";\nwindow.cgiDataNew = { title: 'no' }</pre>"
    assert not split_page(f"<div id=js_content>{code}</div></html>".encode()).data.fields


def test_a_page_stored_as_the_inside_of_a_string_is_undone() -> None:
    stored = b'<!DOCTYPE html>\\n<html><p class=\\"a\\">C:\\\\new</p>\\n</html>'
    assert split_page(stored).markup == b'<!DOCTYPE html>\n<html><p class="a">C:\\new</p>\n</html>'


@given(st.lists(st.sampled_from(_PIECES)))
def test_a_written_source_comes_apart_into_the_same_parts(pieces: list[str]) -> None:
    source = split_page("".join(pieces).encode(errors="surrogateescape"))
    assert split_page(write_page(source)) == source


@given(st.binary(max_size=3000))
def test_no_bytes_break_the_taking_apart(content: bytes) -> None:
    source = split_page(content)
    assert split_page(write_page(source)) == source


@pytest.mark.parametrize("page", [modern(), modern(after_body=True), modern(decoder=""), old()])
def test_the_data_of_each_generation_is_found(page: bytes) -> None:
    data = split_page(page).data
    assert (data.text("title"), data.text("mid"), data.text("idx")) == (
        "雾中的电台",
        "2650000017",
        "2",
    )
