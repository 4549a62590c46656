"""A page taken apart: scripts out, data kept, and tags told from what only looks like tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.pages.split import split_page, write_page
from tests.clean.pages.lookalikes import modern, old, shown

_PIECES = (
    *("<", ">", "</", "<!", "<p ", "a=", "'", '"', "/", " ", "x", "\0", "\\n", "é", "\udc80"),
    *("<script>", "</script>", "<style>", "</style>", "<title>", "</title>", "<!--", "-->"),
    *("window.cgiDataNew = {", "title:'t',", "}", "document.write('", "var ct = '1513163700';\n"),
    *("<mpvoice/>", "<mp-a b />", "</mpvoice>"),
    *("title:'<!--<script>',", "sn:'</script>',", "mid:'<\\!--\\\\<script ',"),
)
_HTML = (
    *("<p>", "</p>", "<div>", "</div>", "<span a='>'>", '<b a="', "潮", "汐 ", "1", ";", "=", "'"),
    *("&am", "p;", "&lt", "<", ">", "-", "!", "/", "</", "<!a", "<?a", "</ >", "</>", "</1"),
    *("<!--", "-->", "--!>", "<!-->", "<!--->", "<!--<script>", "<![CDATA[", "]]>"),
    *("<style>", "</style>", "<style/>", "<style a=b/>", "<style\v>", "</style a='>'>"),
    *("<script>", "</script>", "<script/>", "<script >", "</SCRIPT\n>", "<noscript>"),
    *("<title>", "</title>", "<textarea>", "</textarea>", "<xmp>", "</xmp>", "<iframe>"),
    *("<table>", "<td>", "<select>", "<option>", "</select>"),
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


@given(st.lists(st.sampled_from(_HTML)))
def test_cutting_changes_no_word_that_a_browser_shows(pieces: list[str]) -> None:
    page = "".join(pieces).encode()
    assert shown(split_page(page).markup) == shown(page)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>甲</p><!-- a --!><p>乙</p><!-- b --><p>丙</p>", "甲乙丙"),
        ("<!-->甲<!--->乙<!--!>丙-->丁", "甲乙丁"),
        ("<script><!-- <script>a</script> --></script>甲", "甲"),
        ("&am<!-- -->p;甲", "&amp;甲"),
        ("<style>a</style a='>'>甲", "甲"),
    ],
)
def test_what_a_browser_shows_is_kept_and_no_more(page: str, words: str) -> None:
    assert shown(split_page(page.encode()).markup) == words


def test_a_value_that_would_hide_a_scripts_end_hides_nothing_of_the_snapshot() -> None:
    data = "title: '甲<!--<script>乙', sn: '</script>'"
    page = f"<script>window.cgiDataNew = {{{data}}}</script></script><p>丙</p>".encode()
    again = split_page(write_page(split_page(page)))
    assert again.data.text("title") == "甲<!--<script>乙"
    assert shown(again.markup) == "丙"


@pytest.mark.parametrize("start", ["<p", "<svg", "<textarea", "<title"])
def test_a_tag_of_too_many_attributes_never_reaches_the_parser(start: str) -> None:
    many = " ".join(f"a{n}='>'" for n in range(500))
    kept = markup(f"{start} {many}>潮")
    assert "a1" not in kept
    assert kept.endswith("潮")


@pytest.mark.parametrize("page", [modern(), modern(after_body=True), modern(decoder=""), old()])
def test_the_data_of_each_generation_is_found(page: bytes) -> None:
    data = split_page(page).data
    assert (data.text("title"), data.text("mid"), data.text("idx")) == (
        "雾中的电台",
        "2650000017",
        "2",
    )
