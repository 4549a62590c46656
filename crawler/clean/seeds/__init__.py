"""Seeds: whole pages that an older tool turned into Markdown, read and cleaned."""

from crawler.clean.seeds.fences import Part, split_fences
from crawler.clean.seeds.furniture import is_post_alone, is_shell
from crawler.clean.seeds.judge import why_no_article
from crawler.clean.seeds.read import NO_TEXT, Seed, read_seed
from crawler.clean.seeds.repair import repair
from crawler.clean.seeds.several import SEVERAL, holds_several
from crawler.clean.seeds.spans import (
    Found,
    lines_beside_code,
    outside_protected,
    outside_quoted_code,
    replaced_outside_code,
    without_code,
)

__all__ = [
    "NO_TEXT",
    "SEVERAL",
    "Found",
    "Part",
    "Seed",
    "holds_several",
    "is_post_alone",
    "is_shell",
    "lines_beside_code",
    "outside_protected",
    "outside_quoted_code",
    "read_seed",
    "repair",
    "replaced_outside_code",
    "split_fences",
    "why_no_article",
    "without_code",
]
