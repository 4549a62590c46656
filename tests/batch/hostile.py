"""A cleaner that does at a document's word what no page may bring ours to."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from crawler.batch import clean_document


def clean(html: bytes, charset: str, url: str) -> dict[str, Any]:
    """Hang, die, fail, take all memory, or clean."""
    match html:
        case b"hang":
            signal.pause()
        case b"spin":
            while True:
                pass
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"orphan":
            os.kill(os.getppid(), signal.SIGKILL)
        case b"end":
            os._exit(3)
        case b"fail":
            raise ValueError("no page of ours")
        case b"eat":
            bytearray(1 << 40)
        case b"say":
            os.write(1, b"what goes to stdout is lost")
    return clean_document(html, charset, url)


def stay(html: bytes, charset: str, url: str) -> dict[str, Any]:
    """Do what no limit of the kernel's ends, or clean."""
    match html:
        case b"stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        case b"deaf":
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
            signal.pause()
        case b"leave":  # a child that holds the line for as long as the test may take
            if os.fork():
                os._exit(3)
            time.sleep(20)
            os._exit(0)
    return clean_document(html, charset, url)
