"""Out of the archive and in again: nothing changes and nothing is forgotten on the way."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crawler.archive import Archive
from crawler.article import Origin, State
from crawler.cli.group import cli
from tests.archive.files.test_images import png
from tests.archive.specimens import ID, SIGNED, make_article, tables_of
from tests.cli.conftest import rows_of
from tests.conftest import PAGES, SEEDS, SHARED, made_once, needs_shared
from tests.fake_answers import Answer, article, long_link
from tests.lookalikes import link

if TYPE_CHECKING:
    from crawler.article import Article
    from tests.cli.conftest import Crawler
    from tests.fake_wechat import FakeWeChat

EXPORTS = SHARED / "exports"
PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/one/640?wx_fmt=png"


def _tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with Archive.open(path) as archive:
        return tables_of(archive.database)


@pytest.fixture
def filled(seeded: Crawler, wechat: FakeWeChat, folder: Path) -> Crawler:
    """An archive of seeds, a page with a picture, and a list."""
    wechat.answer_next(Answer(body=article(1, f'<p>港口</p><img data-src="{PICTURE}">')))
    assert seeded("fetch", long_link(1)).exit_code == 0
    assert seeded("queue", "add", link(9)).exit_code == 0
    with Archive.open(folder / "archive.db") as archive:
        key = archive.find(long_link(1))
        assert key
        archive.images.keep(key, PICTURE, png(640, 480), at="2026-01-02T03:04:05")
    return seeded


def test_what_is_printed_makes_an_equal_archive_table_by_table(
    filled: Crawler, folder: Path
) -> None:
    (folder / "all.jsonl").write_text(filled("export", "--jsonl").stdout, encoding="utf-8")
    result = filled("--db", "copy.db", "reclean", "all.jsonl")
    assert result.exit_code == 0
    assert "archive" in result.stderr  # which it was taken for
    assert _tables(folder / "copy.db") == _tables(folder / "archive.db")
    again = filled("--db", "copy.db", "reclean", "all.jsonl")
    assert "4 unchanged" in again.stderr
    assert _tables(folder / "copy.db") == _tables(folder / "archive.db")


@pytest.mark.parametrize("name", ["all.json", "all.txt", "all"])
def test_what_was_printed_is_known_by_what_it_says_and_not_by_its_name(
    seeded: Crawler, folder: Path, name: str
) -> None:
    (folder / name).write_text(seeded("export", "--jsonl").stdout, encoding="utf-8")
    assert seeded("--db", "copy.db", "reclean", name).exit_code == 0
    assert _tables(folder / "copy.db") == _tables(folder / "archive.db")


@pytest.mark.parametrize("options", [[], ["--local-images"]])
def test_markdown_with_what_stands_beside_it_forgets_nothing_of_an_article(
    filled: Crawler, folder: Path, options: list[str]
) -> None:
    filled("export", "out", *options)
    before = _tables(folder / "archive.db")
    assert filled("reclean", "out").exit_code == 0
    assert _tables(folder / "archive.db") == before
    assert filled("--db", "new.db", "reclean", "out").exit_code == 0
    new = _tables(folder / "new.db")
    keys = {key for (key,) in rows_of(folder, "SELECT id FROM articles WHERE body_hash <> ''")}
    assert new["articles"] == [row for row in before["articles"] if row[0] in keys]
    assert new["revisions"] == before["revisions"]
    assert new["urls"] == [row for row in before["urls"] if row[-1] in keys]
    assert bool(new["pictures"]) == bool(options)
    assert "0 files written" in filled("export", "out", *options).stderr


def test_a_document_that_somebody_edited_is_a_copy_beside_the_one_that_is_kept(
    filled: Crawler, folder: Path
) -> None:
    filled("export", "out")
    for path in (folder / "out").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text}\n一句自己的话。\n", encoding="utf-8")
    assert filled("--db", "new.db", "reclean", "out").exit_code == 0
    assert len(_tables(folder / "new.db")["revisions"]) == 4


@pytest.mark.parametrize("comes_first", ["the copy", "what a person wrote"])
@pytest.mark.parametrize(
    "kept",
    [
        make_article(origin=Origin.ADOPTED, producer="wechat-article-exporter"),
        make_article(origin=Origin.ADOPTED, fetch_date=""),
        make_article(origin=Origin.RECOVERED, fetch_date="2024-05-09"),
        make_article(origin=Origin.FETCH, state=State.TRUNCATED),
    ],
    ids=lambda kept: f"{kept.origin} {kept.state} {kept.fetch_date}",
)
def test_what_a_person_writes_into_an_exported_document_is_never_the_articles_text(
    crawler: Crawler, folder: Path, kept: Article, comes_first: str
) -> None:
    with Archive.open(folder / "archive.db") as archive:
        archive.save(kept)
    before = _tables(folder / "archive.db")["articles"]
    crawler("export", "out")
    (document,) = (folder / "out").rglob("*.md")
    text = document.read_text(encoding="utf-8")
    document.write_text(f"{text}\n一句自己的话。\n", encoding="utf-8")
    if comes_first != "the copy":
        (folder / "archive.db").unlink()
    assert crawler("reclean", str(document)).exit_code == 0
    with Archive.open(folder / "archive.db") as archive:
        archive.save(kept)
    assert _tables(folder / "archive.db")["articles"] == before
    told = kept.state is State.TRUNCATED  # below the line that says so no word is of the text
    assert len(_tables(folder / "archive.db")["revisions"]) == 2 - told
    assert "一句自己的话" in document.read_text(encoding="utf-8")


@pytest.fixture
def real(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A folder with an archive of all real seeds, pages, exports and lists."""
    made = made_once(tmp_path_factory, "real", _read_all)
    return Path(shutil.copytree(made / "archive", tmp_path / "real"))


def _read_all(folder: Path) -> None:
    """Make that archive, and the pages that it is read from beside it."""
    pages = folder / "pages"
    pages.mkdir()
    for path in PAGES.glob("*/*.gz"):
        name = f"{path.parent.name}-{path.stem}"
        (pages / name).write_bytes(gzip.decompress(path.read_bytes()))
    exports = [str(path) for path in sorted(EXPORTS.iterdir()) if path.is_dir()]
    (folder / "archive").mkdir()
    _run(folder / "archive", "archive.db", "reclean", str(SEEDS), str(pages), *exports)


def _run(folder: Path, database: str, *arguments: str) -> str:
    return CliRunner().invoke(cli, ["--db", str(folder / database), *arguments]).stdout


def _told(folder: Path, database: str, *arguments: str) -> str:
    return CliRunner().invoke(cli, ["--db", str(folder / database), *arguments]).stderr


@pytest.mark.long
@needs_shared
@pytest.mark.slow
def test_an_archive_of_all_real_input_is_read_back_equal_table_by_table(real: Path) -> None:
    (real / "all.jsonl").write_text(_run(real, "archive.db", "export", "--jsonl"), encoding="utf-8")
    (real / "copy").mkdir()
    _run(real / "copy", "copy.db", "reclean", str(real / "all.jsonl"))
    copy, original = _tables(real / "copy" / "copy.db"), _tables(real / "archive.db")
    assert [name for name in original if copy[name] != original[name]] == []
    for path in (real / "images").rglob("*.*"):
        assert (real / "copy" / path.relative_to(real)).read_bytes() == path.read_bytes()
    _run(real, "archive.db", "reclean", str(real / "all.jsonl"))
    assert _tables(real / "archive.db") == original


@pytest.mark.long
@needs_shared
@pytest.mark.slow
def test_exported_markdown_of_all_real_input_changes_no_body_and_no_state(real: Path) -> None:
    _run(real, "archive.db", "export", str(real / "markdown"))
    before = _tables(real / "archive.db")
    _run(real, "archive.db", "reclean", str(real / "markdown"))
    assert _tables(real / "archive.db") == before
    _run(real, "new.db", "reclean", str(real / "markdown"))
    new = _tables(real / "new.db")["articles"]
    keys = {row[0] for row in new}
    assert new == [row for row in before["articles"] if row[0] in keys]
    assert len(new) > 1600
    (real / "markdown" / "archive.jsonl").unlink()
    _run(real, "bare.db", "reclean", str(real / "markdown"))
    assert _bodies(real / "bare.db") == _bodies(real / "new.db")


@pytest.mark.long
@needs_shared
@pytest.mark.slow
def test_a_vault_of_all_real_input_keeps_every_state_and_text(real: Path) -> None:
    _run(real, "archive.db", "export", "--vault", str(real / "vault"))
    before = _tables(real / "archive.db")
    _run(real, "archive.db", "reclean", str(real / "vault"))
    assert _tables(real / "archive.db") == before
    assert "added" in _told(real, "vault.db", "reclean", "--no-promo", str(real / "vault"))
    with Archive.open(real / "archive.db") as old, Archive.open(real / "vault.db") as new:
        shown = {one.url: (one.state, one.body) for one in old.records(only_bodies=True)}
        assert {one.url: (one.state, one.body) for one in new.records(only_bodies=True)} == shown
    assert len(shown) > 1600


def _bodies(path: Path) -> dict[str, str]:
    """The body of every article by its address, which alone tells articles apart in Markdown."""
    with Archive.open(path) as archive:
        return {one.url: one.body for one in archive.records(only_bodies=True)}


def test_a_vault_that_is_read_back_changes_no_table(filled: Crawler, folder: Path) -> None:
    result = filled("export", "--vault", "vault")
    assert "2 files written" in result.stderr
    before = _tables(folder / "archive.db")
    assert filled("reclean", "vault").exit_code == 0
    assert _tables(folder / "archive.db") == before
    assert "0 files written" in filled("export", "--vault", "vault").stderr


@pytest.mark.parametrize("state", [State.OK, State.TRUNCATED, State.PAID])
def test_a_vault_keeps_every_state_and_text_for_a_new_archive(
    crawler: Crawler, folder: Path, state: State
) -> None:
    other = "https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1"
    body = (
        "# 夜航的灯塔\n\n#话题 [[一]] \\#二 %%三%% [1]: 见"
        f"[渡口]({other})。\n\n![灯]({PICTURE})\n\n```\n#四 [[五]]\n```\n\n又是...\n"
    )
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_article(SIGNED, state=state, body=body))
        archive.save(make_article(other, title="渡口", body="# 渡口\n\n一。\n"))
        archive.images.keep(ID, PICTURE, png(640, 480), at="2026-01-02T03:04:05")
        known = _known(archive)
    assert crawler("export", "--vault", "vault").exit_code == 0
    note = (folder / "vault" / "江畔手记" / "夜航的灯塔.md").read_text(encoding="utf-8")
    assert "[[渡口|渡口]]" in note
    assert "](../attachments/" in note
    assert crawler("--db", "new.db", "reclean", "vault").exit_code == 0
    with Archive.open(folder / "new.db") as archive:
        assert _known(archive) == known


def _known(archive: Archive) -> list[tuple[str, ...]]:
    """What a vault must keep of every article."""
    names = ("url", "title", "account", "author", "date", "published_at", "state", "body")
    records = archive.records(only_bodies=True)
    return [tuple(getattr(record, name) for name in names) for record in records]
