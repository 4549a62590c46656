"""Files of every kind -> archive, in the order in which they help one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.flows.carried import forgotten_in, keep_carried, told_of_marks
from crawler.flows.containers import keep_containers, keep_lists
from crawler.flows.inputs import is_carried, is_container_file, is_list_file, is_page_file
from crawler.flows.lists import open_lists
from crawler.flows.pages import read_pages
from crawler.flows.seeds import reclean
from crawler.flows.siblings import STRICT, Siblings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.flows.outcome import Outcome
    from crawler.flows.promotion import Stripping


class Stage(NamedTuple):
    """One stage of reading: what it is called, how many inputs it has, and what came of each."""

    label: str
    total: int | None  # None where nobody knows before they are read
    outcomes: Iterator[Outcome]
    told: Callable[[], str] = str  # what is to be said of it once they are taken; "" for nothing


def read_files(
    files: Sequence[Path],
    archive: Archive,
    *,
    workers: int = 1,
    stripping: Stripping | None = None,
    strict: bool = False,
) -> Iterator[Stage]:
    """Bring files into the archive; each stage's outcomes are to be taken before the next one's.

    What an archive wrote comes first, for it says more of articles than Markdown beside it; then
    seeds on every core, pages, containers and lists. `strict`: no copy without a link is taken for
    an article's because of its title.
    """
    carried = list(filter(is_carried, files))
    lists = open_lists(path for path in files if is_list_file(path) and path not in carried)
    siblings = Siblings.of_lists((found.name, found.listing.links) for found in lists)
    siblings = STRICT if strict else siblings
    containers = list(filter(is_container_file, files))
    pages = list(filter(is_page_file, files))
    others = {*pages, *filter(is_list_file, files), *containers, *carried}
    seeds = [path for path in files if path not in others]
    if carried:
        before = forgotten_in(archive)
        outcomes = keep_carried(carried, archive)
        yield Stage("reading exports", None, outcomes, lambda: told_of_marks(archive, before))
    outcomes = reclean(seeds, archive, workers=workers, stripping=stripping, siblings=siblings)
    yield Stage("cleaning seeds", len(seeds), outcomes)
    told = {document.name for found in lists for document in found.documents}
    for path in (path for path in pages if str(path) not in told):
        yield Stage(path.name, None, read_pages(path, archive, siblings))
    yield Stage("reading containers", None, keep_containers(containers, archive, siblings))
    yield Stage("reading lists", None, keep_lists(lists, archive, siblings))
