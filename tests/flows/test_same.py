from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.archive.lines import check_beside, write_beside
from crawler.article import Article, Origin, State
from crawler.errors import ArchiveError
from crawler.flows import reclean
from crawler.flows.same import Known, Titles, settle_copies
from tests.archive.specimens import tables_of
from tests.lookalikes import link

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = Known("a", link(1), "渡口夜话", "渡口", "2026-05-23")


def _copy(account: str = "渡口", day: str = "2026-05-23") -> Article:
    return Article(
        id="u:own",
        url="",
        title="渡口夜话",
        source=account,
        account=account,
        date=day,
        state=State.OK,
        origin=Origin.ADOPTED,
        fetch_date="",
    )


@pytest.mark.parametrize("day", ["2026-05-22", "2026-05-23", "2026-05-24"])
def test_a_copy_is_of_the_article_with_its_title_account_and_day(day: str) -> None:
    found = Titles([KNOWN]).identified(_copy(day=day))
    assert (found.id, found.url, found.same_as) == ("a", link(1), "")


@pytest.mark.parametrize(
    ("account", "day"), [("河口", "2026-05-23"), ("渡口", "2026-06-23"), ("渡口", ""), ("", "")]
)
def test_a_title_alone_does_not_identify_but_says_what_it_seems_to_be(
    account: str, day: str
) -> None:
    found = Titles([KNOWN]).identified(_copy(account, day))
    assert (found.id, found.same_as) == ("u:own", "a")


def test_two_articles_that_agree_leave_it_open() -> None:
    other = KNOWN._replace(id="b", url=link(2))
    assert Titles([KNOWN, other]).identified(_copy()).id == "u:own"


@pytest.mark.parametrize("url", [link(2), ""])
@pytest.mark.parametrize("other_day", ["2026-05-20", "2025-05-23"])
def test_of_a_series_only_the_issue_of_the_very_day_is_the_article_of_a_copy(
    url: str, other_day: str
) -> None:
    titles = Titles([KNOWN, KNOWN._replace(id="b", url=url, date=other_day)])
    assert titles.identified(_copy()).id == "a"
    for day in ("2026-05-22", "2026-05-24"):  # whose own issue may be missing here
        assert titles.identified(_copy(day=day)).id == "u:own"
    assert titles.identified(_copy("河口")).same_as == "a"


NAMED = f"> **原文链接**: {link(1)}\n\n#  渡口夜话   \n 渡口   2026-05-23 11:29  \n  \n船六点开。\n"
NAMELESS = "#  渡口夜话   \n 渡口   2026-05-23 03:29  \n  \n船在六点开。\n"
STRANGER = "#  渡口夜话   \n 河口   2026-05-23 03:29  \n  \n别处的船。\n"


def _read(folder: Path, order: tuple[str, ...]) -> dict[str, list[tuple[Any, ...]]]:
    """All tables of an archive that has read these texts, a run for each."""
    texts = {"a": NAMED, "b": NAMELESS, "c": STRANGER}
    folder.mkdir()
    with Archive.open(folder / "archive.db") as archive:
        for name in order:
            path = folder.parent / f"{name}.md"
            path.write_text(texts[name], encoding="utf-8")
            list(reclean([path], archive))
            settle_copies(archive)
        before = list(archive.database.conn.iterdump())
        settle_copies(archive)
        assert list(archive.database.conn.iterdump()) == before
        return tables_of(archive.database)


def test_copies_and_the_article_that_they_are_may_come_in_any_order(tmp_path: Path) -> None:
    orders = list(permutations("abc"))
    read = [_read(tmp_path / "".join(order), order) for order in orders]
    assert all(one == read[0] for one in read)
    assert sorted(row[0][:2] for row in read[0]["articles"]) == ["Mz", "u:"]
    assert len(read[0]["revisions"]) == 3


def test_a_copy_without_a_link_joins_its_article_and_a_second_run_writes_nothing(
    tmp_path: Path,
) -> None:
    paths = [tmp_path / f"{name}.md" for name in "abc"]
    for path, text in zip(paths, (NAMED, NAMELESS, STRANGER), strict=True):
        path.write_text(text, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        list(reclean(paths[:1], archive))
        list(reclean(paths, archive))
        rows = {record.id: record for record in archive.records()}
        own = next(record for key, record in rows.items() if key.startswith("u:"))
        [whole] = [record for key, record in rows.items() if not key.startswith("u:")]
        assert len(archive.history.revisions(whole.id)) == 2
        assert (own.same_as, own.url, own.body) == (whole.id, "", "# 渡口夜话\n\n别处的船。\n")
        before = list(archive.database.conn.iterdump())
        list(reclean(paths, archive))
        assert list(archive.database.conn.iterdump()) == before


def _take(archive: Archive, folder: Path, text: str) -> None:
    path = folder / f"{len(text)}.md"
    path.write_text(text, encoding="utf-8")
    assert list(reclean([path], archive, workers=1))
    settle_copies(archive)


def test_an_export_may_be_written_anew_once_a_copy_in_it_got_its_link(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        _take(archive, tmp_path, NAMELESS)
        write_beside(archive.connection, archive.images.root, tmp_path)
        _take(archive, tmp_path, NAMED)
        assert archive.find(link(1))
        assert not archive.without_link()
        check_beside(archive.connection, tmp_path, overwrite=False)


def test_a_copy_of_another_archive_is_no_own_one(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with Archive.open(tmp_path / "other" / "archive.db") as other:
        _take(other, tmp_path, STRANGER)
        write_beside(other.connection, other.images.root, tmp_path)
    with Archive.open(tmp_path / "archive.db") as archive:
        _take(archive, tmp_path, NAMED)
        with pytest.raises(ArchiveError, match="tells of 1 article that this archive does not"):
            check_beside(archive.connection, tmp_path, overwrite=False)
