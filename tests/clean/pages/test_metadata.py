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
        ("2019-05-17", "2019-05-17"),
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


def test_what_a_page_escapes_for_its_scripts_is_meant_in_its_head_too() -> None:
    link = LINK.partition("#")[0].replace("&", "\\x26amp;amp;")
    said = (
        "一\\x0a\\x26quot;二\\x26quot; C:\\x5cx26 \\x26lt;a class=\\x26quot;t\\x26quot;\\x26gt;#三"
    )
    page = (
        f'<html><meta property="og:title" content="\\x26quot;雾\\x26quot; 中">'
        f'<meta property="og:description" content="{said}\\x26lt;/a\\x26gt;">'
        f'<meta property="og:url" content="{link}"><body class="page_share_img"></body>'
        '<div id="js_article"><img data-w="1" src="https://mmbiz.qpic.cn/a/0"></div></html>'
    )
    read = read_page(page.encode())
    assert (read.title, read.digest) == ('"雾" 中', '一 "二" C:\\x26 #三')
    assert read.text.startswith('一  \n"二" C:\\x26 #三')
    assert read.aliases == (LINK.partition("#")[0],)


@pytest.mark.parametrize(
    "typed", ["换行符\\n和\\r\\n的区别", "\\nabla 与 \\rho", "C:\\new", "\\x0a 是换行"]
)
def test_a_line_end_that_an_author_spells_out_stays_as_it_was_typed(typed: str) -> None:
    read = read_page(modern(title=typed, desc=typed, nick_name=typed, author=typed))
    assert (read.title, read.digest, read.account, read.author) == (typed,) * 4


@pytest.mark.parametrize("said", ["甲\\x41乙", "C:\\x3c", "a\\nb"])
def test_a_backslash_in_a_head_that_escapes_nothing_is_the_authors(said: str) -> None:
    page = f'<html><meta property="og:description" content="{said}"><div id="js_content">甲</div>'
    assert read_page(page.encode()).digest == said.replace("\\n", " ")
