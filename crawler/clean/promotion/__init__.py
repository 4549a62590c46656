"""What an account repeats at the edges of its articles, learned and taken off.

`learn` takes the articles of one account, `strip` takes off one article what was learned.
"""

from crawler.clean.promotion.learning import learn
from crawler.clean.promotion.promo import Promo, Sample
from crawler.clean.promotion.stripping import strip

__all__ = ["Promo", "Sample", "learn", "strip"]
