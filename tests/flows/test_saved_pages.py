from __future__ import annotations

import gzip
import io
import sqlite3
import sys
from base64 import b64encode
from contextlib import closing
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.archive import Archive
from crawler.archive.files import SavedPage
from crawler.article import State, sha256
from crawler.clean.containers import Packed
from crawler.clean.exports import Link
from crawler.clean.exports.pages import pages_in, saved_by
from crawler.clean.pages import is_sound, read_page
from crawler.flows import (
    beside,
    find_seeds,
    keep_containers,
    pages,
    queue_links,
    read_files,
    read_pages,
    reclean_stored,
)
from crawler.flows.articles import article_of_page
from crawler.flows.beside import PicturesBehind
from crawler.flows.siblings import Siblings
from crawler.inputs import read_input
from crawler.urls import parse_url
from tests.archive.files.test_images import png
from tests.archive.specimens import make_article
from tests.clean.pages.lookalikes import modern, notice, old
from tests.fake_answers import article, long_link
from tests.flows.test_adopt import PNG
from tests.lookalikes import link
from tests.trust.faults import Fault, once

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("table", ["revisions SET body", "snapshots SET content"])
def test_a_page_is_read_again_where_what_it_gave_is_damaged(tmp_path: Path, table: str) -> None:
    (tmp_path / "x.html").write_bytes(_page(1, "渡口"))
    with Archive.open(tmp_path / "archive.db") as archive:
        for change in ("added", "unchanged"):
            assert [told.change for told in read_pages(tmp_path / "x.html", archive)] == [change]
        with archive.transaction():
            archive.connection.execute(f"UPDATE {table} = x'00'")
        assert list(archive.audit(today="2026-11-30"))
        list(read_pages(tmp_path / "x.html", archive))
        assert not list(archive.audit(today="2026-11-30"))


_HEAD = f'<html><head><title>渡口夜话</title><meta property="og:url" content="{link(1)}"></head>'


def _gallery(folder: Path, source: str) -> Path:
    path = folder / "index.html"
    path.write_text(
        f'{_HEAD}<body class="page_share_img"><div id="js_article">'
        f'<div id="js_share_content_page_hd"><img src="{source}"></div>'
        '<p id="js_image_desc">船六点开。</p></div></body></html>',
        encoding="utf-8",
    )
    return path


def _read(path: Path, database: Path) -> tuple[str, str, list[bytes]]:
    with Archive.open(database) as archive:
        list(read_pages(path, archive))
        assert [outcome.change for outcome in read_pages(path, archive)] == ["unchanged"]
        [record] = archive.records()
        kept = [file.read_bytes() for file in archive.images.local(record.id).values()]
        list(reclean_stored(archive))
        [again] = archive.records()
        assert (again.body, again.state) == (record.body, record.state)
    return record.state, record.body, kept


def test_a_gallery_has_the_pictures_that_lie_beside_it(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "1.png").write_bytes(PNG)
    state, body, kept = _read(_gallery(tmp_path, "./assets/1.png"), tmp_path / "archive.db")
    assert (state, kept) == ("ok", [PNG])
    assert "](images/" in body


@pytest.mark.parametrize("quote", ["", "&quot;", "'"])
def test_a_picture_behind_a_box_that_stands_in_the_page_is_kept(tmp_path: Path, quote: str) -> None:
    copy = f"data:image/png;base64,{b64encode(PNG).decode()}"
    box = f'<section style="height:300px;background-image:url({quote}{copy}{quote})"></section>'
    behind = f'<p style="background:url({quote}{copy}{quote})">潮水</p>'
    file = tmp_path / "a.html"
    file.write_bytes(article(1, f"<p>船来了。</p>{behind}{box}<p>灯亮了。</p>"))
    state, body, kept = _read(file, tmp_path / "archive.db")
    assert (state, kept, body.count("](images/")) == ("ok", [PNG], 1)


@pytest.mark.parametrize(
    "kind", ["image/png", "application/octet-stream", "image/png;charset=utf-8"]
)
def test_a_gallery_has_the_pictures_that_stand_in_it(tmp_path: Path, kind: str) -> None:
    """Also where the server that was asked for one did not say what it is."""
    source = f"data:{kind};base64,{b64encode(PNG).decode()}"
    state, _, kept = _read(_gallery(tmp_path, source), tmp_path / "archive.db")
    assert (state, kept) == ("ok", [PNG])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_page_that_was_saved_in_utf_16_is_read_with_its_pictures(
    encoding: str, tmp_path: Path
) -> None:
    source = f"data:image/png;base64,{b64encode(PNG).decode()}"
    path = _gallery(tmp_path, source)
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    state, body, kept = _read(path, tmp_path / "archive.db")
    assert (state, kept) == ("ok", [PNG])
    assert "船六点开。" in body


def test_a_gallery_without_its_pictures_is_a_part(tmp_path: Path) -> None:
    state, body, kept = _read(_gallery(tmp_path, "./assets/1.png"), tmp_path / "archive.db")
    assert (state, kept) == ("truncated", [])
    assert "船六点开。" in body


def _page_with_picture(folder: Path) -> Path:
    """A saved page that shows a picture of the folder beside it."""
    path = folder / "x.html"
    path.write_text(
        f'{_HEAD}<body><div id="js_article"><div id="js_content"><p>船六点开。</p>'
        '<img data-src="https://mmbiz.qpic.cn/a/640" src="./x_files/640">'
        "</div></div></body></html>",
        encoding="utf-8",
    )
    return path


def test_a_picture_is_kept_under_the_address_that_the_page_has(tmp_path: Path) -> None:
    (tmp_path / "x_files").mkdir()
    (tmp_path / "x_files" / "640").write_bytes(PNG)
    path = _page_with_picture(tmp_path)
    state, body, kept = _read(path, tmp_path / "archive.db")
    assert (state, kept) == ("ok", [PNG])
    assert "![](https://mmbiz.qpic.cn/a/640)" in body


@pytest.mark.parametrize(
    "stand_in",
    [
        png(1, 1),
        png(140, 140),
        b"GIF89a\1\0\1\0\x80\0\0",
        b"<svg width='1px' height='1px' viewBox='0 0 1 1' xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>404 Not Found",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_what_stands_in_for_a_picture_that_was_not_loaded_keeps_it_from_nobody(
    tmp_path: Path, stand_in: bytes, *, inside: bool
) -> None:
    (tmp_path / "x_files").mkdir()
    (tmp_path / "x_files" / "640").write_bytes(stand_in)
    path, source = (
        _page_with_picture(tmp_path),
        f"data:image/gif;base64,{b64encode(stand_in).decode()}",
    )
    if inside:
        page = path.read_text(encoding="utf-8").replace("./x_files/640", source)
        path.write_text(page, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(path, archive)
        [wanted] = archive.images.wanted()
    assert (wanted.article_id, wanted.url) == (outcome.article_id, "https://mmbiz.qpic.cn/a/640")


def test_a_picture_outside_the_folder_of_its_page_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    below = tmp_path / "below"
    below.mkdir()
    state, _, kept = _read(_gallery(below, "../secret.png"), tmp_path / "archive.db")
    assert (state, kept) == ("truncated", [])


def test_a_text_whose_pictures_lay_in_files_that_are_gone_is_a_part(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text(
        f'{_HEAD}<body><div id="js_article"><div id="js_content"><p>船六点开。</p>'
        '<img src="./assets/1780000000000.png"></div></div><img src="./x_files/icon.png">'
        "<!-- 评论数据 --></body></html>",
        encoding="utf-8",
    )
    state, body, kept = _read(path, tmp_path / "archive.db")
    assert (state, kept) == ("truncated", [])
    assert "船六点开。" in body


def test_a_gallery_that_is_saved_with_its_pictures_behind_the_page_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text(
        f'{_HEAD}<body><h1 class="rich_media_title">渡口夜话</h1>'
        '<p id="js_image_desc">船六点开。</p></body></html>'
        '<img data-w="9" src="https://mmbiz.qpic.cn/a/0?wx_fmt=jpeg">',
        encoding="utf-8",
    )
    state, body, _ = _read(path, tmp_path / "archive.db")
    assert (state, body.count("![](https://mmbiz.qpic.cn/a/0")) == ("ok", 1)
    path.write_text(path.read_text(encoding="utf-8").partition("<img data-w")[0], encoding="utf-8")
    with Archive.open(tmp_path / "other.db") as archive:
        [outcome] = read_pages(path, archive)
        assert (outcome.state, outcome.taken_for) == ("truncated", "saved-page")


def test_a_block_of_source_day_and_link_is_read_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text(
        '<html><body><h1 class="article-title">渡口夜话</h1><div class="article-meta">'
        "<span>发布时间: 2026-06-01</span> <span>来源: 渡口</span>"
        f'<span>原文链接: <a href="{link(1).replace("&", "&amp;")}">x</a></span></div>'
        '<div id="js_content"><p>船六点开。</p></div></body></html>',
        encoding="utf-8",
    )
    with Archive.open(tmp_path / "archive.db") as archive:
        list(read_pages(path, archive))
        [record] = archive.records()
    assert (record.account, record.date, record.producer) == ("渡口", "2026-06-01", "header-block")


@pytest.mark.parametrize("source", [link(1), "https://example.com/a"])
def test_front_matter_above_html_is_read_as_joplin_writes_it(tmp_path: Path, source: str) -> None:
    head = f"---\ntitle: 渡口夜话\nsource: {source}\ntags:\n  - 待读\n---\n\n"
    words = "".join(f"<p>船&quot;{hour}&quot;点开。</p>" for hour in range(40))
    (tmp_path / "x.html").write_text(f"{head}<div><div>{words}</div></div>", encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(tmp_path / "x.html", archive)
        if source != link(1):
            assert (outcome.state, outcome.article_id) == (State.NOT_WECHAT, "")
            return
        [record] = archive.records()
    assert (outcome.state, record.title) == (State.OK, "渡口夜话")
    assert '船"1"点开。\n\n船"2"点开。' in record.body


@pytest.mark.parametrize(("address", "state"), [(link(1), "unreadable"), ("/a", "not_wechat")])
def test_a_page_of_links_that_is_larger_than_any_list_is_named(
    tmp_path: Path, address: str, state: str
) -> None:
    path = tmp_path / "x.html"
    row = f"<li><a href='{address}'>雾号{'&nbsp;' * 9_000}</a>"
    path.write_text(f"<html><body><ul>{row * 90}</ul></body></html>", encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(path, archive)
    assert (outcome.state, outcome.queued) == (state, 0)
    assert ("has a line of more than 4 MB" in str(outcome.error)) is (state == "unreadable")


class _Killed(BaseException):
    """What nobody catches, as a kill is not."""


@pytest.mark.parametrize("step", ["keep_pictures", "keep_own"])
def test_whoever_is_killed_between_a_page_and_its_pictures_has_both_in_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def kill(*_: object, **__: object) -> None:
        raise _Killed

    source = f"data:image/png;base64,{b64encode(PNG).decode()}"
    path, database = _gallery(tmp_path, source), tmp_path / "archive.db"
    with monkeypatch.context() as patch, Archive.open(database) as archive:
        patch.setattr(pages, step, kill)
        with pytest.raises(_Killed):
            list(read_pages(path, archive))
    state, body, kept = _read(path, database)
    assert (state, kept) == ("ok", [PNG])
    assert "](images/" in body


def _times_read(tags: str, folder: Path, patch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    """How often a picture beside a page with these tags is read, and what is named."""
    (folder / "1.png").write_bytes(PNG)
    path = folder / "x.html"
    path.write_text(
        f'{_HEAD}<body><div id="js_article"><div id="js_content"><p>船六点开。</p>{tags}'
        "</div></div></body></html>",
        encoding="utf-8",
    )
    read: list[Path] = []

    def noted(name: Path, limit: int) -> bytes:
        read.append(name)
        return read_input(name, limit)

    patch.setattr(beside, "read_input", noted)
    with Archive.open(folder / "archive.db") as archive:
        outcomes = list(read_pages(path, archive))
        [record] = archive.records()
        assert PNG in [file.read_bytes() for file in archive.images.local(record.id).values()]
    return len(read), [outcome.error.what for outcome in outcomes if outcome.error]


@pytest.mark.parametrize(
    "tag", ['<img data-src="https://mmbiz.qpic.cn/a/640" src="1.png">', '<img src="1.png">']
)
def test_a_picture_that_a_page_shows_again_and_again_is_not_read_again(
    tag: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, named = _times_read(tag * 99, tmp_path, monkeypatch)
    assert (read <= 2, named) == (True, [])


@pytest.mark.parametrize(
    "tag",
    [
        '<img data-src="https://mmbiz.qpic.cn/a{n}/640" src="1.png?{n}">',
        '<img src="1.png?{n}">',
        '<img src="{n}/../1.png">',
    ],
)
def test_a_picture_that_a_page_names_in_more_ways_than_any_is_named(
    tag: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = "".join(tag.format(n=number) for number in range(99))
    read, named = _times_read(tags, tmp_path, monkeypatch)
    assert read <= beside.OFTEN + 1  # that which is kept is read again
    assert len(named) == 1


def test_a_picture_that_a_packed_page_names_in_more_ways_than_any_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way unpacked it anew: a ZIP of some KB took a quarter of an hour."""
    tags = "".join(f'<img src="1.png?{number}">' for number in range(99))
    page = f"{_HEAD}<body><div id='js_article'><div id='js_content'><p>船六点开。</p>{tags}</div>"
    with ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.writestr("a/x.html", page)
        packed.writestr("a/1.png", PNG)
    unpacked: list[str] = []

    def noted(packed: Packed, name: str) -> bytes | None:
        unpacked.append(name)
        return content(packed, name)

    content = Packed.content
    monkeypatch.setattr(Packed, "content", noted)
    with Archive.open(tmp_path / "archive.db") as archive:
        outcomes = list(keep_containers([tmp_path / "x.zip"], archive))
        [record] = archive.records()
        assert PNG in [file.read_bytes() for file in archive.images.local(record.id).values()]
    assert len(unpacked) <= beside.OFTEN + 1
    [error] = [outcome.error for outcome in outcomes if outcome.error]
    assert error.subject.endswith("x.zip/a/1.png")


def test_pictures_that_a_page_still_lacks_come_though_it_is_known(tmp_path: Path) -> None:
    """As an earlier version left it that was killed between the two."""
    source = f"data:image/png;base64,{b64encode(PNG).decode()}"
    path, database = _gallery(tmp_path, source), tmp_path / "archive.db"
    _read(path, database)
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript("DELETE FROM pictures; DELETE FROM images;")
    state, _, kept = _read(path, database)
    assert (state, kept) == ("ok", [PNG])


def test_a_picture_that_failed_to_come_from_the_web_comes_with_a_saved_page(tmp_path: Path) -> None:
    path, database = _page_with_picture(tmp_path), tmp_path / "archive.db"
    assert _read(path, database)[2] == []
    with Archive.open(database) as archive:
        [record] = archive.records()
        archive.images.miss(record.id, "https://mmbiz.qpic.cn/a/640", at="2026-05-24", why="404")
    (tmp_path / "x_files").mkdir()
    (tmp_path / "x_files" / "640").write_bytes(PNG)
    assert _read(path, database)[2] == [PNG]


@pytest.mark.skipif(sys.platform != "linux", reason="it reads a file of /proc")
def test_a_picture_beside_a_page_that_cannot_be_read_is_named_and_comes_once_it_can(
    tmp_path: Path,
) -> None:
    (tmp_path / "x_files").mkdir()
    picture = tmp_path / "x_files" / "640"
    picture.write_bytes(PNG)
    path = _page_with_picture(tmp_path)
    sick = once(Fault("read", tmp_path / "x_files", 1))
    with sick, Archive.open(tmp_path / "archive.db") as archive:
        page, failure = read_pages(path, archive)
        assert (page.state, failure.input) == ("ok", str(picture))
        assert "Input/output error" in str(failure.error)
    assert _read(path, tmp_path / "archive.db")[2] == [PNG]


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_where_a_saved_page_moved_to_waits_in_the_queue_unless_it_was_forgotten(
    tmp_path: Path, *, is_forgotten: bool
) -> None:
    path = tmp_path / "page.html"
    script = f"var transferTargetLink = '{link(2)}';"
    saved = f"<!-- saved from url=(0099){link(1)} -->\n".encode()
    path.write_bytes(saved + notice("该公众号已迁移", script=script))
    with Archive.open(tmp_path / "archive.db") as archive:
        if is_forgotten:
            archive.forgotten.add(link(1), at="2026-11-27")
        [outcome] = read_pages(path, archive)
        waiting = [entry.request for entry in archive.queue.entries()]
    assert (outcome.state, outcome.error) == ("migrated", None)
    assert len(waiting) == (not is_forgotten)


def test_a_saved_notice_below_a_comment_is_no_article(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    saved = f"<!-- saved from url=(0099){link(1)} -->\n<!-- - -- ->\n -->".encode()
    path.write_bytes(saved + notice("该内容已被发布者删除"))
    with Archive.open(tmp_path / "archive.db") as archive:
        list(read_pages(path, archive))
        [record] = archive.records()
    assert (record.state, record.body) == ("deleted", "")


def _page(number: int, words: str) -> bytes:
    address = link(number)
    body = f"<p>{words}，头一段。</p><p>{words}，末一段。</p>"
    return modern(body, link=address, mid=str(2247000000 + number), idx="1", title=words)


@pytest.mark.parametrize(
    "cut",
    ["，末一段".encode(), b"id='js_article'", b"window.cgiDataNew", b"<meta ", b"visib"],
)
def test_pages_that_stand_in_one_file_are_read_each_for_itself(tmp_path: Path, cut: bytes) -> None:
    first, second = _page(1, "渡口"), _page(2, "灯塔")
    end = first.rindex(cut) + 1
    path = tmp_path / "both.html"
    path.write_bytes(b"<!-- saved by a tool -->\n" + first[:end] + second)
    with Archive.open(tmp_path / "archive.db") as archive:
        states = [outcome.state for outcome in read_pages(path, archive)]
        bodies = [record.body for record in archive.records()]
    assert len(states) == 2
    assert any("灯塔，头一段。\n\n灯塔，末一段。" in body for body in bodies)
    assert not any("渡口" in body and "灯塔" in body for body in bodies)


@pytest.mark.parametrize(
    "between",
    [
        b"",
        b"\n",
        b"\n<!-- saved by a tool -->\n",
        b'<?xml version="1.0"?>\n',
        b"WARC/1.0\r\nWARC-ID: <urn:uuid:1>\r\n\r\n",
    ],
)
def test_pages_out_of_a_browsers_memory_have_no_type_and_are_read_each_for_itself(
    tmp_path: Path, between: bytes
) -> None:
    pages = [_page(1, "渡口"), _page(2, "灯塔"), _page(3, "航标")]
    bare = [page[page.index(b"<html") :].strip() for page in pages]
    path = tmp_path / "all.html"
    path.write_bytes(between.join(bare))
    with Archive.open(tmp_path / "archive.db") as archive:
        assert [outcome.state for outcome in read_pages(path, archive)] == ["ok"] * 3
        told = {record.title: record.body for record in archive.records()}
    assert len(told) == 3
    assert all(title in body for title, body in told.items())
    assert not any(title in told[other] for title in told for other in told if title != other)


def test_the_traps_around_a_page_of_2017_are_no_end_and_no_beginning_of_it() -> None:
    page = old().replace(b"<html><head>", b"\n<html>\n<head>")
    assert page.count(b"Trap") == 2
    assert pages_in(page) == [page]


@pytest.mark.parametrize(
    "inside",
    [
        b"<iframe srcdoc='<!DOCTYPE html><html><p>x</p></html>'></iframe>",
        b"<script>w.document.write('<!DOCTYPE html><html></html>')</script>",
        b"<pre>&lt;!DOCTYPE html&gt;</pre>",
    ],
)
def test_a_page_that_holds_another_document_is_one(tmp_path: Path, inside: bytes) -> None:
    path = tmp_path / "one.html"
    page = b"<!-- saved by a tool -->\n" + _page(1, "渡口")
    path.write_bytes(page.replace(b"<p>", inside + b"<p>"))
    with Archive.open(tmp_path / "archive.db") as archive:
        assert [outcome.state for outcome in read_pages(path, archive)] == ["ok"]


@pytest.mark.parametrize(
    "around",
    ['<p data-x="{}">', "<p data-x='{}'>", '<iframe srcdoc="\n{}"></iframe>', "<!-- {} -->"],
)
@pytest.mark.parametrize("begin", ["<!DOCTYPE html>", "</html>"])
def test_a_page_that_a_stranger_wrote_into_an_article_is_none(
    tmp_path: Path, around: str, begin: str
) -> None:
    forged = f"{begin}<html><head><meta property=og:url content={link(2)}></head><body>"
    forged += "<div id=js_content><p>伪造的话。</p></div></body></html>"
    path = tmp_path / "one.html"
    path.write_bytes(_page(1, "渡口").replace(b"<p>", around.format(forged).encode() + b"<p>", 1))
    with Archive.open(tmp_path / "archive.db") as archive:
        assert [outcome.state for outcome in read_pages(path, archive)] == ["ok"]
        [record] = archive.records()
    assert record.body.endswith("渡口，头一段。\n\n渡口，末一段。\n")


@pytest.mark.parametrize("sign", ["'", "&quot;"])
def test_a_page_whose_words_are_apart_in_several_attributes_is_none(
    tmp_path: Path, sign: str
) -> None:
    page = _page(1, "渡口")
    words = f"x={sign} <!DOCTYPE html><html lang={sign}zh{sign}>"
    forged = f'<meta name="description" content="{words}"><meta content=\'\'>'
    image = f'<img alt="<div id={sign}js_content{sign}><p>伪造的话。</p>">'
    page = page.replace(b"<title>", forged.encode() + b"<title>", 1)
    path = tmp_path / "one.html"
    path.write_bytes(page.replace(b"<p>", image.encode() + b"<p>", 1))
    with Archive.open(tmp_path / "archive.db") as archive:
        assert [outcome.state for outcome in read_pages(path, archive)] == ["ok"]
        [record] = archive.records()
    assert record.title == "渡口"
    assert "伪造" not in record.body


@pytest.mark.parametrize("name", ["page.txt", "s?__biz=MzA&mid=1&idx=1&sn=2", "page.xhtml"])
def test_a_page_is_read_as_one_whatever_its_file_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / name).write_bytes(_page(1, "渡口"))
    files, errors = find_seeds([tmp_path / "folder"])
    with Archive.open(tmp_path / "archive.db") as archive:
        for stage in read_files(files, archive):
            list(stage.outcomes)
        bodies = [record.body for record in archive.records()]
    assert (errors, len(bodies)) == ([], 1)
    assert bodies[0].endswith("渡口，头一段。\n\n渡口，末一段。\n")


def test_a_page_in_markdown_is_named_and_no_list_of_its_links(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_bytes(_page(1, "渡口"))
    with Archive.open(tmp_path / "archive.db") as archive:
        stages = read_files([tmp_path / "page.md"], archive)
        outcomes = [outcome for stage in stages for outcome in stage.outcomes]
        assert [outcome.state for outcome in outcomes] == ["unreadable"]
        assert "its name ends in .html" in str(outcomes[0].error)


@pytest.mark.parametrize("hurt", [b"\xff", bytes(9)], ids=["letter", "zeros"])
def test_a_page_of_which_a_disk_lost_letters_is_kept_and_told(tmp_path: Path, hurt: bytes) -> None:
    body = "<p>船六点开，灯塔的光每隔七秒扫过一次海面。</p>" * 3
    whole = f'{_HEAD}<body><div id="js_content">{body}</div><p>完</p></body></html>'.encode()
    sound, damaged = tmp_path / "sound.html", tmp_path / "damaged.html"
    sound.write_bytes(whole)
    damaged.write_bytes(whole.replace("灯塔的".encode(), hurt, 1))
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(damaged, archive)
        assert outcome.change == "added"
        assert "some letters of its file are damaged" in str(outcome.error)
        [outcome] = read_pages(sound, archive)
        assert outcome.error is None


def _warc(path: Path, content: bytes, **headers: str) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        record = writer.create_warc_record(
            "https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0",
            "resource",
            payload=io.BytesIO(content),
            length=len(content),
            warc_content_type="text/html",
            warc_headers_dict=headers,
        )
        writer.write_record(record)


@pytest.mark.parametrize("packed", [False, True])
def test_another_articles_page_of_which_no_address_can_be_made_keeps_none_behind_it_away(
    tmp_path: Path, *, packed: bool
) -> None:
    strange, path = article(2, sn="a" * 9000), tmp_path / "a.warc"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        for address, content in ((long_link(1), strange), (long_link(3), article(3))):
            record = writer.create_warc_record(
                address,
                "resource",
                payload=io.BytesIO(content),
                length=len(content),
                warc_content_type="text/html",
            )
            writer.write_record(record)
    if packed:
        with ZipFile(tmp_path / "a.zip", "w") as container:
            container.write(path, "a.warc")
    with Archive.open(tmp_path / "archive.db") as archive:
        given = [tmp_path / "a.zip"] if packed else []
        outcomes = list(keep_containers(given, archive) if packed else read_pages(path, archive))
        assert [outcome.change for outcome in outcomes] == [None, "added"]
        assert "no link of WeChat's is" in str(outcomes[0].error)
        assert [record.title for record in archive.records()] == ["灯塔日记 3"]


@pytest.mark.parametrize("hurt", [b"\xff" * 9, bytes(9), "雾号的".encode()])
@pytest.mark.parametrize("has_digest", [True, False], ids=["digest", "none"])
def test_a_page_in_a_warc_of_which_a_disk_lost_letters_is_kept_and_told_with_the_files_name(
    tmp_path: Path, hurt: bytes, *, has_digest: bool
) -> None:
    body = "<p>船六点开，灯塔的光每隔七秒扫过一次海面。</p>" * 3
    whole = f'{_HEAD}<body><div id="js_content">{body}</div><p>完</p></body></html>'.encode()
    path = tmp_path / "a.warc"
    # warcio adds a digest of its own where none is given
    _warc(path, whole, **({} if has_digest else {"WARC-Block-Digest": "md5:A"}))
    sound = path.read_bytes()
    with Archive.open(tmp_path / "archive.db") as archive:
        path.write_bytes(sound.replace("灯塔的".encode(), hurt, 1))
        [outcome] = read_pages(path, archive)
        assert outcome.change == "added"
        is_told = "a.warc" in str(outcome.error) and "letters of its file are" in str(outcome.error)
        assert is_told == (has_digest or "雾" not in hurt.decode(errors="replace"))
        path.write_bytes(sound)
        [outcome] = read_pages(path, archive)
        assert outcome.error is None


def test_a_page_that_came_with_broken_letters_is_whole_where_its_digest_says_so(
    tmp_path: Path,
) -> None:
    body = "<p>船六点开，灯塔的光每隔七秒扫过一次海面。</p>" * 3
    whole = f'{_HEAD}<body><div id="js_content">{body}</div><p>完</p></body></html>'.encode()
    _warc(tmp_path / "a.warc", whole.replace("灯塔的".encode(), b"\xff", 1))
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(tmp_path / "a.warc", archive)
    assert (outcome.change, outcome.error) == ("added", None)


@pytest.mark.parametrize("charset", ["gb18030", "utf-16", "utf-8-sig", "big5hkscs"])
def test_a_whole_page_is_told_of_nothing_whatever_its_encoding(
    tmp_path: Path, charset: str
) -> None:
    body = "<p>船六點開，燈塔的光每隔七秒掃過一次海面。</p>" * 9
    page = f'{_HEAD}<body><div id="js_content">{body}</div></body></html>'.replace("话", "話")
    path = tmp_path / "a.html"
    path.write_bytes(page.encode(charset))
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(path, archive)
        assert (outcome.change, outcome.error) == ("added", None)


def test_what_a_tool_says_in_html_in_gbk_are_the_words_that_it_wrote(tmp_path: Path) -> None:
    readers, block = tmp_path / "a.html", tmp_path / "b.html"
    readers.write_bytes(f"{_HEAD}<body><p>船六点开。</p></body></html>".encode("gbk"))
    block.write_bytes(
        (
            '<html><body><div class="article-meta"><span>来源: 渡口</span> '
            f'<span>原文链接: <a href="{link(2)}">x</a></span></div>'
            '<div id="js_content"><p>船六点开。</p></div></body></html>'
        ).encode("gbk")
    )
    with Archive.open(tmp_path / "archive.db") as archive:
        outcomes = [*read_pages(readers, archive), *read_pages(block, archive)]
        said = {record.url: (record.title, record.account) for record in archive.records()}
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert said == {link(1): ("渡口夜话", ""), link(2): ("", "渡口")}


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "koi8-r", "shift_jis"])
def test_a_page_in_the_charset_that_it_names_is_told_of_nothing(
    tmp_path: Path, charset: str
) -> None:
    words = {"koi8-r": "Маяк у моря", "shift_jis": "港の灯"}.get(charset, "Café à la crème")
    body = f"<p>{words}.</p>" * 9
    head = _HEAD.replace("<head>", f"<head><meta charset={charset}>", 1)
    page = f'{head}<body><div id="js_content">{body}</div></body></html>'
    path = tmp_path / "a.html"
    path.write_bytes(page.encode(charset, "xmlcharrefreplace"))
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(path, archive)
        assert (outcome.change, outcome.error) == ("added", None)
        [record] = archive.records()
        assert words in record.body


def test_a_page_in_utf16_of_which_a_letter_is_lost_is_kept_and_told(tmp_path: Path) -> None:
    body = "<p>船六点开，灯塔的光每隔七秒扫过一次海面。</p>" * 3
    page = f'{_HEAD}<body><div id="js_content">{body}</div></body></html>'.encode("utf-16")
    half = "\ud800".encode("utf-16-le", "surrogatepass")
    path = tmp_path / "a.html"
    path.write_bytes(page.replace("灯".encode("utf-16-le"), half, 1))
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(path, archive)
    assert outcome.change == "added"
    assert "some letters of its file are damaged" in str(outcome.error)


def test_of_many_pages_in_a_damaged_file_of_utf16_no_more_is_read_than_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counted(content: bytes, charset: str = "") -> bool:
        read.append(len(content))
        return is_sound(content, charset)

    monkeypatch.setattr(pages, "is_sound", counted)
    head = f"<!DOCTYPE html>\n{_HEAD}"
    body = "<p>船六点开，灯塔的光每隔七秒扫过一次海面。</p>" * 3
    page = f'{head}<body><div id="js_content">{body}</div></body></html>\n'
    several = [page.replace(link(1), link(number)) for number in range(1, 21)]
    half = "\ud800".encode("utf-16-le", "surrogatepass")
    path = tmp_path / "a.html"
    content = "".join(several).encode("utf-16")
    path.write_bytes(content.replace("灯".encode("utf-16-le"), half, 1))
    with Archive.open(tmp_path / "archive.db") as archive:
        outcomes = list(read_pages(path, archive))
        assert {outcome.change for outcome in outcomes} == {"added"}
        assert len(list(archive.records())) == len(outcomes) == len(several)
    assert all("some letters of its file" in str(outcome.error) for outcome in outcomes)
    assert sum(read) <= 2 * len(content)


_SHORT = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
_ROW = f"灯塔日记,{_SHORT},青石电台,阿岭,2024-05-08 20:30:00\n"


@pytest.mark.parametrize("beside", [False, True])
def test_what_only_a_list_told_of_a_saved_page_stays_when_the_stored_page_is_cleaned_again(
    tmp_path: Path, *, beside: bool
) -> None:
    page = '<h1 id="activity-name">灯塔日记</h1><div id="js_content"><p>灯照常亮起。</p></div>'
    (tmp_path / "灯塔日记.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    (tmp_path / "list.csv").write_text(f"标题,链接,公众号,作者,发布时间\n{_ROW}", encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        for stage in read_files(find_seeds([tmp_path])[0], archive):
            list(stage.outcomes)
        [before] = archive.records()
        assert (before.account, before.author, before.date) == ("青石电台", "阿岭", "2024-05-08")
        if beside:  # so that the row is no copy of the page alone
            archive.save(make_article(before.url, title="灯塔日记", account="", date=""))
        [before] = archive.records()
        assert before.producer == "saved-page"
        list(reclean_stored(archive))
        assert list(archive.records()) == [before]


def test_what_an_archive_of_pages_has_beside_its_articles_is_none(tmp_path: Path) -> None:
    place = "https://mp.weixin.qq.com/mp/"
    captured = {
        f"{place}readtemplate?t=pages/video_player_tmpl&vid=wxv_1": b"<html><body></body></html>",
        f"{place}appmsgalbum?album_id=1": notice("该内容已被发布者删除"),
        link(1): notice("该内容已被发布者删除"),
    }
    saved = (
        SavedPage(url=url, content=page, charset="", http_status=200, fetched_at="")
        for url, page in captured.items()
    )
    with Archive.open(tmp_path / "archive.db") as archive:
        outcomes = list(pages.keep_warc(saved, "a.warc", archive, PicturesBehind(archive)))
        assert [bool(outcome.error) for outcome in outcomes] == [True, True, False]
        assert [record.state for record in archive.records()] == ["deleted"]


def _record(
    url: str, content: bytes, *, kind: str = "image/png", status: str = "200 OK", said: str = ""
) -> bytes:
    block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + content
    digest = f"WARC-Block-Digest: {said}\r\n" if said else ""
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n{digest}"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


@pytest.mark.parametrize("packed", [False, True])
def test_pictures_that_stand_behind_their_page_in_a_warc_are_kept(
    tmp_path: Path, *, packed: bool
) -> None:
    place = "mmbiz.qpic.cn/mmbiz_png"
    shown = "".join(f'<img data-src="https://{place}/a{one}/640">' for one in range(8))
    shown += "".join(f'<img data-src="https://a.example/?id={one}">' for one in (1, 2))
    text = f'{_HEAD}<body><div id="js_article"><div id="js_content"><p>船六点开。</p>{shown}'
    records = [
        _record(f"https://{place}/a0/640", png(9, 9)),  # before its page
        _record(link(1), text.encode(), kind="text/html"),
        _record(f"http://{place}/a1/640?wx_fmt=png&tp=webp", png(9, 9)),
        _record(f"https://{place}/a2/0", png(9, 8)),
        _record(f"https://{place}/a3/132", png(3, 3)),
        _record(f"https://{place}/a4/640", png(9, 9), status="404 Not Found"),
        _record(f"https://{place}/a5/640", png(9, 9), kind="text/plain"),
        _record(f"https://{place}/a6/640", png(1, 1)),
        _record(f"https://{place}/a7/640", png(9, 9), said=f"sha1:{'A' * 32}"),
        _record("https://a.example/?id=2", png(9, 7)),
    ]
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(records))
    if packed:
        with ZipFile(tmp_path / "a.wacz", "w") as container:
            container.write(path, "archive/a.warc")
    with Archive.open(tmp_path / "archive.db") as archive:
        given = [tmp_path / "a.wacz"] if packed else []
        list(keep_containers(given, archive) if packed else read_pages(path, archive))
        [record] = archive.records()
        kept = archive.images.local(record.id)
    others = ["https://a.example/?id=2"]
    assert sorted(kept) == others + [f"https://{place}/a{one}/640" for one in (1, 2)]


def test_pictures_that_come_when_their_article_waits_no_more_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_MOST_LACKING", 2)
    at = [f"https://mmbiz.qpic.cn/mmbiz_png/a{one}/640" for one in range(4)]
    shown = "".join(f'<img data-src="{one}">' for one in at)
    text = f'{_HEAD}<body><div id="js_article"><div id="js_content"><p>船六点开。</p>{shown}'
    pictures = [_record(at[one], png(9, one + 3)) for one in (1, 3)]
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join([_record(link(1), text.encode(), kind="text/html"), *pictures]))
    with Archive.open(tmp_path / "archive.db") as archive:
        _, left = read_pages(path, archive)
        assert len(archive.images.local(next(archive.records()).id)) == 1
    assert "has 1 picture too far behind" in str(left.error)


_PARTS = """<!DOCTYPE html>
<html><head><title>{title}</title><style>.title {{}}</style></head><body>
<div class="__page_content__"><h1 class="title">{title}</h1>
<div class="__meta__"><span class="copyright">原创</span><span class="author">阿青</span>
<span class="nick_name">渡口</span><span class="create_time">2026-05-23 11:29</span></div>
<blockquote class="source">原文地址: <a href="{url}">{url}</a></blockquote>
{text}
<div class="__bottom-bar__"><span>渡口</span><button>阅读</button></div></div></body></html>"""


@pytest.mark.parametrize(
    ("text", "state", "body"),
    [
        ('<section class="item_show_type_0"><p>船六点开。</p></section>', "ok", "船六点开。"),
        ('<section class="item_show_type_10"><p>船<br />开。</p></section>', "ok", "船  \n开。"),
        (
            (
                '<section class="pay_subscribe_notice"><div>付费内容 · 3 元</div>'
                "<div>本文为付费文章，完整内容需购买后查看</div></section>"
            ),
            "hollow",
            "",
        ),
    ],
)
def test_the_parts_of_a_page_that_the_exporter_writes_are_its_article(
    text: str, state: str, body: str, tmp_path: Path
) -> None:
    url = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    page = tmp_path / "index.html"
    page.write_text(_PARTS.format(title="渡口夜话", url=url, text=text), encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(page, archive)
        record = archive.get(outcome.article_id)
    assert record is not None
    assert (outcome.state, record.body.partition("\n\n")[2].strip()) == (state, body)
    assert (record.title, record.account, record.author) == ("渡口夜话", "渡口", "阿青")
    assert record.published_at == "2026-05-23T11:29:00+08:00"


def test_html_that_names_its_own_source_is_an_article_in_a_packed_file_as_well(
    tmp_path: Path,
) -> None:
    url = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    text = '<section class="item_show_type_0"><p>船六点开。</p></section>'
    pack = tmp_path / "pages.zip"
    with ZipFile(pack, "w") as packed:
        packed.writestr("渡口/index.html", _PARTS.format(title="渡口夜话", url=url, text=text))
        packed.writestr("list.html", f'<a href="{url[:-1]}w">潮水</a>')
    with Archive.open(tmp_path / "archive.db") as archive:
        outcomes = list(keep_containers([pack], archive))
        record = archive.get(outcomes[0].article_id)
    assert record is not None
    assert record.body.endswith("船六点开。\n")
    assert [outcome.queued for outcome in outcomes] == [0, 1]


_SOURCE = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
_TEXT = "<p>船六点开。</p><p>见<a href='https://mp.weixin.qq.com/s/BbCdEfGhIjKlMnOpQrStUv'>潮水</a>。</p>"
_NOTES = {
    "notion": '<html><head><title>渡口夜话</title></head><body><article id="2a" class="page sans">'
    '<header><h1 class="page-title" dir="auto">渡口夜话</h1><table class="properties"><tbody>'
    '<tr class="property-row property-row-text"><th>标签</th><td>读过</td></tr>'
    '<tr class="property-row property-row-url"><th><span class="icon"></span>URL</th><td>'
    '<a href="{url}" class="url-value">{url}</a></td></tr></tbody></table></header>'
    '<div class="page-body">{text}</div></article></body></html>',
    "evernote": "<html><head><title>渡口夜话</title></head><body>"
    '<div class="html-note"><meta itemprop="title" content="渡口夜话"><note-attributes>'
    '<meta itemprop="source-url" content="{url}"></note-attributes><h1>渡口夜话</h1>'
    '<en-note class="peso">{text}</en-note></div></body></html>',
    "evernote-title": '<html><head></head><body><en-note class="peso"><meta itemprop="title" '
    'content="渡口夜话"><note-attributes><meta itemprop="source-url" content="{url}">'
    '</note-attributes><h1 class="noteTitle html-note"><b>渡口夜话</b></h1>{text}'
    "</en-note></body></html>",
    "evernote-mac": '<html><head><meta name="exporter-version" content="Evernote Mac 9.3.3"/>'
    '<meta name="source-url" content="{url}"/><title>渡口夜话</title></head>'
    "<body><div>{text}</div></body></html>",
    "evernote-windows": "<html><head><title>渡口夜话</title>"
    '<meta name="exporter-version" content="Evernote Windows/302292 (zh-CN);"/></head><body>'
    '<a name="2025"/>\n<h1>渡口夜话</h1>\n<div>\n<table bgcolor="#D4DDE5" border="0">\n'
    "<tr><td><b>创建时间：</b></td><td><i>2026/5/23 11:22</i></td></tr>\n"
    '<tr><td><b>URL：</b></td><td><a href="{url}"><i>{url}</i></a></td></tr>\n</table>\n</div>\n'
    "<div>\n<span>{text}</span>\n</div></body></html>",
    "evernote-windows-title": "<html><head><title>Evernote Export</title>"
    '<meta name="exporter-version" content="YXBJ Windows/308100 (zh-CN, DDL);"/></head><body>'
    '<a name="2025"/>\n<h1>渡口夜话</h1>\n<div>\n<table bgcolor="#D4DDE5" border="0">\n'
    '<tr><td><b>来源：</b></td><td><a href="{url}"><i>{url}</i></a></td></tr>\n</table>\n</div>\n'
    "<div>\n<span>{text}</span>\n</div></body></html>",
    "notion-cover": '<html><head><title>渡口夜话</title></head><body><article id="2a" class="page '
    'sans"><header><table class="properties"><tr class="property-row property-row-url"><th>封面'
    '</th><td><a href="https://a.example/b.png" class="url-value"></a></td></tr><tr class="'
    'property-row property-row-url"><th>URL</th><td><a href="{url}" class="url-value"></a></td>'
    '</tr></table></header><div class="page-body">{text}</div></article></body></html>',
    "simpread": "<html><head><title>简悦 | 渡口夜话</title></head><body><sr-read><sr-rd-title>"
    "渡口夜话</sr-rd-title><sr-rd-desc></sr-rd-desc><sr-rd-content>{text}</sr-rd-content>"
    "<sr-rd-footer><sr-rd-footer-text>全文完</sr-rd-footer-text><div>本文由 "
    '<a href="http://ksria.com/simpread">简悦 SimpRead</a> 转码，用以提升阅读体验，'
    '<a href="{url}" target="_blank">原文地址 </a></div></sr-rd-footer></sr-read></body></html>',
}


@pytest.mark.parametrize("tool", _NOTES)
def test_the_html_of_a_note_is_the_article_that_it_names_as_its_source(
    tmp_path: Path, tool: str
) -> None:
    file = tmp_path / "note.html"
    file.write_text(_NOTES[tool].format(url=_SOURCE, text=_TEXT), encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(file, archive)
        record = archive.get(_SOURCE)
    assert record is not None, outcome
    assert record.title == "渡口夜话"
    words = "船六点开。\n\n见[潮水](https://mp.weixin.qq.com/s/BbCdEfGhIjKlMnOpQrStUv)。\n"
    assert record.body == f"# 渡口夜话\n\n{words}"


def test_the_properties_of_notions_html_tell_what_those_of_its_markdown_do(tmp_path: Path) -> None:
    row = '<tr class="property-row property-row-text"><th>{}</th><td>{}</td></tr>'
    said = {"公众号": "青石电台", "作者": "阿岭", "发布时间": "<time>@March 5, 2024</time>"}
    rows = "".join(row.format(*each) for each in said.items())
    note = _NOTES["notion"].format(url=_SOURCE, text=_TEXT).replace("<tbody>", f"<tbody>{rows}")
    file = tmp_path / "note.html"
    file.write_text(note, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        list(read_pages(file, archive))
        record = archive.get(_SOURCE)
    assert record is not None
    assert (record.account, record.author, record.date) == ("青石电台", "阿岭", "2024-03-05")


@pytest.mark.parametrize("tool", _NOTES)
def test_what_an_author_writes_as_a_note_would_names_no_other_source_of_a_page(tool: str) -> None:
    note = _NOTES[tool].format(url=_SOURCE, text=_TEXT)
    page = f'<html><body><div id="js_article"><div id="js_content">{note}</div></div></body></html>'
    assert saved_by(note.encode()).link.url == _SOURCE
    assert saved_by(page.encode()).link.url == ""


@pytest.mark.parametrize("tool", ["notion", "evernote-mac"])
def test_a_table_of_the_color_of_a_notes_head_stays_in_another_text(
    tmp_path: Path, tool: str
) -> None:
    table = '<table width="100%" bgcolor="#D4DDE5" border="0"><tr><td>三米</td></tr></table>'
    file = tmp_path / "note.html"
    file.write_text(_NOTES[tool].format(url=_SOURCE, text=table + _TEXT), encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        list(read_pages(file, archive))
        record = archive.get(_SOURCE)
    assert record is not None
    assert "三米" in record.body


@pytest.mark.parametrize(
    "mark",
    [
        f"<!--\n Page saved with SingleFile \n url: {_SOURCE} \n saved date: Sun May 24 2026\n-->",
        f"<!-- saved from url=(0049){_SOURCE} -->",
    ],
)
def test_what_another_server_said_at_an_articles_address_is_no_article(
    tmp_path: Path, mark: str
) -> None:
    file = tmp_path / "a.html"
    page = (
        "<html>{}<head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body>"
    )
    file.write_text(page.format(mark), encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(file, archive)
        assert (outcome.state, archive.get(_SOURCE)) == (State.NOT_WECHAT, None)
    assert "another server" in str(outcome.error)


def test_several_notes_in_one_file_are_a_list(tmp_path: Path) -> None:
    note = _NOTES["evernote-windows"]
    file = tmp_path / "notes.html"
    other = note.format(url=_SOURCE[:-1] + "w", text=_TEXT)
    file.write_text(note.format(url=_SOURCE, text=_TEXT) + other, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(file, archive)
    assert outcome.queued == 3


_SEVERAL = {
    "evernote": '<html><body><div class="html-note"><meta itemprop="title" content="夜里">'
    '<h1>夜里</h1><en-note class="peso"><div>我的日记。</div></en-note></div>'
    "{note}",
    "evernote-windows": '<html><body>\n<a name="1"/>\n<h1>夜里</h1>\n<div>我的日记。</div>\n{note}',
}


@pytest.mark.parametrize("tool", _SEVERAL)
def test_a_note_beside_the_one_that_names_a_source_is_not_its_text(
    tmp_path: Path, tool: str
) -> None:
    note = _NOTES[tool].format(url=_SOURCE, text=_TEXT).partition("<body>")[2]
    file = tmp_path / "notes.html"
    file.write_text(_SEVERAL[tool].format(note=note), encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(file, archive)
        assert archive.get(_SOURCE) is None
    assert outcome.queued == 2


@pytest.mark.parametrize("tool", _NOTES)
@pytest.mark.parametrize("url", ["https://a.example/", _SOURCE.replace("Ab", "Cb")])
def test_notes_of_any_tool_that_run_into_one_another_are_a_list(
    tmp_path: Path, tool: str, url: str
) -> None:
    note = _NOTES[tool].format(url=_SOURCE, text=_TEXT)
    other = _NOTES[tool].format(url=url, text="<div>我的日记。</div>")
    file = tmp_path / "notes.html"
    for count, content in enumerate((other + note, note + other)):
        file.write_text(content, encoding="utf-8")
        with Archive.open(tmp_path / f"{count}.db") as archive:
            [outcome] = read_pages(file, archive)
            assert archive.get(_SOURCE) is None
        assert outcome.queued == (3 if "mp.weixin" in url else 2)


@pytest.mark.parametrize("tool", ["evernote", "evernote-title", "simpread"])
def test_a_note_is_known_below_the_styles_and_drawings_that_its_tool_writes(
    tmp_path: Path, tool: str
) -> None:
    long = "<p>船六点开。</p>" * 3000
    note = _NOTES[tool].format(url=_SOURCE, text=long)
    above = "<style>{}</style><script>'<style>'</script><style>{}</style>".format("a" * 70000, "b")
    drawn = "<icons><svg><title>图</title>{}</svg></icons>".format("<path />" * 9000)
    file = tmp_path / "note.html"
    note = note.replace("<head>", f"<head>{above}").replace("<body>", f"<body>{drawn}")
    file.write_text(note, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(file, archive)
        record = archive.get(_SOURCE)
    assert record is not None, outcome
    assert record.body.startswith("# 渡口夜话\n\n船六点开。\n\n船六点开。")


def test_a_page_that_quotes_the_last_line_of_a_tool_is_not_the_article_that_this_names(
    tmp_path: Path,
) -> None:
    line = _NOTES["simpread"].format(url=_SOURCE, text="").partition("<div>")[2]
    file = tmp_path / "post.html"
    file.write_text(f"<html><body><p>我的博客。</p><div>{line}", encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(file, archive)
        assert archive.get(_SOURCE) is None
    assert outcome.queued == 1


@pytest.mark.parametrize(
    "source", ["note/a b.png", f"data:image/png;base64,{b64encode(PNG).decode()}"]
)
def test_the_pictures_that_a_note_keeps_beside_it_are_kept(tmp_path: Path, source: str) -> None:
    (tmp_path / "note").mkdir()
    (tmp_path / "note" / "a b.png").write_bytes(PNG)
    text = f'{_TEXT}<figure><img src="{source.replace(" ", "%20")}"/></figure>'
    file = tmp_path / "note.html"
    file.write_text(_NOTES["notion"].format(url=_SOURCE, text=text), encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        list(read_pages(file, archive))
        record = archive.get(_SOURCE)
        assert record is not None
        assert record.state == "ok"
    [kept] = [path for path in (tmp_path / "images").rglob("*") if path.is_file()]
    assert kept.read_bytes() == PNG
    assert kept.name in record.body


@pytest.mark.parametrize("tool", sorted(_NOTES.keys() - {"simpread"}))
def test_a_note_that_broke_off_is_a_part_of_its_article(tmp_path: Path, tool: str) -> None:
    note = _NOTES[tool].format(url=_SOURCE, text=_TEXT)
    file = tmp_path / "note.html"
    for end, state in ((note.index("点开"), "truncated"), (len(note), "ok")):
        file.write_text(note[:end], encoding="utf-8")
        with Archive.open(tmp_path / "archive.db") as archive:
            list(read_pages(file, archive))
            record = archive.get(_SOURCE)
        assert record is not None
        assert record.state == state


@pytest.mark.parametrize(
    ("shown", "zone", "published"),
    [
        (
            "2025年3月4日 20:30",
            "GMT+0000 (Coordinated Universal Time)",
            "2025-03-05T04:30:00+08:00",
        ),
        ("2025年3月4日 07:30", "GMT-0530 (anywhere)", "2025-03-04T21:00:00+08:00"),
        ("2025-03-05 01:15", "GMT+0900", "2025-03-05T00:15:00+08:00"),
        ("2025年3月5日 04:30", "GMT+0800 (中国标准时间)", "2025-03-05T04:30:00+08:00"),
        ("2025-03-05 04:30", "(no zone)", "2025-03-05T04:30:00+08:00"),
        ("2025-03-05", "GMT-0800", "2025-03-05"),
        ("昨天 20:30", "GMT+0000", ""),
    ],
)
def test_a_moment_that_a_browser_wrote_in_its_readers_zone_is_that_of_china(
    tmp_path: Path, shown: str, zone: str, published: str
) -> None:
    file = tmp_path / "page.html"
    file.write_text(
        f"<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: {link(1)} \n"
        f" saved date: Thu Mar 06 2025 01:02:03 {zone}\n--><title>渡口夜话</title>"
        f"<div id=js_article><em id=publish_time class=a>{shown}</em>"
        "<div id=js_content><p>船六点开。</div></div>",
        encoding="utf-8",
    )
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(file, archive)
        assert outcome.change == "added"
        list(reclean_stored(archive))
        [record] = archive.records()
    assert (record.published_at, record.date) == (published, published[:10])
    assert record.evidence == sha256(file.read_bytes())  # by which another cleaner knows it again


def test_html_that_unpacks_itself_is_named_and_not_counted_as_some_other_page(
    tmp_path: Path,
) -> None:
    file = tmp_path / "page.html"
    head = f"<html><head><link rel=canonical href={link(1)}></head><body>"
    file.write_bytes(head.replace("&", "&amp;").encode() + b"PK\3\4\x95\xff\xfe\x81\0\0")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(file, archive)
    assert (outcome.state, outcome.change) == ("unreadable", None)
    assert outcome.error
    assert "unpacks itself" in outcome.error.advice


def test_html_whose_head_names_its_address_is_a_copy_and_no_list(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    address = link(1).replace("&", "&amp;")
    file.write_text(
        f'<html><head><meta name="title" content="渡口夜话"/><meta name="url" content="{address}"/>'
        "</head><body><p>船六点开。</p></body></html>",
        encoding="utf-8",
    )
    with Archive.open(tmp_path / "archive.db") as archive:
        list(read_pages(file, archive))
        [record] = archive.records()
    assert (record.title, record.body) == ("渡口夜话", "# 渡口夜话\n\n船六点开。\n")


def test_html_that_is_a_note_about_its_article_gives_the_link_and_is_told(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(
        f'<title>渡口夜话</title><link rel="canonical" href="{link(1).replace("&", "&amp;")}">'
        "<h2>摘要</h2><p>船六点开。</p><h2>💭 我的思考</h2><p>一般。</p>",
        encoding="utf-8",
    )
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = read_pages(file, archive)
        [entry] = archive.queue.entries()
    assert "note about its article" in str(outcome.error)
    assert (outcome.taken_for, entry.title) == ("note", "渡口夜话")


@pytest.mark.parametrize("spell", [repr, lambda page: repr(page.decode()).encode(), gzip.compress])
def test_a_page_that_is_spelled_as_a_string_is_read_and_a_packed_one_is_named(
    spell: Callable[[bytes], str | bytes], archive: Archive, tmp_path: Path
) -> None:
    spelled = spell(modern(title="渡口夜话"))
    path = tmp_path / "a.html"
    path.write_bytes(spelled.encode() if isinstance(spelled, str) else spelled)
    [outcome] = read_pages(path, archive)
    is_packed = spell is gzip.compress
    assert outcome.title == "渡口夜话" * (not is_packed)
    assert (outcome.state, outcome.error is not None) == (
        ("unreadable", True) if is_packed else ("ok", False)
    )


@pytest.mark.parametrize("is_said", ["", "tool", "page", "both"])
def test_the_time_of_a_saved_pages_file_is_no_moment_of_a_look(
    tmp_path: Path, is_said: str
) -> None:
    """A colleague's old copy that was unzipped today; a tool, or WeChat itself, may date it.

    Of both moments the earlier one counts: a tab may be saved days after it was opened.
    """
    new, old = article(1, "<p>船来了，无人受伤（更正）。</p>"), article(1, "<p>船没有来。</p>")
    mark = b"<!--\n Page saved with SingleFile \n url: u \n saved date: 2026-05-24 08:00:00\n-->"
    file = tmp_path / "theirs.html"
    served = b"svr_time: '1779580800', create_timestamp"  # 2026-05-24
    dated = old.replace(b"create_timestamp", served, 1)
    later = mark.replace(b"05-24", b"06-09")
    said = {
        "": old,
        "tool": old.replace(b"<html", mark + b"<html", 1),
        "both": dated.replace(b"<html", later + b"<html", 1),
    }
    file.write_bytes(said.get(is_said, dated))
    with Archive.open(tmp_path / "archive.db") as archive:
        ours = article_of_page(
            read_page(new),
            parse_url(long_link(1)),
            fetch_date="2026-01-02T08:00:00.000000",
            evidence=sha256(new),
            http_status=200,
        )
        archive.save(ours)
        list(read_pages(file, archive))
        [record] = archive.records()
        looks = [event.at for event in archive.history.events(record.id)]
    assert ("更正" in record.body) is not bool(is_said)
    ours_at = "2026-01-02T08:00:00.000000"
    assert record.fetch_date == ("2026-05-24T08:00:00" if is_said else ours_at)
    assert looks.count("") == (not is_said)


def test_of_two_saved_pages_without_a_moment_what_either_says_is_kept(
    archive: Archive, tmp_path: Path
) -> None:
    for name, place in (("a", ""), ("b", "广东")):
        told = f"ip_wording: {{ province_name: '{place}' }}, create_timestamp".encode()
        path = tmp_path / f"{name}.html"
        path.write_bytes(article(1).replace(b"create_timestamp", told, 1))
        list(read_pages(path, archive))
    [record] = archive.records()
    assert (record.place, record.fetch_date) == ("广东", "")


def test_a_snapshot_that_has_the_time_of_its_file_is_read_with_the_pages_own(
    archive: Archive, tmp_path: Path
) -> None:
    path = tmp_path / "a.html"
    served = b"svr_time: '1779580800', create_timestamp"  # 2026-05-24
    path.write_bytes(article(1).replace(b"create_timestamp", served, 1))
    list(read_pages(path, archive))
    with archive.transaction():
        archive.connection.execute("UPDATE snapshots SET fetched_at = '2026-09-21T08:00:00'")
    list(reclean_stored(archive))
    [record] = archive.records()
    assert record.fetch_date == "2026-05-24T08:00:00"


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        (("山城", "2024-05-01", "风太大，船不开了。"), 1),
        (("渡口", "2024-05-02", "风太大，船不开了。"), 1),
        (("渡口", "2024-05-01", "风太大，船不开了。"), 2),
        (("山城", "2024-05-01", "船六点开。"), 2),
    ],
)
def test_a_page_takes_no_link_that_a_title_alone_gives_and_another_article_has(
    archive: Archive, tmp_path: Path, other: tuple[str, str, str], kept: int
) -> None:
    siblings = Siblings.of_lists([(f"{tmp_path}/data.json", [Link(url=link(1), title="早报")])])
    errors = []
    for number, (name, on, words) in enumerate([("渡口", "2024-05-01", "船六点开。"), other]):
        path = tmp_path / f"{number}.html"
        path.write_text(
            f'<meta charset=utf-8><div id="js_article"><h1 id="activity-name">早报</h1>'
            f'<a id="js_name">{name}</a><em id="publish_time">{on}</em>'
            f'<div id="js_content"><p>{words * 40}</p></div></div>',
            encoding="utf-8",
        )
        errors += [outcome.error for outcome in read_pages(path, archive, siblings)]
    [record] = archive.records()
    assert errors.count(None) == kept
    assert (other[2] in record.body) == (kept == 2)


@pytest.mark.parametrize("title", ["港口夜航", "夜航"])
def test_what_a_list_told_of_an_article_stays_where_a_saved_page_does_not_say_it(
    archive: Archive, tmp_path: Path, title: str
) -> None:
    url = "https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0"
    listed = Link(url=url, title="港口夜航", account="港口日志", date="2026-03-02")
    queue_links(archive, [listed], why="named in a list")
    body = f'<div id="js_content">{"船来了。" * 90}</div>'
    text = f'<html><h1 id="activity-name">夜航</h1>{body}</html>'
    is_gone = title == listed.title
    path = tmp_path / "a.warc"
    _warc(path, notice("该内容已被发布者删除") if is_gone else text.encode())
    [outcome] = read_pages(path, archive)
    assert outcome.state is (State.DELETED if is_gone else State.OK)
    [record] = archive.records()
    assert (record.title, record.source, record.date) == (title, "港口日志", "")
