"""What a browser may do with our pages, and who may ask for them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from datasette import Response  # type: ignore[import-untyped]

from crawler.browse.cells import as_meant, tamed
from crawler.browse.parameters import not_taken
from crawler.browse.reader import PICTURE_HOSTS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_HERE = Path(__file__).resolve().parent
KEYS = (_HERE / "static" / "keys.js").read_text(encoding="utf-8")
"""The script of our pages: it stands in each, and nothing else may."""

_HASH = base64.b64encode(hashlib.sha256(KEYS.encode()).digest()).decode()
# Nothing of an article can run or load: no script but ours, which is known by its hash, no style
# but our own file, pictures from WeChat alone.
_PICTURES = " ".join(f"https://*.{host}" for host in PICTURE_HOSTS)
_POLICY = (
    f"default-src 'none'; script-src 'sha256-{_HASH}'; style-src 'self';"
    f" img-src 'self' data: {_PICTURES};"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# One page has a script more, a file of ours: it puts the token, which no server tells, into a
# bookmark.
_OF_ITS_OWN = {"capture": _POLICY.replace("script-src", "script-src 'self'", 1)}
# Datasette's own pages need their scripts, some of which stand in the page; the values they show
# are escaped.
_DATASETTE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
)
# what it sends as a file needs none, whatever type it says that it has
_FILES_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_FILES = frozenset({".csv", ".json", ".blob"})

MOST_FACETS = 20
"""Facets of one page: our own are a few, and a table of ours has some thirty columns."""

MOST_ARGUMENTS = 100
LONGEST_QUERY, LONGEST_WITH_FACETS = 16_000, 2_000
"""Letters behind `?`: Datasette writes all of them, and takes them apart, for each argument, each
link of a page, and each of a thousand values of a facet."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Names of this machine that no other one has."""

_LOOPBACK_NAME = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?", re.ASCII)


def guarded(
    app: Any,
    *,
    is_ours: Callable[[str], bool],
    takes_forms: Callable[[str], bool],
    is_kept: Callable[[], bool],
) -> Any:
    """The ASGI application, with the policy on each of its pages; `is_ours` knows paths of ours.

    What tells of the machine is left out, and so is what takes minutes, and all once the archive
    is no longer where it was opened, or as it was where nothing that is written can be seen: what
    was restored in its place, or left in it, is not what would be shown. Nothing may be sent but
    where `takes_forms` says so: Datasette reads it whole, in the square of its length.
    """

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        scope = _by_https(_without_slow_cookies(scope))
        path = scope.get("path", "")
        ours = is_ours(_as_routed(scope))
        policy = _FILES_POLICY if PurePath(path).suffix in _FILES else _DATASETTE_POLICY
        if ours:
            policy = _OF_ITS_OWN.get(path.strip("/"), _POLICY)

        async def send_with_policy(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {
                    **message,
                    "headers": [*message.get("headers", []), *_headers(policy)],
                }
            await send(message)

        meant = scope
        send_on: Any = send_with_policy
        if not ours:
            meant, send_on = as_meant(scope), tamed(path, send_with_policy)
        refusal = _refusal(meant, is_kept, ours=ours)
        if _is_sent(scope) and not takes_forms(_as_routed(scope)):
            refusal = Response.text("Nothing may be sent here", 405, {"allow": "GET, HEAD"})
        if refusal is not None:
            await refusal.asgi_send(send_with_policy)
            return
        if ours or scope["type"] != "http":
            await app(meant, receive, send_on)
        else:
            await _as_long_as_wanted(app, meant, receive, send_on)

    return answer


def _without_slow_cookies(scope: Any) -> Any:
    """A request less cookies that take Python the square of their backslashes (CVE-2024-7592).

    Any program on this machine may leave such in a browser, for cookies know no ports.
    """
    headers = scope.get("headers", ())
    kept = [
        one for one in headers if one[0] != b"cookie" or one[1].count(b"\\") < _MOST_BACKSLASHES
    ]
    return scope if len(kept) == len(headers) else {**scope, "headers": kept}


_MOST_BACKSLASHES = 100


def _by_https(scope: Any) -> Any:
    """A request as it was sent, where a proxy that ends https does not tell that it does.

    A browser says of https and of this machine alone which site has it ask. By http Datasette's
    links to a next page would lead elsewhere.
    """
    headers = dict(scope.get("headers", ()))
    asked = headers.get(b"host", b"").decode("latin-1")
    if b"sec-fetch-site" not in headers or _OF_THIS_MACHINE.fullmatch(asked):
        return scope
    return {**scope, "scheme": "https"}


_OF_THIS_MACHINE = re.compile(
    r"(?:127(?:\.\d++){3}|(?:[a-z0-9_-]++\.)*+localhost|\[::1\])(?::\d++)?",
    re.ASCII | re.IGNORECASE,
)


async def _as_long_as_wanted(app: Any, scope: Any, receive: Any, send: Any) -> None:
    """Let Datasette answer until whoever asked is gone: it asks for page after page of CSV.

    Raises ConnectionError then, where more is to be sent.
    """
    gone = asyncio.create_task(_gone(receive))

    async def send_on(message: Any) -> None:
        if gone.done():
            raise ConnectionError
        await send(message)

    try:
        await app(scope, receive, send_on)
    finally:
        gone.cancel()


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _refusal(scope: Any, is_kept: Callable[[], bool], *, ours: bool) -> Response | None:
    """What is answered at once, without asking Datasette; `ours`: at a path of ours."""
    if scope["type"] == "http" and not is_kept():
        return Response.text(_MOVED, 503)
    if _is_inside(scope):
        return Response.text("Nothing is here", 404)
    sent = scope.get("query_string", b"").decode("latin-1")
    query = unquote(sent)
    asks_sql = bool(query) and not ours
    if query and _is_for_part_of_a_page(scope):
        return Response.text("No part of a page is here", 403)
    if _is_sent_by_another_site(scope, may_ask=not asks_sql):
        return Response.text("A page of another site sent this: open it yourself", 403)
    if query and _may_be_sent_by_another_site(scope):
        return Response.html(_UNTOLD, 403)
    if asks_sql and _PLACE_OF_FILES in query.lower():
        return Response.text("Nothing is here", 404)
    longest = LONGEST_WITH_FACETS if asks_sql and "_facet" in query else LONGEST_QUERY
    if len(sent) > longest or sent.count("&") >= MOST_ARGUMENTS:
        most = f"More than {longest:,} letters, or {MOST_ARGUMENTS} arguments"
        return Response.text(f"{most}, behind the question mark", 414)
    if asks_sql and not_taken(parse_qs(sent, keep_blank_values=True)):
        return Response.text(_NOT_TAKEN, 400)
    if query.count("_facet") > MOST_FACETS:  # each may take a second, whoever made a visitor ask
        return Response.text(f"More than {MOST_FACETS} facets at once", 400)
    return None


_NOT_TAKEN = "Behind the question mark stands a name with an underscore that nothing here takes"


def _is_sent(scope: Any) -> bool:
    return scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}


def _as_routed(scope: Any) -> str:
    """The path by which Datasette chooses a page: as it was sent."""
    sent: bytes = scope.get("raw_path") or scope.get("path", "").encode()
    return sent.partition(b"?")[0].decode("latin-1")


def _is_inside(scope: Any) -> bool:
    """Whether an address is one of Datasette's own, but for its scripts and styles.

    There it tells of the machine: where the archive lies, what is installed, which threads run.
    """
    paths = {scope.get("path", ""), scope.get("raw_path", b"").decode("latin-1")}
    return any(path.startswith("/-/") and not path.startswith(_STATIC) for path in paths)


_PLACE_OF_FILES = "database_list"  # what SQLite has under this name, as a table too


def _is_for_part_of_a_page(scope: Any) -> bool:
    """Whether a browser asks for a picture, a style, a frame: words behind `?` are a visitor's.

    A picture in an article would have his browser ask for anything as soon as he reads that.
    Datasette's own scripts have their hash there.
    """
    headers: dict[bytes, bytes] = dict(scope.get("headers", ()))
    is_page = headers.get(b"sec-fetch-dest", b"document") in {b"document", b"empty"}
    return not is_page and not scope.get("path", "").startswith(_STATIC)


def _is_sent_by_another_site(scope: Any, *, may_ask: bool) -> bool:
    """Whether a page elsewhere has a visitor's browser ask for something, as browsers tell.

    It may lead a visitor here, and `may_ask` says whether with words, which he then asks himself: a
    statement of SQL can take gigabytes, whoever wrote it. Chromium says of no socket whose it is,
    and that what a page has it load ahead of a visit is nobody's.
    """
    headers = dict(scope.get("headers", ()))
    if b"sec-websocket-key" in headers or (b"sec-purpose" in headers and not may_ask):
        return True
    if headers.get(b"sec-fetch-site") not in _ELSEWHERE:
        return False
    return not may_ask or headers.get(b"sec-fetch-dest") != b"document"


def _may_be_sent_by_another_site(scope: Any) -> bool:
    """Whether a browser asks for something, and no page of ours or visitor is known to ask.

    A page that leads a visitor here, or has it loaded ahead, learns how long the answer takes, and
    may call it off before it is seen. Which site has it ask browsers tell https and this machine
    alone. What tells then is the page it comes from: one of ours does so (`referrer-policy`), and
    one elsewhere can only be silent.
    """
    headers: dict[bytes, bytes] = dict(scope.get("headers", ()))
    if b"sec-fetch-site" in headers:
        return b"sec-purpose" in headers or headers[b"sec-fetch-site"] in _ELSEWHERE
    if not headers.get(b"user-agent", b"").startswith(b"Mozilla/"):
        return False
    return headers.get(b"referer", b"").split(b"/", 3)[2:3] != [headers.get(b"host")]


_ELSEWHERE = frozenset({b"cross-site", b"same-site"})

# its link leads to what was asked, and comes from a page of ours then
_UNTOLD = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Who asks this?</title>
<p>A page of another site sent this, or may have: by http, and by the name of a network, a browser
does not tell.
<p>If you asked it yourself, <a href="">ask it from here</a>, or from any page of this archive.
<p>If that leads here again: a proxy has to hand on the name by which it was asked (Host), and a
browser the page from which it asks (Referer).
"""

_MOVED = (
    "The archive was moved away, another was put in its place, or it was written to while this"
    " user may not write in its folder, so that SQLite cannot follow."
    " End crawler serve and start it again"
)
_STATIC = ("/-/static/", "/-/static-plugins/")


def _headers(policy: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-security-policy", policy.encode()),
        # other sites are told nothing, and we whether it was a page of ours that asks
        (b"referrer-policy", b"same-origin"),
        (b"x-content-type-options", b"nosniff"),
        # a page elsewhere cannot even tell whether one of ours, or a picture, is there
        (b"cross-origin-resource-policy", b"same-origin"),
        # nor lead a window that it opened from one of ours to the next, and see when each is there
        (b"cross-origin-opener-policy", b"same-origin"),
    ]


def known_by_name(app: Any, host: str, names: Collection[str] = ()) -> Any:
    """Answer only those who asked for an address, or for one of `names` or that its network gives.

    A web page elsewhere may point its own name at ours. `host` is where we listen.
    """
    given = {name.lower() for name in (host, *names)}

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        asked = dict(scope.get("headers", ())).get(b"host", b"").decode("latin-1")
        if scope["type"] == "http" and not _is_known(asked, host, given):
            words = f"This archive is known by {_KNOWN[host in LOOPBACK]}, and by {_GIVEN}"
            await Response.text(words, 403).asgi_send(send)
            return
        await app(scope, receive, send)

    return answer


def _is_known(asked: str, host: str, given: Collection[str]) -> bool:
    """Whether what a request asks for is a name of ours, where we listen at `host`.

    Of programs that look whether we are there some ask for none, and no browser does.
    """
    name = _PORT.sub("", asked.lower())
    if name in given:
        return True
    if host in LOOPBACK:
        return _LOOPBACK_NAME.fullmatch(asked) is not None
    return not asked or _NOBODYS_NAME.fullmatch(name) is not None


_KNOWN = ("its address", "the names localhost and 127.0.0.1")
_GIVEN = "what crawler serve --name gives it"
_PORT = re.compile(r":\d++\Z", re.ASCII)
# addresses, names of one network, and those that nobody can have elsewhere
_NOBODYS_NAME = re.compile(
    r"\[[0-9a-f:.]++\]|\d++(?:\.\d++){3}|[a-z0-9_-]++"
    r"|(?:[a-z0-9_-]++\.)++(?:local|localhost|internal|lan|home)"
    r"|(?:(?!home\.)[a-z0-9_-]++\.)++home\.arpa",
    re.ASCII,
)
