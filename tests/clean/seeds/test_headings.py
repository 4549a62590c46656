from __future__ import annotations

import pytest

from crawler.clean.seeds.repair import repair

PICTURE = "![](https://mmbiz.qpic.cn/a/640)"


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("# 一\n\n## 二", "## 一\n\n### 二"),
        ("## 一\n\n### 二", "## 一\n\n### 二"),
        ("# 一\n\n###### 六", "## 一\n\n###### 六"),
        (f"## {PICTURE}一", f"{PICTURE}\n\n## 一"),
        (f"## 一 {PICTURE}", f"## 一\n\n{PICTURE}"),
        (f"## **一**{PICTURE} **二**", f"## 一 二\n\n{PICTURE}"),
        (f"正文\n# [{PICTURE}](https://a.example/) 一",
         f"正文\n\n[{PICTURE}](https://a.example/)\n\n## 一"),
        ("## 一 ![潮 `x` 汐](https://a.example/p)", "## 一\n\n![潮 `x` 汐](https://a.example/p)"),
        ("## **一**", "## 一"),
        ("## **一 \\*二**", "## 一 *二"),
        ("## **一** 二", "## **一** 二"),
        ("## **一** 和 **二**", "## **一** 和 **二**"),
        ("## **C #**", "## **C #**"),
        (f"## {'长' * 81}", "长" * 81),
        (f"## {'长' * 80}", f"## {'长' * 80}"),
        (f"## 1. {'长' * 81}", f"1\\. {'长' * 81}"),
        (f"## [一](https://a.example/{'x' * 90})", f"## [一](https://a.example/{'x' * 90})"),
        ("```\n# 注\n```\n\n## 一", "```\n# 注\n```\n\n## 一"),
    ],
)  # fmt: skip
def test_headings_are_those_of_a_page(text: str, mended: str) -> None:
    assert repair(text).text == mended
    assert repair(mended, from_page=False).text == mended


def test_a_document_of_ours_keeps_its_headings() -> None:
    assert repair("# 一", from_page=False).text == "# 一"
