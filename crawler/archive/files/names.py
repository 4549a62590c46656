"""File names that are safe on every file system, and never the same for two articles.

A name is `source_title.md`, as a seed's is. What some file system refuses or some program misreads
is replaced: separators, the characters that Windows forbids or Obsidian cannot link, control, bidi
and invisible characters, a leading dot or hyphen, a trailing dot or space, and device names such as
CON and NUL.
A name that is too long, in bytes as file systems count, is cut between characters. A name that was
cut, or that some file system would take for that of another article, ends in a mark that follows
from the article's key.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crawler.article import sha256
from crawler.characters import BLANK, CONTROL, normalized
from crawler.credentials import without_secrets

SUFFIX = ".md"
ASIDE = ".part"  # what a file is called until it is whole
MAX_BYTES = 255 - len(ASIDE) - 1  # the name aside begins with a dot

# What Windows forbids, and `# ^ [ ]`, with which Obsidian and wikis spell their links.
_FORBIDDEN = re.compile(rf'[<>:"/\\|?*#^\[\]\t\n{CONTROL}]')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_UNSEEN = frozenset(BLANK) | {"\ufffe", "\uffff"}
_SPACES = re.compile(r"\s+")
# What Windows takes for a device, also with an extension behind it; the superscript digits too.
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9\xb9\xb2\xb3])(?:\.|\Z)",
    re.IGNORECASE,
)
_DAY = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\Z", re.ASCII)

# a title may end like a mark; then it gets one of its own
_MARKED = re.compile(r"~[0-9a-f]{10}\Z", re.IGNORECASE)

UNDATED = "undated"


def folder_of(date: str) -> str:
    """`YYYY/MM/DD` of a date, as seeds are laid out; `undated` where there is none."""
    match = _DAY.match(date)
    return "/".join(match.groups()) if match else UNDATED


def plain_name(source: str, title: str) -> str:
    """The stem of a seed's name, made safe, not yet cut to length."""
    whole = f"{source}_{title}" if source else title
    return safe_part(whole)


def safe_part(text: str) -> str:
    """The text as one part of a path, less what links in it carry of readers.

    Every file system takes it, and every program reads it the same.
    """
    text = _SPACES.sub(" ", without_secrets(text))
    text = "".join(character for character in text if not _is_invisible(character))
    text = normalized("NFC", text)
    text = _FORBIDDEN.sub("_", text)
    text = _SPACES.sub(" ", text).strip(" .")
    if text.startswith("-") or _DEVICE.match(text):
        text = f"_{text}"
    return text or "_"


@lru_cache(maxsize=1 << 16)
def _is_invisible(character: str) -> bool:
    return character in _UNSEEN or unicodedata.category(character) in _INVISIBLE


def mark_of(article_id: str) -> str:
    """Ten hexadecimal digits that follow from an article's key."""
    return sha256(article_id.encode())[:10]


def file_name(stem: str, article_id: str, *, shared: bool) -> str:
    """The name of an article's file.

    `shared`: another article has the same stem, so that both are marked.
    """
    if not shared and is_plain(stem):
        return stem + SUFFIX
    ending = f"~{mark_of(article_id)}{SUFFIX}"
    return cut(stem, MAX_BYTES - len(ending)).rstrip(" .") + ending


def is_plain(stem: str) -> bool:
    """Whether a stem may be a file's name as it is: short enough, and not like a marked one."""
    return len(stem.encode()) + len(SUFFIX) <= MAX_BYTES and not _MARKED.search(stem)


def cut(text: str, limit: int) -> str:
    """The longest beginning of a text that has at most `limit` bytes in UTF-8."""
    return text.encode()[:limit].decode("utf-8", "ignore")


def collision_key(name: str) -> str:
    """What two names have in common that some file system takes for one name."""
    return normalized("NFKC", normalized("NFKC", name).casefold())
