"""Whether strangers are kept out: keys that nobody else reads, host names that are meant, a demo that stays at home."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import gettext as _

from doudi.web.design.wording import say
from doudi.web.operations.services.town_keys import backup_fault, lost_keys
from doudi.web.sealing.errors import KeyAwayError
from doudi.web.sealing.keyring import ring

_KEYS = ("session", "sealing", "search")
_PROFILES = ("production", "test", "demo")


def is_private(host: str) -> bool:
    """Whether only this machine or its own local network reaches the host. An address that listens everywhere is not."""
    bare = host.strip("[]")
    if bare in ("localhost", "testserver"):
        return True
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return False
    return (address.is_private or address.is_loopback) and not address.is_unspecified


@register("doudi", deploy=True)
def keys(**_kwargs: object) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for name in _KEYS:
        path = settings.DATA_DIR / "keys" / name
        mode = path.stat().st_mode & 0o777 if path.is_file() else None
        if mode is None or mode & 0o077:
            found.append(
                Error(
                    _("密钥文件 {path} 不在，或别的用户也能读。").format(path=path),
                    hint=_("运行 chmod 600，并确认属主是运行 Doudi 的用户。"),
                    id="doudi.E020",
                )
            )
    return found


@register("doudi", deploy=True)
def keys_of_this_town(**_kwargs: object) -> list[CheckMessage]:
    """A key that is lost is never replaced in silence: what was sealed with it would be lost a second time."""
    hint = _(
        "放回后再运行一次。哪里都找不到了，已封的姓名电话就再也打不开：doudi rotate --lost 认下损失，换新钥匙继续收诉求。"
    )
    return [Error(say(one), hint=hint, id="doudi.E050") for one in lost_keys()]


@register("doudi", deploy=True)
def backups_can_be_opened(**_kwargs: object) -> list[CheckMessage]:
    if fault := backup_fault():
        hint = _("放回 keys 里原来的文件，或运行 doudi rotate --backup 并把新的一行放进保险柜。")
        return [Warning(say(fault), hint=hint, id="doudi.W051")]
    return []


@register("doudi", deploy=True)
def sealed_to_its_row(**_kwargs: object) -> list[CheckMessage]:
    """Values of a key from before may be moved from row to row unnoticed."""
    try:
        bound = ring().current.is_bound
    except KeyAwayError:
        return []  # doudi.E020 says it
    if bound:
        return []
    words = _("密封钥匙是旧式的：用它封的姓名电话能被人在记录之间调换而不被发现。")
    return [Warning(words, hint=_("运行 doudi rotate，大家可以照常办理。"), id="doudi.W052")]


@register("doudi", deploy=True)
def known_profile(**_kwargs: object) -> list[CheckMessage]:
    """A profile that was misspelt would be watched by none of the checks for production."""
    if settings.PROFILE not in _PROFILES:
        words = _("DOUDI_PROFILE={profile} 不认识，自检会漏掉正式环境的要求。").format(profile=settings.PROFILE)
        hint = _("写成 production、test 或 demo；不写就是 production。")
        return [Error(words, hint=hint, id="doudi.E026")]
    return []


@register("doudi", deploy=True)
def debugging(**_kwargs: object) -> list[CheckMessage]:
    if settings.DEBUG:
        return [Error(_("DEBUG 打开着，出错页会露出内部信息。"), hint=_("去掉对 DEBUG 的改动。"), id="doudi.E021")]
    return []


@register("doudi", deploy=True)
def hosts(**_kwargs: object) -> list[CheckMessage]:
    """In production the names that may be asked for are named, and the address on the plaques is one of them."""
    if settings.PROFILE != "production":
        return []
    host = urlsplit(settings.SITE_URL).hostname or ""
    named = {one.strip("[]") for one in settings.ALLOWED_HOSTS}
    if "*" in named or host not in named:
        return [
            Error(
                _("码牌上的网址 {url} 不在允许的主机名里，或允许了任意主机名。").format(url=settings.SITE_URL),
                hint=_("设置 DOUDI_SITE_URL 和 DOUDI_HOSTS，例如 DOUDI_HOSTS=doudi.example.gov.cn。"),
                id="doudi.E022",
            )
        ]
    if is_private(host):
        return [
            Warning(
                _("网址 {url} 只有本机或本地网络能打开，印在码牌上群众扫不开。").format(url=settings.SITE_URL),
                hint=_("正式启用前设置 DOUDI_SITE_URL 和 DOUDI_HOSTS。"),
                id="doudi.W023",
            )
        ]
    if not settings.HTTPS:
        return [
            Warning(
                _("网址 {url} 不是 HTTPS，路上的人能看到诉求和密码。").format(url=settings.SITE_URL),
                hint=_("在前面放一个带证书的反向代理，把 DOUDI_SITE_URL 改成 https://，并设置 DOUDI_PROXIES=1。"),
                id="doudi.W024",
            )
        ]
    return []


@register("doudi", deploy=True)
def demo_at_home(**_kwargs: object) -> list[CheckMessage]:
    """The demo's passwords are known to everybody."""
    asked = {urlsplit(settings.SITE_URL).hostname or "", *settings.ALLOWED_HOSTS}
    public = sorted(host for host in asked if not is_private(host))
    if settings.PROFILE == "demo" and public:
        return [
            Error(
                _("演示镇的账号密码人人知道，不能放到公开的地址上：{hosts}。").format(hosts="、".join(public)),
                hint=_("演示只用本机或本地网络地址；真实的镇请用 doudi init 新建。"),
                id="doudi.E025",
            )
        ]
    return []


@register("doudi", deploy=True)
def proxy(**_kwargs: object) -> list[CheckMessage]:
    """A public site is served behind a proxy; the safe door holds without one, but not against a flood of connections."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    if settings.PROFILE == "production" and not is_private(host) and not settings.TRUSTED_PROXIES:
        return [
            Warning(
                _("公开的网站 {url} 前面没有反向代理：证书、限速和众多空闲连接都要靠它。").format(
                    url=settings.SITE_URL
                ),
                hint=_("用附带的 deploy/nginx.conf 放一个 nginx，再设置 DOUDI_PROXIES=1。"),
                id="doudi.W027",
            )
        ]
    return []
