"""An article's HTML, pruned to what it shows and written as Markdown."""

from crawler.lazy import put_off

# Selectors are a sixth of the time in which a worker starts, and bs4, which loads them, needs none.
put_off("soupsieve")

from crawler.clean.body.cards import page_of_video  # noqa: E402
from crawler.clean.body.convert import Rendered, render_body  # noqa: E402

__all__ = ["Rendered", "page_of_video", "render_body"]
