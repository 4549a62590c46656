"""Tables of pages of our own invention, no two of them alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from tests.clean.pages.lookalikes import modern, notice, old

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Page = tuple[bytes | None, str | None, str | None]


def table(pages: Sequence[Page]) -> pa.Table:
    """A table of pages, as `crawler.batch` takes it."""
    html, charset, url = zip(*pages, strict=True)
    return pa.table(
        {
            "html": pa.array(html, pa.binary()),
            "charset": pa.array(charset, pa.string()),
            "url": pa.array(url, pa.string()),
        }
    )


def page(number: int) -> Page:
    """One page of many: most are articles, of two generations, and some are notices."""
    url = f"https://mp.weixin.qq.com/s?__biz=MzA3MTIzNDU2Nw==&mid={number}&idx=1"
    text = f"<p>第{number}天，渡轮照常开航。</p>" * (1 + number % 7)
    match number % 5:
        case 0:
            return notice("该内容已被发布者删除"), "utf-8", url
        case 1:
            return old(text).decode().encode("gbk"), "gbk", url
        case _:
            return modern(text, mid=str(number), link=url), None, url


def write(path: Path, count: int, *, row_group: int) -> Any:
    """Write so many pages to a file, in groups of so many rows; returns the table."""
    pages = table([page(number) for number in range(count)])
    pq.write_table(pages, path, row_group_size=row_group)
    return pages
