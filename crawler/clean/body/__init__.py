"""An article's HTML, pruned to what it shows and written as Markdown."""

from crawler.clean.body.convert import Rendered, render_body

__all__ = ["Rendered", "render_body"]
