"""How Markdown is written, whatever it is made of."""
