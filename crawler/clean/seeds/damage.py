"""DAMAGE: what the older tool left in a body that shows nothing, as rows.

Each row is a pattern, what stands in its place afterwards, and examples: `matches` are pairs of
before and after, `spares` stay as they are. One test runs every row's proof.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.clean.seeds.spans import Found, replaced_outside_code

if TYPE_CHECKING:
    from collections import Counter

PICTURE = r"!\[[^\]\n]{0,200}\]\([^)\n]{0,2000}\)"
_SCRIPTED = r"\([ ]*(?:javascript|vbscript|data|file):(?:[^()\n]|\([^()\n]{0,200}\)){0,2000}\)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One sort of damage; `id` is the key in table `removed`."""

    id: str
    pattern: re.Pattern[str]
    by: str = ""  # or `\\1`: its words stay
    matches: tuple[tuple[str, str], ...]
    spares: tuple[str, ...]
    evidence: str

    def apply(self, text: str, counts: Counter[str]) -> str:
        """The text with the damage mended, but for what is code; adds how often to `counts`."""

        def write(found: Found) -> str:
            counts[self.id] += 1
            return self.by and found[1]

        return replaced_outside_code(self.pattern, write, text)


EMPTY_PICTURE = Damage(
    id="line:empty-picture",
    pattern=re.compile(r"(?<!\\)!\[(?:\\[^\n]|[^\[\]\\\n]){0,200}\]\([ ]*\)"),
    matches=(("上![]()下", "上下"), ("![图]( )", ""), ("![潮 ![]()汐", "![潮 汐")),
    spares=(
        "![图](https://mmbiz.qpic.cn/a/0)",
        "[图]()",
        "\\![图]()",
        "![图\\]()",
        "![图 [甲]()",
        "`![图]()`",
        "> ```\n> ![图]()\n> ```",
    ),
    evidence="the tool did not know data-src, so that lazy pictures came without an address",
)
EMPTY_LINK = Damage(
    id="line:empty-link",
    pattern=re.compile(r"(?<![!\\])\[[ ]*\]\([^()\s]{0,2000}\)"),
    matches=(("见[](https://a.example/)。", "见。"), ("[ ]()", "")),
    spares=(
        "[见](https://a.example/)",
        "![](https://a.example/p.png)",
        "[\\[](https://a.example/)",  # whose word is a bracket
        "`[](https://a.example/)`",
    ),
    evidence="anchors of editors, which hold no word",
)
SCRIPT_LINK = Damage(
    id="line:script-link",
    pattern=re.compile(
        rf"(?<![!\\])\[((?:{PICTURE}|\\[^\n]|[^\[\]\\\n]){{0,500}})\]{_SCRIPTED}", re.IGNORECASE
    ),
    by=r"\1",
    matches=(
        ("[关注](javascript:void(0);)", "关注"),
        ("[![](https://a.example/p)](JavaScript:;)", "![](https://a.example/p)"),
    ),
    spares=(
        "[javascript](https://a.example/)",
        "[x](https://a.example/javascript:)",
        "写 `[x](javascript:alert(1))` 与 ``[`](data:a)``",
    ),
    evidence="WeChat's own buttons and cards link so; none leads anywhere outside of its page",
)
HEADING_MARK = Damage(
    id="line:heading-mark",
    pattern=re.compile(
        rf"^[ ]{{0,3}}#{{1,6}}[ ]+"
        rf"(?=(?:{PICTURE}[ ]*|\[{PICTURE}\]\([^)\n]{{0,2000}}\)[ ]*|-{{3,}})$)",
        re.MULTILINE,
    ),
    matches=(
        ("## ![](https://a.example/p)", "![](https://a.example/p)"),
        ("# ---", "---"),
    ),
    spares=("## ![](https://a.example/p) 图一", "## 一"),
    evidence="a heading that only holds a picture or a rule names no section",
)
EMPTY_HEADING = Damage(
    id="line:empty-heading",
    pattern=re.compile(r"^[ ]{0,3}#{1,6}(?:[ \t]+#*)?[ \t]*(?:\n|\Z)", re.MULTILINE),
    matches=(("## \n正文", "正文"), ("###", "")),
    spares=("## 一", "#话题"),
    evidence="6 % of 12,685 bodies",
)
EMPTY_FENCE = Damage(
    id="line:empty-fence",  # found by `split_fences`, which knows what opens and what closes
    pattern=re.compile(r"^(`{3,}+|~{3,}+)[ ]*+\n(?:[ \t]*+\n)*+\1[ ]*+$", re.MULTILINE),
    matches=(("```\n\n```", ""), ("```\n```", "")),
    spares=("```\nls\n```",),
    evidence="688 of 6,194 fences",
)
DAMAGE = (EMPTY_PICTURE, EMPTY_LINK, SCRIPT_LINK, HEADING_MARK, EMPTY_HEADING, EMPTY_FENCE)
