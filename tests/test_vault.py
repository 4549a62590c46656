"""What a note of a vault says, and that reading it back gives the text to the letter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crawler.frontmatter import FrontMatter, read_properties, split_front_matter
from crawler.vault import Note, as_tag, plain_note, read_note, with_own, write_note

ADDRESS = "https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0"
OTHER = "https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1"
PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/a/640?wx_fmt=png#imgIndex=1"
COPY = f"../attachments/ab/{'ab' * 32}.png"
FRONT = FrontMatter(
    title="夜航的灯塔: 一",
    url=ADDRESS,
    source="江畔手记",
    date="2024-05-08",
    fetch_date="2025-10-06T17:17:02.990516",
)
NOTE = Note(
    front=FRONT,
    state="ok",
    account="江畔手记",
    author="林川",
    published="2024-05-08T23:30:00+08:00",
    aliases=("夜航的灯塔: 一",),
    topics=("#灯塔 日记#", "2024"),
)


def _written(body: str, **changes: Any) -> str:
    return write_note(NOTE, body, target_of=_target_of, **{"pictures": {PICTURE: COPY}, **changes})


def _target_of(address: str) -> str:
    return "灯塔" if address in (ADDRESS, OTHER) else ""


def _body(note: str) -> str:
    return note.partition("\n---\n\n")[2]


def test_properties_have_the_types_that_obsidian_gives_them() -> None:
    properties = yaml.safe_load(_written("一\n").split("---\n")[1])
    assert properties == {
        "title": "夜航的灯塔: 一",
        "aliases": ["夜航的灯塔: 一"],
        "account": "江畔手记",
        "author": "林川",
        "published": datetime(2024, 5, 8, 23, 30),  # noqa: DTZ001  (a property names no offset)
        "url": ADDRESS,
        "state": "ok",
        "tags": ["灯塔-日记", "_2024"],
        "source": "江畔手记",
        "date": date(2024, 5, 8),
        "fetch_date": datetime(2025, 10, 6, 17, 17, 2, 990516),  # noqa: DTZ001
    }


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("#话题 一", r"\#话题 一"),
        ("一，#topic/二", r"一，\#topic/二"),
        ("#2024年", r"\#2024年"),
        ("[[一]]", r"[\[一\]]"),
        ("![[一.png]]", r"![\[一.png\]]"),
        (r"| [[一\|二]] |", r"| [\[一\|二\]] |"),
        (r"| ![[灯塔\|二]] |", r"| ![\[灯塔\|二\]] |"),
        ("[[1]](https://a.cn/)", r"[\[1\]](https://a.cn/)"),
        ("一 %%二%%", r"一 \%\%二\%\%"),
        ("一==二==", r"一\=\=二=="),
        ("一 ^id-1", r"一 \^id-1"),
        # a property of Dataview's, in a line of its own or between brackets
        ("state:: ok", r"state\:\: ok"),
        ("一 [url:: 二] (三:: 四)", r"一 [url\:\: 二] (三\:\: 四)"),
        ("一::: 二", r"一\:\:\: 二"),
        (r"一\:\: 二", "一&#58;&#58; 二"),
        ("一&#58;&#58; 二", "一&#058;&#058; 二"),
        ("[[一]]::: 二", r"[\[一\]]&#58;\:\: 二"),
        (r"[[一]]:\:\: 二", r"[\[一\]]&#58;&#58;&#58; 二"),
        ("`a::b`", "`a::b`"),
        # what is none of Obsidian's marks stays as it is
        ("# 一\n\n## 二", "# 一\n\n## 二"),
        ("C#语言 #1 #", "C#语言 #1 #"),
        ("`#一 [[二]]`", "`#一 [[二]]`"),
        ("```\n#一 [[二]]\n```", "```\n#一 [[二]]\n```"),
        ("> ```\n> #一\n\n#一 %%", "> ```\n> #一\n\n\\#一 \\%\\%"),
        ("> ```\n> #一\n#一\n> ```\n#一", "> ```\n> #一\n\\#一\n> ```\n\\#一"),
        ("> ```\n> #一\n```\n#一\n```\n#一", "> ```\n> #一\n```\n#一\n```\n\\#一"),
        *((f"```{name}\n#一\n```",) * 2 for name in ("Python 3", "solidity", "vue", "mermaid")),
        # code that a plugin would run in the reader's name
        ("```dataviewjs\n#一\n```", "```\u034fdataviewjs\n#一\n```"),
        (
            "> - ~~~~ query\n>   一\n> ~~~~\n\n#一",
            "> - ~~~~\u034f query\n>   一\n> ~~~~\n\n\\#一",
        ),
        ("```\u034fpython\n一\n```", "```\u034f\u034fpython\n一\n```"),
        ("[^1]: ```js-engine\n一\n", "[^1]: ```\u034fjs-engine\n一\n"),
        # where the block before it ends is read in one way here and in another there
        ("> ```\n\n```dataviewjs\n一\n", "> ```\n\n```\u034fdataviewjs\n一\n"),
        ("    ```\n```dataviewjs\n一\n", "    ```\n```\u034fdataviewjs\n一\n"),
        ("```dataviewjs`一`", "```dataviewjs`一`"),
        ("见 `$= 一` 和 ``  $=一``", "见 `\u034f$= 一` 和 ``  \u034f$=一``"),
        ("> `\n> $= 一`，`jsx:<A/>`", "> `\n> \u034f$= 一`，`\u034fjsx:<A/>`"),
        ("`\u034f$=一`", "`\u034f\u034f$=一`"),
        ("<% 一 %>，`<%* 二 %>`", "<\u034f% 一 %>，`<\u034f%* 二 %>`"),
        ("<\u034f% 一 <%%二%%", "<\u034f\u034f% 一 <\\%\\%二\\%\\%"),
        ("<%!tp.一()%><%@a() class{}%>", "<\u034f%!tp.一()%><\u034f%@a() class{}%>"),
        (
            '```jsp\n<%@ page language="java" %><%= 二 %>\n<% 三 %>\n```',
            '```jsp\n<%@ page language="java" %><%= 二 %>\n<\u034f% 三 %>\n```',
        ),
        ("```&#100;ataviewjs\n```", "```\u034f&#100;ataviewjs\n```"),
        ("> ```\n> #一\n灯 ```x``` #一", "> ```\n> #一\n灯 ```x``` \\#一"),
        ("<https://a.cn/#一>", "<https://a.cn/#一>"),
        ("[一](https://a.cn/x#二)", "[一](https://a.cn/x#二)"),
        ("$a_{#b}$", "$a_{#b}$"),
        ("a == b ==== c", "a == b ==== c"),
        # what had a backslash already can be told from what got one
        (r"\#话题", "&#35;话题"),
        (r"[\[1\]](https://a.cn/)", "[&#91;1&#93;](https://a.cn/)"),
        (r"\\#话题", r"\\\#话题"),
        # and so can what was an entity already
        ("&#35;话题", "&#035;话题"),
        ("[&#91;1&#93;] &#061;", "[&#091;1&#093;] &#0061;"),
        (r"[\[&#61;\]]", "[&#91;&#061;&#93;]"),
    ],
)
def test_a_texts_own_signs_are_no_marks_of_obsidian_and_come_back(text: str, note: str) -> None:
    written = _written(text)
    assert _body(written) == note
    assert _body(read_note(written)) == text


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (f"见[一]({ADDRESS})。", "见[[灯塔|一]]。"),
        (f"| [一]({ADDRESS}) |", r"| [[灯塔\|一]] |"),
        (f"[#一]({ADDRESS})", "[[灯塔|#一]]"),
        # another address of the same article, and one of none
        (f"[一]({ADDRESS})[二]({OTHER})", f"[[灯塔|一]][二]({OTHER})"),
        (f"[#一]({ADDRESS}x)", rf"[\#一]({ADDRESS}x)"),
        (f"[![]({PICTURE})]({ADDRESS})", f'[![]({COPY} "{PICTURE}")]({ADDRESS})'),
        # within brackets of the text's own, which would lead as far as those of a link
        (f"[注](见 [#一]({ADDRESS}))", rf"[注](见 [\#一]({ADDRESS}))"),
        (f"[二](https://a.cn/) ([一]({ADDRESS}))", "[二](https://a.cn/) ([[灯塔|一]])"),
        (f"[注](见\n[一]({ADDRESS}))", "[注](见\n[[灯塔|一]])"),
    ],
)
def test_links_between_articles_are_wikilinks_and_come_back_with_their_addresses(
    text: str, note: str
) -> None:
    written = _written(text)
    assert _body(written) == note
    assert _body(read_note(written)) == text


def test_of_very_many_links_some_stay_addresses_and_all_come_back() -> None:
    text = "\n".join(f"[第{number}篇]({ADDRESS}{number:04})" for number in range(900))
    written = write_note(NOTE, text, target_of=lambda address: address[-8:], pictures={})
    assert "[[" in written
    assert f"]({ADDRESS}0899)" in written
    assert len(written.partition("\n---\n")[0]) < 15_000
    assert _body(read_note(written)) == text


def test_links_of_a_note_whose_properties_an_editor_sorted_come_back_with_their_addresses() -> None:
    written = _written(f"见[一]({ADDRESS})。")
    properties = re.findall(r"(?m)^\S[^\n]*\n(?: [^\n]*\n)*", written.split("---\n")[1])
    note = f"---\n{''.join(sorted(properties))}---\n\n{_body(written)}"
    assert note.index("\nstate:") > note.index("\nsource:")
    assert _body(read_note(note)) == f"见[一]({ADDRESS})。"


def test_pictures_are_those_of_the_vault_and_come_back_with_their_addresses() -> None:
    text = f"![#一[二]]({PICTURE})![]({PICTURE}2)![](images/ab/{'ab' * 32}.png)"
    written = _written(text)
    assert f'![\\#一[二]]({COPY} "{PICTURE}")![]({PICTURE}2)' in written
    assert _body(read_note(written)) == text


SIGNS = st.text(
    alphabet=st.sampled_from("#[]()%=^\\`$&;! \n|一a1-~<>:/.\"'"),
    max_size=60,
)
PIECES = st.lists(
    st.one_of(
        SIGNS,
        st.sampled_from(
            [
                "#话题",
                r"\#话题",
                "[[一]]",
                r"[[灯塔\|一]]",
                r"[\[一\]]",
                "&#35;话题",
                "[&#91;一&#93;]",
                "&#061;&#61;一",
                r"[\[&#37;&#037;\]]",
                "%%",
                "==一",
                " ^id\n",
                "```\n",
                "```dataviewjs\n",
                "~~~ \u034fx\n",
                "> ",
                "`$=",
                "` \u034f$=",
                "<%",
                "<\u034f%",
                "`",
                f"[一]({ADDRESS})",
                f"[#一]({OTHER})",
                f"![]({PICTURE})",
            ]
        ),
    ),
    max_size=12,
)


@given(PIECES)
@example(["\\", "%%", "%"])
@example(["%%", "\\", "%"])
def test_any_text_comes_back_as_it_was(pieces: list[str]) -> None:
    text = f"# 一\n\n{''.join(pieces)}\n"
    assert _body(read_note(_written(text))) == text


@given(PIECES)
@example(["[[1]]", ":", "1"])
@example([" ^id\n", "` \u034f$="])
def test_a_note_shows_the_words_that_its_text_shows(pieces: list[str]) -> None:
    text = "".join(pieces).replace(ADDRESS, f"{ADDRESS}x").replace(OTHER, f"{OTHER}x")
    for sign in "`~$\u034f":
        text = text.replace(sign, "")
    markdown = MarkdownIt("commonmark", {"html": False})
    shown = markdown.render(_body(_written(text, pictures={}))).replace("\u034f", "")
    assert shown.split() == markdown.render(text).split()


def test_a_note_is_read_as_an_export_with_properties_says_the_same() -> None:
    assert read_note(_written("一\n")) == (
        f"---\ntitle: '夜航的灯塔: 一'\nurl: {ADDRESS}\nsource: 江畔手记\ndate: 2024-05-08\n"
        "fetch_date: 2025-10-06T17:17:02.990516\nstate: ok\naccount: 江畔手记\nauthor: 林川\n"
        "published: '2024-05-08T23:30:00+08:00'\n---\n\n一\n"
    )


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("author:\n  - 林川", "林川"),
        ("author:\n  - 林川\n  - '[[北岸]]'", "林川 [[北岸]]"),
        ("author: [林川, 北岸]", "林川 北岸"),
        ("author: []", ""),
    ],
)
def test_authors_that_an_editor_made_a_list_of_come_back_as_names(author: str, names: str) -> None:
    told = read_properties(read_note(_written("一\n").replace("author: 林川", author)))
    assert told.get("author", "") == names


@pytest.mark.parametrize(
    "text",
    [
        "",
        "一\n#二",
        "---\ntitle: 一\n---\n\n[[二]]",
        (
            f"---\ntitle: 一\nurl: {ADDRESS}\nsource: 二\ndate: 2024-05-08\nfetch_date: x\n"
            "state: ok\n---\n\n\\#一"
        ),
        "---\ntitle: [\nstate: ok\nsource: 一\n---\n\n\\#一",
    ],
)
def test_what_is_no_note_of_ours_stays_as_it_is(text: str) -> None:
    assert read_note(text) == text


def test_what_a_person_adds_to_properties_stays_beside_ours() -> None:
    own = "rating: 5\ntags:\n  - 自己的\n  - _2024\naliases: 别名\n"
    note = with_own(_written("一\n"), own) or ""
    properties = yaml.safe_load(note.split("---\n")[1])
    assert properties["tags"] == ["灯塔-日记", "_2024", "自己的"]
    assert properties["aliases"] == ["夜航的灯塔: 一", "别名"]
    assert properties["rating"] == 5


def test_no_title_and_no_name_of_a_note_is_a_command_of_templates() -> None:
    title = "<%* tp.一() %>"
    written = _written_with_title(title)
    assert "<%" not in written
    assert split_front_matter(read_note(written))[0] == replace(NOTE.front, title=title)


def _written_with_title(title: str) -> str:
    note = replace(NOTE, front=replace(NOTE.front, title=title), author=title, aliases=(title,))
    return write_note(note, f"# {title}\n", target_of=_target_of, pictures={})


def test_a_plain_note_has_no_lists_that_people_add_to() -> None:
    note = _written("一\n")
    assert plain_note(note) == plain_note(with_own(note, "tags:\n  - 自己的\n") or "").replace(
        "tags:\n  - 自己的\n", ""
    )
    assert "tags" not in plain_note(note)


@pytest.mark.parametrize(
    ("topic", "tag"),
    [("#一 二#", "一-二"), ("2024", "_2024"), ("a/b", "a/b"), ("【】", ""), ("C++", "C"), ("", "")],
)
def test_topics_are_tags_that_obsidian_takes(topic: str, tag: str) -> None:
    assert as_tag(topic) == tag
