from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Kind, State
from crawler.clean.markdown import assemble_document
from crawler.clean.seeds.furniture import TAIL_MARK, Where, rule_of
from crawler.clean.seeds.owners import CUT_AT
from crawler.clean.seeds.read import Seed, account_of_tail, read_seed
from crawler.frontmatter import render_front_matter
from crawler.marks import CUT
from tests.conftest import ROOT, SEEDS, index_of, needs_shared
from tests.lookalikes import (
    IN_A_LINE,
    TAIL,
    deleted_seed,
    front_matter,
    hollow_seed,
    link,
    whole_seed,
)

STATES = {
    "hollow": "hollow",
    "no_body_post": "hollow",
    "verify": "verification",
    "nonwx": "not_wechat",
} | {kind: kind for kind in ("deleted", "violation", "migrated", "account_gone", "truncated")}
SHELL = TAIL[TAIL.index("：\n，") :]


@cache
def real_seed(path: str) -> Seed:
    """A seed below ../shared/seeds, read once for all tests that ask for it."""
    return read_seed((SEEDS / path).read_bytes())


def _read(text: str) -> Seed:
    return read_seed(text.encode())


def _cut(text: str) -> str:
    """A seed as the older tool cut it.

    So many characters behind the first heading, and three dots.
    """
    head, converted = text.split("\n\n# ", 1)
    heading, _, converted = converted.partition("\n\n")
    return f"{head}\n\n# {heading}\n\n{converted[:CUT_AT]}..."


def test_a_whole_seed_gives_its_parts_and_nothing_of_the_page() -> None:
    seed = _read(whole_seed(source="Harbour feed"))
    assert (seed.state, seed.title, seed.account, seed.author) == (
        State.OK,
        "渡轮恢复通航",
        "临港日志",
        "林小渡",
    )
    assert seed.text == "港口今晨恢复通航，首班渡轮准点离岸。\n\n岸边的灯一直亮到天明。"
    assert seed.cover == "https://mmbiz.qpic.cn/mmbiz_jpg/cover0000/0?wx_fmt=jpeg"
    assert seed.removed["tail:page"] == 19


@pytest.mark.parametrize(
    ("notice", "state"),
    [
        ("## 环境异常\n\n当前环境异常，完成验证后即可继续访问。\n\n去验证", State.VERIFICATION),
        ("该内容已被发布者删除", State.DELETED),
        ("## 此内容因违规无法查看\n\n由用户投诉并经平台审核", State.VIOLATION),
        ("## 该公众号已迁移\n\n该公众号已迁移至新的账号，原账号已回收。", State.MIGRATED),
        ("## 此账号已被屏蔽, 内容无法查看\n\n接相关投诉，此账号涉嫌违反规定", State.ACCOUNT_GONE),
        ("此账号已自主注销，内容无法查看", State.ACCOUNT_GONE),
    ],
)
def test_a_notice_in_place_of_the_article_is_its_state(notice: str, state: State) -> None:
    seed = _read(front_matter("渡轮恢复通航", link(), "临港日志") + f"{notice}\n\n{SHELL}")
    assert (seed.state, seed.text) == (state, "")


def test_an_article_that_quotes_a_notice_is_an_article() -> None:
    seed = _read(whole_seed("打开一看，页面上写着：\n\n该内容已被发布者删除\n\n我愣了半天。"))
    assert seed.state is State.OK
    assert "该内容已被发布者删除" in seed.text


def test_a_document_that_begins_with_a_notice_as_a_story_may_is_an_article() -> None:
    story = "该内容已被发布者删除\n\n小林看到这行字，愣了很久，把手机放回了口袋。"
    seed = _read(front_matter("渡轮恢复通航", link(), "临港日志") + story)
    assert (seed.state, seed.text) == (State.OK, story)


def test_a_line_of_the_page_is_the_authors_own_above_the_mark() -> None:
    body = "付款只要三步：\n\n微信扫一扫\n\n取消\n\n允许\n\n分析\n\n。\n\n就好了。"
    assert _read(whole_seed(body)).text == body


@pytest.mark.parametrize("text", [hollow_seed(), hollow_seed(url=link())])
def test_furniture_alone_is_hollow(text: str) -> None:
    assert (_read(text).state, _read(text).text) == (State.HOLLOW, "")


ENGLISH = ": ， ， . Video Mini Program Like ，轻点两下取消赞 Wow ，轻点两下取消在看 Share 听过"


@pytest.mark.parametrize("labels", [IN_A_LINE, ENGLISH, ENGLISH.replace(" 听过", "\n听过")])
def test_the_labels_of_a_page_alone_are_no_article_however_a_tool_writes_them(labels: str) -> None:
    seed = _read(front_matter("渡轮恢复通航", link(), "临港日志") + labels)
    assert (seed.state, seed.text) == (State.HOLLOW, "")


def test_a_text_above_the_labels_in_a_line_is_an_article_whatever_its_tool_left_between() -> None:
    text = f"渡口的船六点开。\n\n继续滑动看下一个\n\n临港日志\n\n向上滑动看下一个\n\n{IN_A_LINE}"
    seed = _read(front_matter("渡轮恢复通航", link(), "临港日志") + text)
    assert (seed.state, "渡口的船六点开。" in seed.text) == (State.OK, True)


def test_a_post_whose_body_scripts_fill_in_is_hollow() -> None:
    posts = TAIL[TAIL.index("轻触阅读原文") :].format(account="临港日志")
    text = (
        front_matter("今晚的灯", link(), "x")
        + f"![](http://mmbiz.qpic.cn/a/300)\n\n临港日志\n\n,\n\n,  ,\n\n{posts}"
    )
    seed = _read(text)
    assert (seed.state, seed.account) == (State.HOLLOW, "临港日志")


def test_a_seed_that_its_tool_cut_is_truncated_and_keeps_its_dots() -> None:
    seed = _read(_cut(whole_seed("潮水一天两次漫过石阶，也漫过他们的脚印。\n\n" * 500)))
    assert seed.state is State.TRUNCATED
    assert seed.text.endswith("...")
    assert (seed.account, seed.author) == ("临港日志", "林小渡")


@pytest.mark.parametrize("levels", ["#", "##"])
@pytest.mark.parametrize(
    "body",
    ["## 退潮\n\n潮水一天两次漫过石阶。\n\n```\n## 不是标题\n```", "## 该内容已被发布者删除"],
)
def test_headings_that_an_editor_lowered_are_those_of_the_page(body: str, levels: str) -> None:
    head, mark, page = whole_seed(body).partition("\n# ")
    lines = f"{mark.strip()} {page}".split("\n")
    lowered = [
        levels + line if line.startswith("#") and "不是" not in line else line for line in lines
    ]
    seed, read = _read(whole_seed(body)), _read(f"{head}\n" + "\n".join(lowered))
    assert replace(read, left=seed.left) == seed


def test_a_cut_of_whose_dots_an_editor_made_one_sign_is_a_cut() -> None:
    cut = _cut(whole_seed("潮水漫过石阶...也漫过他们的脚印……\n\n" * 500))
    seed = _read(cut.replace("...", "…"))
    assert seed.state is State.TRUNCATED
    assert (seed.account, seed.author) == ("临港日志", "林小渡")
    assert seed.text == _read(cut).text[:-3].replace("...", "…") + "..."
    for text in (cut.replace("\n\n也", "也"), cut.replace("\n\n", "\n")):  # of a linter
        assert _read(text[:-3] + "…").state is State.TRUNCATED
        assert _read(text[:-3] + "……").state is State.OK  # as authors end


@pytest.mark.parametrize("spare", [3, 4, 6, 40, 200])
def test_a_cut_inside_the_tail_leaves_a_whole_article(spare: int) -> None:
    whole = whole_seed("潮" * 100)
    room = (
        CUT_AT
        - len(whole.split("\n\n# ", 1)[1].partition("\n\n")[2].partition(TAIL_MARK)[0])
        - spare
    )
    body = "潮" * (100 + room)
    seed = _read(_cut(whole_seed(body)))
    if spare >= 4:
        assert (seed.state, seed.text) == (State.OK, body)
    else:  # three characters of the mark could be anything
        assert seed.state is State.TRUNCATED


@pytest.mark.parametrize(
    ("byline", "author", "account"),
    [
        ("临港日志", "", "临港日志"),
        ("林小渡\n\n临港日志", "林小渡", "临港日志"),
        ("原创\n\n林小渡\n\n临港日志", "林小渡", "临港日志"),
        ("原创\n\n林小渡\n林小渡\n\n临港日志", "林小渡", "临港日志"),
        ("临港日志\n\n临港日志", "临港日志", "临港日志"),
        ("原创\n\nlin\\_xiao\\_du\n\n临港日志", "lin_xiao_du", "临港日志"),
        ("临港日志\n\n![]()\n\n在小说阅读器中沉浸阅读", "", "临港日志"),
        (
            "林小渡\n\n临港日志\n\n在小说阅读器读本章\n\n去阅读\n\n![]()\n\n在公众号小说中沉浸阅读",
            "林小渡",
            "临港日志",
        ),
    ],
)
def test_every_form_of_byline_is_read_and_taken_off(byline: str, author: str, account: str) -> None:
    text = whole_seed().replace("原创\n\n林小渡\n\n临港日志\n\n港口", f"{byline}\n\n港口")
    seed = _read(text)
    assert (seed.author, seed.account) == (author, account)
    assert seed.text.startswith("港口今晨恢复通航")


def test_a_title_that_front_matter_spells_as_python_does_is_the_pages_own() -> None:
    text = whole_seed(title='渡轮xa0\\"晨星\\"复航').replace(
        '# 渡轮xa0\\"晨星\\"复航\n\n原创', '# 渡轮\xa0"晨星"复航\n\n原创'
    )
    assert _read(text).title == '渡轮 "晨星"复航'
    assert _read(whole_seed(title="Foxxa0 上线")).title == "Foxxa0 上线"


@pytest.mark.parametrize("heading", ["渡轮恢复通航", "渡轮恢复通航 | 港口", "渡轮 \\<1> 通航"])
@pytest.mark.parametrize(
    "text", ["## 一早\n\n首班渡轮离岸。", "- 首班\n- 末班", "首班渡轮离岸。\n\n灯一直亮到天明。"]
)
def test_a_text_right_below_its_heading_is_the_text(heading: str, text: str) -> None:
    head = front_matter("渡轮恢复通航", link(), "渡口").partition("# ")[0]
    seed = _read(f"{head}# {heading}\n{text}\n")
    assert (seed.state, seed.text) == (State.OK, text)
    assert seed.title == heading.replace("\\", "")


@pytest.mark.parametrize("shell", ["", f"\n\n{SHELL}"])
@pytest.mark.parametrize(
    ("notice", "state"),
    [
        ("## 环境异常\n\n当前环境异常，完成验证后即可继续访问。\n\n去验证", State.VERIFICATION),
        ("该内容已被发布者删除", State.DELETED),
        ("## 此内容因违规无法查看\n\n由用户投诉并经平台审核", State.VIOLATION),
    ],
)
def test_a_notice_below_a_title_of_several_paragraphs_is_its_state(
    notice: str, state: State, shell: str
) -> None:
    title = "今天看潮。\n\n明天再看。"
    seed = _read(f"{front_matter(title, link(), '渡口')}{notice}{shell}")
    assert (seed.state, seed.text, seed.title) == (state, "", "今天看潮。 明天再看。")


def test_a_title_of_several_paragraphs_is_no_text_of_the_page() -> None:
    title = "新版手册定稿\n\n入口：\nhttps://example.com\n\n版本：\nV0.3"
    assert _read(deleted_seed(title=title)).state is State.DELETED
    assert _read(hollow_seed(title=title)).state is State.HOLLOW
    assert _read(whole_seed(title=title)).text == _read(whole_seed()).text


@pytest.mark.parametrize("line", ["继续滑动看下一个", "修改于", "轻触阅读原文", "知道了"])
def test_no_line_of_the_page_is_the_accounts_name(line: str) -> None:
    assert account_of_tail([TAIL_MARK, line, "向上滑动看下一个"]) == ""
    assert account_of_tail([TAIL_MARK, "![]()", "临港日志", "..."]) == ""
    assert account_of_tail([TAIL_MARK, "![]()", "临港日志", "向上滑..."]) == "临港日志"


def _post(heading: str) -> str:
    """The seed of a post of words alone, which scripts fill in."""
    posts = TAIL[TAIL.index("轻触阅读原文") :].format(account="临港日志")
    avatar = "![](http://mmbiz.qpic.cn/a/300)"
    return front_matter(heading, link(), "x") + f"{avatar}\n\n临港日志\n\n,\n\n,  ,\n\n{posts}"


def test_a_post_whose_title_is_its_text_is_that_text() -> None:
    seed = _read(_post("今晚有雾，路上慢些。\n\n# 号线停运，*请*绕行。"))
    assert (seed.state, seed.kind) == (State.OK, Kind.TEXT)
    assert seed.title == "今晚有雾，路上慢些。"
    assert seed.text == "今晚有雾，路上慢些。\n\n\\# 号线停运，\\*请\\*绕行。"
    assert (seed.account, seed.has_no_page) == ("临港日志", False)
    assert _read(_post("今晚的灯")).state is State.HOLLOW


def test_a_reprint_card_is_kept_as_one_line() -> None:
    card = "以下文章来源于青石电台\n，作者何晚\n\n![](http://wx.qlogo.cn/mmhead/x/0)\n\n**青石电台**\n.\n\n夜里说话的人"
    seed = _read(whole_seed(f"{card}\n\n潮水退了。"))
    assert seed.text == "以下文章来源于青石电台，作者何晚\n\n潮水退了。"
    edited = _read(whole_seed(f"编者荐语：\n\n值得一读。\n\n{card}\n\n潮水退了。"))
    assert edited.text.startswith("编者荐语：值得一读。\n\n以下文章来源于青石电台")


def test_a_disclosure_is_kept_beside_the_text() -> None:
    seed = _read(whole_seed().replace(f"{TAIL_MARK}\n", f"{TAIL_MARK}\n\n内容由AI生成\n"))
    assert seed.disclosures == ("内容由AI生成",)
    assert "AI" not in seed.text


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", bytes(range(256)) * 9, b"\xff\xfe", "只有一行".encode(), b"\0" * 99]
)
def test_what_is_no_seed_says_why(content: bytes) -> None:
    seed = read_seed(content)
    assert seed.state is State.UNREADABLE
    assert seed.detail


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_a_seed_is_read_in_the_encoding_that_an_editor_left_it_in(encoding: str) -> None:
    assert read_seed(whole_seed().encode(encoding)).text == _read(whole_seed()).text
    assert (
        read_seed(whole_seed().replace("\n", "\r\n").encode(encoding)).text
        == _read(whole_seed()).text
    )


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_no_bytes_break_the_reader(noise: bytes, place: int) -> None:
    content = whole_seed().encode()
    for seed in (noise, content[:place] + noise + content[place:], content[:place] + noise):
        assert isinstance(read_seed(seed).state, State)


def _exported(seed: Seed) -> bytes:
    assert seed.front is not None
    return (
        render_front_matter(seed.front) + assemble_document(seed.title, seed.cover, seed.text)
    ).encode()


def test_a_document_of_ours_is_read_back_as_it_was() -> None:
    seed = _read(whole_seed("- 一\n\n  列表里的一段\n\n```\n```inner\n```\n\n> 引文"))
    again = read_seed(_exported(seed))
    assert (again.text, again.title, again.cover, again.state) == (
        seed.text,
        seed.title,
        seed.cover,
        seed.state,
    )
    assert again.has_no_page


def test_a_text_that_speaks_of_a_pages_end_goes_on_behind_it() -> None:
    text = f"页面末尾写着：\n\n{TAIL_MARK}\n\n再往下是按钮。\n\n读者大多没见过。"
    seed = _read(whole_seed(text))
    assert (seed.text, seed.account) == (text, "临港日志")
    again = read_seed(_exported(seed))
    assert (again.text, again.has_no_page) == (text, True)


@pytest.mark.parametrize(
    "end",
    [
        f"{TAIL_MARK}\n\n阅读原文",
        "视频\n\n，轻点两下取消赞",
        "该内容已被发布者删除",
        f"{'潮' * 7990}。\n\n原创...",
    ],
)
def test_a_document_that_says_it_has_a_text_holds_nothing_of_a_page(end: str) -> None:
    exported = _exported(_read(whole_seed("潮。"))).decode()
    document = exported.replace("\n---\n", "\nstate: ok\n---\n", 1).replace("潮。", end)
    assert _read(document).text == end


@pytest.mark.parametrize(
    "end", ["", "\n...", "\n\n阅读原文\n\n![]()\n\n微信扫一扫\n关注该公众号\n\n继续滑..."]
)
def test_a_tail_that_was_cut_is_a_tail(end: str) -> None:
    whole = whole_seed("灯塔的光每隔七秒扫过一次海面。")
    seed = _read(whole[: whole.index(TAIL_MARK)] + TAIL_MARK + end)
    assert seed.text == "灯塔的光每隔七秒扫过一次海面。"


def test_an_article_above_a_tail_that_lost_its_first_line_is_kept() -> None:
    text = "\n\n".join(f"灯塔的光第{number}次扫过海面。" for number in range(99))
    seed = _read(whole_seed(text).replace(f"{TAIL_MARK}\n", "", 1))
    assert seed.state is State.OK
    assert text in seed.text


@pytest.mark.parametrize("line", CUT.values())
def test_a_line_like_ours_of_a_cut_is_the_articles_own_in_a_page(line: str) -> None:
    text = f"雾来了。\n\n{line}\n\n" + "第七次扫过海面。\n\n" * 900
    for page in (whole_seed(text[:999]), _cut(whole_seed(text))):
        seed = _read(page)
        assert f"{line}\n\n第七次扫过海面。" in seed.text
        assert (seed.account, seed.disclosures) == ("临港日志", ())


def test_words_that_somebody_wrote_below_a_page_are_told() -> None:
    seed = _read(f"{whole_seed()}\n\n我的笔记\n\n见港口志。\n")
    assert seed.text == _read(whole_seed()).text
    assert seed.disclosures == ("11 characters below the page's end are no part of the text",)
    assert _read(whole_seed()).disclosures == ()


@pytest.mark.parametrize(
    "end", ["微信扫一扫", "关注该公...", "作者提示：有剧透...\n\n![](http://mm..."]
)
def test_words_that_somebody_wrote_below_a_page_that_was_cut_are_told(end: str) -> None:
    page = whole_seed()
    cut = f"{page[: page.index(TAIL_MARK)]}{TAIL_MARK}\n\n阅读原文\n\n微信扫一扫\n\n{end}"
    told = ("11 characters below the page's end are no part of the text",)
    assert _read(f"{cut}\n\n我的笔记\n\n见港口志。\n").disclosures[-1:] == told
    assert told[0] not in _read(cut).disclosures


def test_an_article_above_a_tail_of_many_more_lines_is_kept_with_all_of_them() -> None:
    page = whole_seed("灯塔的光每隔七秒扫过一次海面。")
    comments = "\n\n".join(f"读者{number}：我也见过。" for number in range(99))
    seed = _read(page.replace(SHELL, f"{comments}\n\n{SHELL}"))
    assert seed.state is State.OK
    assert "灯塔的光每隔七秒扫过一次海面。" in seed.text
    assert "读者98：我也见过。" in seed.text


def test_the_seed_of_a_deleted_post_has_no_text() -> None:
    assert _read(deleted_seed()).state is State.DELETED


@pytest.mark.slow
@needs_shared
def test_the_real_seeds_have_the_states_that_their_index_names() -> None:
    rows = [row for row in index_of(SEEDS) if row["kind"] not in ("hard", "oddfm", "nofm")]
    states = {row["path"]: real_seed(row["path"]).state for row in rows}
    wrong = [row["path"] for row in rows if states[row["path"]] != STATES.get(row["kind"], "ok")]
    assert len(wrong) <= len(rows) * 0.005, wrong


@needs_shared
def test_the_hard_seeds_have_the_states_that_were_judged_by_hand() -> None:
    with (ROOT / "tests" / "seed_states.tsv").open(encoding="utf-8", newline="") as lines:
        judged = list(csv.DictReader(lines, delimiter="\t"))
    assert len(judged) == 50
    for row in judged:
        assert real_seed(f"hard/{row['seed']}.md").state == row["state"], row


@pytest.mark.slow
@needs_shared
def test_no_line_of_the_page_stands_in_its_place_in_a_real_article() -> None:
    for row in index_of(SEEDS):
        seed = real_seed(row["path"])
        if seed.state is State.OK:
            assert TAIL_MARK not in seed.text.split("\n"), row
            last = seed.text.rstrip().rpartition("\n")[2]
            assert (
                rule_of(last, Where.TAIL) in ("", "tail:picture", "tail:read-original")
                or last == "分析"
            ), (row, last)


@pytest.mark.slow
@needs_shared
def test_real_articles_survive_an_export_unchanged() -> None:
    changed = []
    for row in index_of(SEEDS):
        seed = real_seed(row["path"])
        if seed.state.has_body:
            again = read_seed(_exported(seed))
            if (again.text, again.title, again.cover) != (seed.text, seed.title, seed.cover):
                changed.append(row["path"])
    assert changed == []


@pytest.mark.parametrize(
    "tag", ['<a href="data:text/html,x">x</a>', '<a href="data:text/html,x">x']
)
def test_a_tag_in_the_midst_of_a_target_is_text_and_no_tag(tag: str) -> None:
    text = _read(whole_seed(f"![图](https://mmbiz.q{tag}pic.cn/a)")).text
    assert text.startswith("![图](https://mmbiz.q\\<a href")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2024-05-08T18:30+08:00", "2024-05-08T18:30+08:00"),
        ("9999-99-99T99:99", ""),
        ("2024-02-30T10:00", ""),
        ("昨天", ""),
    ],
)
def test_a_moment_of_publication_is_one_of_the_calendar_or_none(said: str, read: str) -> None:
    seed = whole_seed().replace("\n---\n", f"\nstate: ok\npublished: {said}\n---\n", 1)
    assert _read(seed).published_at == read


def test_a_seed_of_which_a_few_bytes_are_damaged_is_read_as_a_part() -> None:
    whole = whole_seed("港口今晨恢复通航。\n\n岸边的灯一直亮到天明。").encode()
    for at in whole.index("恢复".encode()), whole.rindex("恢复".encode()):
        seed = read_seed(whole[:at] + b"\xff" + whole[at + 1 :])
        assert (seed.state, "\ufffd" in seed.title + seed.text) == (State.TRUNCATED, True)
    assert seed.text.endswith("岸边的灯一直亮到天明。")
    assert read_seed(b"\xff\xfe\xfd" * 40 + whole).state is State.UNREADABLE


@pytest.mark.parametrize("missing", [1, 2])
def test_a_seed_that_was_cut_within_a_letter_is_a_part(missing: int) -> None:
    whole = whole_seed("港口今晨恢复通航。\n\n岸边的灯一直亮到天明。").encode()
    end = whole.index("天明".encode()) + 3
    assert read_seed(whole[: end - missing]).state is State.TRUNCATED
    in_tail = read_seed(whole[: whole.rindex("小程序".encode()) + 3 - missing])
    assert (in_tail.state, in_tail.text.endswith("天明。")) == (State.OK, True)


@pytest.mark.parametrize("missing", [1, 2])
def test_half_a_letter_behind_the_line_where_a_page_ends_does_not_make_that_line_text(
    missing: int,
) -> None:
    whole = whole_seed("港口今晨恢复通航。", title="渡口").encode()
    seed = read_seed(whole[: whole.rindex("\n阅读原文".encode()) + 4 - missing])
    assert (seed.state, seed.text) == (State.OK, "港口今晨恢复通航。")
    plain = whole[: whole.index("# 渡口".encode())].decode() + "# 渡口\n\n船开了。"
    noted = read_seed(f"{plain}\n\n<!-- notes -->\n\n自己的话".encode()[:-missing])
    assert (noted.state, noted.text) == (State.OK, "船开了。")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_sign_of_a_lost_letter_that_a_text_holds_itself_makes_it_no_part(encoding: str) -> None:
    seed = read_seed(whole_seed("港口今晨\ufffd复通航。").encode(encoding))
    assert (seed.state, "\ufffd" in seed.text) == (State.OK, True)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_seed_in_utf16_of_which_a_letter_is_lost_is_a_part(encoding: str) -> None:
    whole = ("\ufeff" + whole_seed("港口今晨恢复通航。")).encode(encoding)
    half = "\ud800".encode(encoding, "surrogatepass")
    hurt = read_seed(whole.replace("恢".encode(encoding), half))
    assert (hurt.state, "\ufffd" in hurt.text) == (State.TRUNCATED, True)
    plain = whole[: whole.index("通航。".encode(encoding)) + 5]
    assert read_seed(plain).state is State.TRUNCATED


@pytest.mark.parametrize("zeros", [1, 12])
def test_a_seed_in_which_a_disk_left_zeros_is_read_as_a_part(zeros: int) -> None:
    whole = whole_seed("港口今晨恢复通航，电话 0123-45678901。\n\n岸边的灯一直亮到天明。")
    seed = read_seed(whole.replace("晨恢复通航，电话 0123"[:zeros], "\0" * zeros).encode())
    assert seed.state is State.TRUNCATED
    assert "岸边的灯一直亮到天明。" in seed.text
    assert read_seed(whole.encode("utf-16")).state is State.OK


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_seed_that_was_cut_within_a_letter_is_read_as_beside_one(missing: int) -> None:
    whole = whole_seed("港口今晨恢复通航。\n\n岸边的灯一直亮到天明。").encode()
    end = whole.index("天明".encode()) + 3
    assert read_seed(whole[: end - missing]).text.endswith(
        "一直亮到天" if not missing else "一直亮到"
    )


def test_notes_below_code_in_a_quotation_that_does_not_close_are_told_and_no_text() -> None:
    text = f"{front_matter('题', link(), '渡口')}> ```\n> ls\n\n灯还亮着。"
    noted = _read(f"{text}\n\n<!-- notes -->\n\n自己的话")
    assert noted.text == _read(text).text
    assert noted.disclosures
