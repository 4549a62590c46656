"""What a command costs before it does anything: processor time, beside Python's own.

python -m bench.startup

Each command is started nine times; the least of its processor times counts, for the others met
something else. `modules` is how many Python had loaded in the end.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

TIMES = 9
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "crawler --version": ["-m", "crawler", "--version"],
    "crawler --help": ["-m", "crawler", "--help"],
    "crawler search": ["-m", "crawler", "search", "渡轮"],
    "crawler status": ["-m", "crawler", "status"],
    "crawler reclean": ["-m", "crawler", "reclean"],
    "crawler fetch": ["-m", "crawler", "fetch", "x"],
}
SEED = """---
title: 渡轮恢复通航
url: https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2247000001&idx=1&sn={0}&chksm={0}
source: 临港日志
---

港口今晨恢复通航。
""".format("0" * 32)


def processor_seconds(arguments: list[str], folder: Path) -> float:
    """The least user and system time that a start took."""
    return min(_once(arguments, folder) for _ in range(TIMES))


def _once(arguments: list[str], folder: Path) -> float:
    program = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], capture_output=True);"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(used.ru_utime + used.ru_stime)"
    )
    command = [sys.executable, "-c", program, sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout)


def modules(arguments: list[str], folder: Path) -> int:
    """How many modules a start loads."""
    command = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    return sum(line.startswith("import time:") for line in done.stderr.splitlines()) - 1


def main() -> None:
    """Print one line a command."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "seeds").mkdir()
        (folder / "seeds" / "a.md").write_text(SEED, encoding="utf-8")
        _once(["-m", "crawler", "reclean"], folder)
        least = processor_seconds(COMMANDS["python -c pass"], folder)
        for name, arguments in COMMANDS.items():
            seconds = processor_seconds(arguments, folder)
            loaded = modules(arguments, folder)
            print(f"{name:20} {seconds:6.3f} s {seconds / least:6.1f} times {loaded:5} modules")


if __name__ == "__main__":
    main()
