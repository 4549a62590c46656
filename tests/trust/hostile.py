"""A server that answers every request with the same bytes, whatever they are."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class HostileServer:
    """Listens on loopback; counts who comes."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.asked = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.recv(65_536)
                self.asked += 1
                connection.sendall(self.answer)
                connection.shutdown(socket.SHUT_WR)
