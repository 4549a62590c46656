"""What accounts repeat at the edges of their articles."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crawler.cli.printing import note, on_screen, print_json, print_line
from crawler.cli.words import TEXT
from crawler.errors import InputError
from crawler.flows import learn_account
from crawler.telling import counted

if TYPE_CHECKING:
    from crawler.cli.group import Settings


@click.command("promo")
@click.argument("account", type=TEXT, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each block.")
@click.pass_obj
def promo_command(settings: Settings, account: str | None, as_json: bool) -> None:
    """Show what an account repeats at the edges of its articles.

    Each block comes with its count. Without ACCOUNT it lists the accounts. Blocks can be added,
    pinned and exempted in config.toml, section [promo].

    \b
    Examples:
      crawler promo
      crawler promo 中国信息安全
    """
    with settings.open_archive(read_only=True) as archive:
        accounts = archive.texts.accounts()
        if account is None:
            for name in accounts:
                print_line(on_screen(name))
            return
        if account not in accounts:
            raise InputError(
                account,
                "has no article with a text in the archive",
                "list the accounts: crawler promo",
            )
        promos = learn_account(archive, account, settings.config.promo)
    for biz, promo in promos.items():
        for block in promo.blocks:
            if as_json:
                print_json(asdict(block))
            else:
                shown = f"{block.kind}  {block.count:>4}  {block.key[:12]}  {block.example[:120]}"
                print_line(on_screen(shown))
        learned = f"{counted(len(promo.blocks), 'block')}, learned from"
        whose = f" ({biz or 'for those without a biz'})" if len(promos) > 1 else ""
        note(f"{learned} {counted(promo.total, 'article')} of {account}{on_screen(whose)}")
