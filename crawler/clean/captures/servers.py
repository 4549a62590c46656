"""How the web archives are asked: the addresses of index, TimeMap and raw captures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urljoin, urlsplit

from crawler.clean.captures.cdx import COLUMNS

if TYPE_CHECKING:
    from crawler.clean.captures.capture import Capture

PAGE = 5000  # captures of one answer, some 1.5 MB
_AS_IT_IS = "/:?#[]@!$&'()*+,;=%-._~"
_ENCODED = "%+-._~*!"

# Wayback's own server stands beside its replay, and gives its columns these names. pywb's stands
# below each collection, and does not know `original`, `mimetype` and `statuscode` in `fl=`.
_WAYBACK_INDEX = {"web.archive.org": "/cdx/search/cdx"}
_PYWB_COLUMNS = ("urlkey", "timestamp", "url", "mime", "status", "digest", "length")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A web archive, by the address under which it replays: `https://web.archive.org/web`."""

    base: str

    @classmethod
    def of(cls, address: str) -> Server:
        """The archive behind an address as config.toml has it."""
        return cls(base=address.strip().rstrip("/"))

    @property
    def host(self) -> str:
        """The name of the host, and its port where one is given."""
        return urlsplit(self.base).netloc.lower()

    @property
    def _is_wayback(self) -> bool:
        return self.host in _WAYBACK_INDEX

    def prefix_query(self, address: str, *, resume_key: str = "", page: int | None = None) -> str:
        """Ask for every capture whose address begins so.

        One answer holds `PAGE` of them; what comes behind is asked for with the key that it ends
        in, or with the number of a page where the server knows no keys.
        """
        columns = COLUMNS if self._is_wayback else _PYWB_COLUMNS
        asked = {
            "url": address,
            "matchType": "prefix",
            "output": "json",
            "fl": ",".join(columns),
        }
        if page is None:
            asked |= {"limit": str(PAGE), "showResumeKey": "true"}
        else:
            asked["page"] = str(page)
        # a key comes encoded already
        resume = f"&resumeKey={quote(resume_key, safe=_ENCODED)}" if resume_key else ""
        return f"{self._index}?{urlencode(asked)}{resume}"

    @property
    def _index(self) -> str:
        if self._is_wayback:
            return urljoin(self.base, _WAYBACK_INDEX[self.host])
        return f"{self.base}/cdx"

    def timemap(self, address: str) -> str:
        """Ask for every capture of one address."""
        return f"{self.base}/timemap/link/{quote(address, safe=_AS_IT_IS)}"

    def raw(self, capture: Capture) -> str:
        """The page of a capture as it was captured, with nothing of the archive's in it."""
        address = quote(capture.url.partition("#")[0], safe=_AS_IT_IS)
        return f"{self.base}/{capture.at}id_/{address}"
