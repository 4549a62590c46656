"""What can be wrong with an archive, as rows.

How SQL finds it, how it is repaired, and what would break a sound one.

A test breaks a sound archive with each row's `breaks` and sees it found, and repaired where a
repair is safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.database import RESTORE, WRITTEN, insert
from crawler.archive.saving import COMMON_NAME, KEYED, NEEDS_LINK, REWRITTEN
from crawler.article import OF_THE_LINK, Kind, Origin, State

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_DAY = "2012-08-01"  # WeChat opened Official Accounts in that month; no article is older


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    Which check found it, with which row or file, and whether it stands.
    """

    check: str
    subject: str
    what: str
    advice: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that can be wrong.

    `finds` gives (subject, detail) of each case and may use :today; `repair`, where it is safe, is
    SQL with :subject.
    """

    id: str
    finds: str
    what: str
    breaks: str
    repair: str = ""
    advice: str = "run: crawler audit --fix"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_WITH_BODY = _listed([state for state in State if state.has_body])
_WORTH_FETCHING = _listed([state for state in State if state.worth_fetching])
_OF_THE_LINK = _listed(sorted(OF_THE_LINK))
_AGAIN = "read its seed again with crawler reclean, or fetch it again"
_OF_NOBODY = f"(q.why IN ('', '{NEEDS_LINK}') OR q.why LIKE 'the copy is %')"
"""That no person put an entry into the queue."""
_LATEST = """
    (SELECT state FROM events AS e WHERE e.article_id = a.id AND e.state <> ''
    ORDER BY e.at < '3' DESC, e.at DESC, e.origin = 'seed', e.evidence DESC, e.id DESC LIMIT 1)
"""
# by a clock that went back every article would seem to be of a day to come
_LATEST_LOOK = f"""
    (SELECT coalesce(max(substr(at, 1, 10)), '') FROM events
    WHERE origin IN ('{Origin.FETCH}', '{Origin.CAPTURE}') AND at < '3')
"""  # noqa: S608
_CHECKED = _LATEST.replace("SELECT state", "SELECT at", 1)
_IS_BEHIND = f"(state_now <> {_LATEST} OR checked_at <> {_CHECKED})"
# else the article would get its letters, too, and not be shown any more
_IS_SOUND_LOOK = f"""
    ({_LATEST} IN ({_listed([*State])}) AND typeof({_CHECKED}) = 'text'
    AND {_CHECKED} NOT GLOB '*[^-0-9T:.+Z ]*')
"""
_COLUMNS = ", ".join(WRITTEN["revisions"][1:])


# All names and days of an account are looked at once: asked for each article, 50,000 took minutes.
_ODD_ACCOUNTS = """
WITH named AS (
    SELECT biz, account, count(*) AS texts, min(date) AS first, max(date) AS last FROM articles
    WHERE biz <> '' AND body_hash <> '' GROUP BY biz, account
), placed AS (
    SELECT biz, account, row_number() OVER (
        PARTITION BY biz ORDER BY texts DESC, last DESC, account) AS place
    FROM named WHERE account <> ''
), lone AS (
    SELECT id, biz, account, author, date FROM articles WHERE origin = 'seed' AND id IN (
        SELECT min(id) FROM articles WHERE biz <> '' AND account <> ''
        GROUP BY biz, account HAVING count(*) = 1)
), days AS (
    SELECT biz, first AS day, last, NULL AS id FROM named WHERE first < last
    UNION ALL SELECT biz, date, NULL, id FROM lone
), spanned AS (
    SELECT id, max(last) OVER (
        PARTITION BY biz ORDER BY day GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last
    FROM days
)
SELECT a.id, a.account || ', and its account is ' || coalesce(
    CASE WHEN one.account <> a.account THEN one.account ELSE two.account END,
    CASE WHEN n.name NOT IN ('', a.account) THEN n.name END) AS said
FROM lone AS a JOIN spanned ON spanned.id = a.id
LEFT JOIN placed AS one ON one.biz = a.biz AND one.place = 1
LEFT JOIN placed AS two ON two.biz = a.biz AND two.place = 2
LEFT JOIN accounts AS n ON n.biz = a.biz
WHERE said IS NOT NULL AND (a.account = a.author OR spanned.last > a.date)
"""
"""Seeds that alone have their name for an account, which has another one most of the time.

What it is called before and after their day, or their author's name, tells that theirs is none.
"""


def _orphans(table: str, breaks: str) -> Check:
    """Rows that hang on an article that is gone; those that follow from the article go with it."""
    gone = (
        "article_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles"  # noqa: S608
        f" WHERE id = {table}.article_id)"
    )
    derived = table in (*KEYED, *REWRITTEN, "queue", "urls") and table != "snapshots"
    repair, advice = "", _AGAIN
    if derived:
        # (unless the article came back while others were repaired)
        repair = (
            f"DELETE FROM {table} WHERE article_id = :subject"  # noqa: S608
            " AND NOT EXISTS (SELECT 1 FROM articles WHERE id = :subject)"
        )
        advice = "run: crawler audit --fix"
    return Check(
        id=f"orphan-{table}",
        finds=f"SELECT article_id, count(*) || ' rows' FROM {table}"  # noqa: S608
        f" WHERE {gone} GROUP BY article_id",
        what=f"table {table} knows an article that table articles does not",
        breaks=breaks,
        repair=repair,
        advice=advice,
    )


CHECKS = (
    Check(
        id="no-body",
        finds=f"SELECT id, state FROM articles WHERE state IN ({_WITH_BODY}) AND body = ''",  # noqa: S608
        what="the state says that there is a body, and there is none",
        breaks="UPDATE articles SET body = '', body_hash = '', characters = 0 WHERE state = 'ok'",
        advice=_AGAIN,
    ),
    Check(
        id="odd-word",
        finds=f"""
            SELECT id, state || ', ' || kind || ', ' || origin FROM articles
            WHERE state NOT IN ({_listed([*State])}) OR kind NOT IN ({_listed([*Kind])})
                OR origin NOT IN ({_listed([*Origin])})
        """,  # noqa: S608
        what="its state, kind or origin is none that there is, so that nobody shows it",
        breaks="UPDATE articles SET kind = 'none' WHERE state = 'ok'",
        advice=RESTORE,
    ),
    Check(
        id="no-title",
        finds="SELECT id, '' FROM articles WHERE title = '' AND body <> ''",
        what="there is a body and no title",
        breaks="UPDATE articles SET title = '' WHERE state = 'ok'",
        advice=_AGAIN,
    ),
    Check(
        id="title-alone",
        finds="""
            SELECT id, title FROM articles
            WHERE body LIKE '# %' AND instr(trim(body, char(10) || ' '), char(10)) = 0
        """,
        what="the body is the title and nothing else",
        breaks="UPDATE articles SET body = '# ' || title || char(10) WHERE state = 'ok'",
        advice=_AGAIN,
    ),
    Check(
        id="clock",
        finds=f"""
            SELECT 'looks', latest FROM (SELECT {_LATEST_LOOK} AS latest) WHERE latest > :today
        """,  # noqa: S608
        what="the latest look is of a day to come: the clock went back, or was ahead then",
        breaks="UPDATE events SET at = '2999-01-01T00:00:00+08:00'",
        advice="set the clock if it is wrong now; else fetch what was fetched then: --again",
    ),
    Check(
        id="date-range",
        finds=f"""
            SELECT id, date FROM articles
            WHERE date <> ''
            AND (date NOT LIKE '____-__-__' OR date(date) IS NOT date OR date < '{FIRST_DAY}'
                OR date > max(:today, {_LATEST_LOOK}))
        """,  # noqa: S608
        what="the date is none, or lies before WeChat's first article or after today",
        breaks="UPDATE articles SET date = '1970-01-01' WHERE state = 'ok'",
        advice="look at the article, and clean or fetch it again",
    ),
    Check(
        id="date-published",
        # (of several copies one may say the day, as a seed its collector's, another the moment)
        finds="SELECT id, date FROM articles"
        " WHERE published_at <> '' AND date <> substr(published_at, 1, 10) AND date_source = ''"
        " AND NOT (EXISTS (SELECT 1 FROM copies WHERE article_id = articles.id AND CASE"
        " WHEN json_valid(fields) THEN json_extract(fields, '$.published_at') = published_at"
        " AND json_extract(fields, '$.date') IS NOT date END)"
        " AND EXISTS (SELECT 1 FROM copies WHERE article_id = articles.id AND CASE"
        " WHEN json_valid(fields) THEN json_extract(fields, '$.date') = date END))",
        what="the date is not the day of published_at, which the page said itself",
        breaks="UPDATE articles SET published_at = '2020-02-02T02:02:02+08:00' WHERE state = 'ok'",
        advice="look at the article, and clean or fetch it again",
    ),
    Check(
        id="state-now",
        finds=f"SELECT id, state_now FROM articles AS a WHERE {_IS_BEHIND} AND {_IS_SOUND_LOOK}",  # noqa: S608
        what="state_now is not what the latest event says",
        breaks="UPDATE articles SET state_now = 'private'",
        repair=f"UPDATE articles AS a SET state_now = {_LATEST}, checked_at = {_CHECKED}"  # noqa: S608
        " WHERE id = :subject",
    ),
    Check(
        id="odd-look",
        finds=f"""
            SELECT id, state_now FROM articles AS a WHERE {_IS_BEHIND} AND NOT {_IS_SOUND_LOOK}
            UNION SELECT coalesce(article_id, url), state FROM events
                WHERE state NOT IN ('', {_listed([*State])})
        """,  # noqa: S608
        what="a look at it has a state that there is not, or is of no moment",
        breaks="UPDATE events SET state = 'om' WHERE state = 'ok'",
        advice=RESTORE,
    ),
    Check(
        id="no-event",
        finds="SELECT id, '' FROM articles"
        " WHERE NOT EXISTS (SELECT 1 FROM events WHERE article_id = articles.id)",
        what="no event says how it came here",
        breaks="DELETE FROM events",
        repair=insert(
            "events",
            select="SELECT fetch_date, url, id, state, NULL, origin, 'found by an audit', evidence"
            " FROM articles WHERE id = :subject",
        ),
    ),
    Check(
        id="no-address",
        # (of several previews the same may be left, and lead to one of them)
        finds="""
            SELECT id, url FROM articles WHERE url <> '' AND NOT EXISTS (
                SELECT 1 FROM urls
                WHERE article_id = articles.id OR articles.id GLOB 'u:*' AND url = articles.url)
        """,
        what="no address leads to it",
        breaks="DELETE FROM urls",
        repair=insert(
            "urls",
            select="SELECT url, url, id FROM articles WHERE id = :subject AND url <> ''",
            on_conflict="DO NOTHING",
        ),
    ),
    Check(
        id="empty-address",  # an earlier audit gave it to a copy that names no link
        finds="SELECT article_id, '' FROM urls WHERE url = ''",
        what="an address that is empty leads to it",
        breaks="INSERT INTO urls (url, canonical, article_id)"
        " SELECT '', '', id FROM articles LIMIT 1",
        repair="DELETE FROM urls WHERE url = '' AND article_id = :subject",
    ),
    Check(
        id="no-revision",
        finds="""
            SELECT id, body_hash FROM articles AS a WHERE body_hash <> '' AND NOT EXISTS (
                SELECT 1 FROM revisions AS r
                    WHERE r.article_id = a.id AND r.body_hash = a.body_hash)
        """,
        what="its body is not among its revisions",
        breaks="DELETE FROM revisions",
    ),
    Check(
        id="two-rows",
        finds="""
            SELECT a.id, u.article_id FROM articles AS a
            JOIN urls AS u ON u.canonical = 'https://mp.weixin.qq.com/s/' || substr(a.id, 3)
            WHERE a.id LIKE 's:%' AND u.article_id <> a.id
        """,
        what="a short link's row and another are one article",
        breaks="PRAGMA foreign_keys = ON; UPDATE articles SET id = 's:aBcDeFgHiJkLmNoPqRsTu0'"
        " WHERE state = 'hollow'",
        advice="fetch the short link again, which makes one row of them",
    ),
    Check(
        id="odd-account",
        finds=_ODD_ACCOUNTS,
        what="it alone has this name for its account, which had another before and after it",
        breaks="UPDATE articles SET account = '林', author = '林', origin = 'seed'"
        " WHERE state = 'ok'",
        repair=f"""
            UPDATE articles AS a SET account = coalesce({COMMON_NAME}, account) WHERE id = :subject
        """,  # noqa: S608
    ),
    Check(
        id="queue-stale",
        finds=f"""
            SELECT q.url, a.state FROM queue AS q JOIN articles AS a ON a.id = q.article_id
            WHERE a.state NOT IN ({_WORTH_FETCHING}) AND {_OF_NOBODY}
                AND (a.state NOT IN ({_OF_THE_LINK}) OR q.needs_link)
        """,  # noqa: S608
        what="it waits in the queue, and there is nothing more to fetch",
        breaks="UPDATE queue SET article_id = (SELECT id FROM articles WHERE state = 'ok')",
        # (unless a person asked for it while others were repaired)
        repair=f"DELETE FROM queue AS q WHERE url = :subject AND {_OF_NOBODY}",  # noqa: S608
    ),
    Check(
        id="promo-spared",
        finds="""
            SELECT one.value, l.account FROM learned AS l, json_each(l.spared) AS one
            JOIN articles AS a ON a.id = one.value
        """,
        what="it keeps what its account repeats, as too little of it would be left",
        breaks=insert(
            "learned",
            select="SELECT account, 'f', json_array(id) FROM articles WHERE state = 'ok'",
        ),
        advice="read it: nothing is lost, and what shall stay or go can be said in config.toml, "
        "[promo]",
    ),
    _orphans("urls", "UPDATE urls SET article_id = 'x:1:1' WHERE article_id LIKE '%:2650000009:%'"),
    _orphans("events", "UPDATE events SET article_id = 'x:1:1' WHERE state = 'ok'"),
    _orphans(
        "revisions",
        insert("revisions", select=f"SELECT 'x:1:1', {_COLUMNS} FROM revisions LIMIT 1"),  # noqa: S608
    ),
    _orphans("copies", insert("copies", select="VALUES ('x:1:1', 'c', '{}')")),
    _orphans("removed", insert("removed", select="VALUES ('x:1:1', 'tail', 1)")),
    _orphans("pictures", insert("pictures", select="VALUES ('x:1:1', 'u', NULL, 'missing', '')")),
    _orphans("snapshots", "UPDATE snapshots SET article_id = 'x:1:1'"),
    _orphans("evidence", insert("evidence", select=f"VALUES ('x:1:1'{', 0' * 12}, NULL)")),
    _orphans("queue", "UPDATE queue SET article_id = 'x:1:1'"),
    _orphans("reader_stars", insert("reader_stars", select="VALUES ('x:1:1', '')")),
    _orphans("reader_tags", insert("reader_tags", select="VALUES ('x:1:1', 't', '')")),
    _orphans("reader_notes", insert("reader_notes", select="VALUES ('x:1:1', 't', '')")),
    _orphans("seeds", "UPDATE seeds SET article_id = 'x:1:1'"),
)
