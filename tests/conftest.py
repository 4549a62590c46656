"""What every test may use.

The real pages and seeds where they stand beside the checkout, and golden files.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # no test asserts seconds
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
PAGES = SHARED / "pages"
SEEDS = SHARED / "seeds"
GOLDEN = ROOT / "tests" / "golden"

needs_shared = pytest.mark.skipif(
    not PAGES.is_dir(), reason="the real pages and seeds are not beside this checkout"
)


def index_of(folder: Path) -> list[dict[str, str]]:
    """The rows of a folder's INDEX.tsv, or none where the folder is absent."""
    path = folder / "INDEX.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what golden cases give now as what they expect",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
