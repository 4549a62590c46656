"""The process that draws formulas for `crawler.browse.formulas`.

`math-core` looks for the other of each bracket, and a formula that leads it astray doubles its time
with every one: no limit of it can be set from outside. So the kernel ends the process where a
formula takes too much of a processor, or of memory.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

_MEMORY = 1 << 30
"""Address space in bytes: the process has 200 MB of it when it starts."""
_LONGEST = 1_000_000  # characters of MathML, of 4,000 of TeX; the longest seen has 390,000
_STDERR = 2


def main(descriptor: int) -> None:
    """Answer formulas, each by its MathML and the seconds that it took, until none comes."""
    if descriptor != _STDERR:  # which may have been closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDERR)  # what ends it has no reader
    with suppress(ValueError, OSError):  # where the system has a lower limit, or none of this kind
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.RLIM_INFINITY))
    with Connection(descriptor) as connection, suppress(EOFError, ConnectionError):
        sys.path[:] = connection.recv()
        _mathml("x", displayed=False)
        connection.send(connection.recv())
        while True:
            tex, displayed, seconds = connection.recv()
            before = _spent()
            signal.setitimer(signal.ITIMER_PROF, seconds)
            mathml = _mathml(tex, displayed=displayed)
            signal.setitimer(signal.ITIMER_PROF, 0)
            connection.send((mathml if len(mathml) <= _LONGEST else "", _spent() - before))


def _spent() -> float:
    """Seconds of a processor that the process took."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _mathml(tex: str, *, displayed: bool) -> str:
    """A formula in MathML; "" where math-core knows no such formula."""
    from math_core import LatexError, LatexToMathML  # noqa: PLC0415 -- it is found by then

    converter = LatexToMathML(fancy_error=False)  # which remembers what one before it defined
    try:
        return converter.convert_with_local_state(tex, displaystyle=displayed)
    except LatexError:
        return ""
