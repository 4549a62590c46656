"""Archive -> tables of Parquet: articles, and the evidence that speaks for them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crawler.archive.files import whole_file
from crawler.archive.reading import beside_articles
from crawler.credentials import without_secrets
from crawler.errors import extra_missing
from crawler.fields import harmless_lines, sound_row
from crawler.flows.works import every_record
from crawler.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive import Archive, Record
    from crawler.archive.reading import Beside
    from crawler.flows.works import Choice

    Row = dict[str, Any]

DATASET = ("articles.parquet", "evidence.parquet")
"""The files of a dataset, in its folder."""


def write_dataset(archive: Archive, folder: Path, choice: Choice) -> tuple[int, int]:
    """Write the articles that are meant, with a text or without, and their evidence, to a folder.

    Returns how many of both. Raises ConfigError where the extra is not installed, InputError where
    the choice is wrong, ArchiveError where a file cannot be written.
    """
    try:
        from crawler.formats import write_articles, write_evidence  # noqa: PLC0415 -- the extra
    except ModuleNotFoundError as error:
        raise extra_missing("crawler export --parquet", error, "parquet") from None
    keys: list[str] = []
    of_articles, of_evidence = (folder / name for name in DATASET)
    with whole_file(of_articles) as file:
        articles = write_articles(file, _articles(archive, choice, keys))
    with whole_file(of_evidence) as file:
        evidence = write_evidence(file, _evidence(archive, keys))
    return articles, evidence


def _articles(archive: Archive, choice: Choice, keys: list[str]) -> Iterator[Row]:
    """The rows of articles; their keys are noted as they go by."""
    beside = beside_articles(archive.connection)
    for record in every_record(archive, choice):
        keys.append(record.id)
        yield _row(record, beside)


def _row(record: Record, beside: Beside) -> Row:
    said = _handed_on(record.as_row())
    body = said["body"]
    story, best = beside.stories.get(record.id, (None, None))
    return {
        **said,
        "published_day": said["published_at"] or said["date"],
        "fetched_at": said["fetch_date"],
        "topics": harmless_lines(record.topic_names),
        "promotion_removed": beside.promotion.get(record.id, 0),
        "promotion_kept": record.id in beside.spared,
        "story": story,
        "story_best": best,
        "text": plain_text(body),
        "markdown": body,
        "body": "",
    }


def _evidence(archive: Archive, keys: list[str]) -> Iterator[Row]:
    for key in keys:
        yield from (_handed_on(asdict(found)) for found in archive.evidence.of_article(key))


def _handed_on(row: Row) -> Row:
    """A row as it may be; a preview's key, which an archive keeps to ask for it, stays there."""
    said = sound_row(row)
    return {**said, "url": without_secrets(said["url"])}
