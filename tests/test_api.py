"""What programs lean on: public names, the examples of docs/library.md, the keys of JSON."""

from __future__ import annotations

import doctest
import itertools
import json
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

import crawler
from crawler import batch
from crawler.archive import Archive
from crawler.archive.saving import Evidence
from crawler.cli.group import cli
from tests.archive.specimens import make_article
from tests.clean.pages.lookalikes import BIZ, modern
from tests.conftest import ROOT
from tests.fake_answers import short_link
from tests.fake_wechat import FakeWeChat
from tests.lookalikes import hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PUBLIC = {
    "Archive",
    "ArchiveError",
    "Article",
    "BudgetSpent",
    "Change",
    "ConfigError",
    "CoolingDown",
    "CrawlerError",
    "FetchConfig",
    "FetchError",
    "Fetcher",
    "InputError",
    "Kind",
    "Origin",
    "Page",
    "Record",
    "Seed",
    "State",
    "read_page",
    "read_seed",
}

BATCH = {"FIELDS", "SCHEMA", "IsolatedCleaner", "clean_document", "clean_table"}
ENGINES = {"ArticleExtractor", "ArticleStep", "page_of_row", "row_of_document"}

RECORD = (
    "id url state detail title account author published_day published_at modified_at kind biz mid "
    "idx sn digest cover source_url original album topics place item_type read_count like_count "
    "image_count characters body_hash evidence cleaner_version text markdown error"
)

OUTCOME = "input state change id title detail taken_for queued left error"
ENTRY = (
    "url request article_id state needs_link attempts not_before last_error why date title source"
)
ROW = (
    "id url title source account author date fetch_date biz mid idx sn image_count evidence "
    "date_source producer same_as recovered_from cleaner_version kind state state_now checked_at "
    "origin "
    "topics characters body_hash published_at modified_at digest cover source_url original "
    "album place item_type read_count like_count front_matter body"
)
HANGING = (
    " urls revisions events copies removed pictures found_elsewhere snapshots queue seeds"
    " web_captures exported reader_stars reader_tags reader_notes"
)
LOOSE = {
    "archive version",
    "table biz name alias description avatar told_at first_seen last_seen",
    f"table {ENTRY.replace('request article_id', 'request')}",
    "table account fingerprint spared",
}
STATUS = (
    "states accounts account_count months ready waiting needs_link characters revisions events pace"
)
KEYS = {
    "clean-parquet": {"input row_group rows output skipped states failed error"},
    "capture": {"token page bookmarklet extension"},
    "fetch": {OUTCOME},
    "merge": {OUTCOME},
    "reclean": {OUTCOME},
    "list": {"id date account title state kind characters fetch_date url"},
    "queue list": {ENTRY},
    "history": {
        "type body_hash at state origin url evidence characters shown",
        "type at url state http_status origin detail evidence",
        (
            "type id article_id way source version url title account date sha256 agreed differs "
            "verdict at"
        ),
    },
    "promo": {"key kind count example certain"},
    "recover": {
        "article_id title way source version url agreed differs verdict brings_body is_new change"
    },
    "search": {"id title account date url state snippet more"},
    "status": {STATUS},
    "export": {ROW + HANGING, *LOOSE},
    "watch": {"id title account url why found state detail error"},
    "audit": {"check subject what advice fixed"},
}
"""Command -> the keys of each sort of object that it prints. A key may be added, none goes."""

LINK = short_link("article", 1)
ARGUMENTS = {
    "clean-parquet": ("pages.parquet", "cleaned"),
    "fetch": (LINK,),
    "history": (LINK,),
    "merge": ("other.db",),
    "promo": ("临港日志",),
    "search": ("正文",),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_public_names_are_these_and_each_can_be_had() -> None:
    assert set(crawler.__all__) == PUBLIC
    assert all(getattr(crawler, name) for name in PUBLIC)
    assert set(dir(crawler)) >= PUBLIC
    with pytest.raises(AttributeError, match="no attribute 'nobody'"):
        _ = crawler.nobody


def test_the_public_names_for_tables_are_these_and_so_are_the_columns() -> None:
    pytest.importorskip("pyarrow", reason="the extra is not installed: pip install .[parquet]")
    assert set(batch.__all__) >= BATCH | ENGINES
    assert " ".join(batch.FIELDS) == RECORD
    assert all(getattr(batch, name) for name in BATCH)


def test_whoever_only_reads_pages_loads_no_database_and_no_network() -> None:
    program = (
        "import sys; from crawler import read_page, State; assert read_page(b'').state is"
        " State.UNREADABLE; print({'sqlite3', 'httpx', 'click'} & set(sys.modules))"
    )
    done = subprocess.run(  # noqa: S603  (our own interpreter)
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "set()\n"


def test_the_examples_of_the_librarys_page_run(folder: Path) -> None:
    assert folder.is_dir()
    pytest.importorskip("pyarrow", reason="the extra is not installed: pip install .[parquet]")
    text = (ROOT / "docs" / "library.md").read_text(encoding="utf-8").replace("```python\n", "\n")
    with FakeWeChat() as wechat:
        known = {
            "html": modern(),
            "markdown": whole_seed().encode(),
            "gateway": wechat.url,
        }
        test = doctest.DocTestParser().get_doctest(
            text.replace("```\n", "\n"), known, "library.md", None, 0
        )
        result = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(test)
    assert result.failed == 0
    assert result.attempted > 15


@pytest.fixture
def filled(folder: Path) -> Iterator[Path]:
    """A folder with an archive in which every command finds something to say."""
    with FakeWeChat() as wechat:
        settings = f'[fetch]\ngateway = "{wechat.url}"\ninterval = 0\njitter = 0\n'
        (folder / "config.toml").write_text(settings, encoding="utf-8")
        (folder / "seeds").mkdir()
        for number in range(6):
            body = f"第{number}段的正文，别处没有。\n\n扫码关注临港日志公众号"
            seed = whole_seed(body, url=link(number + 5, biz=BIZ))
            (folder / "seeds" / f"{number}.md").write_text(seed, encoding="utf-8")
        for command in (("reclean",), ("queue", "add", short_link("article", 2))):
            assert CliRunner().invoke(cli, command).exit_code == 0
        yield folder


@pytest.mark.parametrize("command", KEYS)
def test_the_keys_of_what_a_command_prints_as_json(command: str, filled: Path) -> None:
    if command == "history":
        CliRunner().invoke(cli, ["fetch", LINK])
        with Archive.open(filled / "archive.db") as archive:
            key = archive.find(LINK) or ""
            archive.evidence.note(
                Evidence(article_id=key, way="titles", source="x", verdict="pointer", at="")
            )
    if command == "clean-parquet":
        _clean_pages(filled)
    if command == "merge":
        with Archive.open(filled / "other.db") as archive:
            archive.save(make_article())
    if command == "recover":
        (filled / "hollow.md").write_text(hollow_seed(url=link(99)), encoding="utf-8")
        CliRunner().invoke(cli, ["reclean", "hollow.md"])
    if command == "audit":
        with sqlite3.connect(filled / "archive.db") as database:
            database.execute("UPDATE articles SET characters = 1")
        database.close()
    option = "--jsonl" if command == "export" else "--json"
    result = CliRunner().invoke(cli, [*command.split(), *ARGUMENTS.get(command, ()), option])
    assert result.exit_code == (1 if command == "audit" else 0), result.output
    printed = [json.loads(line) for line in result.stdout.splitlines()]
    assert {" ".join(one) for one in printed} == KEYS[command]


def _clean_pages(folder: Path) -> None:
    """Clean a table of pages without Dask, so that the command need start none."""
    reason = "the extra is not installed: pip install .[dask]"
    parquet = pytest.importorskip("pyarrow.parquet", reason=reason)
    pytest.importorskip("distributed", reason=reason)
    pages = pytest.importorskip("pyarrow").table({"html": [b"", b""], "url": ["", ""]})
    parquet.write_table(pages, folder / "pages.parquet", row_group_size=1)
    groups, _ = batch.find_groups(folder / "pages.parquet", folder / "cleaned")
    assert not any(batch.clean_group(group).error for group in groups)


def test_every_command_that_prints_json_has_its_keys_pinned() -> None:
    assert {name for name, command in _commands(cli, ()) if _prints_json(command)} == set(KEYS)


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        yield " ".join((*path, name)), command


def _prints_json(command: click.Command) -> bool:
    options = itertools.chain.from_iterable(parameter.opts for parameter in command.params)
    return bool({"--json", "--jsonl"} & set(options))
