"""How servers are asked: by all in one pace; web archives, of which is told first."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from crawler.archive.files import asking_alone
from crawler.cli.printing import note, progress_bar, say_wait
from crawler.fetch import ArchiveClient
from crawler.flows import WebWay, shanghai_now
from crawler.telling import counted
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crawler.archive import Archive
    from crawler.config import Config
    from crawler.errors import CrawlerError
    from crawler.fetch import Alone, Exchange
    from crawler.flows import Plan

_A_MINUTE = 24  # questions to an index, of which a run mostly consists


class Manners(TypedDict):
    """How whoever asks a server keeps to what all runs on one archive keep to."""

    exchange: Exchange
    alone: Alone
    on_wait: Callable[[str, float], None]


def manners_of(archive: Archive) -> Manners:
    """One pace and one request at a time, over all runs on an archive; long waits are told."""
    return {
        "exchange": archive.pace.exchange,
        "alone": partial(asking_alone, archive.path),
        "on_wait": say_wait,
    }


@contextmanager
def clients_of(archive: Archive, config: Config) -> Iterator[list[ArchiveClient]]:
    """One client for each archive that config.toml names; nothing is sent by that.

    Raises ConfigError where it does not say who asks, or names what is no archive.
    """
    bases = dict.fromkeys(base.rstrip("/") for base in config.recover.archives)
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                ArchiveClient(
                    base,
                    contact=config.recover.contact,
                    trusted_networks=config.fetch.trusted_networks,
                    **manners_of(archive),
                )
            )
            for base in bases
        ]


@contextmanager
def web_way(
    archive: Archive,
    clients: Sequence[ArchiveClient],
    *,
    again: bool,
    unanswered: Callable[[CrawlerError], None],
) -> Iterator[WebWay]:
    """The way to some web archives, behind a bar; `unanswered` hears of questions that failed."""
    with progress_bar() as bar:
        tasks = {client.host: bar.add_task(client.host, total=None) for client in clients}

        def follow(host: str, done: int, left: int) -> None:
            bar.update(tasks[host], completed=done, total=done + left)

        yield WebWay(
            archive,
            clients,
            now=lambda: as_written(shanghai_now()),
            again=again,
            follow=follow,
            left=lambda error: note(f"{error}; meanwhile the others are asked"),
            unanswered=unanswered,
        )


def tell_plans(plans: list[Plan], *, contact: str) -> None:
    """Say what is sent, and to whom, before anything is."""
    for plan in plans:
        questions = plan.accounts + plan.links
        if not questions + plan.captures:
            note(f"{plan.host}: nothing is left to ask; --again asks anew")
            continue
        note(
            f"{plan.host} is asked for what it holds of {counted(plan.accounts, 'account')} and"
            f" {counted(plan.links, 'link')}, then for each capture of an article"
            f" without a text ({plan.captures:,} are known, {plan.remembered:,} answers too)"
        )
        minutes = (questions + plan.captures) // _A_MINUTE + 1
        note(
            f"it is sent the numbers of those accounts, those links, the addresses of captures, and"
            f" {contact!r}; at {_A_MINUTE} questions a minute that takes"
            f" {counted(minutes, 'minute')} and the captures that turn up; nothing goes elsewhere"
        )


def tell_what_is_left(archive: Archive, clients: Sequence[ArchiveClient]) -> None:
    """Say of which captures nothing came, and how they are asked for; nothing if nobody asked."""
    if waiting := sum(archive.web.count_pending(client.base) for client in clients):
        note(f"{counted(waiting, 'capture')} left to ask for: crawler recover --web")
    if clients and (lost := archive.web.count_given_up()):
        note(
            f"{counted(lost, 'capture')} of articles without a text could not be fetched;"
            " to ask anew for all: crawler recover --web --again"
        )
