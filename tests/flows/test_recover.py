"""What recovery promises: who can be proven comes back, and no stranger ever does."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZipFile

import pytest

from crawler.archive import Archive
from crawler.archive.saving import Evidence
from crawler.article import Article, State, Verdict
from crawler.flows import ElsewhereWay, LinksWay, Recovery, TitlesWay
from crawler.flows.recover import Find, offer_of
from crawler.flows.recover_elsewhere import commit_of
from tests.archive.specimens import make_article, tables_of
from tests.clean.pages.lookalikes import modern
from tests.conftest import needs_shared
from tests.flows.test_adopt import PNG
from tests.ruins import PROVABLE, Ruin, build_ruins, ruins, write_collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from crawler.archive.saving import Missing
    from crawler.flows import Outcome, Recovered, Stage, Way

NOW = "2026-11-26T00:00:00"
BIZ = "MzI0NTk5OTk5MA=="
TITLE = "夜航的灯塔"


def _recovery(archive: Archive, limit: int | None = None) -> Recovery:
    return Recovery(archive, now=lambda: NOW, limit=limit)


def _go(archive: Archive, *ways: Way) -> list[Recovered]:
    return list(_recovery(archive).go(ways))


def _here(archive: Archive) -> list[Recovered]:
    return _go(archive, LinksWay(archive), TitlesWay(archive))


def _link(mid: int, *, signed: bool = False, biz: str = BIZ) -> str:
    link = f"https://mp.weixin.qq.com/s?__biz={biz}&mid={mid}&idx=1&sn={mid:032x}"
    return f"{link}&chksm={'ab' * 38}" if signed else link


def _hollow(archive: Archive, mid: int = 1, **fields: str) -> str:
    article = make_article(_link(mid), state=State.HOLLOW, **fields)
    archive.save(article)
    return article.id


def _body(archive: Archive, article_id: str) -> str:
    record = archive.get(article_id)
    assert record
    return record.body


def _verdicts(results: Sequence[Recovered]) -> list[tuple[str, str]]:
    return [(result.article_id.split(":")[1], str(result.verdict)) for result in results]


def _kinds_by_outcome(archive: Archive, articles: Sequence[Ruin]) -> Counter[tuple[bool, str]]:
    found: Counter[tuple[bool, str]] = Counter()
    for one in articles:
        body = _body(archive, one.identity.id)
        what = "own" if one.mark in body else "stranger" if body else "nothing"
        found[one.kind in PROVABLE, what] += 1
    return found


@pytest.mark.parametrize(
    "count", [250, pytest.param(2000, marks=pytest.mark.slow)], ids=["small", "whole"]
)
def test_of_a_made_up_collection_the_provable_come_back_and_no_stranger(
    count: int, archive: Archive, tmp_path: Path
) -> None:
    articles = ruins(count, seed=20261126)
    build_ruins(archive, articles)
    _go(archive, ElsewhereWay(write_collection(tmp_path / "theirs", articles, seed=7)))
    found = _kinds_by_outcome(archive, articles)
    assert found[False, "stranger"] == found[True, "stranger"] == found[False, "own"] == 0
    assert found[True, "own"] >= 0.95 * (found[True, "own"] + found[True, "nothing"])
    for one in articles:
        record = archive.get(one.identity.id)
        assert record
        assert (record.origin == "recovered") == bool(record.body)
        assert record.id == one.identity.id


def test_a_second_run_with_nothing_new_writes_no_row(archive: Archive, tmp_path: Path) -> None:
    articles = ruins(120, seed=3)
    build_ruins(archive, articles)
    paths = write_collection(tmp_path / "theirs", articles, seed=4)
    ways = (ElsewhereWay(paths), LinksWay(archive), TitlesWay(archive))
    assert any(result.is_new for result in _go(archive, *ways))
    before = archive.database.conn.total_changes
    again = _go(archive, *ways)
    assert archive.database.conn.total_changes == before
    assert not any(result.is_new for result in again)


class Unstopped(NamedTuple):
    """What somebody else has, and what all tables hold after a run over it that was not stopped."""

    paths: list[Path]
    tables: dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def unstopped(tmp_path_factory: pytest.TempPathFactory) -> Unstopped:
    folder = tmp_path_factory.mktemp("unstopped")
    articles = ruins(120, seed=5)
    paths = write_collection(folder / "theirs", articles, seed=6)
    with Archive.open(folder / "archive.db") as archive:
        build_ruins(archive, articles)
        _go(archive, ElsewhereWay(paths))
        return Unstopped(paths, _without_numbers(archive))


@pytest.mark.parametrize("after", [1, 30, 90, 130])
def test_a_run_that_is_stopped_goes_on_and_ends_as_if_it_had_not_been(
    after: int, archive: Archive, unstopped: Unstopped
) -> None:
    build_ruins(archive, ruins(120, seed=5))
    way = ElsewhereWay(unstopped.paths)
    way.batch = 20
    stopped = _recovery(archive).go([way])
    list(islice(stopped, after))
    del stopped
    _go(archive, ElsewhereWay(unstopped.paths))
    assert _without_numbers(archive) == unstopped.tables


def _without_numbers(archive: Archive) -> dict[str, list[tuple[object, ...]]]:
    tables = tables_of(archive.database)
    tables["evidence"] = sorted((row[1:] for row in tables["evidence"]), key=repr)
    return tables


def test_a_rehearsal_says_all_of_it_and_keeps_nothing(archive: Archive, tmp_path: Path) -> None:
    articles = ruins(60, seed=9)
    build_ruins(archive, articles)
    paths = write_collection(tmp_path / "theirs", articles, seed=9)
    before = tables_of(archive.database)
    said = list(_recovery(archive).rehearse([ElsewhereWay(paths)]))
    assert tables_of(archive.database) == before
    assert said == _go(archive, ElsewhereWay(paths))


def test_no_more_than_the_limit_come_back(archive: Archive, tmp_path: Path) -> None:
    articles = ruins(60, seed=9)
    build_ruins(archive, articles)
    paths = write_collection(tmp_path / "theirs", articles, seed=9)
    list(_recovery(archive, limit=7).go([ElsewhereWay(paths)]))
    assert _kinds_by_outcome(archive, articles)[True, "own"] == 7


class _Endless:
    """A way that finds a text of a million letters again and again."""

    name, batch = "from", 500

    def __init__(self) -> None:
        self.found = 0

    def finds(self, missing: Sequence[Missing]) -> Iterator[Find]:
        article = make_article(_link(9), body="灯" * 10**6)
        for _ in range(50 * len(missing)):
            self.found += 1
            yield Find(offer=offer_of(article, way=self.name, source="a"), article=article)


def test_no_more_texts_wait_to_be_judged_than_memory_has_room_for(archive: Archive) -> None:
    _hollow(archive)
    way, judged = _Endless(), list[int]()
    waited = list[int]()

    def told(_: str) -> None:
        judged.append(1)
        waited.append(way.found - len(judged))

    list(Recovery(archive, now=lambda: NOW, told=told).go([way]))
    assert len(judged) == 50
    assert max(waited) < 6


@pytest.mark.parametrize("documents", [40, 160])
def test_the_comparisons_grow_with_the_documents_and_not_with_the_articles(
    documents: int, archive: Archive, tmp_path: Path
) -> None:
    articles = [replace(one, title="周报") for one in ruins(400, seed=1)]
    build_ruins(archive, articles)
    paths = write_collection(tmp_path / "theirs", articles[:documents], seed=2)
    recovery = _recovery(archive)
    list(recovery.go([ElsewhereWay(paths)]))
    assert recovery.shelf.looks < 60 * documents


def test_a_recovered_body_says_where_it_is_from_and_ranks_below_a_seed(
    archive: Archive, tmp_path: Path
) -> None:
    key = _hollow(archive)
    theirs = tmp_path / "theirs"
    commit = "c0ffee" * 6 + "c0ff"
    (theirs / ".git" / "refs" / "heads").mkdir(parents=True)
    (theirs / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (theirs / ".git" / "refs" / "heads" / "main").write_text(f"{commit}\n")
    path = theirs / "a.md"
    path.write_text(f'---\ntitle: "改题"\nurl: "{_link(1)}"\n---\n\n海面起雾。\n')
    _go(archive, ElsewhereWay([path]))
    record = archive.get(key)
    assert record
    assert (record.origin, record.url, record.date) == ("recovered", _link(1), "2024-05-08")
    assert record.recovered_from == f"{path} ({commit}); the same identity, account"
    assert f"\n# recovered from {path} ({commit})" in record.front_matter
    assert record.recovered_from in archive.history.events(key)[0].detail
    [evidence] = archive.evidence.of_article(key)
    assert (evidence.verdict, evidence.version, evidence.at) == ("proof", commit, NOW)
    archive.save(make_article(_link(1), body="# 夜航的灯塔\n\n种子里的。\n"))
    seed = archive.get(key)
    assert seed
    assert (seed.origin, seed.recovered_from) == ("seed", "")
    assert "# recovered" not in seed.front_matter


@pytest.mark.parametrize("said", ["c0ffee" * 6 + "c0ff", "0" * 39, "z" * 4096])
@pytest.mark.parametrize("place", ["HEAD", "refs/heads/main", "packed-refs"])
def test_what_a_collection_says_in_the_place_of_a_commit_is_kept_with_no_text_of_it(
    place: str, said: str, tmp_path: Path
) -> None:
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / place).write_text(f"{said} refs/heads/main\n" if place == "packed-refs" else said)
    assert commit_of(tmp_path) == (said if said.startswith("c0ffee") else "")


def test_a_whole_article_of_another_identity_is_pointed_at_and_lends_no_text(
    archive: Archive,
) -> None:
    key = _hollow(archive, 1)
    archive.save(make_article(_link(2)))
    assert _verdicts(_here(archive)) == [("1", "pointer")]
    assert _body(archive, key) == ""
    [evidence] = archive.evidence.of_article(key)
    assert evidence.source == f"{BIZ}:2:1"
    assert (evidence.agreed, evidence.differs) == ("title account date", "identity")


def test_a_copy_without_a_link_that_was_here_already_is_proof_where_nothing_else_can_be_meant(
    archive: Archive,
) -> None:
    copy = make_article(_link(9), body="# 夜航的灯塔\n\n别处抄来的。\n")
    nameless = replace(copy, id="u:own", url="", biz="", mid="", idx="", aliases=())
    archive.save(nameless)
    key = _hollow(archive, 1)
    assert _verdicts(_here(archive)) == [("1", "candidate"), ("1", "proof")]
    assert "别处抄来的" in _body(archive, key)
    assert [hit.id for hit in archive.search("别处抄来的")] == [key]  # one row, not two
    assert archive.get("u:own") is None
    assert _here(archive) == []


def test_two_articles_that_agree_alike_get_nothing_until_a_person_says_which(
    archive: Archive,
) -> None:
    copy = make_article(_link(9), body="# 夜航的灯塔\n\n别处抄来的。\n")
    archive.save(replace(copy, id="u:own", url="", biz="", mid="", idx="", aliases=()))
    first, second = _hollow(archive, 1), _hollow(archive, 2)
    _here(archive)
    assert _body(archive, first) == _body(archive, second) == ""
    [one, other] = archive.evidence.candidates()
    assert {one.article_id, other.article_id} == {first, second}
    recovery = _recovery(archive)
    accepted = recovery.accept(one)
    assert accepted
    assert accepted.verdict is Verdict.ACCEPTED
    assert "别处抄来的" in _body(archive, one.article_id)
    recovery.refuse(other)
    assert list(archive.evidence.candidates()) == []
    assert _body(archive, other.article_id) == ""


def test_a_decision_counts_for_what_is_there_when_it_is_taken(
    archive: Archive, tmp_path: Path
) -> None:
    waits = _recovery(archive)  # as while a person thinks about another candidate
    first, second = _hollow(archive, 1), _hollow(archive, 2, title="雨季的码头")
    for name, title in (("a.md", TITLE), ("b.md", TITLE), ("c.md", "雨季的码头")):
        text = f"#  {title}   \n 江畔手记   2024-06-30 11:29  \n  \n{name}里抄来的。\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
        _go(archive, ElsewhereWay([tmp_path / name]))
    one, another, of_second = archive.evidence.candidates()
    assert waits.accept(one)
    assert "a.md里" in _body(archive, first)
    assert waits.accept(another) is None
    assert "a.md里" in _body(archive, first)
    archive.forgotten.add(second, at=NOW)
    assert waits.accept(of_second) is None
    third = _hollow(archive, 3, title="雾中的钟楼")
    other = "#  雾中的钟楼   \n 江畔手记   2024-06-30 11:29  \n  \n另一篇。\n"
    (tmp_path / "d.md").write_text(other, encoding="utf-8")
    _go(archive, ElsewhereWay([tmp_path / "d.md"]))
    assert [row.id for row in archive.evidence.of_article(third)] == [of_second.id]
    assert waits.accept(of_second) is None


def test_the_text_of_a_forgotten_article_is_offered_to_none_of_its_title(
    archive: Archive, tmp_path: Path
) -> None:
    short = "https://mp.weixin.qq.com/s/OneOfTheSameTitle00000"
    archive.save(make_article(short, state=State.HOLLOW))
    archive.save(make_article(_link(1)))
    archive.forgotten.add(_link(1), at=NOW)
    for mid in (1, 2):
        text = f"Title: {TITLE}\n\nURL Source: {_link(mid, signed=True)}\n\n"
        text += f"Published Time: 2024-05-08\n\nMarkdown Content:\n{TITLE}\n\n第{mid}夜的灯。\n"
        (tmp_path / f"{mid}.md").write_text(text, encoding="utf-8")
    _go(archive, ElsewhereWay([tmp_path / "1.md", tmp_path / "2.md"]))
    [found] = archive.evidence.of_article(archive.find(short) or "")
    assert found.url == _link(2, signed=True)


def test_a_refusal_counts_for_an_article_whose_key_was_learned_meanwhile(
    archive: Archive, tmp_path: Path
) -> None:
    key = _hollow(archive, 1)
    text = f"#  {TITLE}   \n 江畔手记   2024-06-30 11:29  \n  \n别处抄来的。\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    _go(archive, ElsewhereWay([tmp_path / "a.md"]))
    [found] = archive.evidence.candidates()
    archive.database.conn.execute("UPDATE articles SET id = ? WHERE id = ?", (f"{key}0", key))
    _recovery(archive).refuse(found)
    assert list(archive.evidence.candidates()) == []


def test_what_was_refused_is_offered_no_more_from_wherever_it_comes(
    archive: Archive, tmp_path: Path
) -> None:
    key = _hollow(archive, 1)
    text = f"#  {TITLE}   \n 江畔手记   2024-06-30 11:29  \n  \n别处抄来的。\n"
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(text + "\n" * (name == "b.md"), encoding="utf-8")
    assert _verdicts(_go(archive, ElsewhereWay([tmp_path / "a.md"]))) == [("1", "candidate")]
    [found] = archive.evidence.candidates()
    _recovery(archive).refuse(found)
    assert _go(archive, ElsewhereWay([tmp_path / "b.md"])) == []
    assert [one.verdict for one in archive.evidence.of_article(key)] == ["refused"]


def test_what_was_refused_in_an_archive_that_is_merged_is_no_candidate_here(
    archive: Archive, tmp_path: Path
) -> None:
    key = _hollow(archive, 1)
    text = f"#  {TITLE}   \n 江畔手记   2024-06-30 11:29  \n  \n别处抄来的。\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    _go(archive, ElsewhereWay([tmp_path / "a.md"]))
    [found] = archive.evidence.candidates()
    offered = archive.evidence.offered(found.id)
    _recovery(archive).refuse(found)
    archive.evidence.note(replace(found, source="the other's"), offered)  # as a merge brings it in
    assert list(archive.evidence.candidates()) == []
    assert not archive.evidence.has_rival(replace(found, sha256="0" * 64))
    assert {one.verdict for one in archive.evidence.of_article(key)} == {"refused", "candidate"}


@pytest.mark.parametrize(
    ("account", "date", "agreed"),
    [("江畔手记", "2020-01-01", "title account"), ("", "2024-05-08", "title date")],
)
def test_a_candidate_is_not_proved_by_an_address_that_proved_nothing_when_it_was_found(
    archive: Archive, account: str, date: str, agreed: str
) -> None:
    key = _hollow(archive, 1)
    said = {"account": account, "source": account, "date": date}
    issue = make_article(_link(1), body="# 夜航的灯塔\n\n另一期。\n", **said)
    found = Evidence(
        article_id=key,
        way="web",
        source=f"https://web.archive.org/web/20200102000000id_/{_link(1)}",
        title=TITLE,
        account=issue.account,
        date=issue.date,
        sha256=issue.body_hash,
        agreed=agreed,
        verdict=str(Verdict.CANDIDATE),
        at=NOW,
    )
    assert archive.evidence.note(found, issue)  # as earlier versions kept it
    assert _go(archive) == []
    assert not _body(archive, key)
    assert [one.verdict for one in archive.evidence.candidates()] == ["candidate"]


def test_a_refusal_lets_the_other_text_be_proof(archive: Archive, tmp_path: Path) -> None:
    key = _hollow(archive, 1)
    for name in "ab":
        text = f"#  {TITLE}   \n 江畔手记   2024-05-08 11:29  \n  \n第{name}种文字。\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    way = ElsewhereWay([tmp_path / "a.md", tmp_path / "b.md"])
    _go(archive, way)
    assert _body(archive, key) == ""
    wrong = next(one for one in archive.evidence.candidates() if one.source.endswith("b.md"))
    _recovery(archive).refuse(wrong)
    _go(archive, way)
    assert "第a种文字" in _body(archive, key)


def test_a_signed_link_in_another_text_lets_an_article_be_fetched(archive: Archive) -> None:
    key = _hollow(archive, 1)
    body = f"# 别的\n\n延伸阅读：[灯塔]({_link(1, signed=True)})\n"
    archive.save(make_article(_link(2), title="别的", body=body))
    [found] = _here(archive)
    assert (found.verdict, found.brings_body, found.way) == (Verdict.PROOF, False, "links")
    assert archive.signed_form(key) == _link(1, signed=True)
    assert _body(archive, key) == ""
    assert _here(archive) == []


def test_a_short_link_beside_the_title_is_pointed_at(archive: Archive) -> None:
    key = _hollow(archive, 1)
    short = "https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0"
    archive.save(make_article(_link(2), title="别的", body=f"# 别的\n\n- [{TITLE}！]({short})\n"))
    listed = "https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1"
    archive.queue.enqueue(
        listed, why="named in daily.md", title=TITLE, source="江畔手记", date="2024-05-08"
    )
    assert [(found.url, str(found.verdict)) for found in _here(archive)] == [
        (short, "pointer"),
        (listed, "candidate"),
    ]
    assert list(archive.evidence.candidates()) == []  # there is no text to decide on
    assert _body(archive, key) == ""


def test_a_source_of_many_accounts_is_no_accounts_name(archive: Archive, tmp_path: Path) -> None:
    other = "MzI0NTk5OTk5MQ=="
    for biz, mid in ((BIZ, 1), (other, 2)):
        link = _link(mid, biz=biz)
        archive.save(
            make_article(link, state=State.HOLLOW, account="", source="聚合", title=f"{TITLE}{mid}")
        )
    path = tmp_path / "a.md"
    path.write_text(f"#  {TITLE}1   \n 聚合   2024-05-08 11:29  \n  \n别处的。\n", encoding="utf-8")
    [found] = _go(archive, ElsewhereWay([path]))
    assert (found.verdict, found.agreed) == (Verdict.CANDIDATE, "title date")


def test_links_that_a_foreign_list_names_help_too(archive: Archive, tmp_path: Path) -> None:
    key = _hollow(archive, 1)
    path = tmp_path / "list.csv"
    path.write_text(f"标题,链接\n别的题,{_link(1, signed=True)}\n", encoding="utf-8")
    [found] = _go(archive, ElsewhereWay([path]))
    assert (found.verdict, found.source) == (Verdict.PROOF, "named in list.csv")
    assert archive.signed_form(key) == _link(1, signed=True)
    assert archive.queue.entries()[0].needs_link is False


def test_a_list_beside_foreign_documents_proves_nothing_by_their_titles(
    archive: Archive, tmp_path: Path
) -> None:
    key = _hollow(archive, 1)
    text = f"#  {TITLE}   \n 别人   2020-05-08 11:29  \n  \n别人的文字。\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    (tmp_path / "list.csv").write_text(f"标题,链接\n{TITLE},{_link(1)}\n", encoding="utf-8")
    _go(archive, ElsewhereWay([tmp_path / "a.md", tmp_path / "list.csv"]))
    assert _body(archive, key) == ""


def test_pictures_beside_a_text_that_is_the_articles_come_with_it(
    archive: Archive, tmp_path: Path
) -> None:
    key = _hollow(archive, 1)
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "x.png").write_bytes(PNG)
    path = tmp_path / "theirs" / "a.md"
    text = f'---\ntitle: "x"\nurl: "{_link(1)}"\n---\n\n海面起雾。\n\n![](x.png)\n'
    path.write_text(text, encoding="utf-8")
    list(_recovery(archive).rehearse([ElsewhereWay([path])]))
    assert not (tmp_path / "images").exists()
    _go(archive, ElsewhereWay([path]))
    [(address, file)] = archive.images.local(key).items()
    assert address in _body(archive, key)
    assert file.read_bytes() == PNG
    assert file.is_relative_to(tmp_path / "images")


def _as_markdown(folder: Path) -> Path:
    path = folder / "a.md"
    path.write_text(f'---\ntitle: "x"\nurl: "{_link(1)}"\n---\n\n海面起雾。\n', encoding="utf-8")
    return path


def _as_zip(folder: Path) -> Path:
    path = folder / "a.zip"
    with ZipFile(path, "w") as packed:
        packed.write(_as_markdown(folder), "notes/a.md")
    return path


def _as_page(folder: Path) -> Path:
    page = modern("<p>海面起雾。</p>", link=_link(1), bizuin=BIZ, mid="1", idx="1")
    path = folder / "a.html"
    path.write_bytes(page)
    return path


def _as_feed(folder: Path) -> Path:
    path = folder / "a.xml"
    text = "<![CDATA[<p>海面起雾。</p><p>第二段在这里。</p>]]>"
    link = _link(1).replace("&", "&amp;")
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title><item>'
        f"<title>x</title><link>{link}</link><content:encoded>{text}</content:encoded>"
        "</item></channel></rss>",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("form", [_as_markdown, _as_zip, _as_page, _as_feed])
def test_a_text_comes_back_out_of_every_kind_of_file(
    form: Callable[[Path], Path], archive: Archive, tmp_path: Path
) -> None:
    key = _hollow(archive, 1)
    path = form(tmp_path)
    _go(archive, ElsewhereWay([path]))
    record = archive.get(key)
    assert record
    assert "海面起雾。" in record.body
    assert record.recovered_from.startswith(str(path))


def test_files_that_cannot_be_read_are_named_and_the_others_are_used(
    archive: Archive, tmp_path: Path
) -> None:
    key = _hollow(archive, 1)
    good = tmp_path / "good.md"
    good.write_text(f'---\ntitle: "x"\nurl: "{_link(1)}"\n---\n\n海面起雾。\n', encoding="utf-8")
    broken = {
        "broken.zip": b"PK\x03\x04 and no more",
        "zeros.md": b"\0" * 4096,
        "broken.db": b"SQLite format 3\0 and no more",
        "broken.warc.gz": b"\x1f\x8b\x08\0 and no more",
        "broken.xlsx": b"PK\x03\x04",
    }
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
    errors = []

    def follow(stage: Stage) -> Iterator[Outcome]:
        for outcome in stage.outcomes:
            if outcome.error:
                errors.append(outcome.error.subject)
            yield outcome

    _go(archive, ElsewhereWay([*(tmp_path / name for name in broken), good], follow=follow))
    assert "海面起雾" in _body(archive, key)
    assert len(errors) >= 3


@needs_shared
def test_of_the_real_sample_nothing_is_restored_by_a_title_alone(archive: Archive) -> None:
    from crawler.flows import find_seeds, read_files  # noqa: PLC0415
    from tests.conftest import SEEDS  # noqa: PLC0415

    files, _ = find_seeds([SEEDS])
    for stage in read_files(files, archive):
        list(stage.outcomes)
    found = _here(archive)
    assert found
    assert not any(one.verdict.restores and one.brings_body for one in found)
    assert all("identity" in one.differs for one in found if one.verdict is Verdict.POINTER)


def test_the_names_of_an_account_are_kept_once_for_all_its_articles(archive: Archive) -> None:
    other = "MzI0NTk5OTk5MQ=="
    for number, name in enumerate(("灯塔", "灯塔", "灯塔通讯")):
        archive.save(_numbered(number, BIZ, name))
    archive.save(_numbered(9, other, "渡口"))
    shelf = _recovery(archive).shelf
    names = [found.names for n in range(3) if (found := shelf.get(f"{BIZ}:{n}:1"))]
    assert names[0] is names[1] is names[2]
    assert names[0] == {"灯塔", "灯塔通讯"}
    known = shelf.get(f"{other}:9:1")
    assert known is not None
    assert known.names == {"渡口"}


def test_more_names_of_an_account_than_any_has_tell_nothing(archive: Archive) -> None:
    with archive.transaction():
        for number in range(101):
            archive.save(_numbered(number, BIZ, f"灯塔{number}"))
    known = _recovery(archive).shelf.get(f"{BIZ}:7:1")
    assert known is not None
    assert known.names == {"灯塔7"}


def _numbered(number: int, biz: str, name: str) -> Article:
    url = f"https://mp.weixin.qq.com/s?__biz={biz}&mid={number}&idx=1&sn={number:032x}"
    return make_article(url, account=name, source=name)
