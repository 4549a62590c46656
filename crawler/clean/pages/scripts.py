"""What the scripts of a page say of its article.

The page data of 2025 and later, or the variables before them.
"""

from __future__ import annotations

import re

from crawler.clean.pages.javascript import (
    PageData,
    chain_text,
    quote_string,
    read_chain,
    read_object,
)
from crawler.clean.pages.script_fields import NESTED, NESTED_FOR, VARIABLES, WANTED

Span = tuple[int, int]  # where a script's text begins and ends in its page

_MODERN = re.compile(rb"cgiDataNew\s*+=\s*+(?=\{)")
_OLDER = re.compile(rb"cgiData\s*+=\s*+(?=\{)")
_FORMS = frozenset(form for forms in VARIABLES.values() for form in forms)
_NAMES = "|".join(sorted({re.split(r"[ .]", form)[-1] for form in _FORMS}, key=len, reverse=True))
_ASSIGNMENT = re.compile(
    rf"(?:^|;)[ \t]*+((?:var |window\.(?:cgiData\.)?+|d\.|_g\.|)(?:{_NAMES}))\s*+=(?!=)\s*+",
    re.MULTILINE,
)
# The variables of an article stand in one block of 6,000 to 23,000 bytes, which names the article's
# own address, and in some short scripts of 50 to 2,200; the other scripts are programs.
_BLOCK = (b"msg_link", 50_000)
_SHORT = 3_000
_LONGEST = 1_000_000  # bytes of all of them; real pages have 60,000 at most
_PROGRAM = 1_000_000
_VERIFICATION = b"secitptpage/template/verify"  # what a verification page's script asks for


def page_data(page: bytes, scripts: list[Span]) -> PageData:
    """What the scripts of a page say of its article. Nothing of them is copied but what is read."""
    modern = _object(_MODERN, page, sorted(scripts, key=_is_program))
    if modern.fields:
        return _wanted(modern)
    block = b"\n".join(
        page[start:end] for start, end in scripts if _has_variables(page, start, end)
    )
    fields = {
        **_object(_OLDER, page, scripts).fields,
        **_variables(block[:_LONGEST].decode(errors="replace")),
    }
    if "page_mid" not in fields and any(
        page.find(_VERIFICATION, *script) >= 0 for script in scripts
    ):
        fields["page_mid"] = "'mmbizwap:secitptpage/verify.html'"
    return _wanted(PageData(fields=fields))


def _object(name: re.Pattern[bytes], page: bytes, scripts: list[Span]) -> PageData:
    """The first object that is assigned to the name and has anything in it."""
    for start, end in scripts:
        assigned = name.search(page, start, end)
        if assigned:
            data = read_object(page[assigned.end() : end].decode(errors="replace"), 0)
            if data.fields:
                return data
    return PageData()


def _is_program(script: Span) -> bool:
    """Whether a script is so long that data are looked for in it last.

    The longest data seen have 450,000 bytes.
    """
    return script[1] - script[0] > _PROGRAM


def _has_variables(page: bytes, start: int, end: int) -> bool:
    mark, longest = _BLOCK
    return end - start < _SHORT or (end - start < longest and page.find(mark, start, end) >= 0)


def _variables(text: str) -> dict[str, str]:
    """For each variable that is read, the first value assigned to it that says anything, as a literal."""
    said: dict[str, str] = {}
    for assigned in _ASSIGNMENT.finditer(text):
        form = assigned[1]
        if form in _FORMS and form not in said:
            value = chain_text(read_chain(text, assigned.end()))
            if value:
                said[form] = quote_string(value)
    best = {
        key: next((said[form] for form in forms if form in said), "")
        for key, forms in VARIABLES.items()
    }
    return {key: value for key, value in best.items() if value}


def _wanted(data: PageData) -> PageData:
    """Only what is read, and of objects and arrays only what a page of this kind needs."""
    kind = data.text("item_show_type")
    fields = {}
    for key in WANTED:
        if key not in data:
            continue
        if key not in NESTED:
            fields[key] = data.fields[key]
        elif kind in NESTED_FOR.get(key, (kind,)):
            fields[key] = _nested(data, key)
    return PageData(fields=fields)


def _nested(data: PageData, key: str) -> str:
    objects = [data.object(key)] if data.fields[key].startswith("{") else data.objects(key)
    written = [
        "{"
        + ", ".join(f"{name}: {each.fields[name]}" for name in NESTED[key] if name in each)
        + "}"
        for each in objects
    ]
    return written[0] if data.fields[key].startswith("{") else "[" + ", ".join(written) + "]"
