from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import md5
from html import escape

import pytest

from crawler.clean.containers import documents_in, slugs_of_omnivore
from tests.clean.containers.samples import PNG
from tests.clean.listings.samples import short

TEXT = "<p>灯塔的光每隔七秒扫过一次海面。</p>"


def test_wallabag_gives_its_texts() -> None:
    entry = {"title": "潮水", "url": short(1), "given_url": short(1), "content": TEXT,
             "created_at": "2024-05-08T20:30:00+00:00", "published_by": ["守塔人"],
             "published_at": None, "domain_name": "mp.weixin.qq.com"}  # fmt: skip
    other = {**entry, "url": "https://example.com", "given_url": "https://example.com"}
    answer = {"page": 1, "_embedded": {"items": [entry, other]}}  # of its API, as `entry` alone
    others = [[answer], {"results": [1, entry]}, {**answer, "_embedded": [entry]}]
    others += [{"domain_name": "", "all": {"a": entry, "b": other}}]
    for held in ([entry, other, 1], answer, entry, *others):
        [document] = documents_in("all.json", json.dumps(held).encode())
        assert document.content.decode() == TEXT
        assert document.known is not None
        assert (document.known.url, document.known.author) == (short(1), "守塔人")
    answer["_embedded"] = {"items": 1}
    assert not list(documents_in("all.json", json.dumps({**answer, "domain_name": 1}).encode()))


def test_other_lists_with_content_are_no_texts() -> None:
    plain = [{"title": "潮水", "link": short(1), "content": "没有格式的文字"}]
    assert not list(documents_in("list.json", json.dumps(plain).encode()))
    assert not list(documents_in("list.json", b'[{"content": "mp.weixin.qq.com"' * 9))


def test_evernotes_notes_are_cut_out_by_their_tags() -> None:
    note = (
        "<note><title>潮水 &amp; 雾号</title><created>20240508T203000Z</created><note-attributes>"
        f"<author>守塔人</author><source-url>{short(1)}</source-url></note-attributes><content>"
        f"<![CDATA[<?xml version='1.0'?><en-note>{TEXT}</en-note>]]></content></note>"
    )
    stranger = note.replace("mp.weixin.qq.com", "example.com")
    enex = f'<?xml version="1.0"?><!DOCTYPE en-export><en-export>{note}{stranger}</en-export>'
    [document] = documents_in("a.enex", enex.encode())
    assert document.content.decode() == f"<en-note>{TEXT}</en-note>"
    assert document.known is not None
    assert (document.known.title, document.known.saved) == ("潮水 & 雾号", "20240508T203000Z")


def test_a_note_that_is_escaped_is_read_as_one_in_a_section() -> None:
    text = escape(f"<en-note>{TEXT}<p>a &lt; b</p></en-note>")
    note = f"<note><source-url>{short(1)}</source-url><content>{text}</content></note>"
    [document] = documents_in("a.enex", f"<en-export>{note}</en-export>".encode())
    assert document.content.decode() == f"<en-note>{TEXT}<p>a &lt; b</p></en-note>"


def test_a_bookmark_of_the_clippers_is_no_text() -> None:
    text = f'<en-note><div style="--en-clipped-content:bookmark; --x:y">{TEXT}</div></en-note>'
    note = f"<note><source-url>{short(1)}</source-url><content><![CDATA[{text}]]></content></note>"
    assert not list(documents_in("a.enex", f"<en-export>{note}</en-export>".encode()))
    whole = note.replace("</en-note>", f"<p>{'灯塔的光。' * 200}</p></en-note>")
    assert len(list(documents_in("a.enex", f"<en-export>{whole}</en-export>".encode()))) == 1


_PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/a/640?wx_fmt=png&amp;b=&quot;"


@pytest.mark.parametrize(
    ("resource", "address"),
    [
        (f"<data encoding='base64'>\n{{}}\n</data><mime>image/png</mime>{_PICTURE}", _PICTURE),
        (f"<data>{{}}</data><mime>application/pdf</mime>{_PICTURE}", ""),
        (f"<data>AA{{}}</data><mime>image/png</mime>{_PICTURE}", ""),
        (f"<mime>image/png</mime>{_PICTURE}", ""),
        ("<data>{}</data><mime>image/png</mime>javascript:x", ""),
        ("<data>{}</data><mime>image/png</mime>", ""),
    ],
)
def test_a_picture_that_evernote_clipped_has_its_address(resource: str, address: str) -> None:
    media = f'<en-media type="image/png" hash="{md5(PNG, usedforsecurity=False).hexdigest()}"/>'
    other = media.replace('hash="', 'hash="0')
    packed = re.sub(
        "(?<=mime>)[^<]*$",
        r"<source-url>\g<0></source-url>",
        resource.format(b64encode(PNG).decode()),
    )
    note = (
        f"<note><source-url>{short(1)}</source-url><content><![CDATA[<en-note>{media}{other}"
        f"</en-note>]]></content><resource>{packed}</resource></note><resource>"
    )
    [document] = documents_in("a.enex", f"<en-export>{note}</en-export>".encode())
    shown = f'<img src="{address}">' if address else media
    assert document.content.decode() == f"<en-note>{shown}{other}</en-note>"


def test_half_an_export_gives_what_came() -> None:
    note = f"<note><source-url>{short(1)}</source-url><content>{TEXT}</content></note>"
    cut = f"<en-export>{note}{note[:80]}"
    assert len(list(documents_in("a.enex", cut.encode()))) == 1


def test_omnivore_names_the_file_of_each_text() -> None:
    entries = [
        {"slug": "tide-1", "title": "潮水", "url": short(1), "savedAt": "x",
         "publishedAt": "2024-05-08T20:30:00.000Z"},
        {"slug": "../../etc/passwd", "url": short(2), "savedAt": "x"},
        {"slug": "other", "url": "https://example.com", "savedAt": "x"},
    ]  # fmt: skip
    text = json.dumps(entries, ensure_ascii=False)
    found = slugs_of_omnivore(text.encode())
    assert list(found) == ["tide-1"]
    assert found["tide-1"].date == "2024-05-09"
    assert slugs_of_omnivore(text.encode("utf-16")) == found
    assert list(slugs_of_omnivore(text.encode().replace("水".encode(), b"\xe6\xb0"))) == ["tide-1"]
