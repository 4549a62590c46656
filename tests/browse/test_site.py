from __future__ import annotations

import asyncio
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import warnings
from contextlib import closing
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import httpx
import pytest
from click.testing import CliRunner
from sqlite_utils.cli import cli as sqlite_utils_cli

from crawler.archive import back_up, restore
from crawler.archive.archive import Archive
from crawler.archive.database import pack
from crawler.archive.saving import Evidence
from crawler.article import Origin, State
from crawler.browse import datasette_app, serve
from crawler.errors import ArchiveError
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

import uvicorn

from crawler.browse.pages.picture import picture_at
from tests.archive.journals import leave_half_a_write
from tests.browse.library import DEAD, make_article
from tests.browse.painting import paint
from tests.test_fields import MARKS, SECRET, UNSEEN


def _app(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Datasette's own
        return datasette_app(path)


@pytest.fixture(scope="module")
def get(library: Path) -> Callable[[str], Any]:
    app = _app(library)

    async def fetch(path: str) -> Any:
        await app.invoke_startup()
        return await app.client.get(path)

    return lambda path: asyncio.run(fetch(path))


def test_the_front_page_counts_articles_accounts_and_states(get: Callable[[str], Any]) -> None:
    page = get("/").text
    assert '<h1>71 articles</h1><p class="bare">and 1 more without a text</p>' in page
    assert '<svg class="chart"' in page
    assert "江畔安全观察" in page
    assert "/articles?state=truncated" in page


def test_an_archive_that_is_read_as_one_that_nobody_changes_is_shown_alike(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.browse.server.stands_still", lambda _: True)
    app = _app(library)

    async def fetch() -> list[str]:
        await app.invoke_startup()
        return [(await app.client.get(path)).text for path in ("/", "/articles?q=诈骗")]

    front, found = asyncio.run(fetch())
    assert '<h1>71 articles</h1><p class="bare">and 1 more without a text</p>' in front
    assert "<mark>诈骗</mark>" in found


def test_no_page_shows_such_an_archive_once_it_was_written_to(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of which SQLite would show what was forgotten since, and half of what was added."""
    path = tmp_path / "archive.db"
    back_up(library, path)
    monkeypatch.setattr("crawler.browse.server.stands_still", lambda _: True)
    app = _app(path)

    async def fetch() -> tuple[int, Any]:
        await app.invoke_startup()
        before = await app.client.get("/")
        with Archive.open(path) as archive:
            archive.forgotten.add(make_article(1).id, at="2026-01-02T03:04:05")
        return before.status_code, await app.client.get("/")

    before, after = asyncio.run(fetch())
    assert before == 200
    assert after.status_code == 503
    assert "start it again" in after.text


def test_no_page_shows_an_archive_that_was_put_aside_by_a_restore(
    library: Path, tmp_path: Path
) -> None:
    path = tmp_path / "archive.db"
    back_up(library, path)
    app = _app(path)

    async def fetch() -> tuple[int, Any]:
        await app.invoke_startup()
        before = await app.client.get("/")
        restore(path, library)
        return before.status_code, await app.client.get("/")

    before, after = asyncio.run(fetch())
    assert before == 200
    assert after.status_code == 503
    assert "start it again" in after.text


def test_pages_are_shown_where_a_run_was_killed_in_the_midst_of_a_write_meanwhile(
    library: Path, tmp_path: Path
) -> None:
    path = tmp_path / "archive.db"
    back_up(library, path)
    with closing(sqlite3.connect(path)) as unlogged:  # of a log another connection waits for
        unlogged.execute("PRAGMA journal_mode = DELETE")
    app = _app(path)

    async def fetch() -> list[int]:
        await app.invoke_startup()
        first = await app.client.get("/")
        leave_half_a_write(path)
        return [first.status_code, (await app.client.get("/")).status_code]

    assert asyncio.run(fetch()) == [200, 200]


def test_the_deaths_page_tells_each_death_with_its_notice_and_what_is_held(
    get: Callable[[str], Any],
) -> None:
    page = get("/deaths").text
    assert f"<h1>{len(DEAD) + 1} deaths</h1>" in page
    assert f"{len(DEAD) + 1} deaths from 2026-03 to 2026-08" in page
    assert "此帐号已被屏蔽，内容无法查看" in page
    assert "account_gone" in page
    assert "1 came back" in page
    assert 'back <time datetime="2026-09-20">' in page
    assert "/account/" in page
    assert f"/article/{quote(make_article(4).id, safe='')}" in page
    assert make_article(0).id not in unquote(page)  # a slip: the notice stood there on one day
    assert "<script>window.ran" not in page


def test_an_archive_that_knows_no_deaths_yet_says_so(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    with closing(sqlite3.connect(path)) as older:
        older.execute("DROP VIEW deaths")
    app = _app(path)

    async def fetch() -> Any:
        await app.invoke_startup()
        return await app.client.get("/deaths")

    page = asyncio.run(fetch())
    assert page.status_code == 200
    assert "<h1>0 deaths</h1>" in page.text
    assert "crawler watch" in page.text


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("q=诈骗", "<mark>诈骗</mark>"),
        ("q=SQL注入", "<mark>SQL注入</mark>"),
        ("q=CVE-2024-3094", "<mark>CVE-2024-3094</mark>"),
        ("q=诈骗 AND", "needs a word after AND"),
        ("q=%00", "is empty"),
        ("q=没有这样的词", "0 articles"),
        ("account=北岸读书会", "account: 北岸读书会 ×"),
        ("kind=gallery&year=2024", "kind: gallery ×"),
        ("state=deleted", "and 1 more without a text"),
        ("page=9999999", "71 articles<"),
        ("page=-1", "71 articles<"),
        ("page=³", "71 articles<"),
        ("account=' OR 1=1 --", "0 articles"),
    ],
)
def test_the_list_shows_what_was_asked_for(
    get: Callable[[str], Any], query: str, text: str
) -> None:
    answer = get(f"/articles?{quote(query, safe='=&%')}")
    assert answer.status_code == 200
    assert text in answer.text


def test_the_pages_of_a_list_hold_every_article_once(get: Callable[[str], Any]) -> None:
    pages = [get(f"/articles?page={page}").text for page in range(1, 5)]
    links = [
        line.split('"')[1] for page in pages for line in page.splitlines() if "<li><h2>" in line
    ]
    assert len(links) == len(set(links)) == 72


def test_an_article_has_its_source_revisions_and_events(get: Callable[[str], Any]) -> None:
    page = get("/article/MzA0MDAwMDAwMQ%3D%3D%3A2650000000%3A1").text
    assert 'href="https://mp.weixin.qq.com/s?__biz=MzA0MDAwMDAwMQ==' in page
    assert "更正：第三起案件的日期已改。" in page
    for moment, shown in (
        ("2026-02-20T10:00:00+08:00", "20 February 2026 10:00"),
        ("2026-02-11T09:30:00+08:00", "11 February 2026 09:30"),
    ):
        assert page.count(f'<td><time datetime="{moment}">{shown}</time></td>') == 2


def test_a_picture_that_we_have_comes_from_the_archive(get: Callable[[str], Any]) -> None:
    page = get("/article/" + quote(_id_of(2), safe="")).text
    (address,) = re.findall(r'src="(/picture/[0-9a-f]{64})"', page)
    answer = get(address)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.content == paint(320, 200)


def test_an_svg_of_ours_is_not_served_at_all(get: Callable[[str], Any], library: Path) -> None:
    assert "/picture/" not in get("/article/" + quote(_id_of(3), safe="")).text
    with closing(sqlite3.connect(library)) as conn:
        (sha256,) = conn.execute(
            "SELECT sha256 FROM images WHERE type = 'image/svg+xml'"
        ).fetchone()
    assert get(f"/picture/{sha256}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["../archive.db", "archive.db", "/etc/passwd", "images/../archive.db", "images", "images/x"],
)
def test_only_files_below_images_are_pictures(library: Path, path: str) -> None:
    assert picture_at(str(library), path) is None


def test_a_picture_that_is_not_there_is_a_plain_404(get: Callable[[str], Any]) -> None:
    assert get("/picture/" + "0" * 64).status_code == 404


def _id_of(number: int) -> str:
    return make_article(number).id


def test_an_article_that_is_gone_says_so(get: Callable[[str], Any]) -> None:
    page = get("/article/MzB4:10:1").text
    assert "The archive has no text of this article: its author deleted it." in page
    assert "该内容已被发布者删除" in page


def test_an_article_that_is_not_there_is_a_plain_404(get: Callable[[str], Any]) -> None:
    answer = get("/article/%3Cb%3E")
    assert answer.status_code == 404
    assert "There is no article &lt;b&gt; in this archive." in answer.text


@pytest.mark.parametrize("path", ["/", "/articles", "/deaths", "/article/MzB4:9:1"])
def test_our_pages_allow_no_script_but_ours(get: Callable[[str], Any], path: str) -> None:
    policy = get(path).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert policy.count("script-src 'sha256-") == 1
    assert "unsafe" not in policy


def test_nothing_can_be_written_through_the_site(get: Callable[[str], Any], library: Path) -> None:
    # that is the attack
    answer = get("/archive?sql=" + quote("delete from articles"))  # noqa: S608
    assert answer.status_code == 400
    with closing(sqlite3.connect(library)) as conn:
        assert conn.execute("SELECT count(*) FROM articles").fetchone() == (72,)


def test_a_wrong_request_prints_nothing(
    get: Callable[[str], Any], capfd: pytest.CaptureFixture[str]
) -> None:
    assert get("/archive?sql=" + quote("attach 'x' as y")).status_code == 400
    assert capfd.readouterr() == ("", "")


def test_datasettes_own_search_and_facets_work(get: Callable[[str], Any]) -> None:
    found = get(
        "/archive/articles.json?_shape=array&_col=title&_search=" + quote("电信网络诈骗")
    ).json()
    assert len(found) == 7
    assert {row["title"][:14] for row in found} == {"公安通报三起电信网络诈骗案"[:14]} | {
        row["title"][:14]
        for row in found
        if row["title"].startswith("公安通报三起电信网络诈骗案（")
    }
    facets = get("/archive/articles.json?_size=0").json()["facet_results"]
    assert set(facets) == {"account", "kind", "state"}


def test_the_tables_of_the_index_are_hidden(get: Callable[[str], Any]) -> None:
    tables = {table["name"]: table["hidden"] for table in get("/archive.json").json()["tables"]}
    assert not tables["articles"]
    assert all(tables[name] for name in ("articles_fts", "search_index", "search_pending"))


def test_an_archive_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"nowhere\.db: no such archive"):
        datasette_app(tmp_path / "nowhere.db")


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("127.0.0.1:80", 200), ("evil.example", 403), ("[", 403)],
)
def test_a_name_that_another_site_points_at_us_gets_no_answer(
    address: str, host: str, status: int
) -> None:
    assert httpx.get(address + "/", headers={"Host": host}, timeout=PATIENCE).status_code == status


def test_a_port_that_is_taken_is_named(library: Path, address: str) -> None:
    port = address.rsplit(":", 1)[1]
    code = "serve(Path(sys.argv[1]), port=int(sys.argv[2]))"
    assert f"127.0.0.1:{port}; choose another --port" in _error_of(code, str(library), port)


def test_no_socket_comes_past_the_checks_where_a_library_for_them_is_installed(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(uvicorn.config.WS_PROTOCOLS, "auto", "asyncio:Protocol")
    seen: list[object] = []

    def run(server: uvicorn.Server, **_: object) -> None:
        server.config.load()
        seen.append(server.config.ws_protocol_class)

    monkeypatch.setattr(uvicorn.Server, "run", run)
    serve(library, port=0)
    assert seen == [None]


def test_without_the_extra_the_error_says_how_to_install_it(library: Path) -> None:
    code = "sys.modules['datasette'] = None; serve(Path(sys.argv[1]))"
    assert 'pip install "wechat-article-archive[browse]"' in _error_of(code, str(library))


def _error_of(code: str, *arguments: str) -> str:
    """What a ConfigError says that some code raises in a Python of its own."""
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from crawler.browse import serve\nfrom crawler.errors import ConfigError\n"
        f"try: {code}\n"
        "except ConfigError as error: print(error)"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(  # noqa: S603  (our own Python)
        command, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    return done.stdout


def test_the_front_page_counts_as_the_command_does(
    get: Callable[[str], Any], library: Path
) -> None:
    with Archive.open(library, read_only=True) as archive:
        counts = archive.overview(now="")
    page = unescape(get("/").text)
    assert f"<title>{sum(counts.months.values())} articles from" in page
    for name, count in (*counts.states.items(), *counts.accounts.items()):
        bar = r"<td class=\"bar\">.*</td>"
        row = rf">{re.escape(name)}</a></th>\s*{bar}\s*<td class=\"number\">{count:,}<"
        assert re.search(row, page), name


@pytest.mark.parametrize("words", ["诈骗", "安全", "SQL注入", "CVE-2024-3094", "诈骗 OR 安全"])
def test_command_site_and_plugin_find_the_same_articles_in_one_order(
    get: Callable[[str], Any], library: Path, words: str
) -> None:
    with Archive.open(library, read_only=True) as archive:
        found = [hit.id for hit in archive.search(words, limit=20)]
    page = get(f"/articles?q={quote(words)}").text
    shown = [unquote(unescape(key)) for key in re.findall(r'href="/article/([^"#?]+)"', page)]
    plugin = ["search", str(library), "articles", words, "-c", "id", "--limit", "20"]
    rows = json.loads(CliRunner().invoke(sqlite_utils_cli, plugin).stdout)
    assert found
    assert list(dict.fromkeys(shown)) == found
    assert [row["id"] for row in rows] == found


def test_no_article_can_forge_the_marks_of_a_hit(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article(0))
    with closing(sqlite3.connect(path)) as forged, forged:
        forged.execute(
            "UPDATE articles SET title = ?, body = ?",
            ["标题\ue000真\ue001", "# 标题\n\n正文\ue000假的\ue001诈骗"],
        )
    for address in ("/articles", f"/articles?q={quote('诈骗')}"):
        page = _page_of(path, address)
        assert ">标题真</a>" in page
        assert re.sub("</?mark>", "", page.partition(">正文假的")[2]).startswith("诈骗</p>")
    assert ">正文假的<mark>诈骗</mark></p>" in page


def _with_copies_and_shells(path: Path) -> None:
    """Three articles of one text in two accounts, another one, and two bare titles."""
    copies = [replace(make_article(number), title="渡轮的灯") for number in (1, 2, 3)]
    other = replace(make_article(4), title="渡轮与灯塔")
    bare = [
        replace(make_article(number), title="渡轮", body="", state=State.HOLLOW)
        for number in (5, 6)
    ]
    with Archive.open(path) as archive:
        for article in (*copies, other, *bare):
            archive.save(article)
        for one in copies:
            archive.database.execute(
                "INSERT INTO stories VALUES (?, 'b', 0, 1, 't', 's', 1, ?, ?)",
                [one.id, copies[0].id, copies[0].id],
            )


def _listed_in(page: str) -> list[str]:
    return [unquote(key) for key in re.findall(r'<li><h2><a href="/article/([^"]+)"', page)]


def test_a_search_that_is_too_long_is_told_so_and_not_cut(get: Callable[[str], Any]) -> None:
    answer = get(f"/articles?q={'x' * 501}")
    assert answer.status_code == 200
    assert "has more than 500 characters" in answer.text


def test_a_search_shows_texts_once_and_leads_to_what_it_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    _with_copies_and_shells(path)
    address = f"/articles?q={quote('渡轮')}"
    page = _page_of(path, address)
    assert len(_listed_in(page)) == 2
    assert '<h1 class="count">4 articles with' in page
    shells, copies = f"{address}&amp;all=1", f"{address}&amp;no-fold=1"
    assert f'and 2 more without a text: <a href="{shells}">show them</a>' in page
    assert page.count(f'<a href="{copies}">and 2 more with this text</a>') == 1
    with_shells = _page_of(path, unescape(shells))
    assert _listed_in(with_shells)[:2] == _listed_in(page)
    assert {*_listed_in(with_shells)[2:]} == {make_article(5).id, make_article(6).id}
    assert "show them" not in with_shells
    assert f'href="{address}" title="give up">without a text, too ×</a>' in with_shells
    unfolded = _page_of(path, unescape(copies))
    assert len(_listed_in(unfolded)) == 4
    assert "more with this text" not in unfolded


def test_a_list_without_words_holds_every_article(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    _with_copies_and_shells(path)
    page = _page_of(path, "/articles")
    assert len(_listed_in(page)) == 6
    assert "and 2 more without a text</p>" in page


def test_facets_of_a_search_count_what_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    _with_copies_and_shells(path)
    address = f"/articles?q={quote('渡轮')}"
    hollow = re.compile(r'state=hollow[^"]*">hollow</a> <span class="number">2</span>')
    assert not hollow.search(_page_of(path, address))
    assert hollow.search(_page_of(path, f"{address}&all=1"))


@pytest.mark.parametrize("sort", ["best", "newest", "oldest", "longest"])
def test_the_pages_of_a_search_hold_every_article_once(
    get: Callable[[str], Any], sort: str
) -> None:
    address = f"/articles?q={quote('记录')}&sort={sort}"
    first = get(address).text
    (number,) = re.findall(r'<h1 class="count">(\d+) articles', first)
    pages = [first, *(get(f"{address}&page={page}").text for page in range(2, 6))]
    shown = [key for page in pages for key in _listed_in(page)]
    assert len(shown) == len(set(shown)) == int(number) > 40


def test_an_archive_whose_index_is_of_another_version_says_so(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    _with_copies_and_shells(path)
    with closing(sqlite3.connect(path)) as older, older:
        older.execute("UPDATE search_index SET folding = 'other tables'")
    assert "is missing, or of another version" in _page_of(path, "/articles?q=a")


def test_an_article_shows_where_its_text_is_from_and_where_others_have_its_title(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    bare = replace(make_article(1), title="夜航", state=State.HOLLOW, body="")
    where = "theirs/a.md; the same identity"
    back = replace(make_article(2), origin=Origin.RECOVERED, recovered_from=where)
    with Archive.open(path) as archive:
        archive.save(bare)
        archive.save(back)
        for way, source, url in (
            ("titles", back.id, ""),
            ("from", "<script>.md", "https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0"),
            ("from", "b.md", "javascript:alert(1)"),
        ):
            archive.evidence.note(
                Evidence(
                    article_id=bare.id, way=way, source=source, url=url, title="夜航", at="",
                    verdict="pointer", agreed="title",
                )
            )  # fmt: skip
    pages = [_page_of(path, f"/article/{quote(one.id, safe='')}") for one in (bare, back)]
    assert f'href="/article/{quote(back.id, safe="")}"' in pages[0]
    assert 'href="https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0"' in pages[0]
    assert "&lt;script&gt;.md" in pages[0]
    assert "javascript:" not in pages[0]
    assert "Its text was recovered from theirs/a.md; the same identity." in pages[1]


def _page_of(path: Path, address: str) -> str:
    app = _app(path)

    async def fetch() -> str:
        await app.invoke_startup()
        response = await app.client.get(address)
        assert response.status_code == 200
        return str(response.text)

    return asyncio.run(fetch())


@pytest.mark.parametrize(
    "page",
    ["/", "/articles", "/article/{}", "/revisions/{}", "/archive/articles"],
)
def test_no_page_shows_the_marks_and_credentials_that_others_wrote(
    tmp_path: Path, page: str
) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article(1))
        [(key, url)] = archive.connection.execute("SELECT id, url FROM articles")
    odd = f"灯{MARKS}塔 {url}&key={SECRET}"
    with closing(sqlite3.connect(path)) as database, database:
        for name in ("title", "account", "author", "digest", "fetch_date"):
            database.execute(f"UPDATE articles SET {name} = ?", (odd,))  # noqa: S608
        database.execute("UPDATE events SET detail = ?, at = ?", (odd, odd))
        for number in "12":  # each fetch of old kept the links with its own keys
            text = pack(f"# 灯塔\n\n{odd}\n".replace("key=", f"key={number}").encode())
            database.execute(_REVISION.format(number), (text,))

    async def fetch() -> Any:
        app = _app(path)
        await app.invoke_startup()
        return await app.client.get(page.format(quote(key, safe="")))

    answer = asyncio.run(fetch())
    assert (answer.status_code, "灯[31m塔" in answer.text) == (200, True)
    assert (UNSEEN.findall(answer.text), SECRET in answer.text) == ([], False)


_REVISION = """
    INSERT INTO revisions SELECT article_id, 'x{0}', at, state, origin, url, evidence, 9, ?
    FROM revisions LIMIT 1
"""


@pytest.mark.parametrize("name", ["C#/archive.db", "100%25/archive.db", "一#二 %41.db"])
def test_an_archive_is_shown_whatever_signs_its_path_has_and_nothing_is_made_beside_it(
    library: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    shutil.copy(library, path)
    before = {*tmp_path.rglob("*")}
    app = _app(path)

    async def fetch() -> str:
        await app.invoke_startup()
        return str((await app.client.get("/")).text)

    assert "<h1>71 articles</h1>" in asyncio.run(fetch())
    made = {*tmp_path.rglob("*")} - before
    assert {one.name for one in made} <= {f"{path.name}-shm", f"{path.name}-wal"}  # its log
