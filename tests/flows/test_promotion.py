from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from crawler.archive.archive import Archive
from crawler.article import State
from crawler.clean.promotion import learn as learn_promotion
from crawler.clean.seeds import read_seed
from crawler.config import PromoConfig
from crawler.flows import batches, finish_run, promotion, settle
from crawler.flows import seeds as recleaning
from crawler.flows.promotion import Stripping
from crawler.flows.seeds import reclean
from tests.archive.specimens import make_article
from tests.lookalikes import BIZ, hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from crawler.clean.promotion import Promo, Sample
    from crawler.clean.seeds import Seed

ACCOUNTS = ["东港灯塔", "南港灯塔", "西港灯塔"]
INVITATION = "长按二维码关注"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Three accounts with eight articles each, all of which end in an invitation."""
    for number in range(24):
        account = ACCOUNTS[number // 8]
        entry = f"第{number}夜，灯塔看守记事{'甲乙丙丁戊己庚辛'[number % 8]}则。"
        body = f"{entry}\n\n**{INVITATION}{account}**"
        seed = whole_seed(
            body, title=f"记事 {number}", url=link(number + 1), source=account, account=account
        )
        (tmp_path / f"{number}.md").write_text(seed, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        assert not any(
            outcome.error is not None for outcome in reclean(sorted(tmp_path.glob("*.md")), archive)
        )
        yield archive


def _inviting(path: Path) -> dict[str, int]:
    """How many articles of each account show their invitation, as another process sees it."""
    with Archive.open(path, read_only=True) as other:
        rows = other.database.execute(
            "SELECT account, count(*) FROM articles WHERE body LIKE '%二维码%'"
            " GROUP BY account ORDER BY account"
        )
        return dict(rows.fetchall())


def _small_batches(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    for module in (batches, recleaning):
        monkeypatch.setattr(module, "BATCH", size)


def test_every_account_is_told_and_its_articles_show_no_promotion(archive: Archive) -> None:
    stripping = Stripping(archive, PromoConfig())
    assert list(stripping.strip_all(ACCOUNTS)) == ACCOUNTS
    assert stripping.changed == 24
    assert _inviting(archive.path) == {}
    assert archive.search(INVITATION) == []


def test_doing_it_again_changes_nothing(archive: Archive) -> None:
    list(Stripping(archive, PromoConfig()).strip_all(ACCOUNTS))
    again = Stripping(archive, PromoConfig())
    assert list(again.strip_all(ACCOUNTS)) == ACCOUNTS
    assert again.changed == 0


def test_what_was_switched_off_comes_back(archive: Archive) -> None:
    list(Stripping(archive, PromoConfig()).strip_all(ACCOUNTS))
    list(Stripping(archive, PromoConfig(enabled=False)).strip_all(ACCOUNTS))
    assert _inviting(archive.path) == dict.fromkeys(ACCOUNTS, 8)


@pytest.mark.parametrize("bound", ["CHANGES", "ACCOUNTS"])
def test_an_account_that_was_told_stays_done_when_the_run_ends_there(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(promotion, bound, 1)
    assert next(Stripping(archive, PromoConfig()).strip_all(ACCOUNTS)) == ACCOUNTS[0]
    assert _inviting(archive.path) == dict.fromkeys(ACCOUNTS[1:], 8)


def test_a_run_takes_promotion_off_what_one_brought_that_was_killed_before_it_could(
    archive: Archive,
) -> None:
    list(Stripping(archive, PromoConfig()).strip_all(ACCOUNTS[1:2]))  # all that it came to
    total, accounts = finish_run(archive, Stripping(archive, PromoConfig()), set())
    assert (total, [*accounts]) == (2, [ACCOUNTS[0], ACCOUNTS[2]])
    assert _inviting(archive.path) == {}
    assert finish_run(archive, Stripping(archive, PromoConfig()), set())[0] == 0


def test_a_run_takes_promotion_off_what_a_killed_one_brought_of_an_account_that_was_learned(
    archive: Archive, tmp_path: Path
) -> None:
    list(Stripping(archive, PromoConfig()).strip_all(ACCOUNTS))
    body = f"第99夜，雾。\n\n**{INVITATION}{ACCOUNTS[1]}**"
    late = tmp_path / "late.md"
    late.write_text(
        whole_seed(body, url=link(99), source=ACCOUNTS[1], account=ACCOUNTS[1]), encoding="utf-8"
    )
    assert [outcome.error for outcome in reclean([late], archive)] == [None]  # and no more
    assert _inviting(archive.path) == {ACCOUNTS[1]: 1}
    _, accounts = finish_run(archive, Stripping(archive, PromoConfig()), set())
    assert [*accounts] == [ACCOUNTS[1]]
    assert _inviting(archive.path) == {}


def test_a_run_takes_promotion_off_what_a_killed_one_brought_without_the_name_of_its_account(
    archive: Archive,
) -> None:
    list(Stripping(archive, PromoConfig()).strip_all(ACCOUNTS))
    body = f"# 第99夜\n\n第99夜，雾。\n\n**{INVITATION}{ACCOUNTS[0]}**\n"
    archive.save(make_article(link(99), account="", source="", body=body))
    settle(archive)
    _, accounts = finish_run(archive, Stripping(archive, PromoConfig()), set())
    assert len([*accounts]) == 1  # that by whose name the article is called now
    assert _inviting(archive.path) == {}


def test_an_account_is_learned_again_only_where_its_texts_changed(
    archive: Archive, tmp_path: Path
) -> None:
    stripping = Stripping(archive, PromoConfig())
    list(stripping.strip_all(ACCOUNTS))
    body = f"第99夜，雾。\n\n**{INVITATION}{ACCOUNTS[1]}**"
    late = tmp_path / "late.md"
    late.write_text(
        whole_seed(body, url=link(99), source=ACCOUNTS[1], account=ACCOUNTS[1]), encoding="utf-8"
    )
    list(reclean([late], archive))
    archive.database.execute("UPDATE articles SET body = '灯灭了' WHERE account = ?", [ACCOUNTS[0]])
    archive.database.commit()
    list(stripping.strip_all(ACCOUNTS))
    assert stripping.changed == 25
    assert _inviting(archive.path) == {}


@pytest.mark.parametrize("bound", [100, 1], ids=["at once", "over several transactions"])
def test_promotion_is_off_when_the_transaction_that_brought_the_account_is_on_disk(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: int
) -> None:
    monkeypatch.setattr(recleaning, "BATCHES", bound)
    _small_batches(monkeypatch, 10)
    files = sorted(tmp_path.glob("*.md"))
    random.Random(1).shuffle(files)
    with Archive.open(tmp_path / "other.db") as other:
        stripping = Stripping(other, PromoConfig())
        outcomes = list(reclean(files, other, stripping=stripping))
        assert sorted(outcome.input for outcome in outcomes) == sorted(map(str, files))
        assert stripping.changed == 24
        assert _inviting(other.path) == {}
        list(Stripping(archive, PromoConfig()).strip_all(ACCOUNTS))
        assert _shown(other) == _shown(archive)


def _shown(archive: Archive) -> list[tuple[str, ...]]:
    return archive.database.execute("SELECT id, body FROM articles ORDER BY id").fetchall()


@pytest.mark.parametrize("bound", ["ACCOUNT_FILES", "ACCOUNT_BYTES"])
def test_an_account_that_is_too_large_for_one_worker_is_left_to_the_end(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(batches, bound, 7)
    with Archive.open(tmp_path / "other.db") as other:
        stripping = Stripping(other, PromoConfig())
        list(reclean(sorted(tmp_path.glob("*.md")), other, stripping=stripping))
        assert sum(_inviting(other.path).values()) == 24
        list(stripping.strip_all(ACCOUNTS))
        list(Stripping(archive, PromoConfig()).strip_all(ACCOUNTS))
        assert _shown(other) == _shown(archive)


def _is_not_asked(*_: object) -> Promo:
    raise AssertionError


@pytest.mark.usefixtures("archive")
def test_what_a_worker_learned_is_not_learned_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in sorted(tmp_path.glob("1*.md")):
        text = path.read_text(encoding="utf-8")
        assert "fetch_date: 2025" in text
        (tmp_path / f"older {path.name}").write_text(
            text.replace("fetch_date: 2025", "fetch_date: 2024"), "utf-8"
        )
    monkeypatch.setattr(promotion, "learn_account", _is_not_asked)
    with Archive.open(tmp_path / "other.db") as other:
        stripping = Stripping(other, PromoConfig())
        assert (
            len(list(reclean(sorted(tmp_path.glob("*.md")), other, stripping=stripping))) == 24 + 11
        )
        assert _inviting(other.path) == {}
        assert list(stripping.strip_all(ACCOUNTS)) == ACCOUNTS


def test_what_a_worker_learned_counts_for_nothing_beside_articles_that_it_did_not_see(
    tmp_path: Path, archive: Archive
) -> None:
    files = sorted(tmp_path.glob("*.md"))
    with Archive.open(tmp_path / "other.db") as other:
        for some in (files[:20], files):
            list(reclean(some, other, stripping=Stripping(other, PromoConfig())))
        list(Stripping(archive, PromoConfig()).strip_all(ACCOUNTS))
        assert _inviting(other.path) == {}
        assert _shown(other) == _shown(archive)


def test_articles_are_named_in_the_transaction_that_brings_their_account(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.md").write_text(
            hollow_seed(url=link(number), source="某个聚合"), encoding="utf-8"
        )
    named = whole_seed(url=link(9), source="北港灯塔", account="北港灯塔")
    (tmp_path / "9.md").write_text(named, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        list(
            reclean(
                sorted(tmp_path.glob("*.md")), archive, stripping=Stripping(archive, PromoConfig())
            )
        )
        assert archive.database.execute("SELECT DISTINCT account FROM articles").fetchall() == [
            ("北港灯塔",)
        ]
        assert len(archive.search("account:北港", shells=True)) == 4
        assert archive.name_articles() == 0


def _learns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The accounts that are learned from now on, as they are."""
    names: list[str] = []
    learn = learn_promotion

    def counted(samples: Sequence[Sample], config: PromoConfig, *, account: str) -> Promo:
        names.append(account)
        return learn(samples, config, account=account)

    monkeypatch.setattr(promotion, "learn", counted)
    return names


def test_a_second_look_at_an_unchanged_folder_learns_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        entry = f"第{number}夜，灯塔看守记事{'甲乙丙丁戊己'[number]}则，风平浪静。"
        seed = whole_seed(entry, url=link(number + 1), source=ACCOUNTS[0], account=ACCOUNTS[0])
        (tmp_path / f"{number}.md").write_text(seed, encoding="utf-8")
    names = _learns(monkeypatch)
    for learned in ([ACCOUNTS[0]], []):
        names.clear()
        with Archive.open(tmp_path / "archive.db") as archive:
            stripping = Stripping(archive, PromoConfig())
            list(reclean(sorted(tmp_path.glob("*.md")), archive, stripping=stripping))
            list(stripping.strip_all(archive.texts.accounts()))
        assert names == learned


@pytest.mark.usefixtures("archive")
def test_other_settings_are_learned_with(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    names = _learns(monkeypatch)
    for config in (PromoConfig(), PromoConfig(), PromoConfig(pin=("灯塔",))):
        list(Stripping(archive, config).strip_all(ACCOUNTS))
    assert names == [*ACCOUNTS, *ACCOUNTS]


def test_an_article_that_keeps_its_promotion_is_named_by_the_audit(tmp_path: Path) -> None:
    about = "灯塔周报由几位看守人创办，写灯、写海也写过往的船，每周一期，寄给岸上的人。"
    for number in range(8):
        body = f"第{number}夜，雾{'甲乙丙丁戊己庚辛'[number]}。\n\n" + "\n\n".join(
            f"{index}：{about}" for index in "一二三四"
        )
        seed = whole_seed(body, url=link(number + 1), source=ACCOUNTS[0], account=ACCOUNTS[0])
        (tmp_path / f"{number}.md").write_text(seed, encoding="utf-8")
    config = PromoConfig(add=tuple(f"{index}：{about}" for index in "一二三四"))
    with Archive.open(tmp_path / "archive.db") as archive:
        list(reclean(sorted(tmp_path.glob("*.md")), archive))
        list(Stripping(archive, config).strip_all([ACCOUNTS[0]]))
        assert not archive.texts.has_promotion_removed(ACCOUNTS[0])
        named = [one for one in archive.audit(today="2026-01-01") if one.check == "promo-spared"]
    assert len(named) == 8


def test_files_that_are_not_wechats_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = whole_seed(url="https://blog.example.com/1")
    (tmp_path / "blog.md").write_text(seed, encoding="utf-8")
    read: list[bytes] = []

    def counted(content: bytes) -> Seed:
        read.append(content)
        return read_seed(content)

    monkeypatch.setattr(recleaning, "read_seed", counted)
    for _ in range(2):
        with Archive.open(tmp_path / "archive.db") as archive:
            (outcome,) = reclean([tmp_path / "blog.md"], archive)
            assert (outcome.state, outcome.change) == (State.NOT_WECHAT, None)
    assert len(read) == 1


ENDING = "**灯塔的暗语是三短一长**"


@pytest.mark.parametrize("together", [True, False], ids=["one run", "a run after the other"])
@pytest.mark.parametrize(
    "liars",
    [
        pytest.param("https://mp.weixin.qq.com/s/{:022}", id="of no biz"),
        pytest.param(link(900, biz="MzAwOTk5OTk5OQ==").replace("900", "{}"), id="of another"),
    ],
)
def test_notes_that_claim_the_name_of_an_account_take_nothing_from_its_articles(
    tmp_path: Path, liars: str, *, together: bool
) -> None:
    def write(number: int, url: str, end: str) -> None:
        entry = f"第{number}夜，灯塔看守记事{'甲乙丙丁戊己庚辛壬癸子丑寅'[number]}则，风平浪静。"
        text = whole_seed(f"{entry}\n\n{end}", url=url, source=ACCOUNTS[0], account=ACCOUNTS[0])
        (tmp_path / f"{number}.md").write_text(text, encoding="utf-8")

    write(0, link(1), ENDING)
    for number in range(1, 13):
        write(number, liars.format(900 + number), ENDING)
    files = sorted(tmp_path.glob("*.md"))
    with Archive.open(tmp_path / "archive.db") as archive:
        for some in [files] if together else [files[1:], files[:1]]:
            list(reclean(some, archive, stripping=Stripping(archive, PromoConfig())))
            list(Stripping(archive, PromoConfig()).strip_all(archive.texts.accounts()))
        showing = [key for key, body in _shown(archive) if ENDING in body]
    assert showing == [f"{BIZ}:1:1"]


def test_an_article_without_a_biz_learns_from_all_of_its_accounts_name(
    archive: Archive, tmp_path: Path
) -> None:
    body = f"第99夜，雾散了，船都回来了。\n\n**{INVITATION}{ACCOUNTS[1]}**"
    url = "https://mp.weixin.qq.com/s/0123456789abcdefghijkl"
    late = tmp_path / "late.md"
    late.write_text(
        whole_seed(body, url=url, source=ACCOUNTS[1], account=ACCOUNTS[1]), encoding="utf-8"
    )
    list(reclean([late], archive))
    list(Stripping(archive, PromoConfig()).strip_all(ACCOUNTS))
    assert _inviting(archive.path) == {}
