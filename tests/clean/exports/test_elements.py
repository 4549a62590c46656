from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from crawler.clean.exports.elements import mend_elements, mend_tables, names_closed
from crawler.clean.exports.mend import mend_text

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


def _mended(text: str) -> str:
    counts: Counter[str] = Counter()
    return mend_elements(mend_tables(text, counts), counts, names_closed(text)).strip()


class _Names(frozenset[str]):
    """Names that know how often they were copied."""

    copies = 0

    def __or__(self, other: AbstractSet[object]) -> Any:
        type(self).copies += 1
        return frozenset.__or__(self, other)


def test_names_that_a_text_closes_are_not_copied_for_each_of_its_tags() -> None:
    """A text that closes thousands of names took the square of them."""
    mend_elements("<b>重" * 100, Counter(), _Names({"div"}))
    assert _Names.copies < 10


def test_a_raw_table_becomes_a_table() -> None:
    first = "<tr><td><section>甲</section></td><td>乙</td></tr>"
    table = f"<table>{first}<tr><td>1</td><td>2</td></tr></table>"
    assert _mended(f"前\n{table}后") == "前\n\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n后"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("甲<br>乙", "甲  \n乙"),
        ('<img src="https://a.example/b" alt="丙">', "![丙](https://a.example/b)"),
        ('见<a href="https://a.example/b">此</a>。', "见[此](https://a.example/b)。"),
        ('<img src="图/a b.png" alt="渡口[一]" width="300">', "![渡口(一)](图/a%20b.png)"),
        (
            '<a href="https://a.example/b"><img src="c.png"></a>',
            "[![](c.png)](https://a.example/b)",
        ),
        (
            '<a href="https://a.example/b">见<img src="https://a.example/c" alt="丙"></a>',
            "[见![丙](https://a.example/c)](https://a.example/b)",
        ),
        ('<a href="#top"><img src="c.png"></a>', "![](c.png)"),
        ('<img src="灯">', "![](./灯)"),
        (
            '<a href="https://a.example/b" data-linktype="2"><strong>此</strong>岸</a>，<a>彼</a>',
            "[**此**岸](https://a.example/b)，彼",
        ),
        ('<a href="https://a.example/b">Vec<T> 岸</a>', "Vec<T> 岸"),
        (
            '| <a href="https://a.example/b"><b>此</b><br>岸</a> | 彼 |',
            "| **此**<br>岸 | 彼 |",
        ),
        (
            '<a href="https://a.example/b"><span><img src="c.png"></span></a>',
            "[![](c.png)](https://a.example/b)",
        ),
        ("<table><tr><td>甲<td><img src='a b.png' alt='乙'></table>", "甲\n\n![乙](a%20b.png)"),
        ("<strong>重</strong>点", "**重**点"),
        ('<section style="x"><span leaf="">字</span></section>', "字"),
        ('<p title="甲">字</p><b style=x>重</b><u class="甲">线</u>', "字  \n**重**线"),
        ("用 <div> 包裹 <span>，放进 <body>", r"用 \<div> 包裹 \<span>，放进 \<body>"),
        ("CSS 写在<style>标签里，<a>也是", r"CSS 写在\<style>标签里，\<a>也是"),
        ("<div>字\n\n<span>句</span></DIV><p>段", "字\n\n句  \n段"),
        ("<ul><li>12</li><li>34</li></ul>", "12  \n34"),
        ("<p>12</p> <p>34</p>\n\n<div>56</div><div>78</div>", "12  \n34\n\n56  \n78"),
        ("<dl><dt>术语</dt><dd>5</dd></dl>", "术语  \n5"),
        ("| <p>12</p><p>34</p> | 乙 |", "| 12 34 | 乙 |"),
        (
            '<figure\nstyle="x">\n<img\nsrc="https://a.example/b"\nalt="丙" />\n</figure>',
            "![丙](https://a.example/b)",
        ),
        (
            '> 甲 <img\n> src="https://a.example/b"\n> alt="丙" /> 乙\n> 尾',
            "> 甲 ![丙](https://a.example/b) 乙\n> 尾",
        ),
        (
            '- 见<a\n  href="https://a.example/b"\n  target="_blank">Lunar\n  Log</a>。\n- 乙',
            "- 见[Lunar Log](https://a.example/b)。\n- 乙",
        ),
        ('<font face=宋体>字</font><p style="font-family: "宋体"">句</p>', "字  \n句"),
    ],
)
def test_elements_become_their_markdown_and_unknown_ones_their_text(
    given: str, written: str
) -> None:
    assert _mended(given) == written


@pytest.mark.parametrize(
    "kept",
    [
        "如果 a<b 时 c>d，就停。",
        "如果 a<b && b>c 或者 x<p y>z",
        "若 a<b 则",
        "`<div>` 是块",
        "Vec<T> 与 <你的名字>",
        "| a<br>b |",
        "用 \\<div> 写 \\<b>粗\\</b> 与 \\<br>",
        '甲 <img\n> src="https://a.example/b">',
        '甲 <img\nalt="乙\n\n丙" src="https://a.example/b">',
        '\\<img\nsrc="https://a.example/b">',
        '`<img\nsrc="https://a.example/b">`',
        "若 a <b and\nc> d",
        "\\<table> \\<tr>\\<td>甲\\</table>",
    ],
)
def test_what_is_no_element_or_is_code_or_a_cell_stays(kept: str) -> None:
    assert _mended(kept) == kept


_TABLE = "<table>\n<tr><td>甲</td><td>乙</td></tr>\n<tr><td><p>1</p>\n<p>2</p></td><td>3</td></tr>"
_ROWS = "| 甲 | 乙 |\n| --- | --- |\n| 1<br>2 | 3 |"


@pytest.mark.parametrize("marks", ["> ", "> > ", ">"])
def test_a_table_in_a_quote_stays_in_it_without_its_marks(marks: str) -> None:
    quoted = f"引\n\n{_TABLE}\n</table>\n\n尾".replace("\n", f"\n{marks}")
    rows = f"引\n\n{_ROWS}\n\n尾".replace("\n", f"\n{marks.strip()} ").replace("> \n", ">\n")
    given, written = f"前\n\n{marks}{quoted}\n\n后", f"前\n\n{marks.strip()} {rows}\n\n后"
    assert mend_text(given).text == written


@pytest.mark.parametrize("marks", ["> ", "- ", "1. > "])
def test_a_break_in_a_cell_ends_no_row_in_a_quote_or_an_item(marks: str) -> None:
    row = f"{marks}| 100<br/>200 | 乙 |"
    assert _mended(row) == row


def test_a_table_that_never_ends_loses_no_word() -> None:
    assert _mended("<table><tr><td>甲") == "甲"


def test_words_about_elements_stay_in_tables_links_and_pictures() -> None:
    said = "用 &lt;div&gt; 与 &lt;b&gt;"
    row = f"<tr><td>{said}</td><td>{said}</td></tr>"
    link, picture = f'<a href="https://a.example/b">{said}</a>', f'<img src="c.png" alt="{said}">'
    written = _mended(f"<table>{row}{row}</table>\n\n{link}\n\n{picture}")
    assert written.count("<div>") == 6
    assert written.count("<b>") == 6


def test_code_that_a_table_lays_out_is_left_alone() -> None:
    code = "# 题\n*   <div>\n![[a]] ![](data:x)\n<br>"
    shown = code.replace("<", "&lt;")
    table = f"<table><tr><td>1</td><td><pre>{shown}</pre></td></tr></table>"
    assert f"```\n{code}\n```" in mend_text(f"前\n\n{table}\n\n后").text


@pytest.mark.parametrize("around", ["甲 {} 乙", "<table><tr><td>甲</td><td>{}</td></tr></table>"])
@pytest.mark.parametrize(
    ("picture", "written"),
    [
        ('<img src="a.png" alt="一 > 零">', "![一 > 零](a.png)"),
        ('<img src="a&amp;copy.png">', "![](a&copy.png)"),
        ('<img src=" a.png ">', "![](a.png)"),
        ('<img src="a.png" width="1" height="1">', ""),
        ('<img src="pic_blank.gif">', ""),
    ],
)
def test_a_picture_beside_a_document_is_taken_as_browsers_take_it(
    picture: str, written: str, around: str
) -> None:
    text = mend_text(around.format(picture)).text
    assert written in text
    assert text.count("![") == bool(written)


@pytest.mark.parametrize("around", ["甲 {} 乙", "<table><tr><td>甲</td><td>{}</td></tr></table>"])
@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/a.png">',
        '<img src="file:///a.png">',
        '<img src="data:image/gif;base64,R0lG">',
        "<img>",
    ],
)
def test_a_picture_that_lies_nowhere_is_counted_as_lost(picture: str, around: str) -> None:
    assert mend_text(around.format(picture)).pictures_lost == 1


@pytest.mark.parametrize("around", ["{}", "<div>{}</div>", "甲<br>\n{}乙", "`<pre>`\n{}"])
def test_a_block_of_code_in_html_is_left_alone(around: str) -> None:
    code = "# 题\n*   <div>\n![[a]] ![](data:x)\n<br>"
    shown = code.replace("<", "&lt;")
    written = mend_text(around.format(f"<pre><code>{shown}</code></pre>")).text
    assert f"```\n{code}\n```" in written


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("> <pre>x = 1;\n> y</pre>", "> x = 1;\n> y"),
        ("- <pre>x = 1;</pre>", "- x = 1;"),
        ("<pre>x = 1;\n\n<table><tr><td>甲</td></tr></table>", "x = 1;\n\n甲"),
    ],
)
def test_a_block_of_code_within_lines_or_without_an_end_loses_no_word(
    given: str, written: str
) -> None:
    assert mend_text(given).text == written


@pytest.mark.parametrize(
    "typed",
    [
        "List<String> a; Map<K, List<V>> b;",
        "for (i = 0; i<n; i++) if (a<b && c>d) x<i;",
        "vector<int> v; cout<<v[0]; std::map<int,T>::iterator",
        "a </String> b <y && z=1> w <App/>",
        "vector<std::string> a; <https://a.cn/b> <mailto:a@b.cn>",
        "<><App/></> </中文> <!ENTITY x> <?php echo 1; ?>",
    ],
)
def test_an_angle_that_was_typed_stays_in_code_and_in_tables(typed: str) -> None:
    assert mend_text(f"<pre>{typed}</pre>").text == f"```\n{typed}\n```"
    table = mend_text(f"<table><tr><td>{typed}</td><td>乙</td></tr></table>").text
    assert table.replace("\\<", "<") == f"{typed}\n\n乙"


@pytest.mark.parametrize(
    "cell",
    [
        "<p\n>甲</p\n>",
        "<a\thref='https://a.cn'\n>甲</a\n>",
        "<b data-v-1a2b3c>甲</b>",
        "<p hidden>乙</p>甲",
        "<o:p></o:p><section data-a title='乙'>甲</section>",
    ],
)
def test_a_tag_of_a_raw_table_shows_nothing_however_it_is_written(cell: str) -> None:
    shown = mend_text(f"<table><tr><td>{cell}</td><td>乙</td></tr></table>").text
    assert re.sub(r"[*\[\]]|\(.*\)", "", shown) == "甲\n\n乙"


@pytest.mark.parametrize(
    "line",
    [
        '<video controls title="乙">甲</video>',
        "<p hidden title='乙'>甲</p>",
        "<b data-v-1>甲</b>",
    ],
)
def test_a_tag_with_an_attribute_that_has_no_value_goes(line: str) -> None:
    assert mend_text(line).text.strip("*") == "甲"


@pytest.mark.parametrize("before", ["", "<span class='mac-sign' hidden=''>", "\n<section>"])
def test_lights_of_a_window_that_an_editor_draws_above_code_are_none(before: str) -> None:
    lights = '<svg viewBox="0 0 450 130"><ellipse cx="50"></ellipse><ellipse cx="225" /></svg>'
    assert mend_text(f"<pre>{before}{lights}<code>int a;</code></pre>").text == "```\nint a;\n```"
    assert mend_text(f"<pre><code>{lights}</code></pre>").text == f"```\n{lights}\n```"


@pytest.mark.parametrize(
    "code",
    [
        "<html>\n<script>a();</script>\n</html>",
        "<?xml version=1?><!DOCTYPE html><?php echo 1; ?><!-- 注 -->",
        '<note><to a="1">x</to></note><App name="x"/>',
    ],
)
def test_markup_that_was_typed_into_a_block_of_code_stays(code: str) -> None:
    assert mend_text(f"<pre>{code}</pre>").text == f"```\n{code}\n```"


def test_unknown_elements_of_a_table_that_are_closed_or_say_something_are_no_words() -> None:
    cell = '<o:p></o:p><x-y>甲</x-y><v:shape id="a"/><zz data-a="1">乙<sup>2</sup><br>丙'
    assert mend_text(f"<table><tr><td>{cell}</td></tr></table>").text == "甲乙<sup>2</sup>  \n丙"


@pytest.mark.parametrize("between", ["<b></b>", "<span></span>", "![](data:x)", "![]()", "<img>"])
def test_code_on_both_sides_of_what_goes_stays_two_pieces(between: str) -> None:
    assert mend_text(f"用 `a`{between}`b` 写").text == "用 `a` `b` 写"


def test_a_break_between_code_is_one() -> None:
    assert mend_text("用 `a`<br>`b` 写<br>").text == "用 `a`  \n`b` 写"
