"""Our own exports -> archive: everything that another archive held, or this one did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive import carry_in
from crawler.errors import InputError
from crawler.flows.clock import shanghai_now
from crawler.flows.outcome import Outcome
from crawler.inputs import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from crawler.archive import Archive

_TAKEN_FOR = "archive"


def keep_carried(paths: Iterable[Path], archive: Archive) -> Iterator[Outcome]:
    """Bring our own exports in; yields one Outcome an article, and one a line that is broken."""
    for path in paths:
        name = name_of(path)
        try:
            for carried in carry_in(archive, path, now=shanghai_now()):
                if carried.error:
                    yield Outcome.of_error(carried.error.subject, carried.error)
                else:
                    yield Outcome(
                        input=name,
                        state=carried.state,
                        change=carried.change,
                        article_id=carried.article_id,
                        title=carried.title,
                        taken_for=_TAKEN_FOR,
                    )
        except InputError as error:
            yield Outcome.of_error(name, error)
