"""The HTML that our Markdown may hold, in one table that its writer and its readers share.

Markdown has no sign for a break within a cell or for raised text, and its emphasis does not close
everywhere beside Chinese punctuation. For these the cleaner writes an element of HTML, bare,
without an attribute. Nothing else in an archived text is live: every other `<` is escaped.
"""

from __future__ import annotations

import re

TAGS = frozenset({"br", "strong", "em", "del", "sub", "sup"})
"""Names of the elements that a text may hold; `br` alone has no end."""

TAG = re.compile(rf"<(?:br|/?(?:{'|'.join(sorted(TAGS - {'br'}))}))>")
"""One such tag just as it is written. `<br/>` and `<strong class="a">` are none."""
