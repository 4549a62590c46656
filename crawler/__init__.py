"""Turns WeChat Official Account articles, and seeds made of them, into one clean, searchable SQLite archive."""

__version__ = "0.1.0"
