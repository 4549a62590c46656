"""One row of `articles`, as whoever shows or exports it gets it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of `articles`, as its columns are."""

    id: str
    url: str
    title: str
    source: str
    account: str
    author: str
    date: str
    fetch_date: str
    published_at: str
    modified_at: str
    kind: str
    state: str
    state_now: str
    checked_at: str
    digest: str
    cover: str
    characters: int
    image_count: int
    body_hash: str
    cleaner_version: int
    origin: str
    evidence: str
    biz: str
    mid: str
    idx: str
    sn: str
    front_matter: str
    body: str
    source_url: str
    original: str
    album: str
    topics: str  # a JSON list, or empty
    place: str
    item_type: str
    read_count: int | None
    like_count: int | None
    date_source: str
    producer: str
    same_as: str

    @property
    def document(self) -> str:
        """The whole document in the seed format."""
        return self.front_matter + self.body
