"""What is wrong with the archive."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crawler.cli.printing import counted, note, on_screen, print_json, print_line
from crawler.flows import shanghai_now, why_no_article
from crawler.times import as_written

if TYPE_CHECKING:
    from crawler.cli.group import Settings


@click.command("audit")
@click.option("--fix", is_flag=True, help="Repair what is safe to repair, and queue the rest.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each finding.")
@click.pass_obj
def audit_command(settings: Settings, fix: bool, as_json: bool) -> None:
    """Check the archive, and say what is wrong with which row.

    Exit code 1 if anything stands.

    \b
    Examples:
      crawler audit
      crawler audit --fix
    """
    standing = 0
    with settings.open_archive(read_only=not fix) as archive:
        for finding in archive.audit(
            today=as_written(shanghai_now())[:10], judge=why_no_article, fix=fix
        ):
            standing += not finding.fixed
            if as_json:
                print_json(asdict(finding))
            else:
                done = "repaired" if finding.fixed else finding.advice
                print_line(on_screen(f"{finding.check}  {finding.subject}  {finding.what}  {done}"))
    note(f"{counted(standing, 'finding')} left" if standing else "all is well")
    sys.exit(1 if standing else 0)
