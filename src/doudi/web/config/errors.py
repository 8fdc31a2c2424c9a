"""The pages that say no: what happened, that nothing is lost, and the next step. htmx requests get the same as a fragment."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.engine.errors import DoudiError
from doudi.web.design.wording import say
from doudi.web.files.errors import FileRefusedError
from doudi.web.health.logs import request_id
from doudi.web.people.actor import NOBODY
from doudi.web.people.errors import NotAllowedError

logger = logging.getLogger("doudi.refusals")

#: what is never shown back on a page, whatever form it came from
_UNSHOWN = {"csrfmiddlewaretoken", "password", "old_password", "new_password1", "new_password2", "nonce", "version"}


def _answer(
    request: HttpRequest | None,
    status: int,
    title: str,
    words: str,
    *,
    steps: tuple[tuple[str, str], ...] = (),
    kept: str = "",
    template: str = "",
    **facts: object,
) -> HttpResponse:
    if request is not None and request.headers.get("HX-Request"):
        fragment = render_to_string("design/trouble.html", {"words": words, "next_step": "", "kept": status == 409})
        return HttpResponse(
            fragment, status=status, headers={"HX-Retarget": "#messages", "HX-Reswap": "innerHTML show:top"}
        )
    context = {
        "code": status,
        "title": title,
        "words": words,
        "kept": kept,
        **facts,
        "steps": steps or _first_steps(request),
    }
    template = template or ("design/error_at_work.html" if _at_work(request) else "design/error.html")
    return HttpResponse(render_to_string(template, context, request), status=status)


def _at_work(request: HttpRequest | None) -> bool:
    """Anyone who signed in keeps their frame, with the ways that are open to them."""
    return request is not None and getattr(request, "actor", NOBODY).person is not None


def _first_steps(request: HttpRequest | None) -> tuple[tuple[str, str], ...]:
    home = (reverse("front"), _("回到首页"))
    return (home,) if _at_work(request) else (home, (reverse("general"), _("反映问题")))


def refused(request: HttpRequest, error: DoudiError) -> HttpResponse:
    """Something that a person did was refused; the sentence of the error says what to do.

    What this person may not do does not exist for them: 404, as the page is on which it would be done.
    """
    match error:
        case NotAllowedError():
            status, title = 404, _("没有这项权限")
        case FileRefusedError():
            status, title = 400, _("文件没有保存")
        case _:
            status, title = 409, _("这一步没有办成")
    # The sentence may name what a person wrote; the class says enough for the log.
    logger.info("refused: %s", type(error).__name__)
    return _answer(
        request,
        status,
        title,
        say(error),
        steps=((reverse("front"), _("回到首页")),),
        kept="" if status == 404 else _("没有任何记录丢失；按浏览器的“返回”可回到刚才的页面。"),
    )


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
        request,
        403,
        _("页面放得太久，没有送出"),
        _(
            "为防止他人冒用您的身份，表单有安全标记；这一张的标记已失效（可能重新登录过，或浏览器没有保存 Cookie）。内容尚未保存。"
        ),
        steps=(
            (request.path if request.method == "POST" else reverse("front"), _("重新打开页面再提交")),
            (reverse("front"), _("回到首页")),
        ),
        template="design/error_stale.html",
        typed=typed,
        has_files=bool(request.FILES),
    )


def bad_request(request: HttpRequest | None, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _answer(request, 400, _("看不懂这个请求"), _("地址或表单的内容不完整。请从首页重新进入。"))


def too_large(request: HttpRequest | None) -> HttpResponse:
    return _answer(
        request,
        413,
        _("内容太大"),
        _("提交的内容超过了上限：文字 4000 字以内，照片每张不超过 10 MB。请返回后删减再提交。"),
    )


def broken_off(request: HttpRequest | None, hotline: str) -> HttpResponse:
    """Less came than was announced: a part of a report must never pass for the whole."""
    words = _("提交的内容在路上断了，没有保存任何一部分。请返回后再提交一次；一直不行请拨打热线 {hotline}。")
    return _answer(request, 400, _("没有收全，没有保存"), words.format(hotline=hotline))


def too_slow(request: HttpRequest | None, hotline: str) -> HttpResponse:
    words = _(
        "提交的内容传得太慢或停住了，没有保存任何一部分。请换个信号好的地方再提交一次；要紧的事请直接拨打热线 {hotline}。"
    )
    return _answer(request, 408, _("传得太慢，没有保存"), words.format(hotline=hotline))


def busy(request: HttpRequest | None, hotline: str) -> HttpResponse:
    """Too many are waiting already."""
    words = _(
        "现在打开的人太多，刚才的操作没有保存，之前保存过的都在。请过半分钟再试；要紧的事请直接拨打热线 {hotline}。"
    )
    response = _answer(request, 503, _("请稍候再试"), words.format(hotline=hotline))
    response.headers["Retry-After"] = "10"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, _("没有这一页"), _("地址可能写错了，或者这里的内容您看不到。"))


def away(request: HttpRequest) -> HttpResponse:
    """The database is locked, full, restarting or gone: it is worth trying again in a moment, and machines are told so."""
    words = _("数据库一时忙不过来，刚才的操作没有保存，之前保存过的都在。请过半分钟再试；要紧的事请直接拨打热线。")
    return _for_now(request, _("请稍候再试"), words)


def held(request: HttpRequest) -> HttpResponse:
    """Another program keeps the lock of the database: what reads goes on."""
    words = _(
        "数据库正被另一个程序占着（如手工查询、拷贝），暂时存不进去，刚才的操作没有保存；查看不受影响。请过半分钟再试；"
        "一直这样请告诉管理员关掉那个程序。要紧的事请直接拨打热线。"
    )
    return _for_now(request, _("请稍候再试"), words)


def cut_off(request: HttpRequest) -> HttpResponse:
    """A statement took so long that it was ended for the sake of everybody else."""
    words = _("查得太久，已经停下，免得别人打不开网页。请加上网格、日期或更具体的词，把范围缩小再查。")
    return _for_now(request, _("范围太大，没有查完"), words)


def one_at_a_time(request: HttpRequest) -> HttpResponse:
    words = _("您上一次查找还没有出结果，这一次没有开始。请等它出来再查。")
    response = _answer(request, 429, _("上一次还在查"), words)
    response.headers["Retry-After"] = "5"
    return response


def _for_now(request: HttpRequest, title: str, words: str) -> HttpResponse:
    # Rendered without the request, since a page that asks the database would only fail again.
    fragment = bool(request.headers.get("HX-Request"))
    response = _answer(request if fragment else None, 503, title, words, reference=request_id.get())
    response.headers["Retry-After"] = "30"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: whatever broke there must not break this page too."""
    if request.headers.get("HX-Request"):
        return _answer(request, 500, "", _("系统出错，刚才的操作没有保存。请再试一次；仍不行请告诉值班长。"))
    return _answer(
        None,
        500,
        _("系统出错了"),
        _("刚才的操作没有保存，之前保存过的都在。请过一会儿再试；要紧的事请直接拨打热线。"),
        reference=request_id.get(),
    )
