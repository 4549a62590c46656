"""Whether this machine can do what the commands ask of it."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, distribution, entry_points, metadata, requires
from typing import TYPE_CHECKING, NamedTuple

import click

from crawler.archive.database import sqlite_build
from crawler.archive.files import FOLDER
from crawler.cli.printing import on_screen, print_line
from crawler.errors import CrawlerError
from crawler.fetch import can_resolve
from crawler.inputs import is_there
from crawler.telling import counted
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.cli.group import Settings

_LOW = 1 << 30  # bytes of free space that a growing archive soon fills
_PACKAGE = "wechat-article-archive"
_FOR_DEVELOPMENT = {"dev", "tests", "webarchive-tests", "rivals"}  # extras that no command needs
_FOR_ENGINES = {"datatrove", "nemo"}  # ... nor these, which call us in environments of their own
# as a package's metadata has one: mcp>=2.0; extra == "mcp"
_NAME = re.compile(r"[\w.-]++")
_EXTRA = re.compile(r"\bextra *+== *+[\"']([\w.-]++)")


class Finding(NamedTuple):
    """One thing that was looked at; `advice` is empty where all is well.

    What is `optional` stands in nobody's way.
    """

    what: str
    found: str
    advice: str = ""
    optional: bool = False


@click.command("doctor")
@click.option("--offline", is_flag=True, help="Leave out what needs a network.")
@click.pass_obj
def doctor_command(settings: Settings, offline: bool) -> None:
    """Say if this machine can fetch, search and keep pictures, and which extras it has.

    Nothing is written, and nothing is sent but a question for the address of WeChat's host. Exit
    code 1 where something stands in the way.

    \b
    Examples:
      crawler doctor
      crawler doctor --offline
    """
    findings = [*_of_the_machine(), *_of_the_archive(settings), _of_extras()]
    if not offline:
        findings.append(_of_the_network())
    for finding in findings:
        print_line(on_screen(_line_of(finding)))
    sys.exit(int(any(finding.advice and not finding.optional for finding in findings)))


def _line_of(finding: Finding) -> str:
    bad = "--" if finding.optional else "!!"
    mark = bad if finding.advice else "ok"
    words = "; ".join(filter(None, (finding.found, finding.advice)))
    return f"{mark}  {finding.what:9}  {words}"


def _of_the_machine() -> Iterator[Finding]:
    yield Finding("python", f"{platform.python_version()} on {sys.platform}")
    version, has_index = sqlite_build()
    advice = "" if has_index else "full-text search needs FTS5: use another build of Python"
    yield Finding("sqlite", version, advice)
    plugins = {point.name for point in entry_points(group="sqlite_utils")}
    is_there = "wechat_article_archive" in plugins
    advice = "" if is_there else "install sqlite-utils in the environment of crawler"
    yield Finding("search", "in `crawler search`, and in sqlite-utils by our plugin", advice)


def _of_the_archive(settings: Settings) -> Iterator[Finding]:
    yield Finding("settings", str(settings.config_path or "the defaults"))
    yield _opened(settings)
    folder = settings.db.absolute().parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield Finding("disk", f"{folder}: {error.strerror}", "name another folder with --db")
        return
    advice = "make room" if free < _LOW else ""
    yield Finding("disk", f"{free >> 20:,} MB free at {folder}", advice)
    pictures = folder / FOLDER
    place = pictures if os.path.lexists(pictures) else folder
    advice = "" if _may_write(place) else "its permissions keep pictures out"
    yield Finding("pictures", f"go below {pictures}", advice)


def _opened(settings: Settings) -> Finding:
    try:
        if not is_there(settings.db):
            return Finding("archive", f"{settings.db} is not there yet; crawler init makes one")
        with settings.open_archive(read_only=True) as archive:
            count, indexed = archive.count(), archive.indexed()
    except CrawlerError as error:
        return Finding("archive", f"{error.subject}: {error.what}", error.advice)
    advice = "" if indexed == count else "run: crawler index --rebuild"
    return Finding(
        "archive", f"{settings.db}: {counted(count, 'article')}, {indexed:,} indexed", advice
    )


def _may_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK)


def _of_extras() -> Finding:
    """The extras of this package as it is installed: all that its metadata names."""
    try:
        lacking = _lacking()
    except PackageNotFoundError:
        return Finding("extras", "are not known, as crawler runs without being installed")
    here = ", ".join(extra for extra, names in lacking.items() if not names) or "none"
    missing = {extra: ", ".join(names) for extra, names in lacking.items() if names}
    if not missing:
        return Finding("extras", here)
    told = ", ".join(f"{extra} ({names})" for extra, names in missing.items())
    advice = f"pip install '{_PACKAGE}[{','.join(missing)}]'"
    return Finding("extras", f"{here}; what is missing of others: {told}", advice, optional=True)


def _lacking() -> dict[str, list[str]]:
    """Each extra that a command needs, and those of its packages that are not installed."""
    extras = metadata(_PACKAGE).get_all("Provides-Extra") or []
    not_ours = _FOR_DEVELOPMENT | _FOR_ENGINES
    found = {extra: list[str]() for extra in extras if extra not in not_ours}
    for line in requires(_PACKAGE) or ():
        name, extra = _NAME.match(line), _EXTRA.search(line)
        if name and extra and extra[1] in found and not _is_installed(name[0]):
            found[extra[1]].append(name[0])
    return found


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _of_the_network() -> Finding:
    if can_resolve(HOST):
        return Finding("fetch", f"{HOST} has an address; what it answers nobody asked")
    return Finding("fetch", f"no address is known for {HOST}", "what is offline works all the same")
