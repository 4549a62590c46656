from __future__ import annotations

import pytest

from crawler.clean.seeds import why_no_article
from tests.lookalikes import HOLLOW, IN_A_LINE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("该内容已被发布者删除", "it is a notice (deleted)"),
        (HOLLOW, "it is a page's furniture"),
        (IN_A_LINE, "it is a page's furniture"),
        (f"{HOLLOW}\n\n#待读", "it is a page's furniture"),
        (f"{HOLLOW}\n\n{'正文。' * 99}", ""),
        (f"正文。\n\n{IN_A_LINE}", ""),
        ("赞 在看 分享", ""),
        ("", "it is a page's furniture"),
        ("正文。", ""),
    ],
)
def test_a_body_is_an_articles_or_it_is_said_what_it_is(text: str, why: str) -> None:
    assert why_no_article(f"# 标题\n\n{text}\n") == why
