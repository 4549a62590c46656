from __future__ import annotations

import json

import pytest

from crawler.clean.listings import read_list
from crawler.clean.listings.texts import is_text, letters_of
from tests.clean.listings.samples import short
from tests.growth import assert_linear

ENGLISH = "The ferry leaves at six, whatever the weather, and nobody has ever seen it wait. " * 40
PARAGRAPHS = (
    ENGLISH,
    "Der Fährmann wartet nicht, auch nicht für die Frau des Bürgermeisters. " * 40,
    "나룻배는 여섯 시에 떠나고 아무도 기다리지 않는다. " * 40,
    "གྲུ་གཟིངས་ནི་དུས་ཐོག་ཏུ་འགྲོ་བ་རེད། " * 140,
    "كېمە سائەت ئالتىدە يولغا چىقىدۇ. " * 80,
    "渡口的船六点开，晚一刻也不等人。" * 40,
)


@pytest.mark.parametrize("words", PARAGRAPHS)
def test_a_text_in_any_writing_beside_a_link_is_told(words: str) -> None:
    rows = [{"title": "a", "url": short(1), "my_text": words}]
    assert [link.left for link in read_list(json.dumps(rows).encode()).links] == [True]
    paragraphs = words.replace(". ", ".</p>\n<p>")
    html = f"<h1>Title</h1><p><a href='{short(1)}'>Original</a></p><p>{paragraphs}</p>"
    assert [link.left for link in read_list(html.encode()).links] == [True]


@pytest.mark.parametrize(
    "words",
    [
        "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4" * 90,
        "[The last ferry of the year](https://a.example/the-last-ferry)\n" * 90,
        "https://a.example/the-last-ferry-of-the-year?utm_source=everybody \n" * 90,
        ENGLISH[:1200],  # a summary
        "<p style='margin: auto; color: black' class='rich_media_content'>甲</p>\n" * 90,
        '<div class="card wrapper" style="color: red"><span></span></div>' * 90,
        json.dumps([{"albumTitle": "渡口", "isOriginal": 1, "copyrightState": 2}] * 90),
        json.dumps(json.dumps([{"albumTitle": 1, "isOriginal": 1, "copyrightState": 2}] * 90)),
    ],
)
def test_links_pictures_summaries_and_data_are_no_text(words: str) -> None:
    assert not is_text("mytext", words)


@pytest.mark.parametrize("piece", ["a", "[", "[a](", "a://", "渡", "a ", "<", "<a", '"a'])
def test_the_work_grows_as_the_text_does(piece: str) -> None:
    assert_linear(lambda size: letters_of(piece * size), 5_000)


def test_an_outline_in_any_writing_beside_a_link_is_told() -> None:
    line = f'<outline text="a" url="{short(1)}"/>'
    for words, is_told in ((ENGLISH, True), ("渡口的船六点开。" * 80, True), ("Ferries", False)):
        opml = f'<opml><body>{line}<outline text="{words}" type="note" created="x"/></body></opml>'
        listing = read_list(opml.replace("<outline t", "<outline created='y' t").encode())
        assert listing.links[0].left is is_told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("灯塔的光扫过海面。" * 100, False),
        ("灯塔的光扫过海面。" * 200, True),
        ("<p>灯塔的光扫过海面。</p>" * 70, True),
    ],
)
def test_a_summary_of_many_words_or_of_html_is_what_a_feed_carries(
    value: str, *, told: bool
) -> None:
    """Programs on feedparser, which calls a description so, keep whole texts in it."""
    assert is_text("summary", value) is told
    assert not is_text("note", value)
