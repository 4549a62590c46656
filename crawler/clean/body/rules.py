"""RULES: what is left out of a body, each with its proof.

Two tables beside this one hold rules of their own form: `styles.HIDING` (styles that leave nothing
to see) and `widgets.WIDGETS` (players and cards, of which a line is left). Every id that a reader
finds in `removed` is in one of the three.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.clean.body.marks import COPY_LABELS, UNREAD

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.clean.body.builder import TreeBuilder
    from crawler.clean.body.styles import Looks
    from crawler.clean.body.tree import Attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is left out, with HTML that it must take something of, and HTML that it must not.

    `elements` are taken whole by their names alone, or by a class, as `name.class` or `*.class`.
    Where there are none, a reader in this room judges, and counts by this id.
    """

    id: str
    elements: tuple[str, ...] = ()
    twin_of: str = ""  # they go only where a rule of this id left a line in their stead
    matches: tuple[str, ...]
    spares: tuple[str, ...] = ()
    evidence: str


RULES = (
    Rule(
        id="script",
        elements=("script", "style", "noscript", "template"),
        matches=("<script>a</script>", "<p>甲<style>p{}</style></p>"),
        spares=("<p>script</p>",),
        evidence="never shown; scripts stand inside the body of share pages",
    ),
    Rule(
        id="head",
        elements=("head", "title", "meta", "link"),
        matches=("<p>甲<meta name=a></p>",),
        spares=("<p>head</p>",),
        evidence="pages pasted whole into the editor",
    ),
    Rule(
        id="editor-mark",
        elements=("mp-style-type",),
        matches=('<p>甲</p><mp-style-type data-value="3"></mp-style-type>',),
        evidence="ends every body of the editor of 2025 and 2026",
    ),
    Rule(
        id="control",
        elements=("select", "textarea", "object", "canvas", "progress", "meter"),
        matches=("<p>甲<input value=a></p>", "<textarea>甲</textarea>"),
        spares=("<button>甲</button>", "<ul><li><input type=checkbox> 甲</li></ul>"),
        evidence="what a reader would type into",
    ),
    Rule(
        id="paid-wall",
        elements=("mp-pay-preview-filter",),
        matches=("<p>甲</p><mp-pay-preview-filter>付费</mp-pay-preview-filter>",),
        evidence="after the free part of a paid article",
    ),
    Rule(
        id="svg-note",
        elements=("desc", "defs", "metadata"),
        matches=("<svg><desc>甲</desc></svg>",),
        spares=("<svg><text>甲</text></svg>",),
        evidence="words of a drawing that no browser shows",
    ),
    Rule(
        id="ruby-bracket",
        elements=("rp",),
        matches=("<ruby>行<rp>(</rp><rt>xíng</rt><rp>)</rp></ruby>",),
        spares=("<p>(甲)</p>",),
        evidence="for readers without ruby; the reading brings its own",
    ),
    Rule(
        id="code-line-numbers",
        elements=("ul.code-snippet__line-index", "*.line-numbers", "*.line-numbers-wrapper"),
        matches=(
            '<ul class="code-snippet__line-index"><li></li></ul>',
            '<pre>ls</pre><div class="line-numbers"><span>1</span><br></div>',
        ),
        spares=(
            '<ul class="code-snippet"><li>甲</li></ul>',
            '<div class="line-numbers"><pre>ls</pre></div>',
            '<div class="line-numbers"><pre>1 2 3</pre></div>',
        ),
        evidence="WeChat's own code block counts its lines beside it, VuePress's below it",
    ),
    Rule(
        id="hidden-tiny",
        matches=('<p>甲<span style="font-size:0">乙</span></p>',),
        spares=(
            '<p style="font-size:0"><span style="font-size:14px">甲</span></p>',
            '<p style="font-size:0"><span style="font:14px/1.5 serif">甲</span></p>',
            '<p style="font-size:0"><font size="3">甲</font></p>',
        ),
        evidence="text of size zero; spacers use it, and put a size on what is to be seen",
    ),
    Rule(
        id="hidden-white",
        matches=('<p>甲<span style="color:#fff">乙</span></p>',),
        spares=(
            '<p style="background:#c00"><span style="color:#fff">甲</span></p>',
            '<div><img data-src="https://mmbiz.qpic.cn/a"><p style="color:#fff">甲</p></div>',
            '<p><mark style="color:#fff">甲</mark></p>',
        ),
        evidence="white on white, as keywords for searches; words over a picture are white too",
    ),
    Rule(
        id="hidden-attribute",
        matches=("<p hidden>甲</p>", '<section hidden="">甲</section>'),
        spares=(
            '<p aria-hidden="true">甲</p>',
            '<p class="hidden">甲</p>',
            '<p hidden style="display:block">甲</p>',
        ),
        evidence="as a browser has it: an element with the attribute is not shown",
    ),
    Rule(
        id="hidden-visibility",
        matches=('<p>甲<span style="visibility:hidden">乙</span></p>',),
        spares=(
            '<p style="visibility:hidden"><span style="visibility:visible">甲</span></p>',
            '<p style="backface-visibility:hidden">甲</p>',
        ),
        evidence="keywords between words; pages saved by a browser say `visible` on every element",
    ),
    Rule(
        id="hidden-transparent",
        matches=(
            '<p>甲<span style="color:transparent">乙</span></p>',
            '<p>甲<span style="color:transparent;-webkit-text-stroke-width:0px">乙</span></p>',
            '<p>甲<b style="color:transparent;-webkit-text-stroke-width:inherit">乙</b></p>',
        ),
        spares=(
            '<p style="color:transparent;background-clip:text">甲</p>',
            '<p style="color:transparent;-webkit-text-stroke:0.5px red">甲</p>',
            '<p style="color:transparent;-webkit-text-stroke-width:1px">甲</p>',
            '<p style="-webkit-text-stroke:1px red"><b style="color:transparent">甲</b></p>',
            '<p style="-webkit-tap-highlight-color:transparent;border-color:transparent">甲</p>',
        ),
        evidence="text of no colour, but where a pattern is its fill",
    ),
    Rule(
        id="twin-audio",
        elements=("*.js_audio_frame", "*.audio_area", "*.share_audio_context"),
        twin_of="widget-audio",
        matches=(
            '<mpvoice name="甲"></mpvoice><span class="js_audio_frame db"><b>甲</b>00:00</span>',
        ),
        spares=('<span class="js_audio_frame">甲</span>',),
        evidence="the player that scripts draw beside its element, in pages that a browser saved",
    ),
    Rule(
        id="twin-music",
        elements=("*.qqmusic_area",),
        twin_of="widget-music",
        matches=("<qqmusic music_name=甲></qqmusic><span class=qqmusic_area>甲</span>",),
        spares=('<span class="qqmusic_area">甲</span>',),
        evidence="the same of a song",
    ),
    Rule(
        id="twin-video",
        elements=(
            "*.interact_video",
            "*.appmsg_video",
            "*.mp-video-player",
            "*.player_relate_video_dialog",
            "*.js_video_fullscreen_profile",
        ),
        twin_of="widget-video",
        matches=("<video src=/a></video><div class=interact_video>甲</div>",),
        spares=('<div class="interact_video">甲</div>',),
        evidence="a video's player, where it was said already, and the bar below it",
    ),
    Rule(
        id="twin-mini-program",
        elements=("*.weapp_display_element", "*.js_weapp_display_element"),
        twin_of="widget-mini-program",
        matches=("<mp-weapp data-title=甲></mp-weapp><span class=weapp_display_element>甲</span>",),
        spares=('<span class="weapp_display_element">甲</span>',),
        evidence="the same of a mini-program's card",
    ),
    Rule(
        id="formula-twin",
        elements=("span.katex-html", "span.MathJax_Preview"),
        matches=('<p class="katex"><math><mi>x</mi></math><span class="katex-html">x</span></p>',),
        spares=(
            '<span class="katex"><math><mi>x</mi></math></span>',
            '<p class="katex"><span class="katex-html">x</span></p>',
        ),
        evidence="KaTeX writes each formula in MathML, which editors take out, and for the eye",
    ),
    Rule(
        id="formula-drawn",
        matches=('<p>甲<svg><g data-mml-node="math"></g></svg>乙</p>',),
        spares=('<p>甲<span data-formula="x"><svg><g data-mml-node="math"></g></svg></span></p>',),
        evidence="MathJax's drawing without its TeX; the words [公式] stand in its place",
    ),
    Rule(
        id="code-label",
        elements=("*.copy-btn", "*.copy-button", "*.copy-code-btn", "*.code-copy"),
        matches=(
            "<pre><code>ls</code></pre><button>复制</button>",
            '<section><span>bash</span></section><pre><code class="language-bash">ls</code></pre>',
        ),
        spares=("<p>复制</p>", "<p>bash</p><p>甲</p>", '<span class="copy-btn">甲</span>'),
        evidence="a card of code names its language and offers to copy it",
    ),
    Rule(
        id="background-small",
        matches=(
            '<section style="height:20px;background:url(https://mmbiz.qpic.cn/a)"></section>',
        ),
        spares=(
            '<section style="height:300px;background:url(https://mmbiz.qpic.cn/a)"></section>',
        ),
        evidence="decorative strips are 20 pixels high, dividers and icons up to some 50",
    ),
    Rule(
        id="background-behind-text",
        matches=('<section style="background:url(https://mmbiz.qpic.cn/a)">甲</section>',),
        spares=('<section style="background:url(https://mmbiz.qpic.cn/a)"></section>',),
        evidence="a picture in CSS behind words decorates them",
    ),
    Rule(
        id="picture-spacer",
        matches=('<img src="https://res.wx.qq.com/op_res/pic_blank.gif">',),
        spares=('<img src="https://mmbiz.qpic.cn/mmbiz_gif/a/640">',),
        evidence="the placeholder of emoji sprites and of lazy loading",
    ),
    Rule(
        id="picture-tracker",
        matches=('<img src="https://example.org/a.gif" width="1" height="1">',),
        spares=('<img data-src="https://mmbiz.qpic.cn/a" width="100%">',),
        evidence="a picture of one pixel tells somebody who reads",
    ),
    Rule(
        id="picture-without-address",
        matches=("<p>甲<img></p>", '<img src="file:///a.png">'),
        spares=('<img data-src="https://mmbiz.qpic.cn/a">',),
        evidence="lost by a tool, or on its author's own disk",
    ),
    Rule(
        id="link-unsafe",
        matches=('<a href="javascript:;">甲</a>',),
        spares=('<a href="#a">甲</a>', '<a href="https://mp.weixin.qq.com/s/a">甲</a>'),
        evidence="links that run a script or lead into a reader's own computer; their words stay",
    ),
)

ELEMENTS = {name: rule.id for rule in RULES for name in rule.elements if "." not in name}
"""Name of an element that is left out whole -> rule id."""

_CLASSES = {name: rule for rule in RULES for name in rule.elements if "." in name}
_LINE_NUMBERS = "code-line-numbers"
_LABEL, _TWIN = "code-label", "formula-twin"
_FORMULA = "math, annotation, mjx-container"
_COUNTS = re.compile(r"[\s0-9]*\Z")
_NAMES_OF_CLASSES = frozenset(name.partition(".")[2] for name in _CLASSES)


def rule_against(
    builder: TreeBuilder, node: LexborNode, tag: str, attributes: Attributes, looks: Looks
) -> str:
    """The id of the rule by which an element is left out whole, or the empty string."""
    if tag in ELEMENTS:
        return ELEMENTS[tag]
    if "hidden" in attributes and not looks.display:  # a style of its own counts before it
        return "hidden-attribute"
    if tag == "button" and builder.said_by(node).strip().lower() in COPY_LABELS:
        return "code-label"
    given = attributes.get("class")
    names = _NAMES_OF_CLASSES.intersection(given.split()) if given else ()
    for name in names:
        rule = _CLASSES.get(f"{tag}.{name}") or _CLASSES.get(f"*.{name}")
        if rule and _applies(rule, builder, node):
            return rule.id
    return ""


def _applies(rule: Rule, builder: TreeBuilder, node: LexborNode) -> bool:
    """Whether a rule's condition holds: its twin left a line, its numbers are no more than that."""
    if rule.id == _LINE_NUMBERS:  # the class names blocks with numbers as well as the numbers
        is_code = node.tag in ("pre", "code") or node.css_first("pre, code") is not None
        return not is_code and _COUNTS.match(builder.said_by(node)) is not None
    if rule.id == _TWIN:
        beside = (_beside(node.prev, "prev"), _beside(node.next, "next"))
        return any(_is_formula(builder, each) for each in beside)
    if rule.id == _LABEL:
        return builder.said_by(node).strip().lower() in COPY_LABELS | {""}
    return not rule.twin_of or builder.removed[rule.twin_of] > 0


def _beside(node: LexborNode | None, way: str) -> LexborNode | None:
    """The next element that way, where nothing but spaces and comments stands before it."""
    while node is not None and (node.tag == "-comment" or _is_blank(node)):
        node = getattr(node, way)
    return node


def _is_blank(node: LexborNode) -> bool:
    return node.tag == "-text" and not (node.text_content or "").strip()


def _is_formula(builder: TreeBuilder, node: LexborNode | None) -> bool:
    if node is None or node.tag == "-text":
        return False
    is_one = node.tag in ("math", "mjx-container")
    formula = node if is_one else node.css_first(_FORMULA)
    # some tools empty it
    return formula is not None and builder.said_by(formula).strip() not in ("", UNREAD)
