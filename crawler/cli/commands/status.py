"""What the archive holds, in numbers."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crawler.cli.printing import on_screen, print_json, print_line, print_table
from crawler.fetch import Gate
from crawler.flows import shanghai_now
from crawler.states import MEANINGS
from crawler.telling import counted, on_the_clock
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.cli.group import Settings


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status_command(settings: Settings, as_json: bool) -> None:
    """Say what the archive holds: articles by state, queue, accounts, pace.

    \b
    Examples:
      crawler status
      crawler status --json | jq .states
    """
    with settings.open_archive(read_only=True) as archive:
        seen = archive.overview(now=as_written(shanghai_now()))
        pace = {host: Gate.from_row(row) for host, row in archive.pace.by_host().items()}
    if as_json:
        print_json({**asdict(seen), "pace": {host: gate.to_row() for host, gate in pace.items()}})
        return
    meanings = {str(row.state): row.english for row in MEANINGS}
    states = [(state, count, meanings.get(state, "")) for state, count in seen.states.items()]
    print_table(f"{settings.db}: articles by state", ("state", "articles", "meaning"), states)
    print_table(
        f"{counted(seen.account_count, 'account')}, the largest",
        ("account", "articles"),
        seen.accounts.items(),
    )
    if seen.months:
        first, last = next(iter(seen.months)), next(reversed(seen.months))
        print_line(f"by month, {first} to {last}:  {sparkline(seen.months)}")
    later = f"{seen.waiting:,} later, {seen.needs_link:,} need a better link"
    print_line(f"queue: {seen.ready:,} can be fetched now, {later}")
    for host, gate in pace.items():
        print_line(on_screen(f"pace of {host}: {pace_line(gate, time.time())}"))


def pace_line(gate: Gate, now: float) -> str:
    """What the gate of one host says at `now` (epoch seconds)."""
    asked = f"last request {on_the_clock(gate.started_at)}, {gate.used:,} that day"
    if gate.closed_until <= now:
        return asked
    until = on_the_clock(gate.closed_until)
    return f"{asked}; nothing is sent until {until}, because of {gate.why}"


_BARS = "▁▂▃▄▅▆▇█"


def sparkline(counts: Mapping[str, int], *, width: int = 60) -> str:
    """Counts by month as a line of bars, the latest `width` months; months without any are gaps."""
    first, last = min(counts), max(counts)
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    months = [
        f"{number // 12:04}-{number % 12 + 1:02}"
        for number in range(max(start, end - width + 1), end + 1)
    ]
    most = max(counts.values())
    return "".join(
        _BARS[(counts[month] * len(_BARS) - 1) // most] if counts.get(month) else " "
        for month in months
    )
