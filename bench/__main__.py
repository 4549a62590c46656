"""`python -m bench` prints most figures that the project quotes, each beside its peers.

Those of recovery, stories, the front page, watching and memory have benchmarks of their own, which
are asked for by name.
"""

from __future__ import annotations

import subprocess
import sys

BENCHES = (
    "bench.pages",
    "bench.seeds",
    "bench.adopt",
    "bench.fidelity",
    "bench.lines",
    "bench.titles",
    "bench.archive",
    "bench.search",
    "bench.promo",
    "bench.capture",
    "bench.vault",
    "bench.batch",
    "bench.startup",
    "bench.house",
)


def main() -> int:
    """Run each benchmark in a process of its own, so that none warms the next one's caches."""
    failed = 0
    for name in BENCHES:
        print(f"\n== python -m {name}", flush=True)
        failed += subprocess.run([sys.executable, "-m", name], check=False).returncode != 0  # noqa: S603
    return failed


if __name__ == "__main__":
    sys.exit(main())
