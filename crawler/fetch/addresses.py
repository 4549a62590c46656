"""Where a request may go: hosts by name, and IP addresses when a name has been resolved.

Pure, nothing is looked up.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from crawler.credentials import without_passwords, without_secrets
from crawler.errors import ConfigError, InputError
from crawler.telling import said_by
from crawler.urls import HOST, parse_url

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from ipaddress import IPv4Network
    from urllib.parse import SplitResult

PICTURE_HOSTS = frozenset(
    {
        "mmbiz.qpic.cn",  # nearly all pictures of articles
        "mmecoa.qpic.cn",  # in articles since 2025
        "mmbiz.qlogo.cn",  # formulas, and pictures of the first years
        "mmsns.qpic.cn",  # in some articles of 2017
        "wx.qlogo.cn",  # avatars
        "res.wx.qq.com",  # WeChat's own, such as emoji
        "vpic.video.qq.com",  # covers of videos
    }
)

CAPTCHA = "/mp/wappoc_appmsgcaptcha"
"""Where WeChat redirects whom it wants to verify; to be sent there is the whole answer."""

METADATA = frozenset(
    # Servers inside a cloud that hand out credentials, by addresses that Python takes for public
    # ones.
    {ip_address("168.63.129.16"), ip_address("192.0.0.192")}
)

_NAT64 = IPv6Network("64:ff9b::/96")
_MAX_LENGTH = 8192
_MAX_SENT = 32_768  # httpx takes 65,536; servers refuse more than some 8,000
_PORTS = {"http": 80, "https": 443}
# RFC 6762, RFC 8375, and what ICANN keeps; routers give out names below .lan
_AT_HOME = (".localhost", ".local", ".home.arpa", ".internal", ".lan")


class RefusedAddressError(ValueError):
    """An address that no request may be sent to; says why."""


def target_of(text: str, *, hosts: Collection[str], base: str = "") -> str:
    """The address to ask for: https, on one of `hosts`, without fragment or credentials.

    One that names a user or a port of its own is refused. `base` is the page that redirects to
    `text`. Raises RefusedAddressError.
    """
    if len(text) > _MAX_LENGTH:
        raise RefusedAddressError(f"is {len(text)} characters long")
    try:
        parts = urlsplit(urljoin(base, text.strip()))
        objection = _objection(parts, hosts)
        url = parts._replace(scheme="https", netloc=parts.hostname or "", fragment="").geturl()
        target = "" if objection else _spelt_out(url)
    except InputError as error:
        raise RefusedAddressError(error.what) from None
    except ValueError as error:  # a broken port or IPv6 host, a lone surrogate
        raise RefusedAddressError(f"is no address ({said_by(error)})") from None
    if objection:
        raise RefusedAddressError(objection)
    return measured(target)


def measured(url: str) -> str:
    """The address as it is sent, in which a letter of Chinese is nine characters.

    Raises RefusedAddressError where it is longer than any server reads.
    """
    if len(url) > _MAX_SENT:
        raise RefusedAddressError(f"is {len(url)} characters long as it is sent")
    return url


def _objection(parts: SplitResult, hosts: Collection[str]) -> str:
    if "@" in parts.netloc or parts.port not in (None, 80, 443):
        return "names a user or a port"
    if parts.scheme not in ("http", "https"):
        return f"is a {parts.scheme or 'nameless'} address, not https"
    return "" if parts.hostname in hosts else "is not on an allowed host"


def _spelt_out(url: str) -> str:
    """The address as it is sent: WeChat's without credentials of links, any other only escaped."""
    parts = urlsplit(url)
    if is_captcha(url):
        return f"https://{HOST}{CAPTCHA}"  # nobody goes there, so nothing more of it is needed
    if parts.hostname == HOST:
        return parse_url(url).request
    return _quoted(url)


def _quoted(url: str) -> str:
    return quote(url, safe="/:?#[]@!$&'()*+,;=%-._~")


def own_target(text: str, *, origins: Collection[str], base: str = "") -> str:
    """The address to ask for below one of the user's own `origins`; empty where it is on none.

    It is asked for as it stands, its scheme and port too. `base` is the page that redirects to
    `text`: only another address of the user's own leads there. Raises RefusedAddressError.
    """
    if len(text) > _MAX_LENGTH:
        raise RefusedAddressError(f"is {len(text)} characters long")
    if base and origin_of(base) not in origins:
        return ""
    try:
        url = urljoin(base, text.strip())
        if origin_of(url) not in origins:
            return ""
        url = _quoted(urlsplit(url)._replace(netloc=_place(url), fragment="").geturl())
    except ValueError as error:  # a broken port or IPv6 host, a lone surrogate
        raise RefusedAddressError(f"is no address ({said_by(error)})") from None
    return measured(url)


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as `[fetch] feeds` names them; empty where it is none.

    An address with a user in it has no origin.
    """
    try:
        parts, place = urlsplit(url.strip()), _place(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not place or "@" in parts.netloc:
        return ""
    return f"{parts.scheme}://{place}"


def _place(url: str) -> str:
    """Host and port, less a port that its scheme has anyway."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, _PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def is_inside(host: str) -> bool:
    """Whether a host that a setting names can only be the user's own: an IP address, this machine.

    Or a name that the internet does not have: of one word, as containers have it, or of a domain
    that is kept for networks at home. Of other names the addresses are checked.
    """
    try:
        ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_AT_HOME)
    return True


def shown(text: str) -> str:
    """A stranger's text as an error may carry it: short, on one line, without credentials."""
    text = without_passwords(without_secrets(text))
    shortened = text if len(text) <= 200 else f"{text[:200]}..."
    return "".join(sign if sign.isprintable() else "?" for sign in shortened) or "''"


def is_captcha(url: str) -> bool:
    """Whether the address is the one where WeChat verifies people."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a broken IPv6 host, or a name that Unicode spells in two ways
        return False
    return parts.hostname == HOST and parts.path.startswith(CAPTCHA)


def networks_of(texts: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks that a setting names, such as "198.18.0.0/15". Raises ConfigError."""
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError as error:
        advice = 'it takes networks like "198.18.0.0/15"'
        raise ConfigError("config.toml", f"[fetch] trusted_networks: {error}", advice) from None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an IP address is on the open internet.

    Not loopback, private, link-local, metadata, multicast.

    An IPv6 address that stands for an IPv4 one (mapped; NAT64, as mobile networks use it) is judged
    as that one.
    """
    if isinstance(address, IPv6Address):
        if address.sixtofour or address.teredo or address.is_site_local:
            return False  # tunnels to any IPv4 address, and networks of a site: long out of use
        inner = address.ipv4_mapped or (
            IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
        )
        if inner:
            return is_public(inner)
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address in METADATA
    )
