from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crawler.clean.markdown.code import code_fence, code_span

RENDERER = MarkdownIt("commonmark")
CODE = st.text(alphabet="ab `~\\*", min_size=1, max_size=20).filter(str.strip)


@given(CODE)
def test_a_span_shows_its_code_whatever_backticks_are_in_it(code: str) -> None:
    assert RENDERER.renderInline(code_span(code)) == f"<code>{code}</code>"


@given(CODE)
def test_a_fence_is_longer_than_any_run_of_backticks_in_it(code: str) -> None:
    assert RENDERER.render(code_fence(code, "c")) == (
        f'<pre><code class="language-c">{code}\n</code></pre>\n'
    )
