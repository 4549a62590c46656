"""The archive as files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from crawler import __version__
from crawler.archive import ExportOptions, as_vault, export
from crawler.archive.database import check_integrity
from crawler.archive.files import (
    FOLDER,
    FileKind,
    check_apart,
    check_output,
    count_gone,
    place_of_output,
    write_wacz,
    write_warc,
)
from crawler.archive.lines import check_beside, check_carried, each_line, write_beside
from crawler.cli.handing import choice_options, is_told
from crawler.cli.printing import Unread, note, print_json, print_line, progress_bar
from crawler.cli.words import PATH
from crawler.errors import ArchiveError, InputError
from crawler.flows import DATASET, shanghai_now, write_atom, write_book, write_dataset
from crawler.inputs import resolved
from crawler.telling import counted
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from crawler.archive import Archive, Layout, Record
    from crawler.archive.reading import Snapshot
    from crawler.cli.group import Settings
    from crawler.flows import Choice

_SOFTWARE = f"wechat-article-archive {__version__}"
_WHERE = (
    "give FOLDER, or --vault FOLDER, or any of --jsonl, --warc, --wacz, --atom, --epub, --parquet"
)


@click.command("export")
@click.argument("folder", type=PATH, required=False)
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
    "--overwrite",
    is_flag=True,
    help="Write documents anew that were changed after their export; let files of other kinds go.",
)
@click.option(
    "--vault",
    type=PATH,
    help="Write an Obsidian vault to this folder instead, with the pictures that are there.",
)
@click.option(
    "--jsonl",
    is_flag=True,
    help="Print all that the archive holds, one JSON object a line, instead.",
)
@click.option(
    "--warc",
    type=PATH,
    help="Write the stored pages to this WARC file instead.",
)
@click.option(
    "--wacz",
    type=PATH,
    help="The same as one WACZ file, with its index, as readers in a browser open it.",
)
@click.option(
    "--atom",
    type=PATH,
    help="Write the articles that are chosen, 100 unless --limit says, as an Atom feed instead.",
)
@click.option(
    "--epub",
    type=PATH,
    help="Write the articles that are chosen as a book, with the pictures that are there, instead.",
)
@click.option(
    "--parquet",
    type=PATH,
    help="Write the articles that are chosen, and evidence, as tables of Parquet to this folder.",
)
@choice_options
@click.pass_obj
def export_command(  # noqa: PLR0913  (what is chosen, and how Markdown is written)
    settings: Settings,
    /,
    *,
    folder: Path | None,
    vault: Path | None,
    jsonl: bool,
    choice: Choice,
    states: tuple[str, ...],
    local_images: bool,
    properties: bool,
    overwrite: bool,
    **files: Path | None,
) -> None:
    """Write one Markdown file for each article, as seeds are laid out.

    That is YYYY/MM/DD/source_title.md. Files that are up to date are left alone, and so are those
    that you changed, each named. Your own keys of front matter, and what you write below a line
    <!-- notes -->, stay where a document is written anew, and a new title renames the file. What
    the five keys of a seed cannot say (account, author, kind, other links, earlier texts) stands
    beside them in archive.jsonl, so that cleaning what was exported changes nothing and forgets
    nothing.

    With --jsonl everything is printed: each article with all that hangs on it, pages and pictures
    too. `crawler reclean FILE.jsonl` makes an equal archive of it, or adds it to one. With --state
    it prints rows of articles alone.

    With --vault every article is a note in the folder of its account, with properties (title,
    aliases, account, author, published, url, state, tags and more), links between archived articles
    as wikilinks, and pictures in attachments/. What you add stays as it does in Markdown files, and
    so do your tags and aliases. `crawler reclean DIR` reads the notes back, to the letter, without
    their pictures, and without the ids of articles of which a note has a short link.

    The options of choice (--account and what follows it) go with --atom, --epub and --parquet,
    which take articles in state ok where none is named; --state all takes every one. Feeds and
    books hold those of them that have a text.

    A file takes the place of an older one of its kind. One of another kind stays, unless
    --overwrite says that it may go.

    \b
    Examples:
      crawler export articles/
      crawler export articles/ --local-images --properties
      crawler export --vault ~/Documents/WeChat
      crawler export --jsonl > everything.jsonl
      crawler export --jsonl --state ok > articles.jsonl
      crawler export --warc pages.warc.gz
      crawler export --wacz pages.wacz
      crawler export --atom newest.xml --account 临港日志
      crawler export --epub ferries.epub --search 渡轮 --since 2024
      crawler export --parquet dataset/ --state all
    """
    wanted = {name: path for name, path in files.items() if path is not None}
    if sum(map(bool, (folder, vault, jsonl or wanted))) != 1:
        raise click.UsageError(_WHERE)
    _check_choice(choice, states, wanted.keys(), jsonl=jsonl)
    for below in filter(None, (folder, vault, files["parquet"])):
        check_apart(below, settings.db)
    if len({resolved(path) for path in wanted.values()}) < len(wanted):
        raise click.UsageError("two of the files have one name; the second would replace the first")
    for path, kind in _named_files(wanted):
        advice = "choose another name, or --overwrite"
        check_output(path, kind, archive=settings.db, overwrite=overwrite, advice=advice)
    unread = Unread()
    with settings.open_to_read(notes=bool(folder or vault)) as archive:
        archive.images.on_unread = unread
        if jsonl:
            _print_lines(archive, states)
        for name, path in wanted.items():
            note(_FILES[name](archive, _place_of(name, path), choice))
            check_integrity(archive.connection, _TABLES[name])
        options = ExportOptions(
            properties=properties, overwrite=overwrite, keep_manifest=not archive.read_only
        )
        if folder is not None:
            rewrite = _localised(archive, folder) if local_images else None
            _export_files(archive, folder, replace(options, rewrite=rewrite))
        if vault is not None:
            _export_files(archive, vault, options, as_vault(archive, vault))
            check_integrity(archive.connection, _TABLES["vault"])
        gone = _gone(archive) if vault or local_images or files["epub"] else ""
        if gone:
            instead = "their words stand there" if files["epub"] else "their links lead to WeChat"
            note(f"{gone}: {instead}; {_PUT_BACK}")
    unread.end()


def _place_of(name: str, path: Path) -> Path:
    """Where the output of an option lies: a folder as it is named, a file where a link leads."""
    if name == "parquet":
        return path
    return place_of_output(path)


_OF_A_CHOICE = {"atom", "epub", "parquet"}
"""Files that hold the articles that are chosen; all others hold all."""


def _check_choice(
    choice: Choice, states: Collection[str], wanted: Collection[str], *, jsonl: bool
) -> None:
    """Raises UsageError where articles are chosen for what holds all."""
    takes_choice = bool(wanted) and _OF_A_CHOICE.issuperset(wanted)
    names = ", ".join(f"--{name}" for name in sorted(_OF_A_CHOICE))
    if is_told(choice) and not takes_choice:
        raise click.UsageError(f"--account, --search, --id and their like go with {names}")
    if states and not (jsonl or takes_choice):
        raise click.UsageError(f"--state goes with --jsonl, {names}")


def _pages(archive: Archive) -> Iterator[Snapshot]:
    """The stored pages; one that is damaged is told, and keeps no other from being handed on."""
    for page in archive.history.snapshots():
        try:
            page.content  # noqa: B018  (it is unpacked)
        except ArchiveError as error:
            archive.images.on_unread(InputError(error.subject, error.what, error.advice))
        else:
            yield page


def _write_warc(archive: Archive, path: Path, _: Choice) -> str:
    count = write_warc(path, _pages(archive), software=_SOFTWARE)
    return f"{counted(count, 'page')} in {path}"


def _write_wacz(archive: Archive, path: Path, _: Choice) -> str:
    count = write_wacz(
        path,
        _pages(archive),
        titles={article_id: title for article_id, _, title, *_ in archive.titled()},
        software=_SOFTWARE,
        created=as_written(shanghai_now()),
    )
    return f"{counted(count, 'page')} in {path}"


def _write_atom(archive: Archive, path: Path, choice: Choice) -> str:
    return f"{counted(write_atom(archive, path, choice), 'article')} in {path}"


def _write_epub(archive: Archive, path: Path, choice: Choice) -> str:
    return f"{counted(write_book(archive, path, choice), 'article')} in {path}"


def _write_parquet(archive: Archive, path: Path, choice: Choice) -> str:
    articles, evidence = write_dataset(archive, path, choice)
    rows = counted(evidence, "row")
    return f"{counted(articles, 'article')} and {rows} of evidence below {path}"


_FILES: dict[str, Callable[[Archive, Path, Choice], str]] = {
    "warc": _write_warc,
    "wacz": _write_wacz,
    "atom": _write_atom,
    "epub": _write_epub,
    "parquet": _write_parquet,
}
"""Option -> what writes its file, and says what is in it."""

_OF_TEXTS = ("articles", "urls", "pictures", "images")
_OF_PAGES = ("articles", "snapshots", "events", "copies")
_TABLES = {
    **dict.fromkeys(("vault", "atom", "epub"), _OF_TEXTS),
    **dict.fromkeys(("warc", "wacz"), _OF_PAGES),
    "parquet": ("articles", "evidence", "removed", "learned"),
}
"""Option -> the tables that it reads by their indexes: what one of these lacks is left out."""


def _named_files(wanted: Mapping[str, Path]) -> Iterator[tuple[Path, FileKind]]:
    """The files that will be written, and what each of them is."""
    for name, path in wanted.items():
        if name == "parquet":
            yield from ((path / file, FileKind.PARQUET) for file in DATASET)
        else:
            yield path, FileKind[name.upper()]


def _print_lines(archive: Archive, states: Collection[str]) -> None:
    if not states:
        images = archive.images
        for line in each_line(archive.connection, images.root, on_unread=images.on_unread):
            print_line(line)
        gone = _gone(archive)
        if gone:
            images.on_unread(InputError(FOLDER, gone, _PUT_BACK))
        check_carried(archive.connection)
        return
    for record in archive.records():
        if "all" in states or record.state in states:
            print_json(record.as_row())
    check_integrity(archive.connection, _TABLES["vault"])


def _gone(archive: Archive) -> str:
    """What is said where pictures that articles show are not on disk; "" where all are."""
    count = count_gone(archive.connection, archive.images.root)
    return f"{counted(count, 'picture')} of those that articles show are not there" if count else ""


_PUT_BACK = "put the folder back where it was, beside the archive; see: crawler audit"


def _localised(archive: Archive, folder: Path) -> Callable[[Record, Path], str]:
    """What writes a document with its pictures beside it."""
    return lambda record, path: archive.images.document_with_copies(
        record, base=path.parent, folder=folder
    )


def _export_files(
    archive: Archive, folder: Path, options: ExportOptions, layout: Layout | None = None
) -> None:
    """Write documents into a folder; beside those in the layout of seeds what they cannot say."""
    if layout is None:
        check_beside(archive.connection, folder, overwrite=options.overwrite)
    total = sum(1 for _ in archive.named())
    fresh = left = 0
    with progress_bar() as bar:
        task = bar.add_task("exporting", total=total)
        for exported in export(archive, folder, options, layout):
            fresh += exported.written
            left += bool(exported.left)
            if exported.left:
                note(f"left as it is: {exported.path} ({exported.left})")
            bar.advance(task)
    if layout is None:
        fresh += write_beside(archive.connection, archive.images.root, folder)
    articles, files = counted(total, "article"), counted(fresh, "file")
    note(f"{articles} below {folder}: {files} written, {left:,} left, the rest up to date")
    if left and not options.overwrite:
        note("--overwrite writes the archive's text there; notes and own keys stay all the same")
