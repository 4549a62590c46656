"""The words that every room speaks.

`Article`, `State`, `Kind`, and which of two copies is the better one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from crawler.folding import title_key

if TYPE_CHECKING:
    from collections.abc import Mapping

CLEANER_VERSION = 25
"""Raised whenever cleaning gives another body for the same input.

Rows with a lower one can be cleaned again.
"""


class State(StrEnum):
    """What an article's page, or its seed, turned out to be."""

    # There is a body.
    OK = "ok"
    TRUNCATED = "truncated"  # a seed that its tool cut at some 8,000 characters
    PAID = "paid"  # the free preview of a paid article
    # There is none, but a fetch may bring it.
    HOLLOW = "hollow"  # the page's furniture came without its article
    UNSIGNED = "unsigned"  # a long link without chksm, which WeChat answers with an empty page
    VERIFICATION = "verification"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    SYSTEM = "system"
    UNREADABLE = "unreadable"
    # There is none, and WeChat says why.
    DELETED = "deleted"
    VIOLATION = "violation"
    COMPLAINT = "complaint"
    SEND_FAILED = "send_failed"
    ACCOUNT_GONE = "account_gone"
    MIGRATED = "migrated"
    EXPIRED = "expired"
    BAD_LINK = "bad_link"
    RUMOUR = "rumour"
    PRIVATE = "private"
    CLIENT_ONLY = "client_only"
    # It is no article.
    ALBUM = "album"  # a list of articles, /mp/appmsgalbum
    ACCOUNT_PAGE = "account_page"  # a page about an account, /mp/aboutbiz or /mp/profile_ext
    NOT_WECHAT = "not_wechat"

    @property
    def has_body(self) -> bool:
        """Whether an article in this state carries text of its own."""
        return self in _BODY_RANK

    @property
    def is_article(self) -> bool:
        """Whether what was read is an article at all, present or gone."""
        return self not in (State.ALBUM, State.ACCOUNT_PAGE, State.NOT_WECHAT)

    @property
    def worth_fetching(self) -> bool:
        """Whether another fetch may bring the article."""
        return self in _WORTH_FETCHING

    @property
    def is_death(self) -> bool:
        """Whether WeChat's notice says that the article is gone.

        What says something of the link, of us or of the moment is none, and an empty shell is none.
        """
        return self in _DEATHS

    @property
    def stops_the_run(self) -> bool:
        """Whether WeChat asks us to leave it alone for a while."""
        return self in (State.VERIFICATION, State.RATE_LIMITED)


OF_THE_LINK = frozenset({State.EXPIRED, State.BAD_LINK})
"""What WeChat says of a link, and not of the article, to which another may lead."""

_BODY_RANK = {State.OK: 2, State.TRUNCATED: 1, State.PAID: 1}
# Of other tools' copies: readers that keep words and pictures only; notes of anybody; plain text.
_TRUST_IN_PRODUCERS = {"jina": 2, "simpread": 2, "unknown": 1, "text": 0}
_WORTH_FETCHING = frozenset(
    {
        State.TRUNCATED,
        State.HOLLOW,
        State.UNSIGNED,
        State.VERIFICATION,
        State.RATE_LIMITED,
        State.UNAVAILABLE,
        State.SYSTEM,
        State.UNREADABLE,
    }
)

_DEATHS = frozenset(
    {
        State.DELETED,
        State.VIOLATION,
        State.COMPLAINT,
        State.SEND_FAILED,
        State.ACCOUNT_GONE,
        State.RUMOUR,
    }
)


class Kind(StrEnum):
    """What sort of post it is (WeChat's `item_show_type`)."""

    NORMAL = "normal"  # 0
    VIDEO = "video"  # 5
    AUDIO = "audio"  # 7, 6
    GALLERY = "gallery"  # 8: pictures with a caption
    TEXT = "text"  # 10: words alone, often without a title
    REPOST = "repost"  # another account's article, passed on


class Origin(StrEnum):
    """Where a copy came from."""

    FETCH = "fetch"
    CAPTURE = "capture"  # a page as the reader's own browser showed it
    SEED = "seed"
    ADOPTED = "adopted"  # another tool's copy, or a text that somebody kept
    RECOVERED = "recovered"  # somebody else's copy, or a web archive's, that evidence speaks for


class Verdict(StrEnum):
    """What a copy that was found elsewhere is to an article without a body."""

    PROOF = "proof"  # it is the article
    CANDIDATE = "candidate"  # it may be, and a person shall say so
    POINTER = "pointer"  # it has the same title, and is never the article's body
    ACCEPTED = "accepted"  # a person said that it is the article
    REFUSED = "refused"  # a person said that it is not

    @property
    def restores(self) -> bool:
        """Whether its text becomes the article's body."""
        return self in (Verdict.PROOF, Verdict.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A WeChat Official Account, as far as a page tells."""

    biz: str
    name: str = ""
    alias: str = ""  # the WeChat ID that people type
    description: str = ""
    avatar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """What is compared when two copies of one article meet."""

    state: State
    origin: Origin
    fetch_date: str
    characters: int
    evidence: str
    producer: str = ""  # of an adopted copy
    has_page: bool = False  # of a seed: a document without one anybody may have edited


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an input may tell of an article beside its text.

    Pages, copies, articles and rows of the archive all have these fields. One more is added here,
    in a migration, and in the reader that finds it in its input; all else follows from the names.
    What is not told is the empty string, or None for a number.
    """

    published_at: str = ""  # ISO 8601 with +08:00, or a day alone; and the next one
    modified_at: str = ""
    digest: str = ""
    cover: str = ""
    source_url: str = ""  # where "read more" leads
    original: str = ""  # "original", "reprint", or "" where the page says neither
    album: str = ""
    place: str = ""  # the province that WeChat shows beside the date
    item_type: str = ""  # WeChat's item_show_type
    read_count: int | None = None
    like_count: int | None = None


def told_by(input_read: Told) -> dict[str, Any]:
    """What an input tells, by field, to be handed on."""
    return {name: getattr(input_read, name) for name in Told.__dataclass_fields__}


def told_by_either(one: Told, other: Told) -> dict[str, Any]:
    """What the first tells, and where it is silent the second."""
    silent = ("", None)
    said, spare = told_by(one), told_by(other)
    return {name: spare[name] if said[name] in silent else said[name] for name in said}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(Told):
    """What an article and its row in the archive both say, under the same names.

    `date` is YYYY-MM-DD in Asia/Shanghai, the day that the input gives: a page's own, a seed's
    collector's. Where a seed's title or text states an earlier one, `published_at` is that day and
    `date_source` what states it. `fetch_date` is ISO 8601 as a seed writes it, without an
    offset.
    """

    id: str
    url: str  # as it was given
    title: str
    source: str
    account: str = ""
    author: str = ""
    date: str = ""
    fetch_date: str
    biz: str = ""
    mid: str = ""
    idx: str = ""
    sn: str = ""
    image_count: int = 0
    evidence: str = ""  # SHA-256 of the page or seed that this was read from
    date_source: str = ""  # "title" or "text", where `published_at` is what that states
    producer: str = ""  # the tool whose copy was adopted, as docs/reads.md names it
    same_as: str = ""  # the article that it seems to be, where only title and account say so
    recovered_from: str = ""  # where a recovered text stood, and what agreed
    cleaner_version: int = CLEANER_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Facts):
    """One article as one input gave it: the record that the archive keeps.

    `body` is whole Markdown that begins with the title's heading, or empty where the state has no
    body. What is not known is the empty string.
    """

    state: State
    origin: Origin
    kind: Kind = Kind.NORMAL
    topics: tuple[str, ...] = ()
    body: str = ""
    aliases: tuple[str, ...] = ()  # other addresses of the same article, canonical
    # rule id -> how often it took something
    removed: Mapping[str, int] = field(default_factory=dict)
    account_info: Account | None = None
    http_status: int | None = None
    detail: str = ""  # why the state is what it is, for people
    undated: bool = False  # `fetch_date` is none, or had not come yet when the input was read

    @property
    def looked_at(self) -> str:
        """The moment of the look; "" where `fetch_date` says one that cannot have been."""
        return "" if self.undated else self.fetch_date

    @property
    def characters(self) -> int:
        """The length of the body, in characters."""
        return len(self.body)

    @property
    def body_hash(self) -> str:
        """SHA-256 of the body in UTF-8, or the empty string where there is none."""
        return sha256(self.body.encode()) if self.body else ""


_OF_OTHERS = (Origin.ADOPTED, Origin.RECOVERED)
_PARTS_OF_A_SCRAP = 10


def supersedes(new: Rank, old: Rank) -> bool:
    """Whether `new` takes the place of `old` as the copy that the archive shows.

    A whole article beats a part of one, which beats none at all. Among whole ones a page beats a
    seed, which beats another tool's copy and what was recovered, which beat plain text; then the
    later look wins, and of one look a seed that holds its page before a document without one, which
    its reader may have written in, then the longer text; among parts the longer one wins first. Of
    two copies without a body the later look wins, for it says what the web says now.
    The same evidence cleaned again always takes its own place. The order is total, so that the
    order of arrival never matters. Where an article has texts of several, scraps come behind.
    """
    if new.evidence and new.evidence == old.evidence:
        return True
    return worth_of(new) > worth_of(old)


def worth_of(copy: Rank) -> tuple[int, int, int, str, bool, int, str]:
    """What copies of different evidence are ordered by, the best one last."""
    rank = _BODY_RANK.get(copy.state, 0) if copy.characters else 0
    length = copy.characters if rank == 1 else 0
    trust = _trust(copy) if rank else 0
    characters = copy.characters if rank else 0
    return (rank, length, trust, copy.fetch_date, copy.has_page, characters, copy.evidence)


def is_scrap(copy: Rank, longest: int) -> bool:
    """Whether another tool's copy is less than a tenth of the longest text of its article.

    A digest, an excerpt or the tool's own notice is so, under whatever state; no edit is.
    """
    return copy.origin in _OF_OTHERS and _PARTS_OF_A_SCRAP * copy.characters < longest


def _trust(copy: Rank) -> int:
    """How far a body is the page's own, by where it came from."""
    if copy.origin in _OF_OTHERS:
        return _TRUST_IN_PRODUCERS.get(copy.producer, 3)
    return 4 if copy.origin is Origin.SEED else 5


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def own_key(title: str, account: str, date: str) -> str:
    """The key of a copy that names no link, which identifies nothing else."""
    said = f"{title}\n{account}\n{date}"
    return f"{OWN}{sha256(said.encode('utf-8', 'replace'))[:22]}"


OWN = "u:"
"""What the keys begin with of copies that no link tells."""


def loose_key(title: str, account: str, date: str) -> str:
    """The key that such copies share whose titles have other signs; "" for one of signs alone."""
    letters = title_key(title)
    return own_key(letters, account, date) if letters else ""
