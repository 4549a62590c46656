"""What the name of a document's file says: its title, and the day that it begins with."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from crawler.clean.exports.moments import Moment, read_moment
from crawler.folding import title_key

_FILE_TITLE = re.compile(r"\A(?:simpread-)?(?P<title>.*?)(?:\.md|\.markdown|\.txt)?\Z", re.DOTALL)
_FILE_DATE = re.compile(r"\[?(?:(?P<day>\d{4}-\d\d-\d\d)(?:\d{6})?|(?P<digits>\d{12}|\d{8}))(?!\d)")
_TITLES_BEGIN = 12  # characters; a file's name may not have the rest


def title_of_file(name: str) -> str:
    """The title that a file's name is."""
    found = _FILE_TITLE.match(PurePosixPath(name.replace("\\", "/")).name)
    return found["title"] if found else ""


def moment_of_file(name: str, title: str) -> Moment:
    """The day that begins a file's name: YYYYMMDD, YYYY-MM-DD_, [YYYYMMDDhhmm], …-DDhhmmss].

    A title behind it may begin with digits of its own, which are neither its hour nor its end.
    """
    file = PurePosixPath(name.replace("\\", "/")).name
    letters, begin = title_key(file), title_key(title[:_TITLES_BEGIN])
    for end in (12, 8):
        digits = letters[:end]
        if begin and letters.startswith(begin, end) and digits.isascii() and digits.isdigit():
            return read_moment(digits)
    found = _FILE_DATE.match(file)
    return read_moment(found["day"] or found["digits"]) if found else Moment()
