"""What whoever goes lays out for whoever comes, and how the one signs for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.web.design.fields import DayField
from doudi.web.matters.models import Matter
from doudi.web.shifts.models import HandoverItem
from doudi.web.shifts.services import NewItem

LONGEST = 500


class BeginForm(forms.Form):
    """A tick and a word for each matter that is proposed; other things a line each; the minutes of the shift."""

    others = forms.CharField(
        label=gettext_lazy("其他要交代的，一行一件"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.CharField(
        label=gettext_lazy("交接记录"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("本班做了什么、有什么要留意；没有遗留也写一句"),
    )

    def __init__(self, matters: Sequence[Matter], data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self._matters = {one.number: one for one in matters}
        for number in self._matters:
            self.fields[f"give-{number}"] = forms.BooleanField(required=False, initial=True)
            self.fields[f"say-{number}"] = forms.CharField(required=False, max_length=LONGEST)

    def clean_others(self) -> list[str]:
        lines = [one.strip() for one in str(self.cleaned_data["others"]).splitlines() if one.strip()]
        if any(len(one) > LONGEST for one in lines):
            raise forms.ValidationError(_("每件最多 {most} 字，请分成几行。").format(most=LONGEST))
        return lines

    def items(self) -> list[NewItem]:
        """In the order of the page: matters first, then what is words alone."""
        said = self.cleaned_data
        given = [
            NewItem(matter, said[f"say-{number}"]) for number, matter in self._matters.items() if said[f"give-{number}"]
        ]
        return [*given, *(NewItem(None, one) for one in said["others"])]


class SignForm(forms.Form):
    """A tick for each thing that is taken over, or the reason why it is not."""

    def __init__(self, items: Sequence[HandoverItem], data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self._positions = [one.position for one in items]
        for at in self._positions:
            self.fields[f"sign-{at}"] = forms.BooleanField(required=False)
            self.fields[f"why-{at}"] = forms.CharField(required=False, max_length=LONGEST)

    def signed(self) -> list[int]:
        return [at for at in self._positions if self.cleaned_data[f"sign-{at}"]]

    def why(self) -> dict[int, str]:
        return {at: self.cleaned_data[f"why-{at}"] for at in self._positions}


class DayForm(forms.Form):
    """The day whose morning it is."""

    day = DayField(required=False)
