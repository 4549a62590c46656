from __future__ import annotations

import pytest

from crawler.clean.exports.file_names import moment_of_file, title_of_file


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("simpread-渡口夜话.md", "渡口夜话"),
        ("读过\\渡口夜话.markdown", "渡口夜话"),
        ("a.b/渡口.夜话.txt", "渡口.夜话"),
        ("渡口", "渡口"),
    ],
)
def test_the_name_of_a_file_is_its_title_less_the_suffix_of_a_text(name: str, title: str) -> None:
    assert title_of_file(name) == title


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("20240508_渡口夜话.md", "2024-05-08"),
        ("2024-05-08_渡口夜话.md", "2024-05-08"),
        ("[202405081130]渡口夜话.md", "2024-05-08"),
        ("渡口夜话 2024-05-08.md", ""),
        ("12345678901 部电话.md", ""),
    ],
)
def test_the_day_that_begins_the_name_of_a_file_is_that_of_its_text(name: str, day: str) -> None:
    assert moment_of_file(name, "渡口夜话").date == day
