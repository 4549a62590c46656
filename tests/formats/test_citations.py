from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.formats.citations import STYLES
from tests.formats.specimens import HASH, ODD_TEXTS, make_work

if TYPE_CHECKING:
    from crawler.formats.works import Work

TEXTS = st.text(max_size=40)


def _bibtex(*works: Work) -> list[Any]:
    database = pytest.importorskip("pybtex.database", reason="pybtex is not installed")
    return list(database.parse_string(STYLES["bibtex"](works), "bibtex").entries.items())


def test_bibtex_is_read_by_another_program_as_it_was_meant() -> None:
    [(key, entry)] = _bibtex(make_work())
    assert (key, entry.type) == ("wechat-MzI0NTk5OTk5MA-2650000001-1", "misc")
    assert [str(person) for person in entry.persons["author"]] == ["{林川}"]
    assert entry.fields["title"] == "{夜航的灯塔}"
    assert entry.fields["howpublished"] == "微信公众号 江畔手记"
    assert (entry.fields["year"], entry.fields["month"]) == ("2024", "5")
    assert entry.fields["url"].endswith("&mid=2650000001&idx=1")
    assert entry.fields["urldate"] == "2025-10-06"
    assert HASH in entry.fields["note"]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_no_title_breaks_the_entries_of_bibtex(text: str) -> None:
    others = make_work(id="s:zYxWvUtSrQpOnMlKjIhGf1")
    odd = make_work(title=text, account=text, author=text)
    assert [key for key, _ in _bibtex(odd, others)][1:] == ["wechat-s-zYxWvUtSrQpOnMlKjIhGf1"]


@given(TEXTS, TEXTS)
def test_whatever_an_article_is_called_two_entries_of_bibtex_stay_two(
    title: str, author: str
) -> None:
    other = make_work(id="s:zYxWvUtSrQpOnMlKjIhGf1")
    assert len(_bibtex(make_work(title=title, author=author), other)) == 2


def test_csl_json_is_read_by_another_program_which_writes_a_reference_of_it() -> None:
    pytest.importorskip("citeproc", reason="citeproc-py is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lxml and citeproc-py know better than one another
        written = _rendered(json.loads(STYLES["csl"]([make_work()])))
    assert "林川" in written
    assert "夜航的灯塔" in written
    assert "2024" in written
    assert "mid=2650000001" in written


def _rendered(items: list[dict[str, Any]]) -> str:
    from citeproc import (  # type: ignore[import-untyped]  # noqa: PLC0415
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]  # noqa: PLC0415

    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem(items[0]["id"].lower())]))
    return str(bibliography.bibliography()[0])


@pytest.mark.parametrize("style", STYLES)
def test_a_copy_of_an_unknown_day_says_so(style: str) -> None:
    written = STYLES[style]([make_work(archived="")])
    assert "?; SHA-256" in written or "?, 正文" in written


def test_csl_json_says_when_the_copy_was_archived_and_what_it_hashes_to() -> None:
    [item] = json.loads(STYLES["csl"]([make_work()]))
    assert item["type"] == "webpage"
    assert item["issued"] == {"date-parts": [[2024, 5, 8]]}
    assert item["accessed"] == {"date-parts": [[2025, 10, 6]]}
    assert item["custom"] == {
        "archived": "2025-10-06T01:17:02.990516",
        "sha256": HASH,
        "evidence": "ab" * 32,
    }


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {},
            (
                "林川. 夜航的灯塔[EB/OL]. 江畔手记, 2024(2024-05-08)[2025-10-06]. URL. "
                f"存档于 2025-10-06, 正文 SHA-256: {HASH}."
            ),
        ),
        (
            {"author": ""},
            (
                "江畔手记. 夜航的灯塔[EB/OL]. (2024-05-08)[2025-10-06]. URL. "
                f"存档于 2025-10-06, 正文 SHA-256: {HASH}."
            ),
        ),
        (
            {"author": "", "account": "", "published": "", "sha256": ""},
            "佚名. 夜航的灯塔[EB/OL]. [2025-10-06]. URL.",
        ),
    ],
)
def test_gbt7714_names_author_title_day_of_publication_and_day_of_the_copy(
    fields: dict[str, str], line: str
) -> None:
    work = make_work(**fields)
    assert STYLES["gbt7714"]([work]) == line.replace("URL", work.url)


@given(TEXTS, TEXTS)
def test_a_reference_of_gbt7714_is_one_line(title: str, author: str) -> None:
    assert len(STYLES["gbt7714"]([make_work(title=title, author=author)]).splitlines()) == 1
