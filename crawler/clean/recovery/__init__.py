"""Whether a copy that was found elsewhere is an article that the archive has no body of."""

from crawler.clean.recovery.judging import Agreement, compare, judge
from crawler.clean.recovery.records import Known, Offer, day_of
from crawler.clean.recovery.shelf import Match, Shelf

__all__ = ["Agreement", "Known", "Match", "Offer", "Shelf", "compare", "day_of", "judge"]
