"""The truth table of recovery: what agrees, and what that proves.

Measured on a real collection: of 2,453 texts that were found by title 138 were more than a day off,
and of 225 whose account was known 10 were another account's article under the same title. So a
title alone is never more than a pointer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.article import Verdict
from crawler.clean.recovery.records import day_of

if TYPE_CHECKING:
    from crawler.clean.recovery.records import Known, Offer

DAYS = 1
"""Days that two dates of one article may be apart: a tool's clock may be UTC, which is a day early
in 714 of 4,018 real copies, and a collector may find an article the day after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What an article and an offer have in common; None where one of them does not say it."""

    identity: bool | None
    title: bool | None
    account: bool | None
    date: bool | None
    text: bool | None = None  # as far as the article's own goes, which was cut

    @property
    def agreed(self) -> tuple[str, ...]:
        """What both say alike."""
        return tuple(name for name in _NAMES if getattr(self, name))

    @property
    def differs(self) -> tuple[str, ...]:
        """What both say, and say otherwise."""
        return tuple(name for name in _NAMES if getattr(self, name) is False)


_NAMES = ("identity", "title", "account", "date", "text")


def compare(known: Known, offer: Offer) -> Agreement:
    """What an article and an offer have in common."""
    account = offer.folded_account
    same_account = account in known.names if account and known.names else None
    return agreement_of(
        known,
        offer,
        title=_same(known.title, offer.folded_title),
        account=same_account,
    )


def agreement_of(
    known: Known, offer: Offer, *, title: bool | None, account: bool | None
) -> Agreement:
    """The agreement, where titles and names were compared already."""
    if offer.biz and known.biz and account is not True:
        account = offer.biz == known.biz
    return Agreement(
        identity=_same_identity(known, offer),
        title=title,
        account=account,
        date=_near(known, offer),
    )


def judge(agreement: Agreement, *, alone: bool, refused: bool = False) -> Verdict | None:
    """What an offer is to an article; None where they have nothing to do with each other.

    `alone`: no other offer and no other article can be meant as well. `refused`: a person said of
    this very text that it is not the article.
    """
    if refused:
        return Verdict.REFUSED
    if agreement.identity:
        return Verdict.PROOF
    if agreement.text:
        return Verdict.CANDIDATE  # how it goes on is another article's, even of one account
    if not agreement.title:
        return None
    if agreement.identity is False:
        return Verdict.POINTER  # another article, whatever else they share
    if agreement.account and agreement.date:
        return Verdict.PROOF if alone else Verdict.CANDIDATE
    return Verdict.CANDIDATE if agreement.account or agreement.date else Verdict.POINTER


def _same(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _same_identity(known: Known, offer: Offer) -> bool | None:
    """By the identity that both state, else by what stands for it: the address, or `sn`."""
    stated = offer.identity
    if stated and known.biz:
        return stated.id == known.id
    if offer.key == known.id:
        return True
    if known.biz and offer.key.count(":") == 2:  # which is an identity, too
        return False
    # two versions of one article differ in it
    return True if offer.sn and offer.sn == known.sn else None


def _near(known: Known, offer: Offer) -> bool | None:
    day = day_of(offer.date)
    if known.day is None or day is None:
        return None
    return abs(known.day - day) <= DAYS
