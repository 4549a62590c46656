"""What every test may use.

The real pages and seeds where they stand beside the checkout, golden files, and an empty archive.
"""

from __future__ import annotations

import csv
import gc
import os
import shutil
import signal
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from crawler.archive import Archive
from crawler.flows import wall
from tests.own_settings import leave_the_users_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

leave_the_users_settings()

# No test asserts seconds. The quick suite tries a few examples of a property, the slow one many; CI
# says the same of one commit every time, and a person's machine looks for new ones.
SAME = "CI" in os.environ
settings.register_profile("few", deadline=None, max_examples=25, derandomize=SAME)
settings.register_profile("many", deadline=None, max_examples=100, derandomize=SAME)

# Where the environment keeps Python from writing bytecode, every command that a test starts would
# compile all libraries anew: 0.6 s each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Tests write thousands of archives, and SQLite waits for the disk at the end of each transaction:
# a quarter of the time. In memory nothing waits; what a kill leaves behind is the same there.
MEMORY = Path("/dev/shm")  # noqa: S108  (folders of one's own are made in it)
ROOM = 4 << 30  # bytes; all tests at once take a tenth of that


def _can_hold_all(folder: Path) -> bool:
    """Whether there is room for what tests write, and what they install there can run."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return False
    holds_programs = not os.statvfs(folder).f_flag & os.ST_NOEXEC
    return holds_programs and shutil.disk_usage(folder).free >= ROOM


if "TMPDIR" not in os.environ and _can_hold_all(MEMORY):
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None  # for what has asked for it before

# sqlite-utils loads pandas where it finds it: 70 MB more in each worker, whose tables every fork
# copies. It goes without, as in our commands; whoever asks for pandas itself still gets it.
if "pandas" not in sys.modules:
    sys.modules["pandas"] = None  # type: ignore[assignment]  # "not there", to `import`
    import_module("sqlite_utils")
    del sys.modules["pandas"]

# A shell that starts the tests in the background lets them ignore Ctrl-C, and all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
PAGES = SHARED / "pages"
SEEDS = SHARED / "seeds"
GOLDEN = ROOT / "tests" / "golden"
LONGEST_NAME = 150  # characters of a text that is its case's name
PATIENCE = 600.0  # seconds after which a test gives up what hangs; nothing else takes so long

needs_shared = pytest.mark.skipif(
    not PAGES.is_dir(), reason="the real pages and seeds are not beside this checkout"
)


def pytest_configure(config: pytest.Config) -> None:
    profile = "few" if config.getoption("markexpr") == "not slow" else "many"
    settings.load_profile(profile)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, object, object]:
    """Let the slow suite run the properties, too, and begin with what takes longest."""
    if config.getoption("markexpr") == "slow":
        for item in items:
            # hypothesis marks its tests so in every version; the function that asks is a new one's
            if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
                item.add_marker("slow")
    result = yield
    begin_with_the_long(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    return result


def begin_with_the_long(items: list[pytest.Item], workers: int) -> None:
    """Put long tests where workers begin, the rest as it is: what is begun last keeps all waiting.

    `--dist worksteal` gives each worker as many tests, one after the other.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    rest = [item for item in items if not item.get_closest_marker("long")]
    ordered: list[pytest.Item] = []
    for number in range(workers):
        share = (len(items) - len(ordered)) // (workers - number)
        mine = long[number::workers]
        enough = max(share - len(mine), 0)
        ordered += [*mine, *rest[:enough]]
        del rest[:enough]
    items[:] = [*ordered, *rest]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Call by a number what is no name: bytes, and a whole text.

    A file that a test makes may hold the time at which it was made, and workers that collect some
    seconds apart would have different tests.
    """
    if isinstance(val, bytes) or (isinstance(val, str) and len(val) > LONGEST_NAME):
        return argname
    return None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no rubbish among the tests: they are half a million objects, and all of them stay.

    Nor afterwards, which also spares what a test forks the copies of them.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


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


@pytest.fixture(autouse=True, scope="session")
def _walls_are_down() -> Iterator[None]:
    """A reader that breaks is a test that fails, and never an input that is told of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wall, "_places", _raised)
        yield


def _raised(error: Exception) -> list[str]:
    raise error


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that is made by the first worker that needs it, and read by all; others wait."""
    fcntl = pytest.importorskip("fcntl", reason="needs a lock between processes")
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"once-{name}"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.with_suffix(".made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            folder.with_suffix(".made").touch()
    return folder


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that holds nothing: to make one takes 300 statements, to copy it none."""
    path = tmp_path_factory.mktemp("empty") / "archive.db"
    Archive.open(path).close()
    return path


@pytest.fixture
def archive(_empty: Path, tmp_path: Path) -> Iterator[Archive]:
    """An empty archive in a folder of its own."""
    path = shutil.copyfile(_empty, tmp_path / "archive.db")
    with Archive.open(path) as opened:
        yield opened


@pytest.fixture
def own_hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the top-level guard does with signals is for a process that ends; this one goes on."""
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(sys, "warnoptions", ["error"])
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
