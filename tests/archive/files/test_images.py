"""What keeping pictures promises."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crawler.archive.documents import export
from crawler.archive.files.image_types import measure
from crawler.archive.files.images import picture_links, with_links
from crawler.archive.files.judging import MAX_BYTES, PictureState
from crawler.archive.layouts import ExportOptions
from crawler.archive.vaults import as_vault
from crawler.article import Origin
from tests.archive.specimens import BIZ, ID, make_article
from tests.growth import AT_MOST, assert_linear, count_lines
from tests.trust.faults import Fault, once

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.archive.archive import Archive
    from crawler.errors import InputError

AT = "2026-06-01T12:00:00"
ONE, TWO = (
    "https://mmbiz.qpic.cn/mmbiz_png/one/640?wx_fmt=png",
    "http://mmbiz.qpic.cn/mmbiz_jpg/two/0?wx_fmt=other",
)
BODY = f"# 灯塔\n\n![cover_image]({ONE})\n\n一。[![图 [1] \\] 注]({TWO})](https://example.com/a)\n\n![]({ONE})\n"


def png(width: int, height: int, *, noise: int = 0) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes([noise] * width) for _ in range(height)))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF"
    + b"\0" * 10
    + b"\xff\xc2\x00\x11\x08\x01\x02\x03\x04"
    + b"\0" * 12
)
WEBP = b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (png(640, 480), ("image/png", 640, 480)),
        (b"GIF89a" + struct.pack("<HH", 3, 5) + b"\0" * 9, ("image/gif", 3, 5)),
        (JPEG, ("image/jpeg", 0x0304, 0x0102)),
        (WEBP, ("image/webp", 640, 480)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\x00", ("image/webp", 640, 480)),
        (
            b"BM" + b"\0" * 12 + b"\x28\0\0\0" + struct.pack("<ii", 7, -9) + b"\0" * 9,
            ("image/bmp", 7, 9),
        ),
        (
            b"\0\0\0\x1cftypavif" + b"\0" * 9 + b"ispe\0\0\0\0" + struct.pack(">II", 8, 6),
            ("image/avif", 8, 6),
        ),
        (
            b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
            ("image/svg+xml", 0, 0),
        ),
        (
            b'<?xml version="1.0"?>\n<!-- a -> b -->\n<!DOCTYPE svg [\n<!ENTITY n "x">\n]>\n<svg>',
            ("image/svg+xml", 0, 0),
        ),
        (b"\x89PNG\r\n\x1a\n\0\0", ("image/png", 0, 0)),
        (b"\xff\xd8\xff\xe0\xff", ("image/jpeg", 0, 0)),
    ],
)
def test_a_picture_tells_its_type_and_size_itself(
    content: bytes, expected: tuple[str, int, int]
) -> None:
    measured = measure(content)
    assert measured
    kind, width, height = measured
    assert (kind.media_type, width, height) == expected


@pytest.mark.parametrize(
    "content", [b"", b"<html><svg></html>", b"BMW is a car, not a picture", b"RIFF", b"\0" * 100]
)
def test_what_is_no_picture_is_told_as_none(content: bytes) -> None:
    assert measure(content) is None


def test_the_links_of_pictures_are_found_in_order_each_once() -> None:
    assert picture_links(BODY) == [ONE, TWO]


@pytest.mark.parametrize("hostile", ["![", "![[a]", "![](http://", "[a]", "![a]("])
def test_finding_links_takes_linear_steps(hostile: str) -> None:
    assert_linear(lambda size: picture_links("![" + hostile * size), 1_000)


def test_links_are_rewritten_only_in_pictures() -> None:
    text = f"[a]({ONE}) ![b]({ONE}) {ONE}"
    assert with_links(text, {ONE: "x.png"}) == f"[a]({ONE}) ![b](x.png) {ONE}"


def test_one_content_is_one_file_whatever_links_lead_to_it(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article(body=BODY))
    content = png(640, 480)
    assert archive.images.keep(ID, ONE, content, at=AT) is PictureState.STORED
    assert archive.images.keep(ID, TWO, content, at=AT) is PictureState.STORED
    (image,) = archive.database["images"].rows
    assert (image["type"], image["width"], image["height"], image["bytes"]) == (
        "image/png",
        640,
        480,
        len(content),
    )
    assert image["path"] == f"images/{image['sha256'][:2]}/{image['sha256']}.png"
    assert (tmp_path / image["path"]).read_bytes() == content
    assert len([path for path in tmp_path.rglob("images/**/*") if path.is_file()]) == 1


def test_only_what_is_lacking_is_wanted_and_a_shared_picture_is_linked_without_asking(
    archive: Archive,
) -> None:
    archive.save(make_article(body=BODY))
    assert [wanted.url for wanted in archive.images.wanted()] == [ONE, TWO]
    archive.images.keep(ID, ONE, png(640, 480), at=AT)
    archive.images.miss(ID, TWO, at=AT, why="HTTP status 404")
    assert list(archive.images.wanted()) == []
    assert [wanted.url for wanted in archive.images.wanted(again=True)] == [TWO]
    other = make_article(
        f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000002&idx=1", body=f"# b\n\n![]({ONE})\n"
    )
    archive.save(other)
    assert list(archive.images.wanted(other.id)) == []
    assert archive.images.local(other.id) == {ONE: archive.images.local(ID)[ONE]}


@pytest.mark.parametrize(
    ("origin", "fields", "is_linked"),
    [
        (Origin.ADOPTED, {"account": "别家"}, False),
        (Origin.SEED, {"account": "别家", "biz": ""}, False),
        (Origin.FETCH, {"account": "别家"}, False),  # which a saved page may have given a picture
        (Origin.ADOPTED, {"account": "江畔手记", "biz": ""}, True),
    ],
)
def test_a_page_that_somebody_saved_brings_no_picture_of_another_accounts_article(
    archive: Archive, origin: Origin, fields: dict[str, str], *, is_linked: bool
) -> None:
    archive.save(make_article(body=BODY))
    link = "https://mp.weixin.qq.com/s?__biz=MzA3MTIzNDU2Nw==&mid=2650000002&idx=1"
    other = make_article(link, origin=origin, body=f"# b\n\n![]({ONE})\n", **fields)
    archive.save(other)
    archive.images.keep(other.id, ONE, png(640, 480), at=AT)
    assert (ONE in [wanted.url for wanted in archive.images.wanted(ID)]) is not is_linked
    assert (ONE in archive.images.local(ID)) is is_linked


def test_a_single_dot_that_was_kept_for_a_picture_is_asked_for_again_when_told_so(
    archive: Archive,
) -> None:
    archive.save(make_article(body=BODY))
    for url in (ONE, TWO):
        archive.images.keep(ID, url, png(1, 1) if url == ONE else png(9, 9), at=AT)
    assert [wanted.url for wanted in archive.images.wanted(ID)] == []
    assert [wanted.url for wanted in archive.images.wanted(ID, again=True)] == [ONE]
    archive.images.keep(ID, ONE, png(640, 480), at=AT)
    assert [wanted.url for wanted in archive.images.wanted(ID, again=True)] == []
    assert archive.images.local(ID)[ONE].read_bytes() == png(640, 480)


def test_a_single_dot_that_is_the_picture_stays_with_all_who_show_it(archive: Archive) -> None:
    for mid in range(3):
        link = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={mid}&idx=1"
        archive.save(make_article(link, body=f"# b\n\n![]({ONE})\n"))
    for again in (False, True):
        for wanted in list(archive.images.wanted(again=again)):
            key, url = wanted.article_id, wanted.url
            archive.images.keep(key, url, png(1, 1), at=AT, others=wanted.others)
        states = archive.connection.execute("SELECT state FROM pictures").fetchall()
        assert states == [("stored",)] * 3
        assert not list(archive.audit(today=AT[:10]))


def test_a_single_dot_of_one_article_is_no_matter_of_another_that_shows_its_link(
    archive: Archive,
) -> None:
    for mid in range(2):
        link = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={mid}&idx=1"
        archive.save(make_article(link, body=f"# b\n\n![]({ONE})\n"))
        archive.images.keep(f"{BIZ}:{mid}:1", ONE, png(1, 1), at=AT)
    archive.images.keep(f"{BIZ}:0:1", ONE, png(640, 480), at=AT)
    assert not list(archive.audit(today=AT[:10]))
    assert list(archive.images.wanted(again=True)) == []
    assert archive.images.local(f"{BIZ}:1:1")[ONE].read_bytes() == png(640, 480)


def test_a_picture_that_many_articles_show_is_asked_for_once(archive: Archive) -> None:
    for mid in range(5):
        link = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={mid}&idx=1"
        archive.save(make_article(link, body=f"# b\n\n![]({ONE})\n"))
    (wanted,) = archive.images.wanted()
    archive.images.keep(wanted.article_id, wanted.url, png(640, 480), at=AT)
    assert list(archive.images.wanted()) == []
    assert all(archive.images.local(f"{BIZ}:{mid}:1") for mid in range(5))


def test_a_picture_whose_file_is_gone_is_linked_where_another_article_brought_it_anew(
    archive: Archive,
) -> None:
    one, two, three = (f"{BIZ}:{mid}:1" for mid in range(3))
    for mid in range(3):
        link = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={mid}&idx=1"
        archive.save(make_article(link, body=f"# b\n\n![]({ONE})\n"))
    archive.images.keep(one, ONE, png(640, 480), at=AT)
    archive.images.local(one)[ONE].unlink()
    archive.images.keep(two, ONE, png(320, 240), at=AT)
    assert list(archive.images.wanted(three)) == []
    assert list(archive.images.wanted(one, again=True)) == []
    for key in (one, two, three):
        assert archive.images.local(key)[ONE].read_bytes() == png(320, 240)


def test_where_the_file_of_many_is_gone_what_is_to_be_asked_for_takes_linear_work(
    archive: Archive,
) -> None:
    counts = []
    for mid in range(80):
        link = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={mid}&idx=1"
        archive.save(make_article(link, body=f"# b\n\n![]({ONE})\n"))
        archive.images.keep(f"{BIZ}:{mid}:1", ONE, png(640, 480), at=AT)
        if mid in (39, 79):
            archive.images.local(f"{BIZ}:0:1")[ONE].unlink()
            counts.append(count_lines(lambda: list(archive.images.wanted(again=True))))
    once, twice = counts
    assert twice <= AT_MOST * once


def test_what_keeping_a_picture_costs_does_not_grow_with_the_articles_that_show_it(
    archive: Archive,
) -> None:
    def steps_of(article_id: str) -> int:
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1

        archive.connection.set_progress_handler(step, 10)
        archive.images.keep(article_id, ONE, png(640, 480), at=AT)
        archive.connection.set_progress_handler(None, 0)
        return steps

    keys = [f"{BIZ}:{mid}:1" for mid in range(201)]
    for mid in range(201):
        link = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={mid}&idx=1"
        archive.save(make_article(link, body=f"# b\n\n![]({ONE})\n"))
    counts = [steps_of(key) for key in keys]
    assert counts[-1] <= 2 * counts[1]


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (png(140, 140), PictureState.BLOCKED),
        (b"<html>404</html>", PictureState.MISSING),
        (b"GIF89a", PictureState.TOO_LARGE),
    ],
    ids=["placeholder", "page", "huge"],
)
def test_a_picture_that_did_not_come_is_an_event_and_no_failure(
    archive: Archive, content: bytes, state: PictureState
) -> None:
    archive.save(make_article(body=BODY))
    if (
        state is PictureState.TOO_LARGE
    ):  # made here, for whoever collects tests keeps what they have
        content = content.ljust(33 << 20, b"\0")
    assert archive.images.keep(ID, ONE, content, at=AT) is state
    event = archive.history.events(ID)[-1]
    assert (event.url, event.state) == (ONE, "")
    assert event.detail.startswith(f"picture {state}: ")
    record = archive.get(ID)
    assert record
    assert record.state_now == "ok"
    assert archive.images.local(ID) == {}


def test_an_export_with_local_pictures_can_be_given_away(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article(body=BODY))
    archive.images.keep(ID, ONE, png(640, 480), at=AT)
    out = tmp_path / "out"
    (exported,) = export(
        archive,
        out,
        ExportOptions(
            rewrite=lambda record, path: archive.images.document_with_copies(
                record, base=path.parent, folder=out
            )
        ),
    )
    link = exported.path.read_text(encoding="utf-8").split("](")[1].partition(")")[0]
    assert link.startswith("../../../images/")
    assert (exported.path.parent / link).resolve().read_bytes() == png(640, 480)
    assert TWO in exported.path.read_text(encoding="utf-8")


def test_a_copy_that_a_person_drew_in_stays_and_a_broken_one_is_made_whole(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article(body=BODY))
    archive.images.keep(ID, ONE, png(640, 480), at=AT)
    picture = archive.images.local(ID)[ONE]
    copy = tmp_path / "out" / picture.name
    for there in (png(320, 240), png(640, 480) + b"what was drawn"):
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(there)
        assert archive.images.copy(picture, copy)
        assert copy.read_bytes() == there
    for there in (b"", png(640, 480)[:40], b"\0" * 99, b"no picture"):
        copy.write_bytes(there)
        assert archive.images.copy(picture, copy)
        assert copy.read_bytes() == png(640, 480)


def test_a_copy_that_a_person_drew_in_stays_however_large_it_became(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article(body=BODY))
    archive.images.keep(ID, ONE, png(640, 480), at=AT)
    copy = tmp_path / "copy.png"
    copy.write_bytes(png(640, 480, noise=7))
    os.truncate(copy, MAX_BYTES + 1)
    assert archive.images.copy(archive.images.local(ID)[ONE], copy)
    assert copy.stat().st_size == MAX_BYTES + 1


def _make_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("make", [Path.mkdir, _make_pipe])
def test_what_is_no_file_where_a_picture_is_copied_is_named_and_keeps_no_document_back(
    archive: Archive, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    archive.save(make_article(body=BODY))
    archive.images.keep(ID, ONE, png(640, 480), at=AT)
    told: list[InputError] = []
    archive.images.on_unread = told.append
    copy = tmp_path / "attachments" / archive.images.local(ID)[ONE].relative_to(tmp_path / "images")
    copy.parent.mkdir(parents=True)
    make(copy)
    before = copy.lstat().st_ino
    [exported] = export(archive, tmp_path, layout=as_vault(archive, tmp_path))
    assert exported.written
    assert copy.name in told[0].subject
    assert ONE in exported.path.read_text(encoding="utf-8")
    assert copy.lstat().st_ino == before


def test_a_copy_that_cannot_be_read_stays_and_is_named(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_article(body=BODY))
    archive.images.keep(ID, ONE, png(640, 480), at=AT)
    told: list[InputError] = []
    archive.images.on_unread = told.append
    copy = tmp_path / "out" / "copy.png"
    copy.parent.mkdir()
    copy.write_bytes(png(320, 240))
    with once(Fault("read", copy.parent, 1)):
        assert archive.images.copy(archive.images.local(ID)[ONE], copy)
    assert [error.subject for error in told] == [str(copy)]
    assert copy.read_bytes() == png(320, 240)


def test_a_document_is_shown_with_its_own_pictures_where_they_are(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article(body=BODY))
    archive.images.keep(ID, ONE, png(640, 480), at=AT)
    record = archive.get(ID)
    assert record
    shown = archive.images.document(record, base=tmp_path)
    assert f"![cover_image](images/{archive.images.local(ID)[ONE].parent.name}/" in shown
    assert shown.startswith(record.front_matter)


@pytest.mark.parametrize(
    ("read_back", "is_same"),
    [
        ("链接：<https://mp.weixin.qq.com/s?__biz=MzA5&mid=1>，_灯塔_\n", True),
        ("链接：<https://mp.weixin.qq.com/s?__biz=MzA5&mid=2>，_灯塔_\n", False),
        (r"链接：<https://mp.weixin.qq.com/s?__biz=MzA5&mid=1>，\_灯塔\_" + "\n", False),
    ],
)
def test_a_document_whose_address_stands_as_its_reader_puts_it_is_the_one_that_went_out(
    archive: Archive, read_back: str, *, is_same: bool
) -> None:
    archive.save(
        make_article(body=r"链接：https://mp.weixin.qq.com/s?\_\_biz=MzA5&mid=1，_灯塔_" + "\n")
    )
    record = archive.get(ID)
    assert record
    assert archive.images.shows_the_same(record, record.front_matter + read_back) is is_same


def test_a_picture_that_is_all_filling_is_measured_as_far_as_any_has_some() -> None:
    frame = b"\xff\xc0\x00\x0b\x08\0\1\0\1\1\1\x11\0"
    sizes = [measure(b"\xff\xd8" + b"\xff" * filling + frame) for filling in (9, 100_001)]
    assert [size[1:] for size in sizes if size] == [(1, 1), (0, 0)]
