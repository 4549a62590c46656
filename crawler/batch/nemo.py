"""Our cleaning as an extractor of NeMo Curator.

NeMo Curator is the optional extra `nemo`, and is loaded with this module, which raises ConfigError
where it is not there.
"""

from __future__ import annotations

from typing import Any

from crawler.article import State
from crawler.batch.fields import FIELDS
from crawler.batch.isolated import SECONDS, IsolatedCleaner
from crawler.errors import extra_missing

try:
    from nemo_curator.stages.text.download import DocumentExtractor
except ModuleNotFoundError as error:
    raise extra_missing("crawler.batch", error, "nemo") from None


class ArticleExtractor(DocumentExtractor):  # type: ignore[misc]  # it has no types
    """A record that holds a page -> the record of its article, with the names of `FIELDS`.

    The page is the bytes in `column`, which is called as the package's own iterators call it;
    `url` says where it was had, and `charset`, where a record has it, what HTTP said of it. Each
    page gives a record: `state` says what it is, `error` what went wrong. With `only_ok` all but
    articles give none. A page that takes longer than `seconds`, or ends its process, costs itself
    alone.
    """

    def __init__(
        self, column: str = "content", *, only_ok: bool = False, seconds: float = SECONDS
    ) -> None:
        super().__init__()
        self.column = column
        self.only_ok = only_ok
        self._cleaner = IsolatedCleaner(seconds=seconds)

    def __del__(self) -> None:  # the contract has no other end
        self._cleaner.close()

    def extract(self, record: dict[str, Any]) -> dict[str, Any] | None:
        """The record of a page's article; None where it is to be skipped."""
        page, charset = record[self.column] or b"", record.get("charset") or ""
        if isinstance(page, str):
            page, charset = page.encode("utf-8", "surrogatepass"), "utf-8"
        cleaned = self._cleaner.clean(page, charset, record.get("url") or "")
        return None if self.only_ok and cleaned["state"] != State.OK else cleaned

    def input_columns(self) -> list[str]:
        """What a record must have."""
        return [self.column, "url"]

    def output_columns(self) -> list[str]:
        """What a record of an article has."""
        return list(FIELDS)
