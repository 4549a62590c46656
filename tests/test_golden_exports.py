"""Another tool's document in, what it says out.

Each folder below golden/exports is one document in a shape that its tool may write, with what must
come of it beside it: other orders of keys, CRLF, marks of byte order, missing keys, lists of tags,
moments with times, wrapped addresses, placeholders and proxies of pictures.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from crawler.clean.exports import Document, read_export
from crawler.clean.exports.producers import PRODUCERS, UNKNOWN
from tests.conftest import GOLDEN

if TYPE_CHECKING:
    from pathlib import Path

CASES = sorted((GOLDEN / "exports").iterdir())
_SAYS = (
    *("producer", "form", "state", "detail", "url", "title", "account", "author"),
    *("date", "published_at", "saved", "pictures_lost"),
)


def result(case: Path) -> dict[str, Any]:
    """What comes of the one document of a case; its name may hold the title."""
    [path] = [path for path in case.iterdir() if path.suffix == ".md"]
    adopted = read_export(Document(name=path.name, content=path.read_bytes()))
    said = {name: getattr(adopted, name) for name in _SAYS}
    return {
        **{name: value for name, value in said.items() if value},
        "text": adopted.text.split("\n"),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_document_of_another_tool_becomes_exactly_what_its_case_expects(
    case: Path,
    update_golden: bool,  # noqa: FBT001
) -> None:
    found = json.dumps(result(case), ensure_ascii=False, indent=2) + "\n"
    if update_golden:
        (case / "expected.json").write_text(found, encoding="utf-8")
    assert (case / "expected.json").read_text(encoding="utf-8") == found


def test_every_producer_has_cases() -> None:
    known = {json.loads((case / "expected.json").read_bytes()).get("producer") for case in CASES}
    assert known >= {row.id for row in (*PRODUCERS, UNKNOWN)}
