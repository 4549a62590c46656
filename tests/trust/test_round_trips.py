r"""What left as a document or a note and is cleaned again: the same words, and soon the same text.

Of bodies that are made of pieces at random some change once when they are cleaned again: a blank
more before a hard break (`\  ` alone on a line), a blank less where a paragraph began, a mark of
emphasis that had no partner. What is shown stays the same, the second time nothing changes any
more, and a vault's note never gives another text than a plain document does.
"""

from __future__ import annotations

import random
import re

import pytest
from markdown_it import MarkdownIt

from crawler.clean.seeds import read_seed
from crawler.flows.articles import article_of_seed
from crawler.frontmatter import FrontMatter, render_front_matter
from crawler.vault import Note, write_note
from tests.lookalikes import link

PIECES = (
    *(
        "\n\n",
        "\n",
        " ",
        "  \n",
        " \n",
        "\\\n",
        "\\",
        "\u3000",
        "```\n",
        "```\n代码\n```\n",
        "~~~\n",
    ),
    *("> 引\n", "- 项\n", "1. 项\n", "# 题\n\n", "*斜*", "**粗**", "***\n", "`码`", "$x$", "<br>"),
    *("[词](https://mp.weixin.qq.com/s/abc)", "![图](https://mmbiz.qpic.cn/a/0)", "&amp;", "&#35;"),
    *("#话题", "\\#", "[[双]]", "%%", "==标==", "^id", "渡轮", "灯塔七秒一闪。", "zebra "),
    "| a | b |\n| - | - |\n| c | d |\n",
)
FRONT = FrontMatter(
    title="夜航", url=link(), source="江畔手记", date="2024-05-08", fetch_date="2025-10-06T17:17:02"
)
HEAD = render_front_matter(FRONT)
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def _cleaned(document: str) -> str:
    seed = read_seed(document.encode())
    assert seed.front
    return article_of_seed(seed, seed.front, evidence="0a" * 32).body


def _shown(body: str) -> str:
    return "".join(re.sub(r"<[^>]+>", "", _MARKDOWN.render(body)).split())


def _bodies(numbers: range) -> list[str]:
    made = []
    for number in numbers:
        chance = random.Random(number)
        text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 14)))
        made.append(_cleaned(f"{HEAD}# 夜航\n\n{text}\n"))
    return [body for body in made if body]


@pytest.mark.parametrize("start", [0, 50, 100, 150])
def test_no_word_is_lost_and_soon_nothing_changes(start: int) -> None:
    for body in _bodies(range(start, start + 50)):
        again = _cleaned(HEAD + body)
        assert _shown(again) == _shown(body)
        assert _cleaned(HEAD + again) == again


def test_a_vault_gives_the_very_text_that_a_plain_document_gives() -> None:
    for body in _bodies(range(200, 400)):
        note = Note(front=FRONT, state="ok", account="江畔手记")
        written = write_note(note, body, target_of=lambda _: "", pictures={})
        assert _cleaned(written) == _cleaned(HEAD + body)
