"""Seeds: whole pages that an older tool turned into Markdown, read and cleaned."""

from crawler.clean.seeds.judge import why_no_article
from crawler.clean.seeds.read import Seed, read_seed

__all__ = ["Seed", "read_seed", "why_no_article"]
