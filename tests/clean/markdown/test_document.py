from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.markdown import assemble_document, split_document

TITLES = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"])).map(str.strip)
COVERS = st.sampled_from(["", "https://mmbiz.qpic.cn/mmbiz_jpg/cover/0?wx_fmt=jpeg"])
TEXTS = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])).map(
    lambda text: text.strip("\n")
)


def test_a_document_is_heading_cover_and_text() -> None:
    assert assemble_document("渡轮", "https://a/b", "首班准点。") == (
        "# 渡轮\n\n![cover_image](https://a/b)\n\n首班准点。\n"
    )


@given(title=TITLES, cover=COVERS, text=TEXTS)
def test_taking_a_document_apart_gives_back_what_it_was_made_of(
    title: str, cover: str, text: str
) -> None:
    body = assemble_document(title, cover, text)
    assert body.endswith("\n")
    assert split_document(body) == (title, cover, text)


def test_a_text_without_a_heading_is_all_text() -> None:
    assert split_document("只有正文\n") == ("", "", "只有正文")
