"""docs/rules.md: every rule of the cleaner, from the tables themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.clean.body.headings import TITLE_LOOKS
from crawler.clean.body.hiding import HIDING
from crawler.clean.body.rules import RULES as BODY_RULES
from crawler.clean.body.widgets import WIDGETS
from crawler.clean.exports.failures import FAILURES
from crawler.clean.exports.notes import SIGNS
from crawler.clean.exports.pages import PAGE_TOOLS
from crawler.clean.exports.pictures import PROXIES
from crawler.clean.exports.producers import PRODUCERS
from crawler.clean.exports.tails import TAILS
from crawler.clean.markdown import code_span
from crawler.clean.notices import NOTICES
from crawler.clean.pages.altered import ALTERATIONS
from crawler.clean.promotion.appeals import APPEALS
from crawler.clean.promotion.companions import COMPANIONS
from crawler.clean.promotion.wordings import WORDINGS
from crawler.clean.seeds.damage import DAMAGE
from crawler.clean.seeds.days import STATED_DAYS
from crawler.clean.seeds.furniture import OTHER
from crawler.clean.seeds.furniture import RULES as FURNITURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST = 70  # characters of an example; whole ones stand in the tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of rules, and what a reader should know before looking at it.

    `counted`: its ids are those of the archive's table `removed`.
    """

    title: str
    where: str
    about: str
    rows: Sequence[Any]
    counted: bool = False
    prefix: str = ""  # that its ids have in `removed`


TABLES = (
    Table(
        title="Notices",
        where="crawler/clean/notices.py",
        about=(
            "What WeChat says in place of an article. A page or a seed that is one gets its state,"
            " and no body."
        ),
        rows=NOTICES,
    ),
    Table(
        title="Signs that a reader's browser altered a page",
        where="crawler/clean/pages/altered.py",
        about="A page that is captured is refused where one of these stands in its markup.",
        rows=ALTERATIONS,
    ),
    Table(
        title="Left out of a page's body",
        where="crawler/clean/body/rules.py",
        about="Elements, and what else no reader of the page saw.",
        rows=BODY_RULES,
        counted=True,
    ),
    Table(
        title="Styles that hide",
        where="crawler/clean/body/hiding.py",
        about="Declarations that leave nothing to see; the element goes with all that it holds.",
        rows=HIDING,
        counted=True,
    ),
    Table(
        title="Titles by their looks",
        where="crawler/clean/body/headings.py",
        about=(
            "Looks by which a short line is the title of a section, where a body has no headings."
        ),
        rows=TITLE_LOOKS,
    ),
    Table(
        title="Widgets",
        where="crawler/clean/body/widgets.py",
        about="Players and cards, in place of which stands a line of text.",
        rows=WIDGETS,
        counted=True,
    ),
    Table(
        title="Furniture of a seed",
        where="crawler/clean/seeds/furniture.py",
        about="Lines and blocks of the page around the article, which an older tool took along.",
        rows=FURNITURE,
        counted=True,
    ),
    Table(
        title="Days that a seed states of itself",
        where="crawler/clean/seeds/days.py",
        about=(
            "Forms in which a title, or a line before the text, states the day of its issue, where"
            " front matter has the day on which it was found. Each example states the 5th of March"
            " 2024."
        ),
        rows=STATED_DAYS,
    ),
    Table(
        title="Damage of a seed",
        where="crawler/clean/seeds/damage.py",
        about="What the older tool wrote that shows nothing.",
        rows=DAMAGE,
        counted=True,
    ),
    Table(
        title="Wordings of promotion",
        where="crawler/clean/promotion/wordings.py",
        about=(
            "What the words of a block that repeats say of it. They only weigh: without repetition"
            " at the edge of an account's articles nothing goes. What goes is counted as the edge"
            " where it stood."
        ),
        rows=WORDINGS,
    ),
    Table(
        title="Appeals to the reader",
        where="crawler/clean/promotion/appeals.py",
        about=(
            "Short blocks that do nothing but call; they go from an edge where they stand but once."
        ),
        rows=APPEALS,
        counted=True,
        prefix="promo:tail:",
    ),
    Table(
        title="Words beside promotion",
        where="crawler/clean/promotion/companions.py",
        about=(
            "Short words that go where they stand directly inside of promotion, and nowhere else."
            " They are counted as promo:head:beside and promo:tail:beside."
        ),
        rows=COMPANIONS,
    ),
    Table(
        title="Tools whose files are read",
        where="crawler/clean/exports/producers.py",
        about="How the documents of each tool are known, in the order in which they are asked.",
        rows=PRODUCERS,
    ),
    Table(
        title="Ends that those tools write",
        where="crawler/clean/exports/tails.py",
        about="Lines behind a text, taken from the end upwards.",
        rows=TAILS,
        counted=True,
        prefix="tail:",
    ),
    Table(
        title="Tools that save pages",
        where="crawler/clean/exports/pages.py",
        about="The mark that each leaves in the page.",
        rows=PAGE_TOOLS,
    ),
    Table(
        title="Notes that are no article",
        where="crawler/clean/exports/notes.py",
        about="Signs that a document is somebody's note about articles.",
        rows=SIGNS,
    ),
    Table(
        title="What tools write in place of a text",
        where="crawler/clean/exports/notes.py",
        about="All of what a tool gives as an article's text, where it got none.",
        rows=FAILURES,
    ),
    Table(
        title="Services that show pictures",
        where="crawler/clean/exports/pictures.py",
        about="Addresses that are put back to the picture's own.",
        rows=PROXIES,
    ),
)

OTHERS = {
    "head": "a block that the account repeats at the beginning of its articles",
    "tail": "a block that the account repeats at the end of its articles",
    OTHER: "a line of a page's tail that no rule names; what stands there is never the article",
    "element:table": "a table of HTML in another tool's Markdown, written as Markdown",
    "element:tag": "a tag of HTML in another tool's Markdown that changes nothing",
    "picture-lost": "a picture of which another tool kept no address",
}
"""Ids that stand in `removed` beside those of the tables, and what each counts."""

COUNTED = {table.prefix + row.id for table in TABLES if table.counted for row in table.rows} | set(
    OTHERS
)
"""Every id that the archive's table `removed` may hold."""

_HEAD = """# Rules

Generated by `python -m scripts.make_docs` from the tables themselves. A rule is a row: its id, text
that it must take and text that it must leave alone (tests run all of both), and where it was seen.
The ids of the tables marked *counted* are what the archive's table `removed` counts:
`sqlite-utils archive.db "select rule_id, sum(count) from removed group by 1 order by 2 desc"`.

A rule that would leave nothing of an article does not apply.
"""


def rules_page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *map(_section, TABLES), _others()])


def _others() -> str:
    lines = [f"- {code_span(rule)}: {about}" for rule, about in OTHERS.items()]
    return "\n".join(["## Counted beside the tables\n", *lines, ""])


def _section(table: Table) -> str:
    counted = "; *counted*" if table.counted else ""
    lines = [
        f"## {table.title}\n",
        f"{table.about} ({code_span(table.where)}{counted})\n",
        "| id | takes, for example | leaves alone | seen |",
        "| --- | --- | --- | --- |",
        *(_line(row, table.prefix) for row in table.rows),
    ]
    return "\n".join(lines) + "\n"


def _line(row: Any, prefix: str) -> str:
    cells = (code_span(prefix + row.id), _taken(row), _first(_spared(row)), _cell(_evidence(row)))
    return f"| {' | '.join(cells)} |"


def _taken(row: Any) -> str:
    if hasattr(row, "example"):  # a widget, with the line that it becomes
        return f"{_first([row.example])} as {_first([row.shows])}"
    if hasattr(row, "name"):  # a tool
        return _cell(row.name)
    if row.matches and isinstance(row.matches[0], tuple):  # before and after
        return _first([row.matches[0][0]])
    return _first(row.matches)


def _spared(row: Any) -> Sequence[str]:
    return () if hasattr(row, "name") else getattr(row, "spares", ())


def _evidence(row: Any) -> str:
    return getattr(row, "evidence", "")


def _first(examples: Iterable[str]) -> str:
    """The first example as code on one line, cut where it is long."""
    for example in examples:
        line = example.replace("\n", "⏎")
        shown = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
        return _cell(code_span(shown)) if shown.strip() else ""
    return ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
