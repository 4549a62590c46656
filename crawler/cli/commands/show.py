"""One article as Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.article import Verdict
from crawler.cli.finding import record_of
from crawler.cli.printing import note, print_page
from crawler.cli.words import TEXT
from crawler.errors import InputError
from crawler.fields import harmless
from crawler.marks import with_cut_mark
from crawler.telling import quoted

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.archive.saving import Evidence
    from crawler.cli.group import Settings


@click.command("show")
@click.argument("article", type=TEXT, metavar="URL-OR-ID")
@click.option("--local-images", is_flag=True, help="Link the pictures that the archive has.")
@click.option(
    "--snapshot", is_flag=True, help="Print what is stored of its page, as HTML, instead."
)
@click.pass_obj
def show_command(settings: Settings, article: str, local_images: bool, snapshot: bool) -> None:
    """Print one article: front matter and Markdown.

    \b
    Examples:
      crawler show https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler show MzA5MzE5MDAzOA==:2664212556:5 > article.md
      crawler show https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg --snapshot > input.html
    """
    with settings.open_archive(read_only=True) as archive:
        record = record_of(archive, article)
        if snapshot:
            print_page(_latest_snapshot(archive, article, record.url))
            return
        text = archive.images.document(record, base=Path.cwd()) if local_images else record.document
        found = archive.evidence.of_article(record.id)
    if record.recovered_from:
        note(f"its text was recovered from {record.recovered_from}")
    if not record.body:
        for line in filter(None, map(_beside, found)):
            note(line)
        what = f"has no text in the archive: it is {record.state}"
        raise InputError(article, what, _to_ask_anew(record.url))
    click.echo(harmless(with_cut_mark(text, record.state)), nl=False)


def _beside(found: Evidence) -> str:
    """What stands beside an article without a text: where another has its title."""
    account = f" ({', '.join(filter(None, (found.account, found.date)))})"
    where = f"{found.url or found.source}{account if len(account) > len(' ()') else ''}"
    if found.verdict == Verdict.POINTER:
        return f"the same title at {where}"
    if found.verdict == Verdict.CANDIDATE:
        return f"perhaps its text at {where}: crawler recover --review"
    return ""


def _latest_snapshot(archive: Archive, article: str, url: str) -> bytes:
    stored = list(archive.history.snapshots(article))
    if not stored:
        raise InputError(article, "has no stored page", _to_ask_anew(url))
    return stored[-1].content


def _to_ask_anew(url: str) -> str:
    """How WeChat is asked for what is in the archive; nothing where no link leads to it."""
    return f"ask WeChat for it with: crawler fetch --again {quoted(url)}" if url else ""
