"""One request for a page of ours: what it asks, which archive answers, and how a page is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote

from datasette import Response  # type: ignore[import-untyped]

from crawler.browse.policy import KEYS
from crawler.browse.words import Words, asked_language
from crawler.fields import harmless

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from datasette.app import Datasette  # type: ignore[import-untyped]
    from datasette.database import Database  # type: ignore[import-untyped]
    from datasette.utils.asgi import Request  # type: ignore[import-untyped]

    from crawler.browse.desk import Desk

PLUGIN = "wechat-article-archive"
"""The name in Datasette's metadata under which `server` says which database is the archive."""

TITLE = "WeChat articles"
DESK = "wechat_article_desk"
"""The attribute of a Datasette of ours under which it has its desk."""
PLACE = "wechat_article_place"
"""And that under which it has the place of its archive."""


class Page(NamedTuple):
    """A page of ours: the first part of its path, a pattern of what follows, and its view."""

    name: str
    rest: str
    view: Callable[[Visit], Awaitable[Response]]

    @property
    def pattern(self) -> str:
        """The pattern of its whole path."""
        return rf"^/{self.name}{self.rest}$"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request and the Datasette that got it."""

    request: Request
    datasette: Datasette

    @property
    def archive(self) -> Database:
        """The archive, read-only."""
        return self.datasette.get_database(self.datasette.plugin_config(PLUGIN)["database"])

    @property
    def desk(self) -> Desk | None:
        """Where a reader may write; None unless the site was started so."""
        return getattr(self.datasette, DESK, None)

    @property
    def words(self) -> Words:
        """What our pages say, in the language that the browser asks for."""
        return Words(asked_language(self.request.headers.get("accept-language") or ""))

    @property
    def has_door(self) -> bool:
        """Whether pages may be brought in."""
        return bool(self.datasette.plugin_config(PLUGIN)["has_door"])

    @property
    def arguments(self) -> dict[str, str]:
        """What stands behind the question mark, the first of each name."""
        given = self.request.args  # which takes the query apart each time
        return {name: given[name] for name in given}

    def named(self, name: str) -> str:
        """A part of the path, by its name in the page's pattern."""
        return unquote(self.request.url_vars[name])

    async def rows(
        self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()
    ) -> list[dict[str, Any]]:
        """The rows of a query, less what shows nothing, as it could forge a hit or turn a line."""
        found = await self.archive.execute(sql, values)
        return [_shown(dict(row)) for row in found]

    async def rows_of(
        self, table: str, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()
    ) -> list[dict[str, Any]]:
        """The same; none where an archive has no such table or view yet, being of an older day."""
        return await self.rows(sql, values) if await self.has(table) else []

    async def has(self, table: str) -> bool:
        """Whether the archive has a table or a view of a name."""
        return bool(len(await self.archive.execute(_NAMED, {"name": table})))

    async def page(self, template: str, context: dict[str, Any], *, status: int = 200) -> Response:
        """A page out of one of our templates."""
        words = self.words
        context = {
            "_": words,
            "site_title": words(TITLE),
            "database": self.archive.name,
            "script": KEYS,
            "words": "",
            "has_door": self.has_door,
            **context,
        }
        name = f"archive/{template}"
        html = await self.datasette.render_template(name, context, request=self.request)
        headers = {"content-language": words.language, "vary": "accept-language"}
        return Response.html(html, status=status, headers=headers)


_NAMED = "SELECT 1 FROM sqlite_master WHERE name = :name AND type IN ('table', 'view')"


def address_of(key: str) -> str:
    """The address of an article's page."""
    return f"/article/{quote(key, safe='')}"


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: as_text(value) for name, value in row.items()}


def as_text(value: Any) -> Any:
    """A value as it is shown; bytes are in somebody else's archive where a text should be."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return harmless(value) if isinstance(value, str) else value
