"""What another server said at an article's address, which a browser saved as if it were the page.

A gateway's error, a proxy's, or the login of a network: of such a page nothing is WeChat's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.article import State
from crawler.clean.exports.pages import saved_by

if TYPE_CHECKING:
    from crawler.clean.exports.records import Adopted

BROWSERS = frozenset({"singlefile", "browser"})
_OF_WECHAT = re.compile(
    rb"q(?:pic|logo)\.cn/|res\.wx\.qq\.com|rich_media|\bjs_(?:content|article|name)\b"
    rb"|\bactivity-(?:name|detail)\b|\bmp-(?:common|style)|\bdata-mpvid"
)
_LONGEST = 1500  # characters, as of a notice; a longer text is a reader's copy


def is_strangers(content: bytes, adopted: Adopted, *, is_mail: bool = False) -> bool:
    """Whether HTML that a browser saved is no page of WeChat's, nor a text of any length.

    A blank page is a shell of the article's own. `is_mail`: it stood in saved mail, which only
    browsers write for the page of an address.
    """
    says_something = adopted.state.has_body or (adopted.state is State.HOLLOW and adopted.title)
    if not says_something or len(adopted.text) > _LONGEST or _OF_WECHAT.search(content):
        return False
    return is_mail or saved_by(content).producer in BROWSERS
