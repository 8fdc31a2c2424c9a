"""A crew with its price list, as people fill it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.engine.resources.works import WORKS
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.backstop.models import Crew, CrewPrice
from doudi.web.backstop.services import NewCrew, NewPrice
from doudi.web.design.fields import DayField, offer
from doudi.web.design.picking import picked
from doudi.web.people.models import Office
from doudi.web.people.queries import active_posts, posts_that_may_hold

_SENT = (Office.Relation.OWN, Office.Relation.DISPATCHED, Office.Relation.CONTRACTOR)
_SPARE_LINES = 3


def work_choices() -> list[tuple[str, str]]:
    return [(str(kind.work), _(kind.label)) for kind in WORKS]


class CrewForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("队伍名称"), max_length=60)
    office = forms.ChoiceField(label=gettext_lazy("单位"))
    post = forms.ChoiceField(
        label=gettext_lazy("领班岗位"),
        required=False,
        widget=picked(forms.Select(), "posts"),
        help_text=gettext_lazy("选了岗位，夜里按值班表找人；没有岗位的必须留电话。"),
    )
    phone = forms.CharField(
        label=gettext_lazy("队伍电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    works = forms.MultipleChoiceField(label=gettext_lazy("能做什么"), widget=forms.CheckboxSelectMultiple)
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("负责的村居"),
        required=False,
        widget=picked(forms.SelectMultiple(attrs={"size": 6}), "places", among="areas"),
        help_text=gettext_lazy("不选就是全镇。"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = (Area.Kind.VILLAGE, Area.Kind.NEIGHBOURHOOD)
        sent = [one for one in active_posts() if one.office.relation in _SENT]
        offered = {
            "office": [(one.code, one.name) for one in Office.objects.filter(until__isnull=True, relation__in=_SENT)],
            "post": [("", _("没有")), *((one.code, f"{one.office.name} · {one.name}") for one in sent)],
            "works": work_choices(),
            "areas": [(code, area.name) for code, area in areas().areas.items() if area.kind in kinds],
        }
        for name, choices in offered.items():
            offer(self, name, choices)

    @classmethod
    def of(cls, row: Crew | None) -> CrewForm:
        if row is None:
            return cls()
        return cls(
            initial={
                "name": row.name,
                "office": row.office_id,
                "post": row.post_id or "",
                "phone": row.phone,
                "works": row.works,
                "areas": [area.code for area in row.areas.all()],
            }
        )

    def new(self, row: Crew | None, prices: Any) -> NewCrew:
        """What the service is asked with; a new crew gets a code of its own."""
        found = self.cleaned_data
        lines = [one.cleaned_data for one in prices if one.cleaned_data.get("name")]
        return NewCrew(
            code=row.code if row else f"crew-{clock.new_id().hex[-12:]}",
            office=found["office"],
            name=found["name"],
            works=tuple(found["works"]),
            prices=tuple(NewPrice(one["work"], one["name"], one["unit"], one["price"]) for one in lines),
            phone=found["phone"],
            post=found["post"] or None,
            areas=tuple(found["areas"]),
        )


class PriceForm(forms.Form):
    """One line of the price list; an empty name is an empty line."""

    work = forms.ChoiceField(label=gettext_lazy("做什么"))
    name = forms.CharField(label=gettext_lazy("价目"), max_length=60, required=False)
    unit = forms.CharField(label=gettext_lazy("计量单位"), max_length=12, required=False)
    price = forms.DecimalField(
        label=gettext_lazy("单价（元）"), max_digits=10, decimal_places=2, min_value=0, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "work", work_choices())

    def has_changed(self) -> bool:
        """A line in which only the work stands chosen is still empty."""
        return bool((self.data.get(self.add_prefix("name")) or "").strip()) if self.is_bound else super().has_changed()

    def clean(self) -> dict[str, object]:
        found: dict[str, object] = super().clean() or {}
        if found.get("name") and not (found.get("unit") and found.get("price") is not None):
            raise forms.ValidationError(_("“{name}”请写上计量单位和单价。").format(name=found["name"]))
        return found


def price_lines(row: Crew | None, posted: Any = None) -> Any:
    """The price list as a set of lines, with some to spare."""
    lines = forms.formset_factory(PriceForm, extra=_SPARE_LINES)
    standing = CrewPrice.objects.filter(crew=row, until__isnull=True) if row else CrewPrice.objects.none()
    initial = [{"work": one.work, "name": one.name, "unit": one.unit, "price": one.price} for one in standing]
    return (
        lines(posted, initial=initial, prefix="price") if posted is not None else lines(initial=initial, prefix="price")
    )


class BackstopEndForm(forms.Form):
    """From when the area goes back to the one above."""

    until = DayField(label=gettext_lazy("从哪天起"))


class BackstopForm(forms.Form):
    """Who catches in an area, from when, and who decided so."""

    post = forms.ChoiceField(label=gettext_lazy("兜底岗"), widget=picked(forms.Select(), "posts"))
    since = DayField(label=gettext_lazy("从哪天起"))
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, help_text=gettext_lazy("如：综合网格工作方案第三条")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = [
            one
            for one in posts_that_may_hold()
            if one.office.relation in (Office.Relation.OWN, Office.Relation.DISPATCHED)
        ]
        offer(self, "post", [("", _("请选择")), *((one.code, f"{one.office.name} · {one.name}") for one in own)])
