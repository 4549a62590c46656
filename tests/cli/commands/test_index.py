from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lookalikes import whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


def test_the_index_is_built_anew(crawler: Crawler, folder: Path) -> None:
    (folder / "a.md").write_text(whole_seed(), encoding="utf-8")
    crawler("reclean", "a.md")
    assert "1 article is in the index" in crawler("index", "--rebuild").stderr
    assert "渡轮" in crawler("search", "渡轮").stdout
