"""What no real page comes near: such pages are refused before they cost anything."""

from __future__ import annotations


def refuse_size(content: bytes) -> str:
    return ""


def refuse_markup(markup: bytes) -> str:
    return ""
