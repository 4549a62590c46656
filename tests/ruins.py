"""A made-up archive of articles without a text, and somebody else's collection of the same.

Every document of the collection says in its text which article it truly is of, so that a test, or a
benchmark, can tell who was restored with what.
"""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crawler.archive.saving import arrival_of
from crawler.article import Article, Origin, State, sha256
from crawler.urls import Identity, long_form

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive import Archive

ACCOUNTS = 40
FEED = "某站的聚合"  # a source of many accounts, as feeds are
_WORDS = "雾潮渡口桥灯塔夜航汛期码头栈道山雨站台信号棚屋集市井田渠磨坊"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruin:
    """One article without a text, and how the collection has it."""

    number: int
    kind: str
    title: str
    account: int
    day: date

    @property
    def identity(self) -> Identity:
        """Its true identity."""
        return Identity(biz=biz_of(self.account), mid=str(2650000000 + self.number), idx="1")

    @property
    def mark(self) -> str:
        """What only its own text says."""
        return f"真身{self.number}号"


PROVABLE = {
    "linked": 34,
    "linked and edited": 8,
    "linked under another title": 3,
    "unlinked": 16,
    "under an older name": 5,
    "a day off": 6,
}
"""How a document says of which article it is -> how many in a hundred; these prove it."""

UNPROVABLE = {
    "near title": 6,
    "another account's": 7,
    "shifted date": 6,
    "no account": 4,
    "title alone": 1,
    "same title twice": 2,
    "two texts": 1,
    "another identity": 1,
}
"""The same of those that do not."""


def biz_of(account: int) -> str:
    """The id of an account."""
    return base64.b64encode(str(3245000000 + account).encode()).decode()


def name_of(account: int) -> str:
    """The name that an account has; every fifth one had another before."""
    return f"{_WORDS[account % 30]}{_WORDS[(account * 7 + 3) % 30]}手记{account}"


def old_name_of(account: int) -> str:
    """The name that an account had."""
    return f"{name_of(account)}旧称" if account % 5 == 0 else name_of(account)


def ruins(count: int, *, seed: int) -> list[Ruin]:
    """So many articles, in the order of their numbers."""
    dice = random.Random(seed)
    kinds = {**PROVABLE, **UNPROVABLE}
    return [_ruin(number, dice, kinds) for number in range(count)]


def _ruin(number: int, dice: random.Random, kinds: dict[str, int]) -> Ruin:
    [kind] = dice.choices(list(kinds), list(kinds.values()))
    account = dice.randrange(ACCOUNTS)
    if kind == "under an older name":
        account -= account % 5
    words = "".join(dice.choices(_WORDS, k=6))
    day = date(2023, 1, 1) + timedelta(days=dice.randrange(700))
    title = f"{words}（{number}）：夜航"
    return Ruin(number=number, kind=kind, title=title, account=account, day=day)


def build_ruins(archive: Archive, articles: list[Ruin]) -> None:
    """Save the articles as hollow seeds, and of each account whole ones that tell its names."""
    whole = [
        _whole(account, name, place)
        for account in range(ACCOUNTS)
        for place, name in enumerate(dict.fromkeys([old_name_of(account), name_of(account)]))
    ]
    twins = [
        replace(one, number=one.number + 5_000_000)
        for one in articles
        if one.kind == "same title twice"
    ]
    hollow = [_hollow(one) for one in [*articles, *twins]]
    archive.save_all([arrival_of(article) for article in [*whole, *hollow]])
    archive.name_articles()


def _hollow(one: Ruin) -> Article:
    source = FEED if one.number % 3 else name_of(one.account)
    return _article(one.identity, one.title, source, one.day.isoformat(), state=State.HOLLOW)


def _whole(account: int, name: str, place: int) -> Article:
    identity = Identity(biz=biz_of(account), mid=str(2640000000 + place), idx="1")
    article = _article(identity, f"{name}的第一篇", name, f"2022-0{place + 1}-01", state=State.OK)
    return replace(article, account=name, body=f"# {name}的第一篇\n\n开张了。\n")


def _article(identity: Identity, title: str, source: str, day: str, *, state: State) -> Article:
    return Article(
        id=identity.id,
        url=long_form(identity),
        title=title,
        source=source,
        date=day,
        state=state,
        origin=Origin.SEED,
        fetch_date="2025-10-06T17:17:02",
        biz=identity.biz,
        mid=identity.mid,
        idx=identity.idx,
        evidence=sha256(f"{identity.id}{title}".encode()),
    )


def write_collection(folder: Path, articles: list[Ruin], *, seed: int) -> list[Path]:
    """Write what the collection has of these articles, as a tool of its own writes documents."""
    dice = random.Random(seed)
    paths = []
    for one in articles:
        for place, text in enumerate(_documents(one, dice)):
            path = folder / f"{one.number // 500:03}" / f"{one.number}-{place}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            paths.append(path)
    return paths


def _documents(one: Ruin, dice: random.Random) -> Iterator[str]:
    """What the collection has of one article."""
    own = f"{one.mark}。潮水退了又来。"
    link = long_form(one.identity)
    if one.kind in _LINKED:
        yield _document(one, own + _LINKED[one.kind], link, dice, **_said_when_linked(one))
        return
    text = own if one.kind in (*PROVABLE, "two texts") else _stranger(one)
    said = {
        "title": one.title,
        "account": name_of(one.account),
        "day": one.day,
        **_twist(one, dice),
    }
    link = ""
    if one.kind == "another identity":
        link = long_form(replace(one.identity, mid=str(2690000000 + one.number)))
    yield _document(one, text, link, dice, **said)
    if one.kind == "two texts":
        yield _document(one, _stranger(one), link, dice, **said)


_LINKED = {"linked": "", "linked and edited": "后来改过一处。", "linked under another title": ""}
"""Kinds of documents that have the article's own link -> what their texts say besides."""


def _stranger(one: Ruin) -> str:
    return f"别人的{one.number}号，与它无关。"


def _said_when_linked(one: Ruin) -> dict[str, Any]:
    if one.kind == "linked under another title":
        return {"title": f"改题之{one.number}", "account": "", "day": one.day}
    return {"title": one.title, "account": name_of(one.account), "day": one.day}


def _twist(one: Ruin, dice: random.Random) -> dict[str, Any]:
    """What a document without the article's link says otherwise than that."""
    twists: dict[str, dict[str, Any]] = {
        "unlinked": {"title": _disguised(one.title, dice)},
        "under an older name": {"account": old_name_of(one.account)},
        "a day off": {"day": one.day + timedelta(days=dice.choice((-1, 1)))},
        "near title": {"title": one.title.replace("夜航", "夜泊")},
        "another account's": {"account": name_of(one.account + 1)},
        "shifted date": {"day": one.day + timedelta(days=dice.randrange(2, 400))},
        "no account": {"account": ""},
        "title alone": {"account": "", "day": None},
    }
    return twists.get(one.kind, {})


def _disguised(title: str, dice: random.Random) -> str:
    """The title as a tool may write it: other marks, spaces and width."""
    wide = title.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    return dice.choice((title, f"{title}！", title.replace("（", "(").replace("）", ")"), wide))


def _document(  # noqa: PLR0913  (what a document says is as much)
    one: Ruin,
    text: str,
    link: str,
    dice: random.Random,
    *,
    title: str,
    account: str,
    day: date | None,
) -> str:
    """A document of one of two tools: one writes no link, the other a short one if no other."""
    text = f"{text}\n\n第二段也在这里。\n"
    if not link and account and day and dice.random() < 0.5:
        return f"#  {title}   \n {account}   {day} 11:29  \n  \n{text}"
    token = f"ruin{one.number:08}{dice.randrange(10**10):010}"
    link = link or f"https://mp.weixin.qq.com/s/{token}"
    fields = {"title": title, "url": link, "author": "", "公众号": account, "发布日期": day or ""}
    lines = [f'{name}: "{value}"' for name, value in fields.items() if value]
    return "\n".join(["---", *lines, "---", "", f"# {title}", "", text])
