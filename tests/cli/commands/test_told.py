"""What a page or an import tells of an article beside its text, as `export --jsonl` shows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.clean.listings.samples import spreadsheet
from tests.clean.pages.lookalikes import LINK, modern
from tests.lookalikes import link

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler

COPY = "#  渡口夜话   \n 渡口   2026-05-23 11:29  \n  \n船六点开。\n"


def shown(crawler: Crawler) -> dict[str, object]:
    """The one article of the archive."""
    [line] = crawler("export", "--jsonl", "--state", "ok").stdout.splitlines()
    return dict(json.loads(line))


def test_all_that_a_page_tells_of_itself_is_shown(crawler: Crawler, folder: Path) -> None:
    page = modern(
        extra="""
        source_url: JsDecode('https://example.com/tide'),
        copyright_info: { copyright_stat: '1' * 1, },
        appmsgalbuminfo: { title: JsDecode('潮汐'), },
        ip_wording: { province_name: '浙江', },
        public_tag_info: { tags: [ { tag_name: '海' }, { tag_name: '潮' }, ], },
        item_show_type: '0' * 1,
        """
    )
    (folder / "page.html").write_bytes(page)
    crawler("reclean", "page.html")
    told = shown(crawler)
    names = ("source_url", "original", "album", "place", "item_type", "read_count", "like_count")
    assert [told[name] for name in names] == [
        *("https://example.com/tide", "original", "潮汐", "浙江", "0"),
        *(None, None),
    ]
    assert json.loads(str(told["topics"])) == ["海", "潮"]


TABLES: dict[str, str | bytes] = {
    "a.csv": f"title,url,time,like_num,read_num\n渡口夜话,{link()},2026-05-23 11:29:46,7,1234\n",
    "b.csv": f"标题,链接,阅读,点赞,喜欢\n渡口夜话,{link()},1234,7,2\n",
    "c.json": json.dumps(
        [{"title": "渡口夜话", "link": link(), "readNum": 1234, "oldLikeNum": 7, "likeNum": 2}]
    ),
    "d.xlsx": spreadsheet(
        [["公众号", "链接", "标题", "阅读", "点赞"], ["渡口", link(), "渡口夜话", "1234", "7"]]
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_readers_and_likes_of_a_list_are_those_of_the_copy_beside_it(
    crawler: Crawler, folder: Path, name: str
) -> None:
    content = TABLES[name]
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "渡口夜话.md").write_text(COPY, encoding="utf-8")
    crawler("reclean", ".")
    told = shown(crawler)
    assert (told["state"], told["read_count"], told["like_count"]) == ("ok", 1234, 7)


def test_a_list_tells_more_of_a_page_beside_it_that_knows_its_own_link(
    crawler: Crawler, folder: Path
) -> None:
    (folder / "page.html").write_bytes(modern())
    entry = {
        "title": "雾中的电台",
        "link": LINK,
        "read_num": "10万+",
        "like_num": "1.2万",
        "appmsg_album_infos": [{"id": 1, "title": "潮汐"}],
        "copyright_stat": 1,
    }
    (folder / "list.json").write_text(json.dumps([entry]), encoding="utf-8")
    crawler("reclean", ".")
    told = shown(crawler)
    counts = (told["read_count"], told["like_count"])
    assert (*counts, told["album"], told["original"]) == (100_000, 12_000, "潮汐", "original")


def test_a_list_of_another_article_of_the_same_title_tells_nothing(
    crawler: Crawler, folder: Path
) -> None:
    (folder / "page.html").write_bytes(modern())
    entry = {"title": "雾中的电台", "link": link(77), "read_num": 5}
    (folder / "list.json").write_text(json.dumps([entry]), encoding="utf-8")
    crawler("reclean", ".")
    assert shown(crawler)["read_count"] is None


def test_front_matter_tells_readers_and_likes(crawler: Crawler, folder: Path) -> None:
    keys = f"title: 渡口夜话\nsource: {link()}\n公众号: 渡口\n阅读量: 3,210\n点赞数: 57"
    (folder / "a.md").write_text(f"---\n{keys}\n---\n\n船六点开，别迟到。\n", encoding="utf-8")
    crawler("reclean", ".")
    told = shown(crawler)
    assert (told["read_count"], told["like_count"]) == (3210, 57)
