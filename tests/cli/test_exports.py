"""Every sample of what other tools left, read by the one command that reads them all."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crawler.archive import Archive
from crawler.clean.exports import local_form
from crawler.cli.group import cli
from tests.conftest import SHARED, needs_shared

if TYPE_CHECKING:
    from crawler.archive import Record

EXPORTS = SHARED / "exports"
_TABLE = EXPORTS / "EXPECTED.tsv"
_WITHOUT_SECRETS = "MzA5MDAwMDAwMA==:2247000009:3"  # of the row that only says what must be missing


def _rows() -> list[dict[str, str]]:
    if not _TABLE.exists():
        return []
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = _rows()
BODIES = [row for row in ROWS if row["adopt"] in ("body", "hollow", "verification")]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, object]]]:
    """An archive of all samples, and the outcome of each file by its path among them."""
    database = tmp_path_factory.mktemp("exports") / "archive.db"
    folders = [str(path) for path in sorted(EXPORTS.iterdir()) if path.is_dir()]
    arguments = ["--db", str(database), "reclean", "--json", "--no-promo", *folders]
    lines = CliRunner().invoke(cli, arguments).stdout.splitlines()
    outcomes = [json.loads(line) for line in lines if line.startswith("{")]
    return database, {
        str(Path(found["input"]).relative_to(EXPORTS)): found
        for found in outcomes
        if found["input"].startswith(str(EXPORTS))
    }


def _record(database: Path, row: dict[str, str]) -> Record:
    key = row["url"] if row["url"].startswith("http") else _WITHOUT_SECRETS
    with Archive.open(database) as archive:
        found = archive.get(key)
    assert found is not None
    return found


@needs_shared
@pytest.mark.parametrize("row", BODIES, ids=lambda row: row["path"])
def test_a_copy_comes_in_with_all_that_it_says(
    read: tuple[Path, dict[str, dict[str, object]]], row: dict[str, str]
) -> None:
    record = _record(read[0], row)
    # an account that it does not say may be known by another article of it
    said = {name: row[name] for name in ("title", "account", "author", "date")}
    if not said["account"]:
        del said["account"]
    assert {name: getattr(record, name) for name in said} == said
    assert (bool(record.body), record.state in ("ok", "truncated")) == (row["adopt"] == "body",) * 2
    if row["saved"]:
        assert record.fetch_date.startswith(local_form(row["saved"]))


@needs_shared
@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["adopt"] == "queue"], ids=lambda row: row["path"]
)
def test_a_note_is_no_body_and_its_article_waits(
    read: tuple[Path, dict[str, dict[str, object]]], row: dict[str, str]
) -> None:
    with Archive.open(read[0]) as archive:
        assert archive.get(row["url"]) is None
        assert archive.queue.get(row["url"]) is not None
    assert read[1][row["path"]]["title"] == row["title"]


@needs_shared
@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row["adopt"] == "list"],
    ids=lambda row: row["path"],
)
def test_a_list_is_taken_for_one_and_what_it_names_is_known(
    read: tuple[Path, dict[str, dict[str, object]]], row: dict[str, str]
) -> None:
    outcome = read[1][row["path"]]
    assert (outcome["error"], outcome["change"]) == (None, None)
    assert "list" in str(outcome["taken_for"])


@needs_shared
@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["adopt"] == "refuse"], ids=lambda row: row["path"]
)
def test_what_is_refused_is_said_to_be_what_it_is(
    read: tuple[Path, dict[str, dict[str, object]]], row: dict[str, str]
) -> None:
    assert "feed, not articles" in str(read[1][row["path"]]["detail"])
    assert "names 1 feed" in str(read[1][row["path"]]["detail"])


@needs_shared
def test_no_credential_is_stored(read: tuple[Path, dict[str, dict[str, object]]]) -> None:
    with Archive.open(read[0]) as archive:
        assert "SECRET" not in "\n".join(archive.database.conn.iterdump())


@needs_shared
def test_reading_everything_again_writes_nothing(
    read: tuple[Path, dict[str, dict[str, object]]],
) -> None:
    with Archive.open(read[0]) as archive:
        before = list(archive.database.conn.iterdump())
    folders = [str(path) for path in sorted(EXPORTS.iterdir()) if path.is_dir()]
    CliRunner().invoke(cli, ["--db", str(read[0]), "reclean", "--no-promo", *folders])
    with Archive.open(read[0]) as archive:
        assert list(archive.database.conn.iterdump()) == before


@needs_shared
def test_what_was_adopted_is_read_back_from_an_export_as_it_was(
    read: tuple[Path, dict[str, dict[str, object]]], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    CliRunner().invoke(cli, ["--db", str(read[0]), "export", str(tmp_path / "seeds")])
    CliRunner().invoke(cli, ["--db", str(copy), "reclean", "--no-promo", str(tmp_path / "seeds")])
    with Archive.open(read[0]) as archive, Archive.open(copy) as other:
        # by address, for front matter does not tell the identity behind a short link
        bodies = {record.url: record.body for record in archive.records(only_bodies=True)}
        assert {record.url: record.body for record in other.records(only_bodies=True)} == bodies
