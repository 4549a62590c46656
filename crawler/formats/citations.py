"""References to archived articles: CSL-JSON, BibTeX, and a line of GB/T 7714-2015.

Each says when the copy was archived and the SHA-256 of its text, so that whoever reads it can tell
that what they were given is what was cited.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from crawler.characters import escaped_in_json, on_one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crawler.formats.works import Work

_PLATFORM = "微信公众号"
_UNKNOWN = "?"
_LANGUAGE = "zh-CN"
_NOTE = "archived {day}; SHA-256 of the text: {hash}"
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # for BibTeX counts braces, whatever stands before them
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
_SPECIAL = re.compile(r"[\\{}~^#$%&_]")
_NO_KEY = re.compile(r"[^A-Za-z0-9]+")
_IN_ADDRESS = re.compile(r"[\s{}\\]")


def write_csl(works: Sequence[Work]) -> str:
    """The works as CSL-JSON, one array."""
    written = json.dumps([_csl(work) for work in works], ensure_ascii=False, indent=2)
    return escaped_in_json(written)


def write_bibtex(works: Sequence[Work]) -> str:
    """The works as entries of BibTeX."""
    return "\n\n".join(map(_bibtex, works))


def write_gbt7714(works: Sequence[Work]) -> str:
    """The works as GB/T 7714-2015 has them, one line each."""
    return "\n".join(map(_gbt7714, works))


STYLES: Mapping[str, Callable[[Sequence[Work]], str]] = {
    "gbt7714": write_gbt7714,
    "bibtex": write_bibtex,
    "csl": write_csl,
}
"""How references can be written, by name."""


def _csl(work: Work) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": work.id,
        "type": "webpage",
        "title": work.name,
        "author": [{"literal": name} for name in _authors(work)],
        "container-title": on_one_line(work.account),
        "publisher": _PLATFORM,
        "issued": _date_parts(work.day),
        "accessed": _date_parts(work.archived_day),
        "URL": _address(work),
        "abstract": on_one_line(work.digest),
        "language": _LANGUAGE,
        "note": _archived(work, _NOTE),
        "custom": {"archived": work.archived, "sha256": work.sha256, "evidence": work.evidence},
    }
    return {name: value for name, value in told.items() if value}


def _date_parts(day: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else {}


def _bibtex(work: Work) -> str:
    year, _, rest = work.day.partition("-")  # a day is digits alone
    fields = {
        "author": " and ".join(f"{{{_latex(name)}}}" for name in _authors(work)),
        "title": f"{{{_latex(work.name)}}}",
        "howpublished": _latex(" ".join(filter(None, (_PLATFORM, on_one_line(work.account))))),
        "year": year,
        "month": rest[:2].lstrip("0"),
        "date": work.day,
        "url": _address(work),
        "urldate": work.archived_day,
        "note": _latex(_archived(work, _NOTE)),
    }
    lines = (f"  {name} = {{{value}}}," for name, value in fields.items() if value)
    return "\n".join([f"@misc{{{_key(work)},", *lines, "}"])


def _key(work: Work) -> str:
    return f"wechat-{_NO_KEY.sub('-', work.id).strip('-')}"


def _latex(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _LATEX[sign[0]], text)


def _gbt7714(work: Work) -> str:
    """主要责任者. 题名[EB/OL]. 出版者, 年(发布日期)[引用日期]. 地址, then what the archive says."""
    account = on_one_line(work.account)
    authors = ", ".join(_authors(work)) or "佚名"
    publisher = f"{account}, {work.day[:4]}" if account and account != authors else ""
    issued = f"({work.day})" if work.day else ""
    cited = f"[{work.archived_day}]" if work.archived_day else ""
    dates = f"{publisher.rstrip(', ')}{issued}{cited}"
    archived = _archived(work, "存档于 {day}, 正文 SHA-256: {hash}")
    parts = (authors, f"{work.name}[EB/OL]", dates, _address(work), archived)
    return f"{'. '.join(filter(None, parts))}."


def _archived(work: Work, words: str) -> str:
    """When it was archived, and the hash; "" where there is no text to have one."""
    if not work.sha256:
        return ""
    return words.format(day=work.archived_day or _UNKNOWN, hash=work.sha256)


def _authors(work: Work) -> list[str]:
    """Who wrote it; an article that names nobody is its account's."""
    name = on_one_line(work.author) or on_one_line(work.account)
    return [name] if name else []


def _address(work: Work) -> str:
    return _IN_ADDRESS.sub(lambda sign: f"%{ord(sign[0]):02X}", work.url)
