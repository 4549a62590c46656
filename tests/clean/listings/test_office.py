"""Spreadsheets that are refused by name, where they may name articles."""

from __future__ import annotations

import zipfile

import pytest

from crawler.clean.listings import read_list
from tests.clean.containers.samples import zipped
from tests.clean.listings.samples import short

XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def _ods(cell: str) -> bytes:
    files = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<x>{'y' * 2_000_000}{cell}</x>".encode(),
    }
    return zipped(files, compression=zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    "content",
    [
        XLS + short(1).encode(),
        XLS + short(1).encode("utf-16-le"),
        _ods(short(1)),
        _ods("")[:-300],  # whose end is lost: nobody knows
    ],
)
def test_a_spreadsheet_that_no_library_reads_within_bounds_is_named(
    content: bytes,
) -> None:
    listing = read_list(content)
    assert listing.unread
    assert listing.problem.endswith("which is not read")


@pytest.mark.parametrize("content", [XLS, _ods("别处")])
def test_one_that_names_no_article_is_only_counted(content: bytes) -> None:
    listing = read_list(content)
    assert (listing.unread, listing.problem) == (False, "lists no link to an article of WeChat's")
