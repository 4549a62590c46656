from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive import Archive
from crawler.article import Origin
from crawler.clean.exports import Link
from crawler.flows import reclean
from crawler.flows.adopt import Siblings
from tests.lookalikes import link

if TYPE_CHECKING:
    from pathlib import Path

TOOL = "#  渡口夜话   \n 渡口   2026-05-23 11:29  \n  \n船六点开。\n"


def _siblings(*links: Link, folder: str = "/a") -> Siblings:
    return Siblings.of_lists([(f"{folder}/data.json", links)])


def test_a_list_beside_a_copy_gives_its_link_and_the_signed_one_first() -> None:
    lists = _siblings(Link(url=link(1, signed=False), title="题"), Link(url=link(1), title="题"))
    found = lists.link_of("/a/2026-05/x.md", title="题", account="渡口")
    assert found is not None
    assert found.url == link(1)


def test_a_title_of_two_articles_is_told_by_the_account() -> None:
    lists = _siblings(
        Link(url=link(1), title="题", account="渡口"), Link(url=link(2), title="题", account="河口")
    )
    found = lists.link_of("/a/x.md", title="题", account="河口")
    assert found is not None
    assert found.url == link(2)
    assert lists.link_of("/a/x.md", title="题", account="") is None


def test_a_list_in_a_folder_elsewhere_says_nothing() -> None:
    assert (
        _siblings(Link(url=link(1), title="题")).link_of("/b/x.md", title="题", account="") is None
    )


def test_the_nearest_list_counts() -> None:
    lists = Siblings.of_lists(
        [
            ("/a/b/data.json", [Link(url=link(1), title="题")]),
            ("/a/data.json", [Link(url=link(2), title="题")]),
        ]
    )
    found = lists.link_of("/a/b/c/x.md", title="题", account="")
    assert found is not None
    assert found.url == link(1)


def test_a_copy_is_a_row_of_its_producer(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text(TOOL, encoding="utf-8")
    siblings = _siblings(Link(url=link(1), title="渡口夜话"), folder=str(tmp_path))
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = reclean([path], archive, siblings=siblings)
        record = archive.get(link(1))
        assert outcome.taken_for == "wechatmp2markdown"
        assert record is not None
        assert (record.origin, record.producer) == (Origin.ADOPTED, "wechatmp2markdown")
        assert (record.account, record.date) == ("渡口", "2026-05-23")


def test_the_copies_of_two_tools_are_one_row_with_two_revisions(tmp_path: Path) -> None:
    texts = {
        "a.md": f"> **原文链接**: {link(1)}\n\n{TOOL}",
        "b.md": f"Title: 渡口夜话\n\nURL Source: {link(1)}\n\nMarkdown Content:\n船在六点开，别迟到。",
    }
    paths = [tmp_path / name for name in texts]
    for path in paths:
        path.write_text(texts[path.name], encoding="utf-8")
    for order in (paths, paths[::-1]):
        with Archive.open(tmp_path / f"{order[0].stem}.db") as archive:
            list(reclean(order, archive))
            [record] = archive.records()
            assert len(archive.revisions(record.id)) == 2
            assert record.producer == "wechatmp2markdown"
