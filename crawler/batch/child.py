"""The process that `IsolatedCleaner` starts.

What comes by the connection: where to import from, what cleans and for how long, then documents.
Each is answered by its record. The kernel ends the process where one takes too long, also when
whoever started it is gone; and so it does where a document takes all memory.
"""

from __future__ import annotations

import resource
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from crawler.batch.documents import attempt

MEMORY = 4 << 30
"""Address space in bytes: a page of 64 MB, the largest that any way in takes, needs a quarter."""


def main(descriptor: int) -> None:
    """Answer documents until nobody sends any more."""
    with suppress(ValueError, OSError):  # where the system has a lower limit, or none of this kind
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    with Connection(descriptor) as connection, suppress(EOFError, ConnectionError):
        sys.path[:] = connection.recv()
        clean, seconds = connection.recv()
        connection.send(None)
        while True:
            charset, url = connection.recv()
            html = connection.recv_bytes()
            signal.setitimer(signal.ITIMER_REAL, seconds)
            record = attempt(clean, html, charset, url)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send(record)
