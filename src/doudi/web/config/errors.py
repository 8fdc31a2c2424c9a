"""The pages that say no: what happened, that nothing is lost, and the next step. htmx requests get the same as a fragment."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from doudi.engine.errors import DoudiError
from doudi.web.design.wording import say
from doudi.web.files.errors import FileRefusedError
from doudi.web.health.logs import request_id
from doudi.web.people.errors import NotAllowedError

logger = logging.getLogger("doudi.refusals")

#: what is never shown back on a page, whatever form it came from
_UNSHOWN = {"csrfmiddlewaretoken", "password", "old_password", "new_password1", "new_password2", "nonce", "version"}


def _answer(
    request: HttpRequest | None, status: int, title: str, words: str, *,
    steps: tuple[tuple[str, str], ...] = (), kept: str = "", template: str = "design/error.html", **facts: Any,
) -> HttpResponse:  # fmt: skip
    if request is not None and request.headers.get("HX-Request"):
        fragment = render_to_string("design/trouble.html", {"words": words, "next_step": "", "kept": status == 409})
        return HttpResponse(fragment, status=status, headers={"HX-Retarget": "#messages", "HX-Reswap": "innerHTML show:top"})
    context = {
        "code": status, "title": title, "words": words, "kept": kept, **facts,
        "steps": steps or (("/", _("回到首页")), ("/report", _("反映问题"))),
    }  # fmt: skip
    return HttpResponse(render_to_string(template, context, request), status=status)


def refused(request: HttpRequest, error: DoudiError) -> HttpResponse:
    """Something that a person did was refused; the sentence of the error says what to do."""
    match error:
        case NotAllowedError():
            status, title = 403, _("没有这项权限")
        case FileRefusedError():
            status, title = 400, _("文件没有保存")
        case _:
            status, title = 409, _("这一步没有办成")
    # The sentence may name what a person wrote; the class says enough for the log.
    logger.info("refused: %s", type(error).__name__)
    return _answer(
        request, status, title, say(error),
        steps=(("/", _("回到首页")),), kept="" if status == 403 else _("没有任何记录丢失；按浏览器的“返回”可回到刚才的页面。"),
    )  # fmt: skip


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's safety mark is missing or out of date. What was typed is shown, so that nobody types it twice."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _UNSHOWN
        for value in values
        if len(value.strip()) > 1
    ]
    return _answer(
        request, 403, _("页面放得太久，没有送出"),
        _("为防止他人冒用您的身份，表单有安全标记；这一张的标记已失效（可能重新登录过，或浏览器没有保存 Cookie）。内容尚未保存。"),
        steps=((request.path if request.method == "POST" else "/", _("重新打开页面再提交")), ("/", _("回到首页"))),
        template="design/error_stale.html", typed=typed, has_files=bool(request.FILES),
    )  # fmt: skip


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _answer(request, 400, _("看不懂这个请求"), _("地址或表单的内容不完整。请从首页重新进入。"))


def too_large(request: HttpRequest) -> HttpResponse:
    return _answer(
        request, 413, _("内容太大"),
        _("提交的内容超过了上限：文字 4000 字以内，照片每张不超过 10 MB。请返回后删减再提交。"),
    )  # fmt: skip


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("您现在的岗位不能打开这一页。如确需办理，请联系值班长。")
    return _answer(request, 403, _("没有这项权限"), words, steps=(("/", _("回到首页")),))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, _("没有这一页"), _("地址可能写错了，或者这里的内容您看不到。"))


def away(request: HttpRequest) -> HttpResponse:
    """The database is locked, full, restarting or gone: it is worth trying again in a moment, and machines are told so."""
    words = _("数据库一时忙不过来，刚才的操作没有保存，之前保存过的都在。请过半分钟再试；要紧的事请直接拨打热线。")
    # Rendered without the request, since a page that asks the database would only fail again.
    fragment = bool(request.headers.get("HX-Request"))
    response = _answer(request if fragment else None, 503, _("请稍候再试"), words, reference=request_id.get())
    response.headers["Retry-After"] = "30"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: whatever broke there must not break this page too."""
    if request.headers.get("HX-Request"):
        return _answer(request, 500, "", _("系统出错，刚才的操作没有保存。请再试一次；仍不行请告诉值班长。"))
    return _answer(
        None, 500, _("系统出错了"),
        _("刚才的操作没有保存，之前保存过的都在。请过一会儿再试；要紧的事请直接拨打热线。"),
        reference=request_id.get(),
    )  # fmt: skip
