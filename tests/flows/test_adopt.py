from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.article import Origin
from crawler.clean.exports import Link
from crawler.flows import adopt, reclean
from crawler.flows.same import settle_copies
from crawler.flows.siblings import NONE, Siblings
from crawler.inputs import read_input
from tests.archive.files.test_images import png
from tests.clean.listings.samples import short
from tests.lookalikes import link

if TYPE_CHECKING:
    from pathlib import Path

TOOL = "#  渡口夜话   \n 渡口   2026-05-23 11:29  \n  \n船六点开。\n"


def _siblings(*links: Link, folder: str = "/a") -> Siblings:
    return Siblings.of_lists([(f"{folder}/data.json", links)])


def _said(account: str = "", day: str = "") -> Link:
    return Link(url="", title="题", account=account, date=day)


def test_a_list_beside_a_copy_gives_its_link_and_the_signed_one_first() -> None:
    lists = _siblings(Link(url=link(1, signed=False), title="题"), Link(url=link(1), title="题"))
    found = lists.link_of("/a/2026-05/x.md", _said(account="渡口"))
    assert found is not None
    assert found.url == link(1)


def test_a_title_alone_tells_nothing_of_a_copy_that_has_another_link() -> None:
    lists = _siblings(Link(url=short(1), title="题", account="渡口", date="2026-05-01"))
    said = Link(url=short(2), title="题")
    assert lists.link_of("/a/x.md", said) is None
    assert lists.link_of("/a/x.md", replace(said, url=short(1))) is not None
    assert lists.link_of("/a/x.md", replace(said, account="渡口")) is not None


def test_a_title_of_two_articles_is_told_by_the_account() -> None:
    lists = _siblings(
        Link(url=link(1), title="题", account="渡口"),
        Link(url=link(2), title="题", account="河口"),
    )
    found = lists.link_of("/a/x.md", _said(account="河口"))
    assert found is not None
    assert found.url == link(2)
    assert lists.link_of("/a/x.md", _said()) is None


def test_a_title_of_two_articles_of_one_account_is_told_by_the_day() -> None:
    days = {1: "2026-05-01", 2: "2026-06-01"}
    lists = _siblings(
        *(
            Link(url=link(number), title="题", account="渡口", date=day)
            for number, day in days.items()
        )
    )
    found = lists.link_of("/a/x.md", _said(account="渡口", day="2026-06-01"))
    assert found is not None
    assert found.url == link(2)
    assert lists.link_of("/a/x.md", _said(account="渡口", day="2025-05-31")) is None
    assert lists.link_of("/a/x.md", _said(account="渡口")) is None


NOON, NIGHT = "T12:00:00+08:00", "T23:30:00+08:00"


def _issue(day: int, hour: str = "") -> Link:
    date = f"2026-05-{day:02}"
    return Link(
        url=link(day), title="题", account="渡口", date=date, published_at=hour and date + hour
    )


@pytest.mark.parametrize(
    ("listed", "said", "hour"),
    [
        ([20, 23, 24], {20: 20, 21: 0, 22: 0}, ""),  # the list lacks two issues
        ([20, 27], {21: 0, 26: 0, 27: 27}, ""),
        ([20, 21, 22], {20: 0, 21: 0, 22: 0}, ""),  # a clock may be UTC
        ([20, 21, 22], {19: 0, 20: 20, 21: 21, 22: 22, 23: 0}, NOON),
        ([20, 21, 22], {20: 20, 21: 0, 22: 0}, NIGHT),
        ([20], {19: 20, 20: 20, 21: 20, 22: 0}, NOON),  # is no series
    ],
)
def test_an_issue_of_a_series_is_told_by_its_very_day(
    listed: list[int], said: dict[int, int], hour: str
) -> None:
    lists = _siblings(*(_issue(day, hour) for day in listed))
    found = {day: lists.link_of("/a/x.md", replace(_issue(day), url="")) for day in said}
    numbers = {link(day): day for day in listed}
    assert {day: numbers[one.url] if one else 0 for day, one in found.items()} == said


def test_an_issue_of_a_series_is_told_by_its_minute() -> None:
    lists = _siblings(*(_issue(day, NIGHT) for day in (20, 21, 22)))
    for day in (20, 21, 22):
        found = lists.link_of("/a/x.md", replace(_issue(day, NIGHT), url=""))
        assert found
        assert found.url == link(day)


def test_lists_that_name_an_article_again_and_again_tell_its_link() -> None:
    feeds = [
        (f"notes/{number}.xml", [Link(url=link(1), title="早安", date="2024-05-08", number=number)])
        for number in range(300)
    ]
    found = Siblings.of_lists(feeds).link_of("notes/早安.md", Link(url="", title="早安"))
    assert found
    assert found.url == link(1)


@pytest.mark.parametrize("day", ["", "2024-05-08"])
def test_a_title_of_hundreds_of_accounts_is_told_by_the_account(day: str) -> None:
    links = [
        Link(url=link(number), title="早安", account=f"渡口{number}", date=day)
        for number in range(300)
    ]
    said = Link(url="", title="早安", account="渡口7", date="2024-05-08")
    found = _siblings(*links).link_of("/a/早安.md", said)
    assert found
    assert found.url == link(7)


def test_a_list_in_a_folder_elsewhere_says_nothing() -> None:
    assert _siblings(Link(url=link(1), title="题")).link_of("/b/x.md", _said()) is None


def test_the_nearest_list_counts() -> None:
    lists = Siblings.of_lists(
        [
            ("/a/b/data.json", [Link(url=link(1), title="题")]),
            ("/a/data.json", [Link(url=link(2), title="题")]),
        ]
    )
    found = lists.link_of("/a/b/c/x.md", _said())
    assert found is not None
    assert found.url == link(1)


def test_a_copy_is_a_row_of_its_producer(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text(TOOL, encoding="utf-8")
    siblings = _siblings(Link(url=link(1), title="渡口夜话"), folder=str(tmp_path))
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = reclean([path], archive, siblings=siblings)
        record = archive.get(link(1))
        assert outcome.taken_for == "wechatmp2markdown"
        assert record is not None
        assert (record.origin, record.producer) == (Origin.ADOPTED, "wechatmp2markdown")
        assert (record.account, record.date) == ("渡口", "2026-05-23")


def test_the_copies_of_two_tools_are_one_row_with_two_revisions(tmp_path: Path) -> None:
    head = f"Title: 渡口夜话\n\nURL Source: {link(1)}\n\nMarkdown Content:\n"
    texts = {"a.md": f"> **原文链接**: {link(1)}\n\n{TOOL}", "b.md": f"{head}船在六点开，别迟到。"}
    paths = [tmp_path / name for name in texts]
    for path in paths:
        path.write_text(texts[path.name], encoding="utf-8")
    for order in (paths, paths[::-1]):
        with Archive.open(tmp_path / f"{order[0].stem}.db") as archive:
            list(reclean(order, archive))
            [record] = archive.records()
            assert len(archive.history.revisions(record.id)) == 2
            assert record.producer == "wechatmp2markdown"


PNG = png(3, 2)


def _with_picture(folder: Path, name: str, written: str = "![]({})") -> Path:
    path = folder / "x.md"
    fence = "```\n![](images/x.png)\n```"
    path.write_text(
        f"> **原文链接**: {link(1)}\n\n{TOOL}  \n{written.format(name)}  \n  \n{fence}\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    "written",
    ["![]({})", '<img src="{}" width="30">', "![[{}|300]]", "![][1]\n\n[1]: {}\n"],
)
def test_a_picture_beside_a_copy_is_kept_and_its_link_leads_there(
    tmp_path: Path, written: str
) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "一.png").write_bytes(PNG)
    path = _with_picture(tmp_path, "images/一.png", written)
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = reclean([path], archive)
        [record] = archive.records()
        [(address, file)] = archive.images.local(record.id).items()
        assert (record.state, file.read_bytes()) == ("ok", PNG)
        assert f"![]({address})" in record.body
        assert "```\n![](images/x.png)\n```" in record.body
        assert list(archive.images.wanted()) == []
        [again] = reclean([path], archive)
        assert (outcome.change, again.change) == ("added", "unchanged")


def test_a_picture_of_joplins_beside_its_note_is_found_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / f"{7:032x}.png").write_bytes(PNG)
    path = _with_picture(tmp_path, f":/{7:032x}")
    with Archive.open(tmp_path / "archive.db") as archive:
        list(reclean([path], archive))
        [record] = archive.records()
        assert (record.state, len(archive.images.local(record.id))) == ("ok", 1)


@pytest.mark.parametrize("name", ["../secret.png", "a%00b.png", "circle.png"])
def test_a_picture_that_is_not_beside_its_copy_is_lost(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    below = tmp_path / "below"
    below.mkdir()
    (below / "circle.png").symlink_to("circle.png")
    paths = [_with_picture(below, name)]
    with Archive.open(tmp_path / "archive.db") as archive:
        list(reclean(paths, archive))
        [record] = archive.records()
        assert (record.state, archive.images.local(record.id)) == ("truncated", {})
        assert archive.queue.get(link(1)) is not None


def test_a_picture_that_a_text_names_in_many_ways_is_read_and_kept_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.png").write_bytes(PNG)
    path = _with_picture(tmp_path, "x.png")
    ways = "\n\n".join(f"![]({'./' * number}x.png)" for number in range(9))
    path.write_text(path.read_text(encoding="utf-8") + f"\n\n{ways}\n", encoding="utf-8")
    read: list[Path] = []

    def noted(name: Path, limit: int) -> bytes:
        read.append(name)
        return read_input(name, limit)

    monkeypatch.setattr(adopt, "read_input", noted)
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = reclean([path], archive)
        assert [
            file.read_bytes() for file in archive.images.local(outcome.article_id).values()
        ] == [PNG]
        record = archive.get(outcome.article_id)
        assert record
        assert record.body.count("](images/") >= 9
    assert len(read) == 2


@pytest.mark.parametrize("source", [link(1), ""])
def test_pictures_that_come_later_than_their_document_come_in_with_the_next_run(
    tmp_path: Path, source: str
) -> None:
    path = tmp_path / "一.md"
    head = f"> **原文链接**: {source}\n\n" if source else ""
    path.write_text(f"{head}{TOOL}\n![](一.png)\n\n水声。\n\n![](二.png)\n", encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        told = []
        for name in ("", "", "一.png", "二.png", ""):
            if name:
                (tmp_path / name).write_bytes(PNG + name.encode())
            [outcome] = reclean([path], archive)
            [record] = archive.records()
            kept = archive.images.local(record.id)
            assert all(address in record.body for address in kept)
            told.append((outcome.change, record.state, len(kept)))
        assert told == [
            ("added", "truncated", 0),
            ("unchanged", "truncated", 0),
            ("updated", "truncated", 1),
            ("updated", "ok", 2),
            ("unchanged", "ok", 2),
        ]
        (tmp_path / "一.png").unlink()
        [outcome] = reclean([path], archive)
        assert (outcome.change, outcome.state) == ("unchanged", "ok")


def test_a_list_that_comes_later_gives_a_copy_its_link(tmp_path: Path) -> None:
    path = tmp_path / "渡口夜话.md"
    path.write_text(TOOL, encoding="utf-8")
    siblings = _siblings(Link(url=link(1), title="渡口夜话"), folder=str(tmp_path))
    with Archive.open(tmp_path / "archive.db") as archive:
        list(reclean([path], archive))
        [waiting] = archive.records()
        assert waiting.url == ""
        [still] = reclean([path], archive, siblings=_siblings(folder=str(tmp_path)))
        [outcome] = reclean([path], archive, siblings=siblings)
        [record] = archive.records()
        [again] = reclean([path], archive, siblings=siblings)
    assert (still.change, again.change) == ("unchanged", "unchanged")
    assert (outcome.article_id, record.url, record.account) == (record.id, link(1), "渡口")


def test_files_that_came_together_and_that_lists_tell_apart_keep_each_their_own_text(
    tmp_path: Path,
) -> None:
    files, lists = [], []
    for number, text in ((1, "船六点开。"), (2, "船不开了，风太大，明天再来看看。")):
        folder = tmp_path / str(number)
        folder.mkdir()
        files.append(folder / "渡口夜话.md")
        files[-1].write_text(TOOL.replace("船六点开。", text), encoding="utf-8")
        lists.append((f"{folder}/data.json", [Link(url=link(number), title="渡口夜话")]))
    with Archive.open(tmp_path / "archive.db") as archive:
        list(reclean(files, archive))
        assert archive.count() == 1
        list(reclean(files[:1], archive, siblings=Siblings.of_lists(lists)))
        list(reclean(files[1:], archive, siblings=Siblings.of_lists(lists)))
        shown = {record.url: record.body for record in archive.records()}
    assert "船六点开。" in shown[link(1)]
    assert "船不开了" in shown[link(2)]


@pytest.mark.parametrize("came", [False, True], ids=["new", "written anew"])
def test_a_copy_that_says_what_a_forgotten_one_says_comes_in_where_a_list_tells_another_article(
    tmp_path: Path, *, came: bool
) -> None:
    files, lists = [], []
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        files.append(folder / "渡口夜话.md")
        files[-1].write_text(TOOL.replace("船六点开。", f"船{number}点开。"), encoding="utf-8")
        lists.append((f"{folder}/data.json", [Link(url=link(number), title="渡口夜话")]))
    siblings = Siblings.of_lists(lists)
    with Archive.open(tmp_path / "archive.db") as archive:
        list(reclean(files if came else files[:1], archive, siblings=siblings))
        archive.forgotten.add(link(1), at="2026-11-27T10:00:00")
        text = files[1].read_text("utf-8")
        files[1].write_text(f"{text}\n末班船也开。\n", encoding="utf-8")
        away, other = reclean(files, archive, siblings=siblings)
        [record] = archive.records()
    assert (away.change, record.url) == ("forgotten", link(2))
    assert "末班船也开。" in record.body
    assert other.change in ("added", "updated")


@pytest.mark.parametrize(("day", "told"), [("2026-05-23", False), ("2026-05-22", True)])
def test_what_is_kept_away_and_may_be_of_the_day_before_is_told(
    tmp_path: Path, day: str, *, told: bool
) -> None:
    path = tmp_path / "渡口夜话.md"
    path.write_text(TOOL, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        list(reclean([path], archive))
        [record] = archive.records()
        assert record.date == "2026-05-23"
        archive.forgotten.add(record.id, at="2026-11-27T10:00:00")
        path.write_text(TOOL.replace("2026-05-23", day), encoding="utf-8")
        [outcome] = reclean([path], archive)
    assert outcome.change == "forgotten"
    assert outcome.left.endswith(f"crawler forget --undo {record.id}") == told


def test_a_copy_that_an_older_cleaner_read_joins_the_article_of_which_a_list_tells(
    tmp_path: Path,
) -> None:
    path = tmp_path / "渡口夜话.md"
    path.write_text(TOOL, encoding="utf-8")
    siblings = _siblings(Link(url=link(1), title="渡口夜话"), folder=str(tmp_path))
    with Archive.open(tmp_path / "archive.db") as archive:
        list(reclean([path], archive))
        archive.connection.execute("UPDATE seeds SET cleaner_version = 1")
        list(reclean([path], archive, siblings=siblings))
        [record] = archive.records()
    assert record.url == link(1)


@pytest.mark.parametrize("before", [False, True], ids=["alone", "beside a list"])
@pytest.mark.parametrize("after", [False, True], ids=["then alone", "then beside a list"])
def test_a_copy_without_a_link_that_was_forgotten_stays_away_with_a_list_and_without(
    tmp_path: Path, *, before: bool, after: bool
) -> None:
    path = tmp_path / "渡口夜话.md"
    path.write_text(TOOL, encoding="utf-8")
    lists = {
        True: _siblings(Link(url=link(1), title="渡口夜话"), folder=str(tmp_path)),
        False: NONE,
    }
    with Archive.open(tmp_path / "archive.db") as archive:
        list(reclean([path], archive, siblings=lists[before]))
        [record] = archive.records()
        archive.forgotten.add(record.id, at="2026-11-27T10:00:00")
        [outcome] = reclean([path], archive, siblings=lists[after])
        assert (outcome.change, archive.count()) == ("forgotten", 0)
        assert archive.forgotten.remove(record.id)
        [outcome] = reclean([path], archive, siblings=lists[after])
        assert (outcome.change, archive.count()) == ("added", 1)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("渡口夜话.md", "渡口夜话\n====\n\n"),
        ("渡口夜话.txt", ""),
        ("1.txt", "渡口夜话\n====\n\n"),
        ("20240305_渡口夜话.md", ""),
        ("2024-03-05 渡口夜话.md", ""),
    ],
)
def test_a_text_without_a_link_that_a_list_beside_it_names_is_told(
    tmp_path: Path, name: str, title: str
) -> None:
    """The exporter writes so: nothing but its title tells which article it is."""
    path = tmp_path / name
    words = title + "船六点开，人都在岸上。" * 30
    path.write_text(words, encoding="utf-8")
    siblings = _siblings(Link(url=link(1), title="渡口夜话"), folder=str(tmp_path))
    with Archive.open(tmp_path / "archive.db") as archive:
        [alone] = reclean([path], archive)
        [told] = reclean([path], archive, siblings=siblings)
        path.write_text(f"原文链接：{link(1)}\n\n{words}", encoding="utf-8")
        [outcome] = reclean([path], archive, siblings=siblings)
        [record] = archive.records()
    assert (alone.state, alone.error, told.state) == ("not_wechat", None, "unreadable")
    assert "a list beside it names an article of its title" in str(told.error)
    assert (outcome.state, record.url) == ("ok", link(1))


def test_a_text_that_links_to_others_is_told_too_where_a_list_beside_it_names_its_title(
    tmp_path: Path,
) -> None:
    further = f"往期：[潮水]({link(2)})与[信标]({link(3)})\n"
    long, short = tmp_path / "渡口夜话.md", tmp_path / "渡口短报.md"
    long.write_text("船六点开，人都在岸上。" * 30 + f"\n\n{further}", encoding="utf-8")
    short.write_text(f"今日推荐。\n\n{further}", encoding="utf-8")
    named = [Link(url=link(number), title=path.stem) for number, path in enumerate((long, short))]
    siblings = _siblings(*named, folder=str(tmp_path))
    with Archive.open(tmp_path / "archive.db") as archive:
        told, passed = reclean([long, short], archive, siblings=siblings)
    assert "a list beside it names an article of its title" in str(told.error)
    assert (passed.taken_for, passed.error) == ("list (lines)", None)


@pytest.mark.parametrize(
    ("name", "words"), [("渡口夜话.md", "船六点开。"), ("河口.md", "河口\n\n" + "船六点开。" * 99)]
)
def test_a_short_text_or_one_of_another_title_beside_a_list_is_passed_over(
    tmp_path: Path, name: str, words: str
) -> None:
    path = tmp_path / name
    path.write_text(words, encoding="utf-8")
    siblings = _siblings(Link(url=link(1), title="渡口夜话"), folder=str(tmp_path))
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = reclean([path], archive, siblings=siblings)
    assert (outcome.state, outcome.error) == ("not_wechat", None)


def test_a_title_of_signs_alone_in_a_list_is_that_of_no_text_beside_it(tmp_path: Path) -> None:
    """A list with an article called `🌊` had each note named whose first line is `---`."""
    path = tmp_path / "河口.md"
    path.write_text("---\ntags: 海\n---\n\n" + "船六点开。" * 99, encoding="utf-8")
    siblings = _siblings(Link(url=link(1), title="🌊"), folder=str(tmp_path))
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = reclean([path], archive, siblings=siblings)
    assert (outcome.state, outcome.error) == ("not_wechat", None)
    assert siblings.link_of(str(path), Link(url="", title="……")) is None


PICTURE = f"![](https://mmbiz.qpic.cn/mmbiz_jpg/{'a' * 87}/640?wx_fmt=jpeg)\n\n"


@pytest.mark.parametrize("name", ["feed.txt", "feed.md"])
def test_a_feed_under_another_name_is_told_to_carry_texts(tmp_path: Path, name: str) -> None:
    text = f"<content:encoded><![CDATA[<p>{'船六点开。' * 50}</p>]]></content:encoded>"
    space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    item = f"<item><title>渡口夜话</title><link>{link(1)}</link>{text}</item>"
    feed = f"<rss version='2.0' {space}><channel><title>渡口</title>{item}</channel></rss>"
    (tmp_path / name).write_text(feed, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [told] = reclean([tmp_path / name], archive)
        assert len(archive.queue.entries()) == 1
    assert "carries 1 text, to be read where its name ends in .xml" in str(told.error)


@pytest.mark.parametrize(
    "note",
    [
        "渡口夜话\n\nURL\n\n#待读 #渡口",
        "# 待读\n\n\n- [渡口夜话](URL)",
        "渡口夜话\n\n> 分享自微信\n\nURL",
        "渡口夜话\nURL\n\n发自我的 iPhone",
        "Title: 渡口\nDate: 2024-05-01\n\nURL",
        "> 公众号：江边 | [原文](URL)\n\n" + PICTURE * 8 + "船六点开，岸边的灯还亮着。" * 9,
        "> Account: Shore | [原文](URL)\n\n" + "The ferry leaves at six.\n\n" * 20,
    ],
)
def test_a_link_with_a_few_words_around_it_is_said_to_be_left(tmp_path: Path, note: str) -> None:
    (tmp_path / "a.md").write_text(f"{note.replace('URL', link(1))}\n", encoding="utf-8")
    words = f"昨夜读了一篇写渡口的好文章，就在这里：{link(2)} ，作者写得很动人，"
    words += "大家都该去看一看，我前后读了三遍，每一遍都不一样。"
    (tmp_path / "b.md").write_text(f"{words}\n\n明天买菜\n\n还要寄信", encoding="utf-8")
    profile = "https://mp.weixin.qq.com/mp/profile_ext?action=home&__biz=MzA5MDAwMDAwMA=="
    (tmp_path / "c.md").write_text(f"# 号\n\n见\n\n{profile}\n", encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        told, passed, other = reclean([tmp_path / f"{name}.md" for name in "abc"], archive)
        assert archive.queue.entries() == []
    assert {told.state, passed.state, other.state} == {"not_wechat"}
    assert passed.left == other.left == ""
    assert told.left.startswith("names one article beside a few words, and was left")


def test_mail_whose_text_is_encoded_is_said_to_be_mail(tmp_path: Path) -> None:
    head = "From: a@b.example\nContent-Type: text/plain\nContent-Transfer-Encoding: "
    for encoding, is_told in (("base64", True), ("Quoted-Printable", True), ("8bit", False)):
        (tmp_path / "a.eml").write_text(f"{head}{encoding}\n\n5riU5Y+j\n", encoding="utf-8")
        with Archive.open(tmp_path / "archive.db") as archive:
            [outcome] = reclean([tmp_path / "a.eml"], archive)
        assert (outcome.state, "is mail" in outcome.left) == ("not_wechat", is_told)


TITLE = "How a ferryman who spent twenty-three years on the river sees the new bridge"
PARAGRAPH = "The ferry leaves at six, when the lamps on the shore are still burning brightly. " * 6
SHARED = f"转载自 [{TITLE}](URL)"
TAGGED = "---\ntags:\n" + "- a\n" * 9 + "---\n\n"
QUOTED = "As [one of them](URL) says, and nobody doubts it, ferries go on."


@pytest.mark.parametrize(
    "note",
    [
        f"# [{TITLE}](URL)\n\nTEXT",
        f"# {TITLE}\n\n{SHARED}\n\nTEXT",
        f"TEXT\n\n{TITLE} URL",
        "TEXT\n\n原文链接：URL\n\n#渡口 #江边",
        "TEXT\n\n[阅读原文](URL)\n\n^a1b2c3\n\n以上。",
        "[甲](URL)\n\nLINE",
        "LINE（来源：URL）",
        "# 甲\n\nLINE[原文](URL)",
        f"{TAGGED}# {TITLE}\n\n[阅读原文](URL)\n\nTEXT",
        f"# {TITLE}\n\nTEXT\n\n{QUOTED}\n\nTEXT",
    ],
)
def test_a_text_that_names_an_article_is_never_left_without_a_word(
    tmp_path: Path, note: str
) -> None:
    note = note.replace("LINE", "船六点开，岸边的灯还亮着。" * 40)
    text = note.replace("TEXT", f"{PARAGRAPH}\n\n{PARAGRAPH}\n\n{PARAGRAPH}").replace(
        "URL", link(1)
    )
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [told] = reclean([tmp_path / "a.md"], archive)
    assert "was left" in f"{told.error}{told.left}"


def test_a_short_text_with_headings_of_digests_is_said_to_be_left(tmp_path: Path) -> None:
    head = f"# 渡口夜话\n\n来源：灯塔\n原文：{link(1)}\n\n"
    callout = f"> [!abstract] 摘要\n> 船。\n\n{'人在岸上。' * 90}"
    parted = "## 要点\n\n船。\n\n## 论据\n\n人。"
    texts = ("## 核心观点\n\n船。", parted, callout, "## AI 总结\n\n船。")
    paths = [tmp_path / f"{number}.md" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(head + text, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        told = [(outcome.left, outcome.error) for outcome in reclean(paths, archive)]
    said = "was taken for a note about the article (note:{}), not its text"
    signs = ("heading", "parted", "called-out")
    assert told == [*((said.format(sign), None) for sign in signs), ("", None)]


def test_a_text_below_the_head_of_mail_is_told(tmp_path: Path) -> None:
    head = f"From: a@b.c\nSent: 2024-05-01\nTo: d\nSubject: 渡口夜话\n\n{link(1)}\n\n"
    (tmp_path / "a.txt").write_text(head + "船六点开，人都在岸上。\n" * 30, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [told] = reclean([tmp_path / "a.txt"], archive)
        assert len(archive.queue.entries()) == 1
    assert "names an article beside a text, which was left" in str(told.error)


@pytest.mark.parametrize("where", ["above", "below"])
@pytest.mark.parametrize(
    "line",
    [
        *("URL", "<URL>", "[阅读原文](URL)", "转自：URL"),
        "> 作者：阿渡 | 公众号：渡口 | 发布时间：2024-05-01 08:00 | 写于旧城码头 | [原文链接](URL)",
    ],
)
def test_a_text_that_names_one_article_at_its_edge_is_told(
    tmp_path: Path, where: str, line: str
) -> None:
    line, text = line.replace("URL", link(1)), "船六点开，人都在岸上。\n\n" * 99
    page = f"{line}\n\n{text}" if where == "above" else f"{text}{line}\n"
    (tmp_path / "a.md").write_text(f"# 渡口夜话\n\n{page}", encoding="utf-8")
    (tmp_path / "b.md").write_text(f"{text}见 {link(2)} 一文。\n\n{text}", encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        told, passed = reclean([tmp_path / "a.md", tmp_path / "b.md"], archive)
        assert len(archive.queue.entries()) == 1
    assert "names an article beside a text, which was left" in str(told.error)
    assert (passed.state, passed.error) == ("not_wechat", None)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("# 渡口夜话\n\nA\n\nTEXT往期：B\n\nTEXT", True),
        ("# 渡口夜话\n\nTEXT往期：B\n\n岸上的灯。\n\nA\n", True),
        ("# 渡口夜话\n\nTEXT- 往期：B\n- A\n", False),
        ("# 渡口夜话\n\nA\n\n- 往期：B\n\n人都在岸上。\n", False),
    ],
)
def test_a_text_with_more_links_than_the_one_at_its_edge_is_told(
    tmp_path: Path, text: str, *, is_told: bool
) -> None:
    text = text.replace("TEXT", "船六点开，人都在岸上。\n\n" * 60)
    text = text.replace("A", link(1)).replace("B", link(2))
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        [outcome] = reclean([tmp_path / "a.md"], archive)
        assert len(archive.queue.entries()) == 2
    assert ("names an article beside a text" in str(outcome.error)) is is_told


def _copy_of(account: str, day: str, words: str) -> str:
    return f"#  早安   \n {account}   {day} 11:29  \n  \n" + f"{words}船六点开，灯还亮着。\n\n" * 9


def test_copies_of_other_accounts_or_days_have_not_one_link_for_their_title(
    tmp_path: Path,
) -> None:
    said = [("渡口", "2024-05-01"), ("河口", "2024-05-01"), ("渡口", "2024-06-01")]
    said += [("渡口", "2024-05-02"), ("渡口", "2024-04-30")]  # the last, of one text, by UTC
    for number, (account, day) in enumerate(said):
        text = _copy_of(account, day, f"第{number % 4}天的")
        (tmp_path / f"{number}.md").write_text(text, encoding="utf-8")
    siblings = _siblings(Link(url=link(1), title="早安"), folder=str(tmp_path))
    files = sorted(tmp_path.glob("*.md"))
    with Archive.open(tmp_path / "archive.db") as archive:
        outcomes = list(reclean(files, archive, siblings=siblings))
        settle_copies(archive)  # which takes no text of the next day for the same one's
        assert [one.account for one in archive.records() if one.url] == ["渡口"]
        assert archive.count() == 4
        assert [bool(outcome.error) for outcome in outcomes] == [False, True, True, True, False]
        told = [replace(_issue(number), title="早安") for number in (1, 2, 3)]
        told = [
            replace(one, account=account, date=day)
            for one, (account, day) in zip(told, said[1:4], strict=True)
        ]
        more = _siblings(Link(url=link(1), title="早安"), *told, folder=str(tmp_path))
        assert not any(one.error for one in reclean(files, archive, siblings=more))
        assert all(one.url for one in archive.records())


def test_the_text_of_the_next_day_is_none_of_an_article_with_its_title(tmp_path: Path) -> None:
    for number, text in enumerate(("船六点开。", "潮水漫过了石阶。")):
        copy = _copy_of("渡口", f"2024-05-0{number + 1}", text * 20)
        (tmp_path / f"{number}.md").write_text(copy, encoding="utf-8")
    files = sorted(tmp_path.glob("*.md"))
    known = replace(_issue(1), title="早安", date="2024-05-01")
    lists = [_siblings(known, folder=str(tmp_path)), NONE]
    with Archive.open(tmp_path / "archive.db") as archive:
        for file, siblings in zip(files, lists, strict=True):
            list(reclean([file], archive, siblings=siblings))
        settle_copies(archive)
        assert [(one.date, bool(one.url)) for one in archive.records()] == [
            ("2024-05-01", True),
            ("2024-05-02", False),
        ]


def test_a_copy_that_was_parted_is_nothing_to_hold_others_against_in_a_later_run(
    tmp_path: Path,
) -> None:
    said = [("渡口", "2024-05-01"), ("河口", "2024-06-01"), ("河口", "2024-06-01")]
    for number, (account, day) in enumerate(said):
        text = _copy_of(account, day, account) + number * "又存一次。"
        (tmp_path / f"{number}.md").write_text(text, encoding="utf-8")
    siblings = _siblings(Link(url=link(1), title="早安"), folder=str(tmp_path))
    files = sorted(tmp_path.glob("*.md"))
    with Archive.open(tmp_path / "archive.db") as archive:
        for _ in range(3):
            list(reclean(files, archive, siblings=siblings))
            assert [one.account for one in archive.records() if one.url] == ["渡口"]


def test_a_copy_that_was_parted_from_a_link_gets_it_back_by_no_entry_of_the_queue(
    tmp_path: Path,
) -> None:
    for account in ("渡口", "河口"):
        head = f"#  早安\n\n原创  阿青  [ {account} ](javascript:void\\(0\\);)\n\n__ _ _ _ _\n\n"
        text = head + f"{account}的船六点开，灯还亮着。\n\n" * 9
        (tmp_path / f"{account}.md").write_text(text, encoding="utf-8")
    siblings = _siblings(Link(url=link(1), title="早安"), folder=str(tmp_path))
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.queue.offer(link(1), why="named in a list", title="早安")
        files = sorted(tmp_path.glob("*.md"))
        outcomes = list(reclean(files, archive, siblings=siblings))
        assert [bool(outcome.error) for outcome in outcomes] == [False, True]
        assert sum(bool(one.url) for one in archive.records()) == 1
        assert archive.count() == 2


def test_texts_that_differ_and_have_one_key_for_want_of_a_day_are_told(tmp_path: Path) -> None:
    text = "#  早报\n\n原创  阿青  [ 渡口 ](javascript:void\\(0\\);)\n\n__ _ _ _ _\n\n"
    bodies = {"a": "潮水漫过石阶。", "b": "渡轮今晨停航，等到雾散。", "c": "潮水漫过石阶。\n\n"}
    for name, body in bodies.items():
        (tmp_path / f"{name}.md").write_text(text + body * 20, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        outcomes = list(reclean(sorted(tmp_path.glob("*.md")), archive))
    assert [bool(outcome.error) for outcome in outcomes] == [False, True, False]
