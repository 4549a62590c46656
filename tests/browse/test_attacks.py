"""Whoever attacks the site, over HTTP and through what an archive holds, gets nothing.

Against the real server, as `crawler serve` starts it.
"""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import warnings
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from crawler.archive import Archive
from crawler.article import sha256
from crawler.browse import bounds, datasette_app
from crawler.browse.pages import PAGES
from crawler.browse.policy import MOST_FACETS, guarded, known_by_name
from tests.browse.conftest import serving
from tests.browse.library import make_article
from tests.browse.vectors import VECTORS
from tests.conftest import PATIENCE
from tests.trust.damage import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "the secret of another file"  # noqa: S105 -- what no attack may read


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which every text of every article is an attack, and a file beside it."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    path = folder / "archive.db"
    with Archive.open(path) as archive:
        for number in range(len(VECTORS)):
            archive.save(make_article(number))
        _poison(archive)
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "INSERT INTO images VALUES (?, '../secret.txt', 'image/png', 1, 1, 1)", ["a" * 64]
        )
        database.commit()
    return path


def _poison(archive: Archive) -> None:
    """Write the attacks as another program could, past all cleaning."""
    rows = archive.database.execute("SELECT rowid, id FROM articles ORDER BY rowid").fetchall()
    for (rowid, key), vector in zip(rows, VECTORS, strict=True):
        archive.database.execute(
            "UPDATE articles SET title = ?, account = ?, author = ?, source = ?, digest = ?,"
            " kind = ?, url = ?, date = ?, body = ? WHERE rowid = ?",
            [*[vector] * 8, f"# {vector}\n\n词 {vector}\n", rowid],
        )
        archive.database.execute(
            "UPDATE events SET detail = ?, origin = ? WHERE article_id = ?", [vector, vector, key]
        )


@pytest.fixture(scope="module")
def site(hostile: Path) -> Iterator[httpx.Client]:
    with serving(hostile) as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        yield client


class _Live(HTMLParser):
    """Collects whatever could run: handlers, scripts and frames, addresses that are code."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag in {"script", "style"}
        if tag in {"iframe", "object", "embed", "base", "svg:script", "math"}:
            self.found.append(tag)
        for name, value in attrs:
            code = (value or "").strip().lower()
            if (name.startswith("on") and "pwned" in code) or code.startswith(
                ("javascript:", "data:text", "vbscript:")
            ):
                self.found.append(f"{tag} {name}={value}")
            if urlsplit(code).hostname == "evil.example":
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and "pwned" in data:
            self.found.append(data)


def live(html: str) -> list[str]:
    """Whatever of a page could run."""
    watch = _Live()
    watch.feed(html)
    watch.close()
    return watch.found


def _pages(vector: str, number: int) -> list[str]:
    word = quote(vector, safe="")
    return [
        f"/article/{quote(make_article(number).id, safe='')}",
        f"/article/{word}",
        f"/account/{word}",
        f"/revisions/{quote(make_article(number).id, safe='')}?from={word}&to={word}",
        f"/articles?tag={word}&since={word}&sort={word}",
        f"/articles?q={word}",
        *(f"/articles?{facet}={word}" for facet in ("account", "year")),
        f"/archive/articles?_search={word}",
        f"/archive/articles?account={word}",
        f"/archive/articles/{quote(make_article(number).id, safe='').replace('%', '~')}",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(VECTORS)))
def test_no_text_of_an_archive_and_no_word_of_a_visitor_runs(
    site: httpx.Client, number: int
) -> None:
    for page in _pages(VECTORS[number], number):
        answer = site.get(page)
        assert answer.status_code in {200, 302, 400, 404}, page
        assert live(answer.text) == [], page
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("page", ["/", "/articles", "/articles?page=2", "/archive/articles", "/-/"])
def test_no_list_of_articles_runs_anything(site: httpx.Client, page: str) -> None:
    assert live(site.get(page).text) == []


def _mark(path: Path) -> str:
    return sha256(path.read_bytes())


ATTACKS = (
    "ATTACH DATABASE '/etc/passwd' AS x",
    "WITH x AS (SELECT 1) ATTACH DATABASE ':memory:' AS y",
    "SELECT load_extension('/tmp/x.so')",
    "SELECT readfile('secret.txt')",
    "SELECT writefile('x', 'y')",
    "SELECT * FROM fsdir('/')",
    "SELECT edit('x')",
    "INSERT INTO articles (id) VALUES ('x')",
    "UPDATE articles SET title = 'x'",
    "DELETE FROM articles",
    "WITH x AS (SELECT 1) DELETE FROM articles",
    "REPLACE INTO articles (id) VALUES ('x')",
    "DROP TABLE articles",
    "CREATE TABLE x (y)",
    "VACUUM INTO '/tmp/x.db'",
    "PRAGMA writable_schema = 1",
    "PRAGMA journal_mode = DELETE",
    "SELECT 1; DELETE FROM articles",
    "EXPLAIN DELETE FROM articles; DELETE FROM articles",
    "SELECT * FROM pragma_journal_mode('delete')",
)


@pytest.mark.parametrize("sql", ATTACKS)
@pytest.mark.parametrize("door", ["/archive", "/archive.json", "/_memory.json"])
def test_no_sql_reads_a_file_loads_code_or_writes(
    site: httpx.Client, hostile: Path, sql: str, door: str
) -> None:
    before = _mark(hostile)
    answer = site.get(door, params={"sql": sql})
    assert SECRET not in answer.text
    assert "root:" not in answer.text
    assert answer.status_code in {400, 404, 500} or not answer.json().get("ok", True)
    assert _mark(hostile) == before


@pytest.mark.parametrize("path", ["/", "/articles", "/archive/articles", "/none", "/%6fwn/x"])
def test_what_is_sent_where_nothing_takes_it_is_refused_before_it_comes(
    site: httpx.Client, path: str
) -> None:
    """Datasette reads all of it, where any cookie comes along."""
    url = site.base_url
    form = b"Content-Type: application/x-www-form-urlencoded\r\nCookie: a=b"
    head = f"POST {path} HTTP/1.1\r\nHost: {url.netloc.decode()}\r\nContent-Length: 9999999\r\n"
    with socket.create_connection((url.host, url.port or 0), PATIENCE) as asked:
        asked.sendall(head.encode() + form + b"\r\n\r\n")
        assert asked.recv(1000).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/", "/articles", "/deaths", "/archive", "/archive/articles", "/-/config"]
)
def test_nothing_is_written_by_any_method(
    site: httpx.Client, hostile: Path, method: str, path: str
) -> None:
    before = _mark(hostile)
    site.request(method, path, content=b"sql=delete+from+articles")
    assert _mark(hostile) == before


def test_one_archive_cannot_be_asked_for_another(site: httpx.Client) -> None:
    assert site.get("/_memory.json", params={"sql": "SELECT * FROM archive.articles"}).is_error
    assert site.get("/_internal.json").is_error
    assert site.get("/archive.json", params={"sql": "SELECT 1 FROM _memory.x"}).is_error
    assert list(site.get("/.json").json()) == ["archive"]


TRAVERSALS = (
    "/picture/../secret.txt",
    "/picture/%2e%2e/secret.txt",
    "/picture/..%2fsecret.txt",
    f"/picture/{'a' * 64}",
    f"/picture/{'a' * 63}%00",
    "/archive-static/../secret.txt",
    "/archive-static/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/archive-static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/archive-static//etc/passwd",
    "/-/static/../../../../../../../etc/passwd",
    "/-/static/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/-/static-plugins/x/..%2f..%2fetc%2fpasswd",
    "/archive.db",
    "/article/..%2f..%2fsecret.txt",
)


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_to_another_file(site: httpx.Client, path: str) -> None:
    status, text = _raw(site, path, "localhost")
    assert status in {302, 400, 403, 404}  # 302: Datasette spells a path its own way
    assert SECRET not in text
    assert "root:" not in text


HOSTS = (
    ("localhost", 200),
    ("127.0.0.1", 200),
    ("127.0.0.1:8001", 200),
    ("[::1]:8001", 200),
    ("evil.example", 403),
    ("localhost.evil.example", 403),
    ("127.0.0.1.evil.example", 403),
    ("evil.example:8001", 403),
    ("localhost@evil.example", 403),
    ("evil.example#localhost", 403),
    ("127.0.0.2", 403),
    ("0.0.0.0", 403),  # noqa: S104 -- a name, not an address to listen at
    ("2130706433", 403),
    ("[::ffff:127.0.0.1]", 403),
    ("localhost ", 200),  # the header's own white space
    ("localhost\tx", 403),
    ("LOCALHOST.", 403),
    ("", 403),
)


@pytest.mark.parametrize(("host", "status"), HOSTS)
@pytest.mark.parametrize("path", ["/", "/archive.json?sql=select+1", "/archive-static/style.css"])
def test_a_name_that_is_not_ours_gets_no_answer(
    site: httpx.Client, host: str, status: int, path: str
) -> None:
    assert _raw(site, path, host)[0] == status


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        *((name, 200) for name in ("127.0.0.1:8001", "localhost", "192.168.1.20:80", "[fe80::1]")),
        *((name, 200) for name in ("nas", "NAS:8001", "nas.local", "a.b.lan:1", "x.home.arpa")),
        *((name, 200) for name in ("archive.example.org", "Archive.Example.ORG:443")),
        *((name, 403) for name in ("evil.example", "evil.example:8001", "local.evil.example")),
        ("", 200),  # as some programs ask that look whether a server is there, and no browser
        ("archive.default.svc.cluster.local:8001", 200),
        *(
            (name, 403)
            for name in ("127.0.0.1.evil.example", "nas.local.evil", "x.archive.example.org")
        ),
        *((name, 403) for name in ("[fe80::1].evil.example", "a..local", "evil.example:8001:80")),
    ],
)
@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "archive.example.org"])  # noqa: S104
def test_a_name_that_anybody_may_own_gets_no_answer_where_others_may_come(
    host: str, asked: str, status: int
) -> None:
    seen: list[Any] = []

    async def app(_: Any, __: Any, send: Any) -> None:
        await send({"status": 200})

    async def send(message: Any) -> None:
        seen.append(message.get("status"))

    scope = {"type": "http", "headers": [(b"host", asked.encode())]}
    asyncio.run(known_by_name(app, host)(scope, None, send))
    is_given = "example.org" not in asked.lower() or host == "archive.example.org"
    assert seen[0] == (status if is_given else 403)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_who_asks_by_a_name_that_was_given_gets_an_answer(host: str) -> None:
    seen: list[Any] = []

    async def app(_: Any, __: Any, send: Any) -> None:
        await send({"status": 200})

    async def send(message: Any) -> None:
        seen.append(message.get("status") or message["body"].decode())

    answer = known_by_name(app, host, ["Archive.example.org", "nas.example"])
    for asked in (b"archive.example.org", b"NAS.example:8001", b"localhost", b"x.nas.example"):
        asyncio.run(answer({"type": "http", "headers": [(b"host", asked)]}, None, send))
    assert seen[:4] == [200, 200, 200, 403]
    assert "--name" in seen[4]


def test_a_request_without_a_name_or_with_two_gets_no_answer(site: httpx.Client) -> None:
    assert _raw(site, "/", None)[0] in {400, 403}
    assert _raw(site, "/", "evil.example\r\nHost: localhost")[0] in {400, 403}
    assert _raw(site, "/", "localhost\r\nHost: evil.example")[0] in {400, 403}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("_facet=title&_x=" + "a" * 2_000, 414),
        ("%5Ffacet=title&_x=" + "a" * 2_000, 414),
        ("_where=1&" * 100, 414),
        ("_where=" + "1" * 16_000, 414),
        ("_facet=title&_labels=" + "a" * 1_900, 200),
        ("_where=1&" * 50, 200),
    ],
)
def test_no_words_are_written_again_in_each_link_of_a_page_without_number(
    site: httpx.Client, query: str, status: int
) -> None:
    assert site.get(f"/archive/articles?{query}").status_code == status
    assert site.get(f"/articles?q={'a' * 3_000}").status_code == 200
    assert site.get(f"/articles?q=_facet{'a' * 3_000}").status_code == 200
    ours = "&".join(f"a{number}=" for number in range(200))
    assert site.get(f"/articles?{ours}").status_code == 414


def test_no_picture_in_an_article_asks_anything(site: httpx.Client) -> None:
    for path, status in (
        ("/articles?q=a", 403),
        ("/archive?sql=select+1", 403),
        ("/archive/articles?_where=1", 403),
        ("/", 200),
        ("/-/static/app.css?d59929", 200),
    ):
        for kind in ("image", "iframe", "style", "script"):
            told = {"sec-fetch-dest": kind, "sec-fetch-site": "same-origin"}
            assert site.get(path, headers=told).status_code == status
        told = {"sec-fetch-dest": "empty", "sec-fetch-site": "same-origin"}
        assert site.get(path, headers=told).status_code == 200


def test_no_sql_makes_a_page_of_links_that_hold_all_of_it(site: httpx.Client) -> None:
    # of cells of bytes each would be one
    def asked(columns: int) -> httpx.Response:
        cells = ", ".join(["x''"] * columns)
        return site.get("/archive", params={"sql": f"{MANY}{cells} FROM c"})

    assert "&lt;Binary:&nbsp;0&nbsp;bytes&gt;" in asked(1).text
    assert "blob-download" not in asked(1).text
    assert "more than 100 columns in one answer" in asked(101).text


@pytest.mark.parametrize("word", ["_facet=title", "%5Ffacet=title", "_facet_date=title"])
def test_no_link_makes_the_site_look_for_facets_for_minutes(site: httpx.Client, word: str) -> None:
    refused = site.get("/archive/articles?" + "&".join([word] * (MOST_FACETS + 1)))
    assert refused.status_code == 400
    assert refused.headers["cross-origin-resource-policy"] == "same-origin"
    assert site.get("/archive/articles?_facet=title&_facet=account").status_code == 200


@pytest.mark.parametrize("sql", ["length(zeroblob(200000000))", "hex(randomblob(200000000))"])
def test_no_sql_makes_a_value_longer_than_any_of_an_archive(site: httpx.Client, sql: str) -> None:
    answer = site.get("/archive.json", params={"sql": f"SELECT {sql}"})
    assert answer.status_code == 400
    assert "too big" in answer.text


LONG = "printf('%.*c', 1000000, 'a')"
SHORTER = "printf('%.*c', 1000, 'a')"


@pytest.mark.parametrize(
    "sql",
    [
        f"instr({LONG}, {SHORTER} || 'b')",
        f"replace({LONG}, {SHORTER} || 'b', '')",
        *(f"{name}({LONG}, {SHORTER})" for name in ("trim", "ltrim", "rtrim", "json_patch")),
        *(f"{name}({LONG}, {SHORTER})" for name in ("jsonb_patch", "unhex")),  # where there are any
        f"{LONG} LIKE '%' || {SHORTER} || 'b'",
        f"{LONG} LIKE '%' || {SHORTER} || 'b' ESCAPE '!'",
        f"{LONG} GLOB '*' || {SHORTER} || 'b'",
        "printf('%.1000000000c', 'x')",
        "length(format('%*.*d', '900000000', 2, 1))",
        "printf(replace(hex(zeroblob(1000)), '00', '%.90000c'), 'x')",
        "length(printf(replace(hex(zeroblob(1000000)), '0', '%1d')))",
        "format(x'25' || zeroblob(100000))",
        f"json_extract('[1]'{', 0' * 16})",
        f"json_remove('[1]'{', 0' * 16})",
    ],
)
def test_no_step_of_sql_takes_the_product_of_two_lengths(site: httpx.Client, sql: str) -> None:
    answer = site.get("/archive.json", params={"sql": f"SELECT {sql}"})
    assert answer.status_code == 400
    assert "function" in answer.text


@pytest.mark.parametrize(
    "call", ["snippet(articles_fts, 0, '', '', '', 9)", "Highlight(articles_fts, 0, '', '')"]
)
def test_no_step_of_sql_takes_the_square_of_the_places_where_a_text_holds_a_word(
    site: httpx.Client, call: str
) -> None:
    found = "FROM articles_fts WHERE articles_fts MATCH fts_query('词')"
    asked = f"SELECT {call} {found}"
    for sql in (asked, f"WITH v AS ({asked}) SELECT * FROM v"):  # noqa: S608
        answer = site.get("/archive.json", params={"sql": sql})
        assert answer.status_code == 400
        assert "not authorized" in answer.text
    others = f"SELECT fts_snippet('词', '词'), bm25(articles_fts) {found}"
    assert site.get("/archive.json", params={"sql": others}).is_success


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT hex(fts3_tokenizer('simple', :place))",  # what is bound is taken for an address
        "SELECT FTS3_Tokenizer('simple')",  # an address of the server's own
        "SELECT * FROM fts3tokenize WHERE input = 'a b'",  # which calls what stands at it
        'SELECT count(*) FROM "FTS3tokenize"',
        "SELECT sql FROM sqlite_stmt",  # what another visitor asks
    ],
)
def test_sql_reaches_no_memory_of_the_server(site: httpx.Client, sql: str) -> None:
    answer = site.get("/archive.json", params={"sql": sql, "place": "AAAAAAAA"})
    assert answer.status_code == 400
    assert any(told in answer.text for told in ("not authorized", "prohibited", "no such"))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT rank {found} AND rank MATCH '{call}'",
        "SELECT rowid {found} AND '' || '{call}' = Rank ORDER BY articles_fts.[rank]",
        "SELECT r FROM (SELECT rank AS r {found}) WHERE r = '{call}'",
        "SELECT rank FROM articles_fts(fts_query('词'), '{call}')",
        "SELECT rowid FROM articles_fts(fts_query('词'), '{call}') ORDER BY rank",
        "SELECT rowid FROM \"Articles_FTS\" (fts_query('词'), '{call}') ORDER BY rank",
        "SELECT rowid FROM articles_fts/**/(fts_query('词'), '{call}') ORDER BY rank",
        "SELECT rowid {found} AND rank = '{call}' ORDER BY rank",
        "SELECT rowid {found} GROUP BY rank HAVING rank = '{call}' ORDER BY rank",
        "select rowid, rank from articles_fts('词','{call}') order by rowid limit 9",
        "SELECT 1 FROM \ufeff'articles_fts' \ufeff('词', '{call}') JOIN (SELECT 1 AS x)",
        "SELECT 1 FROM articles_fts('词', '{call}') LEFT JOIN (SELECT 1 AS rank) USING ('rank')",
        "SELECT 1 FROM articles_fts JOIN (SELECT '{call}' AS rank) USING (rank)",
        "SELECT rowid {found} AND (SELECT 1 ORDER BY 1) = rank",
        "WITH x (r) AS (SELECT rank {found}) SELECT r FROM x WHERE r = '{call}'",
        "SELECT rank AS r {found} AND r = '{call}'",
        "SELECT 1 {found} AND 1 = :a(') AND articles_fts.rank = [{call}] OR 1 = :a(')",
    ],
)
def test_no_column_of_an_index_has_such_a_function_called(site: httpx.Client, sql: str) -> None:
    found = "FROM articles_fts WHERE articles_fts MATCH fts_query('词')"
    asked = sql.format(found=found, call="highlight(0, 1, 2)")
    answer = site.get("/archive.json", params={"sql": asked})
    assert answer.status_code == 400
    assert "prohibited" in answer.text or "not authorized" in answer.text
    assert site.get("/articles", params={"q": "灯塔"}).is_success


def test_what_is_found_may_be_sorted_by_the_rank_of_an_index(site: httpx.Client) -> None:
    found = "FROM articles_fts WHERE articles_fts MATCH fts_query('灯塔')"
    for by in ("rank", "articles_fts.rank DESC", '-"rank", rowid -- best', "bm25(articles_fts)"):
        sql = f"SELECT rowid, articles_fts.rank, 'rank it' {found} ORDER BY {by} LIMIT 9"
        assert site.get("/archive.json", params={"sql": sql}).is_success, sql
        within = f"WITH x AS (SELECT rowid {found} ORDER BY {by}\n) SELECT * FROM x"  # noqa: S608
        assert site.get("/archive.json", params={"sql": within}).is_success, within
    called = "SELECT rowid FROM articles_fts(fts_query('灯塔')) ORDER BY rank"
    assert site.get("/archive.json", params={"sql": called}).is_success
    assert site.get("/archive/articles_fts").is_success
    assert site.get("/archive/articles_fts.json", params={"_sort": "title"}).is_success
    assert site.get("/archive/articles_fts.csv", params={"title__contains": "x"}).is_success
    asked = {"rank__exact": "highlight(0, 1, 2)"}
    assert not site.get("/archive/articles_fts", params=asked).is_success


def test_whether_the_time_of_sql_is_over_is_asked_between_few_calls_of_a_function(
    hostile: Path,
) -> None:
    database = datasette_app(hostile).get_database(hostile.stem)
    connection = database.connect()
    calls: list[int] = []
    connection.create_function("called", 1, calls.append)
    connection.set_progress_handler(lambda: 1, 1000)  # as Datasette does
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        connection.execute(f"{MANY}called(x) FROM c").fetchall()
    assert len(calls) < 10
    database.close()


def test_what_is_no_longer_than_a_text_and_some_words_is_answered_as_sqlite_does(
    site: httpx.Client,
) -> None:
    sql = (
        "SELECT instr(12.5, '.'), instr(X'0102', X'02'), replace('aXb', 'X', '-'),"
        " trim('xax', 'x'), ltrim('xax', 'x'), rtrim('xax', 'x'),"
        " 'ABC' LIKE 'a%', 'a%' LIKE 'a!%' ESCAPE '!',"
        " 'ABC' GLOB 'a*', NULL LIKE 'x', json_patch('{\"a\":1}', '{\"a\":2}'),"
        f" instr({LONG}, 'b'), printf('%05.1f %.*s', 2.25, 2, 'abc'),"
        " printf('13800000000: %s', 9000000000), printf('%d%%')"
    )
    (row,) = site.get("/archive.json", params={"sql": sql}).json()["rows"]
    assert row[:9] == [3, 2, "a-b", "a", "ax", "xa", 1, 1, 0]
    assert row[9:] == [None, '{"a":2}', 0, "002.3 ab", "13800000000: 9000000000", "0%"]


MANY = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 900) SELECT "


HAN = "replace(printf('%.*c', 30000, 'a'), 'a', '灯')"


@pytest.mark.parametrize("value", ["zeroblob(200000)", HAN, "printf('%.*c', 90000, char(1))"])
def test_no_answer_holds_more_than_memory_has_room_for(site: httpx.Client, value: str) -> None:
    answer = site.get("/archive.json", params={"sql": f"{MANY}{value} FROM c"})
    assert answer.status_code == 400
    assert "in one answer" in answer.text
    assert site.get("/archive.json", params={"sql": MANY + "x FROM c"}).is_success


def test_a_page_of_long_articles_is_shown_whatever_they_hold_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_BYTES", 1 << 20)
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        for number in range(3):
            text = f"渡轮的灯{number}\n\n" * 20_000
            archive.save(replace(make_article(number), body=text))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Datasette's own
        app = datasette_app(path)

    async def ask() -> list[Any]:
        await app.invoke_startup()
        wanted = (
            "/articles",
            "/articles?q=渡轮&no-fold=1",
            "/archive.json?sql=SELECT+body+FROM+articles",
            "/archive.json?sql=SELECT+'灯'||hex(zeroblob(100000))+FROM+articles",
        )
        return [(await app.client.get(one)).status_code for one in wanted]

    assert asyncio.run(ask()) == [200, 200, 400, 200]


def test_no_sql_takes_more_memory_than_there_is_before_it_answers(site: httpx.Client) -> None:
    text = "printf('%.*c', 100000, 'a')"
    long = ", ".join(f"length(group_concat({text}, '{number}'))" for number in range(9))
    sql = f"{MANY}{long} FROM c"
    answer = site.get("/archive.json", params={"sql": sql})
    assert answer.status_code == 400
    # on a busy machine its time may be up before
    assert "memory" in answer.text or "took too long" in answer.text
    assert site.get("/archive.json", params={"sql": MANY + "x FROM c"}).is_success


def test_no_sql_that_fails_in_a_function_is_told_on_the_terminal(
    hostile: Path, tmp_path: Path
) -> None:
    with (tmp_path / "said").open("w+b") as said, serving(hostile, said) as address:
        answer = httpx.get(
            f"{address}/archive.json",
            params={"sql": f"SELECT instr({LONG}, {SHORTER})"},
            timeout=PATIENCE,
        )
        assert answer.status_code == 400
        said.seek(0)
        assert said.read() == b""


# fails behind the first row, where CSV is being sent
_FAILS_LATER = (
    "json_extract('{}', iif(id < (SELECT max(id) FROM events), '$.a',"
    " char(27) || '[2J</textarea><script>pwned')) IS NULL"
)
_STREAM = {"_stream": "1", "_size": "1", "_sort": "id", "_where": _FAILS_LATER}


def test_nothing_more_is_asked_for_who_is_gone() -> None:
    told = iter(["http.request", "http.disconnect"])

    async def receive() -> dict[str, str]:
        return {"type": next(told)}

    async def send(_: object) -> None:
        await asyncio.sleep(0)

    async def page_after_page(_: object, __: object, send: Any) -> None:
        while True:
            await send({"type": "http.response.body", "body": b"1", "more_body": True})

    def no(*_: object) -> bool:
        return False

    app = guarded(page_after_page, is_ours=no, takes_forms=no, is_kept=lambda: True)
    scope = {"type": "http", "method": "GET", "path": "/archive/events.csv"}
    with pytest.raises(ConnectionError):
        asyncio.run(asyncio.wait_for(app(scope, receive, send), PATIENCE))


def test_a_cookie_that_takes_the_square_of_its_length_is_nobodys() -> None:
    seen: list[tuple[bytes, bytes]] = []

    async def app(scope: Any, *_: object) -> None:
        seen.extend(scope["headers"])
        await asyncio.sleep(0)

    def yes(*_: object) -> bool:
        return True

    kept = [(b"host", b"a\\" * 200), (b"cookie", b'a="b"; c="\\054"')]
    slow = [(b"cookie", b'a="' + b"\\" * 200 + b'"')]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": kept + slow}
    asyncio.run(guarded(app, is_ours=yes, takes_forms=yes, is_kept=yes)(scope, None, None))
    assert seen == kept


@pytest.mark.parametrize(
    ("host", "told", "scheme"),
    [
        (b"archive.example.org", [(b"sec-fetch-site", b"none")], "https"),  # a proxy ends https
        (b"archive.local:8001", [], "http"),
        (b"127.0.0.1:8001", [(b"sec-fetch-site", b"none")], "http"),
        (b"archive.localhost", [(b"sec-fetch-site", b"none")], "http"),
    ],
)
def test_links_of_a_page_lead_back_by_https_where_it_was_asked_so(
    host: bytes, told: list[tuple[bytes, bytes]], scheme: str
) -> None:
    seen: list[str] = []

    async def app(scope: Any, *_: object) -> None:
        seen.append(scope["scheme"])
        await asyncio.sleep(0)

    def yes(*_: object) -> bool:
        return True

    asked = {"type": "http", "scheme": "http", "method": "GET", "path": "/"}
    scope = {**asked, "headers": [(b"host", host), *told]}
    asyncio.run(guarded(app, is_ours=yes, takes_forms=yes, is_kept=yes)(scope, None, None))
    assert seen == [scheme]


@pytest.mark.parametrize("name", ["_trace", "%5Ftrace", "_json", "_through", "_context", "_new"])
def test_no_words_of_sql_are_a_page_by_way_of_csv(site: httpx.Client, name: str) -> None:
    # a link in an article may lead there, and what runs there is of the site
    query = str(httpx.QueryParams(_STREAM))
    for path in ("events.csv", "events", "events.json"):
        answer = site.get(f"/archive/{path}?{query}&{name}=1")
        assert (answer.status_code, answer.headers["content-type"][:10]) == (400, "text/plain")
    for path in ("events.csv", "events.json"):
        policy = site.get(f"/archive/{path}").headers["content-security-policy"]
        assert "script-src" not in policy
        assert "default-src 'none'" in policy


def test_csv_that_fails_in_the_middle_breaks_off_and_says_nothing_on_the_terminal(
    hostile: Path, tmp_path: Path
) -> None:
    with (tmp_path / "said").open("w+b") as said, serving(hostile, said) as address:
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{address}/archive/events.csv", params=_STREAM, timeout=PATIENCE)
        whole = httpx.get(f"{address}/archive/events.csv?_stream=1&_size=1", timeout=PATIENCE)
        assert whole.text.count("\n") > len(VECTORS)
        said.seek(0)
        assert said.read() == b""


@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
def test_no_page_of_another_site_has_the_archive_asked_anything(
    site: httpx.Client, origin: str
) -> None:
    picture = {"Sec-Fetch-Site": origin, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    link = {"Sec-Fetch-Site": origin, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    frame = {**link, "Sec-Fetch-Dest": "iframe"}
    asked = (
        "/archive.json?sql=SELECT+1",
        "/archive/articles?_where=1",
        "/archive/articles?_facet=id",
    )
    plain = ("/", "/archive", "/archive/articles")
    for path in (*asked, *plain, "/articles?q=a"):
        for headers in (picture, frame, {"Sec-Fetch-Site": origin}):
            answer = site.get(path, headers=headers)
            assert (answer.status_code, len(answer.history)) == (403, 0), (path, headers)
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert {site.get(path, headers=link).status_code for path in asked} == {403}
    # a page that leads there, and calls it off or looks at the clock, learned what was found
    untold = site.get("/articles?q=a", headers=link)
    assert (untold.status_code, '<a href="">' in untold.text) == (403, True)
    assert {site.get(path, headers=link).status_code for path in plain} == {200}
    for site_of_ours in ("same-origin", "none"):
        for path in (*asked, *plain, "/articles?q=a"):
            headers = {**link, "Sec-Fetch-Site": site_of_ours}
            assert site.get(path, headers=headers).status_code == 200


def test_where_browsers_do_not_tell_whose_page_asks_it_is_one_of_ours(site: httpx.Client) -> None:
    # by http, and by any name but localhost, they send no Sec-Fetch-Site: SQL, and a search, told
    # a page elsewhere by their time what stands in the archive
    ours = str(site.base_url).rstrip("/")
    host = ours.removeprefix("http://")
    asked = ("/archive.json?sql=SELECT+1", "/archive/articles?_where=1", "/articles?q=a")
    plain = ("/", "/archive/articles", "/-/static/app.css")
    elsewhere = (
        *("", "http://evil.example/", f"http://evil.example/{host}/", "http://[", "about:"),
        *(ours.rpartition(":")[0] + ":1/", f"http://{host}.evil.example/", "//", host),
    )

    def ask(path: str, **headers: str) -> int:
        return site.get(path, headers={"User-Agent": "Mozilla/5.0 (X11)", **headers}).status_code

    for path in asked:
        assert {ask(path), *(ask(path, Referer=page) for page in elsewhere)} == {403}
        assert {ask(path, Referer=f"{ours}{page}") for page in (*asked, "", "/")} == {200}
        assert ask(path, **{"Sec-Fetch-Site": "none"}) == 200  # https, localhost: they tell
        assert ask(path, **{"User-Agent": "curl/8.5.0"}) == 200
    for path in plain:
        answer = site.get(path, headers={"User-Agent": "Mozilla/5.0", "Referer": elsewhere[1]})
        assert answer.status_code == 200
        # the last one counts, and Datasette has its own for tables
        assert answer.headers["referrer-policy"].split(", ")[-1] == "same-origin"
    assert '<meta name="referrer" content="same-origin">' in site.get("/").text


@pytest.mark.parametrize("path", ["/", "/capture", "/articles?q=a", "/archive.json?sql=SELECT+1"])
def test_no_socket_of_any_page_has_the_archive_asked_anything(
    site: httpx.Client, path: str
) -> None:
    # Chromium sends these, and no Sec-Fetch-Site: how long the refusal took told what SQL found
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Origin": "http://localhost:3000",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "bGlnaHRob3VzZSBrZWVwZQ==",
    }
    assert site.get(path, headers=headers).status_code == 403


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender"])
def test_no_page_of_another_site_has_anything_asked_ahead_of_a_visit(
    site: httpx.Client, purpose: str
) -> None:
    # so Chromium asks for what the speculation rules of any page name
    ahead = {
        "Sec-Purpose": purpose,
        "Sec-Fetch-Site": "none",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Referer": "http://evil.example/",
    }
    for path in ("/archive.json?sql=SELECT+1", "/archive/articles?_where=1", "/articles?q=a"):
        assert site.get(path, headers=ahead).status_code == 403
        typed = {name: value for name, value in ahead.items() if name.startswith("Sec-Fetch")}
        assert site.get(path, headers=typed).status_code == 200
    assert site.get("/articles", headers=ahead).status_code == 200


def _raw(site: httpx.Client, path: str, host: str | None) -> tuple[int, str]:
    """The status and text of an answer to a request that no client would send."""
    head = f"GET {path} HTTP/1.{1 if host is not None else 0}\r\n"
    head += f"Host: {host}\r\n" if host is not None else ""
    with socket.create_connection((site.base_url.host, site.base_url.port or 80), PATIENCE) as line:
        line.sendall(f"{head}Connection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    return int(answer.split(b" ", 2)[1]), answer.decode("utf-8", "replace")


@pytest.mark.parametrize(
    "path",
    [
        *("/-/databases.json", "/-/databases", "/-/versions.json", "/-/plugins.json", "/-/threads"),
        *("/-/settings.json", "/-/metadata.json", "/-/config", "/-/actor.json", "/-/permissions"),
        *("/-/allow-debug", "/-/patterns", "/-/messages", "/-/auth-token", "/-/logout", "/-/"),
        *(
            "/%2D/databases.json",
            "/-%2Fdatabases.json",
            "//-/databases.json",
            "/./-/databases.json",
        ),
        *("/-/static/../databases.json", "/-/static/%2e%2e/databases.json"),
        "/archive.json?sql=SELECT+*+FROM+pragma_database_list",
        "/archive.json?sql=SELECT+*+FROM+%22PRAGMA%5FDatabase%5Flist%22",
        "/archive/articles?_where=0+UNION+SELECT+file+FROM+pragma_database%5Flist",
    ],
)
def test_nothing_tells_of_the_machine_on_which_the_archive_lies(
    site: httpx.Client, hostile: Path, path: str
) -> None:
    status, answer = _raw(site, path, "localhost")
    assert status in {400, 403, 404}
    assert str(hostile.parent) not in answer
    assert site.get("/-/static/app.css").status_code == 200


def test_articles_may_be_searched_for_whatever_sqlite_calls_so(site: httpx.Client) -> None:
    assert site.get("/articles?q=pragma_database_list").status_code == 200


def test_a_damaged_head_is_told_in_the_archives_words_by_every_answer(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article(1))
    content = path.read_bytes()
    for place, bytes_ in ((0, b"XXXX"), (16, b"\3\3"), (44, b"\0\0\0\xff"), (100, b"\xff" * 30)):
        path.write_bytes(content)
        with serving(path) as address:
            path.write_bytes(content[:place] + bytes_ + content[place + len(bytes_) :])
            for below in ("/", "/archive/articles", "/archive.json", "/archive/articles.json"):
                answer = httpx.get(f"{address}{below}", timeout=PATIENCE)
                assert answer.status_code == 500
                assert "the archive" in answer.text or "crawler audit" in answer.text
                assert not any(word in answer.text for word in ("malformed", "unsupported"))


def test_what_fails_in_a_damaged_archive_is_a_page_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        for number in range(60):
            archive.save(make_article(number))
    content = bytearray(path.read_bytes())
    for start in range(PAGE * 2, len(content) - PAGE, PAGE):
        content[start + 8 : start + PAGE] = b"\xff" * (PAGE - 8)
    path.write_bytes(content)
    with (tmp_path / "said").open("wb") as errors, serving(path, errors) as address:
        answers = [
            httpx.get(f"{address}{place}", timeout=PATIENCE)
            for place in (
                *("/", "/articles?q=词", "/archive/articles", "/archive/articles.json"),
                "/archive?sql=select+%22%1b[2J%22+from+nowhere",
            )
        ]
    assert 500 in {answer.status_code for answer in answers}
    assert not any("Traceback" in answer.text for answer in answers)
    assert any("crawler audit --salvage NEW.db" in answer.text for answer in answers)
    said = (tmp_path / "said").read_bytes()
    assert not any(word in said for word in (b"Traceback", b"ERROR", b"\x1b", b"malformed"))


@pytest.mark.parametrize("name", [page.name for page in PAGES if page.name])
def test_an_archive_that_is_called_as_a_page_of_ours_is_guarded_as_any(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"{name}.db"
    with Archive.open(path) as archive:
        archive.save(make_article(1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Datasette's own
        app = datasette_app(path)
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
    where = f"/{name}/articles?_where=0+UNION+SELECT+file+FROM+pragma_database_list"
    asked = [f"/{name}{rest}" for rest in ("/articles?_where=1", "/articles.json?_facet=id")]

    async def fetch() -> tuple[Any, list[int]]:
        await app.invoke_startup()
        told = [(await app.client.get(one, headers=link)).status_code for one in asked]
        return await app.client.get(where), told

    answer, told = asyncio.run(fetch())
    assert {answer.status_code, *told} <= {403, 404}  # some are articles that are not there
    assert str(tmp_path) not in answer.text
