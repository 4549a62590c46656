"""What a person wrote into an exported file is kept, or the file is left and named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from crawler.archive.documents import CHANGED, export
from crawler.archive.layouts import BROKEN, CLASH, ExportOptions
from crawler.archive.vaults import as_vault
from crawler.marks import NOTES
from tests.archive.specimens import make_article
from tests.archive.test_documents import NEW

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.archive.documents import Exported

PROPERTIES = ExportOptions(properties=True)
OVERWRITE = ExportOptions(overwrite=True)


def _export(
    archive: Archive, folder: Path, options: ExportOptions | None = None, *, vault: bool = False
) -> Exported:
    layout = as_vault(archive, folder) if vault else None
    [one] = export(archive, folder, options, layout)
    return one


def _later(archive: Archive, **fields: str) -> None:
    archive.save(make_article(fetch_date="2026-05-06T07:08:09.000001", **fields))


def _add_key(path: Path, lines: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n---\n", f"\n{lines}\n---\n", 1), encoding="utf-8")


def _add(path: Path, words: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(words)


@pytest.mark.parametrize("vault", [False, True])
@pytest.mark.parametrize("opened", ["```", "~~~", "- ```", "> ```", "    ```", "1. ~~~"])
def test_notes_below_a_block_of_code_that_is_not_closed_stay_when_it_is_written_over(
    archive: Archive, tmp_path: Path, opened: str, *, vault: bool
) -> None:
    own = f"# 夜航的灯塔\n\n```\n{NOTES}\n```\n"
    archive.save(make_article(body=own))
    path = _export(archive, tmp_path, vault=vault).path
    _add(path, f"\n{opened}\n灯\n\n{NOTES}\n\n手写的话\n\n```\n码\n```\n\n{NOTES}\n\n又一段\n")
    assert _export(archive, tmp_path, vault=vault).left == CHANGED
    assert _export(archive, tmp_path, OVERWRITE, vault=vault).written
    text = path.read_text(encoding="utf-8")
    assert f"{own}\n{NOTES}\n\n手写的话\n\n```\n码\n```\n\n{NOTES}\n\n又一段\n" in text
    assert "\n灯\n" not in text
    assert not _export(archive, tmp_path, vault=vault).left


@pytest.mark.parametrize("vault", [False, True])
@pytest.mark.parametrize("change", ["", "\n人改的一行\n"])
@pytest.mark.parametrize("key", ["author", "account", "published", "links", "state", "mine"])
def test_a_persons_keys_stay_where_we_write_none_of_that_name(
    archive: Archive, tmp_path: Path, key: str, change: str, *, vault: bool
) -> None:
    archive.save(make_article(author="", account="", published_at=""))
    path = _export(archive, tmp_path, vault=vault).path
    if f"\n{key}:" in path.read_text(encoding="utf-8"):
        pytest.skip("it is ours")
    _add_key(path, f"{key}: 甲乙丙")
    _add(path, change)
    assert bool(_export(archive, tmp_path, vault=vault).left) == bool(change)
    _later(archive, author="", account="", published_at="", body=NEW)
    assert _export(archive, tmp_path, OVERWRITE, vault=vault).written
    text = path.read_text(encoding="utf-8")
    assert f"\n{key}: 甲乙丙\n" in text
    assert "新灯" in text
    assert "人改" not in text


def test_keys_that_we_wrote_go_when_they_are_asked_for_no_more(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_article())
    path = _export(archive, tmp_path, PROPERTIES).path
    assert "\nstate: ok\n" in path.read_text(encoding="utf-8")
    _add(path, "\n人改的一行\n")
    assert _export(archive, tmp_path, OVERWRITE).written
    assert "\nstate:" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [PROPERTIES, ExportOptions(properties=True, overwrite=True)])
def test_no_key_of_ours_is_written_beside_a_persons_of_that_name(
    archive: Archive, tmp_path: Path, options: ExportOptions
) -> None:
    archive.save(make_article())
    path = _export(archive, tmp_path).path
    _add_key(path, "state: 甲乙丙")
    before = path.read_bytes()
    assert _export(archive, tmp_path, options).left == CLASH.format("state")
    assert path.read_bytes() == before


UNREAD = [
    "[甲一, 甲二",
    "@甲一",
    "*甲一",
    '"甲一',
    "{甲一: 甲二}",
    "甲一: 甲二",
    "甲一 # 甲二",
    "#甲一",
    "\n  - [甲一, 甲二]",
    "\n  - {甲一: 甲二}",
    "\n\t- 甲一",
    "\n- #甲一",
    "\n  # 甲一\n  - 甲二",
    "\n  - '甲 # 一' # 甲二",
    "\n  - 甲一\n{key}:\n  - 甲二",
]
READ = {
    "甲一": ["甲一"],
    "[甲一, 甲二]": ["甲一", "甲二"],
    "\n- 甲一\n- 甲二": ["甲一", "甲二"],
    "\n  - '甲 # 一'\n  - \"#甲二\"": ["甲 # 一", "#甲二"],
    "\n  - 甲一\n    甲二": ["甲一 甲二"],
    "\n  -": [],
    "": [],
}


def _with_list(archive: Archive, tmp_path: Path, key: str, value: str) -> Path:
    """A note with a list of a person's in place of ours."""
    archive.save(make_article(title="灯: 塔 # 一"))
    path = _export(archive, tmp_path, vault=True).path
    head, mark, rest = path.read_text(encoding="utf-8").partition("\n---\n")
    [ours] = [part for part in _groups(head) if part.startswith(f"{key}:")]
    theirs = f"{key}:{'' if value[:1] in {'', chr(10)} else ' '}{value.replace('{key}', key)}"
    path.write_text(head.replace(ours, theirs) + mark + rest, encoding="utf-8")
    return path


def _groups(head: str) -> list[str]:
    groups: list[str] = []
    for line in head.split("\n"):
        if line.startswith((" ", "-")) and groups and line != "---":
            groups[-1] += f"\n{line}"
        else:
            groups.append(line)
    return groups


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("value", UNREAD)
def test_a_list_of_a_persons_that_says_more_than_yaml_reads_is_left_and_named(
    archive: Archive, tmp_path: Path, value: str, *, overwrite: bool
) -> None:
    path = _with_list(archive, tmp_path, "aliases", value)
    before = path.read_bytes()
    _later(archive, title="灯: 塔 # 一", body=NEW)
    done = _export(archive, tmp_path, ExportOptions(overwrite=overwrite), vault=True)
    assert (done.written, done.left) == (False, BROKEN)
    assert path.read_bytes() == before


@pytest.mark.parametrize(("value", "items"), READ.items())
def test_a_list_of_a_persons_is_kept_beside_ours(
    archive: Archive, tmp_path: Path, value: str, items: list[str]
) -> None:
    path = _with_list(archive, tmp_path, "aliases", value)
    _later(archive, title="灯: 塔 # 一", body=NEW)
    assert _export(archive, tmp_path, vault=True).written
    head, _, _ = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    assert yaml.safe_load(head)["aliases"] == ["灯: 塔 # 一", *items]
