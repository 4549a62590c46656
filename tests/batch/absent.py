"""What is said where a package is not installed."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

_PROGRAM = """
import sys
class Absent:
    def find_spec(name, *_):
        if name == "{package}":
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, Absent)
try:
    from crawler.batch import {name}
except Exception as error:
    print(type(error).__name__, error)
"""


def said_without(package: str, name: str) -> str:
    """What an import of `name` from `crawler.batch` says where `package` is not there."""
    program = _PROGRAM.format(package=package, name=name)
    done = subprocess.run(  # noqa: S603  (our own interpreter)
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout
