"""A made-up archive of 1,000 articles without a text, and what a web archive has of them.

Every page says in its text whose it truly is, so that a test can tell who was restored with what.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.archive.saving import arrival_of
from crawler.article import Article, Origin, State, sha256
from crawler.urls import Identity, long_form
from tests.clean.pages.lookalikes import modern, notice
from tests.fake_answers import VERIFICATION
from tests.fake_web_archive import Held

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from crawler.archive import Archive

ARTICLES = 1000
ACCOUNTS = 50
KINDS = (
    *("whole",) * 8,
    *("edited",) * 2,
    *("captcha",) * 3,
    *("hollow",) * 2,
    *("deleted",) * 1,
    *("stranger",) * 2,
    *("redirect",) * 1,
    *("never captured",) * 1,
)
"""Of twenty articles of an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRuin:
    """One article, and how the web archive has it."""

    number: int

    @property
    def kind(self) -> str:
        """What the web archive has of it."""
        return KINDS[self.number // ACCOUNTS % len(KINDS)]

    @property
    def identity(self) -> Identity:
        """Its identity."""
        digits = str(3200000000 + self.number % ACCOUNTS).encode()
        biz = base64.b64encode(digits).decode()
        return Identity(biz=biz, mid=str(2650000000 + self.number), idx="1")

    @property
    def title(self) -> str:
        """Its title, which some share."""
        return f"渡口的第{self.number % 500}盏灯"

    @property
    def mark(self) -> str:
        """What only its own text says."""
        return f"真身{self.number}号"

    @property
    def chksm(self) -> str:
        """The signature of its captured address."""
        return f"{self.number:076x}"

    @property
    def signed(self) -> str:
        """Its address with the signature."""
        return f"{long_form(self.identity, f'{self.number:032x}')}&chksm={self.chksm}&scene=27"

    def article(self) -> Article:
        """The record of a hollow seed."""
        identity = self.identity
        return Article(
            id=identity.id,
            url=f"{long_form(identity, f'{self.number:032x}')}#rd",
            title=self.title,
            source=f"渡口{self.number % ACCOUNTS}",
            state=State.HOLLOW,
            origin=Origin.SEED,
            fetch_date="2025-10-06T17:17:02.990516",
            account=f"渡口{self.number % ACCOUNTS}",
            date="2025-12-04",
            biz=identity.biz,
            mid=identity.mid,
            idx=identity.idx,
            sn=f"{self.number:032x}",
            evidence=f"{self.number:064x}",
        )

    def page(
        self, edition: str = "", *, whose: Identity | None = None, hollow: bool = False
    ) -> bytes:
        """A page of it, or under its title of another's."""
        identity = whose or self.identity
        body = "" if hollow else f"<p>{'别人的' if whose else self.mark}，{edition}夜里亮着。</p>"
        return modern(
            body,
            title=self.title,
            bizuin=identity.biz,
            mid=identity.mid,
            idx=identity.idx,
            sn=f"{self.number:032x}",
            nick_name=f"渡口{self.number % ACCOUNTS}",
            link=self.signed,
        )

    def captures(self) -> Iterator[Held]:
        """What the web archive has of it."""
        first, later = f"2020010100{self.number // 60:02}{self.number % 60:02}", "20210203040506"
        address = self.signed.replace("https:", "http:") if self.number % 3 else self.signed
        if self.kind in ("whole", "edited"):
            yield Held(at=first, url=address, body=self.page("第一版"))
        if self.kind == "edited":
            yield Held(at=later, url=address, body=self.page("第二版"))
        if self.kind == "captcha":
            yield Held(at=first, url=address, body=VERIFICATION)
        if self.kind == "hollow":
            yield Held(at=first, url=address, body=self.page(hollow=True))
        if self.kind == "deleted":
            yield Held(at=first, url=address, body=notice("该内容已被发布者删除"))
        if self.kind == "stranger":
            other = Identity(biz="MzAwMDAwMDAwMA==", mid=self.identity.mid, idx="1")
            yield Held(at=first, url=address, body=self.page(whose=other))
        if self.kind == "redirect":
            target = f"https://mp.weixin.qq.com/s/{f'r{self.number}':x<22}"
            yield Held(at=first, url=address, status=302, location=target)
            yield Held(at=first, url=target, body=self.page("第一版"))


RUINS = tuple(WebRuin(number=number) for number in range(ARTICLES))


def fill(archive: Archive, ruins: Iterable[WebRuin] = RUINS) -> None:
    """Make the archive in which they all are without a text."""
    archive.save_all([arrival_of(ruin.article()) for ruin in ruins])


def captures_of(ruins: Iterable[WebRuin] = RUINS) -> list[Held]:
    """Everything that the web archive has."""
    return [held for ruin in ruins for held in ruin.captures()]


def write_captures(path: Path, captures: Iterable[Held]) -> None:
    """Write captures to a WARC file, as a crawler does."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for held in captures:
            headers = [("Content-Type", "text/html; charset=UTF-8")]
            headers += [("Location", held.location)] if held.location else []
            moment = f"{held.at[:4]}-{held.at[4:6]}-{held.at[6:8]}T{held.at[8:10]}:{held.at[10:12]}"
            record = writer.create_warc_record(
                held.url,
                "response",
                payload=io.BytesIO(held.body),
                length=len(held.body),
                http_headers=StatusAndHeaders(
                    f"{held.status} Whatever", headers, protocol="HTTP/1.1"
                ),
                warc_headers_dict={
                    "WARC-Date": f"{moment}:{held.at[12:14]}Z",
                    # said, so that warcio makes no file to learn them
                    "WARC-Payload-Digest": f"sha256:{sha256(held.body)}",
                    "WARC-Block-Digest": f"sha256:{sha256(held.body)}",
                },
            )
            writer.write_record(record)
