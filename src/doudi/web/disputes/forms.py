"""What people fill in about a dispute. What was typed always stays before their eyes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.engine.disputes.ladder import Level
from doudi.web import clock
from doudi.web.design.fields import DayField
from doudi.web.disputes.models import Dispute, Ruling, Statement
from doudi.web.disputes.services import NewRuling
from doudi.web.people.models import Post
from doudi.web.people.queries import posts_that_may_hold, standing_posts

LONGEST = 4000
#: a drawn signature is a few strokes; more is no signature
LONGEST_SIGNATURE = 20_000


class AskForm(forms.Form):
    """``step`` keeps the ids of the many forms of one page apart without changing the names that are sent."""

    def __init__(self, *args: Any, step: str = "", **options: Any) -> None:
        super().__init__(*args, auto_id=f"{step}-%s", **options)

    def post_named(self, name: str) -> Post:
        return Post.objects.select_related("office").get(code=self.cleaned_data[name])


def words_field(label: str | Promise, *, required: bool = True, rows: int = 3, example: str | Promise = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "placeholder": example})
    return forms.CharField(label=label, required=required, max_length=LONGEST, widget=area)


def _posts(*, holding: bool) -> list[tuple[str, str]]:
    rows = posts_that_may_hold() if holding else standing_posts().order_by("office__name", "name")
    return [("", _("请选择")), *((post.code, f"{post.office.name} · {post.name}") for post in rows)]


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class TransferForm(AskForm):
    proposed = forms.ChoiceField(label=gettext_lazy("应由哪个岗位承办"))
    reason = words_field(
        gettext_lazy("为什么不是您这里"), example=gettext_lazy("写现场看到的事实，例如：井盖上铸有“污水”，在小区红线外 2 米")
    )
    basis = words_field(
        gettext_lazy("依据"), rows=2, example=gettext_lazy("哪份文件、哪一条，或职责清单第几项；“不归我管”不是依据")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "proposed", _posts(holding=True))


class OpenForm(AskForm):
    words = words_field(gettext_lazy("争在哪里"), example=gettext_lazy("例如：井在红线上，水务说是小区的，物业说是市政的"))
    invited = forms.MultipleChoiceField(
        label=gettext_lazy("请谁来说"), required=False, widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=gettext_lazy("现在的承办岗总会被请到；按住 Ctrl 可多选，之后还可以再请。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["invited"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = _posts(holding=False)[1:]


class InviteForm(AskForm):
    post = forms.ChoiceField(label=gettext_lazy("岗位"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "post", _posts(holding=False))


class BodyForm(AskForm):
    body = forms.CharField(label=gettext_lazy("单位名称"), max_length=80)
    contact = forms.CharField(label=gettext_lazy("联系人和电话"), max_length=80, required=False)


class ProposeForm(AskForm):
    holder = forms.ChoiceField(label=gettext_lazy("拟由谁承办"))
    words = words_field(gettext_lazy("方案和理由"), example=gettext_lazy("各方看得懂、能同意的一句话：谁承办、谁配合、费用怎么出"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "holder", _posts(holding=True))


class RaiseForm(AskForm):
    to = forms.ChoiceField(label=gettext_lazy("提到哪一级"))
    words = words_field(gettext_lazy("为什么本级定不了"), rows=2)

    def __init__(self, *args: Any, level: str, **options: Any) -> None:
        super().__init__(*args, **options)
        order = list(Level)
        above = order[order.index(Level(level)) + 1 :]
        _offer(self, "to", [(str(one), str(Dispute.Level(str(one)).label)) for one in above])


class WithdrawForm(AskForm):
    words = words_field(gettext_lazy("为什么撤回"), rows=2)


class AbsentForm(AskForm):
    words = words_field(gettext_lazy("缺席的原因"), rows=2)
    delegate = forms.CharField(label=gettext_lazy("由谁代为陈述"), max_length=60, required=False)


class StatementForm(AskForm):
    """What a party says; ``signature`` is the name, ``drawn`` the strokes of a finger."""

    stance = forms.ChoiceField(
        label=gettext_lazy("您的意见"), choices=Statement.Stance.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一种意见。")},
    )  # fmt: skip
    words = words_field(
        gettext_lazy("理由"), required=False, rows=4, example=gettext_lazy("写事实：现场是什么、在哪一侧、以前谁管过")
    )
    basis = words_field(gettext_lazy("依据"), required=False, rows=2, example=gettext_lazy("文件名和条款，或职责清单第几项"))
    signature = forms.CharField(label=gettext_lazy("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    drawn = forms.CharField(required=False, max_length=LONGEST_SIGNATURE, widget=forms.HiddenInput)
    delegate = forms.CharField(
        label=gettext_lazy("代谁陈述"), max_length=60, required=False, help_text=gettext_lazy("替别人说的，写明替谁；本人陈述的不填。")
    )

    def signed(self) -> str:
        """The name, and the strokes below it if somebody drew them."""
        strokes = str(self.cleaned_data["drawn"]).strip()
        return f"{self.cleaned_data['signature'].strip()}\n{strokes}".strip()


class BodyStatementForm(StatementForm):
    delegate = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A body outside holds nothing here: it agrees, helps or objects.
        kept = [(value, label) for value, label in Statement.Stance.choices if value != Statement.Stance.TAKE]
        _offer(self, "stance", kept)  # type: ignore[arg-type]


class RuleForm(AskForm):
    lead = forms.ChoiceField(label=gettext_lazy("由谁承办"))
    supports = forms.MultipleChoiceField(
        label=gettext_lazy("由谁配合"), required=False, widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text=gettext_lazy("按住 Ctrl 可多选。"),
    )  # fmt: skip
    words = words_field(gettext_lazy("裁定和理由"), rows=4)
    basis = words_field(gettext_lazy("依据"), required=False, rows=2, example=gettext_lazy("会议、文件或法规；要写成规则的必须写"))
    scope = forms.ChoiceField(label=gettext_lazy("管多大范围"), choices=Ruling.Scope.choices, widget=forms.RadioSelect)
    only_type = forms.BooleanField(label=gettext_lazy("只管这一类场所"), required=False)
    valid_since = DayField(label=gettext_lazy("从哪天起"))
    valid_until = DayField(
        label=gettext_lazy("到哪天止"), required=False, help_text=gettext_lazy("当天起不再适用；不写就是一直适用到修改为止。")
    )
    review_on = DayField(label=gettext_lazy("哪天回头看"), required=False)
    cost_bearer = forms.CharField(label=gettext_lazy("费用由谁承担"), max_length=80, required=False)
    competent_body = forms.CharField(label=gettext_lazy("法定责任主体"), max_length=80, required=False)
    competent_basis = forms.CharField(label=gettext_lazy("它的法定依据"), max_length=200, required=False)
    dissent = words_field(gettext_lazy("保留意见"), required=False, rows=2)

    def __init__(self, *args: Any, widest: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "lead", _posts(holding=True))
        field = self.fields["supports"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = _posts(holding=False)[1:]
        if not widest:
            for name in ("scope", "only_type", "valid_since", "valid_until", "review_on", "dissent"):
                del self.fields[name]

    def given(self) -> NewRuling:
        """What the service is asked with."""
        found = self.cleaned_data
        return NewRuling(
            lead=self.post_named("lead"), words=found["words"], basis=found["basis"],
            supports=tuple(Post.objects.filter(code__in=found["supports"])), cost_bearer=found["cost_bearer"],
            competent_body=found["competent_body"], competent_basis=found["competent_basis"],
            scope=found.get("scope") or Ruling.Scope.MATTER, only_type=bool(found.get("only_type")),
            valid_since=found.get("valid_since") or clock.today(), valid_until=found.get("valid_until"),
            review_on=found.get("review_on"), dissent=found.get("dissent", ""),
        )  # fmt: skip
