"""Packs the extension as stores and browsers take it: `python -m scripts.pack_extension [DIR]`.

The same files make the same bytes. The bookmarklet lies beside the extension and is no part of it.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

EXTENSION = Path(__file__).resolve().parent.parent / "extension"
_BESIDE = "bookmarklet.js"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP file can write


def pack(folder: Path) -> Path:
    """Write the ZIP file into a folder; returns its path."""
    manifest = json.loads((EXTENSION / "manifest.json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"wechat-article-archive-capture-{manifest['version']}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(EXTENSION.iterdir()):
            if file.name != _BESIDE:
                entry = zipfile.ZipInfo(file.name, _LONG_AGO)
                packed.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return path


if __name__ == "__main__":
    print(pack(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")))
