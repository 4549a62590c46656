from __future__ import annotations

import json
import os
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.article import State
from crawler.flows import keep_containers, keep_lists, lists, open_lists
from tests.archive.files.test_images import png
from tests.clean.containers.samples import PAGE, PICTURE, PNG, mail, tarred, zipped
from tests.clean.listings.samples import long, short
from tests.conftest import SHARED, needs_shared
from tests.trust.faults import Fault, once

TEXT = "<p>灯塔的光每隔七秒扫过一次海面。</p>"
NOTE = (
    f"潮水\n\n灯塔的光每隔七秒扫过一次海面。\n\nid: {'0a' * 16}\nparent_id: \nauthor: 守塔人\n"
    f"source_url: {short(3)}\nsource: joplin-desktop\ntype_: 1"
)


def _file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_everything_in_a_zip_is_brought_in_and_again_changes_nothing(
    archive: Archive, tmp_path: Path
) -> None:
    page = PAGE % "x_files/1.png"
    page = page.replace("<head>", f'<head><meta property="og:url" content="{short(1)}">')
    packed = zipped({
        "pages/x.html": page.encode(),
        "pages/x_files/1.png": PNG,
        "tool/潮水.md": "#  潮水   \n灯塔通讯   2024-05-08 18:30  \n\n光扫过海面。\n".encode(),
        "tool/data.json": json.dumps({long(2): "潮水"}).encode(),
        "list.txt": f"{short(5)}\n".encode(),
        "__MACOSX/._x.html": b"junk",
    })  # fmt: skip
    path = _file(tmp_path, "a.zip", packed)
    outcomes = {outcome.input: outcome for outcome in keep_containers([path], archive)}
    assert outcomes[f"{path}/pages/x.html"].article_id == f"s:{short(1)[-22:]}"
    assert outcomes[f"{path}/tool/潮水.md"].article_id == "MzA5MzE5MDAzOA==:2650000002:1"
    assert outcomes[f"{path}/list.txt"].queued == 1
    assert archive.images.local(f"s:{short(1)[-22:]}").keys() == {PICTURE}
    changes = {outcome.change for outcome in keep_containers([path], archive)}
    assert {str(change) for change in changes} <= {"unchanged", "None"}


def test_packed_pages_without_an_ending_are_read_as_those_in_a_folder(
    archive: Archive, tmp_path: Path
) -> None:
    page = PAGE.replace("<head>", f'<head><meta property="og:url" content="{short(1)}">') % "a.png"
    other = b"<!doctype html><html><body><p>Harbour</p></body></html>"
    inside = {
        f"mp.weixin.qq.com/s/{short(1)[-22:]}": page.encode(),
        "mp.weixin.qq.com/LICENSE": b"words",
        "mp.weixin.qq.com/index": other,
        f".git/{short(1)[-22:]}": page.encode(),
    }
    path = _file(tmp_path, "x.zip", zipped(inside))
    [outcome] = keep_containers([path], archive)
    assert outcome.input == f"{path}/mp.weixin.qq.com/s/{short(1)[-22:]}"
    assert (outcome.state, outcome.article_id) == (State.OK, f"s:{short(1)[-22:]}")


def test_a_packed_text_has_no_pictures_of_the_readers_own_wherever_its_name_leads(
    archive: Archive, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    _file(own, "1.png", png(30, 20))
    text = f"# 潮水\n\n> 公众号: 灯塔通讯\n> 原文链接: {short(1)}\n\n---\n\n光。\n\n![](1.png)\n"
    path = _file(tmp_path, "a.zip", zipped({"../own/a.md": text.encode()}))
    [outcome] = keep_containers([path], archive)
    assert (outcome.state, outcome.detail) == (State.TRUNCATED, "the tool lost 1 pictures")
    assert archive.images.local(outcome.article_id) == {}


def test_pictures_beside_a_packed_text_are_kept_as_those_beside_a_file(
    archive: Archive, tmp_path: Path
) -> None:
    text = f"# 潮水\n\n> 公众号: 灯塔通讯\n> 原文链接: {short(1)}\n\n---\n\n光。\n"
    text += "\n![](images/1.png)\n\n![](../logo%20a.png)\n\n![](gone.png)\n"
    files = {"d/潮水/index.md": text.encode(), "d/潮水/images/1.png": png(30, 20)}
    path = _file(tmp_path, "a.zip", zipped({**files, "d/logo a.png": png(40, 20)}))
    [outcome] = keep_containers([path], archive)
    assert (outcome.state, outcome.detail) == (State.TRUNCATED, "the tool lost 1 pictures")
    kept = archive.images.local(outcome.article_id)
    assert sorted(file.read_bytes() for file in kept.values()) == sorted([png(30, 20), png(40, 20)])
    record = archive.get(short(1))
    assert record is not None
    assert all(address in record.body for address in kept)


@pytest.mark.parametrize(
    "written",
    [
        '<img src="图/a b.png" width="300">',
        '<table><tr><td>甲</td><td><img src="图/a b.png"></td></tr></table>',
        "![[图/a b.png|灯]]",
        "![灯](<图/a b.png>)",
        '![灯](图/a%20b.png "塔")',
        "![灯][1]\n\n[1]: <图/a b.png>",
    ],
)
def test_pictures_beside_a_packed_text_are_kept_however_it_writes_them(
    archive: Archive, tmp_path: Path, written: str
) -> None:
    clip = f'---\ntitle: "潮"\nsource: "{short(1)}"\n---\n光\n\n{written}\n\n潮水退了。\n'
    inside = {"d/a.md": clip.encode(), "d/图/a b.png": png(640, 480)}
    [outcome] = keep_containers([_file(tmp_path, "x.zip", zipped(inside))], archive)
    record = archive.get(short(1))
    assert record is not None
    assert (outcome.state, record.image_count) == (State.OK, 1)


def test_pictures_beside_a_packed_text_are_kept_whatever_its_encoding(
    archive: Archive, tmp_path: Path
) -> None:
    clip = f'---\ntitle: "潮"\nsource: "{short(1)}"\n---\n光\n\n![](图/一.png)\n\n潮水退了。\n'
    inside = {"d/a.md": clip.encode("gb18030"), "d/图/一.png": png(640, 480)}
    [outcome] = keep_containers([_file(tmp_path, "x.zip", zipped(inside))], archive)
    record = archive.get(short(1))
    assert record is not None
    assert (outcome.state, record.image_count) == (State.OK, 1)


def test_packed_texts_are_saved_many_at_once_and_none_is_lost_where_the_file_breaks(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        f"{number:02}.md": f"---\ntitle: 潮\nsource: {short(number)}\n---\n\n光。\n".encode()
        for number in range(1, 30)
    }
    monkeypatch.setattr("crawler.clean.containers.packed.MAX_BYTES", 20 * len(files["01.md"]))
    path = _file(tmp_path, "a.zip", zipped(files))
    begun: list[str] = []
    archive.database.conn.set_trace_callback(
        lambda statement: begun.append(statement) if statement == "BEGIN IMMEDIATE" else None
    )
    *kept, broken = keep_containers([path], archive)
    assert len(kept) == 20
    assert "unpacks to more than" in str(broken.error)
    assert len(begun) == 1


def test_what_a_wacz_says_of_its_pages_is_no_text_that_is_left(
    archive: Archive, tmp_path: Path
) -> None:
    """As Browsertrix does: the pages themselves stand in its WARC."""
    page = json.dumps({"url": short(1), "title": "潮水", "text": "灯塔的光。" * 300})
    packed = zipped({"pages/pages.jsonl": f'{{"format": "json-pages-1.0"}}\n{page}\n'.encode()})
    [outcome] = keep_containers([_file(tmp_path, "a.wacz", packed)], archive)
    assert (outcome.error, outcome.queued) == (None, 1)


def test_a_wacz_is_read_as_its_tool_makes_it(archive: Archive) -> None:
    # pages of our own, packed by the package `wacz` 0.5.0
    [outcome] = keep_containers([Path(__file__).parent / "sample.wacz"], archive)
    assert (outcome.state, outcome.title) == (State.OK, "雾中的电台")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_packed_warc_is_read_as_a_stream_whatever_its_size(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compression: int
) -> None:
    with zipfile.ZipFile(Path(__file__).parent / "sample.wacz") as packed:
        warc = packed.read("archive/pages.warc.gz")
    monkeypatch.setattr("crawler.clean.containers.packed.MAX_MEMBER_BYTES", 100)
    content = zipped({"archive/pages.warc.gz": warc}, compression=compression)
    [outcome] = keep_containers([_file(tmp_path, "a.wacz", content)], archive)
    assert outcome.state is State.OK
    half = zipped({"archive/half.warc.gz": warc[:700]}, compression=compression)
    [broken] = keep_containers([_file(tmp_path, "b.wacz", half)], archive)
    assert "half.warc.gz" in str(broken.error)
    monkeypatch.setattr("crawler.clean.containers.packed.MAX_BYTES", 500)
    [bomb] = keep_containers([_file(tmp_path, "c.wacz", content)], archive)
    assert "unpacks to more than" in str(bomb.error)


def test_joplins_notes_come_out_of_their_tar(archive: Archive, tmp_path: Path) -> None:
    path = _file(tmp_path, "a.jex", tarred({"0a.md": NOTE.encode(), "resources/1.png": PNG}))
    [outcome] = keep_containers([path], archive)
    assert (outcome.state, outcome.title) == (State.OK, "潮水")


@pytest.mark.parametrize("prefix", ["", "./"])
@pytest.mark.parametrize("written", ["![塔](:/{})", '<img src=":/{}" width="30"/>'])
def test_a_picture_of_joplins_is_found_by_its_number(
    archive: Archive, tmp_path: Path, prefix: str, written: str
) -> None:
    number = f"{7:032x}"
    note = NOTE.replace("\n\nid", f"\n\n{written.format(number)}\n\nid").encode()
    files = {f"{prefix}0a.md": note, f"{prefix}resources/{number}.jpg": PNG}
    [outcome] = keep_containers([_file(tmp_path, "a.jex", tarred(files))], archive)
    record = archive.get(short(3))
    assert record is not None
    assert (outcome.state, record.image_count) == (State.OK, 1)


@pytest.mark.parametrize("end", [2048, 3000])
def test_of_a_tar_that_was_cut_what_is_there_is_read_and_the_rest_is_told(
    archive: Archive, tmp_path: Path, end: int
) -> None:
    content = tarred({"0a.md": NOTE.encode(), "0b.md": b"tide" * 500})
    kept, *_, cut = keep_containers([_file(tmp_path, "a.jex", content[:end])], archive)
    assert (kept.state, kept.title) == (State.OK, "潮水")
    assert "a.jex: cannot be unpacked" in str(cut.error)


def test_saved_mail_keeps_its_pictures(archive: Archive, tmp_path: Path) -> None:
    [outcome] = keep_containers([_file(tmp_path, "a.mhtml", mail(short(1)))], archive)
    assert (outcome.state, outcome.title) == (State.OK, "潮水")
    record = archive.get(short(1))
    assert record is not None
    assert record.fetch_date.startswith("2024-05-09T04:30:00")
    assert archive.images.local(record.id).keys() == {PICTURE}
    large = mail(short(2)) + (b"A" * 79 + b"\n") * 440_000
    [outcome] = keep_containers([_file(tmp_path, "b.mhtml", large)], archive)
    assert (outcome.state, outcome.title) == (State.OK, "潮水")
    assert "is larger than 32 MB" in outcome.left
    [outcome] = keep_containers([_file(tmp_path, "c.mhtml", mail(short(3)) * 2)], archive)
    assert (outcome.state, outcome.title) == (State.OK, "潮水")
    assert "holds more behind the end of its page" in outcome.left


@pytest.mark.parametrize(
    ("src", "kept"),
    [
        (PICTURE, {PICTURE}),
        (f"{PICTURE}?wx_fmt=png&tp=webp&wxfrom=5", {PICTURE}),
        (f"{PICTURE}?wx_fmt=png#imgIndex=0", {PICTURE}),
        ("https://res.wx.qq.com/a/640", set()),  # what is shown until a picture is there
        (PICTURE.replace("640", "loading.gif"), set()),
    ],
)
def test_saved_mail_keeps_pictures_that_its_page_shows_by_their_address(
    archive: Archive, tmp_path: Path, src: str, kept: set[str]
) -> None:
    """As Chromium saves them."""
    for number, picture in enumerate((src, src.partition("#")[0])):
        content = mail(short(number), picture=picture, src=src.replace("&", "&amp;"))
        [outcome] = keep_containers([_file(tmp_path, f"{number}.mhtml", content)], archive)
        assert archive.images.local(outcome.article_id).keys() == kept


@pytest.mark.parametrize("page", ["<div id=js_content>", "<div>"])
@pytest.mark.parametrize(
    "shown",
    ["<img src='{}'>", "<img src='data:,' data-src='{}'>", "<p style='background:url({})'>"],
)
def test_saved_mail_keeps_pictures_that_its_page_shows_in_whatever_way(
    archive: Archive, tmp_path: Path, page: str, shown: str
) -> None:
    place = f"http:{PICTURE.partition(':')[2]}"
    html = f"<html><title>潮水</title>{page}{'岸上的灯。' * 99}{shown.format(place)}"
    parts = (
        f"Content-Type: text/html; charset=utf-8\nContent-Location: {short(1)}\n\n{html}",
        f"Content-Type: image/png\nContent-Location: {place}\n\n",
    )
    head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
    content = (
        head + "".join(f"--b\n{part}" + "\n" * (part is parts[0]) for part in parts)
    ).encode()
    [outcome] = keep_containers([_file(tmp_path, "a.mhtml", content + PNG + b"\n--b--\n")], archive)
    assert archive.images.local(outcome.article_id).keys() == {PICTURE}


def test_saved_mail_of_another_servers_page_is_no_article(archive: Archive, tmp_path: Path) -> None:
    head = f"MIME-Version: 1.0\nContent-Type: text/html\nContent-Location: {short(1)}\n\n"
    page = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>"
    for title, words in (("502 Bad Gateway", "openresty"), ("上网认证", "请输入用户名和密码。")):
        content = (head + page.format(title, words)).encode()
        [outcome] = keep_containers([_file(tmp_path, "a.mhtml", content)], archive)
        assert (outcome.state, archive.get(short(1))) == (State.NOT_WECHAT, None)
        assert f"what another server said at its address ({title})" in str(outcome.error)


def test_saved_mail_of_which_letters_are_damaged_is_kept_and_told(
    archive: Archive, tmp_path: Path
) -> None:
    page = (PAGE % "").encode().replace("光".encode(), b"\xe5\xff\x89", 1)
    head = f"MIME-Version: 1.0\nContent-Type: text/html\nContent-Location: {short(1)}\n\n".encode()
    hurt = head + page
    [outcome] = keep_containers([_file(tmp_path, "a.mhtml", hurt)], archive)
    assert outcome.change == "added"
    assert "letters of its file are damaged" in str(outcome.error)


def test_texts_of_an_export_are_kept_and_what_it_only_names_is_queued(
    archive: Archive, tmp_path: Path
) -> None:
    entry = {"title": "潮水", "url": short(1), "given_url": short(1), "content": TEXT}
    entry |= {"created_at": "2024-05-08T20:30:00+00:00", "domain_name": "mp.weixin.qq.com"}
    empty = {**entry, "url": short(2), "given_url": short(2), "content": ""}
    path = _file(tmp_path, "all.json", json.dumps([entry, empty]).encode())
    kept, listed = keep_lists(open_lists([path]), archive)
    assert (kept.state, kept.title, listed.queued) == (State.OK, "潮水", 1)
    assert [entry.request for entry in archive.queue.entries()] == [short(2)]


@pytest.mark.parametrize("titles", [("WeRSS", "灯塔通讯"), ("灯塔通讯", "WeRSS")])
def test_what_a_second_feed_says_of_the_same_text_is_taken_from_it(
    archive: Archive, tmp_path: Path, titles: tuple[str, str]
) -> None:
    """As of one account behind a feed of all: the text was known, and nothing else looked at.

    It is no other copy for that, of which one that an older cleaner read would stay.
    """
    item = {"id": "1", "url": short(1), "title": "潮水", "content_html": TEXT}
    for title in (*titles, *titles):
        dated = {"date_published": "2024-05-08"} if title != "WeRSS" else {}
        feed = {
            "version": "https://jsonfeed.org/version/1",
            "title": title,
            "items": [item | dated],
        }
        path = _file(tmp_path, f"{title}.json", json.dumps(feed).encode())
        assert [one.error for one in keep_lists(open_lists([path]), archive)] == [None, None]
    record = archive.get(short(1))
    assert record
    assert (record.account, record.date) == ("灯塔通讯", "2024-05-08")
    assert len(archive.history.events(record.id)) == 1
    assert archive.database.table("copies").count == 0


def test_a_moment_that_one_feed_says_brings_its_day_along_beside_the_day_of_another(
    archive: Archive, tmp_path: Path
) -> None:
    item = {"id": "1", "url": short(1), "title": "潮水", "content_html": TEXT}
    moment = "2024-05-08T20:30:00+08:00"
    for title, told in (("WeRSS", moment), ("灯塔通讯", "2024-05-07")):
        items = [item | {"date_published": told}]
        feed = {"version": "https://jsonfeed.org/version/1", "title": title, "items": items}
        path = _file(tmp_path, f"{title}.json", json.dumps(feed).encode())
        assert [one.error for one in keep_lists(open_lists([path]), archive)] == [None, None]
    record = archive.get(short(1))
    assert record
    said = (record.account, record.date, record.published_at)
    assert said == ("灯塔通讯", "2024-05-08", moment)


def test_texts_of_more_lists_than_memory_takes_are_read_when_their_turn_comes(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "_MOST_KEPT", 0)
    paths = []
    for number in range(4):
        entry = {"title": "潮水", "url": short(number), "given_url": short(number)}
        entry |= {"content": TEXT, "domain_name": "mp.weixin.qq.com"}
        content = json.dumps([entry]).encode()
        paths.append(_file(tmp_path, f"{number}.json", content))
    found = open_lists(paths)
    kept = [sum(len(document.content) for document in one.documents) for one in found]
    assert kept == [len(TEXT.encode()), 0, 0, 0]
    paths[2].unlink()
    outcomes = list(keep_lists(found, archive))
    assert [str(one.error.subject) for one in outcomes if one.error] == [str(paths[2])]
    for number in (0, 1, 3):
        record = archive.get(short(number))
        assert record is not None
        assert record.body


def test_omnivores_texts_are_found_in_the_folder_beside(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    _file(tmp_path / "content", "tide.html", TEXT.encode())
    entry = {"slug": "tide", "title": "潮水", "url": short(1), "savedAt": "2024-05-08T20:30:00Z"}
    path = _file(tmp_path, "metadata_0.json", json.dumps([entry]).encode())
    kept, listed = keep_lists(open_lists([path]), archive)
    assert (kept.state, kept.title, listed.queued) == (State.OK, "潮水", 0)


def test_a_text_beside_a_list_to_which_a_link_out_of_its_folder_leads_is_named_and_not_read(
    archive: Archive, tmp_path: Path
) -> None:
    own, theirs = tmp_path / "own", tmp_path / "theirs"
    own.mkdir()
    theirs.mkdir()
    _file(own, "tide.html", TEXT.encode())
    (theirs / "content").symlink_to(own)
    entry = {"slug": "tide", "title": "潮水", "url": short(1), "savedAt": "2024-05-08T20:30:00Z"}
    path = _file(theirs, "metadata_0.json", json.dumps([entry]).encode())
    listed, failure = keep_lists(open_lists([path]), archive)
    assert listed.queued == 1
    assert "is a link that leads out of" in str(failure.error)
    assert archive.get(short(1)) is None


@pytest.mark.skipif(sys.platform != "linux", reason="it reads a file of /proc")
def test_a_text_beside_a_list_that_cannot_be_read_is_named_and_the_others_come(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "content").mkdir()
    entries = []
    for number, slug in enumerate(("tide", "horn"), start=1):
        _file(tmp_path / "content", f"{slug}.html", TEXT.replace("潮水", slug).encode())
        day = "2024-05-08T20:30:00Z"
        entries.append({"slug": slug, "title": slug, "url": short(number), "savedAt": day})
    path = _file(tmp_path, "metadata_0.json", json.dumps(entries).encode())
    with once(Fault("read", tmp_path / "content", 1)):
        kept, listed, failure = keep_lists(open_lists([path]), archive)
    assert (kept.title, listed.queued) == ("horn", 1)
    assert failure.input.endswith("tide.html")
    assert "Input/output error" in str(failure.error)


def test_a_database_gives_texts_under_their_identity_and_links(
    archive: Archive, tmp_path: Path
) -> None:
    path = tmp_path / "db.db"
    with closing(sqlite3.connect(path)) as connection:
        columns = "id, mp_id, title, url, content, publish_time, created_at"
        connection.execute("CREATE TABLE feeds (id, mp_name)")
        connection.execute(f"CREATE TABLE articles ({columns})")
        rows = [
            ("3090000000-2247000001_2", "潮水", short(1), TEXT),
            ("3-4_1", "雾号", short(2), ""),
        ]
        for key, title, url, html in rows:
            connection.execute(
                "INSERT INTO articles VALUES (?, '', ?, ?, ?, 1715164200, '')",
                (key, title, url, html),
            )
        connection.commit()
    kept, listed = keep_containers([path], archive)
    assert (kept.article_id, listed.queued) == ("MzA5MDAwMDAwMA==:2247000001:2", 1)
    record = archive.get(short(1))
    assert record is not None
    assert (record.date, record.title) == ("2024-05-08", "潮水")


def _database(path: Path, rows: list[tuple[object, ...]]) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        columns = "id, title, url, content, mp_id, publish_time, created_at"
        connection.execute("CREATE TABLE feeds (id, mp_name)")
        connection.execute(f"CREATE TABLE articles ({columns})")
        for row in rows:
            connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, '', '', '')", row)
        connection.commit()
    return path


def test_what_a_database_names_is_queued_so_many_at_a_time_and_told_at_once(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.flows.databases._MOST_LINKS", 2)
    rows: list[tuple[object, ...]] = [
        (f"1-{number}_1", "潮水", short(number), "") for number in range(1, 6)
    ]
    rows.insert(1, ("1-9_1", "潮水", short(9), TEXT * 20))
    outcomes = list(keep_containers([_database(tmp_path / "a.db", rows)], archive))
    assert [(outcome.detail, outcome.queued) for outcome in outcomes[-1:]] == [("6 articles", 5)]
    assert len(archive.queue.entries()) == 5


def test_a_row_without_a_link_is_counted_and_the_others_are_kept(
    archive: Archive, tmp_path: Path
) -> None:
    rows: list[tuple[object, ...]] = [
        ("3090000000-2247000001_2", "潮水", None, TEXT),
        ("3090000000-2247000002_1", "信标", "https://example.org/", ""),
        (None, "雾号", "", TEXT),
        ("x", "浮标", short(2), ""),
    ]
    kept, listed, told = keep_containers([_database(tmp_path / "a.db", rows)], archive)
    assert (kept.article_id, kept.state) == ("MzA5MDAwMDAwMA==:2247000001:2", State.OK)
    assert (listed.detail, listed.queued) == ("3 articles", 2)
    assert told.error is not None
    assert (told.error.subject.endswith("a.db"), "1 row " in told.error.what) == (True, True)


@pytest.mark.parametrize("hurt", [b"\xff\xff\xff", b"\xe5\x85"])
def test_a_text_in_a_database_of_which_letters_are_damaged_is_kept_and_told(
    archive: Archive, tmp_path: Path, hurt: bytes
) -> None:
    path = _database(tmp_path / "a.db", [("1-1_1", "潮水", short(1), TEXT * 20)])
    content = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection, connection:
        text = (TEXT * 20).encode().replace("光".encode(), hurt, 1)
        connection.execute("UPDATE articles SET content = CAST(? AS TEXT)", (text,))
    kept, *_ = keep_containers([path], archive)
    assert (kept.change, kept.state) == ("added", State.TRUNCATED)
    assert "letters of its file are damaged" in kept.detail
    path.write_bytes(content)
    kept, *_ = keep_containers([path], archive)
    assert (kept.change, kept.state) == ("updated", State.OK)


def test_what_was_read_of_a_database_before_it_breaks_off_is_kept(
    archive: Archive, tmp_path: Path
) -> None:
    rows: list[tuple[object, ...]] = [
        ("1-1_1", "潮水", short(1), TEXT),
        ("1-2_1", "雾号", short(2), ""),
        ("1-3_1", "太长", short(3), "长" * (6 << 20)),
    ]
    kept, listed, told = keep_containers([_database(tmp_path / "a.db", rows)], archive)
    assert (kept.state, listed.queued) == (State.OK, 1)
    assert told.error is not None


def test_what_is_packed_in_a_packed_file_is_named(archive: Archive, tmp_path: Path) -> None:
    inside = {"a.zip": zipped({"a.md": b"x"}), "b.db": b"x", "c.md": NOTE.encode()}
    inside["all.jsonl"] = b'{"archive": "wechat-article-archive", "version": 1}\n'
    outcomes = keep_containers([_file(tmp_path, "x.zip", zipped(inside))], archive)
    told = {Path(outcome.input).name: outcome.error is not None for outcome in outcomes}
    assert told == {"a.zip": True, "b.db": True, "c.md": False, "all.jsonl": True}


def test_what_is_broken_is_named_and_stops_nothing(archive: Archive, tmp_path: Path) -> None:
    good = _file(tmp_path, "z.mhtml", mail(short(1)))
    bad = [
        _file(tmp_path, "half.zip", zipped({"a.md": b"x" * 999})[:60]),
        _file(tmp_path, "no.db", b"hello" * 999),
        _file(tmp_path, "no.mhtml", b"hello"),
        tmp_path / "pipe.zip",
    ]
    os.mkfifo(bad[-1])
    *broken, last = keep_containers([*bad, good], archive)
    assert [outcome.error is not None for outcome in broken] == [True] * len(bad)
    assert last.state is State.OK


@pytest.mark.parametrize("charset", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_a_database_of_some_other_program_that_names_articles_is_told_of(
    archive: Archive, tmp_path: Path, charset: str
) -> None:
    for name, address in (("own.db", short(1)), ("other.db", "https://example.com/a")):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.execute(f"PRAGMA encoding = '{charset}'")
            connection.execute("CREATE TABLE posts (title, address, words)")
            connection.execute("INSERT INTO posts VALUES ('潮水', ?, '船六点开。')", [address])
            connection.commit()
    with Archive.open(tmp_path / "archive.db") as ours:
        ours.queue.offer(short(2), why="")
    names = ("own.db", "other.db", "archive.db")
    told = list(keep_containers([tmp_path / name for name in names], archive))
    assert [outcome.state for outcome in told] == ["unreadable", "not_wechat", "not_wechat"]
    assert "and names articles; give its rows as .csv" in str(told[0].error)
    (tmp_path / "other.db-wal").write_bytes(short(1).encode(charset))
    [told_by_log] = keep_containers([tmp_path / "other.db"], archive)
    assert told_by_log.state == "unreadable"


@needs_shared
@pytest.mark.parametrize(
    ("name", "state", "title"),
    [
        ("exports/pages/chrome.mhtml", State.OK, "MHTML"),
        ("exports/pages/quantic.mhtml", State.OK, "示例标题：甲与乙"),
        ("exports/evernote/示例.enex", State.TRUNCATED, "示例标题：甲与乙"),
        ("exports/we-mp-rss/db.db", State.OK, "示例标题：甲与乙"),
        ("exports/wewe-rss/wewe-rss.db", None, ""),
        ("cases/html/h5-saved.mhtml", State.OK, "MHTML"),
    ],
)
def test_the_samples_of_containers_come_out(
    archive: Archive, name: str, state: State | None, title: str
) -> None:
    first = next(keep_containers([SHARED / name], archive))
    assert (first.state, first.title) == (state, title)
    if state is None:
        assert first.queued == 1


@needs_shared
@pytest.mark.parametrize(
    "name",
    [
        "wallabag/All articles.json", "omnivore/export/metadata_0_to_20.json",
        "feeds/wechat2rss.xml", "feeds/wewe-rss.atom", "feeds/wewe-rss.json",
    ],
)  # fmt: skip
def test_the_samples_of_exports_with_texts_come_out(archive: Archive, name: str) -> None:
    kept, listed = keep_lists(open_lists([SHARED / "exports" / name]), archive)
    assert (kept.state, kept.title, listed.queued) == (State.OK, "示例标题：甲与乙", 0)


def test_pictures_that_are_packed_later_than_their_text_come_in_with_the_next_run(
    archive: Archive, tmp_path: Path
) -> None:
    text = f"# 潮水\n\n> 公众号: 灯塔通讯\n> 原文链接: {short(1)}\n\n---\n\n光。\n\n![](1.png)\n"
    path = _file(tmp_path, "a.zip", zipped({"index.md": text.encode()}))
    [outcome] = keep_containers([path], archive)
    assert outcome.state == State.TRUNCATED
    _file(tmp_path, "a.zip", zipped({"index.md": text.encode(), "1.png": png(30, 20)}))
    [outcome] = keep_containers([path], archive)
    assert outcome.state == State.OK
    assert len(archive.images.local(outcome.article_id)) == 1


@pytest.mark.parametrize("runs", [1, 2])
def test_a_list_that_is_packed_later_than_a_copy_gives_that_its_link(
    archive: Archive, tmp_path: Path, runs: int
) -> None:
    text = "#  潮水   \n灯塔通讯   2024-05-08 18:30  \n\n光扫过海面。\n".encode()
    links = json.dumps({long(2): "潮水"}).encode()
    paths = [
        _file(tmp_path, "a.zip", zipped({"潮水.md": text})),
        _file(tmp_path, "b.zip", zipped({"潮水.md": text, "data.json": links})),
    ]
    for some in [paths] if runs == 1 else [paths[:1], paths[1:]]:
        outcomes = list(keep_containers(some, archive))
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    [record] = archive.records()
    assert record.id == "MzA5MzE5MDAzOA==:2650000002:1"
