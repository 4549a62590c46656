"""Formulas: the TeX that a page holds beside the drawing that it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.clean.body.tree import Attributes

DRAWN = "[公式]"
"""What stands for a formula of which a page holds only the drawing."""

_ATTRIBUTES = ("data-formula", "data-math-raw", "data-latex", "data-tex")
_DELIMITERS = re.compile(r"(\${1,2}|\\\(|\\\[)(.*?)(\${1,2}|\\\)|\\\])\Z", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*(?:\n|\Z)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_HAN = re.compile("[\u3400-\u9fff]")
_HAN_OF_TEX = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_WORDS_OR_HAN = re.compile(
    r"(?P<words>\\(?:text|mbox|mathrm|textbf|textit|tag)\s?\{[^{}]*\})"
    rf"|(?P<index>[_^]?)(?P<han>{_HAN_OF_TEX.pattern}++)"
)
_DRAWS_TEX = re.compile(r"equation\?tex=|latex\.codecogs\.com|[?&]tex=")
_NAMES_TEX = re.compile(
    r"(?:^|[\s_-])(?:math|formula|equation|latex|tex)(?:[\s_-]|\Z)", re.IGNORECASE
)
_LONGEST_ALT = 2_000  # characters
_WORDS = frozenset({"-text", "mi", "mn", "mo", "ms", "mtext"})
_MAX_DEPTH = 40  # of MathML
_TEX = {
    "mfrac": r"\frac{%s}{%s}",
    "msup": "%s^{%s}",
    "msub": "%s_{%s}",
    "msubsup": "%s_{%s}^{%s}",
    "msqrt": r"\sqrt{%s}",
    "mroot": r"\sqrt[%s]{%s}",
    "munder": "%s_{%s}",
    "mover": "%s^{%s}",
    "munderover": "%s_{%s}^{%s}",
}
_ROWS = frozenset({"mtr", "mlabeledtr"})
_BETWEEN_CELLS, _BETWEEN_ROWS = " & ", r" \\ "


def tex_of(attributes: Attributes) -> str:
    """The TeX that an element's attributes hold, on one line, or the empty string."""
    for name in _ATTRIBUTES:
        given = (attributes.get(name) or "").strip()
        if given:
            return _on_one_line(given)
    return ""


def tex_of_picture(attributes: Attributes) -> str:
    """The TeX of a picture of a formula, which says it in its `alt`; empty for other pictures."""
    tex = tex_of(attributes)
    alt = (attributes.get("alt") or "").strip()
    if tex or not alt or _HAN.search(alt[:_LONGEST_ALT]) or len(alt) > _LONGEST_ALT:
        return tex
    address = attributes.get("data-src") or attributes.get("src") or ""
    drawn = (
        "eeimg" in attributes
        or "data-eeimg" in attributes
        or _DRAWS_TEX.search(address[:_LONGEST_ALT])
    )
    named = _NAMES_TEX.search(attributes.get("class") or "")
    return _on_one_line(alt) if drawn or named else ""


def tex_of_mathml(node: LexborNode) -> str:
    """The TeX of a <math>: what its annotation says, or what its elements come to."""
    for annotation in node.css("annotation"):
        is_tex = "tex" in (annotation.attributes.get("encoding") or "").lower()
        if is_tex and (tex := _on_one_line(annotation.text().strip())):
            return tex
    return _as_readers_know(" ".join(_written(node, 0).split()))


def _on_one_line(tex: str) -> str:
    """TeX without the delimiters around it; a comment would take what follows it on one line."""
    match = _DELIMITERS.match(tex)
    inner = match[2] if match else tex
    return _as_readers_know(" ".join(_COMMENT.sub(" ", inner).split()))


def _as_readers_know(tex: str) -> str:
    """TeX in which no `a<b>c` is an element of HTML: a space means nothing to it.

    And that `crawler.formulas` tells from words: Chinese is text in it, and no index stands first.
    """
    tex = _TAG.sub("< ", tex)
    if _HAN_OF_TEX.search(tex):
        tex = _WORDS_OR_HAN.sub(_as_text, tex)
    return "{}" * tex.startswith("_") + tex


def _as_text(found: re.Match[str]) -> str:
    if found["words"]:
        return found[0]
    text = rf"\text{{{found['han']}}}"
    return f"{found['index']}{{{text}}}" if found["index"] else text


def _written(node: LexborNode, depth: int) -> str:
    children = [child for child in node.iter(include_text=True) if _says_something(child)]
    if node.tag in _WORDS or not children or depth > _MAX_DEPTH:
        return node.text().strip()
    parts = [_written(child, depth + 1) for child in children]
    form = _TEX.get(node.tag or "", "")
    if node.tag == "msqrt":
        parts = ["".join(parts)]
    if node.tag == "mroot":
        parts.reverse()
    if node.tag == "mtable":
        return rf"\begin{{matrix}} {_BETWEEN_ROWS.join(parts)} \end{{matrix}}"
    if node.tag in _ROWS:
        return _BETWEEN_CELLS.join(parts)
    if node.tag == "mfenced":
        return _fenced(node, parts)
    return form % tuple(parts) if form and form.count("%s") == len(parts) else "".join(parts)


def _fenced(node: LexborNode, parts: list[str]) -> str:
    """What stands in brackets, by the element that writes them itself."""
    said = node.attributes
    opens, closes = said.get("open", "("), said.get("close", ")")
    between = "".join((said.get("separators", ",") or "").split())[:1]
    return f"{opens or ''}{between.join(parts)}{closes or ''}"


def _says_something(part: LexborNode) -> bool:
    if part.tag == "-text":
        return not (part.text_content or "").isspace()
    return part.tag not in ("annotation", "annotation-xml", "-comment")
