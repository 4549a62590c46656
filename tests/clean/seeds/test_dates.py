from __future__ import annotations

import pytest

from crawler.clean.seeds.dates import day_of_title


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("渡轮日报 2024-05-07 首班准点", "2024-05-07"),
        ("渡轮日报（2024.5.7）", "2024-05-07"),
        ("渡轮速递20240507｜首班准点", "2024-05-07"),
        ("渡轮日报 2024/05/06", "2024-05-06"),
        # the same day, a later one, one that is too far off
        ("渡轮日报 2024-05-08", ""),
        ("渡轮日报 2024-05-09", ""),
        ("渡轮日报 2024-05-01", ""),
        # a span, two days, a day in words, no day at all
        ("渡轮周报 2024.05.01-05.07", ""),
        ("渡轮周报 2024.05.01-2024.05.07", ""),
        ("2024年5月7日起渡轮停航", ""),
        ("渡轮日报 2024-13-07", ""),
        ("渡轮日报 2024-05.07", ""),
        ("单号 120240507", ""),
        ("渡轮恢复通航", ""),
    ],
)
def test_a_bulletins_own_day_is_read_from_its_title(title: str, day: str) -> None:
    assert day_of_title(title, "2024-05-08") == day


@pytest.mark.parametrize("given", ["", "2024", "soon", "2024-05-08T00:00:00"])
def test_without_a_day_to_compare_nothing_is_proved(given: str) -> None:
    assert day_of_title("渡轮日报 2024-05-07", given) in {"", "2024-05-07"}
