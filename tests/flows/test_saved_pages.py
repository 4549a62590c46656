from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from crawler.archive import Archive
from crawler.flows import read_pages, reclean_stored
from tests.flows.test_adopt import PNG
from tests.lookalikes import link

if TYPE_CHECKING:
    from pathlib import Path

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


def test_a_gallery_has_the_pictures_that_stand_in_it(tmp_path: Path) -> None:
    source = f"data:image/png;base64,{b64encode(PNG).decode()}"
    state, _, kept = _read(_gallery(tmp_path, source), tmp_path / "archive.db")
    assert (state, kept) == ("ok", [PNG])


def test_a_gallery_without_its_pictures_is_a_part(tmp_path: Path) -> None:
    state, body, kept = _read(_gallery(tmp_path, "./assets/1.png"), tmp_path / "archive.db")
    assert (state, kept) == ("truncated", [])
    assert "船六点开。" in body


def test_a_picture_is_kept_under_the_address_that_the_page_has(tmp_path: Path) -> None:
    (tmp_path / "x_files").mkdir()
    (tmp_path / "x_files" / "640").write_bytes(PNG)
    path = tmp_path / "x.html"
    path.write_text(
        f'{_HEAD}<body><div id="js_article"><div id="js_content"><p>船六点开。</p>'
        '<img data-src="https://mmbiz.qpic.cn/a/640" src="./x_files/640">'
        "</div></div></body></html>",
        encoding="utf-8",
    )
    state, body, kept = _read(path, tmp_path / "archive.db")
    assert (state, kept) == ("ok", [PNG])
    assert "![](https://mmbiz.qpic.cn/a/640)" in body


def test_a_picture_outside_the_folder_of_its_page_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    below = tmp_path / "below"
    below.mkdir()
    state, _, kept = _read(_gallery(below, "../secret.png"), tmp_path / "archive.db")
    assert (state, kept) == ("truncated", [])
