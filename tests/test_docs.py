from __future__ import annotations

import pytest

from scripts.make_docs import ROOT, generated


@pytest.mark.parametrize(
    ("path", "text"), generated().items(), ids=lambda value: getattr(value, "name", "")
)
def test_what_is_generated_is_up_to_date(path: object, text: str) -> None:
    assert (ROOT / str(path)).read_text(encoding="utf-8") == text, "run python -m scripts.make_docs"
