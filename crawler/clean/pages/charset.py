"""Which character set a page is in, decided as a browser decides it, and the page in UTF-8.

But for labels that are plainly wrong: a browser shows what no one can read, and its reader goes
away; an archive would keep that as the article. Scripts on Chinese Windows write pages in GBK that
say UTF-8, and mail programs call UTF-8 something else.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice

from crawler.characters import (
    LOST,
    charset_of_chinese,
    fits,
    from_utf16,
    is_whole,
)

_BOM = b"\xef\xbb\xbf"
_META = re.compile(
    rb"<meta[^>]{0,400}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_PRESCAN = 1024  # bytes, as the HTML standard has it
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]++")
_SAMPLE = 200  # runs of such bytes; of a page of 3 MB those of its title and its first words
_WIDE = re.compile("[\u0800-\uffff]++")
_OF_THREE_BYTES = re.compile(rb"[\xe0-\xef]")  # how each of these begins in UTF-8

# The labels that the Encoding standard reads otherwise than Python does.
_AS_BROWSERS_READ = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "cp936": "gb18030",
    "utf-16": "utf-16-le",
}


# What the Encoding standard knows, by Python's names. Python has others, some of which are no
# character sets (`hex`), or break on what is none of their own (`idna`).
_OF_BROWSERS = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-be", "utf-16-le", "gb18030", "big5", "big5hkscs"),
        *("euc_jp", "iso2022_jp", "shift_jis", "cp932", "euc_kr", "cp949"),
        *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp866", "cp874", "tis-620"),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)),
    }
)


def to_utf8(content: bytes, charset: str = "") -> bytes:
    """The page in UTF-8 and without a byte order mark; `charset` is what HTTP said, or empty.

    In this order: byte order mark or the zeros of UTF-16, HTTP, `<meta>` in the first 1,024 bytes,
    UTF-8 where it is valid, or but for a few letters, GB 18030 or Big5; and none of these where the
    bytes say otherwise. A page in UTF-8 is handed back as it is, faults and all; whoever decodes a
    part of it replaces them.
    """
    read = from_utf16(content)
    if read is not content or content.startswith(_BOM):
        return read.removeprefix(_BOM)
    return _recode(content, _name_of(content, charset))


def is_sound(content: bytes, charset: str = "") -> bool:
    """Whether every byte of a page is of a letter, in the encoding in which `to_utf8` reads it.

    A zero is none, as a disk leaves them.
    """
    if is_whole(content):
        return True
    has_mark = content.startswith(_BOM) or from_utf16(content) is not content
    return not has_mark and b"\0" not in content and fits(content, _name_of(content, charset))


def _name_of(content: bytes, charset: str) -> str:
    """The encoding of a page that is not in UTF-16 and has no mark."""
    name = _known(charset) or _declared(content)
    if not name and (fits(content, "utf-8") or _is_damaged_utf8(content)):
        return "utf-8"
    if not name or (name == "utf-8" and _is_hardly_utf8(content)):
        return charset_of_chinese(content)
    if name != "utf-8" and (_is_wide_utf8(content) or _is_damaged_utf8(content)):
        return "utf-8"
    return name


def _recode(content: bytes, name: str) -> bytes:
    if name == "utf-8":
        return content
    return content.decode(name, "replace").encode("utf-8", "replace")


def _declared(content: bytes) -> str:
    found = _META.search(content[:_PRESCAN])
    name = _known(found[1].decode("ascii")) if found else ""
    # a page that could be read so far is not in UTF-16
    return "utf-8" if name.startswith("utf-16") else name


def _known(label: str) -> str:
    """Python's name of the encoding that a browser takes for the label, or the empty string."""
    label = label.strip().strip("\"'")
    if len(label) > _LONGEST_LABEL:  # Python remembers each that it looked for in vain
        return ""
    try:
        codec = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    name = _AS_BROWSERS_READ.get(codec.name, codec.name)
    return name if name in _OF_BROWSERS else ""


_LONGEST_LABEL = 40


def _is_hardly_utf8(content: bytes) -> bool:
    """Whether most of what a page says first is no UTF-8, as hardly a pair of bytes of GBK is."""
    runs = [found[0] for found in islice(_BEYOND_ASCII.finditer(content), _SAMPLE)]
    return sum(len(run) for run in runs if not fits(run, "utf-8")) * 2 > sum(map(len, runs))


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether it is UTF-8 with letters of three bytes but for few, as where a disk hurt a byte."""
    runs = (found[0] for found in islice(_BEYOND_ASCII.finditer(content), _SAMPLE))
    text = b"".join(runs).decode("utf-8", "replace")
    lost = text.count(LOST)
    # counted without a list of them: a run may be all of a page
    letters = sum(len(run[0]) for run in _WIDE.finditer(text))
    return letters - lost > _LETTERS_A_LOSS * lost


_LETTERS_A_LOSS = 5  # of any other encoding more letters are lost than not


def _is_wide_utf8(content: bytes) -> bool:
    """Whether a page is whole UTF-8 with letters of three bytes, as no other character set is."""
    return _OF_THREE_BYTES.search(content) is not None and fits(content, "utf-8")
