"""What an account repeats at the edges of its articles, learned and taken off.

`learn` takes the articles of one account, `strip` takes off one article what was learned.
"""

from crawler.clean.promotion.promo import Promo, Sample, learn, strip

__all__ = ["Promo", "Sample", "learn", "strip"]
