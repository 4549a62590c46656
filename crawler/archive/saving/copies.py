"""Which copy of an article the archive shows: pure, so that no order of arrival can matter.

An article may have been seen many times: as seeds of several collectors, as a page, as a notice.
Each look gives a copy, a mapping of the columns that it alone would fill. The row is a function of
the *set* of copies: the one that supersedes all others, with what it does not know (an account, a
date) taken from the next best that does. Copies that can never matter again are dropped, so that a
page that was looked at a hundred times keeps one.

A copy may say that it was made at a moment that had not come when it was read. What it says is
kept; among copies it counts as one whose moment nobody knows, for ever: the input was there before.
That is noted by its event, which has no moment, so that every order and day of reading agree.
"""

from __future__ import annotations

import json
from itertools import filterfalse, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from crawler.archive.reading import COLUMNS, Record
from crawler.article import (
    CLEANER_VERSION,
    Article,
    Kind,
    Origin,
    Rank,
    State,
    is_scrap,
    sha256,
    worth_of,
)
from crawler.frontmatter import FrontMatter, render_front_matter
from crawler.links import lasting_link
from crawler.times import DAY_ALONE, comparable
from crawler.urls import identity_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Mapping, Sequence

_OF_A_PAGE = "tail:"  # begins the rules that take a page's end off its seed
MOST = 40
"""Copies of one article that are kept to be weighed; a folder may hold thousands."""

Copy = dict[str, Any]
"""Columns of `articles` without the texts and without what the web says now.

And `removed`, rule id -> count, and `undated`, whether its moment cannot have been; `exported`,
which is not kept, whether it is the document of another look.
"""

# What stands in a column where nothing is known, by the type of its field.
_UNKNOWN = {"str": "", "int": 0, "int | None": None}
_OF_THE_ROW = ("state_now", "checked_at", "front_matter", "body")
_BLANK: Copy = {
    name: _UNKNOWN[str(Record.__dataclass_fields__[name].type)]
    for name in COLUMNS
    if name not in _OF_THE_ROW
}
_COPIED = tuple(_BLANK)[1:]  # all but the key
_NUMBERS = [name for name, blank in _BLANK.items() if blank != ""]
_values_of = attrgetter(*_COPIED)

# What belongs to the copy that is shown; of all else what it does not know is taken from the next
# best that does.
_OF_THE_COPY = {
    *("url", "fetch_date", "kind", "state", "origin", "evidence", "producer", "cleaner_version"),
    *("biz", "mid", "idx", "body_hash", "characters", "image_count", "date_source", "same_as"),
    "recovered_from",
}
# A body is shown with its own cover and digest or none; and with its own title, where it has one.
_OF_THE_BODY = {"digest", "cover", "modified_at", "sn"}
_FILLED_WITHOUT_BODY = tuple(name for name in _COPIED if name not in _OF_THE_COPY)
_FILLED = tuple(name for name in _FILLED_WITHOUT_BODY if name not in _OF_THE_BODY)


def copy_of(article: Article) -> Copy:
    """The copy that one look gave."""
    copy: Copy = dict(zip(_COPIED, _values_of(article), strict=True))
    for name in ("kind", "state", "origin"):
        copy[name] = str(copy[name])
    copy["topics"] = json.dumps(article.topics, ensure_ascii=False) if article.topics else ""
    copy["removed"] = dict(sorted(article.removed.items()))
    copy["undated"] = article.undated
    return copy


def copy_of_row(
    row: Mapping[str, Any], removed: Mapping[str, int], *, undated: bool = False
) -> Copy:
    """The copy behind a row that only one copy has made."""
    copy: Copy = {name: row[name] for name in _COPIED}
    copy["removed"] = dict(sorted(removed.items()))
    copy["undated"] = undated
    return copy


def marked(copies: Mapping[str, Copy], undated: Container[str]) -> dict[str, Copy]:
    """The copies, those that were made of such evidence as undated ones."""
    return {
        key: {**copy, "undated": True} if copy["evidence"] in undated else copy
        for key, copy in copies.items()
    }


def row_of_copy(article_id: str, copy: Copy, body: str) -> tuple[Any, ...]:
    """The row, in the order of `COLUMNS`, of an article of which this is the only copy."""
    row = {
        **copy,
        "id": article_id,
        "body": body,
        "state_now": copy["state"],
        "checked_at": "" if copy["undated"] else copy["fetch_date"],
    }
    row["front_matter"] = front_matter_of(row)
    return tuple(row[name] for name in COLUMNS)


def with_moment(detail: str, moment: str) -> str:
    """What an undated look's event says: its detail, and the moment that cannot have been."""
    said = f"says that it was made at {moment}, which cannot have been"
    return "; ".join(filter(None, (detail, said)))


def key_of(copy: Copy) -> str:
    """What tells copies apart: the evidence, or where there is none the look itself."""
    return copy["evidence"] or sha256(
        f"{copy['state']} {copy['url']} {copy['fetch_date']}".encode()
    )


def as_looked_at(copy: Copy, other: Copy | None) -> Copy:
    """A copy with the moment and the address of another look, if that found the same and is later.

    Two looks may find the very same bytes: what they say is the later one's, in whatever order they
    came. A moment that cannot have been says nothing of that, nor one that another cleaner read.
    What is known beside the bytes, as the account whose feed they stand in, one of them may lack;
    with the moment of publication goes its day.
    """
    if other is None or other["cleaner_version"] != copy["cleaner_version"]:
        return copy
    lacks = [name for name in _FILLED if other[name] and not copy[name]]
    more = (*lacks, "date", "date_source") if "published_at" in lacks else lacks
    copy = {**copy, **{name: other[name] for name in more}}
    if copy["undated"] or other["undated"] or _look_of(other) <= _look_of(copy):
        return copy
    return {**copy, **{name: other[name] for name in _OF_THE_LOOK}}


_OF_THE_LOOK = ("fetch_date", "url", "sn")


def _look_of(copy: Copy) -> tuple[str, ...]:
    return (comparable(copy["fetch_date"]), *(str(copy[name]) for name in _OF_THE_LOOK))


def dump_copy(copy: Copy) -> str:
    """A copy as text; what it does not know is left out."""
    known = {
        name: value
        for name, value in copy.items()
        if name != "undated" and value != _BLANK.get(name, {})
    }
    return json.dumps(known, ensure_ascii=False, sort_keys=True)


def load_copy(text: str) -> Copy:
    """Undo `dump_copy`. Raises ValueError where it is no copy, or one that cannot be stored."""
    try:
        copy: Copy = {**_BLANK, "removed": {}, **json.loads(text), "undated": False}
        del copy["id"]
        check_copy(copy)
    except (TypeError, RecursionError) as error:
        raise ValueError("it does not hold the columns of a copy") from error
    return copy


def rewritten(text: str, clean: Callable[[str, str], str]) -> tuple[str, str]:
    """The key and the text of a dumped copy whose texts went through `clean(column, text)`."""
    copy = {
        name: clean(name, value) if isinstance(value, str) else value
        for name, value in load_copy(text).items()
    }
    return key_of(copy), dump_copy(copy)


def check_copy(copy: Copy) -> None:
    """Raises ValueError or TypeError where a copy is none, or cannot be stored."""
    for name, may in _MAY.items():
        if not isinstance(copy[name], may):
            raise TypeError(f"a copy's {name} holds what it may not")
    numbers = [copy[name] or 0 for name in _NUMBERS] + [*copy["removed"].values()]
    if not all(isinstance(number, int) and abs(number) < 1 << 63 for number in numbers):
        raise TypeError("a copy holds a number that SQLite does not")
    rank_of(copy)
    Kind(copy["kind"])
    dump_copy(copy).encode()  # half a character cannot be stored


_MAY: dict[str, Any] = {
    **{name: (int, type(None)) if _BLANK[name] is None else type(_BLANK[name]) for name in _COPIED},
    "removed": dict,
}


def rank_of(copy: Copy) -> Rank:
    """What `supersedes` compares."""
    moment = "" if copy["undated"] else comparable(copy["fetch_date"])
    return Rank(
        state=State(copy["state"]),
        origin=Origin(copy["origin"]),
        fetch_date=moment,
        characters=copy["characters"],
        evidence=copy["evidence"],
        producer=copy["producer"],
        has_page=any(str(rule).startswith(_OF_A_PAGE) for rule in copy["removed"]),
    )


def ranked(copies: Mapping[str, Copy]) -> list[Copy]:
    """The copies, the best first, and last of the texts what people wrote into exported documents.

    Before these stand other tools' copies that are scraps of another text. All of them stay before
    copies without a text: what these alone know would depend on which came first. Ties, which the
    rule allows where there is no evidence, go by the key.
    """
    by_key = [copies[key] for key in sorted(copies)]
    order = sorted(by_key, key=lambda copy: worth_of(rank_of(copy)), reverse=True)
    texts = list(filter(_has_body, order))
    looks = {_export_of(copy) for copy in texts if copy["origin"] != Origin.SEED}
    written = {
        id(copy) for copy in texts if copy.get("exported", False) or _is_exported(copy, looks)
    }
    lengths = (copy["characters"] for copy in texts if id(copy) not in written)
    longest = max(lengths, default=0)
    texts.sort(key=lambda copy: (id(copy) in written, is_scrap(rank_of(copy), longest)))
    return [*texts, *filterfalse(_has_body, order)]


def _is_exported(copy: Copy, looks: Container[tuple[str, ...]]) -> bool:
    """Whether a seed is the document of a copy that is there, which it may only repeat or change.

    It holds no page, and tells of the very look of that copy.
    """
    return _has_no_page(copy) and _export_of(copy) in looks


def as_exported(
    copies: Mapping[str, Copy],
    looks_among: Callable[[Collection[tuple[str, ...]]], Container[tuple[str, ...]]],
) -> dict[str, Copy]:
    """The copies, those marked that are the document of a look at another text.

    What was found then may tell of a later look by now, which found the same.
    """
    told = {key: _export_of(copy) for key, copy in copies.items() if _has_no_page(copy)}
    looks = looks_among(set(told.values()))
    documents = {key: {**copies[key], "exported": True} for key in told if told[key] in looks}
    return {**copies, **documents}


def _has_no_page(copy: Copy) -> bool:
    return copy["origin"] == Origin.SEED and not rank_of(copy).has_page


def _export_of(copy: Copy) -> tuple[str, ...]:
    """What the exported document of a copy tells of its look."""
    return (copy["url"], copy["fetch_date"])


def prune_copies(copies: Mapping[str, Copy]) -> dict[str, Copy]:
    """The copies that can still matter, whatever comes later.

    Beside a body only such a copy without one does as alone tells something of the article (an
    account, a day); and of copies without a body only the latest, and those that know something (a
    title, too) that it may lack. Of all these the best `MOST`, for each look weighs all of them;
    the texts of the others are revisions still. What today's cleaner read is weighed apart: what
    an earlier one read may turn out to be a notice, and there is no other look at the rest then.
    """
    if len(copies) < 2:
        return dict(copies)
    order = ranked(copies)
    best = order[0]
    names = _FILLED if best["body_hash"] else _FILLED_WITHOUT_BODY
    may_matter = _has_body if best["body_hash"] else _knows_something
    kept = [best]
    for some in ([*filter(_is_of_today, order)], [*filterfalse(_is_of_today, order)]):
        kept += islice(filter(may_matter, some), MOST)
        kept += [next((copy for copy in some if copy[name]), best) for name in names]
        kept += islice(filter(_tells_the_hour, filter(may_matter, some)), 1)
    places = set(map(id, kept))
    left = {key: copy for key, copy in copies.items() if id(copy) in places}
    return left if State(best["state"]).worth_fetching else _lasting(left)


def _lasting(copies: dict[str, Copy]) -> dict[str, Copy]:
    """The copies of an article that no fetch would better, without the keys of its previews.

    Any of them may tell its identity; a notice at a short link, which may be the best, does not.
    """
    told = (identity_of(copy["biz"], copy["mid"], copy["idx"]) for copy in copies.values())
    identity = next(filter(None, told), None)
    for key, copy in copies.items():
        url = lasting_link(copy["url"], identity)
        if url != copy["url"]:
            copies[key] = {**copy, "url": url}
    return copies


def _is_of_today(copy: Copy) -> bool:
    return bool(copy["cleaner_version"] == CLEANER_VERSION)


def _has_body(copy: Copy) -> bool:
    return bool(copy["body_hash"])


def _knows_something(copy: Copy) -> bool:
    return any(copy[name] for name in _FILLED_WITHOUT_BODY)


def shown_copy(copies: Mapping[str, Copy]) -> Copy:
    """What the archive shows.

    The best copy, with what it lacks taken from the next best that can still matter.
    """
    order = ranked(prune_copies(copies))
    shown = dict(order[0])
    for name in _FILLED if shown["body_hash"] else _FILLED_WITHOUT_BODY:
        shown[name] = next((copy[name] for copy in order if copy[name]), _BLANK[name])
    dated = next((copy for copy in order if copy["published_at"]), shown)
    shown["date_source"] = dated["date_source"]
    shown["published_at"] = _most_exact(shown["published_at"], order)
    return shown


def _most_exact(published_at: str, order: Sequence[Copy]) -> str:
    """The moment of a day that is known alone, where another copy knows that."""
    if len(published_at) != DAY_ALONE:
        return published_at
    hours = (copy["published_at"] for copy in order if _tells_the_hour(copy))
    return next((hour for hour in hours if hour.startswith(published_at)), published_at)


def _tells_the_hour(copy: Copy) -> bool:
    return len(copy["published_at"]) > DAY_ALONE


def front_matter_of(shown: Mapping[str, Any]) -> str:
    """The five keys of a seed, where a recovered text is from, and the blank line after them."""
    return render_front_matter(
        FrontMatter(
            title=shown["title"],
            url=shown["url"],
            source=shown["source"],
            date=shown["date"],
            fetch_date=shown["fetch_date"],
        ),
        recovered_from=shown["recovered_from"],
    )
