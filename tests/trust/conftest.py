"""The commands as a user runs them, for the tables of this folder."""

from tests.cli.conftest import crawler, folder, wechat

__all__ = ["crawler", "folder", "wechat"]
