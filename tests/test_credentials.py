"""Credentials leave every link to WeChat, however it is written, and nothing else leaves."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import cut_links
from crawler.clean.pages import read_page, shrink_page
from crawler.credentials import (
    carries_secrets,
    link_without,
    without_passwords,
    without_secrets,
)
from crawler.urls import parse_url
from tests.clean.pages.lookalikes import modern
from tests.conftest import SHARED, needs_shared
from tests.fake_answers import article
from tests.growth import assert_linear
from tests.test_links import BARE, CAPTCHA, LONG, QUOTED, SHORT, SN, TWICE, UNITS

PARAMETER = "key=s3cret"
ANNOUNCED = "https://mp.weixin.qq.com/cgi-bin/announce"
HTML = BARE.replace("&", "&amp;")


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        (f"{BARE}&key=s3cret&uin=s3cret#rd", f"{BARE}#rd"),
        (f"{BARE}&amp;sn={SN}&amp;key=s3cret&amp;scene=1", f"{BARE}&amp;sn={SN}&amp;scene=1"),
        (f"{BARE}\\x26amp;key=s3cret\\x26amp;scene=1", f"{BARE}\\x26amp;scene=1"),
        (f"{BARE}\\u0026tempkey=s3cret", BARE),
        (BARE.replace("__biz", "key=s3cret&uin=s3cret&__biz"), BARE),
        (f"{BARE}&pass\\_ticket=s3cret&scene=1", f"{BARE}&scene=1"),
        (f"{BARE}&d=Windows 10 x64&{PARAMETER}&a=1", f"{BARE}&d=Windows 10 x64&a=1"),
        (f"{BARE}&d=iMac MacBook1 build(2)&{PARAMETER}", f"{BARE}&d=iMac MacBook1 build(2)"),
        (f"https://wx2.qq.com/?requrl={QUOTED}&skey=%40a_s3cret&b=2", f"https://wx2.qq.com/?requrl={QUOTED}&b=2"),
        ("https://wx.qq.com/cgi-bin/x?r=1&pass_ticket=s3cret", "https://wx.qq.com/cgi-bin/x?r=1"),
        ("https://webpush.wx8.qq.com/x?skey=@a_s3cret&uin=s3cret", "https://webpush.wx8.qq.com/x"),
        ("https://web2.wechat.com/x?lang=zh&uin=s3cret", "https://web2.wechat.com/x?lang=zh"),
        (f"{SHORT}?key=s3cret", SHORT),
        (f"https://z.example/?t={QUOTED}%26key%3Ds3cret%26s%3D1", f"https://z.example/?t={QUOTED}%26s%3D1"),
        (f"https://z.example/?u={TWICE}%2526key%253Ds3cret", f"https://z.example/?u={TWICE}"),
        (f"{ANNOUNCED}?key=12345678901abCDE&{PARAMETER}", f"{ANNOUNCED}?key=12345678901abCDE"),
        (f"{ANNOUNCED}?key=12345678901abCDEf&version=1", f"{ANNOUNCED}?version=1"),
        (f"{BARE}&key=xxxs3cret&uin=xx\u200bs3cret", BARE),
        (f"{BARE}&u=https://qyapi.weixin.qq.com/?token=s3cret", f"{BARE}&u=https://qyapi.weixin.qq.com/"),
        # what an address carries has marks of its own
        (f"https://z.example/?u={QUOTED}%3Fkey%3Ds3cret%26uin%3Ds3cret&t=1", f"https://z.example/?u={QUOTED}&t=1"),
        (
            f"{CAPTCHA}?poc_token=s3cret&target_url=x",
            f"{CAPTCHA}?target_url=x",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "around", ["[晚潮]({})，后", '<a href="{}">晚潮</a>', "{}\n\n后", "**{}**"]
)
def test_credentials_leave_the_links_of_a_text_and_nothing_else_does(
    around: str, link: str, kept: str
) -> None:
    assert without_secrets(around.format(link)) == around.format(kept)
    assert without_secrets(around.format(kept)) == around.format(kept)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/doc?key=intro&token=1",
        f"[晚潮]({LONG}#rd)",
        "mp.weixin.qq.com 的 key=1 参数",
        "curl 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc' -d '{}'",
        f"[详细内容]({ANNOUNCED}?action=getannouncement&key=12345678901abCDE&version=1)",
        f'<a href="{ANNOUNCED}?key=12345678901abCDE&amp;lang=zh_CN">详细内容</a>',
        f"{BARE}&uin=xxx&key=XXXX&pass_ticket=YOUR_TICKET&token=TOKEN",
    ],
)
def test_what_is_no_credential_of_wechats_stays(text: str) -> None:
    assert without_secrets(text) == text


SPELLINGS = {
    "signs in a value before it": f"{BARE}&scene=1,2&t=(a)!*'$|[b]~c&{PARAMETER}",
    "Chinese in a value before it": f"{BARE}&t=晚潮&{PARAMETER}",
    "a semicolon": f"{BARE};{PARAMETER}",
    "a fragment": f"{BARE}#{PARAMETER}",
    "behind a fragment": f"{BARE}#rd&{PARAMETER}",
    "another question mark": f"{SHORT}?scene=1?{PARAMETER}",
    "capitals": f"{BARE}&{PARAMETER}".upper(),
    "WordPress": BARE.replace("&", "&#038;") + f"&#038;{PARAMETER}",
    "a number with zeros": f"{HTML}&#x0026;{PARAMETER}",
    "an escaped equals sign": f"{HTML}&amp;{PARAMETER}".replace("=", "&#x3D;"),
    "Handlebars": f"{HTML}&amp;{PARAMETER}".replace("=", "&#x3D;").replace("/", "&#x2F;"),
    "a named equals sign": f"{HTML}&amp;{PARAMETER}".replace("=", "&equals;"),
    "a point by its number": f"{HTML}&amp;{PARAMETER}".replace(".", "&#46;"),
    "a question mark by its number": f"{SHORT}&#63;{PARAMETER}",
    "Gson": f"{BARE}&{PARAMETER}".replace("&", "\\u0026").replace("=", "\\u003d"),
    "a script": f"{BARE}&{PARAMETER}".replace("&", "\\x26amp;").replace("=", "\\x3d"),
    "a point by a script": f"{BARE}&{PARAMETER}".replace(".", "\\u002e"),
    "JSON in JSON": f"{BARE}&{PARAMETER}".replace("&", "\\\\u0026").replace("/", "\\\\/"),
    "Gson, encoded": f"{BARE}&{PARAMETER}".replace("&", "%5Cu0026").replace("=", "%5Cu003d"),
    "JSON in JSON, encoded twice": f"{BARE}&{PARAMETER}".replace("&", "%255C%255Cu0026"),
    "cmd.exe": f"{BARE}&{PARAMETER}".replace("&", "^&"),
    "Markdown": f"{BARE}&{PARAMETER}".replace("&", "\\&").replace("=", "\\="),
    "Markdown, and angles in the midst of it": BARE.replace("__biz=", "__biz>\\=").replace(
        "&", "\\&"
    )
    + f"\\&{PARAMETER}",
    "a shell, and angles": f"{BARE}&{PARAMETER}".replace("&mid", ">&mid").replace("&", "\\\\&"),
    "cmd.exe, and angles": f"{BARE}&{PARAMETER}".replace("&mid", ">&mid").replace("&", "^&"),
    "a script, and angles": f"{BARE}&{PARAMETER}".replace("&mid", ">&mid").replace("&", "\\x26"),
    "JSON in a script": f"{BARE}&{PARAMETER}".replace("s3", "a\\x5c/s3").replace("&", "\\x26"),
    "angles before the end of a token": f"{BARE}&appmsg_token=s3cret>~~&{PARAMETER}",
    "angles before a bracket": f"{BARE}&t=>(a)&{PARAMETER}",
    "a name by numbers, escaped twice": f"{BARE}&amp;#38;pass&amp;#95;ticket&amp;#61;s3cret",
    "a reference without its end": f"{BARE}&{PARAMETER}".replace("&", "&amp"),
    "a number without its end": f"{BARE}&{PARAMETER}".replace("&", "&#38"),
    "signs of full width": f"{BARE}&{PARAMETER}".replace("&", "＆").replace("=", "＝"),
    "a redirector": "https://z.example/?u=" + quote(f"{BARE}&{PARAMETER}", safe=""),
    "its points too": "https://z.example/?u="
    + quote(f"{BARE}&{PARAMETER}", safe="").replace(".", "%2E"),
    "an encoded name": f"{BARE}&%256bey=s3cret",
    "a name by a number": f"{HTML}&amp;&#107;ey=s3cret",
    "a space before the name": f"{BARE}&%20{PARAMETER}",
    "a plus before the name": f"{BARE}&+{PARAMETER}",
    "a space behind the name": f"{BARE}&key%20=s3cret",
    "what shows nothing": f"{BARE}\u200b&\u200b{PARAMETER}\u200d",
}
IN_HTML_ALONE = {
    "a space": f"{HTML}&amp;devicetype=Windows 10&amp;{PARAMETER}",
    "a line": f"{HTML}&amp;\n{PARAMETER}",
    "a line in the value": f"{HTML}&amp;key=s3\ncret",
    "no host": f"/s?__biz=MzA5MzE5MDAzOA==&amp;mid=1&amp;{PARAMETER}",
    "no host, the key first": f"/s?{PARAMETER}&amp;__biz=MzA5MzE5MDAzOA==&amp;mid=1",
    "a frame of a vote": f"/mp/newappmsgvote?action=show&amp;{PARAMETER}",
    "no scheme": f"{HTML}&amp;{PARAMETER}".removeprefix("https:"),
}


@pytest.mark.parametrize("around", ["{}", "[晚潮]({})，后", "<a href='{}'>", "`{}`", "见{}。"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_credential_leaves_in_whatever_way_a_link_is_written(spelling: str, around: str) -> None:
    clean = without_secrets(around.format(SPELLINGS[spelling]))
    assert "s3cret" not in clean.lower()
    head, tail = around.split("{}")
    assert clean.startswith(head)
    assert clean.endswith(tail)
    assert without_secrets(clean) == clean


REQUESTS = (
    r"/s?\_\_biz=MzA5MzE5MDAzOA==&mid=1&pass\_ticket=s3cret&key=s3cret",
    r"/mp/profile\_ext?action=home&\_\_biz=MzA5MzE5MDAzOA==&uin=s3cret&key=s3cret",
    r"/mp/appmsg\_comment?action=getcomment&pass\_ticket=s3cret",
    r"/mp/getmsg?f=json&\_\_biz\=MzA5MzE5MDAzOA==\&key\=s3cret",
    "/s/AbCdEfGhIjKlMnOpQrStUv?ascene=0&exportkey=s3cret&key=s3cret",
)


@pytest.mark.parametrize("request_line", REQUESTS)
def test_a_credential_leaves_a_request_without_a_host_in_words_that_are_escaped(
    request_line: str,
) -> None:
    clean = without_secrets(f"晚潮：GET {request_line} HTTP/1.1 潮水")
    assert "s3cret" not in clean
    assert clean.startswith("晚潮：GET " + request_line[: request_line.index("?")])
    assert clean.endswith(" HTTP/1.1 潮水")


@pytest.mark.parametrize(
    "before",
    ["`", "**", "路径为", "GET：", "[", "<code>", "|", "「", r"\x22", r"\u0027", "=&quot;"],
)
def test_a_credential_leaves_a_request_behind_marks_and_words(before: str) -> None:
    for path in ("mp/getappmsgext", "s/AbCdEfGhIjKlMnOpQrStUv"):
        clean = without_secrets(f"{before}/{path}?a=1&appmsg_token=s3cret&key=s3cret")
        assert clean == f"{before}/{path}?a=1"


@pytest.mark.parametrize("before", ["https://a.example", "a", "..", "~a"])
def test_the_path_of_another_host_keeps_its_parameters(before: str) -> None:
    for path in ("mp/getappmsgext", "s/AbCdEfGhIjKlMnOpQrStUv", "s"):
        text = f"{before}/{path}?a=1&token=0123456789abcdef"
        assert without_secrets(text) == text


EMPHASISED = {  # what an author did with a part of a link, and what is left of that
    "&**{name}={value}**&scene=1": "&scene=1",
    "&**{name}**={value}&scene=1": "&scene=1",
    "&{name}=**{value}**&scene=1": "&scene=1",
    "&*{name}={value}*": "&",
    r"&\*\*{name}={value}\*\*&scene=1": "&scene=1",
    "&`{name}={value}`&scene=1": "&scene=1",
    "&~~{name}={value}~~&scene=1": "&scene=1",
    "&[{name}={value}](https://a.example/)&scene=1": "&[](https://a.example/)&scene=1",
    "<strong>&{name}={value}&</strong>scene=1": "<strong>&</strong>scene=1",
    "&amp;<sup>{name}={value}</sup>&amp;scene=1": "&amp;scene=1",
    '&amp;<span style="color: red">{name}={value}</span>&amp;scene=1': "&amp;scene=1",
    "&amp;<b>{name}</b><i>=</i><u>{value}</u>": "&amp;",
    "&amp;</p><p>{name}={value}</p>": "&amp;</p>",
    "&**{name}**={value}\n\nTide of 2024": "&\n\nTide of 2024",
    "&<b>{name}={value}\n- ebb": "&<b>\n- ebb",
    "&\n\n{name}={value}，后": "&\n\n，后",
    r'&\<span style="color: red">{name}={value}\</span>&scene=1': "&scene=1",
    r"&\<mark\>{name}\</mark\>={value}&scene=1": "&scene=1",
    "&lt;b&gt;&amp;{name}={value}&amp;&lt;/b&gt;scene=1": "&lt;b&gt;&amp;&lt;/b&gt;scene=1",
    "&=={name}={value}==&scene=1": "&scene=1",
    r"\u0026\u003cb\u003e{name}\u003c/b\u003e={value}\u0026scene=1": r"\u0026scene=1",
    "&**__{name}={value}__**&scene=1": "&scene=1",
    r"&\_\_{name}={value}\_\_&scene=1": "&scene=1",
    "&{{{name}={value}}}&scene=1": "&{}&scene=1",
    "&{name}=**{value}&uin={value}**&scene=1": "&scene=1",
    "**&{name}={value}&scene=1**": "**&scene=1**",
    "&{name}={value}**Fog**": "**Fog**",
    "&{name}={value}</p><p>2024-03-05": "</p><p>2024-03-05",
    "&<b>{name}={value}</b>3.0.7": "&3.0.7",
    "&{name}={value}<i>{value}</i>": "&",
    "&{name}={value}**Harbour2024** reopens": "**Harbour2024** reopens",
    "&{name}={value}~~2024-03-05~~": "~~2024-03-05~~",
    "&{name}={value}[1]": "[1]",
    f"&{{name}}={{value}}<br>{LONG}": f"<br>{LONG}",
    "&<b>{name}</b>={value}</p><p>{value}": "&</p><p>s3cret0123456789abcdef",
    "&{name}={value}<wbr>{value}&scene=1": "&<wbr>scene=1",
    "&{name}={value}</td><td>iPhone15</td>": "</td><td>iPhone15</td>",
    "%26**{name}**%3D{value}%26scene%3D1": "%26scene%3D1",
    "\\x26amp;\\x3cb class=\\x22a\\x22\\x3e{name}={value}\\x3c/b\\x3e\\x26amp;a=1": "\\x26amp;a=1",
}


@pytest.mark.parametrize("name", ["key", "pass_ticket"])
@pytest.mark.parametrize("part", EMPHASISED)
def test_a_credential_leaves_the_part_of_a_link_that_is_emphasised(part: str, name: str) -> None:
    said = part.format(name=name, value="s3cret0123456789abcdef")
    hostless = "GET /mp/profile_ext?action=home"
    for link in (BARE, BARE.replace("__", r"\_\_"), f"{SHORT}?a=1", hostless):
        clean = without_secrets(f"见{link}{said}")
        assert clean == f"见{link}{EMPHASISED[part]}"
        assert without_secrets(clean) == clean


@pytest.mark.parametrize(
    "text",
    [
        f"{SHORT}?a=1，**key=0123456789abcdef**",
        f"{SHORT}?a=1& 再看 **key=0123456789abcdef**",
        f"{SHORT} 与 https://a.example/?a=1&**key=0123456789abcdef**",
        f"{BARE}&**key=YOUR_KEY**",
        f"{BARE}&**key={'x' * 20}**",
        f"{BARE}&**monkey=0123456789abcdef**",
        f"[雾]({SHORT})[**潮**](https://a.example/?a=1&key=0123456789abcdef)",
        f"{BARE}&**key**=\n\nInternationalization",
    ],
)
def test_what_is_emphasised_beside_a_link_is_no_credential_of_it(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.parametrize("quotes", ['"', "'"])
@pytest.mark.parametrize("spelling", IN_HTML_ALONE)
def test_a_credential_leaves_an_attribute_as_a_browser_reads_it(spelling: str, quotes: str) -> None:
    text = f"<a href={quotes}{IN_HTML_ALONE[spelling]}{quotes}>晚潮</a>\n\n潮水"
    clean = without_secrets(text)
    assert "cret" not in clean
    assert clean.endswith(f"{quotes}>晚潮</a>\n\n潮水")


FILES = (
    f"given/s?__biz=MzA5MzE5MDAzOA==&mid=1&{PARAMETER}&pass_ticket=s3cret.html",
    f"s?__biz=MzA5MzE5MDAzOA==&mid=1&{PARAMETER}",
    f"mp.weixin.qq.com/s?__biz=MzA5MzE5MDAzOA==&mid=1&{PARAMETER}",
    f"s@__biz=MzA5MzE5MDAzOA%3D%3D&mid=1&{PARAMETER}.html",
    f"s___biz=MzA5MzE5MDAzOA==&mid=1&{PARAMETER}",
    "s%3F__biz%3DMzA5MzE5MDAzOA%3D%3D%26mid%3D1%26key%3Ds3cret.html",
)


@pytest.mark.parametrize("name", FILES)
def test_a_credential_leaves_the_name_of_a_file_that_a_tool_made_of_a_link(name: str) -> None:
    clean = without_secrets(f"{name}: is no page")
    assert "s3cret" not in clean
    assert clean.startswith(name[: name.index("mid")])
    assert clean.endswith(": is no page")


ADDRESSES = (
    f"{SHORT}?uin=s3cret&{PARAMETER}",
    f"{SHORT}&uin=s3cret&{PARAMETER}",
    f"{SHORT}?scene=1?{PARAMETER}",
    f"{SHORT}%3F{PARAMETER}",
    f"{LONG}&lang=zh_CN%26uin%3Ds3cret",
    f"{LONG}&scene=1;{PARAMETER}",
    f"{LONG}#{PARAMETER}",
    f"{LONG}&url={quote(f'{SHORT}?{PARAMETER}', safe='')}",
    f"{LONG}&x={SHORT}?{PARAMETER}",
    f"{BARE}&{PARAMETER}".replace("&", "\\x26amp;").replace("=", "\\x3d"),
    f"{BARE}&{PARAMETER}".replace("&", "^&"),
    f"{BARE}\u200b&{PARAMETER}",
)


@pytest.mark.parametrize("link", ADDRESSES)
def test_an_address_is_known_sent_and_stored_without_its_credentials(link: str) -> None:
    url = parse_url(link)
    assert "s3cret" not in f"{url.given} {url.request} {url.canonical}"
    again = parse_url(url.given)
    assert (again.request, again.article_id) == (url.request, url.article_id)


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG}，再加上?key=1",
        f"[晚潮]({LONG})[别处](https://example.com/?key=1)",
        f"{SHORT}、https://example.com/?token=1",
        f'<a href="{LONG}">晚潮</a><a href="https://example.com/?key=1&amp;uin=2">别处</a>',
        f'"{SHORT} 与 https://example.com/?key=1 两处"',
        f"{SHORT} &key=1",
        f"{SHORT} 10 篇&key=1",
        "GET /s?key=1",
        '<a href="/s?key=1">',
        f"{SHORT}；key=1",
        f"{BARE}&monkey=1&stampkey=1&key38=1&keys=2&tokens=3&scene=key",
    ],
)
def test_what_stands_beside_a_link_is_no_credential_of_it(text: str) -> None:
    assert without_secrets(text) == text


_CARRIED = "key=s3cretKeY0123456789abcdef&uin=s3cretUin&pass_ticket=s3cretTicket%2B"


@pytest.mark.parametrize("end", ["\n", "\r\n", "  \n", "\\\n", "\n> ", "\n  "])
@pytest.mark.parametrize(
    "parts",
    [
        (LONG, f"&{_CARRIED}"),
        (f"{LONG}&", _CARRIED),
        (LONG[:-20], f"{LONG[-20:]}&{_CARRIED}"),
        (f"{LONG}&key=s3cretKeY", _CARRIED.removeprefix("key=s3cretKeY")),
        (LONG, "&key=s3cretKeY0123456789abcdef", "&uin=s3cretUin0123456789"),
    ],
)
def test_a_credential_leaves_a_link_that_mail_broke_and_the_link_is_whole(
    parts: tuple[str, ...], end: str
) -> None:
    text = f"{end.join(parts)}{end}雾号{end}next&key=1"
    assert without_secrets(text) == f"{LONG}{end}雾号{end}next&key=1"


@pytest.mark.parametrize("width", [64, 72, 76, 78])
@pytest.mark.parametrize("end", ["\n", "\r\n> ", "  \n"])
@pytest.mark.parametrize("last", ["", "&ascene=1&uin=MTIzNDU2Nzg5", "&pass_ticket=d5d5%2B" * 3])
def test_a_credential_leaves_a_link_whose_names_and_values_mail_broke(
    width: int, end: str, last: str
) -> None:
    link = f"{LONG}&key={'ab12' * 37}{last}"
    pieces = [link[start : start + width] for start in range(0, len(link), width)]
    cleaned = without_secrets(f"雾号\n\n{end}{end.join(pieces)}\n\n雾号{end}R&D")
    assert cleaned.replace("&ascene=1", "") == f"雾号\n\n{end}{LONG}\n\n雾号{end}R&D"


@pytest.mark.parametrize("below", ["Fog", "R&D", "2024", "AT&T 2024", "https://a.cn/x?key=1"])
def test_words_below_a_credential_are_no_rest_of_it(below: str) -> None:
    link = f"{LONG}&key={'ab12' * 40}"
    assert without_secrets(f"{link}\n{below}") == f"{LONG}\n{below}"
    half = f"{link[:80]}\n{link[80:160]}"
    assert without_secrets(f"{half}\n{below}").endswith(f"\n{below}")


@pytest.mark.parametrize("below", [SHORT, "Fog", "key=s3cretKeY0123456789abcdef"])
def test_what_stands_below_a_link_is_no_rest_of_it(below: str) -> None:
    text = f"{LONG}\n{below}\nFog&{_CARRIED}"
    assert without_secrets(text) == text


def test_of_hosts_that_run_into_one_another_none_is_looked_from_again() -> None:
    glued = 9 * "https://mp.weixin.qq.com/s?b="
    assert [found.end() for found in cut_links._BROKEN.finditer(f"{glued}。key=")] == [len(glued)]


@pytest.mark.parametrize("mark", ["**{}**", "<b>{}</b>", r"\<u>{}\</u>", "&lt;i&gt;{}&lt;/i&gt;"])
def test_a_credential_leaves_a_link_that_is_emphasised_from_its_middle_on(mark: str) -> None:
    said = "&pass_ticket=s3cret0a1b2c3d4e5f6a7b8c9d&scene=1"
    for place in range(len(said) + 1):
        first, second = said[:place], said[place:]
        for part in (f"{first}{mark.format(second)}", f"{mark.format(first)}{second}"):
            clean = without_secrets(f"见{BARE}&idx=1{part}，后")
            bare = clean
            for sign in mark.split("{}"):
                bare = bare.replace(sign, "")
            left = bare.replace(f"见{BARE}&idx=1", "").replace("&scene=1，后", "").strip("&")
            assert len(left) < 8
            assert said.replace("&scene=1", "").endswith(left)
            assert without_secrets(clean) == clean


@pytest.mark.parametrize("end", ["\n", "\r\n", "\t"])
def test_json_shows_no_credential_of_a_link_in_what_stands_on_the_next_line(end: str) -> None:
    text = end.join((f"{LONG}&key=", "&uin=777", "&key=777", "?token=777"))
    assert without_secrets(text) == text
    once = json.dumps({"body": text})
    assert without_secrets(once) == once
    twice = json.dumps([once])
    assert without_secrets(twice) == twice
    assert "s3cret" not in without_secrets(json.dumps(f"{text}{end}{LONG}&key=s3cret"))
    ours = f"{text}{end}/s?__biz=A&key=s3cret"
    assert "s3cret" not in without_secrets(json.dumps(json.dumps(ours)))


@pytest.mark.parametrize("value", ["{}", "{key}", "${key}", "$KEY", "***", "%s", "%(key)s", "%d"])
def test_what_a_program_puts_a_value_in_place_of_is_no_credential(value: str) -> None:
    text = f'url = f"{LONG}&key={value}&uin={value}" % "{BARE}&token=" + token'
    assert without_secrets(text) == text
    assert without_secrets(f"{BARE}&key=&{PARAMETER}") == f"{BARE}&key="


@pytest.mark.parametrize("value", ["%s3cret", "%d0%91", "%dZ9", "%253D"])
def test_what_only_begins_as_such_a_place_is_one(value: str) -> None:
    assert without_secrets(f"{BARE}&key={value}") == BARE


@pytest.mark.parametrize("behind", [").", ",后", "|表", "**", "~~", "'", "`", "?", "!", ". 下"])
def test_what_a_sentence_puts_behind_a_credential_stays(behind: str) -> None:
    assert without_secrets(f"{BARE}&{PARAMETER}{behind}") == f"{BARE}{behind}"


# how a page's script, JSON and a form write what stands behind an address
BEHIND_IN_A_SCRIPT = (
    r"\x22\x3e晚潮\x3c/a\x3e",
    r"\x27\x20target\x3d1",
    r"\x5d\x5b",
    r"\x0aOpenSSL",
    r"\u0022\u003eOpenSSL",
    r"\\u003c/a\\u003e3.0.7",
    r"\x26quot;\x26gt;3.0.7",
    r"\x26#34;\x26#62;3.0.7",
    "%22%3EOpenSSL",
    "%253C/a%253E",
)


@pytest.mark.parametrize("behind", BEHIND_IN_A_SCRIPT)
def test_what_a_script_writes_behind_a_credential_stays(behind: str) -> None:
    link = BARE.replace("&", "\\x26amp;")
    assert without_secrets(f"{link}\\x26amp;{PARAMETER}{behind}") == f"{link}{behind}"


@pytest.mark.parametrize("behind", BEHIND_IN_A_SCRIPT[:2] + BEHIND_IN_A_SCRIPT[3:6])
def test_what_stands_behind_a_link_in_a_script_is_no_parameter_of_it(behind: str) -> None:
    text = f"{SHORT}{behind}api/list?token=abc123"
    assert without_secrets(text) == text


ESCAPED = BARE.replace("/", r"\/")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"[往期]({SHORT})里的接口api?token=1返回", ""),
        (f"[往期]({SHORT})api/list?token=1", ""),
        (f"（见[往期]({LONG})与[又]({SHORT})里?uin=1&key=1）", ""),
        (f"(见{SHORT})和Q&A的a?key=1", ""),
        (f"[往期]({SHORT}?{PARAMETER})里?key=1", f"[往期]({SHORT})里?key=1"),
        (f"[往期]({BARE}&t=(a)&{PARAMETER})里?key=1", f"[往期]({BARE}&t=(a))里?key=1"),
        (f"{SHORT}?{PARAMETER}和Q&A", f"{SHORT}和Q&A"),
        (f"{BARE}&t=a)b&{PARAMETER}", f"{BARE}&t=a)b"),
        (f'<a href="{BARE}&t=a)晚&{PARAMETER}">', f'<a href="{BARE}&t=a)晚">'),
        (f"[往期](<{BARE}&t=a)b&{PARAMETER}>)里?key=1", f"[往期](<{BARE}&t=a)b>)里?key=1"),
        (f'["{ESCAPED}&t=a)晚&{PARAMETER}"]', f'["{ESCAPED}&t=a)晚"]'),
    ],
)
def test_what_stands_behind_a_link_in_brackets_is_words(text: str, kept: str) -> None:
    assert without_secrets(text) == (kept or text)


def test_a_credential_at_the_end_of_a_link_in_a_script_takes_no_words_along() -> None:
    link = f"{LONG}&scene=1&pass_ticket=s3cret%2F".replace("&", "&amp;")
    body = (
        f'<p>原文见<a href="{link}">CVE-2024-3094</a></p><p>OpenSSL 3.0.7 照旧，灯塔照常亮起。</p>'
    )
    page = modern("", content_noencode=body)
    assert "OpenSSL 3.0.7 照旧" in read_page(page).text
    assert b"s3cret" not in shrink_page(page)
    assert read_page(shrink_page(page)) == read_page(page)


def test_the_key_of_an_index_is_known_to_carry_credentials() -> None:
    assert carries_secrets("com,qq,weixin,mp)/s?__biz=x&idx=1&key=s3cret 20200101000000")
    assert not carries_secrets("com,qq,weixin,mp)/s?__biz=x&idx=1&mid=2 20200101000000")


@given(st.text(alphabet="a=&?#;\\x26u003d%253F^.amp;#38;key/ ") | st.text())
def test_an_address_without_credentials_stays_as_it_is(text: str) -> None:
    assert link_without(text, ()) == text
    once = without_secrets(f"{BARE}{text}")
    assert without_secrets(once) == once


@pytest.mark.parametrize(
    "unit",
    [
        *UNITS,
        f"[x]({SHORT})",
        ")",
        '="/s?__biz',
        "='https:",
        "&#38;amp;",
        f"{SHORT}&key=1\n",
        f"{SHORT}?\n&key=s3cret0123456789abcdef",
        "\n&key=s3cret0123456789abcdef",
        "](",
        "%25",
        "**key=0123456789abcdef**",
        f"{SHORT}?&**key=0123456789abcdef**",
        "<b>",
        r"\x3cb\x3e",
        "*`",
        "key=",
        "&==key=0123456789abcdef",
        "<b>&key=0123456789abcdef",
        "& ",
    ],
)
def test_taking_out_of_twice_as_much_takes_twice_the_steps(unit: str) -> None:
    assert_linear(lambda size: without_secrets(unit * size), 200)
    assert_linear(lambda size: without_secrets(f'="{SHORT}?{unit * size}"'), 200)


def test_no_credential_stays_in_the_text_or_the_snapshot_of_a_page() -> None:
    link = f"{LONG}&key=s3cret&pass_ticket=s3cret".replace("&", "&amp;")
    page = article(1, f'<p>灯塔照常亮起，<a href="{link}#rd">往期</a>里写过潮水的高度。</p>')
    assert b"s3cret" in page
    assert f"[往期]({LONG}#rd)" in read_page(page).text
    assert b"s3cret" not in shrink_page(page)
    assert read_page(shrink_page(page)) == read_page(page)


@needs_shared
def test_no_credential_stays_of_the_page_among_the_cases() -> None:
    page = (SHARED / "cases/pages/k03-links-with-secrets.html").read_bytes()
    assert b"SECRETPT" in page
    assert "SECRET" not in read_page(page).text
    assert b"SECRET" not in shrink_page(page)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("http://ann:s3cret@h:1/a@b", "http://***@h:1/a@b"),
        (
            "at https://ann:s3@cret@h, and http://s3cret@[::1]/",
            "at https://***@h, and http://***@[::1]/",
        ),
        ("http://h/s?to=a@b", "http://h/s?to=a@b"),
        ("http://h#a@b ann@h", "http://h#a@b ann@h"),
        ("http://ann:\\s3cret@h", "http://***@h"),
        ("http://a:b://ann:s3cret@h //ann@h", "http://a:b://***@h //***@h"),
    ],
)
def test_a_user_and_a_password_leave_the_addresses_of_a_text(text: str, kept: str) -> None:
    assert without_passwords(text) == kept


@pytest.mark.parametrize("unit", ["://", "@", "://a@", "a"])
def test_taking_out_passwords_of_twice_as_much_takes_twice_the_steps(unit: str) -> None:
    assert_linear(lambda size: without_passwords("://" + unit * size), 200)


@pytest.mark.parametrize("unit", [":\\", ":/", '"//', "://a"])
def test_passwords_are_looked_for_once_in_what_may_begin_an_address_everywhere(unit: str) -> None:
    text = unit * (1 << 21)  # for days, if each beginning were read to the end of all
    assert without_passwords(text) == text


NOT_TO_BE_KEPT = "CANARY004xyz0123456789"


@pytest.mark.parametrize("blank", [" ", "\n", "\u3000", "\u00a0", " \n  "])
@pytest.mark.parametrize("mark", ["&", "&amp;", "&chksm=8b05&", "&scene=21&amp;"])
def test_a_credential_behind_a_blank_leaves_the_text_as_one_in_the_link_does(
    blank: str, mark: str
) -> None:
    text = f"见 {LONG}{blank}{mark}key={NOT_TO_BE_KEPT}{mark}ascene=1 等"
    assert NOT_TO_BE_KEPT not in without_secrets(text)
    assert without_secrets(text).startswith(f"见 {LONG}")
    assert without_secrets(text).endswith("ascene=1 等")


def test_what_names_no_link_of_wechat_keeps_its_parameters_behind_a_blank() -> None:
    for text in (
        f"curl https://a.example/?a=1 &key={NOT_TO_BE_KEPT}",
        f"{LONG} 然后 &key={NOT_TO_BE_KEPT}",
    ):
        assert without_secrets(text) == text
