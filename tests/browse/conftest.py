"""The site on a loopback port, and a headless browser that may speak to nothing else."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from typing import IO, TYPE_CHECKING

import pytest

from tests.browse.library import make_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVE = (
    "import sys; from pathlib import Path; from crawler.browse import serve;"
    "clock = (lambda: '2026-03-04T05:06:07') if sys.argv[2:] else None;"
    "serve(Path(sys.argv[1]), port=0, clock=clock,"
    " ready=lambda address: print(address, flush=True))"
)


SERVE_DOOR = (
    "import sys; from functools import partial; from pathlib import Path;"
    "from crawler.archive import Archive; from crawler.browse import Door, serve;"
    "from crawler.config import PromoConfig; from crawler.flows import Clipper;"
    "path = Path(sys.argv[1]);"
    "door = Door(lambda: sys.argv[2], Clipper(partial(Archive.open, path), PromoConfig()),"
    " seconds=float(sys.argv[3]));"
    "serve(path, port=0, ready=lambda address: print(address, flush=True), door=door)"
)


def find_chromium() -> str | None:
    """The browser that is installed; CHROMIUM names another one."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "archive.db"
    make_library(path)
    return path


@pytest.fixture(scope="session")
def address(library: Path) -> Iterator[str]:
    """Where the site can be opened, without the slash at its end."""
    with serving(library) as found:
        yield found


@contextmanager
def serving(path: Path, errors: IO[bytes] | None = None, *, write: bool = False) -> Iterator[str]:
    """Serve an archive from a process of its own; gives the address.

    What it says on stderr goes into `errors`, where they are given.
    """
    with _running([SERVE, str(path), *(["write"] * write)], errors) as address:
        yield address


@contextmanager
def serving_door(path: Path, token: str, *, seconds: float = 60.0) -> Iterator[str]:
    """The same with the way in for pages, which may take so long."""
    with _running([SERVE_DOOR, str(path), token, str(seconds)]) as address:
        yield address


@contextmanager
def _running(program: list[str], errors: IO[bytes] | None = None) -> Iterator[str]:
    read, write = os.pipe()
    told = json.dumps([os.getcwd(), {**os.environ}, *program])  # noqa: PTH109
    line = _waiting()
    socket.send_fds(line, [told.encode()], [write, errors.fileno() if errors else _STDERR])
    os.close(write)
    process = int(line.recv(99))
    with open(read, encoding="utf-8") as said:  # noqa: PTH123
        try:
            address = said.readline()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\n", address)
            yield address.rstrip("/\n")
        finally:
            os.kill(process, signal.SIGTERM)
            said.read()  # which ends when it does


_STDERR = 2


@cache
def _waiting() -> socket.socket:
    """The line to a process that has loaded what a server needs, which takes a second.

    It is told a folder, variables and a program with its arguments, and gets what that writes to;
    it answers with the number of the copy of itself that runs it.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        number = theirs.fileno()
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _COPIES, str(number)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[number],
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


_COPIES = """
import json, os, socket, sys
from contextlib import suppress
import crawler.archive, crawler.browse.server, crawler.config, crawler.flows.clipper
line = socket.socket(fileno=int(sys.argv[1]))
child = -1
while child:
    told, files, *_ = socket.recv_fds(line, 1 << 20, 2)
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG if told else 0)[0]:
            pass
    if not told:
        sys.exit()
    child = os.fork()
    if child:
        line.send(str(child).encode())
    else:
        line.close()
        for number, file in enumerate(files, 1):
            os.dup2(file, number)
    for file in files:
        os.close(file)
folder, variables, program, *words = json.loads(told)
os.chdir(folder)
os.environ.clear()
os.environ.update(variables)
sys.argv = ["-c", *words]
exec(program)
"""
