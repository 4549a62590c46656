"""The command itself: its options, its commands by name, and what happens when something breaks."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import platformdirs

from crawler import __version__
from crawler.cli.commands import COMMANDS
from crawler.cli.printing import message_on_screen, note, say_locked, track_index, warn
from crawler.cli.words import PATH
from crawler.config import Config, FetchConfig, load_config
from crawler.credentials import without_passwords
from crawler.errors import CrawlerError, StrangeArchive
from crawler.inputs import expanded, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.archive import Archive
    from crawler.errors import ArchiveError

DEFAULT_CONFIG = Path("config.toml")
APP = "wechat-article-archive"
INTERRUPTED = 130
_OPENED = f"{__name__}.opened"  # where a command notes which archive it opens
_OF_DAMAGE = (TypeError, ValueError, LookupError, AttributeError)
"""What Python raises where a value of another type stands than the archive may hold."""
_STOPPED = "stopped; what was reported is in the archive, and the same command goes on from here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What was said with every command: the settings in force, and the archive.

    `config_path` is None where no file was read; `told_db` is False where the settings name the
    archive.
    """

    config: Config
    config_path: Path | None
    db: Path
    told_db: bool = False

    def open_archive(self, *, create: bool = False, read_only: bool = False) -> Archive:
        """Open the archive; only commands that bring something in may create it."""
        from crawler.archive import Archive  # noqa: PLC0415 -- `--version` needs no SQLite

        command = click.get_current_context(silent=True)
        if command:  # else a server opens it, in a thread of its own
            command.meta[_OPENED] = self.db
        return Archive.open(
            self.db,
            create=create,
            read_only=read_only,
            ngram=self.config.search.ngram,
            on_wait=partial(say_locked, self.db),
            track=track_index,
        )

    def to_fetch(self) -> FetchConfig:
        """The settings of a command that sends; says where to, where that is not WeChat alone.

        A config.toml is read of the folder at hand, which may be somebody's.
        """
        fetch = self.config.fetch
        gateway = without_passwords(fetch.gateway)
        if gateway:
            note(f"every request goes to {gateway}, as {self.config_path} says")
        others = ", ".join((*fetch.hosts, *fetch.trusted_networks))
        if others:
            note(f"requests may go to {others} as well, as {self.config_path} says")
        return fetch

    def _may_be_written(self) -> bool:
        """Whether the archive may, and the folder, where SQLite keeps a log while it writes."""
        return all(os.access(path, os.W_OK) for path in (self.db, resolved(self.db).parent))

    def open_to_read(self, *, notes: bool = True) -> Archive:
        """Open the archive for a command that reads; with `notes` its index is brought up to date.

        It is read-only where its file is, or where something in it would act on what is written.
        """
        try:
            return self.open_archive(read_only=not (notes and self._may_be_written()))
        except StrangeArchive as error:
            note(f"{error.subject}: {error.what}; it is read as it stands")
            return self.open_archive(read_only=True)


class CrawlerGroup(click.Group):
    """Loads a command when it is asked for, and turns what breaks in it into one line.

    The line goes to stderr; the exit code is the error's own.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Every command's name, in the order of the help."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command. Returns None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = import_module(f"crawler.cli.commands.{name}")
        found: click.Command = getattr(module, f"{name}_command")
        return _with_common_options(found)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        """Read what stands before the command's name."""
        with _fit_to_show():
            return super().make_context(*arguments, **named)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        try:
            with _fit_to_show():
                return super().invoke(ctx)
        except CrawlerError as error:
            warn(error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            note(_STOPPED)
            ctx.exit(INTERRUPTED)
        except _OF_DAMAGE:
            hurt = _hurt_in(ctx.meta.get(_OPENED))
            if hurt is None:
                raise
            warn(hurt)
            ctx.exit(hurt.exit_code)


def _hurt_in(archive: Path | None) -> ArchiveError | None:
    """What is damaged in the archive over which a command fell; None where nothing is."""
    if archive is None:
        return None
    from crawler.archive.audit import find_hurt  # noqa: PLC0415 -- most commands fall over nothing

    return find_hurt(archive)


@contextmanager
def _fit_to_show() -> Iterator[None]:
    """Mistakes in usage quote what was typed: without credentials, and safe for a terminal."""
    try:
        yield
    except click.UsageError as error:
        told = error.format_message()
        fit = message_on_screen(told)
        if fit == told:
            raise
        raise click.UsageError(fit, error.ctx) from None


def _with_common_options(command: click.Command) -> click.Command:
    """Let `--config` and `--db` stand behind a command's name, too."""
    if isinstance(command, click.Group):
        for one in command.commands.values():
            _with_common_options(one)
    if not any(parameter.name == "db" for parameter in command.params):
        command.params += [
            click.Option(
                [name],
                type=PATH,
                expose_value=False,
                hidden=True,
                callback=callback,
            )
            for name, callback in (("--config", _take_config), ("--db", _take_db))
        ]
    return command


def _take_config(ctx: click.Context, _: click.Parameter, path: Path | None) -> None:
    if path is not None:
        db = ctx.obj.db if ctx.obj.told_db else None
        ctx.obj = read_settings(path, db)


def _take_db(ctx: click.Context, _: click.Parameter, path: Path | None) -> None:
    if path is not None:
        ctx.obj = replace(ctx.obj, db=expanded(path), told_db=True)


def read_settings(config_path: Path | None, db: Path | None) -> Settings:
    """The settings in force: of the file that was named, else of the first of `config_files`.

    Raises ConfigError where the file cannot be used.
    """
    path = expanded(config_path) if config_path else next(_present(), None)
    config = load_config(path) if path else Config()
    archive = expanded(db or Path(config.archive.path))
    return Settings(config=config, config_path=path, db=archive, told_db=db is not None)


def config_files() -> list[Path]:
    """Where settings are looked for: here, then in the folder for them that the platform has."""
    return [DEFAULT_CONFIG, platformdirs.user_config_path(APP) / DEFAULT_CONFIG]


def _present() -> Iterator[Path]:
    return filter(_is_present, config_files())


def _is_present(path: Path) -> bool:
    with suppress(PermissionError):  # a home that may not be entered, such as root's, has none
        return path.is_file()
    return False


@click.group(
    cls=CrawlerGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--config",
    "config_path",
    envvar="CRAWLER_CONFIG",
    show_envvar=True,
    type=PATH,
    help="Settings to use instead of config.toml.",
)
@click.option(
    "--db",
    envvar="CRAWLER_DB",
    show_envvar=True,
    type=PATH,
    help="The archive to use instead of the configured one.",
)
@click.version_option(__version__, prog_name="crawler")
@click.pass_context
def cli(ctx: click.Context, config_path: Path | None, db: Path | None) -> None:
    """Keep WeChat Official Account articles in one clean, searchable SQLite archive.

    \b
    Examples:
      crawler reclean seeds/
      crawler fetch https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler search 诈骗
      sqlite-utils rows archive.db articles --limit 5

    --config and --db may also stand behind a command's name. Without --config the settings are
    those of config.toml here, or in the platform's folder for them (crawler config says which).

    Exit codes: 0 all well; 1 some inputs failed, each named; 2 wrong usage or settings; 3 stopped
    because WeChat asked for verification or for slowing down.
    """
    ctx.obj = read_settings(config_path, db)
