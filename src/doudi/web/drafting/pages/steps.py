"""The steps from draft to law, each the answer to a form on the version's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from doudi.engine.errors import DoudiError
from doudi.web.design.wording import say
from doudi.web.drafting.forms import DescribeForm, PublishForm, ReasonForm, RebaseForm, WordsForm
from doudi.web.drafting.pages.looking import acting, with_version
from doudi.web.drafting.pages.versions import version_facts
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.rulebook import services
from doudi.web.rulebook.errors import NotPublishableError
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook

Done = Callable[[Actor, Version, dict[str, Any]], object]

#: each step with its form, what it does, and what is said when it is done
STEPS: dict[str, tuple[type, Done, str]] = {
    "propose": (
        WordsForm, lambda actor, row, given: services.propose(actor, row, given["words"]),
        gettext_noop("已送审，审核的岗位会收到通知。"),
    ),
    "describe": (DescribeForm, lambda actor, row, given: services.describe(actor, row, **given), gettext_noop("已保存。")),
    "rebase": (RebaseForm, lambda actor, row, given: services.rebase(actor, row, given["prefer"]), gettext_noop("已并到最新的版本上。")),
    "publish": (
        PublishForm, lambda actor, row, given: services.publish(actor, row, given["valid_from"], given["words"]),
        gettext_noop("已发布。"),
    ),
    "recall": (
        WordsForm, lambda actor, row, given: services.recall(actor, row, given["words"]), gettext_noop("已撤回，可以接着改。"),
    ),
    "withdraw": (
        ReasonForm, lambda actor, row, given: services.withdraw(actor, row, given["words"]), gettext_noop("已不再进行，记录都在。"),
    ),
}  # fmt: skip


def _step(name: str) -> tuple[type, Done, str]:
    if name in STEPS:
        return STEPS[name]
    verdict, _dash, approval = name.partition("-")
    if verdict == "approve":
        return WordsForm, lambda actor, row, given: services.approve(actor, row, approval, given["words"]), gettext_noop("审核已通过。")
    if verdict == "refuse":
        return ReasonForm, lambda actor, row, given: services.refuse(actor, row, approval, given["words"]), gettext_noop("已退回修改。")
    raise Http404


@require_POST
@with_version
def take_step(request: HttpRequest, book: Rulebook, step: str) -> HttpResponseBase:
    """Take one step; a refusal comes back on the version's page with what was filled in."""
    form_class, done, told = _step(step)
    if step in STEPS:
        acting(request).require("manage_rulebook")
    form = form_class(request.POST)
    if form.is_valid():
        try:
            done(acting(request), book.version, form.cleaned_data)
        except NotAllowedError:
            raise
        except NotPublishableError as error:
            form.add_error(None, _("还有 {n} 处没有解决，见“还不能送审”的各条。").format(n=len(error.hindrances)))
        except DoudiError as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _(told))
            return redirect("drafting_version", book.version.number)
    return render(request, "drafting/version.html", version_facts(request, book, **{step: form}), status=409)
