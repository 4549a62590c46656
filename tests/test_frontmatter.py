from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawler.characters import on_one_line
from crawler.frontmatter import (
    FrontMatter,
    read_properties,
    render_front_matter,
    split_front_matter,
)
from tests.conftest import SEEDS, needs_shared

URL = "https://mp.weixin.qq.com/s?__biz=MzA5MzE5MDAzOA==&mid=1&idx=2&sn=ab#rd"


def _front(title: str, source: str = "某某观察") -> FrontMatter:
    return FrontMatter(
        title=title,
        url=URL,
        source=source,
        date="2024-05-08",
        fetch_date="2025-10-06T17:17:02.990516",
    )


def _as_yaml(block: str) -> dict[str, object]:
    loaded = yaml.safe_load(block.strip().strip("-"))
    assert isinstance(loaded, dict)
    return loaded


def test_it_is_written_as_a_seed_writes_it() -> None:
    assert (
        render_front_matter(_front("关注 | 92名嫌犯")) == "---\ntitle: 关注 | 92名嫌犯\n"
        f"url: {URL}\n"
        "source: 某某观察\ndate: 2024-05-08\nfetch_date: 2025-10-06T17:17:02.990516\n---\n\n"
    )


@pytest.mark.parametrize(
    "title", ["【预警】新漏洞", "😀开心", "，逗号开头", "C#入门", "a:b", "2024年回顾"]
)
def test_a_title_that_yaml_reads_as_it_stands_is_not_quoted(title: str) -> None:
    assert f"title: {title}\n" in render_front_matter(_front(title))


@pytest.mark.parametrize(
    "title",
    [
        "问: 答",
        "# 井号",
        "2024",
        "null",
        "yes",
        "- 列表",
        "'引'",
        '"引" 后',
        "@某人",
        "a #b",
        "尾: ",
        "x\x85y",
        "\u2028x",
        "[括]",
    ],
)
def test_a_hostile_title_is_valid_yaml_and_reads_back(title: str) -> None:
    block = render_front_matter(_front(title))
    assert _as_yaml(block)["title"] == on_one_line(title)
    assert split_front_matter(block)[0] == _front(on_one_line(title))


@given(title=st.text(), source=st.text())
def test_whatever_the_title_it_is_one_line_valid_yaml_and_reads_back(
    title: str, source: str
) -> None:
    front = _front(on_one_line(title), on_one_line(source))
    block = render_front_matter(front) + f"# {front.title}\n"
    assert block.count("\n") == 9
    assert _as_yaml(block.split("\n# ")[0]) | {"title": front.title} == _as_yaml(
        block.split("\n# ")[0]
    )
    assert split_front_matter(block) == (front, f"\n# {front.title}\n")


def test_a_title_over_several_lines_is_read_to_the_line_of_the_url() -> None:
    text = (
        f'---\ntitle: 第一行\n第二行: "引\nurl: {URL}\nsource: x\ndate: 2024-05-08\nfetch_date:'
        " y\n---\n\n正文\n"
    )
    front, rest = split_front_matter(text)
    assert front is not None
    assert front.title == '第一行 第二行: "引'
    assert rest == "\n正文\n"


@pytest.mark.parametrize("mark", [">", ">-", "|", "|+"])
def test_values_that_yaml_writes_on_the_lines_below_are_read(mark: str) -> None:
    block = f"---\ntitle: {mark}\n  渡口的\n  船\nurl: {mark}\n  {URL}\nsource: {mark}\n  渡口\n"
    front, rest = split_front_matter(f"{block}date: 2024-05-08\n---\n\n# 渡口的 船\n\n开了。")
    assert front == FrontMatter(
        title="渡口的 船", url=URL, source="渡口", date="2024-05-08", fetch_date=""
    )
    assert rest.endswith("开了。")


@pytest.mark.parametrize(
    "folded",
    [
        ">-\n  青石\n  电台",
        "|\n  青石\n  电台",
        "青石\n  电台",
        '"青石\n  电台"',
        '\n  - 青石\n  - "电台"',
    ],
)
def test_properties_of_ours_that_an_editor_folded_are_read(folded: str) -> None:
    text = f"---\ntitle: 船\nstate: >-\n  ok\naccount: {folded}\nauthor: 阿岭\n---\n\n船"
    assert read_properties(text) == {"state": "ok", "account": "青石 电台", "author": "阿岭"}


def test_a_title_that_begins_with_an_angle_keeps_it() -> None:
    block = f"---\ntitle: > 船\n开了\nurl: {URL}\nsource: 渡口\ndate: 2024-05-08\n---\n"
    front, _ = split_front_matter(f"{block}\n# > 船\n开了\n\n正文")
    assert front is not None
    assert front.title == "> 船 开了"


@pytest.mark.parametrize("url", [f"<{URL}>", f"[原文]({URL})", f"[{URL}](<{URL}>)"])
def test_a_link_is_read_as_editors_write_one(url: str) -> None:
    block = f"---\ntitle: 船\nurl: {url}\nsource: 渡口\ndate: 2024-05-08\n---\n"
    front, _ = split_front_matter(f"{block}\n# 船\n\n开了。")
    assert front is not None
    assert front.url == URL


def test_a_raw_title_in_quotes_keeps_them_when_the_heading_has_them() -> None:
    text = (
        f"---\ntitle: '引'\nurl: {URL}\nsource: x\ndate: 2024-05-08\nfetch_date: y\n---\n\n# '引'\n"
    )
    front, _ = split_front_matter(text)
    assert front is not None
    assert front.title == "'引'"


@pytest.mark.parametrize("text", ["", "正文", "---\ntitle: x\n---\n", "---\n" * 50, "\x00"])
def test_a_text_without_the_five_keys_has_no_front_matter(text: str) -> None:
    assert split_front_matter(text) == (None, text)


@pytest.mark.slow
@needs_shared
def test_the_front_matter_of_every_real_seed_becomes_valid_yaml_and_reads_back_equal() -> None:
    seeds = [path for path in SEEDS.rglob("*") if path.suffix in (".md", ".txt")]
    assert len(seeds) > 1900
    for path in seeds:
        front, rest = split_front_matter(path.read_text(encoding="utf-8"))
        assert front is not None, path
        block = render_front_matter(front)
        assert [_as_yaml(block)[key] for key in ("title", "url", "source")] == [
            front.title,
            front.url,
            front.source,
        ]
        assert split_front_matter(block + rest)[0] == front


_FIVE = {
    "title": "渡口: 夜话",
    "url": "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv",
    "source": "渡口",
    "date": "2026-05-23 11:29:46",
    "fetch_date": "2026-05-24T08:00:00",
}


@pytest.mark.parametrize("after", _FIVE)
@pytest.mark.parametrize("foreign", ["tags: [a, b]", "aliases:\n  - a\n  - b", "author: 阿青"])
def test_keys_of_others_between_the_five_run_into_no_value(after: str, foreign: str) -> None:
    lines = [
        f"{key}: {value}\n{foreign}" if key == after else f"{key}: {value}"
        for key, value in _FIVE.items()
    ]
    front, rest = split_front_matter("---\n" + "\n".join(lines) + "\n---\n\n正文")
    assert front == FrontMatter(**_FIVE)
    assert rest.strip() == "正文"


def test_the_day_of_fetching_may_be_missing_and_keys_may_stand_in_another_order() -> None:
    lines = [f"{key}: {_FIVE[key]}" for key in ("url", "title", "date", "source")]
    front, _ = split_front_matter("---\n" + "\n".join(lines) + "\n---\n正文")
    assert front == FrontMatter(**{**_FIVE, "fetch_date": ""})


@pytest.mark.parametrize("key", ["tags: [笔记]", "公众号: 甲号", "author: 甲"])
def test_a_note_with_four_of_the_keys_and_others_is_no_seed(key: str) -> None:
    lines = [f"{name}: {_FIVE[name]}" for name in ("title", "url", "source", "date")]
    assert split_front_matter("---\n" + "\n".join([*lines, key]) + "\n---\n正文")[0] is None


def test_a_note_that_says_what_type_it_is_is_no_seed() -> None:
    lines = [f"{key}: {value}" for key, value in _FIVE.items()]
    assert split_front_matter("---\ntype: digest\n" + "\n".join(lines) + "\n---\n")[0] is None
