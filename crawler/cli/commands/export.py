"""The archive as files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler import __version__
from crawler.archive import ExportOptions, export
from crawler.archive.files import write_wacz, write_warc
from crawler.archive.lines import each_line, write_beside
from crawler.article import State
from crawler.cli.printing import note, print_json, print_line, progress_bar
from crawler.flows import shanghai_now
from crawler.telling import counted
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from crawler.archive import Archive, Record
    from crawler.cli.group import Settings

_SOFTWARE = f"wechat-article-archive {__version__}"


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option(
    "--local-images",
    is_flag=True,
    help="Link the pictures that the archive has, copied below FOLDER.",
)
@click.option(
    "--properties",
    is_flag=True,
    help="Let front matter say state, account, author and moment of publication, too.",
)
@click.option(
    "--overwrite", is_flag=True, help="Write documents anew that were changed after their export."
)
@click.option(
    "--jsonl",
    is_flag=True,
    help="Print all that the archive holds, one JSON object a line, instead.",
)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([*(state.value for state in State), "all"]),
    help="With --jsonl: only the rows of articles in this state; may be given again.",
)
@click.option(
    "--warc",
    type=click.Path(path_type=Path),
    help="Write the stored pages to this WARC file instead.",
)
@click.option(
    "--wacz",
    type=click.Path(path_type=Path),
    help="The same as one WACZ file, with its index, as readers in a browser open it.",
)
@click.pass_obj
def export_command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    settings: Settings,
    folder: Path | None,
    local_images: bool,
    properties: bool,
    overwrite: bool,
    jsonl: bool,
    states: tuple[str, ...],
    warc: Path | None,
    wacz: Path | None,
) -> None:
    """Write one Markdown file for each article, as seeds are laid out.

    That is YYYY/MM/DD/source_title.md. Files that are up to date are left alone, and so are those
    that you changed, each named. Your own keys of front matter, and what you write below a line
    <!-- notes -->, stay where a document is written anew, and a new title renames the file. What
    the five keys of a seed cannot say (account, author, kind, other links, earlier texts) stands
    beside them in archive.jsonl, so that cleaning what was exported changes nothing and forgets
    nothing.

    With --jsonl everything is printed: each article with all that hangs on it, pages and pictures
    too. `crawler reclean FILE.jsonl` makes an equal archive of it, or adds it to one.

    \b
    Examples:
      crawler export articles/
      crawler export articles/ --local-images --properties
      crawler export --jsonl > everything.jsonl
      crawler export --jsonl --state ok > articles.jsonl
      crawler export --warc pages.warc.gz
      crawler export --wacz pages.wacz
    """
    if (folder is None) == (not jsonl and warc is None and wacz is None):
        raise click.UsageError("give FOLDER, or --jsonl, or --warc FILE, or --wacz FILE")
    if states and not jsonl:
        raise click.UsageError("--state goes with --jsonl")
    may_write = os.access(settings.db, os.W_OK)
    with settings.open_archive(read_only=folder is None or not may_write) as archive:
        if jsonl:
            _print_lines(archive, states)
        if warc is not None:
            count = write_warc(warc, archive.history.snapshots(), software=_SOFTWARE)
            note(f"{counted(count, 'page')} in {warc}")
        if wacz is not None:
            note(f"{counted(_write_wacz(archive, wacz), 'page')} in {wacz}")
        if folder is not None:
            rewrite = _localised(archive, folder) if local_images else None
            options = ExportOptions(
                rewrite=rewrite,
                properties=properties,
                overwrite=overwrite,
                keep_manifest=may_write,
            )
            _export_files(archive, folder, options)


def _write_wacz(archive: Archive, path: Path) -> int:
    return write_wacz(
        path,
        archive.history.snapshots(),
        titles={article_id: title for article_id, _, title, *_ in archive.titled()},
        software=_SOFTWARE,
        created=as_written(shanghai_now()),
    )


def _print_lines(archive: Archive, states: Collection[str]) -> None:
    if not states:
        for line in each_line(archive.database, archive.images.root):
            print_line(line)
    for record in archive.records():
        if "all" in states or record.state in states:
            print_json(record.as_row())


def _localised(archive: Archive, folder: Path) -> Callable[[Record, Path], str]:
    """What writes a document with its pictures beside it."""
    return lambda record, path: archive.images.document_with_copies(
        record, base=path.parent, folder=folder
    )


def _export_files(archive: Archive, folder: Path, options: ExportOptions) -> None:
    total = sum(1 for _ in archive.named())
    fresh = left = 0
    with progress_bar() as bar:
        task = bar.add_task("exporting", total=total)
        for exported in export(archive, folder, options):
            fresh += exported.written
            left += bool(exported.left)
            if exported.left:
                note(f"left as it is: {exported.path} ({exported.left})")
            bar.advance(task)
    fresh += write_beside(archive.database, archive.images.root, folder)
    articles, files = counted(total, "article"), counted(fresh, "file")
    note(f"{articles} below {folder}: {files} written, {left:,} left, the rest up to date")
    if left:
        note("--overwrite writes the archive's text there; notes and own keys stay all the same")
