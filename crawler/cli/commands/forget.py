"""Articles that a person does not want to keep."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crawler.cli.printing import message_on_screen, note, on_screen, print_line, warn
from crawler.cli.words import TEXT
from crawler.errors import InputError
from crawler.flows import shanghai_now
from crawler.telling import counted, for_people
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.archive import Archive
    from crawler.cli.group import Settings


@click.command("forget")
@click.argument("articles", type=TEXT, nargs=-1, metavar="[URL-OR-ID]...")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
@click.option("--undo", is_flag=True, help="Let these articles come back from now on.")
@click.option("--list", "show_marks", is_flag=True, help="Show what was forgotten, and when.")
@click.pass_obj
def forget_command(
    settings: Settings, articles: tuple[str, ...], yes: bool, undo: bool, show_marks: bool
) -> None:
    """Take articles out for good, with all that hangs on them.

    Bodies, pages, looks, pictures that no other article shows, and their places in the queue go. A
    mark stays that keeps them away: no seed, page, list or fetch brings them back. The archive's
    file is written anew, which needs room for a second one. Backups and exported files are yours to
    remove.

    \b
    Examples:
      crawler forget MzA5MzE5MDAzOA==:2664212556:5
      crawler forget https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg --yes
      crawler forget --list
      crawler forget --undo MzA5MzE5MDAzOA==:2664212556:5
    """
    if not (articles or show_marks):
        raise click.UsageError("give articles to forget, or --list")
    with settings.open_archive(read_only=show_marks) as archive:
        if show_marks:
            for mark in archive.forgotten.marks():
                print_line(on_screen(f"{for_people(mark.at)}  {mark.article_id}"))
            return
        failed = _let_back(archive, articles) if undo else _forget(archive, articles, sure=yes)
    if failed:
        sys.exit(1)


def _forget(archive: Archive, articles: Sequence[str], *, sure: bool) -> list[str]:
    """Forget articles one by one; returns those that are none.

    However that ends, as by Ctrl-C at the question for the next, the file is written anew.
    """
    failed, done = [], 0
    archive.forgotten.on_kept = _say_kept
    try:
        for text in articles:
            record = archive.get(text)
            title = record.title if record else text
            if not sure and not _is_meant(title):
                note(f"kept: {title}")
                continue
            try:
                was_there = archive.forgotten.add(text, at=as_written(shanghai_now()))
            except InputError as error:
                warn(error)
                failed.append(text)
                continue
            done += 1
            what = "forgotten" if was_there else _KEPT_AWAY
            print_line(on_screen(f"{what}: {title}"))
    finally:
        if done:
            note("the file is written anew, so that no byte of it is left in there")
            archive.forgotten.wipe()
    return failed


_KEPT_AWAY = "was not in the archive, and is kept away from now on"


def _is_meant(title: str) -> bool:
    """Ask; a link that was typed is shown without credentials, as all that is printed.

    What comes from no terminal may never end its line, or be no text: such an answer is none.
    """
    question = f"forget {message_on_screen(on_screen(title))}?"
    if sys.stdin.isatty():
        return click.confirm(question, err=True)
    click.echo(f"{question} [y/N]: ", err=True, nl=False)
    answer = sys.stdin.readline(_LONGEST)
    if not answer or len(answer) == _LONGEST or not answer.isascii():
        raise click.Abort
    return answer.strip().lower() in {"y", "yes"}


_LONGEST = 100  # characters of an answer


def _say_kept(path: str, why: str) -> None:
    note(f"{path} stays: {why}")


def _let_back(archive: Archive, articles: Sequence[str]) -> list[str]:
    """Take marks away; returns the articles that had none."""
    strange = [text for text in articles if not archive.forgotten.remove(text)]
    for text in strange:
        warn(InputError(text, "was not forgotten", "see: crawler forget --list"))
    freed = len(articles) - len(strange)
    if freed:
        note(f"{counted(freed, 'article')} may come back: bring them in again as before")
    return strange
