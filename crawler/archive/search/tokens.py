"""What the index holds of an article.

Pure, so that another process than the one that writes can make it beforehand.

A single character is found by the prefix of all pairs that it begins, and of the most frequent ones
those are hundreds of thousands (的 in 60,000 whole articles: a third of a second). So a text in
which such a character stands, but nowhere at the end of a run, where it is a token of its own, says
so in a mark after its last word. That is 4 % more index, where FTS5's own `prefix='1'` is 56 %.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from crawler.archive.search.ngrams import index_text, split_runs, write_bigrams
from crawler.characters import BLANK, JOINERS
from crawler.fields import SELECTORS
from crawler.folding import fold
from crawler.plain import plain_text

Arguments = tuple[str, str, str, str, int]
"""Those of `tokens_of`: body, title, account, source, ngram."""

Tokens = tuple[str, str, str, str]
"""The same four columns, each as tokens with spaces between."""

Ready = Mapping[Arguments, Tokens]
"""What `tokens_of` gave for its arguments, made beforehand."""

# Those that begin the most pairs in 1,639 real articles, and some of everyday texts. Which ones
# they are makes a difference to speed only; but another list needs another INDEX_VERSION.
FREQUENT = (
    "的在全和是一用了有为以个能行中不对于要件据业发过来大人动到与会这可新上者成理多们现时分国术并关方等作下务击其入将出本实及法户化洞"
    "年应程统网面后家数信息前力些更进络定如内提机开度性同合文加而地也高型点码最体通制或量部报自我工式种重意生系解取安技保问他你就都没"
)

# a letter to FTS5 and none to Python: no text gives such a token, and no search asks for one
_MARK = "\ue000"
_MARKS = {character: f" {_MARK}{character}" for character in FREQUENT}
_LETTER = re.compile(r"[^\W_]")


def tokens_of(body: str, title: str, account: str, source: str, ngram: int = 2) -> Tokens:
    """What the index holds of one article, whose body is Markdown. Never raises."""
    return (
        _column(as_read(plain_text(body)), ngram),
        _column(as_read(title), ngram),
        _name(as_read(account), ngram),
        _name(as_read(source), ngram),
    )


def as_read(text: str) -> str:
    """The text as FTS5 is to have it, for which a mark within a word would be the word's end."""
    return text if text.isascii() else _MARKS_WITHIN.sub("", text)


# that show nothing by themselves; what is a space, as one of Braille's is, ends a word
_BRAILLE = "\u2800"
_MARKS_WITHIN = re.compile(f"[{BLANK.replace(_BRAILLE, '')}{JOINERS}{SELECTORS}]")


def _column(text: str, ngram: int) -> str:
    if not text:
        return ""  # as of most articles of a collection the body
    if ngram != 2:
        return index_text(text, ngram=ngram)  # where every character is a token
    others, runs = split_runs(text)
    return write_bigrams(others, runs) + _marks(runs)


# an account has hundreds of articles, which come one after the other
_name = lru_cache(maxsize=256)(_column)


def _marks(runs: list[str]) -> str:
    characters = "".join(runs)
    ends = {run[-1] for run in runs}
    few = len(characters) < len(FREQUENT)  # as in a title
    candidates = sorted(set(characters).intersection(_MARKS)) if few else FREQUENT
    return "".join([_MARKS[one] for one in candidates if one not in ends and one in characters])


def frequent_match(words: str, ngram: int = 2) -> str:
    """The expression that finds a single one of the frequent characters; "" for all other words."""
    letters = _LETTER.findall(fold(words))
    if ngram != 2 or len(letters) != 1 or letters[0] not in _MARKS:
        return ""
    return f'("{letters[0]}" OR "{_MARK}{letters[0]}")'
