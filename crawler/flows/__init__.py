"""The ways through the house.

They carry values between the rooms, and yield one Outcome an input. Each name is loaded from its
module when it is first asked for, because a command that only tells the time needs no HTML parser.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.clean.seeds import why_no_article
    from crawler.flows.adopt import Siblings
    from crawler.flows.clock import shanghai_now
    from crawler.flows.fetch import ArticleFetch, read_feed
    from crawler.flows.finish import finish_run
    from crawler.flows.inputs import find_seeds, is_list_file, is_page_file
    from crawler.flows.lists import (
        keep_lists,
        learn_links,
        one_link,
        open_lists,
        queue_links,
        read_list_file,
        refusals,
    )
    from crawler.flows.outcome import Outcome
    from crawler.flows.pages import read_pages, reclean_stored
    from crawler.flows.pictures import fetch_pictures
    from crawler.flows.promotion import Stripping, learn_account
    from crawler.flows.seeds import reclean

__all__ = [
    "ArticleFetch",
    "Outcome",
    "Siblings",
    "Stripping",
    "fetch_pictures",
    "find_seeds",
    "finish_run",
    "is_list_file",
    "is_page_file",
    "keep_lists",
    "learn_account",
    "learn_links",
    "one_link",
    "open_lists",
    "queue_links",
    "read_feed",
    "read_list_file",
    "read_pages",
    "reclean",
    "reclean_stored",
    "refusals",
    "shanghai_now",
    "why_no_article",
]

_MODULES = {
    "ArticleFetch": "crawler.flows.fetch",
    "Outcome": "crawler.flows.outcome",
    "Siblings": "crawler.flows.adopt",
    "Stripping": "crawler.flows.promotion",
    "fetch_pictures": "crawler.flows.pictures",
    "find_seeds": "crawler.flows.inputs",
    "finish_run": "crawler.flows.finish",
    "is_list_file": "crawler.flows.inputs",
    "is_page_file": "crawler.flows.inputs",
    "keep_lists": "crawler.flows.lists",
    "learn_account": "crawler.flows.promotion",
    "learn_links": "crawler.flows.lists",
    "one_link": "crawler.flows.lists",
    "open_lists": "crawler.flows.lists",
    "queue_links": "crawler.flows.lists",
    "read_feed": "crawler.flows.fetch",
    "read_list_file": "crawler.flows.lists",
    "read_pages": "crawler.flows.pages",
    "reclean": "crawler.flows.seeds",
    "reclean_stored": "crawler.flows.pages",
    "refusals": "crawler.flows.lists",
    "shanghai_now": "crawler.flows.clock",
    "why_no_article": "crawler.clean.seeds",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
