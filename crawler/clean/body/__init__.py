"""An article's body: HTML in, Markdown out."""
