"""`FeedFetcher`: a Fetcher that may also ask the user's own servers, for feeds.

RSSHub, wewe-rss and their like run on the user's own machine or network, where no request goes
else. They are asked directly, whatever gateway there is, and nothing that came from elsewhere leads
to them: not a page, not a redirect.
"""

from __future__ import annotations

from functools import cached_property
from urllib.parse import urlsplit

import httpx

from crawler.credentials import without_passwords
from crawler.errors import ConfigError
from crawler.fetch.addresses import RefusedAddressError, is_inside, origin_of, own_target
from crawler.fetch.client import Fetcher


class FeedFetcher(Fetcher):
    """Fetches feeds from where a Fetcher may go, and from the origins of `[fetch] feeds`."""

    @cached_property
    def _origins(self) -> frozenset[str]:
        for setting in self._config.feeds:
            if not origin_of(setting) or urlsplit(setting).path not in ("", "/"):
                what = f"[fetch] feeds: {without_passwords(setting)!r} is no origin"
                raise ConfigError("config.toml", what, "give scheme, host and port only")
        return frozenset(map(origin_of, self._config.feeds))

    def _named(self) -> frozenset[str]:
        own = {urlsplit(origin).hostname or "" for origin in self._origins}
        return super()._named() | set(filter(is_inside, own))

    def _target(self, text: str, base: str = "") -> str:
        own = own_target(text, origins=self._origins, base=base)
        if own:
            return own
        try:
            return super()._target(text, base)
        except RefusedAddressError:
            if base or not origin_of(text):
                raise
            raise RefusedAddressError("is on a server that no setting names") from None

    def _advice(self, url: str) -> str:
        origin = origin_of(url)
        if not origin:
            return "give the address of a feed, without a user in it"
        return f'[fetch] feeds = ["{origin}"] in config.toml lets --feed ask there'

    def _address(self, url: str) -> httpx.URL:
        is_own = origin_of(url) in self._origins
        return httpx.URL(url) if is_own else super()._address(url)
