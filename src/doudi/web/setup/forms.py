"""What is typed while a town is set up: a town's name, areas, offices, posts, places, and what to try it with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.design.fields import offer
from doudi.web.people.access import Access
from doudi.web.people.models import Office
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.setup.queries import VILLAGES, kinds_to_try
from doudi.web.setup.sheets import SORTS
from doudi.web.setup.wording import AREA_KINDS, RELATIONS
from doudi.web.units.models import Unit

_PLAIN = {"autocomplete": "off"}
#: so many places are offered for a trial
PLACES_OFFERED = 30


class TownForm(forms.Form):
    name = forms.CharField(label=_("镇名"), max_length=60, widget=forms.TextInput(_PLAIN))
    hotline = forms.CharField(
        label=_("热线"),
        max_length=30,
        help_text=_("印在码牌上，群众打这个电话。"),
        widget=forms.TextInput({"inputmode": "tel", **_PLAIN}),
    )


class AreaForm(forms.Form):
    """A village, neighbourhood or grid; ``opened`` is the code of the one that is changed."""

    opened = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("类型"), choices=list(AREA_KINDS.items()))
    name = forms.CharField(label=_("名称"), max_length=60, widget=forms.TextInput(_PLAIN))
    parent = forms.ChoiceField(label=_("属于"), required=False)
    code = forms.CharField(
        label=_("区划代码"),
        max_length=20,
        required=False,
        help_text=_("村居 12 位（统计用区划代码）；网格不写就接着编。"),
        widget=forms.TextInput({"inputmode": "numeric", **_PLAIN}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        above = [one for one in areas().areas.values() if one.kind != Area.Kind.GRID]
        offer(self, "parent", [("", _("镇本身没有上级")), *((one.code, f"{one.name} {one.code}") for one in above)])


class OfficeForm(forms.Form):
    code = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label=_("单位名称"), max_length=60, widget=forms.TextInput(_PLAIN))
    relation = forms.ChoiceField(
        label=_("与镇的关系"),
        choices=list(RELATIONS.items()),
        help_text=_("镇属和派驻单位的岗位能承办；村居委会只协助；其他单位靠联系和转办。"),
    )
    phone = forms.CharField(
        label=_("电话"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel", **_PLAIN})
    )


class PostForm(forms.Form):
    """A post; ``code`` names the one that is changed."""

    code = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    office = forms.ChoiceField(label=_("单位"))
    name = forms.CharField(label=_("岗位名称"), max_length=60, widget=forms.TextInput(_PLAIN))
    role = forms.ChoiceField(
        label=_("规则里的岗位"), required=False, help_text=_("规则按这个名字找到岗位；规则没有提到的不选。")
    )
    access = forms.ChoiceField(label=_("权限"), choices=Access.choices)
    areas = forms.MultipleChoiceField(
        label=_("服务区域"),
        required=False,
        help_text=_("不选就是全镇。"),
        widget=forms.SelectMultiple({"size": "6"}),
    )
    may_hold = forms.BooleanField(label=_("能承办事项"), required=False)
    heads_office = forms.BooleanField(label=_("单位负责人"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offices = Office.objects.filter(until=None).order_by("name")
        offer(self, "office", [(one.code, one.name) for one in offices])
        roles = sorted(rulebook_on().role_names.items(), key=lambda pair: pair[1])
        own = str(self.initial.get("role") or self.data.get("role") or "")
        known = own in dict(roles) or not own
        offer(self, "role", [("", _("规则没有提到")), *roles, *([] if known else [(own, own)])])
        places = areas()
        offer(self, "areas", [(code, places.path(code)) for code in places.areas if code != places.root])

    @property
    def cells(self) -> dict[str, str]:
        """As a line of a sheet of posts."""
        said = self.cleaned_data
        flags = {name: "是" if said[name] else "否" for name in ("may_hold", "heads_office")}
        texts = {name: said[name] for name in ("code", "office", "name", "role", "access")}
        return texts | flags | {"areas": " ".join(said["areas"])}


class PlaceForm(forms.Form):
    name = forms.CharField(label=_("场所名称"), max_length=80, widget=forms.TextInput(_PLAIN))
    type = forms.ChoiceField(label=_("类型"))
    area = forms.ChoiceField(label=_("在哪个网格"))
    address = forms.CharField(label=_("地址"), max_length=200, required=False, widget=forms.TextInput(_PLAIN))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        types, places = rulebook_on().unit_types, areas()
        offer(self, "type", [(one.code, one.name) for one in types if not types.tree.children(one.code)])
        every = places.areas.values()
        found = [one for one in every if one.kind == Area.Kind.GRID] or [one for one in every if one.kind in VILLAGES]
        offer(self, "area", [(one.code, places.path(one.code)) for one in found or every])


class OwnNameForm(forms.Form):
    """The rulebook that came with the software becomes the town's own."""

    title = forms.CharField(label=_("手册名称"), max_length=80, widget=forms.TextInput(_PLAIN))
    source = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_("例如哪次会议、哪份方案：谁定的要说得清。"),
        widget=forms.TextInput(_PLAIN),
    )
    sure = forms.BooleanField(label=_("已核对：事项、规则、时限和承办岗位，本镇先照这一版执行"))


class TrialForm(forms.Form):
    """What kind of matter is tried, and where."""

    kind = forms.ChoiceField(label=_("事项"))
    place = forms.ChoiceField(label=_("地点"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        places = areas()
        offer(self, "kind", list(kinds_to_try(rulebook_on())))
        units = Unit.objects.filter(until=None).order_by("name", "code")[:PLACES_OFFERED]
        villages = [(one.code, one.name) for one in places.areas.values() if one.kind in VILLAGES]
        town = [(places.root, places.name(places.root))] if places.root else []
        offer(self, "place", [*((one.code, one.name) for one in units), *(villages or town)])


class SheetForm(forms.Form):
    """A sheet, and what sort it is."""

    sort = forms.ChoiceField(label=_("哪种表"), choices=[(one.name, one.label) for one in SORTS.values()])
    file = forms.FileField(
        label=_("表格文件"),
        allow_empty_file=True,
        max_length=200,
        help_text=_("CSV、XLSX 或 XLS，不超过 20 MB。标题行、合并的格子都不必改。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls"}),
    )
