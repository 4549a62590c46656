"""Runs the quick tests on every Python that is found, from the built wheel, outside the checkout.

`python -m scripts.check_pythons` looks for Python 3.11 to 3.14 on the path and among pyenv's, and
runs each with the newest versions of the dependencies; the oldest Python also with the oldest (for
which it needs uv). The Python that runs this is not tried with the newest: `make test` does it.
Tests run in random order, but those that only read sources, which `make test` does once. CI has
half an hour: without `--whole` the rooms that take most of the time are tried on the oldest Python
alone, and the archive's on it and on the newest. It says at the end what was had and what passed;
the exit code is 1 where anything failed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
_BESIDE = ("bench", "deploy", "docs", "extension", "scripts", "seeds", "tests")
_FILES = (
    ".dockerignore",
    "README.md",
    "README.zh.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    "config.toml",
    "pyproject.toml",
    "Makefile",
)
_OF_THE_TEXT = ("architecture", "clocks", "docs", "patterns")
"""The tests that read sources and run none of them; no Python changes what they say."""

_DEAR = tuple(
    f"tests/{room}" for room in ("batch", "browse", "clean", "cli", "flows", "mcp", "trust")
)
"""Most of the processor time of the quick tests.

Cleaning is text in and text out, and every Python is tried with its golden cases, and with every
command that prints JSON.
"""

_OF_SQLITE = ("tests/archive",)
"""What depends on SQLite more than on Python; the newest of each mostly come together."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One Python with the newest or the oldest dependencies."""

    version: str
    python: str
    oldest: bool = False
    left_out: tuple[str, ...] = ()  # the rooms that are not tried

    @property
    def name(self) -> str:
        """What the summary calls it."""
        of = f", without {', '.join(self.left_out)}" if self.left_out else ""
        return f"Python {self.version}, {'oldest' if self.oldest else 'newest'} dependencies{of}"

    @property
    def extra(self) -> str:
        """What is installed beside the package: all of it takes four times as long."""
        return "tests" if self.left_out else "dev"


def found_pythons() -> dict[str, str]:
    """The interpreter of each version, where this machine has one."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = {}
    for version in VERSIONS:
        installed = sorted(pyenv.glob(f"{version}.*/bin/python"))
        on_path = shutil.which(f"python{version}")
        python = str(installed[-1]) if installed else on_path
        if python and _answers(python, version):
            found[version] = python
    return found


def _answers(python: str, version: str) -> bool:
    """Whether the interpreter is of that version; shims of pyenv may be there and run nothing."""
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() == version


def trials(pythons: dict[str, str], *, whole: bool) -> list[Trial]:
    """What is to be tried; all rooms on every Python (`whole`), or on the oldest alone."""
    here = ".".join(map(str, sys.version_info[:2]))
    newest = [
        Trial(version, python, left_out=() if whole else _left_out(version, max(pythons)))
        for version, python in pythons.items()
        if version != here
    ]
    if shutil.which("uv") is None or not pythons:
        return newest
    version, python = next(iter(pythons.items()))
    return [Trial(version, python, oldest=True), *newest]


def _left_out(version: str, newest: str) -> tuple[str, ...]:
    return _DEAR if version == newest else _DEAR + _OF_SQLITE


def prepare(trial: Trial, wheel: Path, folder: Path) -> Path:
    """Install the wheel into an environment of its own, and lay the tests beside it."""
    folder.mkdir()
    python = _environment(trial, wheel, folder / "venv")
    for name in _BESIDE:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _FILES:
        shutil.copy2(ROOT / name, folder / name)
    return python


def passes(trial: Trial, python: Path, folder: Path) -> bool:
    """Run the quick tests in a folder that was prepared, and remove it."""
    left_out = [f"--ignore=tests/test_{name}.py" for name in _OF_THE_TEXT]
    left_out += [f"--ignore={room}" for room in trial.left_out]
    options = ("-q", "-n", "2", "--dist", "worksteal", "-p", "no:cacheprovider", *left_out)
    command = [str(python), "-m", "pytest", *options]
    done = subprocess.run(command, cwd=folder, check=False)  # noqa: S603
    shutil.rmtree(folder)
    return done.returncode == 0


def _environment(trial: Trial, wheel: Path, venv: Path) -> Path:
    python = venv / "bin" / "python"
    wanted = f"wechat-article-archive[{trial.extra}] @ {wheel.as_uri()}"
    if shutil.which("uv"):
        _run("uv", "venv", "--quiet", "--python", trial.python, str(venv))
        options = _OLDEST if trial.oldest else ()
        _run("uv", "pip", "install", "--quiet", "--python", str(python), wanted, *options)
    else:
        # Debian's Pythons bring no pip of their own: this one's installs into their environments;
        # to compile all that comes takes longer than all else, and most of it is never imported
        _run(trial.python, "-m", "venv", "--without-pip", str(venv))
        pip = (sys.executable, "-m", "pip", "--python", str(python))
        _run(*pip, "install", "--quiet", "--no-compile", wanted)
    return python


_OLDEST = (
    "--resolution=lowest-direct",
    # what a wheel asks for is no direct dependency to uv, and would be had in its newest version
    f"--requirement={ROOT / 'pyproject.toml'}",
    "--extra=dev",
)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)  # noqa: S603


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout."""
    if shutil.which("uv"):
        _run("uv", "build", "--quiet", "--wheel", "--out-dir", str(folder), str(ROOT))
    else:
        wheel = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps")
        _run(*wheel, "--wheel-dir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


def prepared(wanted: list[Trial], folder: Path) -> Iterator[tuple[Trial, Future[Path], Path]]:
    """Each trial, its Python as it will be, and its folder.

    The next one is prepared, which waits for the network, while the tests of this one run.
    """
    wheel = build_wheel(folder)
    with ThreadPoolExecutor(1) as ahead:
        begun = (
            (trial, ahead.submit(prepare, trial, wheel, folder / str(number)), folder / str(number))
            for number, trial in enumerate(wanted)
        )
        coming = next(begun, None)
        while coming:
            trial, made, place = coming
            coming = next(begun, None)
            yield trial, made, place


def tried(trial: Trial, made: Future[Path], folder: Path) -> bool:
    """Whether the tests pass there; a Python that could not be prepared keeps no other back."""
    try:
        python = made.result()
    except subprocess.CalledProcessError as failed:
        print(f"{trial.name}: could not be prepared: {failed}", flush=True)
        return False
    print(f"== {trial.name}", flush=True)
    return passes(trial, python, folder)


def main() -> int:
    """Try all, and say what came of it."""
    pythons = found_pythons()
    wanted = trials(pythons, whole="--whole" in sys.argv[1:])
    results = {}
    with tempfile.TemporaryDirectory() as temporary:
        for trial, made, folder in prepared(wanted, Path(temporary)):
            results[trial.name] = tried(trial, made, folder)
    for name, passed in results.items():
        print(f"{'passed' if passed else 'FAILED'}  {name}")
    for version in VERSIONS:
        if version not in pythons:
            print(f"absent  Python {version}")
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
