from __future__ import annotations

import pytest

from crawler.article import State
from crawler.clean.exports import Adopted, Form
from crawler.clean.exports.strangers import is_strangers

MARK = b"<!-- saved from url=(0049)https://mp.weixin.qq.com/s/a -->"


def _copy(text: str, state: State = State.OK) -> Adopted:
    return Adopted(producer="html", form=Form.BODY, state=state, detail="", text=text)


@pytest.mark.parametrize("page", [b"<h1>502 Bad Gateway</h1>", b"<form><input name=u></form>"])
def test_what_another_server_said_has_nothing_of_wechats(page: bytes) -> None:
    assert is_strangers(MARK + page, _copy("502 Bad Gateway"))
    assert not is_strangers(MARK + page, _copy("", state=State.HOLLOW))  # a shell


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (b"<h1>502 Bad Gateway</h1>", "502 Bad Gateway"),  # no browser saved it
        (MARK + b'<p class="rich_media_content">a</p>', "a"),
        (MARK + b'<img src="https://mmbiz.qpic.cn/a/640">', "a"),
        (MARK + b"<p>...</p>", "a" * 2000),
    ],
)
def test_a_readers_copy_is_no_strangers_page(page: bytes, text: str) -> None:
    assert not is_strangers(page, _copy(text))


def test_saved_mail_is_a_browsers() -> None:
    assert is_strangers(b"<h1>502 Bad Gateway</h1>", _copy("502"), is_mail=True)
