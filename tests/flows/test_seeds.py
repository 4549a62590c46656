from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from crawler.archive.archive import Archive, Change
from crawler.archive.documents import export
from crawler.archive.vaults import as_vault
from crawler.article import State
from crawler.flows import batches, find_seeds, read_files, reclean
from crawler.flows import seeds as recleaning
from crawler.flows.workers import POOL_FROM
from tests.conftest import SEEDS, index_of, needs_shared
from tests.lookalikes import deleted_seed, front_matter, hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.flows.outcome import Outcome

STATES = {
    "hollow": "hollow",
    "no_body_post": "hollow",
    "verify": "verification",
    "nonwx": "not_wechat",
} | {kind: kind for kind in ("deleted", "violation", "migrated", "account_gone", "truncated")}


def _run(paths: list[Path], database: Path, processes: int = 1) -> list[Outcome]:
    with Archive.open(database) as archive:
        return list(reclean(paths, archive, workers=processes))


def _rows(database: Path, table: str) -> list[tuple[object, ...]]:
    with Archive.open(database) as archive:
        columns = [
            name
            for name in archive.database[table].columns_dict
            if name not in ("rowid", "path") and (table, name) != ("events", "id")
        ]
        return sorted(
            archive.database.execute(f"select {', '.join(columns)} from {table}").fetchall(),  # noqa: S608
            key=repr,
        )


def _write(folder: Path, seeds: dict[str, str]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in seeds.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in seeds]


def test_a_whole_seed_becomes_one_clean_article(tmp_path: Path) -> None:
    [path] = _write(tmp_path / "seeds", {"a.md": whole_seed()})
    [outcome] = _run([path], tmp_path / "archive.db")
    assert (outcome.state, outcome.change) == (State.OK, Change.ADDED)
    with Archive.open(tmp_path / "archive.db") as archive:
        [row] = archive.database["articles"].rows
    assert row["account"] == "临港日志"
    assert row["date"] == "2024-05-08"
    assert row["body"] == (
        "# 渡轮恢复通航\n\n![cover_image](https://mmbiz.qpic.cn/mmbiz_jpg/cover0000/0?wx_fmt=jpeg)\n\n"
        "港口今晨恢复通航，首班渡轮准点离岸。\n\n岸边的灯一直亮到天明。\n"
    )


def test_cleaning_the_same_folder_again_writes_nothing(tmp_path: Path) -> None:
    paths = _write(
        tmp_path / "seeds",
        {"a.md": whole_seed(), "b.md": hollow_seed(url=link(7)), "c.md": deleted_seed(url=link(8))},
    )
    _run(paths, tmp_path / "archive.db")
    before = {
        table: _rows(tmp_path / "archive.db", table)
        for table in ("articles", "events", "revisions", "queue")
    }
    outcomes = _run(paths, tmp_path / "archive.db")
    assert {outcome.change for outcome in outcomes} == {Change.UNCHANGED}
    assert before == {table: _rows(tmp_path / "archive.db", table) for table in before}


@pytest.mark.parametrize("vault", [False, True])
@pytest.mark.parametrize("first", ["seed", "document"])
def test_what_a_person_wrote_into_a_document_does_not_become_the_articles_text(
    tmp_path: Path, first: str, *, vault: bool
) -> None:
    [seed] = _write(tmp_path / "seeds", {"a.md": whole_seed()})
    _run([seed], tmp_path / "a.db")
    folder = tmp_path / "out"
    with Archive.open(tmp_path / "a.db") as archive:
        layout = as_vault(archive, folder) if vault else None
        [exported] = export(archive, folder, layout=layout)
    document = exported.path.read_text("utf-8")
    exported.path.write_text(f"{document}\n我的一句批注。\n", "utf-8")
    order = [seed, exported.path] if first == "seed" else [exported.path, seed]
    for path in order:
        _run([path], tmp_path / "b.db")
    with Archive.open(tmp_path / "b.db") as archive:
        record = archive.get(exported.article_id)
        assert record
        assert "批注" not in record.body
        assert len(archive.history.revisions(exported.article_id)) == 2


def test_a_worse_copy_of_an_article_is_an_event_beside_the_better_one(tmp_path: Path) -> None:
    paths = _write(tmp_path / "seeds", {"a.md": whole_seed(), "b.md": hollow_seed()})
    outcomes = _run(paths, tmp_path / "archive.db")
    assert [outcome.change for outcome in outcomes] == [Change.ADDED, Change.KEPT_BETTER]
    [row] = list(_rows(tmp_path / "archive.db", "articles"))
    assert "ok" in row
    assert len(_rows(tmp_path / "archive.db", "events")) == 2


@pytest.mark.parametrize("bound", ["BATCHES", "CHARACTERS"])
def test_what_was_told_stays_when_the_run_ends_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    for module in (batches, recleaning):
        monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(recleaning, bound, 1)
    paths = _write(tmp_path / "seeds", {f"{n}.md": whole_seed(url=link(n)) for n in range(5)})
    with Archive.open(tmp_path / "archive.db") as archive:
        assert next(reclean(paths, archive)).change is Change.ADDED
    assert len(_rows(tmp_path / "archive.db", "articles")) == 2
    assert [outcome.change for outcome in _run(paths, tmp_path / "archive.db")] == [
        "unchanged"
    ] * 2 + ["added"] * 3


def test_what_the_workers_made_for_the_index_is_what_the_index_would_have_made(
    tmp_path: Path,
) -> None:
    seeds = {f"{n}.md": whole_seed(f"第{n}艘渡轮 SQL注入 靠岸", url=link(n)) for n in range(3)}
    paths = _write(tmp_path / "seeds", seeds | {"hollow.md": hollow_seed(url=link(9))})
    _run(paths, tmp_path / "archive.db")
    with Archive.open(tmp_path / "archive.db") as archive:
        found = {
            words: {hit.id for hit in archive.search(words, shells=True)}
            for words in ("渡轮", "SQL注入", "艘", "Harbour")
        }
        archive.rebuild_index(2)
        assert found == {
            words: {hit.id for hit in archive.search(words, shells=True)} for words in found
        }
        assert [len(ids) for ids in found.values()] == [4, 3, 3, 1]


def test_a_bad_seed_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    paths = _write(folder, {"a.md": whole_seed()})
    (folder / "binary.md").write_bytes(bytes(range(256)) * 40)
    paths += [folder / "binary.md", folder / "gone.md"]
    outcomes = _run(paths, tmp_path / "archive.db")
    assert [outcome.error is not None for outcome in outcomes] == [False, True, True]
    for path, outcome in list(zip(paths, outcomes, strict=True))[1:]:
        assert str(path) in str(outcome.error)
    assert len(_rows(tmp_path / "archive.db", "articles")) == 1


def test_a_text_that_names_no_article_is_counted_and_is_no_failure(tmp_path: Path) -> None:
    paths = _write(tmp_path / "notes", {"note.md": "只有一行", "empty.md": ""})
    outcomes = _run(paths, tmp_path / "archive.db")
    assert [outcome.state for outcome in outcomes] == [State.NOT_WECHAT, State.UNREADABLE]
    assert [outcome.error is not None for outcome in outcomes] == [False, False]
    assert _rows(tmp_path / "archive.db", "articles") == []


def test_a_seed_that_is_not_wechats_is_counted_and_left_alone(tmp_path: Path) -> None:
    paths = _write(
        tmp_path / "seeds",
        {"a.md": front_matter("Tides", "https://example.com/tides", "x") + "High at six.\n"},
    )
    [outcome] = _run(paths, tmp_path / "archive.db")
    assert (outcome.state, outcome.change, outcome.error) == (State.NOT_WECHAT, None, None)
    assert _rows(tmp_path / "archive.db", "articles") == []


def test_odd_names_and_nested_folders_are_all_read(tmp_path: Path) -> None:
    names = ["-a.md", "b c.TXT", "深/处/文【1】.md", "n\new.md", "..md.md", "😀.markdown"]
    _write(
        tmp_path / "seeds",
        {name: whole_seed(url=link(n)) for n, name in enumerate(names)} | {"notes.log": "x"},
    )
    files, errors = find_seeds([tmp_path / "seeds"])
    assert len(files) == len(names)
    assert not errors
    assert {outcome.state for outcome in _run(files, tmp_path / "archive.db")} == {State.OK}


def test_a_path_that_leads_nowhere_is_named_and_the_rest_is_found(tmp_path: Path) -> None:
    _write(tmp_path / "seeds", {"a.md": whole_seed()})
    (tmp_path / "empty").mkdir()
    files, errors = find_seeds([tmp_path / "none", tmp_path / "empty", tmp_path / "seeds"])
    assert len(files) == 1
    assert [error.what for error in errors] == ["no such file or folder", "holds no seeds"]


@pytest.mark.slow
def test_many_processes_give_the_same_archive_as_one(tmp_path: Path) -> None:
    seeds = {
        f"{n}.md": (whole_seed if n % 3 else hollow_seed)(url=link(n // 2))
        for n in range(POOL_FROM + 50)
    }
    paths = _write(tmp_path / "seeds", seeds)
    _run(paths, tmp_path / "one.db")
    random.Random(7).shuffle(paths)
    _run(paths, tmp_path / "many.db", processes=2)
    for table in (
        "articles",
        "urls",
        "revisions",
        "events",
        "removed",
        "queue",
        "accounts",
        "seeds",
    ):
        assert _rows(tmp_path / "one.db", table) == _rows(tmp_path / "many.db", table), table


@needs_shared
@pytest.mark.slow
def test_the_real_seeds_come_out_in_the_states_that_their_index_names(tmp_path: Path) -> None:
    rows = [row for row in index_of(SEEDS) if row["kind"] not in ("hard", "oddfm", "nofm")]
    outcomes = _run([SEEDS / row["path"] for row in rows], tmp_path / "archive.db", processes=2)
    wrong = [
        (row["path"], outcome.state)
        for row, outcome in zip(rows, outcomes, strict=True)
        if outcome.state != STATES.get(row["kind"], "ok")
    ]
    assert len(wrong) <= len(rows) * 0.005, wrong


@pytest.mark.parametrize(("above", "state"), [("第一段，潮水退去。", "ok"), ("", "hollow")])
def test_words_below_the_line_of_notes_are_said_to_be_left_out(
    tmp_path: Path, above: str, state: str
) -> None:
    front = front_matter("渡轮恢复通航", link(), "临港日志")
    text = f"{front}{above}\n\n<!-- notes -->\n\n第二段。\n"
    [path] = _write(tmp_path, {"a.md": text})
    _run([path], tmp_path / "a.db")
    with Archive.open(tmp_path / "a.db") as archive:
        [event] = archive.database["events"].rows
    assert event["state"] == state
    assert event["detail"].endswith("4 characters below the line of notes are no part of the text")


@pytest.mark.parametrize(
    "text",
    [
        f"{whole_seed('渡口的船六点开。')}\n{whole_seed('灯塔的灯亮了。', url=link(2))}",
        whole_seed(title=f"渡口\nurl: {link(2)}\nsource: a\ndate: b\nfetch_date: c\n---\n\n# 渡口"),
    ],
)
def test_a_file_that_says_what_two_seeds_do_is_named_and_gives_no_article(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "both.md"
    path.write_text(text, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = reclean([path], archive)
        assert outcome.state is State.UNREADABLE
        assert "more than one seed" in str(outcome.error)
        assert not list(archive.records())


def test_two_seeds_that_a_list_holds_as_the_text_of_one_article_are_not_both_its_text(
    tmp_path: Path,
) -> None:
    both = f"{whole_seed(title='甲')}\n\n{whole_seed('次日停航。', title='乙', url=link(2))}"
    entry = {"url": link(), "title": "甲", "content": both, "domain_name": "mp.weixin.qq.com"}
    path = tmp_path / "wallabag.json"
    path.write_text(json.dumps([entry]), encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        for stage in read_files([path], archive):
            list(stage.outcomes)
        [record] = archive.records()
    assert record.body.index("港口今晨恢复通航") < record.body.index("次日停航")
