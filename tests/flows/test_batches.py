from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.flows import batches
from crawler.flows.batches import Batch, by_account, by_number, glance_at
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

FIRST, OTHER = "MzI0NTk5OTk5MA==", "MzI5OTk5OTk5OQ=="


def _seeds(folder: Path, sources: str, urls: Sequence[str] = ()) -> list[Path]:
    """A seed of each source, named a, b, c and so on."""
    paths = [folder / name for name in "abcdefg"[: len(sources)]]
    for number, (path, source) in enumerate(zip(paths, sources, strict=True)):
        url = urls[number] if urls else link(number)
        path.write_text(whole_seed(url=url, source=source, account=source), encoding="utf-8")
    return paths


def _short(number: int) -> str:
    return f"https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrSt{number:02}"


def _names(found: list[Batch]) -> list[tuple[str, bool]]:
    return [("".join(path.name for path in batch.paths), batch.complete) for batch in found]


def test_the_files_of_an_account_come_one_after_the_other(tmp_path: Path) -> None:
    urls = [
        link(number).replace("MzI0NTk5OTk5MA==", biz)
        for number, biz in enumerate([FIRST, OTHER] * 2)
    ]
    [batch] = by_account(_seeds(tmp_path, "东西东西", urls))
    assert _names([batch]) == [("acbd", True)]


def test_an_account_that_changed_its_name_is_one_account(tmp_path: Path) -> None:
    files = _seeds(tmp_path, "旧西新新", [link(0), _short(1), link(2), link(3)])
    assert _names(list(by_account(files))) == [("acdb", True)]


def test_a_feed_is_no_account_where_links_tell_whose_the_articles_are(tmp_path: Path) -> None:
    urls = [
        link(number).replace(FIRST, biz) for number, biz in enumerate([FIRST, OTHER, FIRST, OTHER])
    ]
    assert _names(list(by_account(_seeds(tmp_path, "汇汇东西", urls)))) == [("acbd", True)]


def test_a_link_that_says_nothing_goes_with_its_source(tmp_path: Path) -> None:
    files = _seeds(tmp_path, "东西东", [_short(0), link(1).replace(FIRST, OTHER), link(2)])
    assert _names(list(by_account(files))) == [("acb", True)]


def test_small_accounts_share_a_batch_and_none_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    files = _seeds(tmp_path, "东东西西西西南", [_short(number) for number in range(7)])
    assert _names(list(by_account(files))) == [("ab", True), ("cdef", True), ("g", True)]


def test_an_account_with_too_many_files_is_cut_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    monkeypatch.setattr(batches, "ACCOUNT_FILES", 4)
    assert _names(list(by_account(_seeds(tmp_path, "东东东东东")))) == [
        ("abc", False),
        ("de", False),
    ]


def test_a_file_that_cannot_be_read_is_still_among_them(tmp_path: Path) -> None:
    gone = tmp_path / "gone.md"
    assert glance_at(gone) == (gone, b"", b"", 0)
    assert _names(list(by_account([gone]))) == [("gone.md", True)]


def test_files_are_read_together_up_to_so_many_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = _seeds(tmp_path, "东西南北中", [_short(number) for number in range(10, 15)])
    monkeypatch.setattr(batches, "BATCH_BYTES", 2 * files[0].stat().st_size)
    assert _names(list(by_account(files))) == [("ab", True), ("cd", True), ("e", True)]
    assert [len(batch) for batch in by_number([*files, tmp_path / "gone"])] == [3, 3]
