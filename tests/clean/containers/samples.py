"""Small packed files and saved mail of our own."""

from __future__ import annotations

import io
import tarfile
import zipfile
from email.message import EmailMessage
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/lantern/640"
PAGE = (
    '<html><head></head><body><div id="js_article"><h1 id="activity-name">潮水</h1>'
    '<a id="js_name">灯塔通讯</a><div id="js_content"><p>灯塔的光每隔七秒扫过一次海面。</p>'
    f'<p><img data-src="{PICTURE}" src="%s"></p></div></div></body></html>'
)


def zipped(files: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return file.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    """A tar with these files, as Joplin's JEX is one."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as packed:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
    return file.getvalue()


def mail(
    url: str, *, located: bool = True, picture: str = PICTURE, src: str = "cid:one@mhtml"
) -> bytes:
    """A page as MHTML, with one picture, which it shows by `src`."""
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Date"] = "Wed, 08 May 2024 20:30:00 -0000"
    if located:
        message["Snapshot-Content-Location"] = url
    message.set_content((PAGE % src).encode(), maintype="text", subtype="html")
    message.add_related(PNG, maintype="image", subtype="png", cid="<one@mhtml>")
    related = list(message.iter_parts())[-1]
    related["Content-Location"] = picture
    return bytes(message)
