"""pywb on loopback, in a process of its own: the field's own server over WARC files of ours."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

needs_pywb = pytest.mark.skipif(not find_spec("pywb"), reason="extra webarchive-tests")

_PROGRAM = """
from gevent.monkey import patch_all; patch_all()
import sys
from gevent.pywsgi import WSGIServer
from pywb.apps.frontendapp import FrontEndApp
from pywb.manager.manager import main
from pywb.utils.geventserver import RequestURIWSGIHandler
main(["init", "mine"])
for path in sys.argv[1:]:
    main(["add", "mine", path])
handler = RequestURIWSGIHandler
server = WSGIServer(("127.0.0.1", 0), FrontEndApp(), handler_class=handler, log=None)
server.start()
print("port", server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def pywb(folder: Path, *warcs: Path) -> Iterator[str]:
    """Serve WARC files; gives the address of the collection."""
    folder.mkdir(exist_ok=True)
    command = (sys.executable, "-c", _PROGRAM, *(str(path) for path in warcs))
    told = folder / "errors.txt"
    with (
        told.open("w") as errors,
        subprocess.Popen(  # noqa: S603
            command, cwd=folder, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdout
        try:
            lines = iter(process.stdout.readline, "")
            said = next((line for line in lines if line.startswith("port ")), "")
            assert said, f"pywb did not start: {told.read_text()}"
            yield f"http://127.0.0.1:{said.split()[1]}/mine"
        finally:
            process.terminate()
