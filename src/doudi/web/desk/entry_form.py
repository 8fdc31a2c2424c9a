"""What whoever takes down a call fills in, in the order in which a caller says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.web import clock
from doudi.web.actions.fields import PhotosField
from doudi.web.areas.queries import AreaDirectory
from doudi.web.design.fields import ClockField, DayField
from doudi.web.desk.actions.fields import KindField
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook
from doudi.web.triage.services import LONGEST_WORDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: how many things are taken down beside the first
MORE = ("second", "third", "fourth")
CHANNELS = (
    Report.Channel.PHONE,
    Report.Channel.COUNTER,
    Report.Channel.MESSAGE,
    Report.Channel.LEADER,
    Report.Channel.GRID,
)


def _words(label: StrOrPromise, rows: int) -> forms.CharField:
    return forms.CharField(label=label, required=False, strip=False, widget=forms.Textarea(attrs={"rows": rows}))


class EntryForm(forms.Form):
    """A report taken down for somebody. Nothing is asked for but what it is about."""

    channel = forms.ChoiceField(
        label=gettext_lazy("来源"),
        choices=[(one.value, one.label) for one in CHANNELS],
        initial=Report.Channel.PHONE,
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=gettext_lazy("对方电话"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "autofocus": True}),
    )
    name = forms.CharField(
        label=gettext_lazy("称呼"), required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    secret = forms.BooleanField(label=gettext_lazy("对方要求保密"), required=False)
    words = _words(gettext_lazy("说了什么"), 4)
    second = _words(gettext_lazy("第二件事"), 2)
    third = _words(gettext_lazy("第三件事"), 2)
    fourth = _words(gettext_lazy("第四件事"), 2)
    address = forms.CharField(
        label=gettext_lazy("在哪里"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("路名门牌、小区、店名或码牌编码；说话里有地点就不用再填"),
    )
    place = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    happened_at = ClockField(label=gettext_lazy("几点说的"), required=False, help_text=gettext_lazy("不填就是现在"))
    slip = forms.CharField(
        label=gettext_lazy("登记单编号"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=gettext_lazy("断网时写在登记单上的，期限从单上的时间起算"),
    )
    slip_day = DayField(
        label=gettext_lazy("登记单上的日期"),
        required=False,
        help_text=gettext_lazy("不填就是最近一次到那个钟点的那天"),
    )
    photos = PhotosField(label=gettext_lazy("照片"), required=False)

    def __init__(
        self,
        data: Mapping[str, object] | None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None,
        book: Rulebook,
        places: AreaDirectory,
        slip: str = "",
    ) -> None:
        super().__init__(data, files, auto_id="entry-%s", initial={"slip": slip})
        self._places = places
        self.fields["kind"] = KindField(book, required=False)

    def clean_place(self) -> tuple[str, str]:
        """The code of a unit, and that of an area, of which one at most is said; what names nothing is passed over."""
        sort, _sign, code = str(self.cleaned_data["place"]).partition(":")
        return (code if sort == "unit" else "", code if sort == "area" and code in self._places.areas else "")

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if not any(str(cleaned.get(name, "")).strip() for name in ("words", *MORE)) and not cleaned.get("kind"):
            self.add_error("words", _("请写一句对方说了什么，或选一类事项。"))
        if cleaned.get("slip") and not cleaned.get("happened_at") and "happened_at" not in self.errors:
            self.add_error("happened_at", _("请填登记单上写的时间。"))
        if (at := self.moment()) and at > clock.now():
            self.add_error("slip_day", _("登记单上的时间还没有到，请对照登记单。"))
        for name in ("words", *MORE):
            if len(str(cleaned.get(name, ""))) > LONGEST_WORDS:
                said = _("一共 {n} 字，一次最多 {most} 字；请删短，或把其余写进下面的第二件事。")
                self.add_error(name, said.format(n=len(cleaned[name]), most=LONGEST_WORDS))
        return cleaned

    def moment(self) -> datetime | None:
        """When it was said: on the slip's day, else the last time that the clock of the town stood so."""
        at, day = self.cleaned_data.get("happened_at"), self.cleaned_data.get("slip_day")
        if at is None:
            return None
        moment = datetime.combine(day or clock.today(), at, clock.TOWN_ZONE)
        return moment if day or moment <= clock.now() else moment - timedelta(days=1)

    @property
    def said(self) -> tuple[str, ...]:
        """Each thing that was said, the first first."""
        read = (str(self.cleaned_data.get(name, "")).replace("\r\n", "\n").strip() for name in ("words", *MORE))
        return tuple(one for one in read if one)
