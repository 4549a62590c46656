"""What an account repeats at the edges of its articles, learned and taken off.

`learn` takes the articles of one account, `strip` takes off one article what was learned.
"""

from crawler.clean.promotion.promo import Promo, PromoBlock, Sample, Stripped, learn, strip

__all__ = ["Promo", "PromoBlock", "Sample", "Stripped", "learn", "strip"]
