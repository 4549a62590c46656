"""A small archive of invented articles, on the least table that the index needs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive.search import find as search
from crawler.archive.search import index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARTICLES = (
    (
        "公安通报三起电信网络诈骗案",
        "江畔安全观察",
        (
            "# 公安通报三起电信网络诈骗案\n\n近日，某市警方通报三起**电信**网络诈骗案件。\n\n"
            "![封面](https://mmbiz.qpic.cn/secretpicture/640?wx_fmt=png)请勿[点击链接](https://example.com/targetword)转账。"
        ),
    ),
    (
        "一次 Apache 日志分析记录",
        "云端运维手记",
        (
            "# 一次 Apache 日志分析记录\n\n从访问日志里找出SQL注入的痕迹，对照 CVE-2024-3094"
            " 的时间线。使用 C++ 重写。"
        ),
    ),
    (
        "骗局识别手册",
        "江畔安全观察",
        "# 骗局识别手册\n\n熟人借钱先打电话。诈术千变，骗子不变；ＳＱＬ数据库里的记录也会说话。",
    ),
    (
        "Weekly notes",
        "Harbor Notes",
        "# Weekly notes\n\nMySQL replication and log rotation, nothing in Chinese.",
    ),
)


def make_archive(path: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(path)
    make_table(conn)
    index.install_index(conn)
    for number, (title, account, body) in enumerate(ARTICLES, 1):
        add_article(conn, f"a:{number}", title, account, body)
    index.sync_index(conn)
    conn.commit()
    return conn


def make_table(conn: sqlite3.Connection) -> None:
    conn.execute(
        "CREATE TABLE articles (n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, url TEXT,"
        " title TEXT, source TEXT, account TEXT, date TEXT, state TEXT,"
        " digest TEXT, body TEXT,"
        " body_hash TEXT)"
    )


def add_article(
    conn: sqlite3.Connection, article_id: str, title: str, account: str, body: str
) -> None:
    conn.execute(
        "INSERT INTO articles (id, url, title, source, account, date, state, body, body_hash)"
        " VALUES (?, ?, ?, ?, ?, '2026-01-02', 'ok', ?, ?)",
        (
            article_id,
            f"https://mp.weixin.qq.com/s/{article_id}",
            title,
            account,
            account,
            body,
            body,
        ),
    )


def found(conn: sqlite3.Connection, words: str) -> set[str]:
    return {hit.id for hit in search.search(conn, words, shells=True)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def archive(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(make_archive(path)) as conn:
        yield conn
