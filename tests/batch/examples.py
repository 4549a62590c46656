"""The programs that docs/scale.md shows, run as they stand."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def run_example(heading: str, folder: Path) -> None:
    """Run the first program under a heading of the page in a folder."""
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    program = folder / "example.py"
    text = section.partition("```python\n")[2].partition("```")[0]
    assert text
    program.write_text(text, encoding="utf-8")
    done = subprocess.run(  # noqa: S603  (our own interpreter)
        [sys.executable, str(program)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
