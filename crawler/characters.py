r"""Characters that show nothing, or steer what shows others, by name.

The classes are written to stand between the brackets of a regular expression. Every door uses the
same ones: pages, seeds, exports, the terminal and the site.

Private-use characters are among them. In 3,000 real seeds all that stand in bodies are glyphs of a
page's icon font; and search marks its hits with two, which a body that held them would forge.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from contextlib import suppress
from html import unescape
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
"""C0 and C1, but the tab and the line feed."""

BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""What turns the direction of a line, so that it reads otherwise than it is stored."""

ZERO_WIDTH = (
    "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
"""Soft hyphen, zero-width space, byte order mark, music's signs and their like; no joiners."""

OTHER_ENDS = "\x0b\x0c\r\x85\u2028\u2029"
"""Ends of lines that Markdown does not know, Unicode's own among them: browsers show a space."""

NONCHARACTERS = "\ufdd0-\ufdef\ufffe\uffff"
"""What Unicode keeps for the inside of programs; the Markdown writer marks runs with them."""

PRIVATE_USE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
"""Glyphs that only one font knows."""

TAGS = "\U000e0000-\U000e007f"
"""They spell flags of countries behind a black flag; elsewhere they hide words from people."""

HIT = ("\ue000", "\ue001")
"""What stands around a hit until the text around it is escaped: `visible` leaves a text none."""

BYTE_ORDER_MARK = "\ufeff"
"""What editors put before a file's first character."""

JOINERS = "\u200c\u200d"
"""Part of emoji and of Arabic and Indian words; elsewhere editors leave them behind."""

SURROGATES = "\ud800-\udfff"
"""Halves of characters, which no encoding takes."""

_NOWHERE = CONTROL + BIDI + ZERO_WIDTH + OTHER_ENDS + NONCHARACTERS + PRIVATE_USE
INVISIBLE = _NOWHERE + TAGS
"""What no text may hold, but tags in a flag and U+180E in Mongolian. The joiners are apart."""
BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and signs that are empty; a text may hold them, a file's name may not."""

_INVISIBLE = re.compile(rf"[{_NOWHERE}](?<![\u1820-\u18aa]\u180e(?=[\u1820-\u18aa]))")
# beside a mark of Markdown one might make another mark of it
_PARTS = re.compile(rf"(?<=[^\s*_~`\[(#>+|\\-])[{OTHER_ENDS}]++(?=[^\s*_~`\])|])")
_JOINS = "\u0600-\u0dff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_LOOSE_JOINER = re.compile(f"(?<![{_JOINS}])[{JOINERS}]")
_TAGS = re.compile(f"(\U0001f3f4[\U000e0030-\U000e007a]{{3,6}}\U000e007f)|[{TAGS}]")
_SURROGATE = re.compile(f"[{SURROGATES}]")
_STEERING = re.compile(f"[{INVISIBLE}]")


def visible(text: str) -> str:
    """Take out what shows nothing; tabs, line feeds and all kinds of space stay.

    Another end of a line becomes a space where nothing else parts the words around it.
    """
    # most texts pass this, at the speed of C
    if text.replace("\n", "").isprintable():
        return text
    text = _PARTS.sub(" ", text)
    text = _INVISIBLE.sub("", text)
    text = _LOOSE_JOINER.sub("", text)
    return _TAGS.sub(r"\1", text)


def normalized(form: Literal["NFC", "NFD", "NFKC"], text: str) -> str:
    """As `unicodedata.normalize`, but for marks that stand on one letter by the hundred.

    Before Python 3.14 that takes the square of their number: a text of nothing else takes hours.
    """
    if len(text) <= _AT_ONCE:
        return unicodedata.normalize(form, text)
    pieces, start = [], 0
    while start < len(text):
        end = _end_of_piece(text, start + _AT_ONCE)
        pieces.append(unicodedata.normalize(form, text[start:end]))
        start = end
    return "".join(pieces)


def _end_of_piece(text: str, end: int) -> int:
    """Where a piece that is to end there may end: before a letter, if one is near."""
    near = range(min(end, len(text)), end - _MARKS_OF_ONE, -1)
    letters = (place for place in near if place == len(text) or _begins(text[place]))
    return next(letters, end)


def _begins(sign: str) -> bool:
    """Whether a sign is joined with none before it: a mark is, and so is a vowel of Hangul.

    Or what begins with one, as those of half the width do.
    """
    first = unicodedata.normalize("NFKD", sign)[0]
    is_joined = unicodedata.category(first).startswith("M") or first == _VOWEL_OF_KIRAT_RAI
    return not is_joined and not "\u1160" <= first <= "\u11ff"


_VOWEL_OF_KIRAT_RAI = "\U00016d67"  # it is a letter by its class
_AT_ONCE = 1_000
_MARKS_OF_ONE = 30  # what Unicode's Stream-Safe Text Format allows


def has_halves(text: str) -> bool:
    """Whether a text holds half a character: JSON can write one, and nothing can store it."""
    return _SURROGATE.search(text) is not None


def without_halves(text: str) -> str:
    """The text with U+FFFD in place of each half of a character."""
    return _SURROGATE.sub("\ufffd", text)


def on_one_line(text: str) -> str:
    """Fold all white space to single spaces and take out what shows nothing.

    Halves of characters become U+FFFD. So every title, name and front-matter value is written.
    """
    folded = " ".join(text.split())
    if folded.isprintable():
        return folded
    # again, for what goes may have stood between two spaces
    return " ".join(visible(without_halves(folded)).split())


def unescaped(html: str) -> str:
    """HTML with its characters by name and number undone; Python breaks on numbers without end."""
    return unescape(_ENDLESS.sub(LOST, html))


_ENDLESS = re.compile("&#[0-9]{4000,}+;?")


def escaped_in_json(written: str) -> str:
    """JSON that says the same, with escapes for what shows nothing: no terminal obeys it.

    Halves of characters, which no encoding takes, become U+FFFD.
    """
    if written.isprintable():
        return written
    return _STEERING.sub(lambda sign: _units(sign[0]), without_halves(written))


def from_utf16(content: bytes) -> bytes:
    """UTF-8, and no mark, of bytes in UTF-16; other bytes as they are.

    Known by the mark of order, or where editors left none by the first two letters, if they are of
    ASCII: no text in another encoding holds the zeros between them. A few letters may be damaged.
    """
    charset = _utf16_of(content)
    if not charset:
        return content
    text, letters, lost = _recoded(content, charset)
    if charset == "utf-16":
        return text
    lost -= content.count(LOST.encode(charset)) if lost else 0
    return content if lost > 0 and not _are_few(lost, letters) else text


def _utf16_of(content: bytes) -> str:
    """The form of UTF-16 in which bytes begin; "" for none."""
    if content.startswith(_MARKS_OF_ORDER):
        return "utf-16"
    start = _BARE_UTF_16.match(content)
    return f"utf-16-{start.lastgroup}" if start else ""


def decoded(content: bytes) -> str | None:
    """Bytes as text with line feeds alone, in whichever encoding an editor saved them.

    None where they are in none of ours.
    """
    text = next(_fitting(from_utf16(content)), None)
    return None if text is None else text.replace("\r\n", "\n").replace("\r", "\n")


def texts_of(content: bytes) -> Iterator[str]:
    """What bytes say in each encoding that they fit.

    Last as UTF-8 of which a few bytes are damaged, as in a file cut within a letter: each U+FFFD.
    """
    content = from_utf16(content)
    yield from _fitting(content)
    if b"\0" not in content and (text := _damaged(content)):
        yield text.decode()


def _fitting(content: bytes) -> Iterator[str]:
    for charset in charsets_of(content):
        with suppress(UnicodeDecodeError):
            yield content.decode(charset)


def is_damaged(text: str, content: bytes) -> bool:
    """Whether letters of a text were lost, as it was read of these bytes, or a disk left zeros.

    A text in any encoding may hold the sign of a lost letter as its own.
    """
    return _has_zeros(content) or (LOST in text and not _is_text(content))


def is_whole(content: bytes) -> bool:
    """Whether bytes are text in an encoding of ours of which no letter is lost, and no zeros."""
    return not _has_zeros(content) and _is_text(content)


def _has_zeros(content: bytes) -> bool:
    return b"\0" in content and b"\0" in from_utf16(content)


def _is_text(content: bytes) -> bool:
    text = from_utf16(content)
    if text is not content:
        return fits(content, _utf16_of(content))
    return bool(charset_that_fits(content))


def mended(content: bytes) -> bytes:
    """Bytes of UTF-8 of which a few are damaged with U+FFFD for each; any others as they are.

    A run of zeros is one of them: a disk leaves such where it was to write when its power went. XML
    with zeros in an encoding that it names comes as UTF-8, too.
    """
    if content.startswith(_PACKED) or from_utf16(content) is not content:
        return content
    text = _ZEROS.sub(NO_LETTER, content)
    if charset_that_fits(text):
        return content
    declared, damaged = declared_in(text), _damaged(text)
    is_other = declared and fits(text, declared)
    if not is_other or _is_wide(damaged.decode(), _LETTERS_A_LOSS):
        return damaged or content
    if b"\0" not in content:
        return content
    return _ZEROS.sub(LOST.encode(), content.decode(declared, "replace").encode())


_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"SQLite format 3")
_ZEROS = re.compile(rb"\0++")
NO_LETTER = b"\xff"  # in any encoding of ours


def declared_in(content: bytes) -> str:
    """Python's name of the encoding, if it is none of ours, that XML says it is in; else ""."""
    name = named_in(content)
    return name if name in _OF_OTHERS else ""


def named_in(content: bytes) -> str:
    """Python's name of what XML says it is in, be it an encoding or not; "" where it has none."""
    found = _DECLARED.match(content)
    try:
        return codecs.lookup(found[1].decode()).name if found else ""
    except LookupError:
        return ""


_DECLARED = re.compile(
    rb"""\s{0,99}<\?xml\b[^<>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})[\"']""",
    re.IGNORECASE | re.ASCII,
)
_OF_OTHERS = frozenset(
    {
        *("ascii", "gb2312", "cp950", "hz", "euc_jp", "iso2022_jp", "shift_jis", "cp932"),
        *("euc_kr", "cp949", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp866", "cp874"),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in range(1, 17)),
        "tis-620",
    }
)
"""Python has others, some of which are no character sets, or take the square of a text."""


def fits(content: bytes, charset: str) -> bool:
    """Whether bytes are text in a charset."""
    with suppress(UnicodeError):  # in pieces that of Japanese mail breaks with the wider one
        return all(True for _ in _pieces(content, charset))
    return False


def _pieces(content: bytes, charset: str, errors: str = "strict") -> Iterator[str]:
    """Bytes as text in pieces, for of the whole each letter may have four bytes."""
    decoder = codecs.getincrementaldecoder(charset)(errors)
    for start in range(0, len(content), _PIECE):
        yield decoder.decode(content[start : start + _PIECE], start + _PIECE >= len(content))


def _damaged(content: bytes) -> bytes:
    """Bytes in UTF-8, with U+FFFD for each of the few that are none; b"" where none or many are."""
    whole, letters, lost = _recoded(content, "utf-8-sig")
    lost -= content.count(LOST.encode())
    return whole if lost > 0 and _are_few(lost, letters) else b""


def _recoded(content: bytes, charset: str) -> tuple[bytes, int, int]:
    """Bytes of a charset in UTF-8, how many letters they are, and how many of these are U+FFFD."""
    whole, letters, lost = BytesIO(), 0, 0
    for text in _pieces(content, charset, "replace"):
        whole.write(text.encode())
        letters += len(text)
        lost += text.count(LOST)
    return whole.getvalue(), letters, lost


def _is_wide(text: str, a_loss: int) -> bool:
    """Whether a text has letters of three bytes in UTF-8, more than so many for each that it lost.

    A text in Latin has none, though as UTF-8 it lost only a few.
    """
    return any(islice(_OF_THREE_BYTES.finditer(text), a_loss * text.count(LOST), None))


_OF_THREE_BYTES = re.compile("[\u0800-\ufffc]")


def _are_few(lost: int, letters: int) -> bool:
    return lost <= max(_FEW, letters // _A_FEW_IN) and letters > _LETTERS_A_LOSS * lost


LOST = "\ufffd"
"""What stands in place of a letter that cannot be read."""
DAMAGED = "some letters of its file are damaged"
_PIECE = 1 << 20
_FEW, _A_FEW_IN, _LETTERS_A_LOSS = 12, 1_000, 20  # a damaged letter of Han counts thrice


def charset_that_fits(content: bytes) -> str:
    """That of `charsets_of` which bytes are text in; "" where they are in neither."""
    return next((one for one in charsets_of(content) if fits(content, one)), "")


def charsets_of(content: bytes) -> Iterator[str]:
    """What text of eight bits may be in, in the order in which it is tried."""
    yield "utf-8-sig"
    yield charset_of_chinese(content)


def charset_of_chinese(content: bytes) -> str:
    """Of two character sets of Chinese the one that bytes are in.

    GB 18030 takes the bytes of Big5, too, for other characters. But of Big5 two in five end in a
    byte of ASCII, and nearly none begins below A1. Of GBK hardly any ends so, or, where its text is
    traditional, as many begin so as end so. A few letters may be damaged.
    """
    pairs = [found[0] for found in islice(_PAIR.finditer(content), _SAMPLE)]
    low = sum(pair[1] < 0x80 for pair in pairs)
    rare = sum(pair[0] < 0xA1 for pair in pairs)
    if len(pairs) < _FEWEST or low * 5 <= len(pairs) or rare * 20 > len(pairs):
        return "gb18030"
    text = content.decode("big5hkscs", "replace")
    return "big5hkscs" if _is_wide(text, _PAIRS_A_LOSS) else "gb18030"


_PAIR = re.compile(rb"[\x81-\xfe][@-~\x80-\xfe]")
_SAMPLE = 500  # pairs
_FEWEST = 20  # of fewer it cannot be told
_PAIRS_A_LOSS = 100  # of traditional GBK that looks so one in ten is none of Big5
_MARKS_OF_ORDER = (b"\xff\xfe", b"\xfe\xff")
_BARE_UTF_16 = re.compile(rb"(?P<le>(?:[\t\n\r -~]\0){2})|(?P<be>(?:\0[\t\n\r -~]){2})")


def narrow_json(content: bytes) -> str:
    """UTF-8 of JSON as text, its characters beyond 16 bits as the escapes that JSON has for them.

    One emoji makes four bytes of every character of a text. Parsing puts them together again.
    Raises ValueError where it is no UTF-8.
    """
    return _WIDE.sub(lambda wide: _units(wide[0].decode()).encode(), content).decode("utf-8-sig")


_WIDE = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")


def _units(sign: str) -> str:
    """A character as JSON escapes it: one unit of 16 bits, or two."""
    units = sign.encode("utf-16-be").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
