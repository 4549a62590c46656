"""Texts that say no link of their own: HTML beside a list of its title, and ones among links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from crawler.archive import Archive
from crawler.clean.exports import Link
from crawler.flows import keep_containers, read_pages, reclean
from crawler.flows.siblings import Siblings
from tests.archive.specimens import make_page
from tests.lookalikes import link

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "船六点开，人都在岸上。" * 30
BESIDE = "a list beside it names an article of its title"


def _page(title: str, body: str, head: str = "") -> str:
    begin = '<!DOCTYPE html><html><head><meta charset="utf-8">'
    return f"{begin}<title>{title}</title>{head}</head><body>{body}</body></html>"


def _siblings(folder: object) -> Siblings:
    return Siblings.of_lists([(f"{folder}/list.csv", [Link(url=link(1), title="渡口夜话")])])


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("渡口夜话.html", _page("", f"<p>{WORDS}</p>")),
        ("20240305_渡口夜话.html", _page("河口", f"<p>{WORDS}</p>")),
        ("1.html", _page("渡口夜话", f"<p>{WORDS}</p>")),
        ("1.html", _page("渡口夜话 - 江畔", f"<h1>渡口夜话</h1><p>{WORDS}</p>")),
        ("1.html", _page("渡口夜话", f"<p>{WORDS}</p>").replace("utf-8", "gbk")),
    ],
)
def test_html_without_a_link_that_a_list_beside_it_names_is_told(
    tmp_path: Path, name: str, page: str
) -> None:
    path = tmp_path / name
    path.write_bytes(page.encode("gbk" if '"gbk"' in page else "utf-8"))
    with Archive.open(tmp_path / "archive.db") as archive:
        [alone] = read_pages(path, archive)
        [told] = read_pages(path, archive, _siblings(tmp_path))
        named = f'<head><link rel="canonical" href="{link(1)}">'
        path.write_bytes(path.read_bytes().replace(b"<head>", named.encode()))
        [outcome] = read_pages(path, archive, _siblings(tmp_path))
        [record] = archive.records()
    assert (alone.state, alone.error, told.state) == ("not_wechat", None, "unreadable")
    assert BESIDE in str(told.error)
    assert "canonical" in str(told.error)
    assert (outcome.state, record.url) == ("ok", link(1))


def test_html_in_a_packed_file_is_told_as_well_and_how_its_link_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as packed:
        packed.writestr("list.csv", f"title,url\n渡口夜话,{link(1)}\n")
        packed.writestr("1.html", _page("渡口夜话", f"<p>{WORDS}</p>"))
        packed.writestr("2.html", _page("河口", f"<p>{WORDS}</p>"))
    with Archive.open(tmp_path / "archive.db") as archive:
        errors = [str(told.error) for told in keep_containers([path], archive) if told.error]
    [error] = errors
    assert "1.html" in error
    assert BESIDE in error
    assert "canonical" in error


def test_html_with_links_to_others_is_told_too_and_an_index_of_that_title_is_a_list(
    tmp_path: Path,
) -> None:
    further = f'往期：<a href="{link(2)}">潮水</a>与<a href="{link(3)}">信标</a>'
    text, index = tmp_path / "1.html", tmp_path / "2.html"
    text.write_text(_page("渡口夜话", f"<p>{WORDS}</p><p>{further}</p><p>{WORDS}</p>"), "utf-8")
    index.write_text(_page("渡口夜话", further), "utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [told] = read_pages(text, archive, _siblings(tmp_path))
        [passed] = read_pages(index, archive, _siblings(tmp_path))
    assert (told.taken_for, told.queued) == ("list (HTML)", 2)
    assert BESIDE in str(told.error)
    assert passed.error is None


@pytest.mark.parametrize(
    "page",
    [
        _page("河口", f"<p>{WORDS}</p>"),
        _page("渡口夜话", "<p>船六点开。</p>"),
        _page("渡口夜话", f"<div></div><script>say('{WORDS}')</script>"),
    ],
)
def test_html_of_another_title_or_without_a_text_is_passed_over(tmp_path: Path, page: str) -> None:
    path = tmp_path / "1.html"
    path.write_text(page, "utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(path, archive, _siblings(tmp_path))
    assert (outcome.state, outcome.error) == ("not_wechat", None)


def test_nothing_is_said_of_html_whose_article_is_here_with_its_text(tmp_path: Path) -> None:
    """Tools write it as Markdown, with its link, and beside that as HTML, without."""
    path = tmp_path / "1.html"
    path.write_text(_page("渡口夜话", f"<p>{WORDS}</p>"), "utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_page(link(1), title="渡口夜话", body=WORDS))
        [outcome] = read_pages(path, archive, _siblings(tmp_path))
    assert (outcome.state, outcome.error) == ("not_wechat", None)


FURTHER = [f"[潮水{number}]({link(number)})" for number in (2, 3)]


@pytest.mark.parametrize(
    ("text", "links", "left"),
    [
        (WORDS, ["推荐阅读：", *FURTHER, f"[阅读原文]({link(1)})"], "names 3 articles in a text"),
        (WORDS, ["推荐阅读：", *FURTHER], "names 2 articles in a text"),
        (
            WORDS,
            [f"见{FURTHER[0]}。{WORDS}", f"见{FURTHER[1]}。{WORDS}"],
            "names 2 articles in a text",
        ),
        ("船六点开。", FURTHER, ""),
        ("", [f"[潮水]({link(n)})：{WORDS[:132]}" for n in range(9)], ""),
        ("", [*FURTHER, *[f"- [{WORDS[:44]}](https://a.example/{n})" for n in range(20)]], ""),
    ],
)
def test_a_text_that_ends_in_links_is_told_where_they_are_taken_for_a_list(
    tmp_path: Path, text: str, links: list[str], left: str
) -> None:
    """Whoever copies an article takes along what it recommends below itself."""
    path, page = tmp_path / "1.md", tmp_path / "1.html"
    text = "\n\n".join([text] * 2)
    path.write_text("\n\n".join([text, *links, ""]), "utf-8")
    anchored = [re.sub(r"\[(.*)\]\((.*)\)", r'<a href="\2">\1</a>', one) for one in links]
    page.write_text(_page("渡口", "".join(f"<p>{one}</p>" for one in [text, *anchored])), "utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [told] = reclean([path], archive)
        [of_page] = read_pages(page, archive)
    assert (told.taken_for, of_page.taken_for) == ("list (lines)", "list (HTML)")
    assert (told.error, of_page.error) == (None, None)
    assert [one.left[: len(left)] for one in (told, of_page)] == [left, left]
    assert bool(told.left) == bool(of_page.left) == bool(left)


@pytest.mark.parametrize(
    "further", [8, 2], ids=["many links below", "a link that is no article's among them"]
)
def test_a_text_above_links_is_told_however_many_there_are_and_whatever_else(
    tmp_path: Path, further: int
) -> None:
    links = [f"[潮水{number}]({link(number)})" for number in range(further)]
    album = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA3NDk1NjI0OQ==&action=getalbum"
    links += [f"收录于 [渡口]({album})"] * (further < 3)
    path = tmp_path / "1.md"
    path.write_text("\n\n".join(["# 渡口", WORDS, WORDS, *links, ""]), "utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [told] = reclean([path], archive)
    said = told.left or str(told.error)
    assert f"names {further} articles in a text, which was left" in said
    assert ("leads to an album" in said) is (further < 3)


_CUT = "https://mp.weixin.qq.com/s?__biz=MzA3NDk1NjI0OQ==&mid=265"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"原文链接: {_CUT}...", "names no article"),
        (f"source: {_CUT}…", "names no article"),
        (f"> 原文链接：{_CUT.split('&', maxsplit=1)[0]}", "names no article"),
        (f"来源：{_CUT.replace('/s?', '/mp/appmsgalbum?action=getalbum&')}", "leads to an album"),
        ("后台：https://mp.weixin.qq.com/", ""),
        (
            f"船六点开，人都在岸上，那年夏天的事在别处也有人写过，写得比这里细，照片也多：{_CUT[:46]}，可惜链接断了一截。",
            "",
        ),
    ],
)
def test_a_text_that_names_its_source_by_a_cut_link_or_an_album_is_told(
    tmp_path: Path, line: str, why: str
) -> None:
    path = tmp_path / "1.md"
    path.write_text(f"# 渡口\n\n{line}\n\n{WORDS}\n", "utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [told] = reclean([path], archive)
    assert (told.state, told.error) == ("not_wechat", None)
    assert why in told.left
    assert bool(told.left) == bool(why)


@pytest.mark.parametrize("heading", ["# 渡口夜话", "渡口夜话\n===="])
def test_a_text_whose_title_stands_below_a_picture_is_told_where_a_list_names_it(
    tmp_path: Path, heading: str
) -> None:
    path = tmp_path / "1.md"
    path.write_text(f"![](https://mmbiz.qpic.cn/a/0)\n\n{heading}\n\n{WORDS}\n", "utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [told] = reclean([path], archive, siblings=_siblings(tmp_path))
    assert BESIDE in str(told.error)
