"""What `crawler recover --web` promises at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.fetch.pace import Pace
from tests.fake_answers import Answer
from tests.fake_web_archive import FakeWebArchive
from tests.web_ruins import RUINS, captures_of, fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Crawler

EACH_KIND = tuple({ruin.kind: ruin for ruin in RUINS}.values())


@pytest.fixture
def keeper(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWebArchive]:
    """A web archive that may be asked at once, and an archive that lacks what it holds."""
    for name in ("INDEX_PACE", "CAPTURE_PACE"):
        monkeypatch.setattr(f"crawler.fetch.web_archive.{name}", Pace(interval=0.0))
    with Archive.open(folder / "archive.db") as archive:
        fill(archive, EACH_KIND)
    with FakeWebArchive(captures_of(EACH_KIND)) as fake:
        settings = f'[recover]\narchives = ["{fake.base}"]\ncontact = "mailto:a@example.org"\n'
        (folder / "config.toml").write_text(settings, encoding="utf-8")
        yield fake


def test_what_is_sent_and_to_whom_is_told_first_and_what_came_back_last(
    crawler: Crawler, keeper: FakeWebArchive
) -> None:
    result = crawler("recover", "--web")
    assert result.exit_code == 0
    host = keeper.base.split("/")[2]
    accounts = len({ruin.identity.biz for ruin in EACH_KIND})
    told = result.stderr
    assert f"{host} is asked for what it holds of {accounts} account" in told
    assert "the numbers of those accounts" in told
    assert "'mailto:a@example.org'" in told
    assert told.index("is asked for") < told.index("3 articles came back")
    assert "crawler fetch --queued" in told


def test_nothing_is_sent_without_web_or_in_a_rehearsal(
    crawler: Crawler, keeper: FakeWebArchive
) -> None:
    assert crawler("recover").exit_code == 0
    rehearsed = crawler("recover", "--web", "--dry-run")
    assert "is asked for what it holds" in rehearsed.stderr
    assert not keeper.names


def test_a_second_run_asks_nothing_and_says_how_to_ask_anew(
    crawler: Crawler, keeper: FakeWebArchive
) -> None:
    crawler("recover", "--web")
    asked = len(keeper.names)
    result = crawler("recover", "--web")
    assert "nothing is left to ask; --again asks anew" in result.stderr
    assert len(keeper.names) == asked
    crawler("recover", "--web", "--again")
    assert len(keeper.names) > asked


@pytest.mark.usefixtures("keeper")
def test_who_does_not_say_who_asks_is_told_so_before_anything_is_done(
    crawler: Crawler, folder: Path
) -> None:
    (folder / "config.toml").write_text("", encoding="utf-8")
    result = crawler("recover", "--web")
    assert result.exit_code == 2
    assert "[recover] contact is empty" in result.stderr


def test_an_archive_that_asks_to_slow_down_ends_the_run_with_3_and_a_summary(
    crawler: Crawler, keeper: FakeWebArchive
) -> None:
    keeper.answer_next(Answer(status=429))
    result = crawler("recover", "--web")
    assert result.exit_code == 3
    assert "asked to slow down; nothing is sent until" in result.stderr
    assert "0 articles came back" in result.stderr


@pytest.mark.parametrize("answer", [Answer(status=403), Answer(body=b"<html>no index</html>")])
def test_a_question_that_got_no_answer_is_told_of_and_asked_again_by_the_next_run(
    crawler: Crawler, keeper: FakeWebArchive, answer: Answer
) -> None:
    keeper.answer_next(answer)
    result = crawler("recover", "--web")
    assert result.exit_code == 1
    assert result.stderr.count("error: ") == 1
    again = crawler("recover", "--web")
    assert "is asked for what it holds of 1 account" in again.stderr
    assert (again.exit_code, "error: " in again.stderr) == (0, False)


def test_captures_that_did_not_come_are_told_of_and_so_is_how_to_ask_for_them(
    crawler: Crawler, keeper: FakeWebArchive
) -> None:
    honest, bad = keeper._routed, Answer(status=403)
    keeper._routed = lambda seen, nth: bad if "id_/" in seen.path else honest(seen, nth)  # type: ignore[method-assign]
    result = crawler("recover", "--web")
    assert "failed 3 times in a row, at last: HTTP status 403" in result.stderr
    assert "captures left to ask for: crawler recover --web" in result.stderr
    assert "could not be fetched" not in result.stderr
    bad = Answer(status=404)
    result = crawler("recover", "--web")
    assert "left to ask for" not in result.stderr
    assert "captures of articles without a text could not be fetched" in result.stderr
    assert "crawler recover --web --again" in result.stderr
    keeper._routed = honest  # type: ignore[method-assign]
    result = crawler("recover", "--web", "--again")
    assert "3 articles came back" in result.stderr
    assert "could not be fetched" not in result.stderr
