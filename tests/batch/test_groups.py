from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pyarrow", reason="the extra is not installed: pip install .[parquet]")

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from crawler.batch import (
    SCHEMA,
    clean_group,
    clean_table,
    clear_left,
    find_groups,
    find_renamed,
    plan,
    reader,
)
from crawler.batch import groups as batch_groups
from crawler.errors import ConfigError, InputError
from tests.batch import hostile
from tests.batch.pages import page, table, write
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.batch import Cleaned


def _clean(source: Path, out: Path) -> list[Cleaned]:
    groups, errors = find_groups(source, out)
    assert not errors
    return [clean_group(group) for group in groups]


def _read(out: Path) -> Any:
    return pa.concat_tables([pq.read_table(path) for path in sorted(out.rglob("*.parquet"))])


def test_row_groups_become_files_with_the_very_rows_of_one_process(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages.parquet", 23, row_group=10)
    results = _clean(tmp_path / "pages.parquet", tmp_path / "out")
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == [
        f"pages-0000{number}.parquet" for number in range(3)
    ]
    assert _read(tmp_path / "out").equals(clean_table(pages))
    assert [sum(one.states.values()) for one in results] == [10, 10, 3]
    assert not any(one.error or one.failures for one in results)


def test_a_folders_files_keep_their_places(tmp_path: Path) -> None:
    (tmp_path / "in" / "2024").mkdir(parents=True)
    write(tmp_path / "in" / "a.parquet", 2, row_group=9)
    write(tmp_path / "in" / "2024" / "a.parquet", 2, row_group=1)
    _clean(tmp_path / "in", tmp_path / "out")
    made = sorted(str(path.relative_to(tmp_path / "out")) for path in tmp_path.rglob("out/**/*.p*"))
    assert made == ["2024/a-00000.parquet", "2024/a-00001.parquet", "a-00000.parquet"]


_FOUND = """
import sys
from pathlib import Path
{before}
from crawler.batch import clean_group, find_groups, plan
from crawler.errors import CrawlerError
{after}
try:
    groups, errors = find_groups(Path("pages.parquet"), Path("out"))
    print(len(groups), *errors)
except CrawlerError as error:
    print(error.what)
"""


def _found(folder: Path, redirections: str = "", **changes: str) -> str:
    """What a program prints that looks for row groups."""
    code = _FOUND.format(**{"before": "", "after": "", **changes})
    program = ["sh", "-c", f'exec "$@" {redirections}', "sh", sys.executable, "-c", code]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603
        program, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_where_stderr_is_closed_tables_are_read(tmp_path: Path) -> None:
    write(tmp_path / "pages.parquet", 4, row_group=2)
    assert _found(tmp_path, "2>&-") == "2"


def test_on_windows_it_is_said_that_nothing_is_cleaned_there(tmp_path: Path) -> None:
    write(tmp_path / "pages.parquet", 4, row_group=2)
    said = _found(tmp_path, before="sys.modules['resource'] = None", after="sys.platform = 'win32'")
    assert "on this system" in said


def test_the_process_that_reads_tables_loads_nothing_that_cleans_or_keeps() -> None:
    """One is started for every row group: with all of it that took 0.4 s and 40 MB more."""
    program = "import sys, crawler.batch.reading; print(*sys.modules)"
    command = [sys.executable, "-c", program]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    assert {"selectolax", "markdownify", "sqlite3", "warcio", "crawler.flows"} & {
        *loaded.split()
    } == set()


def test_a_table_that_is_unpacked_for_ever_is_given_up_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "pages.parquet", 4, row_group=2)
    with reader.IsolatedReader() as reading:
        reading.footer(tmp_path / "pages.parquet")
        child = reading._child
        assert child
        child.process.send_signal(signal.SIGSTOP)
        monkeypatch.setattr(reader, "_PATIENCE", 0.1)
        with pytest.raises(InputError, match=r"takes more than 0\.1 seconds"):
            reading.footer(tmp_path / "pages.parquet")
        assert child.process.returncode == -signal.SIGKILL
        monkeypatch.undo()
        assert reading.footer(tmp_path / "pages.parquet").rows == [2, 2]


def test_who_stops_reading_within_a_row_group_leaves_no_process(tmp_path: Path) -> None:
    source = tmp_path / "pages.parquet"
    write(source, 4, row_group=4)
    with reader.IsolatedReader() as reading:
        digest = reading.footer(source).digest
        pages: Any = reading.pages(source, 0, digest, subject="it")
        next(pages)
        child = reading._child
        assert child
        child.process.send_signal(signal.SIGSTOP)  # as one that is at work without end
        pages.close()
        assert child.process.returncode == -signal.SIGKILL


def test_what_is_there_and_whole_waits_no_more(tmp_path: Path) -> None:
    source, out = tmp_path / "pages.parquet", tmp_path / "out"
    write(source, 6, row_group=2)
    groups, _ = find_groups(source, out)
    assert plan(groups).waiting == groups
    clean_group(groups[1])
    assert plan(groups).done == [groups[1]]
    assert plan(groups).waiting == [groups[0], groups[2]]


def test_records_of_other_rows_or_of_another_cleaner_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tmp_path / "pages.parquet", tmp_path / "out"
    write(source, 2, row_group=2)
    _clean(source, out)
    pq.write_table(table([page(7), page(8)]), source)
    groups, _ = find_groups(source, out)
    assert plan(groups).waiting == groups
    assert not clean_group(groups[0]).error
    assert plan(groups).done == groups
    monkeypatch.setattr(batch_groups, "CLEANER_VERSION", 99)
    groups, _ = find_groups(source, out)
    assert [group.cleaner_version for group in groups] == [99]
    assert plan(groups).waiting == groups


def test_a_page_that_is_put_right_to_the_same_length_is_cleaned_anew(tmp_path: Path) -> None:
    source, out = tmp_path / "pages.parquet", tmp_path / "out"
    digests = set()
    for number, day in enumerate((b"2024-05-06", b"2024-05-07")):
        html, charset, url = page(1)
        assert html
        rows = table([(html.replace(b"</body>", day + b"</body>"), charset, url)])
        pq.write_table(rows, source, compression="none", write_statistics=False)
        os.utime(source, ns=(0, number))  # be it older than its records
        groups, _ = find_groups(source, out)
        digests.add(groups[0].digest)
        assert plan(groups).waiting == groups
        assert not clean_group(groups[0]).error
        assert plan(groups).done == groups
    assert len(digests) == 1


def test_an_input_that_is_called_as_another_takes_no_place_of_its_records(tmp_path: Path) -> None:
    for folder, pages in (("one", [page(1), page(2)]), ("two", [page(3)])):
        (tmp_path / folder).mkdir()
        pq.write_table(table(pages), tmp_path / folder / "pages.parquet", row_group_size=1)
    out = tmp_path / "out"
    first, _ = find_groups(tmp_path / "one", out)
    second, _ = find_groups(tmp_path / "two" / "pages.parquet", out)
    assert not clean_group(first[0]).error
    records = first[0].target.read_bytes()
    [refused] = plan(second).refused
    assert "holds the records of another pages.parquet" in str(refused.error)
    assert not plan(second).stale
    # also where both began at once
    assert "holds the records of another pages.parquet" in str(clean_group(second[0]).error)
    assert first[0].target.read_bytes() == records
    assert [path.name for path in out.iterdir()] == ["pages-00000.parquet"]
    assert (plan(first).done, plan(first).waiting) == (first[:1], first[1:])


def test_records_are_known_again_where_their_input_was_moved(tmp_path: Path) -> None:
    write(tmp_path / "pages.parquet", 2, row_group=1)
    _clean(tmp_path / "pages.parquet", tmp_path / "out")
    (tmp_path / "moved").mkdir()
    moved = (tmp_path / "pages.parquet").rename(tmp_path / "moved" / "pages.parquet")
    groups, _ = find_groups(moved, tmp_path / "out")
    assert plan(groups).done == groups


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there it is one name")
def test_of_two_inputs_whose_records_would_be_one_file_the_second_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in" / "a.PARQUET", 1, row_group=1)
    pq.write_table(table([page(7)]), tmp_path / "in" / "a.parquet")
    for _ in range(2):
        groups, _ = find_groups(tmp_path / "in", tmp_path / "out")
        planned = plan(groups)
        [refused] = planned.refused
        assert "would hold the records of both a.PARQUET and a.parquet" in str(refused.error)
        results = [clean_group(group).error for group in planned.waiting]
        assert results in ([None], [])
    assert planned.done == groups[:1]


def test_records_of_row_groups_that_an_input_has_no_more_are_named(tmp_path: Path) -> None:
    source, out = tmp_path / "pages.parquet", tmp_path / "out"
    pages = write(source, 6, row_group=1)
    _clean(source, out)
    groups, _ = find_groups(source, out)
    assert plan(groups).stale == []
    pq.write_table(pages, source, row_group_size=2)
    (out / "pages-00004.parquet").unlink()
    pq.write_table(pages, out / "pages-00004.parquet")  # of somebody else
    groups, _ = find_groups(source, out)
    told = [(error.subject, error.what) for error in plan(groups).stale]
    what = "is of pages.parquet as it once was, with more row groups"
    assert told == [(str(out / f"pages-0000{number}.parquet"), what) for number in (3, 5)]


def test_records_of_an_input_that_has_another_name_now_are_named(tmp_path: Path) -> None:
    source, out = tmp_path / "in" / "pages.parquet", tmp_path / "out"
    source.parent.mkdir()
    write(source, 4, row_group=2)
    write(source.with_name("gone.parquet"), 3, row_group=3)
    for name in ("pages.parquet", "gone.parquet"):
        _clean(source.with_name(name), out)
    source.with_name("gone.parquet").unlink()  # whose records are asked for by nothing else
    groups, _ = find_groups(source.parent, out)
    assert list(find_renamed(groups, source.parent, out)) == []
    source.rename(source.with_name("renamed.parquet"))
    groups, _ = find_groups(source.parent, out)
    [told] = find_renamed(groups, source.parent, out)
    assert told.subject == str(out / "pages-00000.parquet")
    assert "the records of pages.parquet, which is renamed.parquet now" in told.what


def test_inputs_without_rows_which_are_all_alike_have_no_other_names(tmp_path: Path) -> None:
    source, out = tmp_path / "in" / "one.parquet", tmp_path / "out"
    source.parent.mkdir()
    pages = write(source, 1, row_group=1).slice(0, 0)
    for path in (source, source.with_name("two.parquet")):
        pq.write_table(pages, path)
        _clean(path, out)
    source.unlink()
    groups, _ = find_groups(source.parent, out)
    assert groups
    assert list(find_renamed(groups, source.parent, out)) == []


def test_records_whose_stamp_is_no_text_are_made_anew(tmp_path: Path) -> None:
    write(tmp_path / "pages.parquet", 1, row_group=1)
    groups, _ = find_groups(tmp_path / "pages.parquet", tmp_path / "out")
    odd = SCHEMA.with_metadata({"wechat-article-archive": b"\xff"})
    (tmp_path / "out").mkdir()
    pq.write_table(odd.empty_table(), groups[0].target)
    assert plan(groups).waiting == groups


@pytest.mark.parametrize("content", [b"", b"my notes", None])
def test_a_file_of_somebody_elses_is_left_and_named(tmp_path: Path, content: bytes | None) -> None:
    write(tmp_path / "pages.parquet", 1, row_group=1)
    place = tmp_path / "out" / "pages-00000.parquet"
    place.parent.mkdir()
    if content is None:
        pq.write_table(pa.table({"mine": [1]}), place)
    else:
        place.write_bytes(content)
    before = place.read_bytes()
    [refused] = plan(find_groups(tmp_path / "pages.parquet", tmp_path / "out")[0]).refused
    assert "in the way" in str(refused.error)
    assert place.read_bytes() == before


def test_what_a_killed_run_left_aside_is_removed_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "pages.parquet", 1, row_group=1)
    out = tmp_path / "out"
    out.mkdir()
    for name in (".pages-00000.parquet.1a2b3c4d.part", "mine.part", ".mine.part"):
        (out / name).write_bytes(b"half")
    clear_left(find_groups(tmp_path / "pages.parquet", out)[0])
    assert sorted(path.name for path in out.iterdir()) == [".mine.part", "mine.part"]


def test_a_document_that_hangs_or_kills_costs_itself_and_is_named(tmp_path: Path) -> None:
    pages = [page(1), (b"hang", None, "https://x.cn/h"), page(2), (b"die", None, None), page(3)]
    pq.write_table(table(pages), tmp_path / "pages.parquet")
    [group], _ = find_groups(tmp_path / "pages.parquet", tmp_path / "out")
    cleaned = clean_group(group, seconds=3, clean=hostile.clean)
    assert cleaned.failed == [
        "row 1: https://x.cn/h: it took longer than 3 seconds",
        "row 3: no url: it killed the process that cleaned it (SIGKILL)",
    ]
    rows = _read(tmp_path / "out")
    assert [bool(error) for error in rows.column("error").to_pylist()] == [0, 1, 0, 1, 0]
    good = rows.filter(pa.compute.is_null(rows.column("error")))
    assert good.equals(clean_table(table(pages[::2])))


def test_only_the_first_of_many_failures_are_named(tmp_path: Path) -> None:
    pq.write_table(table([(b"fail", None, None)] * 25), tmp_path / "pages.parquet")
    [group], _ = find_groups(tmp_path / "pages.parquet", tmp_path / "out")
    cleaned = clean_group(group, clean=hostile.clean)
    assert (cleaned.failures, len(cleaned.failed)) == (25, 20)


def test_bad_files_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "good.parquet", 2, row_group=2)
    (folder / "cut.parquet").write_bytes((folder / "good.parquet").read_bytes()[:-9])
    (folder / "text.parquet").write_text("no table", encoding="utf-8")
    pq.write_table(pa.table({"html": ["<p>"], "url": [""]}), folder / "words.parquet")
    misnamed = (folder / "good.parquet").read_bytes().replace(b"charset", b"char\xff\xfet")
    (folder / "names.parquet").write_bytes(misnamed)
    groups, errors = find_groups(folder, tmp_path / "out")
    assert [group.name for group in groups] == ["good.parquet"]
    assert [error.what.partition(":")[0] for error in errors] == [
        "cannot be read as Parquet",
        "cannot be read as Parquet",
        "cannot be read as Parquet",
        "column html holds string, not bytes (binary)",
    ]


def test_a_folder_that_is_named_as_a_file_is_gone_through_and_case_is_no_matter(
    tmp_path: Path,
) -> None:
    whole = tmp_path / "in" / "pages.parquet"
    whole.mkdir(parents=True)
    write(whole / "part-0.PARQUET", 1, row_group=1)
    groups, errors = find_groups(tmp_path / "in", tmp_path / "out")
    assert [group.name for group in groups] == ["pages.parquet/part-0.PARQUET"]
    assert not errors


def test_a_file_whose_name_is_no_text_is_cleaned(tmp_path: Path) -> None:
    write(tmp_path / "pages.parquet", 1, row_group=1)
    odd = (tmp_path / "pages.parquet").rename(tmp_path / os.fsdecode(b"\xff.parquet"))
    groups, _ = find_groups(odd, tmp_path / "out")
    assert [cleaned.error for cleaned in map(clean_group, groups)] == [None]
    assert plan(groups).done == groups


def test_a_link_that_leads_out_of_the_folder_is_named_and_not_followed(tmp_path: Path) -> None:
    for name in ("in", "elsewhere"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / f"{name}.parquet", 1, row_group=1)
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "link.parquet").symlink_to(tmp_path / "elsewhere" / "elsewhere.parquet")
    groups, errors = find_groups(tmp_path / "in", tmp_path / "out")
    assert [group.name for group in groups] == ["in.parquet"]
    assert all("is a link that leads out" in error.what for error in errors)
    assert len(errors) == 2


def test_a_row_group_that_breaks_off_is_named_and_leaves_no_file(tmp_path: Path) -> None:
    source = tmp_path / "pages.parquet"
    pq.write_table(
        table([page(number) for number in range(40)]), source, row_group_size=20, compression="zstd"
    )
    place = pq.read_metadata(source).row_group(1).column(0).data_page_offset
    content = bytearray(source.read_bytes())
    content[place : place + 400] = b"\xff" * 400
    source.write_bytes(content)
    whole, broken = _clean(source, tmp_path / "out")
    assert not whole.error
    assert "row group 1: cannot be read" in str(broken.error)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["pages-00000.parquet"]


def test_a_page_whose_own_checksum_denies_it_gives_no_record(tmp_path: Path) -> None:
    source = tmp_path / "pages.parquet"
    pages, told = table([page(2), page(3)]), {"use_dictionary": False, "compression": "none"}
    pq.write_table(pages, source, row_group_size=1, write_page_checksum=True, **told)
    content = source.read_bytes()
    source.write_bytes(content.replace("第3天".encode(), "第7天".encode()))  # one bit
    whole, broken = _clean(source, tmp_path / "out")
    assert not whole.error
    assert "row group 1: cannot be read" in str(broken.error)


def test_a_file_that_changed_since_or_is_another_elsewhere_is_not_cleaned(tmp_path: Path) -> None:
    source = tmp_path / "pages.parquet"
    write(source, 2, row_group=2)
    [group], _ = find_groups(source, tmp_path / "out")
    write(source, 3, row_group=3)
    assert "changed meanwhile" in str(clean_group(group).error)
    assert not list((tmp_path / "out").iterdir())


def test_a_machine_with_another_cleaner_cleans_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "pages.parquet", 1, row_group=1)
    [group], _ = find_groups(tmp_path / "pages.parquet", tmp_path / "out")
    monkeypatch.setattr(batch_groups, "CLEANER_VERSION", 99)
    assert "same version on every machine" in str(clean_group(group).error)


def test_what_holds_no_table_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"holds no file \*.parquet"):
        find_groups(tmp_path / "empty", tmp_path / "out")
    [error] = find_groups(tmp_path / "nowhere.parquet", tmp_path / "out")[1]
    assert "cannot be read" in error.what


@pytest.mark.parametrize(("source", "out"), [("a", "a"), ("a", "a/out"), ("a/in", "a")])
def test_a_folder_of_records_lies_apart_from_its_pages(
    tmp_path: Path, source: str, out: str
) -> None:
    (tmp_path / "a" / "in").mkdir(parents=True)
    with pytest.raises(ConfigError, match="one within the other"):
        find_groups(tmp_path / source, tmp_path / out)


def test_an_empty_row_group_gives_an_empty_file(tmp_path: Path) -> None:
    pq.write_table(table([page(1)]).slice(0, 0), tmp_path / "pages.parquet")
    _clean(tmp_path / "pages.parquet", tmp_path / "out")
    made = list((tmp_path / "out").glob("*.parquet"))
    assert all(pq.read_table(path).schema.equals(SCHEMA) for path in made)
