"""A web archive of our own on loopback: an index, TimeMaps, raw captures, and what can go wrong.

It answers as Wayback's index does (arrays, resumption keys) or as pywb's does (objects; no keys).
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fake_answers import HTML, Answer
from tests.fake_wechat import FakeWeChat, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COLLECTION = "/mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One capture that the archive holds."""

    at: str
    url: str
    body: bytes = b""
    status: int = 200
    location: str = ""

    @property
    def key(self) -> str:
        """What the index goes by: without scheme and port, and lower case as SURT is."""
        return self.url.partition("://")[2].lower().replace(":80/", "/", 1)


class FakeWebArchive(FakeWeChat):
    """Serves captures below `base`; `knows_keys` false makes it answer as pywb does."""

    def __init__(self, held: Iterable[Held] = (), *, knows_keys: bool = True, **given: Any) -> None:
        super().__init__(**given)
        self.base = self.url + COLLECTION
        self.knows_keys = knows_keys
        self.held: dict[str, list[Held]] = defaultdict(list)
        for one in sorted(held, key=lambda one: (one.key, one.at)):
            self.held[one.key].append(one)

    @property
    def queries(self) -> list[str]:
        """What its index was asked, in order."""
        return [name for name in self.names if name.startswith(f"{COLLECTION}/cdx")]

    @property
    def captures(self) -> list[str]:
        """The captures that were asked for, in order."""
        return [name for name in self.names if "id_/" in name]

    def _routed(self, seen: Seen, nth: int) -> Answer:  # noqa: ARG002
        rest = seen.path.removeprefix(f"{COLLECTION}/")
        if rest.startswith("cdx?"):
            return self._index(parse_qs(urlsplit(rest).query))
        if rest.startswith("timemap/link/"):
            return self._timemap(unquote(rest.removeprefix("timemap/link/")))
        at, _, url = rest.partition("id_/")
        return self._capture(at, url)

    def _index(self, asked: Mapping[str, list[str]]) -> Answer:
        prefix = asked["url"][0].partition("://")[2].lower() or asked["url"][0].lower()
        found = [
            one for key in sorted(self.held) if key.startswith(prefix) for one in self.held[key]
        ]
        if "limit" not in asked:
            return _lines([_row(one) for one in found])
        start, limit = int(asked.get("resumeKey", ["0"])[0]), int(asked["limit"][0])
        rows = [_row(one) for one in found[start : start + limit]]
        if not self.knows_keys:
            return _lines(rows)
        arrays = [list(_row(found[0]))] if found else []
        arrays += [list(row.values()) for row in rows]
        if start + limit < len(found):
            arrays += [[], [str(start + limit)]]
        text = "[" + ",\n".join(json.dumps(array) for array in arrays) + "]"
        return Answer(body=text.encode(), headers={"Content-Type": "application/json"})

    def _timemap(self, url: str) -> Answer:
        links = [
            f'<{self.base}/{one.at}/{one.url}>; rel="memento"; datetime="{_http_date(one.at)}"'
            for one in self.held.get(url.partition("://")[2].lower(), ())
        ]
        links.insert(0, f'<{url}>; rel="original"')
        return Answer(
            body=",\n".join(links).encode(), headers={"Content-Type": "application/link-format"}
        )

    def _capture(self, at: str, url: str) -> Answer:
        held = self.held.get(url.partition("://")[2].lower(), ())
        near = min(held, key=lambda one: abs(int(one.at) - int(at)), default=None)
        if near is None:
            return Answer(status=404, body=b"not archived")
        headers = {"Content-Type": HTML, "Memento-Datetime": _http_date(near.at)}
        if near.location:
            headers["Location"] = near.location
        return Answer(body=near.body, status=near.status, headers=headers)


def _row(one: Held) -> dict[str, str]:
    return {
        "urlkey": f"com,qq,weixin,mp){one.key.partition('/')[1]}{one.key.partition('/')[2]}",
        "timestamp": one.at,
        "original": one.url,
        "mimetype": "text/html",
        "statuscode": str(one.status),
        "digest": str(abs(hash(one.body or one.url))),
        "length": str(len(one.body)),
    }


def _lines(rows: list[dict[str, str]]) -> Answer:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    return Answer(body=text.encode(), headers={"Content-Type": "text/x-ndjson"})


def _http_date(at: str) -> str:
    moment = datetime.strptime(at, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return format_datetime(moment, usegmt=True)
