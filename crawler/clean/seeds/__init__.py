"""Seeds: whole pages that an older tool turned into Markdown, read and cleaned."""

from crawler.clean.seeds.characters import outside_protected
from crawler.clean.seeds.fences import split_fences
from crawler.clean.seeds.judge import why_no_article
from crawler.clean.seeds.read import Seed, read_seed
from crawler.clean.seeds.repair import repair

__all__ = [
    "Seed",
    "outside_protected",
    "read_seed",
    "repair",
    "split_fences",
    "why_no_article",
]
