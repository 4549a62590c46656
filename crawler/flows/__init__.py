"""The ways through the house.

They carry values between the rooms, and yield one Outcome an input. Each name is loaded from its
module when it is first asked for, because a command that only tells the time needs no HTML parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.lazy import loaded_when_asked

if TYPE_CHECKING:
    from crawler.clean.exports import Link
    from crawler.clean.seeds import why_no_article
    from crawler.flows.articles import article_of_page
    from crawler.flows.books import write_book
    from crawler.flows.carried import merge_archive
    from crawler.flows.clipper import Clipper
    from crawler.flows.clock import shanghai_now
    from crawler.flows.containers import keep_containers, keep_lists
    from crawler.flows.datasets import DATASET, write_dataset
    from crawler.flows.deaths_feed import write_deaths_feed
    from crawler.flows.deep import judge_seeds_again
    from crawler.flows.everything import Stage, read_files
    from crawler.flows.fed import read_feed
    from crawler.flows.feeds import write_atom
    from crawler.flows.fetch import ArticleFetch
    from crawler.flows.finish import finish_run, settle
    from crawler.flows.inputs import files_below, find_seeds, passed_over
    from crawler.flows.lists import (
        learn_links,
        left_beside,
        note_told,
        one_link,
        open_lists,
        queue_links,
        read_list_file,
        refusals,
    )
    from crawler.flows.outcome import OURS, Outcome
    from crawler.flows.pages import read_pages
    from crawler.flows.pictures import fetch_pictures
    from crawler.flows.promotion import Stripping, learn_account
    from crawler.flows.recover import Recovered, Recovery, Way
    from crawler.flows.recover_elsewhere import ElsewhereWay
    from crawler.flows.recover_here import LinksWay, StoryWay, TitlesWay
    from crawler.flows.recover_web import Plan, WebWay
    from crawler.flows.schedule import Planned, Schedule
    from crawler.flows.seeds import reclean
    from crawler.flows.siblings import Siblings
    from crawler.flows.stored import reclean_stored
    from crawler.flows.stories import group_stories
    from crawler.flows.watch import Found, Seen, Watch
    from crawler.flows.works import ALL, Choice, work_of

__all__ = [
    "ALL",
    "DATASET",
    "OURS",
    "ArticleFetch",
    "Choice",
    "Clipper",
    "ElsewhereWay",
    "Found",
    "Link",
    "LinksWay",
    "Outcome",
    "Plan",
    "Planned",
    "Recovered",
    "Recovery",
    "Schedule",
    "Seen",
    "Siblings",
    "Stage",
    "StoryWay",
    "Stripping",
    "TitlesWay",
    "Watch",
    "Way",
    "WebWay",
    "article_of_page",
    "fetch_pictures",
    "files_below",
    "find_seeds",
    "finish_run",
    "group_stories",
    "judge_seeds_again",
    "keep_containers",
    "keep_lists",
    "learn_account",
    "learn_links",
    "left_beside",
    "merge_archive",
    "note_told",
    "one_link",
    "open_lists",
    "passed_over",
    "queue_links",
    "read_feed",
    "read_files",
    "read_list_file",
    "read_pages",
    "reclean",
    "reclean_stored",
    "refusals",
    "settle",
    "shanghai_now",
    "why_no_article",
    "work_of",
    "write_atom",
    "write_book",
    "write_dataset",
    "write_deaths_feed",
]

__getattr__ = loaded_when_asked(
    __name__,
    {
        "crawler.clean.exports": ("Link",),
        "crawler.clean.seeds": ("why_no_article",),
        "crawler.flows.articles": ("article_of_page",),
        "crawler.flows.books": ("write_book",),
        "crawler.flows.carried": ("merge_archive",),
        "crawler.flows.clipper": ("Clipper",),
        "crawler.flows.clock": ("shanghai_now",),
        "crawler.flows.containers": ("keep_containers", "keep_lists"),
        "crawler.flows.datasets": ("DATASET", "write_dataset"),
        "crawler.flows.deaths_feed": ("write_deaths_feed",),
        "crawler.flows.deep": ("judge_seeds_again",),
        "crawler.flows.everything": ("Stage", "read_files"),
        "crawler.flows.feeds": ("write_atom",),
        "crawler.flows.fed": ("read_feed",),
        "crawler.flows.fetch": ("ArticleFetch",),
        "crawler.flows.finish": ("finish_run", "settle"),
        "crawler.flows.inputs": ("files_below", "find_seeds", "passed_over"),
        "crawler.flows.lists": (
            "learn_links",
            "left_beside",
            "note_told",
            "one_link",
            "open_lists",
            "queue_links",
            "read_list_file",
            "refusals",
        ),
        "crawler.flows.outcome": ("OURS", "Outcome"),
        "crawler.flows.pages": ("read_pages",),
        "crawler.flows.pictures": ("fetch_pictures",),
        "crawler.flows.promotion": ("Stripping", "learn_account"),
        "crawler.flows.recover": ("Recovered", "Recovery", "Way"),
        "crawler.flows.recover_elsewhere": ("ElsewhereWay",),
        "crawler.flows.recover_here": ("LinksWay", "StoryWay", "TitlesWay"),
        "crawler.flows.recover_web": ("Plan", "WebWay"),
        "crawler.flows.schedule": ("Planned", "Schedule"),
        "crawler.flows.seeds": ("reclean",),
        "crawler.flows.siblings": ("Siblings",),
        "crawler.flows.stored": ("reclean_stored",),
        "crawler.flows.stories": ("group_stories",),
        "crawler.flows.watch": ("Found", "Seen", "Watch"),
        "crawler.flows.works": ("ALL", "Choice", "work_of"),
    },
)
