"""One capture of a web archive, and the address of its replay."""

from __future__ import annotations

import pytest

from crawler.clean.captures.capture import Capture, is_timestamp, original_of, without_port

LINK = "https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTuV"


@pytest.mark.parametrize("text", ["20240508183000", "19960101000000", "20240229000000"])
def test_fourteen_digits_of_a_moment_are_a_timestamp(text: str) -> None:
    assert is_timestamp(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024050818300",
        "20240230000000",
        "20240508250000",
        "19900101000000",
        "21000101000000",
        "２０２４０５０８１８３０００",
    ],
)
def test_other_digits_are_none(text: str) -> None:
    assert not is_timestamp(text)


@pytest.mark.parametrize(
    "replayed",
    [
        f"https://web.archive.org/web/20240508183000/{LINK}",
        f"https://web.archive.org/web/20240508183000id_/{LINK}",
        f"http://localhost:8080/all/20240508183000mp_/{LINK.replace('//', '/')}",
    ],
)
def test_an_address_of_replay_names_its_moment_and_its_original(replayed: str) -> None:
    capture = original_of(replayed)
    assert capture == Capture(at="20240508183000", url=LINK)
    assert capture.moment == "2024-05-08T18:30:00+00:00"


@pytest.mark.parametrize(
    "address", [LINK, f"https://web.archive.org/web/2024/{LINK}", f"/web/20241308000000/{LINK}"]
)
def test_any_other_address_is_none(address: str) -> None:
    assert original_of(address) is None


@pytest.mark.parametrize(
    ("listed", "address"),
    [
        ("http://mp.weixin.qq.com:80/s?__biz=x", "http://mp.weixin.qq.com/s?__biz=x"),
        ("HTTPS://mp.weixin.qq.com:443/s/x", "HTTPS://mp.weixin.qq.com/s/x"),
        ("http://mp.weixin.qq.com:80", "http://mp.weixin.qq.com"),
        ("http://mp.weixin.qq.com:8080/s/x", "http://mp.weixin.qq.com:8080/s/x"),
        ("http://mp.weixin.qq.com/s?u=http://a:80/", "http://mp.weixin.qq.com/s?u=http://a:80/"),
        ("http://me@mp.weixin.qq.com:80/s/x", "http://me@mp.weixin.qq.com:80/s/x"),
    ],
)
def test_the_port_that_the_web_has_anyway_is_no_part_of_an_address(
    listed: str, address: str
) -> None:
    assert without_port(listed) == address
    if listed.startswith("http://mp.weixin.qq.com:80/"):
        assert original_of(f"https://web.archive.org/web/20240508183000id_/{listed}") == Capture(
            at="20240508183000", url=address
        )
