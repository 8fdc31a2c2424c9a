"""What is asked in the panels of a matter: applications, urges, crews, the search for an owner. All know their matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.engine.matters.ambiguity import AMBIGUITIES, DOUBTS
from doudi.engine.matters.applications import AskedOf, Asking
from doudi.engine.resources.works import work_kind
from doudi.web import clock
from doudi.web.backstop.models import CrewPrice
from doudi.web.backstop.queries import Sendable, crews_tonight
from doudi.web.backstop.services.owners import OUTCOMES
from doudi.web.backstop.services.spots import spot_types
from doudi.web.design.fields import DayField, MomentField
from doudi.web.desk.forms import PhotosField, StepForm, words_field
from doudi.web.desk.queries import choices
from doudi.web.matters.models import Application, Matter, Task, Urge
from doudi.web.matters.queries import askable
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import Rulebook

_EVENING = time(17, 0)


@dataclass(frozen=True)
class Context:
    """Whose hand it is, at which matter, under which rulebook; ``row`` is what a form of a list is about."""

    actor: Actor
    matter: Matter
    book: Rulebook
    edition: int
    row: Any = None

    @cached_property
    def askable(self) -> dict[Asking, tuple[AskedOf, ...]]:
        return askable(self.actor, self.matter)

    @cached_property
    def crews(self) -> list[Sendable]:
        """Who can be sent to the place now."""
        return crews_tonight(self.matter.area_id)


class PanelForm(StepForm):
    """``row`` names the application, urge, order or task that it is about, where it is about one."""

    row = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, context: Context, **options: Any) -> None:
        super().__init__(*args, **options)
        self.context = context
        self.fill(context)

    def fill(self, context: Context) -> None:
        """Offer what there is to choose from."""

    def choose(self, name: str, offered: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered


class SayForm(PanelForm):
    words = words_field(gettext_lazy("说明"))


class SayIfForm(PanelForm):
    words = words_field(gettext_lazy("说明"), required=False, rows=2)


def evening_of(day: Any) -> datetime | None:
    """The end of office hours of a day in the town."""
    return datetime.combine(day, _EVENING, clock.TOWN_ZONE) if day else None


class ApplyForm(PanelForm):
    """One sort of application: only what this sort needs is asked."""

    asked_of = forms.ChoiceField(label=gettext_lazy("向谁申请"), widget=forms.RadioSelect)
    holder = forms.ChoiceField(label=gettext_lazy("建议由谁承办"))
    until = DayField(label=gettext_lazy("到哪一天"))
    reason = words_field(gettext_lazy("理由"))
    basis = words_field(gettext_lazy("依据"), rows=2, example=gettext_lazy("哪部法规、哪份清单、哪次会议；“不归我管”不是依据"))

    def __init__(self, *args: Any, sort: Asking, whom: tuple[AskedOf, ...], **options: Any) -> None:
        self._sort, self._whom = sort, whom
        super().__init__(*args, **options)

    def fill(self, context: Context) -> None:
        for name in ("holder", "until", "basis"):
            if name not in self._sort.needs:
                del self.fields[name]
        if "holder" in self.fields:
            others = [one for one in choices.post_choices(context.edition, holding=True) if one[0] != context.matter.holder_id]
            self.choose("holder", [("", _("请选择")), *others])
        if len(self._whom) < 2:
            del self.fields["asked_of"]
        else:
            names = dict(Application.AskedOf.choices)
            self.choose("asked_of", [(str(one), names[str(one)]) for one in self._whom])
            self.initial.setdefault("asked_of", str(self._whom[0]))

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "reason": found["reason"], "basis": found.get("basis", ""),
            "asked_of": found.get("asked_of") or (str(self._whom[0]) if self._whom else "desk"),
            "proposed_holder": Post.objects.filter(code=found["holder"]).first() if found.get("holder") else None,
            "proposed_until": evening_of(found.get("until")),
        }  # fmt: skip


class AnswerForm(PanelForm):
    granted = forms.ChoiceField(
        label=gettext_lazy("答复"), choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))], widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选“同意”或“不同意”。")},
    )  # fmt: skip
    holder = forms.ChoiceField(label=gettext_lazy("由谁承办"), required=False)
    until = DayField(label=gettext_lazy("到哪一天"), required=False)
    words = words_field(gettext_lazy("答复的话"), required=False, rows=2, example=gettext_lazy("不同意时必须写明理由"))

    def fill(self, context: Context) -> None:
        row = context.row
        kind = row.kind if isinstance(row, Application) and row.asked_of == "desk" else ""
        if kind != "transfer":
            del self.fields["holder"]
        else:
            proposed = row.proposed_holder.name if row.proposed_holder else ""
            offered = choices.post_choices(context.edition, holding=True)
            self.choose("holder", [("", _("按申请：{post}").format(post=proposed)), *offered])
        if kind not in ("extend", "suspend"):
            del self.fields["until"]

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "holder": Post.objects.filter(code=found["holder"]).first() if found.get("holder") else None,
            "until": evening_of(found.get("until")),
        }


class UrgeForm(PanelForm):
    kind = forms.ChoiceField(label=gettext_lazy("方式"), widget=forms.RadioSelect)
    due = MomentField(label=gettext_lazy("什么时候前答复"), required=False)
    words = words_field(gettext_lazy("催什么、要求怎么办"), rows=2)

    def fill(self, context: Context) -> None:
        may = {Urge.Kind.REMIND: context.actor.may("urge"), Urge.Kind.ORDER: context.actor.may("supervise")}
        self.choose("kind", [(kind.value, kind.label) for kind, allowed in may.items() if allowed])
        self.initial.setdefault("kind", "remind" if may[Urge.Kind.REMIND] else "order")


class SupportForm(PanelForm):
    post = forms.ChoiceField(label=gettext_lazy("协办岗位"))
    due = MomentField(label=gettext_lazy("什么时候前办完"), required=False)
    words = words_field(gettext_lazy("请它做什么"), required=False, rows=2)

    def fill(self, context: Context) -> None:
        self.choose("post", [("", _("请选择")), *choices.post_choices(context.edition, holding=False)])
        self.fields["due"].help_text = _("不填就按镇里定的协办时限。")


class SendForm(PanelForm):
    """Which crew for what. The crews that serve the place stand first in their groups, each with its prices."""

    price = forms.ChoiceField(label=gettext_lazy("派哪支队伍、做什么"))
    quantity = forms.DecimalField(
        label=gettext_lazy("数量"), max_digits=8, decimal_places=2, min_value=Decimal("0.01"), initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )  # fmt: skip
    authority = forms.CharField(
        label=gettext_lazy("哪家同意、哪份代履行决定"), max_length=120, required=False,
        help_text=gettext_lazy("拖车、剪线、填井、拆除才要填；没有的先围挡。"),
    )  # fmt: skip
    words = words_field(gettext_lazy("交代"), required=False, rows=2)

    def fill(self, context: Context) -> None:
        groups = []
        for one in context.crews:
            lines = [
                (str(price.pk), f"{price.name} · {price.price} {_('元')}/{price.unit}" + (" ※" if work_kind(price.work).needs else ""))
                for price in one.prices
            ]
            if lines:
                groups.append((one.crew.name, lines))
        self.choose("price", [("", _("请选择")), *groups])

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        price = CrewPrice.objects.select_related("crew__post", "crew__office").get(pk=found["price"])
        return {"price": price, "quantity": found["quantity"], "words": found["words"], "authority": found["authority"]}


class SafeForm(PanelForm):
    nothing = forms.ChoiceField(
        label=gettext_lazy("现场情况"),
        choices=[("no", gettext_lazy("已做安全处置")), ("yes", gettext_lazy("没有需要处置的险情"))], widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一项。")},
    )  # fmt: skip
    words = words_field(gettext_lazy("到场看到什么、做了什么"), rows=2)
    photos = PhotosField(label=gettext_lazy("照片"), required=False)


class ArriveForm(PanelForm):
    photos = PhotosField(label=gettext_lazy("到场时的照片"), required=False)
    words = words_field(gettext_lazy("现场情况"), required=False, rows=2)


class DoneForm(PanelForm):
    photos = PhotosField(label=gettext_lazy("做完后的照片"), required=False)
    quantity = forms.DecimalField(label=gettext_lazy("实际数量"), max_digits=8, decimal_places=2, min_value=Decimal("0.01"), required=False)
    words = words_field(gettext_lazy("做了什么、现在是否安全"), rows=2)

    def fill(self, context: Context) -> None:
        if context.row is not None:
            self.fields["quantity"].help_text = _("派工时是 {quantity} {unit}；不填就按它算。").format(
                quantity=context.row.quantity.normalize(), unit=context.row.unit
            )


class DescribeForm(PanelForm):
    codes = forms.MultipleChoiceField(label=gettext_lazy("哪一种不清楚"), widget=forms.CheckboxSelectMultiple, required=False)
    doubts = forms.MultipleChoiceField(label=gettext_lazy("哪一点不清楚"), widget=forms.CheckboxSelectMultiple, required=False)
    words = words_field(gettext_lazy("说明"), required=False, rows=2)

    def fill(self, context: Context) -> None:
        for name, table in (("codes", AMBIGUITIES), ("doubts", DOUBTS)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(str(code), f"{_(said.label)}（{_(said.words)}）") for code, said in table.items()]
        self.initial.setdefault("codes", context.matter.ambiguity)
        self.initial.setdefault("doubts", context.matter.doubts)


class SettleForm(PanelForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("结果"), widget=forms.RadioSelect, error_messages={"required": gettext_lazy("请选一项。")}
    )
    words = words_field(gettext_lazy("怎么办的、各家怎么说"), rows=2)
    photos = PhotosField(label=gettext_lazy("照片"), required=False)

    def fill(self, context: Context) -> None:
        module = context.row.module if isinstance(context.row, Task) else ""
        self.choose("outcome", [(one, _(one)) for one in OUTCOMES.get(module, ())])


class UnitForm(PanelForm):
    name = forms.CharField(label=gettext_lazy("给这个地方起个名字"), max_length=80)
    type = forms.ChoiceField(label=gettext_lazy("是点还是线"))

    def fill(self, context: Context) -> None:
        self.choose("type", spot_types(context.book.unit_types))
