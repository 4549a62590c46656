from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body
from crawler.clean.body.mirrors import mirrored_link, mirrored_picture

HOST = "https://mp.weixin.qq.com/"
LONG = "s?__biz=MzIyNjMxOTY0NA==&mid=2247504004&idx=1&sn=64141adc"
KEY = "mmbiz.qpic.cn/sz_mmbiz_jpg/fDKSuC7mrzmxYeiavl3BNViakZvt9IDDEs"


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (f"{LONG.replace('?', '%3F')}.html#wechat_redirect", f"{HOST}{LONG}#wechat_redirect"),
        (f"../mp.weixin.qq.com/{LONG}", f"{HOST}{LONG}"),
        ("KDWh_qGpFN5Vu1TR9t30Mw.html", f"{HOST}s/KDWh_qGpFN5Vu1TR9t30Mw"),
        ("../s/KDWh_qGpFN5Vu1TR9t30Mw", f"{HOST}s/KDWh_qGpFN5Vu1TR9t30Mw"),
        ("KDWh_qGpFN5Vu1TR9t30Mw", ""),
        ("2024-05-24-Ferry-Notes.html", ""),
        ("notes-of-a-ferry-man-1.html", ""),
        ("sdcd2.html", ""),
        ("#top", ""),
    ],
)
def test_a_link_to_a_mirrors_file_leads_to_the_article_that_it_names(
    path: str, address: str
) -> None:
    assert mirrored_link(path) == address


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (f"../{KEY}/6404721?wx_fmt=jpeg", f"https://{KEY}/640?wx_fmt=jpeg"),
        (f"../{KEY}/04721.png", f"https://{KEY}/0"),
        (f"{KEY}/640%3Fwx_fmt=png", f"https://{KEY}/640?wx_fmt=png"),
        ("assets/640.png", ""),
    ],
)
def test_a_picture_of_a_mirror_has_the_address_that_its_path_names(path: str, address: str) -> None:
    assert mirrored_picture(path) == address


def test_a_mirrored_page_has_its_links_and_pictures() -> None:
    link = f'<p><a href="{LONG.replace("&", "&amp;")}.html">潮水</a></p>'
    found = render_body(body_of_markup(f'{link}<img data-src="../{KEY}/6404721?wx_fmt=jpeg">'))
    assert found.text == f"[潮水]({HOST}{LONG})\n\n![](https://{KEY}/640?wx_fmt=jpeg)"
