"""What `crawler recover` promises its user."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.archive.database import pack
from crawler.article import State
from crawler.flows import group_stories
from tests.archive.specimens import make_article
from tests.clean.stories.test_signatures import text
from tests.cli.conftest import rows_of
from tests.lookalikes import hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler

KEY = "MzI0NTk5OTk5MA==:5:1"
TITLE = "渡轮恢复通航"


@pytest.fixture
def hollow(crawler: Crawler, folder: Path) -> Crawler:
    """An archive with one article without a text, of a known account."""
    (folder / "seeds").mkdir()
    whole = whole_seed(url=link(9), title="别的一篇", source="临港日志")
    (folder / "seeds" / "whole.md").write_text(whole, encoding="utf-8")
    seed = hollow_seed(url=link(5, signed=False), source="临港日志")
    (folder / "seeds" / "hollow.md").write_text(seed, encoding="utf-8")
    assert crawler("reclean").exit_code == 0
    return crawler


def _theirs(folder: Path, name: str, *, day: str = "2024-05-08", text: str = "别处的文字。") -> str:
    path = folder / "theirs" / name
    path.parent.mkdir(exist_ok=True)
    document = f"#  {TITLE}   \n 临港日志   {day} 11:29  \n  \n{text}\n"
    path.write_text(document, encoding="utf-8")
    return str(path)


def test_an_article_comes_back_and_its_document_and_history_say_from_where(
    hollow: Crawler, folder: Path
) -> None:
    path = _theirs(folder, "a.md")
    result = hollow("recover", "--from", path)
    assert result.exit_code == 0, result.output
    assert "1 article came back; 0 without a text are left" in result.stderr
    shown = hollow("show", KEY)
    assert f"# recovered from {path}; the same title, account, date\n---\n" in shown.stdout
    assert f"its text was recovered from {path}" in shown.stderr
    assert "别处的文字。" in shown.stdout
    history = hollow("history", KEY)
    assert f"recovered from {path}" in history.stdout
    assert "found elsewhere" in history.stdout
    assert hollow("search", "别处的文字").stdout.strip()
    assert not hollow("audit").stdout.strip()


def test_an_archive_among_the_files_is_told_how_it_comes_in(hollow: Crawler, folder: Path) -> None:
    with Archive.open(folder / "theirs.db") as theirs:
        theirs.save(make_article())
    result = hollow("recover", "--from", "theirs.db")
    assert result.exit_code == 1
    assert "crawler merge theirs.db" in result.stderr


def test_several_paths_may_follow_from_and_one_that_is_missing_is_named(
    hollow: Crawler, folder: Path
) -> None:
    path = _theirs(folder, "a.md")
    result = hollow("recover", "--from", "nowhere", path)
    assert result.exit_code == 1
    assert "nowhere: no such file or folder" in result.stderr
    assert "1 article came back" in result.stderr


def test_a_dry_run_tells_the_evidence_and_keeps_nothing(hollow: Crawler, folder: Path) -> None:
    path = _theirs(folder, "a.md")
    result = hollow("recover", "--from", path, "--dry-run")
    assert result.exit_code == 0
    assert f"proof  {KEY}  {TITLE}  {path}  (title account date agrees)" in result.stdout
    assert "1 article would come back; 0 without a text are left" in result.stderr
    assert rows_of(folder, "SELECT count(*) FROM evidence") == [(0,)]
    assert hollow("show", KEY).exit_code == 1


def test_an_exported_document_is_known_again_when_it_is_read(hollow: Crawler, folder: Path) -> None:
    hollow("recover", "--from", _theirs(folder, "a.md"))
    assert hollow("export", "out").exit_code == 0
    before = rows_of(folder, "SELECT origin, recovered_from, body_hash FROM articles ORDER BY id")
    assert hollow("reclean", "out").exit_code == 0
    after = rows_of(folder, "SELECT origin, recovered_from, body_hash FROM articles ORDER BY id")
    assert before == after


def test_a_candidate_is_shown_beside_its_article_and_a_key_decides(
    hollow: Crawler, folder: Path
) -> None:
    path = _theirs(folder, "a.md", day="2024-06-30")
    result = hollow("recover", "--from", path)
    assert "1 candidate to decide on: crawler recover --review" in result.stderr
    assert "perhaps its text at" in hollow("show", KEY).stderr
    stopped = hollow("recover", "--review", stdin="q")
    assert "2024-05-08" in stopped.stdout
    assert "2024-06-30" in stopped.stdout
    assert "别处的文字。" in stopped.stdout
    assert "0 accepted, 0 refused, 1 left to decide" in stopped.stderr
    assert "0 accepted, 0 refused" in hollow("recover", "--review", stdin="xs").stderr
    assert "1 accepted" in hollow("recover", "--review", stdin="a").stderr
    assert "别处的文字。" in hollow("show", KEY).stdout


def test_an_article_that_got_its_text_in_a_review_is_not_asked_about_again(
    hollow: Crawler, folder: Path
) -> None:
    first = _theirs(folder, "a.md", day="2024-06-29")
    hollow("recover", "--from", first, _theirs(folder, "b.md", day="2024-06-30", text="另一种。"))
    result = hollow("recover", "--review", stdin="aa")
    assert result.stderr.count("a accept, r refuse") == 1
    assert "1 accepted, 0 refused, 0 left to decide" in result.stderr


@pytest.mark.parametrize("words", [("accept", "1"), ("refuse", "1"), ("--review",)])
def test_a_dry_run_takes_no_decision(hollow: Crawler, folder: Path, words: tuple[str, ...]) -> None:
    hollow("recover", "--from", _theirs(folder, "a.md", day="2024-06-30"))
    result = hollow("recover", *words, "--dry-run", stdin="a")
    assert (result.exit_code, "--dry-run keeps nothing" in result.stderr) == (2, True)
    assert rows_of(folder, "SELECT verdict FROM evidence") == [("candidate",)]


def test_the_end_of_what_is_typed_stops_a_review(hollow: Crawler, folder: Path) -> None:
    hollow("recover", "--from", _theirs(folder, "a.md", day="2024-06-30"))
    result = hollow("recover", "--review", stdin="")
    assert result.exit_code == 0
    assert "1 left to decide" in result.stderr


def test_a_word_that_is_pasted_in_a_review_is_no_key(
    hollow: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hollow("recover", "--from", _theirs(folder, "a.md", day="2024-06-30"))
    pressed = iter(["渡轮渡轮渡轮渡轮渡轮渡".encode()[:32], b"a"])
    monkeypatch.setattr("click.getchar", lambda: next(pressed).decode())
    assert "1 accepted" in hollow("recover", "--review").stderr


DAMAGED = {
    "bytes": b"\xff" * 40,
    "nothing of an article": pack(b"{}"),
    "no text in a title": pack(b'{"state": "ok", "title": 5}'),
    "another text": b"",
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_candidate_is_named_and_can_be_refused(
    hollow: Crawler, folder: Path, kind: str
) -> None:
    first = _theirs(folder, "a.md", day="2024-06-29")
    second = _theirs(folder, "b.md", day="2024-06-30", text="另一种。")
    hollow("recover", "--from", first, second)
    with Archive.open(folder / "archive.db") as archive, archive.transaction():
        run = archive.database.conn.execute
        [(one, offered), (other, another)] = run(
            "SELECT id, offered FROM evidence ORDER BY id"
        ).fetchall()
        run("UPDATE evidence SET offered = ? WHERE id = ?", (DAMAGED[kind] or another, one))
    result = hollow("recover", "--review", stdin="ss")
    assert (result.exit_code, result.stderr.count("what it offers is no article")) == (0, 1)
    assert "0 accepted, 0 refused, 2 left" in result.stderr
    assert hollow("recover").exit_code == 0
    accepted = hollow("recover", "accept", str(one))
    assert (accepted.exit_code, "offers is no article" in accepted.stderr) == (1, True)
    done = hollow("recover", "--review", stdin="ara")
    assert "1 accepted, 1 refused" in done.stderr
    assert offered != another
    assert other != one


def test_a_damaged_candidate_is_refused_by_its_number(hollow: Crawler, folder: Path) -> None:
    hollow("recover", "--from", _theirs(folder, "a.md", day="2024-06-30"))
    with Archive.open(folder / "archive.db") as archive, archive.transaction():
        archive.database.conn.execute("UPDATE evidence SET offered = x'ff'")
    result = hollow("recover", "refuse", "1")
    assert (result.exit_code, result.stderr) == (0, "1 candidate refused\n")
    assert "0 left to decide" in hollow("recover", "--review", stdin="").stderr


def test_scripts_accept_and_refuse_by_number(hollow: Crawler, folder: Path) -> None:
    first = _theirs(folder, "a.md", day="2024-06-29")
    second = _theirs(folder, "b.md", day="2024-06-30", text="另一种。")
    hollow("recover", "--from", first, second)
    listed = [
        json.loads(line) for line in hollow("recover", "--review", "--json").stdout.split("\n")[:-1]
    ]
    number = {one["source"]: str(one["id"]) for one in listed}
    both = hollow("recover", "accept", number[first], number[second])
    assert both.exit_code == 1
    assert "is one of two texts of one article" in both.stderr
    refused = hollow("recover", "refuse", number[first])
    assert (refused.exit_code, refused.stderr) == (0, "1 candidate refused\n")
    again = hollow("recover", "--from", first)
    assert "0 articles came back" in again.stderr
    assert hollow("recover", "accept", number[second]).exit_code == 0
    assert "另一种。" in hollow("show", KEY).stdout
    late = hollow("recover", "refuse", number[second])
    assert "its article has a text" in late.stderr
    assert late.exit_code == 1


@pytest.mark.parametrize("number", ["99", "x", "-1", "１"])
def test_what_is_no_candidate_is_said(hollow: Crawler, number: str) -> None:
    result = hollow("recover", "accept", "--", number)
    assert result.exit_code == 1
    assert "is no candidate's number" in result.stderr


def test_a_word_that_is_no_verb_is_wrong_usage(hollow: Crawler) -> None:
    result = hollow("recover", "theirs")
    assert result.exit_code == 2
    assert "paths follow --from" in result.stderr


def test_a_review_of_files_is_wrong_usage(hollow: Crawler) -> None:
    result = hollow("recover", "--review", "--from", "theirs", "others")
    assert (result.exit_code, "leave --from out" in result.stderr) == (2, True)


def test_without_from_the_same_title_here_is_pointed_at_and_the_next_step_is_said(
    hollow: Crawler, folder: Path
) -> None:
    twin = whole_seed(url=link(6), title=TITLE, source="临港日志")
    (folder / "twin.md").write_text(twin, encoding="utf-8")
    hollow("reclean", "twin.md")
    result = hollow("recover")
    assert result.exit_code == 0
    assert "pointed at" in result.stderr
    assert "0 articles came back; 1 without a text are left" in result.stderr
    assert "crawler recover --from PATH" in result.stderr
    shown = hollow("show", KEY)
    assert shown.exit_code == 1
    assert not shown.stdout
    assert f"the same title at {link(6)}" in shown.stderr
    assert "what came of it" not in hollow("recover").stderr


def test_recover_needs_an_archive(crawler: Crawler) -> None:
    result = crawler("recover")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_a_text_that_was_cut_is_shown_by_its_end_beside_the_whole_one(
    crawler: Crawler, folder: Path
) -> None:
    whole = text(7, 120)
    half = whole[: len(whole) // 2]
    with Archive.open(folder / "archive.db") as archive:
        for number, words, state in ((1, half, State.TRUNCATED), (2, f"{whole}完。", State.OK)):
            body = f"# 灯塔\n\n{words}\n"
            archive.save(make_article(link(number), title="灯塔", body=body, state=state))
        list(group_stories(archive)[1])
    assert "1 candidate to decide on" in crawler("recover").stderr
    row = json.loads(crawler("recover", "--review", "--json").stdout)
    shown = crawler("recover", "--review", stdin="s")
    flat = re.sub(r"[^\w]", "", shown.stdout)
    assert half[-20:-1] in flat
    assert f"{whole[-10:-1]}完" in flat
    accepted = crawler("recover", "accept", str(row["id"]))
    assert accepted.exit_code == 0, accepted.stderr
    assert f"{whole}完。" in crawler("show", row["article_id"]).stdout
    assert "recovered from" in crawler("show", row["article_id"]).stderr
    assert crawler("recover", "accept", str(row["id"])).exit_code != 0
    assert not crawler("audit").stdout.strip()
