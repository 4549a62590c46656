from __future__ import annotations

import pytest

from crawler.clean.pages import read_page
from tests.clean.pages.lookalikes import (
    ACCOUNT,
    BIZ,
    IDX,
    LINK,
    MID,
    SN,
    modern,
    old,
)


def test_times_are_told_in_beijing() -> None:
    assert read_page(modern()).published_at == "2025-12-04T18:00:51+08:00"
    assert read_page(modern()).modified_at == ""
    assert read_page(modern(modify_time="1764846000")).modified_at == "2025-12-04T19:00:00+08:00"
    assert read_page(old()).published_at == "2017-12-13T19:15:00+08:00"


@pytest.mark.parametrize("stamp", ["0", "", "99999999999999999999", "9999999999", "-5", "١٢٣"])
def test_a_time_that_no_post_can_have_is_none(stamp: str) -> None:
    assert read_page(modern(create_timestamp=stamp)).published_at == ""


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ("2024年12月18日 18:08", "2024-12-18T18:08:00+08:00"),
        ("2019-05-17", "2019-05-17T00:00:00+08:00"),
        ("昨天", ""),
        ("3天前", ""),
        ("2019-02-31", ""),
    ],
)
def test_a_saved_page_without_scripts_tells_its_date_only_where_it_is_a_date(
    shown: str, told: str
) -> None:
    page = (
        '<html><meta property="og:title" content="雾\\x0a中"><meta property="og:url" content="'
        + LINK.replace("&", "&amp;")
        + f'"><em id="publish_time"> {shown} </em><a id="js_name"> {ACCOUNT} </a><div'
        ' id="js_content">字</div></html>'
    )
    read = read_page(page.encode())
    assert (read.published_at, read.title, read.account, read.mid) == (told, "雾 中", ACCOUNT, MID)


def test_identity_is_taken_from_the_own_link_where_the_variables_are_empty() -> None:
    block = f'var biz = "";\nvar mid = "" || "";\nvar msg_link = "{LINK}";'
    read = read_page(old(variables=block))
    assert (read.biz, read.mid, read.idx, read.sn) == (BIZ, MID, IDX, SN)


def test_the_own_link_never_carries_credentials() -> None:
    assert read_page(modern(link=LINK.replace("#rd", "&key=secret&uin=1#rd"))).aliases == (LINK,)


def test_escapes_in_the_data_are_undone_once_more() -> None:
    read = read_page(modern(title="雾 &amp; &lt;电台&gt;", desc="&quot;早&quot;\n上"))
    assert (read.title, read.digest) == ("雾 & <电台>", '"早" 上')


# Kinds
