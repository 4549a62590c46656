"""What tools leave behind a text: a page's own last lines, lists of media."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """Lines behind a text that are a page's or a tool's, taken from the end upwards."""

    id: str
    line: str  # a pattern for a whole line
    begins: str = ""  # a pattern for a whole line from which on everything is furniture ...
    behind: str = ""  # ... where half of the lines behind it, at least, are of this pattern ...
    wholly: bool = False  # ... or all of them ...
    first: str = ""  # ... and the first of them of this one
    evidence: str
    matches: tuple[str, ...]
    spares: tuple[str, ...] = ()


_HIGHLIGHT = (
    r"[-*] (?:(?!\(\[View Highlight\]\()[^\n])*+\(\[View Highlight\]\(https://(?:read\.)?"
    r"readwise\.io/.*"
)

TAILS = (
    Tail(
        id="clipper",
        line=r".{1,40} · 目录|作者提示[:：].{0,80}|\*{0,2}微信扫一扫赞赏作者\*{0,2}|"
        r"继续滑动看下一个"
        r"|向上滑动看下一个|Scan to Follow|轻触阅读原文|阅读原文|喜欢作者|个人观点，仅供参考",
        evidence="47 of 59 real files end in 向上滑动看下一个, with the account before it",
        matches=("示例合集 · 目录", "作者提示: 个人观点", "**微信扫一扫赞赏作者**"),
        spares=("目录", "本文作者提示", "继续滑动看下一个视频"),
    ),
    Tail(
        id="media-references",
        line=r"---",
        begins=r"## Media References",
        behind=r"[-*] .*|!?\[.*|#{3,4} .*|https?:.*|[^\s。！？`]{1,40}",
        wholly=True,
        evidence="its source: a list of sounds and films behind a rule",
        matches=("---",),
        spares=("## Media",),
    ),
    Tail(
        id="readwise",
        line=r"## Highlights",
        begins=r"## Highlights",
        behind=_HIGHLIGHT + r"|[-*] (?:Note|Tags): .*|#{2,3} New highlights added .*",
        first=_HIGHLIGHT,  # an article may end in highlights of its own
        evidence="its template: what was marked, each with a link to it, behind the whole document",
        matches=("## Highlights",),
        spares=("- 甲。",),
    ),
    Tail(
        id="note-sync",
        line=r"---|阅读原文|(?:Original|原创) .{1,80}|!\[\[[^\]\n]{1,300}\|cover_image\]\]"
        r"|!\[cover_image\]\(.*",
        begins=r"内容效果不满意？\[点此反馈\]\(https://feedback\.notebooksyncer\.com/\S*\)",
        behind=r"---",
        wholly=True,
        evidence="20 of 20 real files since May 2026; above it the cover and the byline again",
        matches=("---", "Original 甲 乙", "![[a/images/b.png|cover_image]]"),
        spares=("内容效果不满意？", "原创", "![[a.png]]"),
    ),
    Tail(
        id="page",
        line=r"---",
        begins=r"预览时标签不可点",
        behind=r"\[[^\]\n]{0,40}\]\(javascript:.*|微信扫一扫.*|关注该公众号|(?:继续|向上)滑动看下一个"
        r"|轻触(?:阅读|查看)原文|阅读原文|知道了|使用小程序|使用完整服务|取消|允许|×|分析|修改于.{0,40}"
        r"|!\[[^\]\n]*\]\(.*|[：，。\s]+(?:视频.*)?|(?:(?:赞|分享|推荐|在看|写留言|留言|收藏|听过)\s*+)+",
        evidence="the page's own tail, as seeds have it",
        matches=("---",),
        spares=("预览",),
    ),
)
