"""Chinese as SQLite's FTS5 can find it.

Text written as overlapping n-grams, and phrases written to match them.

FTS5's own tokenizer takes a whole run of Chinese for one word and finds nothing inside it; its
trigram tokenizer silently finds nothing for words of two characters. So the index holds, for every
CJK character, that character with the next one (`电信诈骗` becomes `电信 信诈 诈骗 骗`), and a
query becomes the phrase of its own bigrams. Every character begins exactly one token, which is
what makes a single character (`诈*`) and a word that touches Latin letters (`SQL注入`, `诈骗APP`)
exact too.

With `ngram` above 2 every n-gram up to that length is a token of its own, so that words up to that
length are found without any rewriting, by tools that know nothing of this module. That index is
some seven times larger.
"""

from __future__ import annotations

import re
from array import array
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from crawler.folding import WIDE_LETTERS, fold, fold_script, fold_width

if TYPE_CHECKING:
    from collections.abc import Iterator

# Scripts that are written without spaces between words, as far as FTS5's unicode61 takes them for
# letters.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_RARER = (
    "\u3005-\u3007"  # 々〆〇
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d"  # kana
    "\u3105-\u312f\u31a0-\u31bf"  # bopomofo
    "\uf900-\ufaff\U00020000-\U000323af"  # Han for compatibility, and on other planes
    "\uac00-\ud7a3"  # Hangul: spaced, but searched by the part of a word
)
CJK = _HAN + _RARER
_OTHER_RUN = re.compile(f"([^{CJK}]++)")
_LAST_RUN = re.compile(f"(?<![{CJK}])([{CJK}]++)[\\W_]*\\Z")
_UNIT = re.compile(f"[{CJK}]|[^\\W_{CJK}]+")
_WORDS = re.compile(r"[^\W_]|[\u2e80-\u2fd5]")  # which a radical is, when it is folded
_RUN = re.compile(r"[^\W_]++")
_WITHIN = re.compile(f"[^\\W_{CJK}]{{2}}")
_HAS_CJK = re.compile(f"[{CJK}]")
# accents that follow their letters, which FTS5 takes off a word, and Python for its end
_ACCENT = re.compile(
    "[\u0300-\u0304\u0306-\u030c\u030f\u0311\u031b\u0323-\u0328\u032d\u032e\u0330\u0331]++"
)
_ACCENTED = re.compile(f"(?<=[^\\W_]){_ACCENT.pattern}")

_WIDEST = "utf-32-le"  # every character in four bytes
_SPACE = array("I", " ".encode(_WIDEST))

_HAN_RUN = re.compile(f"([{_HAN}]++)")
_UNUSUAL = re.compile(f"[{_RARER}{WIDE_LETTERS}]")


class Phrase(NamedTuple):
    """What FTS5 must find side by side: tokens in order, and whether the last one may go on."""

    tokens: str
    prefix: bool


def has_words(text: str) -> bool:
    """Whether there is any letter, digit or character to search for."""
    return _WORDS.search(text) is not None


def is_within_word(text: str, place: int) -> bool:
    """Whether a word of the index goes on at some place of a text: no character of CJK does so."""
    return 0 < place < len(text) and _WITHIN.fullmatch(text, place - 1, place + 1) is not None


def index_text(text: str, *, ngram: int = 2) -> str:
    """What goes into the index for some text, so that `phrase` of any part of it is found."""
    if ngram == 2:
        return write_bigrams(*split_runs(text))
    text = _without_accents(fold(text))
    return _RUN.sub(lambda run: _run_as_tokens(run[0], ngram), text)


def _run_as_tokens(run: str, ngram: int) -> str:
    """A run of letters with its tokens apart; one without CJK is a token as it stands."""
    return f" {' '.join(_run_tokens(run, ngram))} " if _HAS_CJK.search(run) else run


def _without_accents(text: str) -> str:
    """The text less accents that follow their letters, by which a run of these would end."""
    return _ACCENTED.sub("", text) if _ACCENT.search(text) else text


def phrase(text: str, *, ngram: int = 2, prefix: bool = False) -> Phrase:
    """The tokens that stand side by side wherever the text does."""
    text = fold(text)
    return _bigram_phrase(text, prefix) if ngram == 2 else _ngram_phrase(text, ngram, prefix)


def split_runs(text: str) -> tuple[list[str], list[str]]:
    """What stands around the runs of CJK characters (one part more than runs), and the runs.

    Full-width letters and digits come as plain ones, traditional characters as simplified ones.
    """
    text = fold_script(text)
    parts = _HAN_RUN.split(f" {text} ")
    others, runs = parts[0::2], parts[1::2]
    # in 1,497 of 1,500 real articles, which take two thirds of the time so
    if not _UNUSUAL.search("".join(others)):
        return others, runs
    parts = _OTHER_RUN.split(f" {fold_width(text)} ")
    return parts[1::2], parts[2:-1:2]


def write_bigrams(others: list[str], runs: list[str]) -> str:
    """Each character of a run with the next one, and what stands around the runs as it is.

    Two columns, the runs and the same without their first characters, are laid beside a column of
    spaces and read across. A loop over the characters takes twice as long.
    """
    if not runs:
        return others[0]
    firsts = "\n" + "\n".join(runs)
    seconds = " " + "  ".join([run[1:] for run in runs]) + " "
    table = _SPACE * (3 * len(firsts))
    table[0::3] = array("I", firsts.encode(_WIDEST))
    table[1::3] = array("I", seconds.encode(_WIDEST))
    written = table.tobytes().decode(_WIDEST).split("\n")
    return "".join(chain.from_iterable(zip(others, written[1:], strict=False))) + others[-1]


def _bigram_phrase(text: str, prefix: bool) -> Phrase:  # noqa: FBT001 -- the only caller is above
    tokens = " ".join(write_bigrams(*split_runs(text)).split())
    last = _LAST_RUN.search(text)
    if not last:
        return Phrase(tokens, prefix)
    if len(last[1]) == 1:
        return Phrase(tokens, prefix=True)  # some token begins with it, wherever it stands
    return Phrase(tokens[: tokens.rindex(last[1][-2:]) + 2], prefix=False)


# the only caller is above
def _ngram_phrase(text: str, ngram: int, prefix: bool) -> Phrase:  # noqa: FBT001
    text = _without_accents(text)
    runs = re.findall(r"[^\W_]+", text)
    if len(runs) < 2:
        units = _UNIT.findall(text)
        size = min(ngram, len(units))
        return Phrase(" ".join(_grams(units, size)), prefix)
    first, *middle, last = runs
    tokens = [
        *_UNIT.findall(first),
        *(token for run in middle for token in _run_tokens(run, ngram)),
    ]
    return Phrase(" ".join([*tokens, *_UNIT.findall(last)]), prefix)


def _run_tokens(run: str, ngram: int) -> Iterator[str]:
    """Every n-gram of a run without a gap, shortest first, and at its end the single units again.

    So the longest n-grams stand side by side, and so do the units of this run and of its
    neighbours.
    """
    units = _UNIT.findall(run)
    for size in range(1, min(ngram, len(units)) + 1):
        yield from _grams(units, size)
    if len(units) > 1:
        yield from units


def _grams(units: list[str], size: int) -> Iterator[str]:
    return map("".join, zip(*(units[offset:] for offset in range(size)), strict=False))
