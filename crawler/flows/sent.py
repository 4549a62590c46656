"""What a reader's browser sends of a page, taken apart: JSON that says what it may, and no more."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_PICTURES = 1000
_SUBJECT = "what was sent"
# a few texts, each as long as it is: of lists in the room of a page each takes thirty times its own
_FEW_TEXTS = re.compile(r'(?:[^"]{0,512}+"(?:[^"\\]++|\\.)*+"){0,4096}+[^"]{0,512}+', re.DOTALL)
_ADVICE = "use the bookmarklet or the extension of this version"
_KINDS: Mapping[str, tuple[type, ...]] = {
    "url": (str,),
    "html": (str,),
    "whole": (bool,),
    "status": (int, type(None)),
    "pictures": (dict,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A page as a browser shows it, with its address.

    `whole` is whether it had come to its end, `status` that of the answer where the browser knows
    it, `pictures` what it had loaded, by the links in the page.
    """

    url: str
    html: bytes
    whole: bool
    status: int | None
    pictures: Mapping[str, bytes]


def read_sent(body: bytes) -> Sent:
    """Read what was sent. Raises InputError where it is anything but that."""
    try:
        text = body.decode()
        said = json.loads(text) if _FEW_TEXTS.fullmatch(text) else None
    except (ValueError, RecursionError):
        raise InputError(_SUBJECT, "it is no JSON", _ADVICE) from None
    if not isinstance(said, dict) or not {"url", "html", "whole"} <= said.keys() <= _KINDS.keys():
        raise InputError(_SUBJECT, "it has not the fields of a page", _ADVICE)
    wrong = [name for name, value in said.items() if type(value) not in _KINDS[name]]
    if wrong:
        raise InputError(_SUBJECT, f"it has a field {wrong[0]} of another kind", _ADVICE)
    html = _encoded(said["html"])
    return Sent(
        url=_encoded(said["url"]).decode().strip(),
        html=html,
        whole=said["whole"] and b"</html" in html.lower(),
        status=_status(said.get("status")),
        pictures=_pictures(said.get("pictures", {})),
    )


def _status(said: int | None) -> int | None:
    """The status of an answer; None where no server gives such a one."""
    return said if said and 100 <= said <= 599 else None


def _pictures(said: Mapping[str, Any]) -> dict[str, bytes]:
    """The pictures; what is none is left out, as it would be missing without having been sent."""
    if len(said) > MAX_PICTURES:
        raise InputError(_SUBJECT, f"it has more than {MAX_PICTURES:,} pictures", _ADVICE)
    return {link: content for link, text in said.items() if (content := _decoded(text))}


def _decoded(text: object) -> bytes:
    try:
        return b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        return b""


def _encoded(text: str) -> bytes:
    """Text as UTF-8; halves of characters, which JSON may spell, are question marks."""
    return text.encode("utf-8", "replace")
