"""Whether a body that an archive holds is an article's at all."""

from __future__ import annotations

from crawler.clean.markdown import split_document
from crawler.clean.notices import judge_notice
from crawler.clean.seeds.furniture import is_shell


def why_no_article(body: str) -> str:
    """Why a body is none of an article's, in words; "" where it is one."""
    _, _, text = split_document(body)
    notice = judge_notice(text)
    if notice:
        return f"it is a notice ({notice[1]})"
    return "it is a page's furniture" if is_shell(text) else ""
